//! Identifiers. Raw bytes on the wire, lower-case hex in JSON (64-bit numbers lose bits in JavaScript).

use alloc::{string::String, vec::Vec};
use core::fmt;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::limits::MAX_TICKET_BYTES;

/// One page load: 64 random bits. Its events are numbered from 0; tab and number name an event for good.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TabId(pub [u8; 8]);

/// A visitor who consented: 128 random bits that the browser keeps in first-party storage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VisitorId(pub [u8; 16]);

/// Opaque bytes from the collector's first reply that a tab sends back; they keep it with one visitor whatever
/// becomes of its address. Only the collector can read or make them. At most [`MAX_TICKET_BYTES`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ticket(pub Vec<u8>);

const HEX: &[u8; 16] = b"0123456789abcdef";

fn hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 2);
    for b in bytes {
        out.push(HEX[usize::from(b >> 4)] as char);
        out.push(HEX[usize::from(b & 15)] as char);
    }
    out
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |c: u8| (c as char).to_digit(16).map(|d| d as u8);
    let pairs = text.as_bytes().chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return None;
    }
    pairs.map(|p| Some(digit(p[0])? << 4 | digit(p[1])?)).collect()
}

struct HexVisitor(&'static str);

impl de::Visitor<'_> for HexVisitor {
    type Value = Vec<u8>;
    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.0)
    }
    fn visit_str<E: de::Error>(self, text: &str) -> Result<Vec<u8>, E> {
        unhex(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
    }
}

macro_rules! fixed_id {
    ($name:ident, $len:literal, $expecting:literal) => {
        impl Serialize for $name {
            fn serialize<T: Serializer>(&self, to: T) -> Result<T::Ok, T::Error> {
                if to.is_human_readable() { to.serialize_str(&hex(&self.0)) } else { self.0.serialize(to) }
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                if !from.is_human_readable() {
                    return <[u8; $len]>::deserialize(from).map($name);
                }
                let bytes = from.deserialize_str(HexVisitor($expecting))?;
                let len = bytes.len();
                let wrong = |_| de::Error::invalid_length(len * 2, &$expecting);
                bytes.try_into().map($name).map_err(wrong)
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str(&hex(&self.0))
            }
        }
    };
}

fixed_id!(TabId, 8, "16 hex digits");
fixed_id!(VisitorId, 16, "32 hex digits");

impl Serialize for Ticket {
    fn serialize<T: Serializer>(&self, to: T) -> Result<T::Ok, T::Error> {
        if to.is_human_readable() { to.serialize_str(&hex(&self.0)) } else { to.serialize_bytes(&self.0) }
    }
}

impl<'de> Deserialize<'de> for Ticket {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let bytes = if from.is_human_readable() {
            from.deserialize_str(HexVisitor("hex digits"))?
        } else {
            <&[u8]>::deserialize(from)?.to_vec()
        };
        if bytes.len() > MAX_TICKET_BYTES {
            return Err(de::Error::invalid_length(bytes.len(), &"at most 64 bytes"));
        }
        Ok(Self(bytes))
    }
}
