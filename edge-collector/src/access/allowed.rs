//! Which pages of other origins may read: those of the `ORIGINS` variable, and those that a site's settings name. Never with
//! credentials of the browser's own: the key is in the request.

use worker::{Env, Headers, Request, Response, Result};

use crate::account;
use crate::problem::Problem;
use crate::settings::Site;

const EXPOSED: &str = "RateLimit, RateLimit-Policy, Retry-After";

/// Answers what a browser asks before it sends a key from another origin. It does not say which site it will be about, so the
/// origin of any of them will do; the answer itself is told to none but the site's own.
pub async fn preflight(request: &Request, env: &Env, methods: &str) -> core::result::Result<Response, Problem> {
    let origin = request.headers().get("Origin")?.unwrap_or_default();
    let headers = Headers::new();
    headers.set("Vary", "Origin")?;
    if is_of_account(env, &origin) || is_of_a_site(env, &origin).await? {
        headers.set("Access-Control-Allow-Origin", &origin)?;
        headers.set("Access-Control-Allow-Methods", methods)?;
        headers.set("Access-Control-Allow-Headers", "Authorization, Content-Type")?;
        headers.set("Access-Control-Max-Age", "600")?;
    }
    Ok(Response::empty()?.with_status(204).with_headers(headers))
}

/// Lets pages of an origin read an answer, where they may.
pub fn tell(env: &Env, headers: &Headers, origin: &str, of_site: &[String]) -> Result<()> {
    if headers.has("Access-Control-Allow-Origin")? {
        return Ok(());
    }
    headers.append("Vary", "Origin")?;
    if may_read(env, origin, of_site) {
        headers.set("Access-Control-Allow-Origin", origin)?;
        headers.set("Access-Control-Expose-Headers", EXPOSED)?;
    }
    Ok(())
}

/// Whether pages of an origin may read what is of a site.
pub fn may_read(env: &Env, origin: &str, of_site: &[String]) -> bool {
    is_of_account(env, origin) || of_site.iter().any(|known| known == origin)
}

fn is_of_account(env: &Env, origin: &str) -> bool {
    let listed = env.var("ORIGINS").map(|origins| origins.to_string()).unwrap_or_default();
    !origin.is_empty() && listed.split([',', ' ']).any(|known| known == origin)
}

async fn is_of_a_site(env: &Env, origin: &str) -> core::result::Result<bool, Problem> {
    let has = |origins: &[String]| origins.iter().any(|known| known == origin);
    if Site::all_in_variable(env)?.iter().any(|site| has(&site.origins)) {
        return Ok(true);
    }
    Ok(account::listing(env).await?.sites.iter().any(|(_, entry)| has(&entry.origins)))
}
