//! Typed properties.

use alloc::{borrow::Cow, string::String, vec::Vec};
use core::{fmt, marker::PhantomData};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser::SerializeMap};

use crate::commerce::Money;
use crate::resolve::{Resolve, Sym, Table, Unresolved};

/// A property's value. In JSON: a string, a number (without fraction or exponent: an integer), true or false, or
/// `{"amount_minor": 1999, "currency": "EUR"}`.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<S = String> {
    /// A text.
    Text(S),
    /// A whole number.
    Int(i64),
    /// Any other finite number.
    Float(f64),
    /// True or false.
    Bool(bool),
    /// An amount. On an event it counts as the event's revenue.
    Money(Money),
}

/// An event's properties, in the order given; no key twice. A JSON object in the JSON form.
#[derive(Clone, Debug, PartialEq)]
pub struct Props<S = String>(pub Vec<(S, Value<S>)>);

impl<S: PartialEq> Props<S> {
    /// Linear, so bounded: what lies beyond the limit is refused by its length, not by its content.
    fn holds(&self, key: &S) -> bool {
        self.0.iter().take(crate::limits::MAX_PROPS).any(|(k, _)| k == key)
    }
}

impl<S> Default for Props<S> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

/// Postcard needs a plainly derived enum; JSON needs an untagged one. This is the former.
#[derive(Serialize, Deserialize)]
enum Tagged<S> {
    Text(S),
    Int(i64),
    Float(f64),
    Bool(bool),
    Money(Money),
}

impl<S: Serialize> Serialize for Value<S> {
    fn serialize<T: Serializer>(&self, to: T) -> Result<T::Ok, T::Error> {
        if to.is_human_readable() {
            return match self {
                Self::Text(v) => v.serialize(to),
                Self::Int(v) => v.serialize(to),
                Self::Float(v) => v.serialize(to),
                Self::Bool(v) => v.serialize(to),
                Self::Money(v) => v.serialize(to),
            };
        }
        match self {
            Self::Text(v) => Tagged::Text(v).serialize(to),
            Self::Int(v) => Tagged::<&S>::Int(*v).serialize(to),
            Self::Float(v) => Tagged::<&S>::Float(*v).serialize(to),
            Self::Bool(v) => Tagged::<&S>::Bool(*v).serialize(to),
            Self::Money(v) => Tagged::<&S>::Money(*v).serialize(to),
        }
    }
}

impl<'de, S: Deserialize<'de>> Deserialize<'de> for Value<S> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        if from.is_human_readable() {
            return from.deserialize_any(ValueVisitor(PhantomData));
        }
        Ok(match Tagged::deserialize(from)? {
            Tagged::Text(v) => Self::Text(v),
            Tagged::Int(v) => Self::Int(v),
            Tagged::Float(v) => Self::Float(v),
            Tagged::Bool(v) => Self::Bool(v),
            Tagged::Money(v) => Self::Money(v),
        })
    }
}

struct ValueVisitor<S>(PhantomData<S>);

impl<'de, S: Deserialize<'de>> de::Visitor<'de> for ValueVisitor<S> {
    type Value = Value<S>;
    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a string, a number, a boolean or an amount with its currency")
    }
    fn visit_bool<E>(self, v: bool) -> Result<Value<S>, E> {
        Ok(Value::Bool(v))
    }
    fn visit_i64<E>(self, v: i64) -> Result<Value<S>, E> {
        Ok(Value::Int(v))
    }
    fn visit_u64<E>(self, v: u64) -> Result<Value<S>, E> {
        Ok(i64::try_from(v).map_or(Value::Float(v as f64), Value::Int))
    }
    fn visit_f64<E>(self, v: f64) -> Result<Value<S>, E> {
        Ok(Value::Float(v))
    }
    fn visit_str<E: de::Error>(self, v: &str) -> Result<Value<S>, E> {
        S::deserialize(de::value::StrDeserializer::new(v)).map(Value::Text)
    }
    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Value<S>, A::Error> {
        Money::deserialize(de::value::MapAccessDeserializer::new(map)).map(Value::Money)
    }
}

impl<S: Serialize> Serialize for Props<S> {
    fn serialize<T: Serializer>(&self, to: T) -> Result<T::Ok, T::Error> {
        if !to.is_human_readable() {
            return self.0.serialize(to);
        }
        let mut map = to.serialize_map(Some(self.0.len()))?;
        for (key, value) in &self.0 {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

impl<'de, S: Deserialize<'de> + PartialEq> Deserialize<'de> for Props<S> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        if from.is_human_readable() {
            from.deserialize_map(PropsVisitor(PhantomData))
        } else {
            Vec::deserialize(from).map(Self)
        }
    }
}

struct PropsVisitor<S>(PhantomData<S>);

impl<'de, S: Deserialize<'de> + PartialEq> de::Visitor<'de> for PropsVisitor<S> {
    type Value = Props<S>;
    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object of properties")
    }
    fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Props<S>, A::Error> {
        let mut props = Props::default();
        while let Some(key) = map.next_key::<S>()? {
            if props.holds(&key) {
                return Err(de::Error::custom("a property is given twice"));
            }
            props.0.push((key, map.next_value()?));
        }
        Ok(props)
    }
}

impl Resolve for Value<Sym> {
    type Text<'a> = Value<Cow<'a, str>>;
    fn resolve<'a>(self, table: Table<'_, 'a>) -> Result<Value<Cow<'a, str>>, Unresolved> {
        Ok(match self {
            Self::Text(v) => Value::Text(v.resolve(table)?),
            Self::Int(v) => Value::Int(v),
            Self::Float(v) => Value::Float(v),
            Self::Bool(v) => Value::Bool(v),
            Self::Money(v) => Value::Money(v),
        })
    }
}

impl Resolve for Props<Sym> {
    type Text<'a> = Props<Cow<'a, str>>;
    fn resolve<'a>(self, table: Table<'_, 'a>) -> Result<Self::Text<'a>, Unresolved> {
        let mut props = Props(Vec::with_capacity(self.0.len()));
        for property in self.0 {
            let (key, value) = property.resolve(table)?;
            if props.holds(&key) {
                return Err(Unresolved::DuplicateProperty);
            }
            props.0.push((key, value));
        }
        Ok(props)
    }
}
