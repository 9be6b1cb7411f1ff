//! The crate's answers against those of a naive second implementation: every report, over seeded random streams, from 1,
//! 4 and 16 shards.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use passerby_analytics::calendar::DAY_MS;
use passerby_analytics::query::Range;
use passerby_analytics::report::Question;
use passerby_analytics::report::scope::Scope;
use passerby_analytics::segment::Segment;
use serde_json::Value;
use support::plan::Plan;
use support::questions::{filters, question};
use support::random::{Rng, stored, zone};
use support::reports::everything;
use support::{HOUR, oracle};

/// Zones, each with a day on which something happens to its clocks, or which is theirs alone.
const PLACES: &[(&str, &str)] = &[
    ("UTC", "2026-07-01"),
    ("Asia/Seoul", "2026-12-31"),
    ("Asia/Kolkata", "2024-02-29"),
    ("Asia/Kathmandu", "2026-07-01"),
    ("Europe/Berlin", "2026-03-29"),
    ("Europe/Berlin", "2026-10-25"),
    ("America/New_York", "2026-11-01"),
    ("America/St_Johns", "2026-03-08"),
    ("America/St_Johns", "2026-11-01"),
    ("America/Havana", "2026-03-08"),
    ("America/Sao_Paulo", "2018-11-04"),
    ("Australia/Lord_Howe", "2026-04-05"),
    ("Pacific/Chatham", "2026-09-27"),
    ("Antarctica/Troll", "2026-03-29"),
    ("Africa/Casablanca", "2026-02-15"),
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

fn ask(question: &Question, shards: &[Segment]) -> Value {
    let partials: Vec<Vec<u8>> =
        shards.iter().map(|shard| question.fold(None, std::iter::once(shard)).unwrap()).collect();
    question.answer(&partials).unwrap()
}

/// Whether an answer says more than that there was nothing.
fn says_something(answer: &Value) -> bool {
    match answer {
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::Array(items) => items.iter().any(says_something),
        Value::Object(fields) => fields.values().any(says_something),
        _ => false,
    }
}

#[test]
fn every_answer_is_that_of_the_naive_implementation() {
    let mut said: BTreeMap<&str, usize> = BTreeMap::new();
    let mut streams = 0;
    for seed in Plan::of(2_000) {
        let mut rng = Rng(seed);
        let (name, day) = PLACES[seed as usize % PLACES.len()];
        let (database, day) = (TimeZone::get(name).unwrap(), day.parse::<jiff::civil::Date>().unwrap());
        let (begins, ends) = (midnight_ms(&database, day), midnight_ms(&database, day.tomorrow().unwrap()));
        let happened = everything(&mut rng, &[begins, begins + 2 * HOUR, ends]);
        let store = stored(&mut rng, &happened);
        let shards = [0, 2, 4].map(|bits| store.shards(bits));
        let zone = zone(name, begins - 40 * DAY_MS, ends + 40 * DAY_MS);
        for report in Question::NAMES {
            let range = range(&mut rng, &database, day);
            let scope = Scope { range, zone: zone.clone(), filters: filters(&mut rng) };
            let asked = question(&mut rng, report, scope);
            let expected = oracle::answer(&asked, &happened, &database);
            for shards in &shards {
                let answer = ask(&asked, shards);
                assert_eq!(answer, expected, "seed {seed}, {name}, {} shards, {asked:?}\n{happened:#?}", shards.len());
            }
            *said.entry(report).or_default() += usize::from(says_something(&expected));
        }
        streams += 1;
    }
    for report in Question::NAMES {
        let said = said.get(report).copied().unwrap_or(0);
        assert!(said * 16 > streams, "{report} answered something in {said} of {streams} streams");
    }
}
