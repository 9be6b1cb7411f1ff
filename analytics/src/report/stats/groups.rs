//! The groups of one segment, numbered as they are met, so that each costs one look-up and no visit a hash of text.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use super::{Key, Tally};

/// What is counted for each group.
pub(super) struct Groups {
    /// The numbers of groups by one symbol, plus one; 0: not met yet.
    by_symbol: Vec<u32>,
    /// Those of all others. Keys are made by us, so that a fast hash without a secret does.
    by_key: HashMap<Key, usize, FxBuildHasher>,
    tallies: Vec<(Key, Tally)>,
    /// The group that was met last, which is most often the next one, too.
    last: Option<(Key, usize)>,
}

impl Groups {
    /// No groups yet. Symbols are below `symbols`.
    pub(super) fn of(symbols: usize) -> Self {
        Self { by_symbol: vec![0; symbols], by_key: HashMap::default(), tallies: Vec::new(), last: None }
    }

    /// The number of a group.
    pub(super) fn number(&mut self, key: Key) -> usize {
        match self.last {
            Some((last, number)) if last == key => number,
            _ => {
                let number = self.find(key);
                self.last = Some((key, number));
                number
            }
        }
    }

    fn find(&mut self, key: Key) -> usize {
        let fresh = self.tallies.len();
        let number = match key {
            [symbol, 0, 0, 0] if (symbol as usize) < self.by_symbol.len() => {
                let known = &mut self.by_symbol[symbol as usize];
                if *known == 0 {
                    *known = fresh as u32 + 1;
                }
                *known as usize - 1
            }
            _ => *self.by_key.entry(key).or_insert(fresh),
        };
        if number == fresh {
            self.tallies.push((key, Tally::default()));
        }
        number
    }

    /// What is counted for the group of this number.
    pub(super) fn tally(&mut self, number: usize) -> &mut Tally {
        &mut self.tallies[number].1
    }

    /// What was counted for each.
    pub(super) fn into_tallies(self) -> Vec<(Key, Tally)> {
        self.tallies
    }
}
