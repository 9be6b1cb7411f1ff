//! Which visits and events a report is about, and the columns to walk through them.

use core::ops::Range as Places;

use serde::{Deserialize, Serialize};

use crate::calendar::Zone;
use crate::filter::{Expr, Filter};
use crate::query::Range;
use crate::segment::{Column, Detail, Segment, kind_number};
use crate::visitor::Visitor;

/// What a report's visits and events must be like: all of it.
pub type Filters = Vec<Expr>;

/// What every report is asked: about when, on whose clocks, about which visits and events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// About when. An event counts where it happened, a visit where it began.
    pub range: Range,
    /// In whose days.
    pub zone: Zone,
    /// About which visits and events.
    pub filters: Filters,
}

/// A visit of a segment.
#[derive(Clone, Debug)]
pub struct Visit {
    /// Its place among the segment's visits.
    pub place: usize,
    /// Whose it is.
    pub visitor: Visitor,
    /// When it began.
    pub start_ms: i64,
    /// The places of its events.
    pub events: Places<usize>,
}

/// A segment's columns that every walk through its events needs.
pub struct Walk<'s> {
    /// The segment.
    pub segment: &'s Segment,
    /// When each event happened.
    pub at_ms: Vec<i64>,
    /// The events' kinds, by number.
    pub kinds: Vec<u64>,
    /// The events' pages, as symbols.
    pub pages: Vec<u64>,
    /// The events' names, as symbols.
    pub names: Vec<u64>,
    range: Range,
    filter: Filter<'s>,
    visits: Vec<Visit>,
}

/// The number of the kind "pageview", which is the protocol's first.
pub const PAGEVIEW: u64 = 0;

/// The kinds that are steps of a visitor's way: what they looked at and what they did there, without what is measured
/// meanwhile.
const ACTS: [&str; 10] = [
    "pageview",
    "outbound",
    "download",
    "form_submit",
    "search",
    "custom",
    "cart_add",
    "cart_remove",
    "checkout",
    "order",
];

/// By a kind's number, whether it is a step of a visitor's way.
#[must_use]
pub fn acts() -> Vec<bool> {
    let mut table = vec![false; passerby_protocol::Kind::<&str>::LABELS.len()];
    ACTS.iter().for_each(|label| table[kind_number(label) as usize] = true);
    table
}

impl Scope {
    /// The columns of a segment, under this scope's filters.
    #[must_use]
    pub fn walk<'s>(&self, segment: &'s Segment) -> Walk<'s> {
        let kinds = segment.of_events(Column::Kind);
        let mut at_ms: Vec<i64> = segment.of_events(Column::After).into_iter().map(|after| after as i64).collect();
        let (visitors, starts_ms) = (segment.visitors(), segment.starts_ms());
        let mut end = 0usize;
        let visit = |(place, count): (usize, u64)| {
            let first = end;
            end = segment.events().min(first.saturating_add(count as usize));
            let mut time_ms = starts_ms[place];
            for at_ms in &mut at_ms[first..end] {
                time_ms += *at_ms;
                *at_ms = time_ms;
            }
            Visit { place, visitor: Visitor(visitors[place]), start_ms: starts_ms[place], events: first..end }
        };
        let visits = segment.of_visits(Column::Events).into_iter().enumerate().map(visit).collect();
        Walk {
            segment,
            at_ms,
            pages: segment.of_events(Column::Page),
            names: segment.names(&kinds),
            kinds,
            range: self.range,
            filter: Filter::of(&self.filters, segment),
            visits,
        }
    }
}

impl Walk<'_> {
    /// The visits that are meant, whenever they began.
    pub fn visits(&self) -> impl Iterator<Item = &Visit> {
        self.visits.iter().filter(|visit| self.filter.takes_visit(visit.place))
    }

    /// Every visit, meant or not.
    #[must_use]
    pub fn all_visits(&self) -> &[Visit] {
        &self.visits
    }

    /// The visits that are meant and began in the range; where a filter is about events, those that have such an event.
    pub fn begun(&self) -> impl Iterator<Item = &Visit> {
        self.visits().filter(|visit| self.range.holds(visit.start_ms) && self.has_taken(visit))
    }

    /// Whether some event of the visit is meant, or none needs to be.
    #[must_use]
    pub fn has_taken(&self, visit: &Visit) -> bool {
        !self.filter.is_about_events() || visit.events.clone().any(|event| self.takes(event))
    }

    /// A visit's events that are meant and happened in the range.
    pub fn taken(&self, visit: &Visit) -> impl Iterator<Item = usize> {
        visit.events.clone().filter(|event| self.range.holds(self.at_ms[*event]) && self.takes(*event))
    }

    /// Whether this event is meant, of a visit that is.
    #[must_use]
    pub fn takes(&self, event: usize) -> bool {
        self.filter.takes_event(event)
    }

    /// Whether this event happened in the range.
    #[must_use]
    pub fn in_range(&self, event: usize) -> bool {
        self.range.holds(self.at_ms[event])
    }

    /// What only events of one kind have, with a value for every event: 0 for those of other kinds.
    #[must_use]
    pub fn detail(&self, detail: Detail) -> Vec<u64> {
        let kind = kind_number(detail.kind());
        let count = self.kinds.iter().filter(|k| **k == kind).count();
        if count == 0 {
            return vec![0; self.kinds.len()];
        }
        let mut values = self.segment.of_some(Column::Detail(detail), count).into_iter();
        let value = |k: &u64| if *k == kind { values.next().unwrap_or(0) } else { 0 };
        self.kinds.iter().map(value).collect()
    }

    /// For each event the first of its parts (properties, items), of which these details say how many it has; and how
    /// many there are.
    #[must_use]
    pub fn parts(&self, counts: &[Detail]) -> Vec<usize> {
        let columns: Vec<Vec<u64>> = counts.iter().map(|detail| self.detail(*detail)).collect();
        let (mut starts, mut end) = (Vec::with_capacity(self.kinds.len() + 1), 0usize);
        for event in 0..self.kinds.len() {
            starts.push(end);
            end += columns.iter().map(|column| column[event] as usize).sum::<usize>();
        }
        starts.push(end);
        starts
    }

    /// The events' properties.
    #[must_use]
    pub fn props(&self) -> Props {
        let starts = self.parts(&[Detail::PageviewProps, Detail::CustomProps, Detail::PassiveProps]);
        let count = starts.last().copied().unwrap_or(0);
        let column = |column| self.segment.of_some(column, count);
        Props {
            keys: column(Column::PropKey),
            texts: column(Column::PropText),
            minors: column(Column::PropMinor),
            currencies: column(Column::PropCurrency),
            starts,
        }
    }
}

/// The properties of a segment's events.
pub struct Props {
    starts: Vec<usize>,
    keys: Vec<u64>,
    texts: Vec<u64>,
    minors: Vec<u64>,
    currencies: Vec<u64>,
}

/// A property of an event.
#[derive(Clone, Copy, Debug)]
pub struct Prop {
    /// Its key, as a symbol.
    pub key: u64,
    /// Its value as text, as a symbol.
    pub text: u64,
    /// If it is an amount: minor units.
    pub minor: i64,
    /// If it is an amount: the currency, as a symbol; else 0.
    pub currency: u64,
}

impl Props {
    /// An event's.
    pub fn of(&self, event: usize) -> impl Iterator<Item = Prop> {
        (self.starts[event]..self.starts[event + 1]).map(|place| Prop {
            key: self.keys[place],
            text: self.texts[place],
            minor: crate::segment::unzigzag(self.minors[place]),
            currency: self.currencies[place],
        })
    }
}
