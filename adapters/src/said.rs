//! Other people's JSON, read leniently: what is missing or of another type says nothing.

use passerby_protocol::limits::{MAX_EVENTS, MAX_TEXT_BYTES};
use passerby_protocol::{DecodeError, Props, Reason, Value as Property};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::call::Text;

static NOTHING: Value = Value::Null;

/// A value, or nothing.
#[derive(Clone, Copy)]
pub(crate) struct Said<'a>(pub(crate) &'a Value);

impl<'a> Said<'a> {
    /// The field of this name.
    pub(crate) fn at(self, name: &str) -> Self {
        Self(self.0.get(name).unwrap_or(&NOTHING))
    }

    /// The first of these fields that says something.
    pub(crate) fn any(self, names: &[&str]) -> Self {
        let said = |name: &&str| self.0.get(*name).filter(|value| !value.is_null());
        Self(names.iter().find_map(said).unwrap_or(&NOTHING))
    }

    /// The items of a list.
    pub(crate) fn items(self) -> impl Iterator<Item = Self> {
        self.0.as_array().into_iter().flatten().map(Said)
    }

    /// The fields of an object.
    pub(crate) fn fields(self) -> Option<&'a Map<String, Value>> {
        self.0.as_object()
    }

    /// Whether nothing is said.
    pub(crate) fn is_nothing(self) -> bool {
        self.0.is_null()
    }

    /// A text; empty where there is none.
    pub(crate) fn text(self) -> &'a str {
        self.0.as_str().unwrap_or_default()
    }

    /// A text as long as a report can show.
    pub(crate) fn short(self) -> String {
        cut(self.text(), MAX_TEXT_BYTES).to_owned()
    }

    /// An id: a text, or a whole number written out.
    pub(crate) fn id(self) -> String {
        match self.0 {
            Value::String(text) => text.clone(),
            Value::Number(number) if !number.is_f64() => number.to_string(),
            _ => String::new(),
        }
    }

    /// A number, also one in a text.
    pub(crate) fn number(self) -> Option<f64> {
        let number = match self.0 {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        number.filter(|number: &f64| number.is_finite())
    }

    /// A number that is not negative, rounded; what is greater than `u32` holds is the greatest.
    pub(crate) fn whole(self) -> Option<u32> {
        self.number().filter(|number| *number >= 0.0).map(|number| number.round() as u32)
    }

    /// True or false.
    pub(crate) fn truth(self) -> Option<bool> {
        self.0.as_bool()
    }

    /// An object's fields as an event's properties, but for those left out and those that say nothing. What is no single
    /// value is kept as JSON, if that is short.
    pub(crate) fn props(self, left_out: impl Fn(&str) -> bool) -> Props<Text> {
        let fields = self.fields().into_iter().flatten().filter(|(name, _)| !left_out(name));
        Props(fields.filter_map(|(name, value)| Some((name.clone().into(), property(value)?))).collect())
    }
}

fn property(value: &Value) -> Option<Property<Text>> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(truth) => Property::Bool(*truth),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => Property::Int(whole),
            None => Property::Float(number.as_f64()?),
        },
        Value::String(text) => Property::Text(cut(text, MAX_TEXT_BYTES).to_owned().into()),
        Value::Array(_) | Value::Object(_) => {
            let text = value.to_string();
            if text.len() > MAX_TEXT_BYTES {
                return None;
            }
            Property::Text(text.into())
        }
    })
}

/// The beginning of a text that fits, as our own tracker sends it.
pub(crate) fn cut(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

/// A body: what holds for all of it, and its events. These are not read yet: one may be wrong where the others are not.
pub(crate) struct Body<'a> {
    /// The outermost object's fields, but for the list of events; of a name that is there twice, the last. Without those
    /// that cannot be read.
    pub envelope: Value,
    /// The events: the object's list, or the list that the body is, or else the object itself.
    pub events: Vec<&'a RawValue>,
}

impl<'a> Body<'a> {
    /// Reads a body; `list` names the field that may hold its events.
    pub(crate) fn read(body: &'a [u8], list: Option<&str>) -> Result<Self, DecodeError> {
        let wrong = |error: serde_json::Error| DecodeError::Json(error.to_string());
        let text = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body).trim_ascii();
        if text.first() == Some(&b'[') {
            let events = serde_json::from_slice(text).map_err(wrong)?;
            return Ok(Self { envelope: Value::Null, events: bounded(events)? });
        }
        let Fields(fields) = serde_json::from_slice(text).map_err(wrong)?;
        let (mut envelope, mut events) = (Map::new(), None);
        for (name, raw) in fields {
            if Some(name.as_str()) == list {
                events = Some(bounded(serde_json::from_slice(raw.get().as_bytes()).map_err(wrong)?)?);
            } else if let Ok(value) = serde_json::from_slice(raw.get().as_bytes()) {
                envelope.insert(name, value);
            }
        }
        let events = match events {
            Some(events) => events,
            None => vec![serde_json::from_slice(text).map_err(wrong)?],
        };
        Ok(Self { envelope: envelope.into(), events })
    }

    /// Reads each event.
    pub(crate) fn each<T>(&self, read: impl Fn(Said<'_>) -> Result<T, Reason>) -> Vec<Result<T, Reason>> {
        self.events.iter().map(|raw| event(raw).and_then(|event| read(Said(&event)))).collect()
    }
}

fn bounded(items: Vec<&RawValue>) -> Result<Vec<&RawValue>, DecodeError> {
    match items.len() {
        found if found > MAX_EVENTS => Err(DecodeError::Limit { name: "max_events", limit: MAX_EVENTS, found }),
        _ => Ok(items),
    }
}

/// An object's fields in their order, unread.
struct Fields<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Fields<'de>;
            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Fields(fields))
            }
        }
        from.deserialize_map(Visitor)
    }
}

/// An event: an object.
fn event(raw: &RawValue) -> Result<Value, Reason> {
    serde_json::from_slice(raw.get().as_bytes()).ok().filter(Value::is_object).ok_or(Reason::Malformed)
}
