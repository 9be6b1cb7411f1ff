//! The JSON form, for servers, shells and browsers without WebAssembly.

use alloc::{borrow::Cow, string::ToString, vec::Vec};
use serde::Serialize;

use crate::wire::{check_batch, check_size};
use crate::{Batch, DecodeError};

/// Reads a batch in its JSON form.
///
/// # Errors
/// [`DecodeError::Json`], whose text says what is wrong and where; or the limit of the whole batch that is broken.
pub fn decode_json(body: &[u8]) -> Result<Batch<Cow<'static, str>>, DecodeError> {
    check_size(body)?;
    let batch = serde_json::from_slice(body).map_err(|e| DecodeError::Json(e.to_string()))?;
    check_batch(&batch)?;
    Ok(batch)
}

/// The batch in its JSON form.
#[must_use]
pub fn encode_json<S: Serialize>(batch: &Batch<S>) -> Vec<u8> {
    // Fails only for maps whose keys are no strings, which no batch has.
    serde_json::to_vec(batch).unwrap_or_default()
}
