//! Drop-off: how often visits end on a page.

use std::collections::HashMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ranking::Listed;
use super::scope::{PAGEVIEW, Scope};
use super::{Report, percent};
use crate::query::Range;
use crate::segment::Segment;

/// The report. A visit counts where it began, whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exits {
    /// About which visits; a filter on events says which page views are counted.
    pub scope: Scope,
    /// How many pages are shown.
    pub limit: usize,
}

/// What happened on a page.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Tally {
    visits: u64,
    pageviews: u64,
    exits: u64,
    bounces: u64,
}

/// A page of the answer.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct PageExits {
    /// Its path.
    pub page: String,
    /// How many visits had it.
    pub visits: u64,
    /// How often they looked at it.
    pub pageviews: u64,
    /// How many visits ended on it: it was their last page view.
    pub exits: u64,
    /// How many of these saw no other page view.
    pub single_page_visits: u64,
    /// Percent of its page views that were a visit's last.
    pub exit_rate: Option<f64>,
    /// Percent of the visits that had it which ended on it.
    pub visit_exit_rate: Option<f64>,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.visits += other.visits;
        self.pageviews += other.pageviews;
        self.exits += other.exits;
        self.bounces += other.bounces;
    }
}

impl Report for Exits {
    type Partial = HashMap<String, Tally>;
    /// Pages with the most exits first.
    type Answer = Listed<PageExits>;

    fn range(&self) -> Range {
        self.scope.range
    }

    fn fold(&self, into: &mut Self::Partial, segment: &Segment) {
        let walk = self.scope.walk(segment);
        let mut pages: HashMap<u64, Tally> = HashMap::new();
        let mut of_visit = Vec::new();
        for visit in walk.begun() {
            of_visit.clear();
            let mut last = None;
            let mut views = 0;
            for event in visit.events.clone().filter(|event| walk.kinds[*event] == PAGEVIEW) {
                views += 1;
                last = Some(event);
                if walk.takes(event) {
                    pages.entry(walk.pages[event]).or_default().pageviews += 1;
                    of_visit.push(walk.pages[event]);
                }
            }
            of_visit.sort_unstable();
            of_visit.dedup();
            of_visit.iter().for_each(|page| pages.entry(*page).or_default().visits += 1);
            if let Some(last) = last.filter(|last| walk.takes(*last)) {
                let page = pages.entry(walk.pages[last]).or_default();
                page.exits += 1;
                page.bounces += u64::from(views == 1);
            }
        }
        for (page, tally) in pages {
            into.entry(segment.string(page).to_owned()).or_default().add(tally);
        }
    }

    fn merge(into: &mut Self::Partial, other: Self::Partial) {
        other.into_iter().for_each(|(page, tally)| into.entry(page).or_default().add(tally));
    }

    /// There is nobody in it.
    fn seal(_: &mut Self::Partial) {}

    fn finish(&self, partial: Self::Partial) -> Self::Answer {
        let mut pages: Vec<(String, Tally)> = partial.into_iter().collect();
        pages.sort_by(|a, b| (b.1.exits, b.1.pageviews).cmp(&(a.1.exits, a.1.pageviews)).then_with(|| a.0.cmp(&b.0)));
        let other = pages.iter().skip(self.limit).map(|(_, tally)| tally.exits).sum();
        let total = pages.len();
        let row = |(page, tally): (String, Tally)| PageExits {
            page,
            visits: tally.visits,
            pageviews: tally.pageviews,
            exits: tally.exits,
            single_page_visits: tally.bounces,
            exit_rate: percent(tally.exits, tally.pageviews),
            visit_exit_rate: percent(tally.exits, tally.visits),
        };
        Listed { rows: pages.into_iter().take(self.limit).map(row).collect(), total, other }
    }
}
