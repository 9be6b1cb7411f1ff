//! An object's storage, which counts the rows that are written as the platform's bill does.

use std::cell::Cell;
use std::rc::Rc;

use crate::shard::value::text;
use serde::Serialize;
use serde::de::DeserializeOwned;
use worker::{Error, Result, SqlCursor, SqlStorage, SqlStorageValue, State};

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

/// A value as a column: JSON, since what is kept for years is read by later versions, too.
pub fn written<T: Serialize>(value: &T) -> Result<SqlStorageValue> {
    serde_json::to_string(value).map(SqlStorageValue::String).map_err(|error| Error::RustError(error.to_string()))
}

/// A value from a column.
pub fn read<T: DeserializeOwned>(column: Option<SqlStorageValue>) -> Result<T> {
    serde_json::from_str(&text(column)?).map_err(|error| Error::RustError(error.to_string()))
}
