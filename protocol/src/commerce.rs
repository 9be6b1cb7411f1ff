//! Shop events. Money is whole minor units (cents) of an ISO 4217 currency and is never added across currencies.

use alloc::vec::Vec;
use core::fmt;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::resolve::{textless, wire_struct};

/// An ISO 4217 code: three capital letters. `XXX`, the code for "no currency", is the default.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency([u8; 3]);

impl Currency {
    /// The currency with this code, if it has the form of one.
    #[must_use]
    pub fn new(code: &str) -> Option<Self> {
        let code: [u8; 3] = code.as_bytes().try_into().ok()?;
        code.iter().all(u8::is_ascii_uppercase).then_some(Self(code))
    }

    /// Digits of its minor unit, after ISO 4217: 2 of EUR, 0 of JPY, 3 of KWD.
    #[must_use]
    pub const fn minor_digits(&self) -> u8 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG" | b"RWF" | b"UGX"
            | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            _ => 2,
        }
    }

    /// Its code.
    #[must_use]
    pub fn code(&self) -> &str {
        core::str::from_utf8(&self.0).unwrap_or("XXX")
    }
}

impl Default for Currency {
    fn default() -> Self {
        Self(*b"XXX")
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Currency {
    fn serialize<T: Serializer>(&self, to: T) -> Result<T::Ok, T::Error> {
        if to.is_human_readable() { to.serialize_str(self.code()) } else { self.0.serialize(to) }
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        const EXPECTED: &str = "three capital letters (ISO 4217)";
        struct Code;
        impl de::Visitor<'_> for Code {
            type Value = Currency;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str(EXPECTED)
            }
            fn visit_str<E: de::Error>(self, code: &str) -> Result<Currency, E> {
                let unexpected = || E::invalid_value(de::Unexpected::Str(code), &self);
                Currency::new(code).ok_or_else(unexpected)
            }
        }
        if from.is_human_readable() {
            return from.deserialize_str(Code);
        }
        let code = <[u8; 3]>::deserialize(from)?;
        let wrong = || de::Error::invalid_value(de::Unexpected::Bytes(&code), &EXPECTED);
        core::str::from_utf8(&code).ok().and_then(Self::new).ok_or_else(wrong)
    }
}

/// An amount of money.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// Whole minor units: 1999 is 19.99 EUR, and 1999 JPY.
    pub amount_minor: i64,
    /// Of which currency.
    pub currency: Currency,
}

textless!(Money);

wire_struct! {
    /// A product as the shop names it. Only `id` is required.
    pub struct Product {
        /// The shop's own id or SKU.
        pub id: S,
        /// Its title.
        pub name: S,
        /// Who makes it.
        pub brand: S,
        /// Its category, with `/` between levels.
        pub category: S,
        /// Size, colour and so on.
        pub variant: S,
        /// The price of one.
        pub price: Option<Money>,
    }
}

wire_struct! {
    /// So many of a product.
    pub struct Item {
        /// Of what.
        pub product: Product<S>,
        /// How many.
        pub quantity: u32,
    }
}

wire_struct! {
    /// A step of the checkout was reached.
    pub struct Checkout {
        /// Which one, from 1.
        pub step: u8,
        /// What the shop calls it: "shipping".
        pub name: S,
        /// The cart's value.
        pub value: Option<Money>,
    }
}

wire_struct! {
    /// An order was placed. Its id counts once per site, whatever is sent.
    pub struct Order {
        /// The shop's order number.
        pub id: S,
        /// What the customer pays.
        pub total: Money,
        /// Tax within the total, in its currency's minor units.
        pub tax_minor: i64,
        /// Shipping within the total, in its currency's minor units.
        pub shipping_minor: i64,
        /// What was taken off, in the total's currency's minor units.
        pub discount_minor: i64,
        /// Coupon code.
        pub coupon: S,
        /// What was bought.
        pub items: Vec<Item<S>>,
    }
}

wire_struct! {
    /// An order was paid back, in whole or in part.
    pub struct Refund {
        /// The order's id.
        pub order: S,
        /// How much; all of it where absent.
        pub amount: Option<Money>,
        /// What came back, where the shop says.
        pub items: Vec<Item<S>>,
    }
}
