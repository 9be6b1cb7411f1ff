//! The JSON form, for servers, shells and browsers without WebAssembly.

use alloc::{borrow::Cow, string::ToString, vec::Vec};
use core::fmt;
use serde::{Deserialize, Deserializer, Serialize, de};

use crate::wire::{check_batch, check_size};
use crate::{Batch, DecodeError};

/// Reads a batch in its JSON form.
///
/// # Errors
/// [`DecodeError::Json`], whose text says what is wrong and where; or the limit of the whole batch that is broken.
pub fn decode_json(body: &[u8]) -> Result<Batch<Cow<'static, str>>, DecodeError> {
    check_size(body)?;
    let mut from = serde_json::Deserializer::from_slice(body);
    let batch = from.deserialize_map(Object).and_then(|batch| from.end().map(|()| batch));
    let batch = batch.map_err(|e| DecodeError::Json(e.to_string()))?;
    check_batch(&batch)?;
    Ok(batch)
}

/// A struct's derived visitor also takes an array of the fields in order: `[]` would be a batch of nothing.
struct Object;

impl<'de> de::Visitor<'de> for Object {
    type Value = Batch<Cow<'static, str>>;
    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a batch: an object")
    }
    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        Batch::deserialize(de::value::MapAccessDeserializer::new(map))
    }
}

/// The batch in its JSON form.
#[must_use]
pub fn encode_json<S: Serialize>(batch: &Batch<S>) -> Vec<u8> {
    // Fails only for maps whose keys are no strings, which no batch has.
    serde_json::to_vec(batch).unwrap_or_default()
}
