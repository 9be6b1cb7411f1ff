//! Retention: cohorts at the edges of their periods.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use passerby_analytics::calendar::DAY_MS;
use passerby_analytics::delivery::Hit;
use passerby_analytics::dimension::TimeDimension;
use passerby_analytics::query::Range;
use passerby_analytics::report::retention::{Of, Retention};
use passerby_analytics::report::scope::Scope;
use passerby_analytics::visitor::Visitor;
use support::reports::{asked, scope};
use support::*;

const MIDNIGHT: i64 = NOON - 12 * HOUR;

fn days(count: i64, by: TimeDimension) -> Retention {
    let range = Range { from_ms: MIDNIGHT, to_ms: MIDNIGHT + count * DAY_MS };
    Retention { scope: Scope { range, ..scope() }, by, of: Of::Visitors }
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
    assert_eq!(table(&days(1, TimeDimension::Day), &store(&[(ANNA, &visit)])), [], "the day before was the first");
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
fn whoever_was_seen_before_the_range_is_of_no_cohort_of_it() {
    let ages_ago = NOON - 400 * DAY_MS;
    let visits: [Visited; 3] =
        [(ANNA, &[(ages_ago, view("/"))]), (ANNA, &[(NOON, view("/"))]), (BEN, &[(NOON, view("/"))])];
    assert_eq!(table(&days(1, TimeDimension::Day), &store(&visits)), [("2026-07-01".to_owned(), vec![1])]);
    let mut report = days(1, TimeDimension::Day);
    report.scope.filters = vec![clause("event:page", false, &["/"])];
    assert_eq!(table(&report, &store(&visits)), [("2026-07-01".to_owned(), vec![1])], "nor with filters");
}

/// A visitor's events, each with the user that the site says it is.
fn identified(store: &mut Store, visitor: Visitor, tab: u64, events: &[(i64, Text)]) {
    let hits = (0..).zip(events).map(|(number, (at_ms, user))| Hit { user: *user, ..hit(number, *at_ms, view("/")) });
    store.take(delivery(visitor, tab, hits.collect()));
}

#[test]
fn visitors_who_are_one_user_are_one_person_whatever_shards_they_live_in() {
    let mut store = Store::default();
    identified(&mut store, ANNA, 1, &[(NOON, ""), (NOON + 1, "u1")]);
    identified(&mut store, BEN, 2, &[(NOON + DAY_MS, "u1")]);
    identified(&mut store, Visitor(3), 3, &[(NOON + DAY_MS, "")]);
    let told = |of| {
        let cohorts = asked(&Retention { of, ..days(2, TimeDimension::Day) }, &store.shards(4));
        cohorts.into_iter().map(|cohort| cohort.returned).collect::<Vec<_>>()
    };
    assert_ne!(ANNA.shard(4), BEN.shard(4));
    assert_eq!(told(Of::Visitors), [vec![1, 0], vec![2]]);
    assert_eq!(told(Of::People), [vec![1, 1], vec![1]]);
    assert_eq!(told(Of::Users), [vec![1, 1], vec![0]]);
}

#[test]
fn a_browser_of_two_users_is_the_first_ones() {
    let mut store = Store::default();
    identified(&mut store, ANNA, 1, &[(NOON, "u1"), (NOON + DAY_MS, "u2")]);
    identified(&mut store, BEN, 2, &[(NOON + DAY_MS, "u2")]);
    let told = asked(&Retention { of: Of::Users, ..days(2, TimeDimension::Day) }, &store.shards(4));
    assert_eq!(told.into_iter().map(|cohort| cohort.returned).collect::<Vec<_>>(), [vec![1, 1], vec![1]]);
}
