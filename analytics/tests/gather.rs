//! One request's events of many visitors, gathered into deliveries.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::borrow::Cow;

use passerby_analytics::delivery::{Client, Delivery};
use passerby_analytics::gather::{Letter, gather};
use passerby_analytics::validate::{MAX_WRITTEN_BYTES, Rules};
use passerby_analytics::visitor::{Key, Visitor, number_of_name};
use passerby_protocol::{Batch, Custom, Event, Kind, Pageview, Props, Reason, Value};

type Text<'a> = Cow<'a, str>;

const NOW_MS: i64 = 1_795_261_940_000;
const KEY: Key = [7; 16];

fn event(name: &str) -> Event<Text<'static>> {
    Event { after_ms: -1000, kind: Kind::Custom(Custom { name: name.to_owned().into(), ..Custom::default() }) }
}

fn letter(index: u32, visitor: u64, events: Vec<Event<Text<'static>>>) -> Letter<'static> {
    let batch = Batch { site: "shop.example".into(), page: "/a".into(), events, ..Batch::default() };
    let number = number_of_name(&KEY, &format!("event {index}"));
    Letter { index, visitor: Visitor(visitor), number, host: "".into(), client: Client::default(), batch }
}

fn gathered(letters: Vec<Letter<'static>>, hosts: &[String]) -> Vec<Delivery<Text<'static>>> {
    gather(letters, NOW_MS, Rules { hosts }, &KEY)
}

#[test]
fn each_visitor_has_one_delivery_in_a_tab_of_its_own() {
    let letters = (0..6).map(|index| letter(index, u64::from(index % 3), vec![event("x")])).collect();
    let deliveries = gathered(letters, &[]);
    let visitors: Vec<_> = deliveries.iter().map(|delivery| delivery.visitor.0).collect();
    assert_eq!(visitors, [0, 1, 2]);
    for delivery in &deliveries {
        assert_eq!((delivery.hits.len(), delivery.tab), (2, delivery.visitor.tab(&KEY)));
        assert_eq!((delivery.hits[0].at_ms, &*delivery.hits[0].page), (NOW_MS - 1000, "/a"));
    }
    assert!(deliveries[0].tab != deliveries[1].tab && deliveries[1].tab != deliveries[2].tab);
}

#[test]
fn an_events_number_follows_from_its_name_alone() {
    let first = gathered(vec![letter(3, 1, vec![event("x"), event("y")])], &[]);
    let again = gathered(vec![letter(0, 1, vec![event("z")]), letter(3, 1, vec![event("x"), event("y")])], &[]);
    let numbers = |delivery: &Delivery<Text>| delivery.hits.iter().map(|hit| hit.number).collect::<Vec<_>>();
    assert_eq!(numbers(&first[0]), numbers(&again[0])[1..]);
    assert_eq!(numbers(&first[0])[1], numbers(&first[0])[0].wrapping_add(1));
}

#[test]
fn what_one_knows_of_the_browser_holds_for_the_visitor() {
    let knows = |index, client| Letter { client, ..letter(index, 1, vec![event("x")]) };
    let browser = Client { browser: "Chrome".into(), ..Client::default() };
    let place = Client { browser: "Safari".into(), country: "KR".into(), ..Client::default() };
    let deliveries = gathered(vec![knows(0, browser), knows(1, place)], &[]);
    assert_eq!((&*deliveries[0].client.browser, &*deliveries[0].client.country), ("Chrome", "KR"));
}

#[test]
fn refusals_name_the_event_by_its_place_in_the_request() {
    let hosts = ["shop.example".to_owned()];
    let nameless = letter(4, 1, vec![event("")]);
    let elsewhere = Letter { host: "evil.example".into(), ..letter(5, 1, vec![event("x")]) };
    let here = Letter { host: "SHOP.example".into(), ..letter(6, 1, vec![event("x")]) };
    let deliveries = gathered(vec![nameless, elsewhere, here], &hosts);
    let refused: Vec<_> = deliveries[0].refused.iter().map(|refusal| (refusal.index, refusal.reason)).collect();
    assert_eq!(refused, [(4, Reason::MissingField), (5, Reason::HostNotAllowed)]);
    assert_eq!(deliveries[0].hits.iter().map(|hit| hit.index).collect::<Vec<_>>(), [6]);
}

#[test]
fn the_sites_own_name_is_not_repeated_as_the_host() {
    let view = |host: &'static str| {
        let kind = Kind::Pageview(Pageview { path: "/".into(), host: host.into(), ..Pageview::default() });
        letter(0, 1, vec![Event { after_ms: 0, kind }])
    };
    let host = |letter| match &gathered(vec![letter], &[])[0].hits[0].kind {
        Kind::Pageview(view) => view.host.to_string(),
        other => panic!("{other:?}"),
    };
    assert_eq!(
        (host(view("shop.example")), host(view("www.shop.example"))),
        (String::new(), "www.shop.example".into())
    );
}

#[test]
fn what_is_heavier_than_a_shard_takes_at_a_time_is_cut_and_none_is_lost() {
    let heavy = |index| {
        let prop = |n: usize| (format!("key {n}").into(), Value::Text("x".repeat(500).into()));
        let custom = Custom { name: "x".into(), props: Props((0..30).map(prop).collect()) };
        letter(index, 1, vec![Event { after_ms: 0, kind: Kind::Custom(custom) }])
    };
    let deliveries = gathered((0..100).map(heavy).collect(), &[]);
    assert_eq!(deliveries.iter().map(|delivery| delivery.hits.len()).sum::<usize>(), 100);
    assert!(deliveries.len() > 1);
    for delivery in deliveries {
        let written: usize = delivery.hits.iter().map(passerby_analytics::delivery::written_bytes).sum();
        assert!(written <= MAX_WRITTEN_BYTES && delivery.visitor == Visitor(1));
    }
}
