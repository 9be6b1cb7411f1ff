//! Things with how often they came and how many visitors had them, most frequent first.

use std::collections::HashMap;
use std::hash::Hash;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::visitors::Visitors;
use crate::visitor::Visitor;

/// How often something came, and to how many.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Count {
    /// How often.
    pub events: u64,
    /// To whom.
    pub visitors: Visitors,
}

impl Count {
    /// Adds an event of a visitor.
    pub fn see(&mut self, visitor: Visitor) {
        self.events += 1;
        self.visitors.see(visitor);
    }

    /// Adds those of other visits.
    pub fn merge(&mut self, other: Self) {
        self.events += other.events;
        self.visitors.merge(other.visitors);
    }
}

/// Counts by key. It grows with distinct keys: no more than there are events.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(bound(serialize = "K: Serialize + Eq + Hash", deserialize = "K: Deserialize<'de> + Eq + Hash"))]
pub struct Ranking<K>(HashMap<K, Count>);

impl<K> Default for Ranking<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

/// The first rows of a list, and what is known of the others.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct Listed<R> {
    /// The first rows.
    pub rows: Vec<R>,
    /// How many rows there are in all.
    pub total: usize,
    /// Events of those that are not shown.
    pub other: u64,
}

impl<K: Eq + Hash + Ord> Ranking<K> {
    /// The count of a key.
    pub fn of(&mut self, key: K) -> &mut Count {
        self.0.entry(key).or_default()
    }

    /// Adds another's.
    pub fn merge(&mut self, other: Self) {
        for (key, count) in other.0 {
            self.of(key).merge(count);
        }
    }

    /// Keeps the numbers of visitors and forgets who they are.
    pub fn seal(&mut self) {
        self.0.values_mut().for_each(|count| count.visitors.seal());
    }

    /// The keys in their order, with how often each came.
    #[must_use]
    pub fn events(&self) -> Vec<(&K, u64)> {
        let mut all: Vec<(&K, u64)> = self.0.iter().map(|(key, count)| (key, count.events)).collect();
        all.sort_unstable();
        all
    }

    /// The counts under other keys; those whose keys become equal are added.
    pub fn renamed<L: Eq + Hash + Ord>(self, mut key: impl FnMut(K) -> L) -> Ranking<L> {
        let mut renamed = Ranking::default();
        for (old, count) in self.0 {
            renamed.of(key(old)).merge(count);
        }
        renamed
    }

    /// The most frequent, equal ones by their keys; a row is made of a key, events and visitors.
    pub fn listed<R>(self, limit: usize, mut row: impl FnMut(K, u64, u64) -> R) -> Listed<R> {
        let mut all: Vec<(K, Count)> = self.0.into_iter().collect();
        all.sort_by(|a, b| b.1.events.cmp(&a.1.events).then_with(|| a.0.cmp(&b.0)));
        let total = all.len();
        let other = all.iter().skip(limit).map(|(_, count)| count.events).sum();
        let shown = all.into_iter().take(limit);
        let rows = shown.map(|(key, mut count)| row(key, count.events, count.visitors.count())).collect();
        Listed { rows, total, other }
    }
}
