//! Whether whoever asks may have what they ask for: by the route's need and the key that is shown.

use std::rc::Rc;

use passerby_analytics::outcome::RequestError;
use passerby_analytics::routes::{Need, Place};
use worker::{Env, Request};

use crate::keys;
use crate::problem::Problem;
use crate::settings::Site;

/// Whoever sent a request, as they show themselves. Made by the router for each request; a handler asks it for the site
/// before it answers anything about one.
#[derive(Debug)]
pub struct Caller {
    need: Need,
    shown: String,
}

impl Caller {
    /// Whoever sent this request. Refuses a method that the place does not have, and who shows no key where one is needed:
    /// before a body is read.
    pub fn of(request: &Request, env: &Env, place: Place) -> Result<Self, Problem> {
        let refused = || Problem::new(RequestError::MethodNotAllowed).allow(&place.allow());
        let need = place.need(request.method().as_ref()).ok_or_else(refused)?;
        let offered = if place == Place::Live { keys::offered(request)? } else { None };
        let shown = keys::bearer(request)?.or(offered).unwrap_or_default();
        if need > Need::Nothing && shown.is_empty() {
            return Err(unauthorized(match keys::has_admin_key(env) {
                true => "send the header Authorization: Bearer <key>",
                false => "this collector has no key yet: npx wrangler secret put PASSERBY_ADMIN_KEY",
            }));
        }
        Ok(Self { need, shown })
    }

    /// The site of this name, where the caller may do with it what the route does. Whoever has no key of it is not told
    /// whether there is such a site.
    pub async fn site(&self, env: &Env, id: &str) -> Result<Rc<Site>, Problem> {
        let site = Site::find(env, id).await;
        if self.need > Need::Nothing && !keys::is_admin_key(env, &self.shown) {
            return Err(unauthorized("the key is not the right one"));
        }
        site
    }

    /// Passes who owns the account.
    pub async fn account(&self, env: &Env) -> Result<(), Problem> {
        match keys::is_admin_key(env, &self.shown) {
            true => Ok(()),
            false => Err(unauthorized("the key is not the right one")),
        }
    }
}

fn unauthorized(detail: &str) -> Problem {
    Problem::new(RequestError::Unauthorized).detail(detail)
}
