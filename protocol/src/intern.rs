//! The table that holds each string of a batch once, and the way of every type into it and out of it again.

use alloc::{borrow::Cow, string::String, vec::Vec};
use serde::{Deserialize, Serialize};

/// A string by its place in the batch's table. 0 is the empty string, which the table does not hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sym(u16);

/// Collects the strings of a batch in the order of their first use, which makes the encoding of a batch unique.
#[derive(Default)]
pub struct Interner<'a> {
    strings: Vec<&'a str>,
}

impl<'a> Interner<'a> {
    /// The symbol for `text`. Linear in the table: a batch has few strings, and a hash map would weigh more in the
    /// tracker than it saves. Past 65,535 strings it answers 0; such a batch breaks a limit long before.
    fn sym(&mut self, text: &'a str) -> Sym {
        if text.is_empty() {
            return Sym(0);
        }
        let place = self.strings.iter().position(|s| *s == text).unwrap_or_else(|| {
            self.strings.push(text);
            self.strings.len() - 1
        });
        Sym(u16::try_from(place + 1).unwrap_or(0))
    }

    /// The table, in order.
    #[must_use]
    pub fn strings(&self) -> &[&'a str] {
        &self.strings
    }
}

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

/// A value whose texts can be put into the table.
pub trait Intern {
    /// The same value with symbols for texts.
    type Wire;
    /// Puts each text into the table, in the order in which they stand on the wire.
    fn intern<'a>(&'a self, to: &mut Interner<'a>) -> Self::Wire;
}

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

impl Intern for String {
    type Wire = Sym;
    fn intern<'a>(&'a self, to: &mut Interner<'a>) -> Sym {
        to.sym(self)
    }
}

impl Intern for Cow<'_, str> {
    type Wire = Sym;
    fn intern<'a>(&'a self, to: &mut Interner<'a>) -> Sym {
        to.sym(self)
    }
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

impl<T: Intern> Intern for Vec<T> {
    type Wire = Vec<T::Wire>;
    fn intern<'a>(&'a self, to: &mut Interner<'a>) -> Self::Wire {
        self.iter().map(|v| v.intern(to)).collect()
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

impl<T: Intern> Intern for Option<T> {
    type Wire = Option<T::Wire>;
    fn intern<'a>(&'a self, to: &mut Interner<'a>) -> Self::Wire {
        self.as_ref().map(|v| v.intern(to))
    }
}

impl<T: Resolve> Resolve for Option<T> {
    type Text<'a> = Option<T::Text<'a>>;
    fn resolve<'a>(self, table: Table<'_, 'a>) -> Result<Self::Text<'a>, Unresolved> {
        self.map(|v| v.resolve(table)).transpose()
    }
}

impl<K: Intern, V: Intern> Intern for (K, V) {
    type Wire = (K::Wire, V::Wire);
    fn intern<'a>(&'a self, to: &mut Interner<'a>) -> Self::Wire {
        (self.0.intern(to), self.1.intern(to))
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
        impl $crate::intern::Intern for $name {
            type Wire = Self;
            fn intern<'a>(&'a self, _: &mut $crate::intern::Interner<'a>) -> Self {
                self.clone()
            }
        }
        impl $crate::intern::Resolve for $name {
            type Text<'a> = Self;
            fn resolve<'a>(
                self,
                _: $crate::intern::Table<'_, 'a>,
            ) -> Result<Self, $crate::intern::Unresolved> {
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

        impl<S: $crate::intern::Intern<Wire = $crate::Sym>> $crate::intern::Intern for $name<S> {
            type Wire = $name<$crate::Sym>;
            fn intern<'a>(&'a self, to: &mut $crate::intern::Interner<'a>) -> Self::Wire {
                $name { $($field: self.$field.intern(to),)* }
            }
        }

        impl $crate::intern::Resolve for $name<$crate::Sym> {
            type Text<'a> = $name<alloc::borrow::Cow<'a, str>>;
            fn resolve<'a>(
                self,
                table: $crate::intern::Table<'_, 'a>,
            ) -> Result<Self::Text<'a>, $crate::intern::Unresolved> {
                Ok($name { $($field: self.$field.resolve(table)?,)* })
            }
        }
    };
}
pub(crate) use wire_struct;
