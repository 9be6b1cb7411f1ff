//! The way of every type out of the table that holds each string of a batch once. The way into it is [`crate::compact`].

use alloc::{borrow::Cow, vec::Vec};
use serde::{Deserialize, Serialize};

/// A string by its place in the batch's table. 0 is the empty string, which the table does not hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sym(u16);

/// Why symbols give no value with texts.
#[derive(Debug)]
pub enum Unresolved {
    /// A symbol beyond the table's end.
    UnknownString,
    /// An event names a property twice.
    DuplicateProperty,
}

/// The strings of a batch, which live as long as its bytes.
pub type Table<'t, 'a> = &'t [&'a str];

/// A value whose symbols can be looked up.
pub trait Resolve {
    /// The same value with texts for symbols.
    type Text<'a>;
    /// Looks every symbol up. Texts are borrowed, so that a long string used a thousand times costs nothing more.
    ///
    /// # Errors
    /// A symbol that the table does not hold, or a property that is given twice.
    fn resolve<'a>(self, table: Table<'_, 'a>) -> Result<Self::Text<'a>, Unresolved>;
}

impl Resolve for Sym {
    type Text<'a> = Cow<'a, str>;
    fn resolve<'a>(self, table: Table<'_, 'a>) -> Result<Cow<'a, str>, Unresolved> {
        let Some(place) = usize::from(self.0).checked_sub(1) else {
            return Ok(Cow::Borrowed(""));
        };
        table.get(place).map(|s| Cow::Borrowed(*s)).ok_or(Unresolved::UnknownString)
    }
}

impl<T: Resolve> Resolve for Vec<T> {
    type Text<'a> = Vec<T::Text<'a>>;
    fn resolve<'a>(self, table: Table<'_, 'a>) -> Result<Self::Text<'a>, Unresolved> {
        // Not `collect`: on the way to a Result it does not know the length, grows by doubling and takes twice as much.
        let mut texts = Vec::with_capacity(self.len());
        for value in self {
            texts.push(value.resolve(table)?);
        }
        Ok(texts)
    }
}

impl<T: Resolve> Resolve for Option<T> {
    type Text<'a> = Option<T::Text<'a>>;
    fn resolve<'a>(self, table: Table<'_, 'a>) -> Result<Self::Text<'a>, Unresolved> {
        self.map(|v| v.resolve(table)).transpose()
    }
}

impl<K: Resolve, V: Resolve> Resolve for (K, V) {
    type Text<'a> = (K::Text<'a>, V::Text<'a>);
    fn resolve<'a>(self, table: Table<'_, 'a>) -> Result<Self::Text<'a>, Unresolved> {
        Ok((self.0.resolve(table)?, self.1.resolve(table)?))
    }
}

/// Types without texts: the same on both sides.
macro_rules! textless {
    ($($name:ty),* $(,)?) => {$(
        impl $crate::resolve::Resolve for $name {
            type Text<'a> = Self;
            fn resolve<'a>(
                self,
                _: $crate::resolve::Table<'_, 'a>,
            ) -> Result<Self, $crate::resolve::Unresolved> {
                Ok(self)
            }
        }
    )*};
}
pub(crate) use textless;

textless!(bool, u8, u16, u32, u64, i32, i64);

/// Defines a struct of the contract: its fields stand on the wire in the order given here, and each may be left out
/// in JSON.
macro_rules! wire_struct {
    ($(#[$doc:meta])* pub struct $name:ident { $($(#[$field_doc:meta])* pub $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(default, deny_unknown_fields)]
        #[serde(bound(deserialize = "S: serde::Deserialize<'de> + Default + PartialEq"))]
        pub struct $name<S = alloc::string::String> {
            $($(#[$field_doc])* pub $field: $type,)*
        }

        impl $crate::resolve::Resolve for $name<$crate::Sym> {
            type Text<'a> = $name<alloc::borrow::Cow<'a, str>>;
            fn resolve<'a>(
                self,
                table: $crate::resolve::Table<'_, 'a>,
            ) -> Result<Self::Text<'a>, $crate::resolve::Unresolved> {
                Ok($name { $($field: self.$field.resolve(table)?,)* })
            }
        }
    };
}
pub(crate) use wire_struct;
