//! What is counted for one group of visits and events.

use std::collections::BTreeMap;

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
    /// Pages of visits.
    pub(super) pages: u64,
    /// How long they were visible and had the focus.
    pub(super) engaged_ms: u64,
    /// Those of them with a measured depth.
    pub(super) scrolled: u64,
    /// The sum of these depths.
    pub(super) scroll_percent: u64,
    pub(super) revenue: Revenue,
}

/// What was paid, and when, in minor units of a currency.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Amount {
    pub(super) at_ms: i64,
    pub(super) minor: i64,
    pub(super) currency: String,
}

/// Amounts, never added across currencies.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revenue {
    /// By currency: how many, and their sum.
    events: BTreeMap<String, (u64, i64)>,
    /// By the hash of the order's id, which counts once however often it is sent: the earliest.
    orders: BTreeMap<u64, Amount>,
}

impl Revenue {
    pub(super) fn add(&mut self, order: Option<u64>, amount: Amount) {
        let Some(order) = order else {
            let sum = self.events.entry(amount.currency).or_default();
            *sum = (sum.0 + 1, sum.1.saturating_add(amount.minor));
            return;
        };
        let known = self.orders.entry(order).or_insert_with(|| amount.clone());
        if amount < *known {
            *known = amount;
        }
    }

    fn merge(&mut self, other: Self) {
        for (currency, (count, minor)) in other.events {
            let sum = self.events.entry(currency).or_default();
            *sum = (sum.0 + count, sum.1.saturating_add(minor));
        }
        other.orders.into_iter().for_each(|(order, amount)| self.add(Some(order), amount));
    }

    fn sums(&self) -> BTreeMap<&str, (u64, i64)> {
        let mut sums: BTreeMap<&str, (u64, i64)> = BTreeMap::new();
        let events = self.events.iter().map(|(currency, sum)| (currency.as_str(), *sum));
        let orders = self.orders.values().map(|amount| (amount.currency.as_str(), (1, amount.minor)));
        for (currency, (count, minor)) in events.chain(orders) {
            let sum = sums.entry(currency).or_default();
            *sum = (sum.0 + count, sum.1.saturating_add(minor));
        }
        sums
    }

    /// The currencies there are.
    #[must_use]
    pub fn currencies(&self) -> Vec<String> {
        self.sums().into_keys().map(str::to_owned).collect()
    }

    /// How many amounts, and their sum in minor units; `None` unless all are of one currency.
    fn total(&self) -> Option<(u64, i64)> {
        let sums = self.sums();
        if sums.len() == 1 { sums.into_values().next() } else { None }
    }
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
        self.pages += other.pages;
        self.engaged_ms += other.engaged_ms;
        self.scrolled += other.scrolled;
        self.scroll_percent += other.scroll_percent;
        self.revenue.merge(other.revenue);
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
            Metric::ScrollDepth => share(self.scroll_percent, self.scrolled).map(f64::round),
            Metric::TimeOnPage => share(self.engaged_ms, self.pages).map(|v| (v / 1000.0).round()),
            Metric::TotalRevenue => self.revenue.total().map(|(_, minor)| minor as f64),
            Metric::AverageRevenue => self.revenue.total().map(|(count, minor)| (minor as f64 / count as f64).round()),
        }
    }
}
