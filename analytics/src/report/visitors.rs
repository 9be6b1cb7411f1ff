//! A set of visitors that can be counted, merged and forgotten.

use serde::{Deserialize, Serialize};

use crate::segment::{pack, unpack};
use crate::visitor::Visitor;

/// Distinct visitors. They are collected as they come and sorted when there are twice as many as after the last time, so
/// that a visitor costs a few nanoseconds rather than a place in a hash table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Packed", try_from = "Packed")]
pub struct Visitors {
    /// In any order, the first `settled` ascending and distinct.
    seen: Vec<Visitor>,
    settled: usize,
    /// Visitors of other shards: how many. They are none of `seen`, as a visitor lives in one shard.
    sealed: u64,
}

impl Visitors {
    /// Adds one.
    pub fn see(&mut self, visitor: Visitor) {
        if self.seen.last() == Some(&visitor) {
            return;
        }
        if self.seen.len() >= 1024 && self.seen.len() >= 2 * self.settled {
            self.settle();
        }
        self.seen.push(visitor);
    }

    /// Adds those of other visits.
    pub fn merge(&mut self, other: Self) {
        self.sealed += other.sealed;
        if self.seen.is_empty() {
            (self.seen, self.settled) = (other.seen, other.settled);
            return;
        }
        self.seen.extend(other.seen);
        if self.seen.len() >= 2 * self.settled.max(512) {
            self.settle();
        }
    }

    /// Each once, in order.
    pub fn settle(&mut self) {
        if self.settled < self.seen.len() {
            // Of sorted runs, as days come in the order of their visitors: this sort finds and merges them.
            self.seen.sort();
            self.seen.dedup();
            self.settled = self.seen.len();
        }
    }

    /// How many.
    pub fn count(&mut self) -> u64 {
        self.settle();
        self.sealed + self.seen.len() as u64
    }

    /// Keeps the number and forgets who they are.
    pub fn seal(&mut self) {
        *self = Self { sealed: self.count(), ..Self::default() };
    }
}

/// Their written form: the distances between them as a packed column. It takes two thirds of the bytes of numbers one by
/// one, and a third of the time to read, which is most of what a question costs that was asked before.
#[derive(Serialize, Deserialize)]
struct Packed {
    count: u64,
    #[serde(with = "serde_bytes")]
    distances: Vec<u8>,
    sealed: u64,
}

/// What is written as visitors, and is none.
#[derive(Debug, thiserror::Error)]
#[error("a set of visitors cannot be read")]
struct Unreadable;

impl From<Visitors> for Packed {
    fn from(mut visitors: Visitors) -> Self {
        visitors.settle();
        let (mut last, mut distances) = (0, Vec::new());
        let distance = |visitor: &Visitor| visitor.0 - core::mem::replace(&mut last, visitor.0);
        pack(&visitors.seen.iter().map(distance).collect::<Vec<u64>>(), &mut distances);
        Self { count: visitors.seen.len() as u64, distances, sealed: visitors.sealed }
    }
}

impl TryFrom<Packed> for Visitors {
    type Error = Unreadable;

    fn try_from(packed: Packed) -> Result<Self, Unreadable> {
        let count = usize::try_from(packed.count).map_err(|_| Unreadable)?;
        let mut last = 0u64;
        let mut next = |distance: u64| {
            last = last.checked_add(distance)?;
            Some(Visitor(last))
        };
        let distances = unpack(&packed.distances, count).ok_or(Unreadable)?;
        let seen: Vec<Visitor> = distances.into_iter().map(&mut next).collect::<Option<_>>().ok_or(Unreadable)?;
        Ok(Self { settled: seen.len(), seen, sealed: packed.sealed })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_whatever_the_order_they_came_in() {
        let mut visitors = Visitors { sealed: 3, ..Visitors::default() };
        [u64::MAX, 7, 7, 0, 1 << 60].map(Visitor).into_iter().for_each(|visitor| visitors.see(visitor));
        let bytes = postcard::to_allocvec(&visitors).unwrap();
        visitors.settle();
        assert_eq!(postcard::from_bytes::<Visitors>(&bytes), Ok(visitors));
    }

    #[test]
    fn numbers_beyond_the_last_visitor_are_refused() {
        let mut distances = Vec::new();
        pack(&[u64::MAX, 1], &mut distances);
        let bytes = postcard::to_allocvec(&Packed { count: 2, distances, sealed: 0 }).unwrap();
        assert!(postcard::from_bytes::<Visitors>(&bytes).is_err());
    }
}
