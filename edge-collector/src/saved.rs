//! `/api/v1/sites/{site}/saved`: the goals, segments, funnels and annotations of a site, put and taken out one by one.
//!
//! They are settings. Of a site of the variable, whose settings change with a deployment, its object keeps none but these: what the
//! variable has stays as it is, and they stand beside it.

use passerby_analytics::outcome::RequestError;
use passerby_analytics::saved::{self, KINDS};
use passerby_analytics::settings::MAX_SETTINGS_BYTES;
use serde_json::{Map, Value, json};
use worker::{Env, Request, Response};

use crate::access::Caller;
use crate::audit::Note;
use crate::objects::{ask_site, pack, unpack};
use crate::problem::Problem;
use crate::settings::{Site, Stored};
use crate::site::settled::Change;
use crate::sites::{changed_meanwhile, json_of, of_variable};
use crate::{account, body, stats};

/// All that is saved, each with where it is from.
pub async fn list(env: &Env, caller: &Caller, id: &str) -> Result<Response, Problem> {
    let site = caller.site(env, id).await?;
    let declared = Site::in_variable(env, id)?;
    let mut results = Map::new();
    for kind in KINDS {
        let entry = |(name, value): (&String, &Value)| {
            let is_declared = declared.as_ref().is_some_and(|site| site.saved(kind).contains_key(name));
            json!({ "name": name, "origin": if is_declared { "variable" } else { "api" }, "value": value })
        };
        results.insert(kind.to_owned(), site.saved(kind).iter().map(entry).collect());
    }
    stats::json(&json!({ "results": results }))
}

/// Puts one, in place of one of the same name.
pub async fn put(
    mut request: Request,
    env: &Env,
    caller: &Caller,
    id: &str,
    entry: (&str, &str),
) -> Result<Response, Problem> {
    caller.site(env, id).await?;
    let value = json_of(&body::read(&mut request, "max_body_bytes", MAX_SETTINGS_BYTES).await?)?;
    change(env, caller, id, entry, Some(value)).await
}

/// Takes one out.
pub async fn remove(env: &Env, caller: &Caller, id: &str, entry: (&str, &str)) -> Result<Response, Problem> {
    caller.site(env, id).await?;
    change(env, caller, id, entry, None).await
}

async fn change(
    env: &Env,
    caller: &Caller,
    id: &str,
    (kind, name): (&str, &str),
    value: Option<Value>,
) -> Result<Response, Problem> {
    if !KINDS.contains(&kind) {
        return Err(
            Problem::new(RequestError::NotFound).detail(format!("what is saved is one of {}", KINDS.join(", ")))
        );
    }
    let declared = Site::in_variable(env, id)?;
    if declared.as_ref().is_some_and(|site| site.saved(kind).contains_key(name)) {
        return Err(of_variable(id));
    }
    let (old, before) = Stored::of(env, id).await?;
    let known = before.settings.get(kind).and_then(|of_kind| of_kind.get(name));
    let called = value
        .as_ref()
        .or(known)
        .ok_or_else(|| Problem::new(RequestError::NotFound).detail("nothing is saved by this name"))?;
    // Annotations have names that say nothing.
    let called = called.get("text").and_then(Value::as_str).unwrap_or(name).to_owned();
    let action = if value.is_some() { "save" } else { "remove" };
    let note = Note { who: caller.who(), action: format!("{}.{action}", kind.trim_end_matches('s')), what: called };
    let declared = declared.map_or(Value::Null, |site| site.told());
    let settings =
        saved::changed(id, declared.as_object().unwrap_or(&Map::new()), &before.settings, (kind, name), value)?;
    let new = Stored { settings, ..before }.written()?;
    let is_settled: bool = unpack(&ask_site(env, id, "settle", &pack(&Change { old, new, note })?).await?)?;
    account::forget(id);
    match is_settled {
        true => Ok(Response::empty()?.with_status(204)),
        false => Err(changed_meanwhile()),
    }
}
