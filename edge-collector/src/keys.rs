//! Keys: the one that the owner set as a secret of the Worker, and those whose word counts about others.

use std::cell::RefCell;
use std::collections::HashMap;

use passerby_analytics::access::{KeyId, Kind, find, is_key};
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};
use worker::{Date, Env, Request};

use crate::account;
use crate::keyring::USED_EVERY_MS;
use crate::objects::{ask_directory, ask_site, pack};
use crate::problem::Problem;
use crate::settings::Site;

/// The secret's name.
const ADMIN_KEY: &str = "PASSERBY_ADMIN_KEY";

/// Whether a sender may speak of others: say whose address, user agent and time an event is. It shows an ingest key of the
/// site or the admin key as a bearer's, or the ingest key in its client's own way: `shown`.
pub async fn is_trusted(request: &Request, env: &Env, site: &Site, shown: &str) -> Result<bool, Problem> {
    let bearer = bearer(request)?.unwrap_or_default();
    Ok(is_admin_key(env, &bearer)
        || is_ingest_key(env, site, &bearer).await?
        || is_ingest_key(env, site, shown).await?)
}

/// Of the variable's keys, or of those made over the API. Those say by their form what they are, so nobody else's costs a look.
async fn is_ingest_key(env: &Env, site: &Site, shown: &str) -> Result<bool, Problem> {
    if !is_key(shown, Kind::Ingest) {
        return Ok(is_server_key(site, shown));
    }
    let now_ms = Date::now().as_millis() as i64;
    let of_site = account::of_site(env, &site.id).await?;
    let Some(key) = find(&of_site.keys, shown).filter(|key| key.kind == Kind::Ingest && !key.is_expired(now_ms)) else {
        return Ok(false);
    };
    if let Some(note) = used(env, key.id(), site.id.clone(), now_ms) {
        note.await;
    }
    Ok(true)
}

thread_local! {
    /// When this isolate last told of each key's use.
    static TOLD: RefCell<HashMap<KeyId, i64>> = RefCell::default();
}

/// Tells the object that keeps a key that it was used: a site's, or with an empty name the account's. Nothing is to be told where this isolate
/// did so within the last minute. What cannot be told is lost: it must not keep an answer.
pub fn used(env: &Env, key: KeyId, owner: String, now_ms: i64) -> Option<impl Future<Output = ()> + use<>> {
    let is_due = TOLD.with_borrow_mut(|told| {
        let is_due = told.get(&key).is_none_or(|told_ms| now_ms - told_ms >= USED_EVERY_MS);
        if is_due {
            told.insert(key, now_ms);
        }
        is_due
    });
    let env = env.clone();
    is_due.then_some(async move {
        let told = match (pack(&key), owner.as_str()) {
            (Ok(body), "") => ask_directory(&env, "keyring/used", &body).await.map(|_| ()),
            (Ok(body), site) => ask_site(&env, site, "keyring/used", &body).await.map(|_| ()),
            (Err(error), _) => Err(error),
        };
        if let Err(error) = told {
            worker::console_error!("the use of key {key} was not written down: {error}");
        }
    })
}

/// Whether this is one of the site's server keys.
pub fn is_server_key(site: &Site, shown: &str) -> bool {
    if shown.is_empty() || site.server_keys.is_empty() {
        return false;
    }
    let digest: String = Sha256::digest(shown).iter().map(|byte| format!("{byte:02x}")).collect();
    // Every one is looked at, so that the time says nothing.
    let equal = |known: &String| known.to_ascii_lowercase().as_bytes().ct_eq(digest.as_bytes());
    site.server_keys.iter().map(equal).fold(Choice::from(0), |any, one| any | one).into()
}

/// Whether this is the key of the Worker's secret.
pub fn is_admin_key(env: &Env, shown: &str) -> bool {
    let expected = admin_key(env);
    !expected.is_empty() && bool::from(shown.as_bytes().ct_eq(expected.as_bytes()))
}

/// Whether there is one.
pub fn has_admin_key(env: &Env) -> bool {
    !admin_key(env).is_empty()
}

/// The key of the Worker's secret; empty: there is none.
pub fn admin_key(env: &Env) -> String {
    env.secret(ADMIN_KEY).map(|secret| secret.to_string()).unwrap_or_default()
}

/// The key that a request shows: `Authorization: Bearer <key>`.
pub fn bearer(request: &Request) -> Result<Option<String>, Problem> {
    let header = request.headers().get("Authorization")?.unwrap_or_default();
    let shown = header.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("Bearer"));
    Ok(shown.map(|(_, shown)| shown.trim().to_owned()))
}

/// The key that a socket's request shows: among its subprotocols, since a browser lets pages set no other header. They have
/// few characters, so it is `passerby.key.` and the key's bytes in hex.
pub fn offered(request: &Request) -> Result<Option<String>, Problem> {
    let offered = request.headers().get("Sec-WebSocket-Protocol")?.unwrap_or_default();
    Ok(offered.split(',').find_map(|protocol| of_hex(protocol.trim().strip_prefix("passerby.key.")?)))
}

fn of_hex(hex: &str) -> Option<String> {
    let (pairs, rest) = hex.as_bytes().as_chunks::<2>();
    let byte = |pair: &[u8; 2]| u8::from_str_radix(core::str::from_utf8(pair).ok()?, 16).ok();
    let bytes: Option<Vec<u8>> = pairs.iter().map(byte).collect();
    bytes.filter(|_| rest.is_empty()).and_then(|bytes| String::from_utf8(bytes).ok())
}
