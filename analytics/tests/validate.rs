//! Which events of a batch may be counted, when they happened and where.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::borrow::Cow;

use passerby_analytics::delivery::Hit;
use passerby_analytics::delivery::written_bytes;
use passerby_analytics::validate::{MAX_AGE_MS, MAX_AHEAD_MS, MAX_WRITTEN_BYTES, Rules, host_of_origin, take_apart};
use passerby_protocol::limits::{MAX_NAME_BYTES, MAX_URL_BYTES};
use passerby_protocol::{Batch, Custom, Event, Identify, Kind, Pageview, Props, Reason, Refusal, Value, Vital};

type Text = Cow<'static, str>;

const NOW: i64 = 1_782_907_200_000;
const ANY_HOST: Rules = Rules { hosts: &[] };

fn text(text: &str) -> Text {
    Cow::Owned(text.to_owned())
}

fn custom(name: &str) -> Kind<Text> {
    Kind::Custom(Custom { name: text(name), ..Custom::default() })
}

fn view(path: &str) -> Kind<Text> {
    Kind::Pageview(Pageview { path: text(path), ..Pageview::default() })
}

fn view_of(path: &str, host: &str, referrer: &str) -> Kind<Text> {
    Kind::Pageview(Pageview { path: text(path), host: text(host), referrer: text(referrer), ..Pageview::default() })
}

fn batch(events: Vec<(i32, Kind<Text>)>) -> Batch<Text> {
    let events = events.into_iter().map(|(after_ms, kind)| Event { after_ms, kind }).collect();
    Batch { site: text("example.com"), page: text("/"), events, ..Batch::default() }
}

fn taken(batch: Batch<Text>) -> (Vec<Hit<Text>>, Vec<Refusal>) {
    take_apart(batch, NOW, "", ANY_HOST)
}

fn refused(index: u32, reason: Reason) -> Refusal {
    Refusal { index, reason }
}

fn times(events: &[i32]) -> Vec<i64> {
    let (hits, _) = taken(batch(events.iter().map(|after_ms| (*after_ms, custom("x"))).collect()));
    hits.iter().map(|hit| hit.at_ms - NOW).collect()
}

#[test]
fn times_count_back_from_the_sending_each_from_the_event_before() {
    assert_eq!(times(&[-60_000, 10_000, 0, 20_000]), [-60_000, -50_000, -50_000, -30_000]);
}

#[test]
fn an_event_may_lie_before_the_one_sent_before_it() {
    assert_eq!(times(&[-1_000, 500, -200]), [-1_000, -500, -700]);
}

#[test]
fn the_senders_clock_has_no_say() {
    for sent_at_ms in [0, 1, NOW as u64 * 2, u64::MAX] {
        let (hits, refused) = taken(Batch { sent_at_ms, ..batch(vec![(-5, custom("x"))]) });
        assert_eq!((hits[0].at_ms, refused.len()), (NOW - 5, 0));
    }
}

/// When an event that claims to lie so far after the sending counts, seen from the sending; or why it does not.
fn at(after_ms: i64) -> Result<i64, Reason> {
    let (hits, refused) = taken(batch(vec![(i32::try_from(after_ms).unwrap(), custom("x"))]));
    hits.first().map(|hit| hit.at_ms - NOW).ok_or_else(|| refused[0].reason)
}

#[test]
fn an_event_of_exactly_the_greatest_age_counts_and_a_millisecond_more_is_too_old() {
    assert_eq!(at(-MAX_AGE_MS + 1), Ok(-MAX_AGE_MS + 1));
    assert_eq!(at(-MAX_AGE_MS), Ok(-MAX_AGE_MS));
    assert_eq!(at(-MAX_AGE_MS - 1), Err(Reason::TooOld));
}

#[test]
fn an_event_a_little_ahead_counts_as_now_and_a_millisecond_more_is_in_the_future() {
    assert_eq!(at(0), Ok(0));
    assert_eq!(at(1), Ok(0));
    assert_eq!(at(MAX_AHEAD_MS), Ok(0));
    assert_eq!(at(MAX_AHEAD_MS + 1), Err(Reason::InFuture));
}

#[test]
fn times_beyond_any_calendar_are_refused_and_nothing_overflows() {
    let forth = vec![(i32::MAX, custom("x")); 1_000];
    let back = vec![(i32::MIN, custom("x")); 1_000];
    for (events, reason) in [(forth, Reason::InFuture), (back, Reason::TooOld)] {
        let (hits, refused) = taken(batch(events));
        assert!(hits.is_empty() && refused.iter().all(|refusal| refusal.reason == reason));
    }
}

#[test]
fn one_bad_event_costs_no_other_and_is_named_by_its_place() {
    let events = vec![(0, view("/a")), (0, custom("")), (0, custom("x")), (0, view("")), (0, custom("y"))];
    let (hits, refusals) = taken(Batch { first: 40, ..batch(events) });
    assert_eq!(hits.iter().map(|hit| (hit.index, hit.number)).collect::<Vec<_>>(), [(0, 40), (2, 42), (4, 44)]);
    assert_eq!(refusals, [1, 3].map(|index| refused(index, Reason::MissingField)));
}

#[test]
fn every_event_is_a_hit_or_refused() {
    let long = "x".repeat(MAX_NAME_BYTES + 1);
    let events = vec![
        (-2_000_000_000, custom("x")),
        (2_000_000_000, custom(&long)),
        (0, view_of("/", "example.org", "")),
        (0, Kind::Vital(Vital::default())), // on that page
        (0, view_of("/", "example.com", "")),
    ];
    let hosts = ["example.com".to_owned()];
    let (hits, refusals) = take_apart(batch(events), NOW, "", Rules { hosts: &hosts });
    let reasons = [Reason::TooOld, Reason::TextTooLong, Reason::HostNotAllowed, Reason::HostNotAllowed];
    assert_eq!(refusals, [0, 1, 2, 3].map(|index| refused(index, reasons[index as usize])));
    assert_eq!(hits.iter().map(|hit| hit.index).collect::<Vec<_>>(), [4]);
}

#[test]
fn a_batch_that_is_heavy_when_written_out_is_counted_up_to_the_bound() {
    let text = "x".repeat(500);
    let props = || (0..30).map(|n| (Cow::from(format!("key {n}")), Value::Text(Cow::from(text.clone())))).collect();
    let heavy = || Kind::Custom(Custom { name: Cow::from("x"), props: Props(props()) });
    let events: Vec<_> = (0..100).map(|_| (0, heavy())).collect();
    let (hits, refusals) = taken(batch(events));
    let written: usize = hits.iter().map(written_bytes).sum();
    assert!(written <= MAX_WRITTEN_BYTES && written > MAX_WRITTEN_BYTES - 20_000);
    assert_eq!(hits.len() + refusals.len(), 100);
    assert!(refusals.iter().all(|refusal| refusal.reason == Reason::TooHeavy));
}

#[test]
fn a_number_beyond_the_last_one_is_refused() {
    let (hits, refusals) = taken(Batch { first: u32::MAX - 1, ..batch(vec![(0, custom("x")); 3]) });
    assert_eq!(hits.iter().map(|hit| hit.number).collect::<Vec<_>>(), [u64::from(u32::MAX) - 1, u64::from(u32::MAX)]);
    assert_eq!(refusals, [refused(2, Reason::NumberOutOfRange)]);
}

fn pages(batch: Batch<Text>) -> Vec<String> {
    take_apart(batch, NOW, "", ANY_HOST).0.into_iter().map(|hit| hit.page.into_owned()).collect()
}

#[test]
fn an_event_lies_on_the_batchs_page_until_a_page_view_and_then_on_that_one() {
    let events = vec![(0, custom("x")), (0, view("/a")), (0, custom("x")), (0, view("/b")), (0, custom("x"))];
    assert_eq!(pages(Batch { page: text("/before"), ..batch(events) }), ["/before", "/a", "/a", "/b", "/b"]);
}

#[test]
fn an_event_before_any_page_view_of_a_batch_without_page_lies_on_none() {
    assert_eq!(pages(Batch { page: text(""), ..batch(vec![(0, custom("x"))]) }), [""]);
}

#[test]
fn a_page_view_that_is_refused_for_its_time_still_says_where_later_events_lie() {
    assert_eq!(pages(batch(vec![(70_000, view("/a")), (-70_000, custom("x"))])), ["/a"]);
}

#[test]
fn a_page_that_is_too_long_is_unknown_to_the_events_on_it() {
    let (fits, long) = ("p".repeat(MAX_URL_BYTES), "p".repeat(MAX_URL_BYTES + 1));
    assert_eq!(pages(Batch { page: text(&fits), ..batch(vec![(0, custom("x"))]) }), [&*fits]);
    assert_eq!(pages(Batch { page: text(&long), ..batch(vec![(0, custom("x"))]) }), [""]);
    assert_eq!(pages(batch(vec![(0, view(&long)), (0, custom("x"))])), [""]);
    assert_eq!(pages(batch(vec![(0, view(&fits)), (0, custom("x"))])), [&*fits, &*fits]);
}

#[test]
fn the_batchs_user_is_every_events_user_and_one_that_is_too_long_is_unknown() {
    for (bytes, known) in [(MAX_NAME_BYTES, true), (MAX_NAME_BYTES + 1, false)] {
        let user = "u".repeat(bytes);
        let (hits, _) = taken(Batch { user: text(&user), ..batch(vec![(0, custom("x")); 2]) });
        assert!(hits.iter().all(|hit| hit.user == if known { user.as_str() } else { "" }));
    }
}

#[test]
fn who_is_identified_within_a_batch_is_the_user_from_that_event_on() {
    let identify = |user| Kind::Identify(Identify { user: text(user), ..Identify::default() });
    let events = [custom("a"), identify("u2"), custom("b"), identify(""), custom("c")];
    let said = batch(events.into_iter().map(|kind| (0, kind)).collect());
    let (hits, refused) = taken(Batch { user: text("u1"), ..said });
    assert_eq!(refused, []);
    assert_eq!(hits.iter().map(|hit| &*hit.user).collect::<Vec<_>>(), ["u1", "u2", "u2", "", ""]);
}

fn referrer(host: &str, referrer: &str) -> String {
    let (hits, _) = taken(batch(vec![(0, view_of("/", host, referrer))]));
    let Kind::Pageview(view) = &hits[0].kind else { panic!("a page view stays one") };
    view.referrer.to_string()
}

#[test]
fn a_referrer_on_the_own_host_is_dropped() {
    for own in
        ["https://example.com/a?b", "http://www.example.com", "https://example.com:8443/", "https://EXAMPLE.com/"]
    {
        assert_eq!(referrer("", own), "", "{own}");
    }
    assert_eq!(referrer("shop.example.org", "https://shop.example.org/cart"), "");
    assert_eq!(referrer("www.example.org", "https://example.org/"), "");
}

#[test]
fn a_referrer_on_another_host_stays() {
    for other in [
        "https://example.org/",
        "https://example.com.evil.net/",
        "https://notexample.com/",
        "https://blog.example.com/",
    ] {
        assert_eq!(referrer("", other), other);
    }
    assert_eq!(referrer("shop.example.org", "https://example.com/"), "https://example.com/");
}

fn refusal_of(page_host: &str, kind: Kind<Text>, rules: &[&str]) -> Option<Reason> {
    let hosts: Vec<String> = rules.iter().map(|&rule| rule.to_owned()).collect();
    let (_, refusals) = take_apart(batch(vec![(0, kind)]), NOW, page_host, Rules { hosts: &hosts });
    refusals.first().map(|refusal| refusal.reason)
}

fn host_counts(host: &str, rules: &[&str]) -> bool {
    let reason = refusal_of("", view_of("/", host, ""), rules);
    assert!(reason.is_none_or(|reason| reason == Reason::HostNotAllowed));
    // What happens on the page after the view, in a batch of its own.
    assert_eq!(refusal_of(host, custom("x"), rules), reason);
    reason.is_none()
}

#[test]
fn without_a_rule_every_host_counts_but_a_developers_own() {
    for host in
        ["anything.example", "localhost.example", "127.example", "127.0.0.1.example", "10.0.0.1", "[2001:db8::1]"]
    {
        assert!(host_counts(host, &[]), "{host}");
    }
    for host in ["localhost", "LocalHost", "shop.localhost", "127.0.0.1", "127.1", "[::1]", "0.0.0.0"] {
        assert_eq!(refusal_of("", view_of("/", host, ""), &[]), Some(Reason::LocalHost), "{host}");
        assert_eq!(refusal_of(host, custom("x"), &[]), Some(Reason::LocalHost), "{host}");
        assert!(host_counts(host, &[&host.to_ascii_lowercase()]) && host_counts(host, &["*"]), "{host} is named");
        assert!(!host_counts(host, &["example.com"]), "{host}");
    }
}

#[test]
fn what_follows_a_page_view_is_on_its_page_whatever_the_batch_began_on() {
    let kinds = || vec![(0, custom("before")), (0, view_of("/", "www.example.com", "")), (0, custom("after"))];
    let hosts = ["www.example.com".to_owned()];
    let (hits, refusals) = take_apart(batch(kinds()), NOW, "localhost", Rules { hosts: &hosts });
    assert_eq!((hits.len(), refusals), (2, vec![refused(0, Reason::HostNotAllowed)]));
}

#[test]
fn a_page_of_the_sites_own_name_counts_whatever_hosts_are_named() {
    let elsewhere = ["elsewhere.example".to_owned()];
    for rules in [ANY_HOST, Rules { hosts: &elsewhere }] {
        let mut batch = batch(vec![(0, custom("x")), (0, view_of("/", "LocalHost", "")), (0, custom("y"))]);
        batch.site = "localhost".into();
        assert_eq!(take_apart(batch, NOW, "localhost", rules).1, []);
    }
}

#[test]
fn the_host_of_an_origin_is_what_stands_between_scheme_and_port() {
    for (origin, host) in [
        ("https://example.com", "example.com"),
        ("http://localhost:8787", "localhost"),
        ("http://[::1]:8787", "[::1]"),
        ("http://[::1]", "[::1]"),
        ("null", ""),
        ("", ""),
    ] {
        assert_eq!(host_of_origin(origin), host, "{origin}");
    }
}

#[test]
fn a_plain_rule_is_the_very_host() {
    assert!(host_counts("example.com", &["example.org", "example.com"]));
    assert!(host_counts("Example.COM", &["example.com"]) && host_counts("example.com", &["Example.com"]));
    for other in ["www.example.com", "example.com.evil.net", "notexample.com", "com"] {
        assert!(!host_counts(other, &["example.com"]), "{other}");
    }
}

#[test]
fn a_rule_with_a_star_is_that_host_and_all_below_it() {
    for host in ["example.com", "a.example.com", "a.b.example.com", "A.Example.com"] {
        assert!(host_counts(host, &["*.example.com"]), "{host}");
    }
    for other in ["notexample.com", "example.com.evil.net", "example.org"] {
        assert!(!host_counts(other, &["*.example.com"]), "{other}");
    }
}

#[test]
fn a_page_without_a_host_is_the_sites_own_and_counts() {
    assert!(host_counts("", &["elsewhere.example"]));
}
