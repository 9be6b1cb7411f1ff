//! Columns of a row, as the types they must have.

use worker::{Error, Result, SqlCursor, SqlStorageValue};

/// A stored value that is not of the form it was written in.
pub fn unreadable(what: &str) -> Error {
    Error::RustError(format!("{what} in storage has another form"))
}

/// Bytes.
pub fn blob(column: Option<SqlStorageValue>) -> Result<Vec<u8>> {
    match column {
        Some(SqlStorageValue::Blob(bytes)) => Ok(bytes),
        _ => Err(unreadable("a blob")),
    }
}

/// A whole number.
pub fn integer(column: Option<SqlStorageValue>) -> Result<i64> {
    match column {
        Some(SqlStorageValue::Integer(number)) => Ok(number),
        _ => Err(unreadable("a number")),
    }
}

/// Text.
pub fn text(column: Option<SqlStorageValue>) -> Result<String> {
    match column {
        Some(SqlStorageValue::String(text)) => Ok(text),
        _ => Err(unreadable("a text")),
    }
}

/// Bytes that stand in parts, one a row.
pub fn joined(parts: SqlCursor) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    for row in parts.raw() {
        bytes.extend(blob(row?.into_iter().next())?);
    }
    Ok(bytes)
}
