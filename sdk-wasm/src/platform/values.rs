//! JavaScript values that a page hands over, as values of the contract.

use js_sys::{Object, Reflect};
use passerby_protocol::{Currency, Money, Props, Value, limits};
use wasm_bindgen::{JsCast, JsValue};

/// The property `name` of `object`; undefined where there is none, or no object.
#[must_use]
pub fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).unwrap_or_default()
}

/// An object with these properties.
#[must_use]
pub fn object(properties: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in properties {
        _ = Reflect::set(&object, &JsValue::from_str(name), value);
    }
    object
}

/// Typed properties of an object. What is none of text, finite number, boolean or amount is left out, and so is what
/// lies beyond the contract's limits: better an event without a property than none.
#[must_use]
pub fn props(object: &JsValue) -> Props {
    let Some(object) = object.dyn_ref::<Object>() else { return Props::default() };
    let mut props = Vec::new();
    for key in Object::keys(object) {
        let Some(value) = Reflect::get(object, &key).ok().as_ref().and_then(value) else { continue };
        let key = clipped(&key, limits::MAX_NAME_BYTES);
        if !key.is_empty() && props.len() < limits::MAX_PROPS {
            props.push((key, value));
        }
    }
    Props(props)
}

fn value(value: &JsValue) -> Option<Value> {
    if let Some(mut text) = value.as_string() {
        clip(&mut text, limits::MAX_TEXT_BYTES);
        return Some(Value::Text(text));
    }
    if let Some(number) = value.as_f64() {
        return number.is_finite().then(|| int(number).map_or(Value::Float(number), Value::Int));
    }
    if let Some(truth) = value.as_bool() {
        return Some(Value::Bool(truth));
    }
    money(value).map(Value::Money)
}

/// `{amount_minor: 1999, currency: "EUR"}`.
#[must_use]
pub fn money(value: &JsValue) -> Option<Money> {
    let amount_minor = int(get(value, "amount_minor").as_f64()?)?;
    let currency = Currency::new(&get(value, "currency").as_string()?)?;
    Some(Money { amount_minor, currency })
}

/// Whole numbers below 2^53: beyond, JavaScript's numbers skip some.
fn int(number: f64) -> Option<i64> {
    let int = number as i64;
    (int as f64 == number && int.unsigned_abs() < 1 << 53).then_some(int)
}

/// A text of at most `max_bytes`; empty where the value is none.
#[must_use]
pub fn clipped(value: &JsValue, max_bytes: usize) -> String {
    let mut text = value.as_string().unwrap_or_default();
    clip(&mut text, max_bytes);
    text
}

/// Cuts a text to `max_bytes`, between characters.
pub fn clip(text: &mut String, max_bytes: usize) {
    let mut end = max_bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
}
