//! The compact form: `version (1 byte) | strings | batch`, the latter two in postcard.

use alloc::{borrow::Cow, string::String, vec::Vec};

use crate::compact::Writer;
use crate::limits::{MAX_BATCH_BYTES, MAX_EVENTS, MAX_SITE_BYTES, MAX_STRINGS};
use crate::resolve::{Resolve, Unresolved};
use crate::strings::{self, Strings};
use crate::{Batch, Reason, Refusal, Reply, Sym, Ticket};
use serde::Serialize;

/// The version of the contract that this crate speaks. It stands in front of postcard, so that a later version may
/// change everything behind it.
pub const VERSION: u8 = 1;

/// Why bytes are not a batch.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The version byte is not one that this crate reads.
    #[error("version {0} is not supported; this collector reads version {VERSION}")]
    Version(u8),
    /// The bytes end early, or do not have the form of a batch; or an event names a property twice.
    #[error("the batch is cut short or damaged")]
    Malformed,
    /// There is something behind the batch.
    #[error("{0} bytes follow the batch's end")]
    Trailing(usize),
    /// A symbol names a string that the table does not hold.
    #[error("a string is used that the batch's table does not hold")]
    UnknownString,
    /// The JSON form does not have the form of a batch; the text says what and where.
    #[error("{0}")]
    Json(String),
    /// A limit of the whole batch is broken.
    #[error("{name}: {found} is over the limit of {limit}")]
    Limit {
        /// The limit's name, as in [`crate::limits`], in lower case.
        name: &'static str,
        /// What it allows.
        limit: usize,
        /// What was found.
        found: usize,
    },
}

fn within(name: &'static str, found: usize, limit: usize) -> Result<(), DecodeError> {
    if found > limit {
        return Err(DecodeError::Limit { name, limit, found });
    }
    Ok(())
}

/// Limits that both forms share.
pub(crate) fn check_size(body: &[u8]) -> Result<(), DecodeError> {
    within("max_batch_bytes", body.len(), MAX_BATCH_BYTES)
}

pub(crate) fn check_batch(batch: &Batch<Cow<str>>) -> Result<(), DecodeError> {
    within("max_events", batch.events.len(), MAX_EVENTS)?;
    within("max_site_bytes", batch.site.len(), MAX_SITE_BYTES)
}

/// The batch in its compact form. The same batch always gives the same bytes.
#[must_use]
pub fn encode<S: Serialize>(batch: &Batch<S>) -> Vec<u8> {
    encode_as_batch(batch)
}

/// The same for what has the fields of a [`Batch`] in another shape. A tuple of fields stands for a structure, and a
/// `u64` for an unsigned integer of any width.
#[must_use]
pub fn encode_as_batch<T: Serialize>(batch: &T) -> Vec<u8> {
    let mut body = Writer::default();
    // Cannot fail: every sequence here knows its length, and there are no maps.
    _ = batch.serialize(&mut body);
    let mut out = Writer { out: Vec::from([VERSION]), ..Writer::default() };
    let strings = &body.strings;
    let coded = strings::code(strings);
    // What postcard takes for them plain, each with a length of one byte (or more: then coding pays all the more).
    let plain_bytes: usize = strings.iter().map(|s| s.len() + 1).sum();
    let is_coded = coded.len() < plain_bytes;
    out.varint(is_coded.into());
    if is_coded {
        out.varint(coded.len() as u64);
        out.out.extend_from_slice(&coded);
    } else {
        out.varint(strings.len() as u64);
        for text in strings {
            out.varint(text.len() as u64);
            out.out.extend_from_slice(text.as_bytes());
        }
    }
    out.out.extend_from_slice(&body.out);
    out.out
}

/// Reads a batch in its compact form. `text` takes the coded strings; the batch borrows from it, so that memory stays
/// within a small multiple of the body's length whatever it claims to hold.
///
/// # Errors
/// What is wrong with the bytes, or which limit of the whole batch they break. Limits of single events are for
/// [`crate::Event::check`].
pub fn decode<'a>(body: &'a [u8], text: &'a mut String) -> Result<Batch<Cow<'a, str>>, DecodeError> {
    check_size(body)?;
    let (&version, rest) = body.split_first().ok_or(DecodeError::Malformed)?;
    if version != VERSION {
        return Err(DecodeError::Version(version));
    }
    type Wire<'w> = (Strings<'w>, Batch<Sym>);
    let ((table, wire), rest) = postcard::take_from_bytes::<Wire>(rest).map_err(|_| DecodeError::Malformed)?;
    if !rest.is_empty() {
        return Err(DecodeError::Trailing(rest.len()));
    }
    let strings = match table {
        Strings::Plain(strings) => strings,
        Strings::Coded(bytes) => {
            let ends = strings::read(bytes, text).ok_or(DecodeError::Malformed)?;
            let starts = core::iter::once(0).chain(ends.iter().copied());
            starts.zip(&ends).map(|(start, end)| &text[start..*end]).collect()
        }
    };
    // Before the texts are looked up, since events with texts take twice the memory of events with symbols.
    within("max_strings", strings.len(), MAX_STRINGS)?;
    within("max_events", wire.events.len(), MAX_EVENTS)?;
    let batch = wire.resolve(&strings).map_err(|e| match e {
        Unresolved::UnknownString => DecodeError::UnknownString,
        Unresolved::DuplicateProperty => DecodeError::Malformed,
    })?;
    check_batch(&batch)?;
    Ok(batch)
}

/// A reply in its compact form.
#[must_use]
pub fn encode_reply(reply: &Reply) -> Vec<u8> {
    postcard::to_extend(reply, Vec::from([VERSION])).unwrap_or_default()
}

/// Reads a reply in its compact form. What a later collector appends is let be: bytes behind the reply, and refusals
/// for reasons that this crate does not know, which are left out. A tracker that could not read those would send
/// refused events for ever.
///
/// # Errors
/// [`DecodeError::Version`] or [`DecodeError::Malformed`].
pub fn decode_reply(body: &[u8]) -> Result<Reply, DecodeError> {
    let (&version, rest) = body.split_first().ok_or(DecodeError::Malformed)?;
    if version != VERSION {
        return Err(DecodeError::Version(version));
    }
    // The reply's fields in their order, with numbers for reasons.
    type Fields = (u32, Ticket, u32, u32, Vec<(u32, u32)>);
    let fields = postcard::take_from_bytes::<Fields>(rest).map_err(|_| DecodeError::Malformed)?.0;
    let (flush_after_ms, ticket, accepted, duplicate, refusals) = fields;
    let known = |(index, number)| Some(Refusal { index, reason: *Reason::ALL.get(number as usize)? });
    let refused = refusals.into_iter().filter_map(known).collect();
    Ok(Reply { flush_after_ms, ticket, accepted, duplicate, refused })
}
