//! What is counted for one group of visits and events.

use serde::{Deserialize, Serialize};

use super::visitors::Visitors;
use crate::query::Metric;
use crate::visitor::Visitor;

/// Sums from which every [`Metric`] follows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    visitors: Visitors,
    pub(super) visits: u64,
    pub(super) pageviews: u64,
    pub(super) events: u64,
    pub(super) duration_ms: u64,
    /// Visits that the bounce rate is about.
    pub(super) entries: u64,
    /// Those of them that bounced.
    pub(super) bounces: u64,
}

impl Tally {
    pub(super) fn see(&mut self, visitor: Visitor) {
        self.visitors.see(visitor);
    }

    /// Adds another tally of the same group, of other visits.
    pub fn merge(&mut self, other: Self) {
        self.visitors.merge(other.visitors);
        self.visits += other.visits;
        self.pageviews += other.pageviews;
        self.events += other.events;
        self.duration_ms += other.duration_ms;
        self.entries += other.entries;
        self.bounces += other.bounces;
    }

    /// Brings equal tallies to equal forms, which the order of merging must not show in.
    pub fn settle(&mut self) {
        self.visitors.settle();
    }

    /// Keeps the number of visitors and forgets who they are.
    pub fn seal(&mut self) {
        self.visitors.seal();
    }

    /// A metric's value; `None` where it is a share of nothing.
    #[must_use]
    pub fn value(&mut self, metric: Metric) -> Option<f64> {
        let share = |part: u64, whole: u64| (whole > 0).then(|| part as f64 / whole as f64);
        match metric {
            Metric::Visitors => Some(self.visitors.count() as f64),
            Metric::Visits => Some(self.visits as f64),
            Metric::Pageviews => Some(self.pageviews as f64),
            Metric::Events => Some(self.events as f64),
            Metric::ViewsPerVisit => share(self.pageviews, self.visits).map(|v| (v * 100.0).round() / 100.0),
            Metric::BounceRate => share(self.bounces, self.entries).map(|v| (v * 100.0).round()),
            Metric::VisitDuration => share(self.duration_ms, self.visits).map(|v| (v / 1000.0).round()),
        }
    }
}
