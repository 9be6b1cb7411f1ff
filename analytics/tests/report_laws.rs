//! The laws that every report keeps, over the list of them: a new report is tested by being in it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use passerby_analytics::calendar::{DAY_MS, Zone};
use passerby_analytics::query::Range;
use passerby_analytics::report::scope::Scope;
use passerby_analytics::report::{Question, Report, answer, sealed};
use passerby_analytics::segment::Segment;
use serde_json::Value;
use support::plan::Plan;
use support::questions::{filters, question};
use support::random::{Rng, stored};
use support::reports::everything;
use support::*;

/// Seeds that each law is tried with, for each report.
const SEEDS: u64 = 60;

/// Does the same with the report of any question. A new report is a line here, or this does not compile.
macro_rules! with_report {
    ($question:expr, $report:ident => $then:expr) => {
        match $question {
            Question::Stats($report) => $then,
            Question::Funnel($report) => $then,
            Question::Retention($report) => $then,
            Question::Journey($report) => $then,
            Question::Exits($report) => $then,
            Question::Scroll($report) => $then,
            Question::Heatmap($report) => $then,
            Question::Forms($report) => $then,
            Question::Properties($report) => $then,
            Question::Goals($report) => $then,
            Question::Search($report) => $then,
            Question::Links($report) => $then,
            Question::Vitals($report) => $then,
            Question::Errors($report) => $then,
            Question::Revenue($report) => $then,
            Question::Recent($report) => $then,
        }
    };
}

/// Every report with every seed: the question of this seed about some range.
fn each(then: impl Fn(&dyn Fn(Range) -> Question, u64)) {
    for seed in Plan::of(SEEDS) {
        for name in Question::NAMES {
            let asked = |range| {
                let mut rng = Rng(seed);
                let scope = Scope { range, zone: Zone::utc(), filters: filters(&mut rng) };
                question(&mut rng, name, scope)
            };
            then(&asked, seed);
        }
    }
}

fn some_store(rng: &mut Rng) -> Store {
    let happened = everything(rng, &[NOON, NOON + 12 * HOUR]);
    stored(rng, &happened)
}

fn folded<R: Report>(report: &R, segments: &[&Segment]) -> R::Partial {
    let mut partial = R::Partial::default();
    segments.iter().for_each(|segment| report.fold(&mut partial, segment));
    partial
}

fn merged<R: Report>(mut into: R::Partial, other: R::Partial) -> R::Partial {
    R::merge(&mut into, other);
    into
}

fn told<R: Report>(report: &R, partial: R::Partial) -> Value
where
    R::Answer: serde::Serialize,
{
    serde_json::to_value(report.finish(partial)).unwrap()
}

/// Merging is commutative and associative, the default is neutral, folding two segments is merging their folds; with
/// identities and without.
fn merging_is_lawful<R: Report>(report: &R, shards: &[Segment], about: &str)
where
    R::Answer: serde::Serialize,
{
    for seal in [false, true] {
        let of = |place: usize| {
            let mut partial = folded(report, &[&shards[place]]);
            if seal {
                R::seal(&mut partial);
            }
            partial
        };
        let (merged, told) = (merged::<R>, |partial| told(report, partial));
        let all = || told(merged(merged(of(0), of(1)), of(2)));
        assert_eq!(told(merged(of(0), of(1))), told(merged(of(1), of(0))), "commutative: {about}");
        assert_eq!(all(), told(merged(of(0), merged(of(1), of(2)))), "associative: {about}");
        assert_eq!(told(merged(of(0), R::Partial::default())), told(of(0)), "neutral on the right: {about}");
        assert_eq!(told(merged(R::Partial::default(), of(0))), told(of(0)), "neutral on the left: {about}");
        assert_eq!(all(), told(folded(report, &[&shards[2], &shards[0], &shards[1]])), "a fold is a merge: {about}");
    }
}

#[test]
fn merging_is_commutative_and_associative() {
    each(|asked, seed| {
        let mut rng = Rng(seed);
        // A visitor lives in one shard, so these are other visitors each time.
        let shards: Vec<Segment> = (0..3).flat_map(|_| some_store(&mut rng).shards(0)).collect();
        let question = asked(query().range);
        let about = format!("seed {seed}, {question:?}");
        with_report!(&question, report => merging_is_lawful(report, &shards, &about));
    });
}

fn sealing_loses_nothing<R: Report>(report: &R, shard: &Segment, about: &str)
where
    R::Answer: serde::Serialize,
{
    let partial = || folded(report, &[shard]);
    let mut twice = partial();
    R::seal(&mut twice);
    let expected = told(report, partial());
    let answered = |bytes| serde_json::to_value(answer(report, &[bytes]).unwrap()).unwrap();
    assert_eq!(answered(sealed::<R>(partial())), expected, "{about}");
    assert_eq!(answered(sealed::<R>(twice)), expected, "sealing again changes nothing: {about}");
}

#[test]
fn sealing_and_writing_lose_nothing() {
    each(|asked, seed| {
        let shards = some_store(&mut Rng(seed)).shards(0);
        let question = asked(query().range);
        let about = format!("seed {seed}, {question:?}");
        with_report!(&question, report => sealing_loses_nothing(report, &shards[0], &about));
    });
}

/// A partial that was kept as bytes, and what came behind it.
#[test]
fn a_partial_that_was_kept_goes_on() {
    each(|asked, seed| {
        let mut rng = Rng(seed);
        let (first, second) = (some_store(&mut rng).shards(0), some_store(&mut rng).shards(0));
        let question = asked(query().range);
        let kept = question.partial(None, first.iter()).unwrap();
        let went_on = question.fold(Some(&kept), second.iter()).unwrap();
        let at_once = question.fold(None, first.iter().chain(&second)).unwrap();
        let told = |partial| question.answer(&[partial]).unwrap();
        assert_eq!(told(went_on), told(at_once), "seed {seed}, {question:?}");
    });
}

fn days_together<R: Report>(together: &R, days: &[R], shard: &Segment, about: &str)
where
    R::Answer: serde::Serialize,
{
    let added = days.iter().map(|day| folded(day, &[shard])).reduce(merged::<R>).unwrap();
    assert_eq!(told(together, added), told(together, folded(together, &[shard])), "{about}");
}

/// What a question makes of each day adds up to what it makes of the days together.
#[test]
fn days_add_up() {
    each(|asked, seed| {
        let shards = some_store(&mut Rng(seed)).shards(0);
        let from_ms = NOON - 36 * HOUR;
        let range = |first: i64, last: i64| Range { from_ms: from_ms + first * DAY_MS, to_ms: from_ms + last * DAY_MS };
        let together = asked(range(0, 6));
        let about = format!("seed {seed}, {together:?}");
        with_report!(&together, report => {
            let days: Vec<_> = (0..6).map(|day| of_kind(report, asked(range(day, day + 1)))).collect();
            days_together(report, &days, &shards[0], &about);
        });
    });
}

/// The report of a question that is of the same kind as another.
fn of_kind<R: Report + 'static>(_: &R, question: Question) -> R {
    with_report!(question, report => {
        let report: Box<dyn std::any::Any> = Box::new(report);
        *report.downcast::<R>().expect("a question is of the report that was asked")
    })
}
