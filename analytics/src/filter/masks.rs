//! Filters over a segment: for each visit and each event, whether it is meant.

use std::cell::OnceCell;

use super::pattern::Matcher;
use super::{Clause, Expr};
use crate::dimension::Dimension;
use crate::segment::{Column, Segment};

/// For each visit, or each event, whether something holds.
type Mask = Vec<bool>;

/// A query's filters over one segment. Each string of a column is compared once, not once for each visit that has it,
/// and the columns of events are read when the first event is asked about, or for [`Expr::Done`].
pub struct Filter<'s> {
    columns: Columns<'s>,
    /// What holds for whole visits; `None`: all are meant.
    visits: Option<Mask>,
    /// What must hold for an event, besides.
    about_events: Vec<Expr>,
    events: OnceCell<Mask>,
}

impl<'s> Filter<'s> {
    /// Compares the segment's strings with the filters, all of which must hold.
    #[must_use]
    pub fn of(filters: &[Expr], segment: &'s Segment) -> Self {
        let columns = Columns { segment, lengths: OnceCell::new() };
        // Parts of an outer "and" are filters of their own.
        let mut parts: Vec<&Expr> = Vec::new();
        let mut open: Vec<&Expr> = filters.iter().rev().collect();
        while let Some(expr) = open.pop() {
            match expr {
                Expr::All(inner) => open.extend(inner.iter().rev()),
                other => parts.push(other),
            }
        }
        let (about_events, about_visits): (Vec<&Expr>, Vec<&Expr>) =
            parts.into_iter().partition(|expr| expr.is_about_events());
        let visits = (!about_visits.is_empty()).then(|| {
            let mut mask = vec![true; segment.visits()];
            about_visits.iter().for_each(|expr| and(&mut mask, &columns.on_visits(expr)));
            mask
        });
        let about_events = about_events.into_iter().cloned().collect();
        Self { columns, visits, about_events, events: OnceCell::new() }
    }

    /// Whether the visit at this place is meant, as far as that can be said of the whole visit. Where
    /// [`Filter::is_about_events`], it counts only if an event of it is meant, too.
    #[must_use]
    pub fn takes_visit(&self, visit_place: usize) -> bool {
        self.visits.as_ref().is_none_or(|mask| mask.get(visit_place).copied().unwrap_or(false))
    }

    /// Whether some filter tells events of one visit apart. Where none does, all events of a visit that is meant are.
    #[must_use]
    pub fn is_about_events(&self) -> bool {
        !self.about_events.is_empty()
    }

    /// Whether the event at this place among the segment's events is meant, if its visit is.
    #[must_use]
    pub fn takes_event(&self, event_place: usize) -> bool {
        if self.about_events.is_empty() {
            return true;
        }
        let mask = self.events.get_or_init(|| {
            let mut mask = vec![true; self.columns.segment.events()];
            self.about_events.iter().for_each(|expr| and(&mut mask, &self.columns.on_events(expr)));
            mask
        });
        mask.get(event_place).copied().unwrap_or(false)
    }

    /// Whether the visit counts whose events stand at these places: it is meant, and so is one of them.
    #[must_use]
    pub fn takes_some_of(&self, visit_place: usize, mut event_places: core::ops::Range<usize>) -> bool {
        self.takes_visit(visit_place)
            && (!self.is_about_events() || event_places.any(|event_place| self.takes_event(event_place)))
    }
}

fn and(mask: &mut Mask, other: &Mask) {
    mask.iter_mut().zip(other).for_each(|(holds, other)| *holds &= other);
}

fn or(mask: &mut Mask, other: &Mask) {
    mask.iter_mut().zip(other).for_each(|(holds, other)| *holds |= other);
}

/// A segment's columns, as expressions need them.
struct Columns<'s> {
    segment: &'s Segment,
    /// Events of each visit.
    lengths: OnceCell<Vec<u64>>,
}

impl Columns<'_> {
    /// For each visit; the expression is not about events.
    fn on_visits(&self, expr: &Expr) -> Mask {
        match expr {
            Expr::Clause(clause) => match &clause.dimension {
                Dimension::Visit(dimension) => {
                    self.compare(clause, &self.segment.of_visits(Column::Dimension(*dimension)))
                }
                // Not about visits, or refused where a query is read.
                _ => vec![true; self.segment.visits()],
            },
            Expr::Done(inner) => self.some_event(&self.on_events(inner)),
            Expr::All(parts) => self.all(parts, self.segment.visits(), Self::on_visits),
            Expr::Any(parts) => self.any(parts, self.segment.visits(), Self::on_visits),
            Expr::Not(part) => self.on_visits(part).into_iter().map(|holds| !holds).collect(),
        }
    }

    /// For each event.
    fn on_events(&self, expr: &Expr) -> Mask {
        if !expr.is_about_events() {
            return self.of_their_visits(&self.on_visits(expr));
        }
        match expr {
            Expr::Clause(clause) => self.compare(clause, &clause.dimension.of_events(self.segment)),
            Expr::All(parts) => self.all(parts, self.segment.events(), Self::on_events),
            Expr::Any(parts) => self.any(parts, self.segment.events(), Self::on_events),
            Expr::Not(part) => self.on_events(part).into_iter().map(|holds| !holds).collect(),
            Expr::Done(_) => self.of_their_visits(&self.on_visits(expr)),
        }
    }

    fn all(&self, parts: &[Expr], count: usize, mask_of: impl Fn(&Self, &Expr) -> Mask) -> Mask {
        let mut mask = vec![true; count];
        parts.iter().for_each(|part| and(&mut mask, &mask_of(self, part)));
        mask
    }

    fn any(&self, parts: &[Expr], count: usize, mask_of: impl Fn(&Self, &Expr) -> Mask) -> Mask {
        let mut mask = vec![false; count];
        parts.iter().for_each(|part| or(&mut mask, &mask_of(self, part)));
        mask
    }

    fn compare(&self, clause: &Clause, column: &[u64]) -> Mask {
        let matcher = Matcher::of(clause);
        let mut known: Vec<Option<bool>> = vec![None; self.segment.strings().len()];
        let holds = |sym: &u64| {
            let compared = || matcher.holds(self.segment.string(*sym));
            match usize::try_from(*sym).ok().and_then(|place| known.get_mut(place)) {
                Some(known) => *known.get_or_insert_with(compared),
                None => compared(),
            }
        };
        column.iter().map(holds).collect()
    }

    fn lengths(&self) -> impl Iterator<Item = usize> {
        self.lengths.get_or_init(|| self.segment.of_visits(Column::Events)).iter().map(|count| *count as usize)
    }

    fn of_their_visits(&self, visits: &Mask) -> Mask {
        let mut mask = Vec::with_capacity(self.segment.events());
        for (holds, count) in visits.iter().zip(self.lengths()) {
            mask.resize(mask.len() + count, *holds);
        }
        mask
    }

    fn some_event(&self, events: &Mask) -> Mask {
        let mut rest = events.as_slice();
        let some = |count: usize| {
            let (of_visit, behind) = rest.split_at(count.min(rest.len()));
            rest = behind;
            of_visit.contains(&true)
        };
        self.lengths().map(some).collect()
    }
}
