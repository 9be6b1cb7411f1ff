//! Whether whoever asks may have what they ask for: by the route's need and the key that is shown.
//!
//! A key is looked for among the account's and those of the site that is asked about, as this isolate has known them for at most some
//! seconds. So a key that is revoked, and each token that was given for it, counts no more after that time.

mod allowed;
mod limit;

use std::cell::RefCell;
use std::rc::Rc;

use passerby_analytics::access::{Key, KeyId, Kind, Token, find, is_key, is_token};
use passerby_analytics::bucket::Level;
use passerby_analytics::outcome::RequestError;
use passerby_analytics::routes::{Need, Place};
use worker::{Date, Env, Request, Response};

use crate::account::{self, OfSite};
use crate::keys;
use crate::problem::Problem;
use crate::settings::Site;

pub use allowed::preflight;

/// The key of the Worker's secret, in the audit log.
const SECRET: &str = "the secret PASSERBY_ADMIN_KEY";

/// Whom a public site's tokens are given to.
pub const PUBLIC: KeyId = KeyId([0; 8]);

/// Whoever sent a request, as they show themselves. Made by the router for each request; a handler asks it for the site
/// before it answers anything about one.
pub struct Caller {
    need: Need,
    shown: String,
    origin: Option<String>,
    /// Where they are: for the limit of those who share a key, and nothing else.
    address: String,
    grant: RefCell<Option<Grant>>,
}

/// What a caller was found to be.
#[derive(Clone, Debug)]
pub struct Grant {
    /// What the audit log calls them.
    pub who: String,
    /// Their key.
    pub key: KeyId,
    /// How far it reads.
    pub reach: Need,
    /// Whose object keeps the key: a site's, or with an empty name the account's; none: that of the Worker's secret.
    owner: Option<String>,
    level: Option<Level>,
    origins: Vec<String>,
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
        if need > Need::Nothing && !keys::is_admin_key(env, &shown) && !is_token(&shown) && !is_of_form(&shown) {
            return Err(unauthorized("the key is not the right one"));
        }
        let origin = request.headers().get("Origin")?;
        let address = request.headers().get("CF-Connecting-IP")?.unwrap_or_default();
        Ok(Self { need, shown, origin, address, grant: RefCell::default() })
    }

    /// The site of this name, where the caller may do with it what the route does. Whoever has no key of it is not told
    /// whether there is such a site.
    pub async fn site(&self, env: &Env, id: &str) -> Result<Rc<Site>, Problem> {
        match Site::find(env, id).await {
            Ok(site) => {
                let of_site = account::of_site(env, &site.id).await?;
                self.pass(env, Some((&site, &of_site))).await?;
                // With what is saved of it, where the variable has the rest: only questions need that, no batch.
                Ok(of_site.site.clone().unwrap_or(site))
            }
            Err(problem) if problem.error == RequestError::UnknownSite => {
                self.account(env).await.map_err(|_| unauthorized("the key is not one of this site's"))?;
                Err(problem)
            }
            Err(problem) => Err(problem),
        }
    }

    /// Passes who owns the account. What they are called in the audit log.
    pub async fn account(&self, env: &Env) -> Result<String, Problem> {
        self.pass(env, None).await?;
        Ok(self.who())
    }

    /// What they are called in the audit log, once they have passed.
    pub fn who(&self) -> String {
        self.grant.borrow().as_ref().map(|grant| grant.who.clone()).unwrap_or_default()
    }

    /// What they were found to be, once they have passed.
    pub fn granted(&self) -> Option<Grant> {
        self.grant.borrow().clone()
    }

    /// Whether they show nothing.
    pub fn is_nobody(&self) -> bool {
        self.shown.is_empty()
    }

    /// Whether they show a token, not the key that it is of.
    pub fn shows_token(&self) -> bool {
        is_token(&self.shown)
    }

    /// Finds out who they are, and refuses who may not do this, or does too much.
    async fn pass(&self, env: &Env, site: Option<(&Site, &OfSite)>) -> Result<(), Problem> {
        let now_ms = Date::now().as_millis() as i64;
        let mut grant = if keys::is_admin_key(env, &self.shown) {
            of_secret(&self.shown)
        } else if is_token(&self.shown) {
            self.by_token(env, site, now_ms).await?
        } else {
            let listing = account::listing(env).await?;
            let of_site = site.and_then(|(site, of_site)| Some((find(&of_site.keys, &self.shown)?, site.id.as_str())));
            let found = find(&listing.keys, &self.shown).map(|key| (key, "")).or(of_site);
            let (key, owner) = found.ok_or_else(|| {
                unauthorized(if site.is_some() {
                    "the key is not one of this site's"
                } else {
                    "the key is not one of the account's"
                })
            })?;
            of_key(key, owner, now_ms)?
        };
        grant.origins = site.map(|(site, _)| site.origins.clone()).unwrap_or_default();
        // One key for all the public would be one limit for all of it.
        let whose = if grant.key == PUBLIC { KeyId::of(&self.address) } else { grant.key };
        let taken = if grant.reach < self.need {
            Err(Problem::new(RequestError::Forbidden).detail("a key that may do more is needed"))
        } else {
            limit::take(whose, now_ms, &mut grant.level)
        };
        // Also of who is refused now: pages may read why, and when to come again.
        *self.grant.borrow_mut() = Some(grant);
        taken
    }

    /// By a token: as far as it says, as long as its key counts.
    async fn by_token(&self, env: &Env, site: Option<(&Site, &OfSite)>, now_ms: i64) -> Result<Grant, Problem> {
        let listing = account::listing(env).await?;
        let token = Token::verify(&self.shown, &listing.token_secret, now_ms);
        let token = token.map_err(|bad| unauthorized(&bad.to_string()))?;
        let is_of_another = |(site, _): (&Site, &OfSite)| !token.site.is_empty() && site.id != token.site;
        if site.is_some_and(is_of_another) {
            return Err(unauthorized("the token is not one of this site's"));
        }
        if site.is_none() && !token.site.is_empty() {
            return Err(Problem::new(RequestError::Forbidden).detail("the token is for one site"));
        }
        let secret = keys::admin_key(env);
        let by_id = |keys: &[Key]| keys.iter().find(|key| key.id() == token.key).cloned();
        let grant = if !secret.is_empty() && token.key == KeyId::of(&secret) {
            of_secret(&secret)
        } else if let Some(key) = by_id(&listing.keys) {
            of_key(&key, "", now_ms)?
        } else if let Some((key, site)) = site.and_then(|(site, of_site)| Some((by_id(&of_site.keys)?, site))) {
            of_key(&key, &site.id, now_ms)?
        } else if token.key == PUBLIC && site.is_some_and(|(site, _)| site.public) {
            Grant { reach: Need::Look, who: "the public".to_owned(), ..of_secret("") }
        } else {
            return Err(unauthorized("the key of this token was revoked"));
        };
        Ok(Grant { reach: grant.reach.min(token.reach), key: token.key, ..grant })
    }

    /// Whether a socket may be opened from the page that sent this request, where a page did. No browser keeps a page of another
    /// origin from opening one, as it keeps it from reading an answer.
    pub fn may_connect(&self, env: &Env, own: &str) -> bool {
        let grant = self.grant.borrow();
        let of_site = grant.as_ref().map(|grant| grant.origins.as_slice()).unwrap_or_default();
        self.origin.as_ref().is_none_or(|origin| origin == own || allowed::may_read(env, origin, of_site))
    }

    /// What an answer tells of limits and of who may read it; and writes down that the key was used, once a minute.
    pub fn finish(&self, env: &Env, response: &Response) -> worker::Result<Option<impl Future<Output = ()> + use<>>> {
        let grant = self.grant.borrow().clone();
        if let Some(level) = grant.as_ref().and_then(|grant| grant.level) {
            limit::tell(response.headers(), level)?;
        }
        if let Some(origin) = &self.origin {
            let of_site = grant.as_ref().map(|grant| grant.origins.as_slice()).unwrap_or_default();
            allowed::tell(env, response.headers(), origin, of_site)?;
        }
        let now_ms = Date::now().as_millis() as i64;
        Ok(grant.and_then(|grant| keys::used(env, grant.key, grant.owner?, now_ms)))
    }
}

/// Whether a key could be one of ours.
fn is_of_form(shown: &str) -> bool {
    Kind::ALL.iter().any(|(_, kind)| is_key(shown, *kind))
}

fn of_secret(shown: &str) -> Grant {
    Grant {
        who: SECRET.to_owned(),
        key: KeyId::of(shown),
        reach: Need::Admin,
        owner: None,
        level: None,
        origins: Vec::new(),
    }
}

fn of_key(key: &Key, owner: &str, now_ms: i64) -> Result<Grant, Problem> {
    if key.is_expired(now_ms) {
        return Err(unauthorized("the key has expired"));
    }
    let who = format!("{} key \"{}\", {}", key.kind.label(), key.name, key.id());
    let (owner, reach) = (Some(owner.to_owned()), key.kind.reach());
    Ok(Grant { who, key: key.id(), reach, owner, level: None, origins: Vec::new() })
}

fn unauthorized(detail: &str) -> Problem {
    Problem::new(RequestError::Unauthorized).detail(detail)
}
