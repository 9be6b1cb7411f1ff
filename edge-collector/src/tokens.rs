//! `POST /api/v1/token`: a key or a share link for a token of some minutes.

use passerby_analytics::access::{KeyId, Token};
use passerby_analytics::ask::{Field, Read};
use passerby_analytics::outcome::RequestError;
use passerby_analytics::routes::Need;
use passerby_protocol::limits::MAX_SITE_BYTES;
use serde_json::{Value, json};
use worker::{Date, Env, Request, Response};

use crate::access::{Caller, PUBLIC};
use crate::problem::Problem;
use crate::settings::Site;
use crate::sites::json_of;
use crate::{account, body, stats};

/// How long a token counts: a page asks for the next one before that. Of a key that was revoked it ends within seconds, so this is not what
/// bounds a theft of the key, only one of the token.
const TOKEN_MS: i64 = 10 * 60 * 1000;

const MAX_BODY_BYTES: usize = 4096;

/// How far a token may reach, by name.
const REACHES: [(&str, Need); 3] = [("look", Need::Look), ("read", Need::Read), ("admin", Need::Admin)];

/// Gives a token that reaches as far as was asked for, and no further than the key; without either, a site's reports.
pub async fn give(mut request: Request, env: &Env, caller: &Caller) -> Result<Response, Problem> {
    let given = json_of(&body::read(&mut request, "max_body_bytes", MAX_BODY_BYTES).await?)?;
    let (site, reach) = asked(&given)?;
    // Else one that was stolen would last for as long as its key.
    if caller.shows_token() {
        return Err(Problem::new(RequestError::Forbidden).detail("a token is not given for a token; show the key"));
    }
    let (key, at_most) = match site {
        // Whoever shows nothing is the public.
        Some(id) if caller.is_nobody() => match Site::find(env, id).await {
            Ok(site) if site.public => (PUBLIC, Need::Look),
            Err(problem) if problem.error != RequestError::UnknownSite => return Err(problem),
            _ => return Err(Problem::new(RequestError::Unauthorized).detail("the site is not public; show a key")),
        },
        Some(id) => caller.site(env, id).await.map(|_| of(caller))?,
        None if caller.is_nobody() => return Err(Problem::new(RequestError::Unauthorized).detail("show a key")),
        None => caller.account(env).await.map(|_| of(caller))?,
    };
    let reach = reach.unwrap_or(at_most.min(Need::Read));
    if reach > at_most || at_most == Need::Nothing {
        return Err(Problem::new(RequestError::Forbidden).detail("the key does not reach so far"));
    }
    let now_ms = Date::now().as_millis() as i64;
    let expires_s = u32::try_from((now_ms + TOKEN_MS) / 1000).unwrap_or(u32::MAX);
    let site = site.unwrap_or_default().to_owned();
    let token = Token { reach, key, expires_s, site };
    let name = REACHES.iter().find(|(_, known)| *known == reach).map_or("", |(name, _)| name);
    stats::json(&json!({
        "token": token.sign(&account::listing(env).await?.token_secret),
        "expires_ms": i64::from(expires_s) * 1000,
        // For those whose clocks go otherwise.
        "expires_in_ms": TOKEN_MS,
        "site_id": token.site,
        "reach": name,
    }))
}

/// The caller's key, and how far it reaches, once they have passed.
fn of(caller: &Caller) -> (KeyId, Need) {
    caller.granted().map_or((PUBLIC, Need::Nothing), |grant| (grant.key, grant.reach))
}

/// The site, where one is meant, and how far the token is to reach. One that reaches over all sites is for those who own them.
fn asked(given: &Value) -> Read<(Option<&str>, Option<Need>)> {
    let given = Field::body(given).object(&["site_id", "reach"])?;
    let reach = given.get("reach").map(|field| field.choice(&REACHES)).transpose()?;
    let site = given.get("site_id").map(|field| field.text(MAX_SITE_BYTES)).transpose()?;
    if site.is_none() && reach != Some(Need::Admin) {
        given.need("site_id")?;
    }
    Ok((site, reach))
}
