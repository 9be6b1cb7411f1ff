//! The rows of visitors whose batches were written last: most batches continue a session that was written a minute ago, and
//! to read its row takes as long as to put the batch into it.
//!
//! A cache of what is stored, and of nothing else: whatever else writes to the storage, all of it is forgotten.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use passerby_analytics::calendar::Day;
use passerby_analytics::visitor::Visitor;

use super::store::rows::Row;

/// Bytes of rows that stay: those of some 5,000 open tabs, an eighth of an object's memory.
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// A visitor's rows of some days: all there are.
pub struct Known {
    /// The first and the last of the days.
    pub days: (Day, Day),
    /// By the sessions' starts.
    pub rows: Vec<Row>,
}

/// See above.
#[derive(Default)]
pub struct Recent {
    rows: RefCell<HashMap<Visitor, Known>>,
    bytes: Cell<usize>,
    /// How many statements had changed the storage, but for those that this knows of.
    changes: Cell<u64>,
}

impl Recent {
    /// Takes a visitor's rows out, if they are those that are stored, of these days at the least. To be put back once what they
    /// were taken for is done.
    pub fn take(&self, visitor: Visitor, (first, last): (Day, Day), changes: u64) -> Option<Known> {
        if self.changes.replace(changes) != changes {
            self.forget();
        }
        let known = self.rows.borrow_mut().remove(&visitor)?;
        self.bytes.set(self.bytes.get().saturating_sub(bytes_of(&known.rows)));
        Some(known).filter(|known| known.days.0 <= first && known.days.1 >= last)
    }

    /// Remembers a visitor's rows as they are stored now.
    pub fn put(&self, visitor: Visitor, known: Known, changes: u64) {
        if self.changes.replace(changes) != changes || self.bytes.get() > MAX_BYTES {
            self.forget();
        }
        let bytes = bytes_of(&known.rows);
        if let Some(before) = self.rows.borrow_mut().insert(visitor, known) {
            self.bytes.set(self.bytes.get().saturating_sub(bytes_of(&before.rows)));
        }
        self.bytes.set(self.bytes.get() + bytes);
    }

    fn forget(&self) {
        self.rows.borrow_mut().clear();
        self.bytes.set(0);
    }
}

/// The counts of outcomes take few bytes beside a body.
fn bytes_of(rows: &[Row]) -> usize {
    rows.iter().map(|row| row.body.len() + 100).sum()
}
