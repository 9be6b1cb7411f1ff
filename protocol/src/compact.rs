//! Writes a batch in postcard's form in one pass, putting each string into the table as it comes. Postcard's own
//! serializer would need the batch a second time with symbols for texts, and twice the code.
//!
//! Postcard's form (jamesmunns.com/postcard/wire-format): integers as LEB128, signed ones zigzag, lengths and variants
//! as unsigned integers, structs and tuples without frame.

use alloc::{string::String, vec::Vec};
use core::fmt;
use serde::{Serialize, ser};

/// The batch's bytes and its table, in the order of first use.
#[derive(Default)]
pub(crate) struct Writer {
    pub out: Vec<u8>,
    pub strings: Vec<String>,
}

/// Never made: nothing that a batch holds can fail to be written.
#[derive(Debug)]
pub(crate) struct Unsupported;

impl fmt::Display for Unsupported {
    fn fmt(&self, _: &mut fmt::Formatter) -> fmt::Result {
        Ok(())
    }
}

impl core::error::Error for Unsupported {}

impl ser::Error for Unsupported {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

type Written = Result<(), Unsupported>;

impl Writer {
    #[inline(never)]
    pub fn varint(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.out.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.out.push(number as u8);
    }

    #[inline(never)]
    fn symbol(&mut self, text: &str) {
        let place = if text.is_empty() {
            0
        } else {
            let known = self.strings.iter().position(|s| s == text);
            known.unwrap_or_else(|| {
                self.strings.push(text.into());
                self.strings.len() - 1
            }) + 1
        };
        self.varint(u16::try_from(place).unwrap_or(0).into());
    }
}

impl ser::Serializer for &mut Writer {
    type Ok = ();
    type Error = Unsupported;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Self;
    type SerializeMap = ser::Impossible<(), Unsupported>;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    fn is_human_readable(&self) -> bool {
        false
    }
    fn serialize_bool(self, v: bool) -> Written {
        self.serialize_u8(v.into())
    }
    fn serialize_i8(self, v: i8) -> Written {
        self.serialize_u8(v as u8)
    }
    fn serialize_i16(self, v: i16) -> Written {
        self.serialize_i64(v.into())
    }
    fn serialize_i32(self, v: i32) -> Written {
        self.serialize_i64(v.into())
    }
    fn serialize_i64(self, v: i64) -> Written {
        self.varint((v << 1 ^ v >> 63) as u64);
        Ok(())
    }
    fn serialize_u8(self, v: u8) -> Written {
        self.out.push(v);
        Ok(())
    }
    fn serialize_u16(self, v: u16) -> Written {
        self.varint(v.into());
        Ok(())
    }
    fn serialize_u32(self, v: u32) -> Written {
        self.varint(v.into());
        Ok(())
    }
    fn serialize_u64(self, v: u64) -> Written {
        self.varint(v);
        Ok(())
    }
    fn serialize_f32(self, _: f32) -> Written {
        Err(Unsupported)
    }
    fn serialize_f64(self, v: f64) -> Written {
        self.out.extend_from_slice(&v.to_le_bytes());
        Ok(())
    }
    fn serialize_char(self, _: char) -> Written {
        Err(Unsupported)
    }
    fn serialize_str(self, v: &str) -> Written {
        self.symbol(v);
        Ok(())
    }
    fn serialize_bytes(self, v: &[u8]) -> Written {
        self.varint(v.len() as u64);
        self.out.extend_from_slice(v);
        Ok(())
    }
    fn serialize_none(self) -> Written {
        self.serialize_u8(0)
    }
    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Written {
        self.out.push(1);
        value.serialize(self)
    }
    fn serialize_unit(self) -> Written {
        Ok(())
    }
    fn serialize_unit_struct(self, _: &'static str) -> Written {
        Ok(())
    }
    fn serialize_unit_variant(self, _: &'static str, variant: u32, _: &'static str) -> Written {
        self.serialize_u32(variant)
    }
    fn serialize_newtype_struct<T: ?Sized + Serialize>(self, _: &'static str, value: &T) -> Written {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        variant: u32,
        _: &'static str,
        value: &T,
    ) -> Written {
        self.varint(variant.into());
        value.serialize(self)
    }
    fn serialize_seq(self, len: Option<usize>) -> Result<Self, Unsupported> {
        self.varint(len.unwrap_or(0) as u64);
        Ok(self)
    }
    fn serialize_tuple(self, _: usize) -> Result<Self, Unsupported> {
        Ok(self)
    }
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self, Unsupported> {
        Ok(self)
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        variant: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self, Unsupported> {
        self.varint(variant.into());
        Ok(self)
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Unsupported> {
        Err(Unsupported)
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Unsupported> {
        Ok(self)
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        variant: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self, Unsupported> {
        self.varint(variant.into());
        Ok(self)
    }
}

macro_rules! frameless {
    ($($name:ident::$method:ident($($key:ty)?),)*) => {$(
        impl ser::$name for &mut Writer {
            type Ok = ();
            type Error = Unsupported;
            fn $method<T: ?Sized + Serialize>(&mut self, $(_: $key,)? value: &T) -> Written {
                value.serialize(&mut **self)
            }
            fn end(self) -> Written {
                Ok(())
            }
        }
    )*};
}

frameless! {
    SerializeSeq::serialize_element(),
    SerializeTuple::serialize_element(),
    SerializeTupleStruct::serialize_field(),
    SerializeTupleVariant::serialize_field(),
    SerializeStruct::serialize_field(&'static str),
    SerializeStructVariant::serialize_field(&'static str),
}
