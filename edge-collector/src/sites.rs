//! `/api/v1/sites`: the sites, made, changed and deleted.

use futures_util::future::join_all;
use passerby_analytics::ask::{Field, Read};
use passerby_analytics::outcome::RequestError;
use passerby_analytics::settings::{self, MAX_SETTINGS_BYTES};
use serde_json::{Value, json};
use worker::{Date, Env, Request, Response};

use crate::access::Caller;
use crate::account;
use crate::audit::Note;
use crate::directory::Entry;
use crate::objects::{self, ask_directory, ask_site, pack, unpack};
use crate::problem::Problem;
use crate::settings::{Site, Stored};
use crate::site::settled::Change;
use crate::zone::Clocks;
use crate::{body, stats};

/// All sites: those of the variable, and those that were made over the API. One whose object does not answer is told by its name.
pub async fn list(env: &Env, caller: &Caller) -> Result<Response, Problem> {
    caller.account(env).await?;
    let mut told: Vec<Value> = Site::all_in_variable(env)?.iter().map(|site| site.told()).collect();
    let listing = account::listing(env).await?;
    let open = listing.sites.iter().filter(|(_, entry)| !entry.is_closed).map(|(id, _)| id.as_str());
    let sites = join_all(open.map(async |id| (id, account::of_site(env, id).await))).await;
    told.extend(sites.into_iter().map(|(id, of_site)| {
        let site = of_site.ok().and_then(|of_site| of_site.site.clone());
        site.map_or_else(|| json!({ "site_id": id, "origin": "api" }), |site| site.told())
    }));
    stats::json(&json!({ "results": told }))
}

/// A site's settings.
pub async fn show(env: &Env, caller: &Caller, id: &str) -> Result<Response, Problem> {
    stats::json(&caller.site(env, id).await?.told())
}

/// Makes a site. Its name is taken first; where its settings could not be written then, making it once more goes on.
pub async fn make(mut request: Request, env: &Env, caller: &Caller) -> Result<Response, Problem> {
    let who = caller.account(env).await?;
    let given = read(&mut request).await?;
    let id = new_id(&given)?;
    if Site::in_variable(env, id)?.is_some() {
        return Err(of_variable(id));
    }
    let given = settings::of_new(id, &given)?;
    let is_begun = account::listing(env).await?.site(id).is_some() && account::of_site(env, id).await?.site.is_none();
    let making = if is_begun { Making::Begun } else { Making::New };
    // What was saved of it while it was one of the variable stays.
    let (old, kept) = Some(Stored::of(env, id).await?).filter(|(_, kept)| kept.made_ms == 0).unwrap_or_default();
    let settings = kept.settings.into_iter().chain(given).collect();
    let stored = Stored { made_ms: Date::now().as_millis() as i64, settings };
    settle(env, id, old, &stored, who, making).await.map(|response| response.with_status(201))
}

/// Changes some of a site's settings.
pub async fn change(mut request: Request, env: &Env, caller: &Caller, id: &str) -> Result<Response, Problem> {
    caller.site(env, id).await?;
    let who = caller.who();
    if Site::in_variable(env, id)?.is_some() {
        return Err(of_variable(id));
    }
    let given = read(&mut request).await?;
    let (old, before) = Stored::of(env, id).await?;
    let settings = settings::changed(id, &before.settings, &given)?;
    let answer = settle(env, id, old, &Stored { settings, ..before }, who, Making::Done).await?;
    if given.get("public").is_some() {
        objects::dismiss(env, id).await;
    }
    Ok(answer)
}

/// Deletes a site: its events are refused within seconds, and then its objects are emptied. Idempotent: where that broke off, it
/// goes on.
pub async fn delete(env: &Env, caller: &Caller, id: &str) -> Result<Response, Problem> {
    let site = if account::listing(env).await?.is_closing(id) {
        caller.account(env).await?;
        account::of_site(env, id).await?.site.clone().ok_or_else(|| Problem::new(RequestError::UnknownSite))?
    } else {
        caller.site(env, id).await?
    };
    if Site::in_variable(env, id)?.is_some() {
        return Err(of_variable(id));
    }
    let note = Note { who: caller.who(), action: "site.delete".to_owned(), what: id.to_owned() };
    ask_directory(env, "close", &pack(&(id, note))?).await?;
    ask_site(env, id, "empty", &pack(&(id, site.shard_bits()))?).await?;
    account::forget(id);
    objects::dismiss(env, id).await;
    Ok(stats::json(&json!({ "site_id": id, "state": "emptying" }))?.with_status(202))
}

/// How far a site was made before its settings are written.
#[derive(PartialEq)]
enum Making {
    /// Nobody knows its name.
    New,
    /// Its name is taken, and nothing is settled.
    Begun,
    /// It has settings.
    Done,
}

async fn settle(
    env: &Env,
    id: &str,
    old: Option<String>,
    stored: &Stored,
    who: String,
    making: Making,
) -> Result<Response, Problem> {
    let new = stored.written()?;
    let site = Site::of_stored(env, id, &new)?.ok_or_else(|| of_variable(id))?;
    if Clocks::of(&site.time_zone).is_none() {
        let settings = Value::Object(stored.settings.clone());
        let field = Field::body(&settings).object(&settings::SETTINGS)?.need("time_zone")?;
        return Err(field.wrong("there is no such time zone").into());
    }
    let entry = Entry { aliases: site.aliases.clone(), origins: site.origins.clone(), is_closed: false };
    for alias in &entry.aliases {
        let known = Site::all_in_variable(env)?;
        if let Some(other) = known.iter().find(|other| other.id == *alias || other.aliases.contains(alias)) {
            return Err(conflict(&format!("\"{alias}\" names the site {} already", other.id)));
        }
    }
    let action = if making == Making::Done { "site.change" } else { "site.make" };
    let what: Vec<&str> = stored.settings.keys().map(String::as_str).collect();
    let note = Note { who, action: action.to_owned(), what: format!("{id}: {}", what.join(", ")) };
    let entered = ask_directory(env, "enter", &pack(&(id, &entry, making == Making::New, &note))?).await?;
    if let Some(refusal) = unpack::<Option<String>>(&entered)? {
        return Err(conflict(&refusal));
    }
    let is_settled: bool = unpack(&ask_site(env, id, "settle", &pack(&Change { old, new, note })?).await?)?;
    account::forget(id);
    match is_settled {
        true => stats::json(&site.told()),
        false => Err(changed_meanwhile()),
    }
}

/// Settings are no longer those that a change was worked out from.
pub fn changed_meanwhile() -> Problem {
    conflict("somebody else changed the site meanwhile; look and try again")
}

/// A body of settings.
async fn read(request: &mut Request) -> Result<Value, Problem> {
    let bytes = body::read(request, "max_body_bytes", MAX_SETTINGS_BYTES).await?;
    json_of(&bytes)
}

/// A body as JSON.
pub fn json_of(bytes: &[u8]) -> Result<Value, Problem> {
    let null = Value::Null;
    serde_json::from_slice(bytes).map_err(|error| Field::body(&null).wrong(format!("no JSON: {error}")).into())
}

fn new_id(given: &Value) -> Read<&str> {
    let known: Vec<&str> = settings::SETTINGS.into_iter().chain(["site_id"]).collect();
    settings::site_id(&Field::body(given).object(&known)?.need("site_id")?)
}

/// What cannot be changed here.
pub fn of_variable(id: &str) -> Problem {
    let detail = format!("{id} is a site of the SITES variable; change it in wrangler.toml and deploy");
    Problem::new(RequestError::OfVariable).of_site(id).detail(detail)
}

fn conflict(detail: &str) -> Problem {
    Problem::new(RequestError::Conflict).detail(detail)
}
