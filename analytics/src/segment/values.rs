//! The values that a segment's events have in the dimensions of a query.

use super::{Column, Detail, Segment, kind_number};
use crate::dimension::{Dimension, EventDimension};

impl Dimension {
    /// For each event of a segment its value as a symbol; zeros where it is no dimension of events with one value each.
    #[must_use]
    pub fn of_events(&self, segment: &Segment) -> Vec<u64> {
        match self {
            Self::Event(EventDimension::Page) => segment.of_events(Column::Page),
            Self::Event(EventDimension::Hostname) => segment.of_events(Column::Host),
            Self::Event(EventDimension::Name) => segment.names(&segment.of_events(Column::Kind)),
            Self::Property(key) => segment.property(key),
            Self::Visit(_) | Self::Time(_) | Self::Goal => vec![0; segment.events()],
        }
    }
}

impl Segment {
    /// For each event where its properties stand in the columns [`Column::PropKey`] and so on.
    pub fn properties(&self) -> impl Iterator<Item = core::ops::Range<usize>> {
        let kinds = self.of_events(Column::Kind);
        let with_props = [Detail::PageviewProps, Detail::CustomProps, Detail::PassiveProps];
        let mut counts = with_props.map(|detail| {
            let kind = kind_number(detail.kind());
            let events = kinds.iter().filter(|k| **k == kind).count();
            (kind, self.of_some(Column::Detail(detail), events).into_iter())
        });
        let mut start = 0;
        kinds.into_iter().map(move |kind| {
            let count = counts.iter_mut().find(|(k, _)| *k == kind).and_then(|(_, counts)| counts.next());
            let place = start..start + count.unwrap_or(0) as usize;
            start = place.end;
            place
        })
    }

    /// For each event the value of its property with this key, as a symbol; 0 where it has none.
    #[must_use]
    pub fn property(&self, key: &str) -> Vec<u64> {
        let none = || vec![0; self.events()];
        let Some(key) = self.strings().position(|text| text == key).filter(|place| *place > 0) else { return none() };
        let places: Vec<_> = self.properties().collect();
        let count = places.last().map_or(0, |last| last.end);
        let (keys, texts) = (self.of_some(Column::PropKey, count), self.of_some(Column::PropText, count));
        let value = |place: core::ops::Range<usize>| {
            let found = place.into_iter().find(|at| keys[*at] == key as u64);
            found.map_or(0, |at| texts[at])
        };
        places.into_iter().map(value).collect()
    }
}
