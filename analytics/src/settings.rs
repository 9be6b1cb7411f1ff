//! A site's settings as the API takes them: checked field by field, so that what is wrong is named before it is kept, and not
//! when somebody asks.

use core::ops::RangeInclusive;

use passerby_protocol::limits::MAX_SITE_BYTES;
use serde_json::{Map, Value};

use crate::ask::{Field, Object, Read};
use crate::saved;

/// Bytes of all of a site's settings.
pub const MAX_SETTINGS_BYTES: usize = 64 * 1024;

/// How many shards a site may have. One takes some hundred batches a second; each step is four times the last.
pub const SHARDS: [u32; 5] = [1, 4, 16, 64, 256];

/// For how many days visits may be kept.
pub const RETENTION_DAYS: RangeInclusive<u64> = 1..=3650;

/// How many batches a minute may be bounded to; 0: they are not.
pub const BATCHES_PER_MINUTE: RangeInclusive<u64> = 0..=1_000_000_000;

/// Every setting.
pub const SETTINGS: [&str; 15] = [
    "hosts",
    "time_zone",
    "count_bots",
    "aliases",
    "shards",
    "retention_days",
    "filters",
    "goals",
    "segments",
    "funnels",
    "annotations",
    "origins",
    "public",
    "batches_per_minute",
    "batches_per_minute_of_address",
];

/// What settles where visitors are stored, and so cannot change.
const FIXED: [&str; 1] = ["shards"];

/// Most hosts, aliases and origins of a site.
const MAX_LIST: usize = 100;

/// Bytes of a host (a DNS name), an alias, an origin.
const MAX_TEXT_BYTES: usize = 253;

/// A name that a site may be made with: it stands in addresses and in names of objects. Small letters, digits, `.`, `-`, `_`.
///
/// # Errors
/// It has something else.
pub fn site_id<'b>(field: &Field<'b>) -> Read<&'b str> {
    let id = field.text(MAX_SITE_BYTES)?;
    let is_plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, b'.' | b'-' | b'_');
    match id.bytes().all(is_plain) {
        true => Ok(id),
        false => Err(field.wrong("small letters, digits, \".\", \"-\" and \"_\" only")),
    }
}

/// The settings of a new site: what was given, once all of it is right.
///
/// # Errors
/// The setting that is unknown or wrong.
pub fn of_new(site: &str, body: &Value) -> Read<Map<String, Value>> {
    let mut given = body.as_object().cloned().unwrap_or_default();
    given.remove("site_id");
    given.retain(|_, value| !value.is_null());
    check(site, &Value::Object(given.clone()))?;
    Ok(given)
}

/// Settings after a change: a merge patch (RFC 7396) whose members are whole settings; `null` takes one back.
///
/// # Errors
/// A setting that is unknown, wrong, or cannot change.
pub fn changed(site: &str, old: &Map<String, Value>, change: &Value) -> Read<Map<String, Value>> {
    let body = Field::body(change);
    let given = body.object(&SETTINGS)?;
    let mut new = old.clone();
    for (name, field) in body.entries()? {
        if FIXED.contains(&name) && old.get(name) != Some(field.value()) {
            return Err(field.wrong("settled when the site was made; its visitors are stored by it"));
        }
        match field.value() {
            Value::Null => _ = new.remove(name),
            value => _ = new.insert(name.to_owned(), value.clone()),
        }
    }
    drop(given);
    let whole = Value::Object(new.clone());
    check(site, &whole)?;
    saved::check_taken_out(old, &whole)?;
    Ok(new)
}

fn check(site: &str, settings: &Value) -> Read<()> {
    let body = Field::body(settings);
    let given = body.object(&SETTINGS)?;
    for name in ["hosts", "aliases", "origins"] {
        for field in list(&given, name)? {
            let text = field.text(MAX_TEXT_BYTES)?;
            if name == "origins" && !is_origin(text) {
                return Err(field.wrong("an origin is needed: https://dashboard.example"));
            }
        }
    }
    given.get("time_zone").map(|field| field.text(MAX_TEXT_BYTES)).transpose()?;
    for name in ["count_bots", "public"] {
        given.truth(name)?;
    }
    if let Some(field) = given.get("shards") {
        let found = field.value().as_u64().filter(|count| SHARDS.iter().any(|known| u64::from(*known) == *count));
        found.ok_or_else(|| field.wrong("1, 4, 16, 64 or 256 are needed"))?;
    }
    given.get("retention_days").map(|field| field.whole(RETENTION_DAYS)).transpose()?;
    for name in ["batches_per_minute", "batches_per_minute_of_address"] {
        given.get(name).map(|field| field.whole(BATCHES_PER_MINUTE)).transpose()?;
    }
    saved::check(site, settings)
}

fn list<'b>(given: &Object<'b>, name: &str) -> Read<Vec<Field<'b>>> {
    given.get(name).map_or(Ok(Vec::new()), |field| field.list(0..=MAX_LIST))
}

/// `https://dashboard.example:8443`: a scheme and a host, as browsers send them.
fn is_origin(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    host.is_some_and(|host| {
        !host.is_empty() && host.bytes().all(|c| c.is_ascii_graphic() && !matches!(c, b'/' | b'?' | b'#' | b'@' | b','))
    })
}
