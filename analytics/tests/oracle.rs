//! The crate's answers against those of a naive second implementation, over seeded random streams.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use passerby_analytics::calendar::DAY_MS;
use passerby_analytics::dimension::{Dimension, EventDimension, TimeDimension, VisitDimension};
use passerby_analytics::filter::{Expr, Pattern};
use passerby_analytics::goal::Goal;
use passerby_analytics::query::{Metric, Query, Range};
use support::random::{Rng, stored, stream, zone};
use support::{HOUR, ask, clause, condition, oracle};

/// Zones, each with a day on which something happens to its clocks.
const PLACES: &[(&str, &str)] = &[
    ("UTC", "2026-07-01"),
    ("Asia/Seoul", "2026-12-31"),
    ("Asia/Kolkata", "2024-02-29"),
    ("Europe/Berlin", "2026-03-29"),
    ("Europe/Berlin", "2026-10-25"),
    ("America/New_York", "2026-11-01"),
    ("Australia/Lord_Howe", "2026-04-05"),
    ("America/Sao_Paulo", "2018-11-04"),
    ("Pacific/Apia", "2011-12-31"),
];

/// The first instant of the date, by the time zone database.
fn midnight_ms(zone: &TimeZone, date: jiff::civil::Date) -> i64 {
    date.to_zoned(zone.clone()).unwrap().timestamp().as_millisecond()
}

fn range(rng: &mut Rng, zone: &TimeZone, day: jiff::civil::Date) -> Range {
    let at = |days: i64| midnight_ms(zone, day.checked_add(jiff::Span::new().days(days)).unwrap());
    match rng.below(6) {
        0 => Range { from_ms: at(0), to_ms: at(0) },
        1 => Range { from_ms: at(0) + HOUR, to_ms: at(0) + 3 * HOUR },
        2 => Range { from_ms: at(-1), to_ms: at(2) },
        _ => {
            let days = rng.below(2) as i64;
            Range { from_ms: at(days), to_ms: at(days + 1) }
        }
    }
}

fn any_dimension(rng: &mut Rng) -> Dimension {
    match rng.below(9) {
        0..3 => Dimension::Visit(rng.pick(VisitDimension::ALL)),
        3..6 => Dimension::Event(rng.pick(EventDimension::ALL)),
        6 => Dimension::Property("plan".to_owned()),
        7 => Dimension::Goal,
        _ => Dimension::Time(rng.pick(TimeDimension::ALL)),
    }
}

fn any_goals(rng: &mut Rng) -> Vec<Goal> {
    let goals = ["Signup", "Visit /blog/*", "Visit /blog/a", "order", "nothing"];
    (0..rng.below(4))
        .map(|_| rng.pick(&goals))
        .collect::<BTreeSet<_>>()
        .into_iter()
        .map(|g| Goal(g.to_owned()))
        .collect()
}

fn any_condition(rng: &mut Rng) -> Expr {
    let negated = rng.below(3) == 0;
    let contains = |label, text: &str| condition(label, negated, vec![Pattern::Contains(text.to_owned())]);
    match rng.below(15) {
        0 => clause("event:page", negated, &["/blog/*"]),
        1 => clause("event:page", negated, &["/", "/a"]),
        2 => clause("event:name", negated, &["Signup", "Open menu|x"]),
        3 => clause("event:name", negated, &["pageview"]),
        4 => clause("visit:source", negated, &["(Direct / None)", "*oo*e"]),
        5 => clause("visit:entry_page", negated, &["/blog/*a*"]),
        6 => clause("visit:exit_page", negated, &["(not set)", "/a"]),
        7 => clause("visit:utm_medium", negated, &["email"]),
        8 => contains("event:page", "blog"),
        9 => contains("visit:source", "o"),
        10 => condition("event:page", negated, vec![Pattern::regex("^/blog/.$").unwrap()]),
        11 => clause("event:props:plan", negated, &["pro", "(none)"]),
        12 => clause("event:hostname", negated, &["blog.example"]),
        13 => Goal(rng.pick(&["Signup", "Visit /blog/*"]).to_owned()).reached(false),
        _ => clause("visit:country", negated, &["KR", "(not set)"]),
    }
}

fn any_filter(rng: &mut Rng, depth: usize) -> Expr {
    let parts = |rng: &mut Rng| (0..rng.below(4)).map(|_| any_filter(rng, depth + 1)).collect();
    match rng.below(if depth < 3 { 10 } else { 4 }) {
        5 => Expr::All(parts(rng)),
        6 | 7 => Expr::Any(parts(rng)),
        8 => Expr::Not(Box::new(any_filter(rng, depth + 1))),
        9 => Expr::Done(Box::new(any_filter(rng, depth + 1))),
        _ => any_condition(rng),
    }
}

fn shuffled(rng: &mut Rng, metrics: &[Metric]) -> Vec<Metric> {
    let mut metrics = metrics.to_vec();
    rng.shuffle(&mut metrics);
    metrics
}

#[test]
fn every_answer_is_that_of_the_naive_implementation() {
    let (mut events, mut rows) = (0, 0);
    for seed in 0..1_500 {
        let mut rng = Rng(seed);
        let (name, day) = PLACES[seed as usize % PLACES.len()];
        let (database, day) = (TimeZone::get(name).unwrap(), day.parse::<jiff::civil::Date>().unwrap());
        let (begins, ends) = (midnight_ms(&database, day), midnight_ms(&database, day.tomorrow().unwrap()));
        let happened = stream(&mut rng, &[begins, begins + 2 * HOUR, ends]);
        let store = stored(&mut rng, &happened);
        let shards = store.shards(rng.pick(&[0, 2, 4]));
        events += happened.len();
        for _ in 0..6 {
            let query = Query {
                range: range(&mut rng, &database, day),
                zone: zone(name, begins - 3 * DAY_MS, ends + 3 * DAY_MS),
                dimensions: (0..rng.pick(&[0, 1, 1, 1, 2, 4])).map(|_| any_dimension(&mut rng)).collect(),
                metrics: shuffled(&mut rng, Metric::ALL),
                filters: (0..rng.pick(&[0, 0, 1, 1, 2, 3])).map(|_| any_filter(&mut rng, 0)).collect(),
                goals: any_goals(&mut rng),
            };
            let expected = oracle::answer(&happened, &query, &database);
            rows += expected.len();
            assert_eq!(ask(&query, &shards), expected, "seed {seed}, {name}, {query:?}\n{happened:#?}");
        }
    }
    assert!(events > 5_000 && rows > 10_000, "the streams are not empty: {events} events, {rows} rows");
}
