//! The rows of visitors whose batches were written last: most batches continue a session that was written a minute ago, and
//! to read its row takes as long as to put the batch into it.
//!
//! A cache of what is stored, and of nothing else: whatever else writes to the storage, all of it is forgotten.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use passerby_analytics::visitor::Visitor;

use super::store::rows::Row;

/// Bytes of rows that stay: those of some 5,000 open tabs, an eighth of an object's memory.
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// See above.
#[derive(Default)]
pub struct Recent {
    rows: RefCell<HashMap<Visitor, Vec<Row>>>,
    bytes: Cell<usize>,
    /// How many statements had changed the storage, but for those that this knows of.
    changes: Cell<u64>,
}

impl Recent {
    /// Takes a visitor's rows out, if they are those that are stored. To be put back once what they were taken for is done.
    pub fn take(&self, visitor: Visitor, changes: u64) -> Option<Vec<Row>> {
        if self.changes.replace(changes) != changes {
            self.forget();
        }
        let rows = self.rows.borrow_mut().remove(&visitor)?;
        self.bytes.set(self.bytes.get().saturating_sub(bytes_of(&rows)));
        Some(rows)
    }

    /// Remembers a visitor's rows as they are stored now.
    pub fn put(&self, visitor: Visitor, rows: Vec<Row>, changes: u64) {
        if self.changes.replace(changes) != changes || self.bytes.get() > MAX_BYTES {
            self.forget();
        }
        let bytes = bytes_of(&rows);
        if let Some(before) = self.rows.borrow_mut().insert(visitor, rows) {
            self.bytes.set(self.bytes.get().saturating_sub(bytes_of(&before)));
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
