//! What each metric, dimension and filter means, at its boundary; and the laws of every report.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use passerby_analytics::calendar::{DAY_MS, Day, Zone};
use passerby_analytics::dimension::{Dimension, TimeDimension};
use passerby_analytics::query::{Metric, Query, Range};
use passerby_analytics::report::stats::{Label, Row, Stats, bucket_ms};
use passerby_analytics::report::{BadPartial, answer};
use passerby_protocol::{Engagement, Kind};
use support::random::zone;
use support::*;

const MIDNIGHT: i64 = NOON + 12 * HOUR;

type Visits<'a> = &'a [Visited<'a>];

/// A metric over all these visits.
fn of(visits: Visits, metric: Metric) -> Option<f64> {
    value(&store(visits).ask(&query()), None, metric)
}

/// A metric over these visits for one value of a dimension.
fn of_group(visits: Visits, dimension: &str, label: &str, metric: Metric) -> Option<f64> {
    value(&store(visits).ask(&by(dimension)), Some(label), metric)
}

/// Visits that a filter leaves.
fn left_by(visits: Visits, dimension: &str, negated: bool, patterns: &[&str]) -> Option<f64> {
    let filters = vec![clause(dimension, negated, patterns)];
    value(&store(visits).ask(&Query { filters, ..query() }), None, Metric::Visits)
}

/// 1 July's and 2 July's value of a metric.
fn of_two_days(visits: Visits, metric: Metric) -> [Option<f64>; 2] {
    let store = store(visits);
    [0, DAY_MS].map(|later| {
        let Range { from_ms, to_ms } = query().range;
        let range = Range { from_ms: from_ms + later, to_ms: to_ms + later };
        value(&store.ask(&Query { range, ..query() }), None, metric)
    })
}

fn engagement() -> Kind<Text> {
    Kind::Engagement(Engagement::default())
}

#[test]
fn one_page_view_is_a_bounce() {
    assert_eq!(of(&[(ANNA, &[(NOON, view("/"))])], Metric::BounceRate), Some(100.0));
}

#[test]
fn a_second_page_view_is_no_bounce() {
    assert_eq!(of(&[(ANNA, &[(NOON, view("/")), (NOON, view("/"))])], Metric::BounceRate), Some(0.0));
}

#[test]
fn an_interactive_custom_event_is_no_bounce() {
    assert_eq!(of(&[(ANNA, &[(NOON, view("/")), (NOON, custom("Signup"))])], Metric::BounceRate), Some(0.0));
}

#[test]
fn a_passive_custom_event_leaves_a_bounce() {
    assert_eq!(of(&[(ANNA, &[(NOON, view("/")), (NOON, passive("Seen"))])], Metric::BounceRate), Some(100.0));
}

#[test]
fn an_engagement_leaves_a_bounce() {
    assert_eq!(of(&[(ANNA, &[(NOON, view("/")), (NOON, engagement())])], Metric::BounceRate), Some(100.0));
}

#[test]
fn a_session_without_a_page_view_is_no_bounce() {
    assert_eq!(of(&[(ANNA, &[(NOON, passive("Seen"))])], Metric::BounceRate), Some(0.0));
}

#[test]
fn the_bounce_rate_is_a_whole_percentage_of_the_sessions() {
    let stays = [(NOON, view("/")), (NOON + 1, view("/a"))];
    let visits: Visits = &[(ANNA, &stays), (BEN, &[(NOON, view("/"))]), (ANNA, &[(NOON + HOUR, view("/"))])];
    assert_eq!(of(visits, Metric::BounceRate), Some(67.0));
}

#[test]
fn a_pages_bounce_rate_is_of_the_sessions_that_entered_there() {
    let visits: Visits = &[
        (ANNA, &[(NOON, view("/")), (NOON + 1, view("/a"))]),
        (BEN, &[(NOON, view("/a"))]),
        (ANNA, &[(NOON + HOUR, custom("Ping")), (NOON + HOUR + 1, view("/"))]),
    ];
    assert_eq!(of_group(visits, "event:page", "/", Metric::BounceRate), Some(0.0));
    assert_eq!(of_group(visits, "event:page", "/a", Metric::BounceRate), Some(100.0), "Anna did not enter there");
    assert_eq!(of_group(visits, "event:page", "/a", Metric::Visits), Some(2.0));
    let filtered = Query { filters: vec![clause("event:page", false, &["/a"])], ..query() };
    assert_eq!(value(&store(visits).ask(&filtered), None, Metric::BounceRate), Some(100.0));
}

#[test]
fn a_page_where_nobody_entered_has_no_bounce_rate() {
    let visits: Visits = &[(ANNA, &[(NOON, view("/")), (NOON, view("/a"))])];
    assert_eq!(of_group(visits, "event:page", "/a", Metric::BounceRate), None);
}

#[test]
fn an_event_before_the_first_page_view_does_not_make_its_page_the_entry() {
    let mut store = Store::default();
    let hits = vec![on("/early", hit(0, NOON, passive("Seen"))), hit(1, NOON + 1, view("/"))];
    store.take(delivery(ANNA, 1, hits));
    let rows = store.ask(&by("event:page"));
    assert_eq!(value(&rows, Some("/early"), Metric::BounceRate), None);
    assert_eq!(value(&rows, Some("/"), Metric::BounceRate), Some(100.0));
}

#[test]
fn a_visit_lasts_from_its_first_event_to_its_last() {
    let visit = [(NOON, view("/")), (NOON + 1_000, view("/a")), (NOON + 90_499, engagement())];
    assert_eq!(of(&[(ANNA, &visit)], Metric::VisitDuration), Some(90.0));
}

#[test]
fn a_bounce_counts_with_no_duration_whatever_was_measured_meanwhile() {
    let bounce = [(NOON, view("/")), (NOON + 10 * MIN, engagement())];
    let stay = [(NOON, view("/")), (NOON + MIN, view("/a"))];
    assert_eq!(of(&[(ANNA, &bounce)], Metric::VisitDuration), Some(0.0));
    assert_eq!(of(&[(ANNA, &bounce), (BEN, &stay)], Metric::VisitDuration), Some(30.0));
}

#[test]
fn views_per_visit_has_two_places() {
    let three = [(NOON, view("/")), (NOON, view("/a")), (NOON, view("/b"))];
    let visits: Visits =
        &[(ANNA, &three), (BEN, &[(NOON, view("/"))]), (ANNA, &[(NOON + HOUR, view("/")), (NOON + HOUR, custom("x"))])];
    assert_eq!(of(visits, Metric::ViewsPerVisit), Some(1.67));
}

#[test]
fn events_are_all_events_and_pageviews_the_page_views_among_them() {
    let visit = [(NOON, view("/")), (NOON, custom("Signup")), (NOON, passive("Seen")), (NOON, engagement())];
    assert_eq!(of(&[(ANNA, &visit)], Metric::Events), Some(4.0));
    assert_eq!(of(&[(ANNA, &visit)], Metric::Pageviews), Some(1.0));
}

#[test]
fn a_visitor_who_comes_twice_is_one_visitor_and_two_visits() {
    let visits: Visits = &[(ANNA, &[(NOON, view("/"))]), (ANNA, &[(NOON + HOUR, view("/"))])];
    assert_eq!(of(visits, Metric::Visitors), Some(1.0));
    assert_eq!(of(visits, Metric::Visits), Some(2.0));
}

#[test]
fn a_visit_over_midnight_counts_where_it_began_and_its_events_where_they_happened() {
    let visits: Visits = &[(ANNA, &[(MIDNIGHT - 1, view("/")), (MIDNIGHT, view("/a")), (MIDNIGHT + MIN, view("/b"))])];
    assert_eq!(of_two_days(visits, Metric::Visits), [Some(1.0), Some(0.0)]);
    assert_eq!(of_two_days(visits, Metric::Visitors), [Some(1.0), Some(1.0)]);
    assert_eq!(of_two_days(visits, Metric::Pageviews), [Some(1.0), Some(2.0)]);
    assert_eq!(of_two_days(visits, Metric::Events), [Some(1.0), Some(2.0)]);
    assert_eq!(of_two_days(visits, Metric::VisitDuration), [Some(60.0), None]);
    assert_eq!(of_two_days(visits, Metric::BounceRate), [Some(0.0), None]);
}

#[test]
fn a_visit_with_a_page_after_midnight_still_counts_on_the_day_it_began() {
    let store = store(&[(ANNA, &[(MIDNIGHT - 1, view("/")), (MIDNIGHT, view("/a"))])]);
    let on_page = Query { filters: vec![clause("event:page", false, &["/a"])], ..query() };
    assert_eq!(value(&store.ask(&on_page), None, Metric::Visits), Some(1.0));
    assert_eq!(value(&store.ask(&on_page), None, Metric::Visitors), Some(0.0));
    let Range { from_ms, to_ms } = query().range;
    let both = Query { range: Range { from_ms, to_ms: to_ms + DAY_MS }, ..on_page.clone() };
    assert_eq!(value(&store.ask(&both), None, Metric::Visits), Some(1.0), "the days add up");
}

#[test]
fn the_first_millisecond_belongs_to_a_range_and_the_one_behind_it_does_not() {
    let [first, behind] = [query().range.from_ms, query().range.to_ms];
    for (at_ms, views) in [(first - 1, None), (first, Some(1.0)), (behind - 1, Some(1.0)), (behind, None)] {
        assert_eq!(of(&[(ANNA, &[(at_ms, view("/"))])], Metric::Pageviews), views);
    }
}

#[test]
fn an_empty_range_has_no_rows() {
    let store = store(&[(ANNA, &[(NOON, view("/"))])]);
    let range = Range { from_ms: NOON, to_ms: NOON };
    assert_eq!(store.ask(&Query { range, ..query() }), []);
    assert_eq!(store.ask(&Query { range, ..by("event:page") }), []);
    assert_eq!(Store::default().ask(&query()), []);
}

#[test]
fn entry_and_exit_are_the_first_and_the_last_page_view() {
    let mut store = Store::default();
    let custom = |number, at_ms| on("/elsewhere", hit(number, at_ms, custom("Ping")));
    let views = [hit(1, NOON + 1, view("/in")), hit(2, NOON + 2, view("/mid")), hit(3, NOON + 3, view("/out"))];
    let hits = [vec![custom(0, NOON)], views.to_vec(), vec![custom(4, NOON + 4)]].concat();
    store.take(delivery(ANNA, 1, hits));
    for (dimension, page) in [("visit:entry_page", "/in"), ("visit:exit_page", "/out")] {
        let rows = store.ask(&by(dimension));
        assert_eq!((rows.len(), value(&rows, Some(page), Metric::Visits)), (1, Some(1.0)));
        assert_eq!(value(&rows, Some(page), Metric::Events), Some(5.0));
    }
}

#[test]
fn a_session_without_page_views_has_no_entry_page() {
    assert_eq!(of_group(&[(ANNA, &[(NOON, custom("Ping"))])], "visit:entry_page", "", Metric::Visits), Some(1.0));
}

#[test]
fn the_source_is_the_sessions_first_known_one() {
    let visit: &[_] = &[
        (NOON, view_from("/", "page=2", "")),
        (NOON + 1, view_from("/", "", "https://www.google.com/")),
        (NOON + 2, view_from("/", "utm_source=news&utm_medium=email&utm_campaign=a&utm_content=b&utm_term=c", "")),
    ];
    for (dimension, label) in [
        ("visit:source", "Google"),
        ("visit:referrer", "google.com"),
        ("visit:utm_source", ""),
        ("visit:utm_medium", ""),
    ] {
        assert_eq!(of_group(&[(ANNA, visit)], dimension, label, Metric::Visits), Some(1.0), "{dimension}");
    }
    let tagged: Visits = &[(ANNA, &visit[2..])];
    for (dimension, label) in [
        ("visit:source", "news"),
        ("visit:utm_source", "news"),
        ("visit:utm_medium", "email"),
        ("visit:utm_campaign", "a"),
        ("visit:utm_content", "b"),
        ("visit:utm_term", "c"),
    ] {
        assert_eq!(of_group(tagged, dimension, label, Metric::Visits), Some(1.0), "{dimension}");
    }
}

#[test]
fn a_visits_browser_and_place_are_those_of_the_tab_it_began_in() {
    let mut store = Store::default();
    for (number, country, at_ms) in [(2, "DE", NOON + 1), (1, "KR", NOON)] {
        let mut batch = delivery(ANNA, number, vec![hit(0, at_ms, view("/"))]);
        batch.client.country = country;
        store.take(batch);
    }
    assert_eq!(value(&store.ask(&by("visit:country")), Some("KR"), Metric::Events), Some(2.0));
}

#[test]
fn an_event_is_named_pageview_by_its_own_name_or_by_its_kind() {
    let visit = [(NOON, view("/")), (NOON, custom("Signup")), (NOON, passive("Seen")), (NOON, engagement())];
    let rows = store(&[(ANNA, &visit)]).ask(&by("event:name"));
    for name in ["pageview", "Signup", "Seen", "engagement"] {
        assert_eq!(value(&rows, Some(name), Metric::Events), Some(1.0), "{name}");
        assert_eq!(value(&rows, Some(name), Metric::Visits), Some(1.0), "{name}");
    }
}

/// Anna reads /blog/a, then /; Ben reads /shop and signs up there; Anna comes again from Google and reads /blog/.
fn three_visits() -> Store {
    let mut store = store(&[
        (ANNA, &[(NOON, view("/blog/a")), (NOON + 1, view("/"))]),
        (ANNA, &[(NOON + HOUR, view_from("/blog/", "", "https://google.com/"))]),
    ]);
    store.take(delivery(BEN, 9, vec![hit(0, NOON, view("/shop")), on("/shop", hit(1, NOON, custom("a|b;c*")))]));
    store
}

fn visits_where(clauses: &[(&str, bool, &[&str])]) -> f64 {
    let filters = clauses.iter().map(|(label, negated, patterns)| clause(label, *negated, patterns)).collect();
    value(&three_visits().ask(&Query { filters, ..query() }), None, Metric::Visits).unwrap_or(0.0)
}

#[test]
fn a_visit_filter_takes_whole_visits() {
    let filters = vec![clause("visit:entry_page", false, &["/blog/a"])];
    let rows = three_visits().ask(&Query { filters, ..query() });
    assert_eq!(value(&rows, None, Metric::Pageviews), Some(2.0));
}

#[test]
fn an_event_filter_takes_the_events_and_the_visits_that_have_one() {
    let filters = vec![clause("event:page", false, &["/blog/a"])];
    let rows = three_visits().ask(&Query { filters, ..query() });
    assert_eq!(value(&rows, None, Metric::Pageviews), Some(1.0));
    assert_eq!(value(&rows, None, Metric::Visits), Some(1.0));
}

#[test]
fn not_equal_takes_visits_that_have_an_event_which_is_not() {
    assert_eq!(visits_where(&[("event:page", true, &["/blog/a"])]), 3.0, "Anna's first visit also has /");
    assert_eq!(visits_where(&[("visit:entry_page", true, &["/blog/a"])]), 2.0);
    assert_eq!(visits_where(&[("visit:entry_page", true, &["/blog/*", "/shop"])]), 0.0, "none of them");
}

#[test]
fn one_of_several_values_is_enough() {
    assert_eq!(visits_where(&[("event:page", false, &["/shop", "/blog/"])]), 2.0);
}

#[test]
fn a_star_stands_for_any_text_even_none() {
    assert_eq!(visits_where(&[("event:page", false, &["/blog/*"])]), 2.0);
    assert_eq!(visits_where(&[("event:page", false, &["*o*"])]), 3.0);
    assert_eq!(visits_where(&[("event:page", false, &["*"])]), 3.0);
    assert_eq!(visits_where(&[("event:page", false, &["/BLOG/*"])]), 0.0, "letters' case counts");
}

#[test]
fn all_conditions_hold_and_those_on_events_for_one_and_the_same() {
    assert_eq!(visits_where(&[("event:page", false, &["/blog/a"]), ("event:page", false, &["/"])]), 0.0);
    assert_eq!(visits_where(&[("event:page", false, &["/shop"]), ("event:name", false, &["a*"])]), 1.0);
    assert_eq!(visits_where(&[("event:page", false, &["/"]), ("visit:entry_page", false, &["/blog/a"])]), 1.0);
}

#[test]
fn an_unknown_value_is_filtered_by_the_name_it_is_shown_with() {
    assert_eq!(visits_where(&[("visit:source", false, &["(Direct / None)"])]), 2.0);
    assert_eq!(visits_where(&[("visit:source", true, &["(Direct / None)"])]), 1.0);
    assert_eq!(visits_where(&[("visit:utm_source", false, &["(not set)"])]), 3.0);
    assert_eq!(left_by(&[(ANNA, &[(NOON, view("/"))])], "visit:referrer", false, &["(Direct / None)"]), Some(1.0));
}

#[test]
fn several_dimensions_make_a_group_of_each_combination() {
    let dimensions = ["visit:source", "event:page"].map(dimension).to_vec();
    let rows = three_visits().ask(&Query { dimensions, metrics: vec![Metric::Pageviews], ..query() });
    let label = |text: &str| Label::Text(text.to_owned());
    let groups: Vec<_> = rows.into_iter().map(|row| row.labels).collect();
    let expected = [["", "/"], ["", "/blog/a"], ["", "/shop"], ["Google", "/blog/"]];
    assert_eq!(groups, expected.map(|pair| pair.map(label).to_vec()));
}

#[test]
fn rows_come_by_the_first_metric_and_equal_ones_by_their_labels() {
    let visit = [(NOON, view("/b")), (NOON, view("/c")), (NOON, view("/a")), (NOON, view("/c"))];
    let store = store(&[(ANNA, &visit)]);
    let pages = |metrics| {
        let rows = store.ask(&Query { metrics, ..by("event:page") });
        rows.into_iter().map(|row| format!("{:?}", row.labels[0])).collect::<Vec<_>>()
    };
    assert_eq!(pages(vec![Metric::Pageviews]), ["Text(\"/c\")", "Text(\"/a\")", "Text(\"/b\")"]);
    assert_eq!(pages(vec![Metric::BounceRate]), ["Text(\"/b\")", "Text(\"/a\")", "Text(\"/c\")"], "no rate comes last");
}

fn clock(bucket_ms: i64) -> String {
    format!("{} {:02}:{:02}", Day::of_utc(bucket_ms).iso(), bucket_ms / HOUR % 24, bucket_ms / MIN % 60)
}

#[test]
fn a_time_bucket_is_what_a_clock_of_the_zone_showed_when_it_began() {
    let bucket = |name: &str, by, at: &str| {
        let at_ms = at.parse::<jiff::Timestamp>().unwrap().as_millisecond();
        clock(bucket_ms(by, at_ms, &zone(name, at_ms - 3 * DAY_MS, at_ms + 3 * DAY_MS)))
    };
    use TimeDimension as T;
    let berlin = "Europe/Berlin";
    assert_eq!(bucket(berlin, T::Hour, "2026-03-29T00:59:59.999Z"), "2026-03-29 01:00");
    assert_eq!(bucket(berlin, T::Hour, "2026-03-29T01:00:00Z"), "2026-03-29 03:00", "the hour that is skipped");
    assert_eq!(bucket(berlin, T::Hour, "2026-10-25T00:59:59.999Z"), "2026-10-25 02:00");
    assert_eq!(bucket(berlin, T::Hour, "2026-10-25T01:30:00Z"), "2026-10-25 02:00", "the hour that comes twice");
    assert_eq!(bucket(berlin, T::Day, "2026-10-25T22:59:59.999Z"), "2026-10-25 00:00");
    assert_eq!(bucket(berlin, T::Day, "2026-10-25T23:00:00Z"), "2026-10-26 00:00");
    assert_eq!(bucket(berlin, T::Week, "2026-10-25T22:59:59.999Z"), "2026-10-19 00:00");
    assert_eq!(bucket(berlin, T::Week, "2026-10-25T23:00:00Z"), "2026-10-26 00:00");
    assert_eq!(bucket(berlin, T::Month, "2026-12-31T22:59:59.999Z"), "2026-12-01 00:00");
    assert_eq!(bucket(berlin, T::Month, "2026-12-31T23:00:00Z"), "2027-01-01 00:00");
    assert_eq!(bucket("Asia/Kolkata", T::Hour, "2026-07-01T00:29:59.999Z"), "2026-07-01 05:00");
    assert_eq!(bucket("Asia/Kolkata", T::Hour, "2026-07-01T00:30:00Z"), "2026-07-01 06:00");
    assert_eq!(bucket("Australia/Lord_Howe", T::Hour, "2026-10-03T15:30:00Z"), "2026-10-04 02:00");
    assert_eq!(bucket("America/Sao_Paulo", T::Day, "2018-11-04T03:00:00Z"), "2018-11-04 00:00", "it began at 1");
}

#[test]
fn a_visit_counts_in_the_hour_it_began_and_its_events_in_their_own() {
    let store = store(&[(ANNA, &[(NOON - 1, view("/")), (NOON, view("/a"))])]);
    let rows =
        store.ask(&Query { dimensions: vec![Dimension::Time(TimeDimension::Hour)], zone: Zone::utc(), ..query() });
    let at = |hour: i64, metric| {
        let place = Metric::ALL.iter().position(|m| *m == metric).unwrap();
        rows.iter().find(|row| row.labels == [Label::Time(hour)]).and_then(|row: &Row| row.values[place])
    };
    assert_eq!([at(NOON - HOUR, Metric::Visits), at(NOON, Metric::Visits)], [Some(1.0), Some(0.0)]);
    assert_eq!([at(NOON - HOUR, Metric::Pageviews), at(NOON, Metric::Pageviews)], [Some(1.0), Some(1.0)]);
    assert_eq!([at(NOON - HOUR, Metric::Visitors), at(NOON, Metric::Visitors)], [Some(1.0), Some(1.0)]);
}

#[test]
fn a_visit_over_the_hour_that_comes_twice_has_each_event_in_its_own_minute() {
    // At 2:00 on 1 November 2026 the clocks of St John's are set back to 1:00: at 4:30 in UTC.
    let set_back = 1_793_507_400_000;
    let visit = [
        (set_back - 30 * MIN, view("/")),
        (set_back - 10 * MIN, view("/a")),
        (set_back + 10 * MIN, view("/b")),
        (set_back + 30 * MIN, view("/c")),
    ];
    let zone = random::zone("America/St_Johns", set_back - DAY_MS, set_back + DAY_MS);
    let range = Range { from_ms: set_back - DAY_MS, to_ms: set_back + DAY_MS };
    let minutes = Query { range, zone, dimensions: vec![Dimension::Time(TimeDimension::Minute)], ..query() };
    let rows = store(&[(ANNA, &visit)]).ask(&minutes);
    let mut views: Vec<_> = rows
        .iter()
        .map(|row| (row.labels.clone(), value(std::slice::from_ref(row), None, Metric::Pageviews)))
        .collect();
    views.sort_by(|a, b| a.0.cmp(&b.0));
    let counts: Vec<_> = views.into_iter().map(|(_, views)| views).collect();
    assert_eq!(counts, [Some(1.0), Some(2.0), Some(1.0)], "1:10, 1:30 twice, 1:50");
}

#[test]
fn a_partial_of_another_form_is_named_and_not_guessed_at() {
    let report = Stats(query());
    assert_eq!(answer(&report, &[vec![7]]), Err(BadPartial));
    assert_eq!(answer(&report, &[Vec::new()]), Err(BadPartial));
    assert_eq!(answer(&report, &[]), Ok(Vec::new()));
}
