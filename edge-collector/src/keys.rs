//! Who may read: whoever shows the key that the owner set as a secret of the Worker.

use passerby_analytics::outcome::RequestError;
use subtle::ConstantTimeEq;
use worker::{Env, Method, Request};

use crate::problem::Problem;

/// The secret's name.
const ADMIN_KEY: &str = "PASSERBY_ADMIN_KEY";

/// Lets a read pass that carries the key: `Authorization: Bearer <key>`.
pub fn check_read(request: &Request, env: &Env) -> Result<(), Problem> {
    if !matches!(request.method(), Method::Get | Method::Head) {
        return Err(Problem::new(RequestError::MethodNotAllowed).allow("GET, HEAD"));
    }
    check_key(request, env)
}

/// The same of a read whose question is its body.
pub fn check_query(request: &Request, env: &Env) -> Result<(), Problem> {
    if request.method() != Method::Post {
        return Err(Problem::new(RequestError::MethodNotAllowed).allow("POST"));
    }
    check_key(request, env)
}

fn check_key(request: &Request, env: &Env) -> Result<(), Problem> {
    let refuse = |detail: &str| Err(Problem::new(RequestError::Unauthorized).detail(detail));
    let Ok(expected) = env.secret(ADMIN_KEY).map(|secret| secret.to_string()) else {
        return refuse("this collector has no key yet: npx wrangler secret put PASSERBY_ADMIN_KEY");
    };
    let header = request.headers().get("Authorization")?.unwrap_or_default();
    let Some((_, shown)) = header.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("Bearer")) else {
        return refuse("send the header Authorization: Bearer <key>");
    };
    if expected.is_empty() || !bool::from(shown.trim().as_bytes().ct_eq(expected.as_bytes())) {
        return refuse("the key is not the right one");
    }
    Ok(())
}
