//! Scroll map: how far down visits see a page.

use std::collections::HashMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ranking::Listed;
use super::scope::{PAGEVIEW, Scope};
use super::{Report, percent};
use crate::query::Range;
use crate::segment::{Detail, Segment};

/// Percent from one mark to the next.
const STEP: usize = 5;

/// The report: for each visit and page the greatest part seen. A visit counts where it began, whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scroll {
    /// About which visits; a filter on events says which pages.
    pub scope: Scope,
    /// How many pages are shown.
    pub limit: usize,
}

/// A page's visits by the percent of it that each saw: 101 of them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Seen(Vec<u64>);

/// A page of the answer.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct PageScroll {
    /// Its path.
    pub page: String,
    /// How many visits had it.
    pub visits: u64,
    /// The mean of what they saw of it, in percent.
    pub scroll_depth: Option<f64>,
    /// How many saw at least so much of it.
    pub reached: Vec<Reached>,
}

/// A mark on a page.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "ScrollMark")]
pub struct Reached {
    /// How far down it is, in percent.
    pub percent: usize,
    /// How many visits saw it.
    pub visits: u64,
    /// Percent of the page's visits.
    pub share: Option<f64>,
}

impl Seen {
    fn add(&mut self, other: &Self) {
        self.0.resize(101, 0);
        self.0.iter_mut().zip(&other.0).for_each(|(visits, other)| *visits += other);
    }
}

impl Report for Scroll {
    type Partial = HashMap<String, Seen>;
    /// Pages with the most visits first.
    type Answer = Listed<PageScroll>;

    fn range(&self) -> Range {
        self.scope.range
    }

    fn fold(&self, into: &mut Self::Partial, segment: &Segment) {
        let walk = self.scope.walk(segment);
        let scrolled = walk.detail(Detail::Scroll);
        let mut pages: HashMap<u64, Seen> = HashMap::new();
        let mut of_visit: HashMap<u64, u64> = HashMap::new();
        for visit in walk.begun() {
            let looked = |event: &usize| walk.kinds[*event] == PAGEVIEW || scrolled[*event] > 0;
            for event in visit.events.clone().filter(|event| looked(event) && walk.takes(*event)) {
                let seen = of_visit.entry(walk.pages[event]).or_default();
                *seen = scrolled[event].min(100).max(*seen);
            }
            for (page, percent) in of_visit.drain() {
                let seen = pages.entry(page).or_default();
                seen.0.resize(101, 0);
                seen.0[percent as usize] += 1;
            }
        }
        for (page, seen) in pages {
            into.entry(segment.string(page).to_owned()).or_default().add(&seen);
        }
    }

    fn merge(into: &mut Self::Partial, other: Self::Partial) {
        other.into_iter().for_each(|(page, seen)| into.entry(page).or_default().add(&seen));
    }

    /// There is nobody in it.
    fn seal(_: &mut Self::Partial) {}

    fn finish(&self, partial: Self::Partial) -> Self::Answer {
        let visits = |seen: &Seen| seen.0.iter().sum::<u64>();
        let mut pages: Vec<(String, u64, Seen)> =
            partial.into_iter().map(|(page, seen)| (page, visits(&seen), seen)).collect();
        pages.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let (total, other) = (pages.len(), pages.iter().skip(self.limit).map(|page| page.1).sum());
        let row = |(page, visits, Seen(seen)): (String, u64, Seen)| {
            let sum: u64 = (0..).zip(&seen).map(|(percent, visits)| percent * visits).sum();
            let mark = |at: usize| {
                let reached = seen.iter().skip(at).sum();
                Reached { percent: at, visits: reached, share: percent(reached, visits) }
            };
            let scroll_depth = (visits > 0).then(|| (sum as f64 * 100.0 / visits as f64).round() / 100.0);
            PageScroll { page, visits, scroll_depth, reached: (STEP..=100).step_by(STEP).map(mark).collect() }
        };
        Listed { rows: pages.into_iter().take(self.limit).map(row).collect(), total, other }
    }
}
