//! An object's storage, which counts the rows that are written as the platform's bill does.

use std::cell::Cell;
use std::rc::Rc;

use worker::{Result, SqlCursor, SqlStorage, SqlStorageValue, State};

/// The storage. Copies share their count.
#[derive(Clone)]
pub struct Sql {
    storage: SqlStorage,
    written: Rc<Cell<u64>>,
}

impl Sql {
    /// That of an object.
    pub fn of(state: &State) -> Self {
        Self { storage: state.storage().sql(), written: Rc::default() }
    }

    /// Runs a statement. One that writes has done so when this returns.
    pub fn exec(&self, query: &str, bindings: impl Into<Option<Vec<SqlStorageValue>>>) -> Result<SqlCursor> {
        let cursor = self.storage.exec(query, bindings)?;
        self.written.set(self.written.get() + cursor.rows_written() as u64);
        Ok(cursor)
    }

    /// Rows written since the object was started, by the storage's own count.
    pub fn rows_written(&self) -> u64 {
        self.written.get()
    }

    /// How large the database is.
    pub fn bytes(&self) -> usize {
        self.storage.database_size()
    }
}
