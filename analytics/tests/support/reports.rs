//! Ways to ask any report.

use passerby_analytics::calendar::Zone;
use passerby_analytics::filter::{Expr, Pattern};
use passerby_analytics::report::scope::Scope;
use passerby_analytics::report::target::Target;
use passerby_analytics::report::{Report, answer, sealed};
use passerby_analytics::segment::Segment;

use super::query;

/// 1 July 2026 in UTC, everything.
pub fn scope() -> Scope {
    Scope { range: query().range, zone: Zone::utc(), filters: Vec::new() }
}

pub fn scope_of(filters: &[Expr]) -> Scope {
    Scope { filters: filters.to_vec(), ..scope() }
}

pub fn page(path: &str) -> Target {
    Target { name: path.to_owned(), page: vec![Pattern::with_wildcards(path)], ..Target::default() }
}

pub fn event(name: &str) -> Target {
    Target { name: name.to_owned(), event: vec![Pattern::with_wildcards(name)], ..Target::default() }
}

/// What the shards answer together, as bytes between objects.
pub fn asked<R: Report>(report: &R, shards: &[Segment]) -> R::Answer {
    let partial = |shard: &Segment| {
        let mut partial = R::Partial::default();
        report.fold(&mut partial, shard);
        sealed::<R>(partial)
    };
    answer(report, &shards.iter().map(partial).collect::<Vec<_>>()).unwrap()
}
