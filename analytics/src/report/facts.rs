//! What is known of visitors one by one, until a shard forgets who they are.

use serde::{Deserialize, Serialize};

use crate::visitor::Visitor;

/// Facts about visitors. They are collected as they come and put in order when there are twice as many as after the last
/// time.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Facts<T> {
    /// In any order, the first `settled` ascending and without what is of no use.
    all: Vec<(Visitor, T)>,
    settled: usize,
    /// Whether of several facts about a visitor only the least is of use; otherwise each distinct one is.
    least: bool,
}

impl<T: Ord + Copy> Facts<T> {
    /// None yet.
    pub(super) const fn new(least: bool) -> Self {
        Self { all: Vec::new(), settled: 0, least }
    }

    pub(super) fn add(&mut self, visitor: Visitor, fact: T) {
        self.all.push((visitor, fact));
        if self.all.len() >= 2 * self.settled.max(512) {
            self.settle();
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.all.extend(other.all);
        self.settle();
    }

    /// Each that is of use, once, in order.
    pub(super) fn settle(&mut self) {
        if self.settled < self.all.len() {
            self.all.sort_unstable();
            if self.least {
                self.all.dedup_by_key(|(visitor, _)| *visitor);
            } else {
                self.all.dedup();
            }
            self.settled = self.all.len();
        }
    }

    /// Those of a visitor; only after [`Facts::settle`].
    pub(super) fn of(&self, visitor: Visitor) -> &[(Visitor, T)] {
        let from = self.all.partition_point(|(other, _)| *other < visitor);
        let count = self.all[from..].partition_point(|(other, _)| *other == visitor);
        &self.all[from..from + count]
    }

    /// All of them, which are forgotten here.
    pub(super) fn take(&mut self) -> Vec<(Visitor, T)> {
        self.settle();
        self.settled = 0;
        core::mem::take(&mut self.all)
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &(Visitor, T)> {
        self.all.iter()
    }

    pub(super) fn retain(&mut self, is_of_use: impl Fn(&(Visitor, T)) -> bool) {
        self.all.retain(is_of_use);
        self.settled = self.all.len();
    }
}
