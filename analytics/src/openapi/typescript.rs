//! The same schemas as types of TypeScript.

use std::fmt::Write;

use serde_json::{Map, Value};

/// A module that declares every schema of the document.
#[must_use]
pub fn types(document: &Value) -> String {
    let mut text = "// Made by `make api` from the collector's own types. Not to be edited.\n".to_owned();
    let none = Map::new();
    for (name, schema) in document["components"]["schemas"].as_object().unwrap_or(&none) {
        // Writing into a String cannot fail.
        let _ = write!(text, "\nexport type {name} = {};\n", type_of(schema, 0));
    }
    text
}

fn type_of(schema: &Value, depth: usize) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        return name.to_owned();
    }
    // A reference that is described where it stands.
    if let Some([only]) = schema["allOf"].as_array().map(Vec::as_slice) {
        return type_of(only, depth);
    }
    let union = |members: &[Value]| members.iter().map(|member| type_of(member, depth)).collect::<Vec<_>>().join(" | ");
    if let Some(members) = schema["anyOf"].as_array().or_else(|| schema["oneOf"].as_array()) {
        return union(members);
    }
    if !schema["const"].is_null() {
        return schema["const"].to_string();
    }
    if let Some(values) = schema["enum"].as_array() {
        return values.iter().map(Value::to_string).collect::<Vec<_>>().join(" | ");
    }
    match &schema["type"] {
        Value::Array(names) => {
            let each = names.iter().map(|name| type_of(&serde_json::json!({ "type": name }), depth));
            each.collect::<Vec<_>>().join(" | ")
        }
        Value::String(name) => match name.as_str() {
            "integer" | "number" => "number".to_owned(),
            "array" => array(schema, depth),
            "object" => object(schema, depth),
            // A pattern that begins with fixed text.
            "string" => match schema["pattern"].as_str().and_then(|p| p.strip_prefix('^')?.strip_suffix(".+")) {
                Some(start) => format!("`{start}${{string}}`"),
                None => "string".to_owned(),
            },
            name => name.to_owned(),
        },
        _ => "unknown".to_owned(),
    }
}

fn array(schema: &Value, depth: usize) -> String {
    if let Some(items) = schema["prefixItems"].as_array() {
        let least = schema["minItems"].as_u64().unwrap_or(0);
        let item = |(place, item): (u64, &Value)| {
            let written = type_of(item, depth);
            if place >= least { format!("({written})?") } else { written }
        };
        return format!("[{}]", (0..).zip(items).map(item).collect::<Vec<_>>().join(", "));
    }
    format!(
        "Array<{}>",
        if schema["items"].is_null() { "unknown".to_owned() } else { type_of(&schema["items"], depth) }
    )
}

fn object(schema: &Value, depth: usize) -> String {
    let Some(properties) = schema["properties"].as_object() else {
        let values = &schema["additionalProperties"];
        let values = if values.is_object() { type_of(values, depth) } else { "unknown".to_owned() };
        return format!("Record<string, {values}>");
    };
    let required = |name: &str| schema["required"].as_array().is_some_and(|names| names.iter().any(|n| n == name));
    let indent = "  ".repeat(depth + 1);
    let mut text = "{\n".to_owned();
    for (name, property) in properties {
        let mark = if required(name) { "" } else { "?" };
        let key = if name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
            name.clone()
        } else {
            format!("\"{name}\"")
        };
        let _ = writeln!(text, "{indent}{key}{mark}: {};", type_of(property, depth + 1));
    }
    text + &"  ".repeat(depth) + "}"
}
