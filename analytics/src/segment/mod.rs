//! Sessions laid out for reading: strings once, numbers in columns, everything that reports need of a visit derived.
//!
//! The same bytes serve a day that is still running (made anew when a session changes) and one that is over (stored as
//! they are). A report reads the columns it needs and no others.

mod builder;
mod column;
mod layout;
mod values;
mod visit;

use std::collections::HashMap;
use std::ops::Range;

pub use builder::Builder;
pub(crate) use column::{pack, unpack};
use column::{put_varint, take_varint};
pub use layout::{Column, Detail, kind_number, unzigzag, zigzag};
pub use visit::{Event, Visit};

use crate::session::Unreadable;

/// A string by its place in the segment's table. 0 is the empty string.
pub type Sym = u32;

/// The first byte of a packed segment. A later layout takes another number.
const LAYOUT: u8 = 1;

/// A set of sessions, read-only. Columns stay packed until they are read.
#[derive(Debug, Default)]
pub struct Segment {
    bytes: Vec<u8>,
    visits: usize,
    events: usize,
    base_ms: i64,
    span: (i64, i64),
    /// Where each string stands in `bytes`.
    strings: Vec<Range<u32>>,
    /// Where each column stands in `bytes`, and how many values it has.
    columns: HashMap<usize, (Range<usize>, usize)>,
}

impl Segment {
    /// Reads a packed segment.
    ///
    /// # Errors
    /// The bytes are of another layout, or damaged.
    pub fn parse(bytes: Vec<u8>) -> Result<Self, Unreadable> {
        Self::directory(bytes).ok_or(Unreadable)
    }

    /// `LAYOUT | visits | events | base_ms | first_ms | last_ms | strings | columns`, numbers as varints (times in zigzag),
    /// each string and column behind its length, a column also behind its number and its count of values.
    fn directory(bytes: Vec<u8>) -> Option<Self> {
        let whole = bytes.len();
        let mut rest = bytes.strip_prefix(&[LAYOUT])?;
        let mut number = || -> Option<u64> {
            let (number, behind) = take_varint(rest)?;
            rest = behind;
            Some(number)
        };
        let (visits, events) = (usize::try_from(number()?).ok()?, usize::try_from(number()?).ok()?);
        let base_ms = unzigzag(number()?);
        let span = (unzigzag(number()?), unzigzag(number()?));
        let count = usize::try_from(number()?).ok()?;
        let mut strings = Vec::with_capacity(count.min(whole));
        for _ in 0..count {
            let (length, behind) = take_varint(rest)?;
            let (text, behind) = behind.split_at_checked(usize::try_from(length).ok()?)?;
            core::str::from_utf8(text).ok()?;
            let start = whole - behind.len() - text.len();
            strings.push(u32::try_from(start).ok()?..u32::try_from(start + text.len()).ok()?);
            rest = behind;
        }
        let mut columns = HashMap::new();
        while !rest.is_empty() {
            let (id, behind) = take_varint(rest)?;
            let (values, behind) = take_varint(behind)?;
            let (length, behind) = take_varint(behind)?;
            let (packed, behind) = behind.split_at_checked(usize::try_from(length).ok()?)?;
            let start = whole - behind.len() - packed.len();
            columns.insert(usize::try_from(id).ok()?, (start..start + packed.len(), usize::try_from(values).ok()?));
            rest = behind;
        }
        Some(Self { visits, events, base_ms, span, strings, columns, bytes })
    }

    /// The packed form.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many visits it holds.
    #[must_use]
    pub const fn visits(&self) -> usize {
        self.visits
    }

    /// How many events it holds.
    #[must_use]
    pub const fn events(&self) -> usize {
        self.events
    }

    /// The time from which [`Column::Start`] counts, in milliseconds since 1970 in UTC.
    #[must_use]
    pub const fn base_ms(&self) -> i64 {
        self.base_ms
    }

    /// When its first event happened and when its last one did, in milliseconds since 1970 in UTC.
    #[must_use]
    pub const fn span_ms(&self) -> (i64, i64) {
        self.span
    }

    /// Its strings, by their places.
    pub fn strings(&self) -> impl ExactSizeIterator<Item = &str> {
        (0..self.strings.len()).map(|place| self.string(place as u64))
    }

    /// The string of a symbol; empty where there is none.
    #[must_use]
    pub fn string(&self, sym: u64) -> &str {
        let place = usize::try_from(sym).ok().and_then(|place| self.strings.get(place));
        let bytes = place.and_then(|place| self.bytes.get(place.start as usize..place.end as usize));
        bytes.and_then(|bytes| core::str::from_utf8(bytes).ok()).unwrap_or("")
    }

    /// Whether some value of a column is not zero.
    #[must_use]
    pub fn has(&self, column: Column) -> bool {
        self.columns.contains_key(&column.id())
    }

    /// A column's values; zeros for one that is not there. `count` is how many there are then.
    fn values(&self, column: Column, count: usize) -> Vec<u64> {
        let found = self.columns.get(&column.id());
        let read = found.and_then(|(place, count)| unpack(self.bytes.get(place.clone())?, *count));
        read.filter(|values| values.len() >= count).unwrap_or_else(|| vec![0; count])
    }

    /// A column with a value for each visit.
    #[must_use]
    pub fn of_visits(&self, column: Column) -> Vec<u64> {
        self.values(column, self.visits)
    }

    /// A column with a value for each event.
    #[must_use]
    pub fn of_events(&self, column: Column) -> Vec<u64> {
        self.values(column, self.events)
    }

    /// A column with a value for each event of one kind, or for each property or item. `count` is how many there are.
    #[must_use]
    pub fn of_some(&self, column: Column, count: usize) -> Vec<u64> {
        self.values(column, count)
    }

    /// The events' names as symbols: that of a custom event, or its kind's. `kinds` are the events' [`Column::Kind`].
    #[must_use]
    pub fn names(&self, kinds: &[u64]) -> Vec<u64> {
        let given = [("custom", Detail::CustomName), ("passive_custom", Detail::PassiveName)].map(|(label, column)| {
            let kind = kind_number(label);
            let count = kinds.iter().filter(|k| **k == kind).count();
            (kind, self.of_some(Column::Detail(column), count).into_iter())
        });
        let [(custom, mut custom_names), (passive, mut passive_names)] = given;
        let name = |kind: &u64| match *kind {
            kind if kind == custom => custom_names.next().unwrap_or(0),
            kind if kind == passive => passive_names.next().unwrap_or(0),
            kind => kind + 1, // the kinds' names stand first in the table, behind the empty string
        };
        kinds.iter().map(name).collect()
    }

    /// The visitors of the visits.
    #[must_use]
    pub fn visitors(&self) -> Vec<u64> {
        let mut visitors = self.of_visits(Column::Visitor);
        let mut last = 0u64;
        for visitor in &mut visitors {
            last = last.wrapping_add(*visitor);
            *visitor = last;
        }
        visitors
    }

    /// When the visits began, in milliseconds since 1970 in UTC.
    #[must_use]
    pub fn starts_ms(&self) -> Vec<i64> {
        self.of_visits(Column::Start).into_iter().map(|after| self.base_ms.wrapping_add(unzigzag(after))).collect()
    }
}
