//! What a site saves by name: goals, segments and funnels in the form in which questions have them, and annotations. They are
//! settings, read by the code that reads questions, so what is saved can be asked.

use passerby_protocol::limits::{MAX_NAME_BYTES, MAX_TEXT_BYTES};
use serde_json::{Map, Value};

use crate::ask::{BadField, Field, Read, funnel_of, target};
use crate::calendar::Day;
use crate::known::Known;
use crate::settings::MAX_SETTINGS_BYTES;
use crate::v2;

/// The kinds, by the names of their settings.
pub const KINDS: [&str; 4] = ["goals", "segments", "funnels", "annotations"];

/// Most of a kind.
const MAX_SAVED: usize = 200;

/// Bytes of an annotation's day or time.
const MAX_MOMENT_BYTES: usize = "2026-11-02T14:30".len();

/// Settings once one thing is put, or with `None` taken out. `declared` has what the site saves elsewhere, which stays as it is: a change
/// must fit both. Refusals name the place in what is put, or else in all that is saved.
///
/// # Errors
/// What is put is wrong, too much, or needed by another of those.
pub fn changed(
    site: &str,
    declared: &Map<String, Value>,
    settings: &Map<String, Value>,
    (kind, name): (&str, &str),
    value: Option<Value>,
) -> Read<Map<String, Value>> {
    let mut new = settings.clone();
    let mut of_kind = new.get(kind).and_then(Value::as_object).cloned().unwrap_or_default();
    match value {
        Some(value) => _ = of_kind.insert(name.to_owned(), value),
        None => _ = of_kind.shift_remove(name),
    }
    new.insert(kind.to_owned(), of_kind.into());
    let within = format!("{kind}.{name}");
    let all = joined(declared, &new).into();
    let checked = check(site, &all).and_then(|()| check_taken_out(&joined(declared, settings), &all));
    checked.map_err(|error| {
        let path = error.path.strip_prefix(&within).map(|path| path.trim_start_matches('.').to_owned());
        BadField { path: path.unwrap_or_else(|| error.path.clone()), ..error }
    })?;
    Ok(new)
}

/// All settings of both. Where both have something of a name, it is the former's; what is saved by names is joined.
fn joined(settings: &Map<String, Value>, besides: &Map<String, Value>) -> Map<String, Value> {
    let mut all = besides.clone();
    for (name, value) in settings {
        match (all.get_mut(name), value) {
            (Some(Value::Object(there)), Value::Object(more)) => there.extend(more.clone()),
            _ => _ = all.insert(name.clone(), value.clone()),
        }
    }
    all
}

/// Checks what settings save, and the filters of all questions, which may name it.
pub(crate) fn check(site: &str, settings: &Value) -> Read<()> {
    let body = Field::body(settings);
    let entries = |name: &str| settings.get(name).and_then(Value::as_object);
    let known = Known { site, goals: entries("goals"), segments: entries("segments"), ..Known::default() };
    // Goals are made of no other goals, and of no segments, nor segments of segments.
    let plain = Known { site, ..Known::default() };
    for (name, field) in body.entries()? {
        match name {
            "goals" => saved(&field, |goal| target(goal, plain).map(drop))?,
            "segments" => {
                saved(&field, |segment| v2::filters(segment, Known { segments: None, ..known }).map(drop))?;
            }
            "funnels" => saved(&field, |funnel| funnel_of(funnel, known).map(drop))?,
            "annotations" => saved(&field, annotation)?,
            "filters" => drop(v2::filters(&field, known)?),
            _ => {}
        }
    }
    if settings.to_string().len() > MAX_SETTINGS_BYTES {
        return Err(body.wrong(format!("longer than {MAX_SETTINGS_BYTES} bytes in all")));
    }
    Ok(())
}

/// Checks that nothing names a goal that is taken out: a name that is not saved says what event or page it means.
pub(crate) fn check_taken_out(old: &Map<String, Value>, new: &Value) -> Read<()> {
    let goals = old.get("goals").and_then(Value::as_object).into_iter().flat_map(Map::keys);
    for name in goals.filter(|name| new["goals"].get(name).is_none()) {
        for (kind, field) in Field::body(new).entries()? {
            let fields = match kind {
                "segments" | "funnels" => field.entries()?.into_iter().map(|(_, field)| field).collect(),
                "filters" => vec![field],
                _ => Vec::new(),
            };
            if let Some(field) = fields.iter().find(|field| names_goal(field.value(), name)) {
                return Err(field.wrong(format!("names the goal \"{name}\"")));
            }
        }
    }
    Ok(())
}

/// Whether a step or a filter in it names a goal: `{"goal": "Newsletter"}`, `["is", "event:goal", ["Newsletter"]]`.
fn names_goal(value: &Value, name: &str) -> bool {
    match value {
        Value::Object(fields) => fields.iter().any(|(part, value)| match part.as_str() {
            "goal" => value == name,
            // Properties may be called anything.
            "props" => false,
            _ => names_goal(value, name),
        }),
        Value::Array(items) => match items.as_slice() {
            [_, dimension, Value::Array(names), ..] if dimension == "event:goal" => {
                names.iter().any(|known| known == name)
            }
            items => items.iter().any(|item| names_goal(item, name)),
        },
        _ => false,
    }
}

/// Checks what is saved by name.
fn saved(field: &Field, check: impl Fn(&Field) -> Read<()>) -> Read<()> {
    let entries = field.entries()?;
    if entries.len() > MAX_SAVED {
        return Err(field.wrong(format!("more than {MAX_SAVED}")));
    }
    for (name, field) in entries {
        if name.is_empty() || name.len() > MAX_NAME_BYTES {
            return Err(field.wrong(format!("a name has 1 to {MAX_NAME_BYTES} bytes")));
        }
        check(&field)?;
    }
    Ok(())
}

/// `{"at": "2026-11-02", "text": "Newsletter sent"}`: a day or a minute of the site's clocks, and what happened then.
fn annotation(field: &Field) -> Read<()> {
    let given = field.object(&["at", "text"])?;
    let at = given.need("at")?;
    let moment = at.text(MAX_MOMENT_BYTES)?;
    let is_known = Day::parse(moment).is_some() || v2::instant(&format!("{moment}:00Z")).is_some();
    is_known
        .then_some(())
        .ok_or_else(|| at.wrong("neither a date (YYYY-MM-DD) nor a minute of one (YYYY-MM-DDThh:mm)"))?;
    given.need("text")?.text(MAX_TEXT_BYTES).map(drop)
}
