//! A page or an event that a goal, a funnel's step or a journey's beginning is about.

use serde::{Deserialize, Serialize};

use super::scope::{Filters, Walk};
use crate::dimension::{Dimension, EventDimension};
use crate::filter::{Clause, Expr, Filter, Pattern};

/// What an event must be like to count as the target.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// What answers call it.
    pub name: String,
    /// Its page matches one of these; none: any page.
    pub page: Vec<Pattern>,
    /// Its name matches one of these; none: it is a page view.
    pub event: Vec<Pattern>,
    /// What else it and its visit must be like.
    pub filters: Filters,
}

/// Most targets of one question: as many as bits of a mark.
pub const MAX_TARGETS: usize = u64::BITS as usize;

impl Target {
    /// Whether it is about page views.
    #[must_use]
    pub const fn is_page(&self) -> bool {
        self.event.is_empty()
    }

    /// Calls for each of the segment's events that is the target.
    pub fn each(&self, walk: &Walk, mut found: impl FnMut(usize)) {
        let exprs = self.exprs();
        let filter = Filter::of(&exprs, walk.segment);
        for visit in walk.all_visits().iter().filter(|visit| filter.takes_visit(visit.place)) {
            visit.events.clone().filter(|event| filter.takes_event(*event)).for_each(&mut found);
        }
    }

    fn exprs(&self) -> Vec<Expr> {
        let clause = |dimension, patterns: &[Pattern]| {
            let dimension = Dimension::Event(dimension);
            Expr::from(Clause { dimension, negated: false, any_case: false, patterns: patterns.to_vec() })
        };
        let pageview = [Pattern::Is("pageview".to_owned())];
        let named = clause(EventDimension::Name, if self.is_page() { &pageview } else { &self.event });
        let on_page = (!self.page.is_empty()).then(|| clause(EventDimension::Page, &self.page));
        [named].into_iter().chain(on_page).chain(self.filters.iter().cloned()).collect()
    }

    /// For each event of the segment the targets that it is, as bits.
    #[must_use]
    pub fn marks(targets: &[Self], walk: &Walk) -> Vec<u64> {
        let mut marks = vec![0; walk.kinds.len()];
        for (place, target) in targets.iter().take(MAX_TARGETS).enumerate() {
            target.each(walk, |event| marks[event] |= 1 << place);
        }
        marks
    }
}
