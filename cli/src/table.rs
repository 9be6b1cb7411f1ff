//! An answer as a table for people.

use serde_json::{Map, Value};

/// The answer, each list of it as a table, each number with its name.
pub fn of(answer: &Value) -> String {
    let mut out = String::new();
    match answer.get("results").unwrap_or(answer) {
        Value::Array(rows) => rows_of(rows, &mut out),
        Value::Object(fields) => fields_of(fields, &mut out),
        other => out.push_str(&text(other)),
    }
    if !out.ends_with('\n') {
        out.push('\n');
    }
    out
}

/// Single values above, lists below.
fn fields_of(fields: &Map<String, Value>, out: &mut String) {
    let lists = |value: &Value| value.as_array().is_some_and(|list| list.iter().any(Value::is_object));
    let single = fields.iter().filter(|(_, value)| !lists(value));
    let lines: Vec<Vec<String>> = single.map(|(name, value)| vec![name.clone(), text(value)]).collect();
    lay_out(&lines, out);
    for (name, value) in fields.iter().filter(|(_, value)| lists(value)) {
        out.push_str(&format!("\n{name}\n"));
        rows_of(value.as_array().map_or(&[][..], Vec::as_slice), out);
    }
}

fn rows_of(rows: &[Value], out: &mut String) {
    let Some(Value::Object(first)) = rows.first() else {
        let lines: Vec<Vec<String>> = rows.iter().map(|row| vec![text(row)]).collect();
        return lay_out(&lines, out);
    };
    let head: Vec<String> = first.keys().cloned().collect();
    let cell = |row: &Value, name: &String| text(row.get(name).unwrap_or(&Value::Null));
    let row = |row: &Value| head.iter().map(|name| cell(row, name)).collect();
    let lines: Vec<Vec<String>> = [head.clone()].into_iter().chain(rows.iter().map(row)).collect();
    lay_out(&lines, out);
}

/// A value on one line: what an aggregate says of a metric is its value, and its change.
fn text(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        // What a visitor sent must not steer a terminal.
        Value::String(text) => text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect(),
        Value::Object(fields) => match (fields.get("value"), fields.get("change")) {
            (Some(value), Some(change)) => format!("{} ({change:+} %)", text(value), change = number(change)),
            (Some(value), None) => text(value),
            _ => value_pairs(fields),
        },
        Value::Array(list) => list.iter().map(text).collect::<Vec<_>>().join("; "),
        other => other.to_string(),
    }
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(0.0)
}

/// `{"kind": "event", "name": "search", "count": 3}` is "event search 3".
fn value_pairs(fields: &Map<String, Value>) -> String {
    fields.values().map(text).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Columns as wide as their widest cell; numbers to the right.
fn lay_out(lines: &[Vec<String>], out: &mut String) {
    let columns = lines.iter().map(Vec::len).max().unwrap_or(0);
    let width = |text: &str| text.chars().count();
    let widths: Vec<usize> = (0..columns)
        .map(|at| lines.iter().filter_map(|line| line.get(at)).map(|cell| width(cell)).max().unwrap_or(0))
        .collect();
    let numeric: Vec<bool> = (0..columns)
        .map(|at| lines.iter().skip(1).filter_map(|line| line.get(at)).all(|c| c == "-" || c.parse::<f64>().is_ok()))
        .collect();
    for line in lines {
        let mut row = String::new();
        for (at, cell) in line.iter().enumerate() {
            let gap = " ".repeat(widths[at] - width(cell));
            let (before, after) = if numeric[at] && at > 0 { (gap.as_str(), "") } else { ("", gap.as_str()) };
            row.push_str(&format!("{before}{cell}{after}  "));
        }
        out.push_str(row.trim_end());
        out.push('\n');
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_stand_left_and_numbers_right() {
        let answer = json!({"results": [{"page": "/", "visits": 10}, {"page": "/long", "visits": 9}]});
        assert_eq!(of(&answer), "page   visits\n/          10\n/long       9\n");
        assert_eq!(of(&json!({"results": {"visits": {"value": 3}}})), "visits  3\n");
        assert_eq!(of(&json!({"results": {"visits": {"value": 3, "change": -50}}})), "visits  3 (-50 %)\n");
    }

    #[test]
    fn what_visitors_sent_does_not_steer_the_terminal() {
        assert_eq!(of(&json!({"results": [{"page": "/\u{1b}[2J"}]})), "page\n/\u{fffd}[2J\n");
    }
}
