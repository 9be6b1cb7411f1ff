//! A page or an event that a goal, a funnel's step or a journey's beginning is about.

use serde::{Deserialize, Serialize};

use super::scope::{Filters, Walk};
use crate::dimension::{Dimension, EventDimension};
use crate::filter::{Clause, Expr, Filter, Matcher, Pattern};
use crate::segment::Segment;

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

    /// What must hold for it, all of it.
    #[must_use]
    pub fn exprs(&self) -> Vec<Expr> {
        let clause = |dimension, patterns: &[Pattern]| {
            let dimension = Dimension::Event(dimension);
            Expr::from(Clause { dimension, negated: false, any_case: false, patterns: patterns.to_vec() })
        };
        let pageview = [Pattern::Is("pageview".to_owned())];
        let named = clause(EventDimension::Name, if self.is_page() { &pageview } else { &self.event });
        let on_page = (!self.page.is_empty()).then(|| clause(EventDimension::Page, &self.page));
        [named].into_iter().chain(on_page).chain(self.filters.iter().cloned()).collect()
    }

    /// For each event of the segment the targets that it is, as bits. A name or a page is compared with all of them once,
    /// not once for each event that has it.
    #[must_use]
    pub fn marks(targets: &[Self], walk: &Walk) -> Vec<u64> {
        let targets = &targets[..targets.len().min(MAX_TARGETS)];
        let pageview = [Pattern::Is("pageview".to_owned())];
        let named = targets.iter().map(|target| if target.is_page() { &pageview } else { target.event.as_slice() });
        let mut names = Known::of(EventDimension::Name, named, walk.segment);
        let mut pages =
            Known::of(EventDimension::Page, targets.iter().map(|target| target.page.as_slice()), walk.segment);
        let events = walk.names.iter().zip(&walk.pages);
        let mut marks: Vec<u64> = events
            .map(|(name, page)| match names.marks(*name) {
                0 => 0,
                marks => marks & pages.marks(*page),
            })
            .collect();
        for (place, target) in targets.iter().enumerate().filter(|(_, target)| !target.filters.is_empty()) {
            let filter = Filter::of(&target.filters, walk.segment);
            for visit in walk.all_visits() {
                let is_meant = filter.takes_visit(visit.place);
                let missed = visit.events.clone().filter(|event| !(is_meant && filter.takes_event(*event)));
                missed.for_each(|event| marks[event] &= !(1 << place));
            }
        }
        marks
    }
}

/// For strings of a segment the targets that they can stand in, as bits, once that is known.
struct Known<'s> {
    segment: &'s Segment,
    /// By target; none: any string.
    matchers: Vec<Option<Matcher>>,
    marks: Vec<Option<u64>>,
}

impl<'s> Known<'s> {
    fn of<'t>(dimension: EventDimension, patterns: impl Iterator<Item = &'t [Pattern]>, segment: &'s Segment) -> Self {
        let matcher = |patterns: &[Pattern]| {
            let (negated, any_case, patterns) = (false, false, patterns.to_vec());
            let clause = Clause { dimension: Dimension::Event(dimension), negated, any_case, patterns };
            (!clause.patterns.is_empty()).then(|| Matcher::of(&clause))
        };
        Self { segment, matchers: patterns.map(matcher).collect(), marks: vec![None; segment.strings().len()] }
    }

    fn marks(&mut self, sym: u64) -> u64 {
        let known = self.marks.get(sym as usize).copied().flatten();
        known.unwrap_or_else(|| self.compare(sym))
    }

    fn compare(&mut self, sym: u64) -> u64 {
        let text = self.segment.string(sym);
        let takes = |matcher: &Option<Matcher>| matcher.as_ref().is_none_or(|matcher| matcher.holds(text));
        let marks = (0..).zip(&self.matchers).map(|(place, matcher)| u64::from(takes(matcher)) << place).sum();
        if let Some(known) = self.marks.get_mut(sym as usize) {
            *known = Some(marks);
        }
        marks
    }
}
