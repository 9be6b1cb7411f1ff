//! Pages and events as a body names them.

use serde_json::Value;

use super::fields::{Field, Read};
use super::scope::{filters, patterns};
use crate::dimension::Dimension;
use crate::filter::{Clause, Expr, Pattern};
use crate::goal::Goal;
use crate::known::Known;
use crate::report::target::Target;

/// Bytes of a name that a question gives.
const MAX_NAME_BYTES: usize = passerby_protocol::limits::MAX_NAME_BYTES;
/// Most conditions on properties: as many as an event can have.
const MAX_PROPS: usize = passerby_protocol::limits::MAX_PROPS;

/// `{"page": "/blog/*"}`, `{"event": "Signup", "page": "/pricing", "props": {"plan": ["pro", "team"]}}`; a pattern or a
/// list of them each; or `{"goal": "Newsletter"}`, one of the site's. `name` is what answers call it, `filters` what else the event and its visit must be like.
///
/// # Errors
/// The field that is missing or wrong.
pub fn target(field: &Field, known: Known) -> Read<Target> {
    let given = field.object(&["page", "event", "goal", "props", "filters", "name"])?;
    let some = |name: &str| given.get(name).map_or(Ok(Vec::new()), |field| patterns(&field));
    let (mut page, mut event) = (some("page")?, some("event")?);
    let mut filters = given.get("filters").map_or(Ok(Vec::new()), |field| filters(&field, known))?;
    if let Some(goal) = given.get("goal") {
        if !page.is_empty() || !event.is_empty() {
            return Err(goal.wrong("a goal is a page or an event itself"));
        }
        let name = goal.text(MAX_NAME_BYTES)?;
        match (known.target(name, &goal)?, Goal::page_of(name)) {
            (Some(saved), _) => {
                (page, event) = (saved.page, saved.event);
                filters.extend(saved.filters);
            }
            (None, Some(path)) => page.push(Pattern::with_wildcards(path)),
            (None, None) => event.push(Pattern::Is(name.to_owned())),
        }
    }
    if page.is_empty() && event.is_empty() {
        return Err(field.wrong("a page, an event or a goal is needed"));
    }
    if let Some(field) = given.get("props") {
        let entries = field.entries()?;
        if entries.len() > MAX_PROPS {
            return Err(field.wrong(format!("more than {MAX_PROPS} properties")));
        }
        for (key, value) in entries {
            let dimension = Dimension::property(&format!("event:props:{key}"));
            let dimension = dimension.ok_or_else(|| value.wrong("a property needs a name"))?;
            let patterns = values(&value)?;
            filters.push(Expr::from(Clause { dimension, negated: false, any_case: false, patterns }));
        }
    }
    let name = match given.get("name") {
        Some(field) => field.text(MAX_NAME_BYTES)?.to_owned(),
        None => named(field.value()),
    };
    Ok(Target { name, page, event, filters })
}

/// A property's wanted values: texts with `*`, numbers, true or false.
fn values(field: &Field) -> Read<Vec<Pattern>> {
    match field.value() {
        Value::Number(number) => Ok(vec![Pattern::Is(number.to_string())]),
        Value::Bool(truth) => Ok(vec![Pattern::Is(truth.to_string())]),
        _ => patterns(field),
    }
}

/// What a target without a name is called: `Visit /blog/*`, `Signup`.
fn named(value: &Value) -> String {
    let text = |name: &str| match value.get(name) {
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
        Some(Value::String(text)) => text.clone(),
        _ => String::new(),
    };
    let (goal, event) = (text("goal"), text("event"));
    match (goal.is_empty(), event.is_empty()) {
        (false, _) => goal,
        (_, false) => event,
        _ => format!("Visit {}", text("page")),
    }
}
