//! An object's storage, which counts the rows that are written as the platform's bill does.
//!
//! What every batch needs, [`Sql::run`] and [`Sql::rows`], passes values as JavaScript has them: to ask of each what it is,
//! as the SDK does, takes longer than the statement.
#![allow(unsafe_code)] // what wasm-bindgen generates for an import

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Array, Uint8Array};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;
use worker::{Error, Result, SqlCursor, SqlStorage, SqlStorageValue, State};

use crate::shard::value::{text, unreadable};

#[wasm_bindgen]
extern "C" {
    type Raw;

    #[wasm_bindgen(method, catch, variadic)]
    fn exec(this: &Raw, query: &str, bindings: Array) -> core::result::Result<Cursor, JsValue>;

    type Cursor;

    #[wasm_bindgen(method, getter, js_name = rowsWritten)]
    fn rows_written(this: &Cursor) -> f64;

    #[wasm_bindgen(method)]
    fn raw(this: &Cursor) -> Rows;

    type Rows;

    #[wasm_bindgen(method, catch, js_name = toArray)]
    fn to_array(this: &Rows) -> core::result::Result<Array, JsValue>;
}

/// The storage. Copies share their count.
#[derive(Clone)]
pub struct Sql {
    storage: SqlStorage,
    written: Rc<Cell<u64>>,
    changes: Rc<Cell<u64>>,
}

/// Bytes, as a value of a statement.
pub struct Bytes;

impl Bytes {
    /// A copy of these.
    pub fn of(bytes: &[u8]) -> Uint8Array {
        let array = Uint8Array::new_with_length(bytes.len() as u32);
        array.copy_from(bytes);
        array
    }
}

/// A row that was read; its columns are asked for by place and type.
pub struct Columns(Array);

impl Columns {
    /// Bytes.
    pub fn blob(&self, place: u32) -> Result<Vec<u8>> {
        let column = self.0.get(place);
        match column.is_object() {
            true => Ok(Uint8Array::new(&column).to_vec()),
            false => Err(unreadable("a blob")),
        }
    }

    /// A whole number.
    pub fn integer(&self, place: u32) -> Result<i64> {
        self.0.get(place).as_f64().map(|number| number as i64).ok_or_else(|| unreadable("a number"))
    }
}

impl Sql {
    /// That of an object.
    pub fn of(state: &State) -> Self {
        Self { storage: state.storage().sql(), written: Rc::default(), changes: Rc::default() }
    }

    /// Runs a statement. One that writes has done so when this returns.
    pub fn exec(&self, query: &str, bindings: impl Into<Option<Vec<SqlStorageValue>>>) -> Result<SqlCursor> {
        if !query.starts_with("SELECT") {
            self.changed();
        }
        let cursor = self.storage.exec(query, bindings)?;
        self.written.set(self.written.get() + cursor.rows_written() as u64);
        Ok(cursor)
    }

    /// How many statements may have changed what is stored, but for those that [`Sql::run`] ran: whoever keeps a copy of
    /// something sees by it whether that still holds.
    pub fn changes(&self) -> u64 {
        self.changes.get()
    }

    /// Something has changed, or what was done is taken back.
    pub fn changed(&self) {
        self.changes.set(self.changes.get() + 1);
    }

    /// Runs a statement that writes, of which whoever keeps a copy of what it writes knows.
    pub fn run(&self, query: &str, bindings: Array) -> Result<()> {
        let cursor = self.raw().exec(query, bindings).map_err(Error::from)?;
        self.written.set(self.written.get() + cursor.rows_written() as u64);
        Ok(())
    }

    /// Runs a statement that reads: all its rows.
    pub fn rows(&self, query: &str, bindings: Array) -> Result<Vec<Columns>> {
        let rows = self.raw().exec(query, bindings).and_then(|cursor| cursor.raw().to_array()).map_err(Error::from)?;
        Ok(rows.iter().map(|row| Columns(row.unchecked_into())).collect())
    }

    fn raw(&self) -> &Raw {
        let storage: &JsValue = self.storage.as_ref();
        storage.unchecked_ref()
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
