//! A set of visitors that can be counted, merged and forgotten.

use serde::{Deserialize, Serialize};

use crate::visitor::Visitor;

/// Distinct visitors. They are collected as they come and sorted when there are twice as many as after the last time, so
/// that a visitor costs a few nanoseconds rather than a place in a hash table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
