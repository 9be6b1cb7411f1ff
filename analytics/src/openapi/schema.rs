//! Schemas.

use serde::Serialize;
use serde_json::{Map, Value, json};

/// A schema by its name.
pub(super) fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// An object with these properties and no others.
pub(super) fn object(required: &[&str], properties: Value) -> Value {
    let mut schema = json!({ "type": "object", "properties": properties, "additionalProperties": false });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

/// One of these texts.
pub(super) fn one_of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Value {
    json!({ "type": "string", "enum": texts.into_iter().collect::<Vec<_>>() })
}

/// The schema of a type, from its serialised default, which has every field. What a default cannot show (the type of
/// what is absent, the items of an empty list) `known` says by the field's name.
pub(super) fn of_default<T: Serialize>(value: &T, required: &[&str], known: fn(&str) -> Option<Value>) -> Value {
    let value = serde_json::to_value(value).unwrap_or_default();
    inferred(&value, required, known)
}

/// The schema of values like this one.
pub(super) fn inferred(value: &Value, required: &[&str], known: fn(&str) -> Option<Value>) -> Value {
    match value {
        Value::Null => json!({}),
        Value::Bool(_) => json!({ "type": "boolean" }),
        Value::Number(number) if number.is_f64() => json!({ "type": "number" }),
        Value::Number(_) => json!({ "type": "integer" }),
        Value::String(_) => json!({ "type": "string" }),
        Value::Array(items) => {
            json!({ "type": "array", "items": items.first().map_or(json!({}), |item| inferred(item, &[], known)) })
        }
        Value::Object(fields) => {
            let property = |(name, value): (&String, &Value)| {
                (name.clone(), known(name).unwrap_or_else(|| inferred(value, &[], known)))
            };
            let properties: Map<String, Value> = fields.iter().map(property).collect();
            object(required, properties.into())
        }
    }
}
