//! The laws that every report keeps. A new report joins by a line in the list at the end.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::fmt::Debug;

use proptest::prelude::*;

use passerby_analytics::calendar::{DAY_MS, Zone};
use passerby_analytics::dimension::{Dimension, TimeDimension, VisitDimension};
use passerby_analytics::filter::Pattern;
use passerby_analytics::query::{Metric, Query, Range};
use passerby_analytics::report::errors::Errors;
use passerby_analytics::report::exits::Exits;
use passerby_analytics::report::forms::Forms;
use passerby_analytics::report::funnel::Funnel;
use passerby_analytics::report::goals::Goals;
use passerby_analytics::report::heatmap::Heatmap;
use passerby_analytics::report::journey::{Journey, Steps};
use passerby_analytics::report::links::Links;
use passerby_analytics::report::properties::Properties;
use passerby_analytics::report::recent::Recent;
use passerby_analytics::report::retention::Retention;
use passerby_analytics::report::revenue::{self, Revenue};
use passerby_analytics::report::scope::Scope;
use passerby_analytics::report::scroll::Scroll;
use passerby_analytics::report::search::Search;
use passerby_analytics::report::stats::Stats;
use passerby_analytics::report::target::Target;
use passerby_analytics::report::vitals::{self, Vitals};
use passerby_analytics::report::{Report, answer, sealed};
use passerby_analytics::segment::Segment;
use support::random::{Rng, stored};
use support::reports::{event, everything, page, scope};
use support::*;

/// A visitor lives in one shard, so these are other visitors each time.
fn some_shards(rng: &mut Rng) -> Vec<Segment> {
    (0..3).flat_map(|_| some_store(rng).shards(0)).collect()
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

/// Merging is commutative and associative, the default is neutral, folding two segments is merging their folds; with
/// identities and without.
fn merging_is_lawful<R: Report>(report: &R, seed: u64)
where
    R::Answer: PartialEq + Debug,
{
    let shards = some_shards(&mut Rng(seed));
    for seal in [false, true] {
        let of = |place: usize| {
            let mut partial = folded(report, &[&shards[place]]);
            if seal {
                R::seal(&mut partial);
            }
            partial
        };
        let merged = merged::<R>;
        let all = || report.finish(merged(merged(of(0), of(1)), of(2)));
        assert_eq!(report.finish(merged(of(0), of(1))), report.finish(merged(of(1), of(0))), "commutative");
        assert_eq!(all(), report.finish(merged(of(0), merged(of(1), of(2)))), "associative");
        assert_eq!(report.finish(merged(of(0), R::Partial::default())), report.finish(of(0)), "neutral on the right");
        assert_eq!(report.finish(merged(R::Partial::default(), of(0))), report.finish(of(0)), "neutral on the left");
        assert_eq!(all(), report.finish(folded(report, &[&shards[2], &shards[0], &shards[1]])), "a fold is a merge");
    }
}

fn sealing_and_writing_lose_nothing<R: Report>(report: &R, seed: u64)
where
    R::Answer: PartialEq + Debug,
{
    let store = some_store(&mut Rng(seed));
    let shards = store.shards(0);
    let partial = || folded(report, &[&shards[0]]);
    let mut twice = partial();
    R::seal(&mut twice);
    let expected = report.finish(partial());
    assert_eq!(answer(report, &[sealed::<R>(partial())]).unwrap(), expected);
    assert_eq!(answer(report, &[sealed::<R>(twice)]).unwrap(), expected, "sealing again changes nothing");
}

fn any_number_of_shards_answers_as_one<R: Report>(report: &R, seed: u64)
where
    R::Answer: PartialEq + Debug,
{
    let store = some_store(&mut Rng(seed));
    let answer_of = |bits| {
        let partials: Vec<_> = store.shards(bits).iter().map(|s| sealed::<R>(folded(report, &[s]))).collect();
        answer(report, &partials).unwrap()
    };
    let of_one = answer_of(0);
    assert_eq!(answer_of(2), of_one, "4 shards");
    assert_eq!(answer_of(4), of_one, "16 shards");
}

/// A shard keeps the partial of a day that is over, so the days' partials add up to that of the days together.
fn days_add_up<R: Report>(ranged: &dyn Fn(Range) -> R, seed: u64)
where
    R::Answer: PartialEq + Debug,
{
    let shard = &some_store(&mut Rng(seed)).shards(0)[0];
    let from_ms = NOON - 36 * HOUR;
    let days = (0..6).map(|day| Range { from_ms: from_ms + day * DAY_MS, to_ms: from_ms + (day + 1) * DAY_MS });
    let together = ranged(Range { from_ms, to_ms: from_ms + 6 * DAY_MS });
    let added = days.map(|range| folded(&ranged(range), &[shard])).reduce(merged::<R>).unwrap();
    assert_eq!(together.finish(added), together.finish(folded(&together, &[shard])));
}

fn stats(range: Range, dimensions: &[Dimension]) -> Stats {
    let query = Query { range, zone: Zone::utc(), dimensions: dimensions.to_vec(), ..query() };
    Stats(Query { metrics: Metric::ALL.to_vec(), ..query })
}

fn scoped(range: Range) -> Scope {
    Scope { range, ..scope() }
}

fn funnel(range: Range, strict: bool, by_session: bool) -> Funnel {
    let steps = vec![page("/*"), page("/blog/*"), event("Signup")];
    Funnel { scope: scoped(range), steps, strict, by_session, window_ms: 2 * HOUR, limit: 2 }
}

fn properties(range: Range, key: Option<&str>) -> Properties {
    Properties { scope: scoped(range), event: Vec::new(), key: key.map(str::to_owned), limit: 2 }
}

fn revenue(range: Range, by: revenue::By) -> Revenue {
    Revenue { scope: scoped(range), by, limit: 2 }
}

fn journey(range: Range, from: Option<Target>, before: bool) -> Journey {
    Journey { scope: scoped(range), from, before, depth: 3, steps: Steps::All, limit: 2 }
}

macro_rules! laws {
    ($($name:ident = $ranged:expr;)*) => { $(mod $name {
        use super::*;

        proptest! {
            #![proptest_config(ProptestConfig::with_cases(48))]

            #[test]
            fn merging_is_lawful(seed in any::<u64>()) {
                super::merging_is_lawful(&$ranged(query().range), seed);
            }

            #[test]
            fn sealing_and_writing_lose_nothing(seed in any::<u64>()) {
                super::sealing_and_writing_lose_nothing(&$ranged(query().range), seed);
            }

            #[test]
            fn any_number_of_shards_answers_as_one(seed in any::<u64>()) {
                super::any_number_of_shards_answers_as_one(&$ranged(query().range), seed);
            }

            #[test]
            fn days_add_up(seed in any::<u64>()) {
                super::days_add_up(&$ranged, seed);
            }
        }
    })* };
}

laws! {
    aggregate = |range| stats(range, &[]);
    by_hour = |range| stats(range, &[Dimension::Time(TimeDimension::Hour)]);
    by_page = |range| stats(range, &[dimension("event:page")]);
    by_source_and_day = |range| stats(range, &[dimension("visit:source"), Dimension::Time(TimeDimension::Day)]);
    of_a_page = |range| {
        let report = stats(range, &[]);
        Stats(Query { filters: vec![clause("event:page", false, &["/blog/*"])], ..report.0 })
    };
    funnel_by_visitor = |range| funnel(range, false, false);
    funnel_by_session = |range| funnel(range, false, true);
    funnel_strict = |range| funnel(range, true, false);
    retention = |range| Retention { scope: scoped(range), by: TimeDimension::Day };
    journey_after = |range| journey(range, Some(page("/a")), false);
    journey_before = |range| journey(range, Some(event("Signup")), true);
    journey_from_entry = |range| journey(range, None, false);
    exits = |range| Exits { scope: scoped(range), limit: 3 };
    exits_of_some_pages = |range| {
        let filters = vec![clause("event:page", false, &["/blog/*"])];
        Exits { scope: Scope { filters, ..scoped(range) }, limit: 3 }
    };
    scroll = |range| Scroll { scope: scoped(range), limit: 3 };
    heatmap = |range| {
        let page = vec![Pattern::with_wildcards("/*")];
        Heatmap { scope: scoped(range), page, columns: 3, rows: 7, limit: 1 }
    };
    properties = |range| properties(range, None);
    property_values = |range| properties(range, Some("plan"));
    goals = |range| Goals { scope: scoped(range), goals: vec![page("/blog/*"), event("order"), event("Signup")] };
    search = |range| Search { scope: scoped(range), limit: 1 };
    links = |range| Links { scope: scoped(range), only: None, limit: 2 };
    vitals_by_page = |range| Vitals { scope: scoped(range), by: vitals::By::Page, limit: 3 };
    errors = |range| Errors { scope: scoped(range), limit: 1 };
    revenue_in_all = |range| revenue(range, revenue::By::Nothing);
    revenue_by_source = |range| revenue(range, revenue::By::Visit(VisitDimension::Source));
    revenue_by_page = |range| revenue(range, revenue::By::Page);
    revenue_by_product = |range| revenue(range, revenue::By::Product);
    recent = |range| Recent { scope: scoped(range), key: [7; 16], visitor: None, limit: 5 };
    forms = |range| Forms { scope: scoped(range), limit: 1 };
}
