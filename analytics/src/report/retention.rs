//! Retention: of the visitors first seen in a day, week or month, how many are seen again in each one after it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::scope::Scope;
use super::stats::bucket_ms;
use super::{Report, percent};
use crate::calendar::{DAY_MS, Day};
use crate::dimension::TimeDimension;
use crate::query::Range;
use crate::segment::Segment;
use crate::visitor::Visitor;

/// Most cohorts of a question: a year of days. Each may be seen again in each later one: 67,000 numbers, 500 KB.
pub const MAX_COHORTS: usize = 366;

/// The report. A visitor is first seen where the range has their first event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retention {
    /// About which events.
    pub scope: Scope,
    /// Day, week or month.
    pub by: TimeDimension,
}

/// The state: who was seen when, by the first day of each period; then how many.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Partial {
    /// In any order, the first `settled` ascending and distinct.
    seen: Vec<(Visitor, i32)>,
    settled: usize,
    /// By cohort and period: visitors who are forgotten.
    sealed: BTreeMap<(i32, i32), u64>,
}

/// A cohort of the answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cohort {
    /// The first day of its period.
    pub date: String,
    /// How many visitors were first seen in it.
    pub visitors: u64,
    /// How many of them were seen in it and in each period after it, up to the range's last.
    pub returned: Vec<u64>,
    /// The same in percent of the cohort.
    pub rates: Vec<Option<f64>>,
}

impl Partial {
    fn settle(&mut self) {
        if self.settled < self.seen.len() {
            self.seen.sort_unstable();
            self.seen.dedup();
            self.settled = self.seen.len();
        }
    }
}

impl Report for Retention {
    type Partial = Partial;
    type Answer = Vec<Cohort>;

    fn range(&self) -> Range {
        self.scope.range
    }

    fn fold(&self, into: &mut Partial, segment: &Segment) {
        let walk = self.scope.walk(segment);
        for visit in walk.visits() {
            let mut until_ms = i64::MIN;
            let mut last = None;
            for event in walk.taken(visit) {
                // Most events fall into the day of the one before, and need no look at the calendar.
                let at_ms = walk.at_ms[event];
                if at_ms < until_ms {
                    continue;
                }
                let local_ms = self.scope.zone.local_ms(at_ms);
                until_ms = if self.scope.zone.offset_ms(at_ms + DAY_MS) == local_ms - at_ms {
                    at_ms + DAY_MS - local_ms.rem_euclid(DAY_MS)
                } else {
                    at_ms
                };
                let period = self.period(at_ms);
                if last.replace(period) != Some(period) {
                    into.seen.push((visit.visitor, period));
                }
            }
        }
        if into.seen.len() >= 2 * into.settled.max(512) {
            into.settle();
        }
    }

    fn merge(into: &mut Partial, other: Partial) {
        into.seen.extend(other.seen);
        into.settle();
        for (cell, count) in other.sealed {
            *into.sealed.entry(cell).or_default() += count;
        }
    }

    fn seal(partial: &mut Partial) {
        partial.settle();
        for of_one in core::mem::take(&mut partial.seen).chunk_by(|a, b| a.0 == b.0) {
            for (_, period) in of_one {
                *partial.sealed.entry((of_one[0].1, *period)).or_default() += 1;
            }
        }
        partial.settled = 0;
    }

    /// Cohorts in order of time; empty ones too, from the first that has a visitor.
    fn finish(&self, mut partial: Partial) -> Vec<Cohort> {
        Self::seal(&mut partial);
        let Some(first) = partial.sealed.keys().map(|(cohort, _)| *cohort).min() else { return Vec::new() };
        let last = self.period(self.scope.range.to_ms - 1).max(first);
        let periods: Vec<i32> =
            core::iter::successors(Some(first), |period| Some(self.next(*period)).filter(|next| *next <= last))
                .collect();
        let cohort = |(place, cohort): (usize, &i32)| {
            let count = |period: &i32| partial.sealed.get(&(*cohort, *period)).copied().unwrap_or(0);
            let returned: Vec<u64> = periods[place..].iter().map(count).collect();
            let visitors = returned.first().copied().unwrap_or(0);
            let rates = returned.iter().map(|seen| percent(*seen, visitors)).collect();
            Cohort { date: Day(*cohort).iso(), visitors, returned, rates }
        };
        periods.iter().enumerate().map(cohort).collect()
    }
}

impl Retention {
    /// How many cohorts there may be.
    #[must_use]
    pub fn cohorts(&self) -> usize {
        let days = (self.scope.range.to_ms - self.scope.range.from_ms) / DAY_MS + 1;
        let shortest = match self.by {
            TimeDimension::Month => 28,
            TimeDimension::Week => 7,
            _ => 1,
        };
        (days / shortest) as usize
    }

    /// The first day of the period that holds this instant.
    fn period(&self, at_ms: i64) -> i32 {
        (bucket_ms(self.by, at_ms, &self.scope.zone) / DAY_MS) as i32
    }

    fn next(&self, period: i32) -> i32 {
        match self.by {
            TimeDimension::Month => Day(period).add_months(1).0,
            TimeDimension::Week => period + 7,
            _ => period + 1,
        }
    }
}
