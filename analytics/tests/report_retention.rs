//! Retention: cohorts at the edges of their periods, and a naive second implementation over random streams.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use passerby_analytics::calendar::{DAY_MS, Day};
use passerby_analytics::dimension::TimeDimension;
use passerby_analytics::query::Range;
use passerby_analytics::report::retention::Retention;
use passerby_analytics::report::scope::Scope;
use passerby_analytics::visitor::Visitor;
use support::random::{Rng, stored, stream, zone};
use support::reports::{asked, scope};
use support::*;

const MIDNIGHT: i64 = NOON - 12 * HOUR;

fn days(count: i64, by: TimeDimension) -> Retention {
    let range = Range { from_ms: MIDNIGHT, to_ms: MIDNIGHT + count * DAY_MS };
    Retention { scope: Scope { range, ..scope() }, by }
}

fn table(report: &Retention, store: &Store) -> Vec<(String, Vec<u64>)> {
    asked(report, &store.shards(0)).into_iter().map(|cohort| (cohort.date, cohort.returned)).collect()
}

#[test]
fn a_visitor_counts_once_in_each_day_with_an_event() {
    let visits: [Visited; 4] = [
        (ANNA, &[(NOON, view("/")), (NOON + 1, view("/"))]),
        (ANNA, &[(NOON + 2 * HOUR, view("/"))]),
        (ANNA, &[(NOON + 2 * DAY_MS, view("/"))]),
        (BEN, &[(NOON + DAY_MS, view("/"))]),
    ];
    let report = days(3, TimeDimension::Day);
    let expected = [("2026-07-01", vec![1, 0, 1]), ("2026-07-02", vec![1, 0]), ("2026-07-03", vec![0])]
        .map(|(d, r)| (d.to_owned(), r));
    assert_eq!(table(&report, &store(&visits)), expected);
    let rates = &asked(&report, &store(&visits).shards(0))[0].rates;
    assert_eq!(*rates, [Some(100.0), Some(0.0), Some(100.0)]);
}

#[test]
fn a_day_ends_at_midnight() {
    let visit = [(MIDNIGHT + DAY_MS - 1, view("/")), (MIDNIGHT + DAY_MS, view("/"))];
    assert_eq!(table(&days(2, TimeDimension::Day), &store(&[(ANNA, &visit)]))[0].1, [1, 1], "one visit, two days");
    let visit = [(MIDNIGHT - 1, view("/")), (MIDNIGHT, view("/"))];
    assert_eq!(table(&days(1, TimeDimension::Day), &store(&[(ANNA, &visit)])), [("2026-07-01".to_owned(), vec![1])]);
}

#[test]
fn weeks_begin_on_monday_and_months_on_the_first() {
    // 1 July 2026 is a Wednesday; the week's Monday is 29 June.
    let visits: [Visited; 2] = [(ANNA, &[(NOON, view("/"))]), (ANNA, &[(NOON + 5 * DAY_MS, view("/"))])];
    let weeks = table(&days(6, TimeDimension::Week), &store(&visits));
    assert_eq!(weeks, [("2026-06-29".to_owned(), vec![1, 1]), ("2026-07-06".to_owned(), vec![0])]);
    let months = table(&days(40, TimeDimension::Month), &store(&visits));
    assert_eq!(months, [("2026-07-01".to_owned(), vec![1, 0]), ("2026-08-01".to_owned(), vec![0])]);
}

#[test]
fn nobody_makes_no_cohort() {
    assert_eq!(table(&days(3, TimeDimension::Day), &store(&[])), []);
}

#[test]
fn a_filter_says_which_events_count_as_being_seen() {
    let visits: [Visited; 2] =
        [(ANNA, &[(NOON, view("/"))]), (ANNA, &[(NOON + DAY_MS, view("/")), (NOON + DAY_MS, custom("Buy"))])];
    let mut report = days(2, TimeDimension::Day);
    report.scope.filters = vec![clause("event:name", false, &["Buy"])];
    assert_eq!(table(&report, &store(&visits)), [("2026-07-02".to_owned(), vec![1])]);
}

#[test]
fn every_answer_is_that_of_the_naive_implementation() {
    let mut returned = 0;
    for seed in 0..1_000 {
        let mut rng = Rng(seed);
        let name = rng.pick(&["UTC", "Asia/Seoul", "Europe/Berlin", "Pacific/Apia", "America/New_York"]);
        // Clocks change on 29 March and on 25 October in Berlin.
        let noon = rng.pick(&[NOON, 1_774_785_600_000, 1_792_929_600_000, 1_793_534_400_000]);
        let happened = stream(&mut rng, &[noon, noon + 11 * HOUR, noon + 24 * HOUR]);
        let database = TimeZone::get(name).unwrap();
        let zone = zone(name, noon - 10 * DAY_MS, noon + 10 * DAY_MS);
        let first = zone.day(noon).0 - rng.below(2) as i32;
        let range = Range { from_ms: zone.start_ms(Day(first)), to_ms: zone.start_ms(Day(first + 4)) };
        let by = rng.pick(&[TimeDimension::Day, TimeDimension::Week, TimeDimension::Month]);
        let report = Retention { scope: Scope { range, zone, filters: Vec::new() }, by };

        let mut seen: BTreeMap<Visitor, BTreeSet<i64>> = BTreeMap::new();
        for event in happened.iter().filter(|event| range.holds(event.at_ms)) {
            seen.entry(event.visitor).or_default().insert(oracle::of_time(by, event.at_ms, &database));
        }
        let store = stored(&mut rng, &happened);
        let answer = asked(&report, &store.shards(rng.pick(&[0, 2, 4])));
        let date = |text: &str| i64::from(Day::parse(text).unwrap().0) * DAY_MS;
        for (place, cohort) in answer.iter().enumerate() {
            for (later, count) in answer[place..].iter().zip(&cohort.returned) {
                let of_cohort = seen.values().filter(|days| days.first() == Some(&date(&cohort.date)));
                let expected = of_cohort.filter(|days| days.contains(&date(&later.date))).count() as u64;
                assert_eq!(*count, expected, "seed {seed}, {name}, {} seen in {}", cohort.date, later.date);
                returned += count;
            }
        }
        let cohorts = answer.iter().map(|cohort| cohort.visitors).sum::<u64>();
        assert_eq!(cohorts, seen.len() as u64, "seed {seed}: each visitor is of one cohort");
    }
    assert!(returned > 2_000, "the tables are not empty: {returned}");
}
