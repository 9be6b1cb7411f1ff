//! `/api/v1/keys` and `/api/v1/sites/{site}/keys`: keys and share links, made once, shown once, listed, revoked.

use futures_util::future::join_all;
use passerby_analytics::access::{Key, Kind};
use passerby_analytics::ask::{Field, Read};
use passerby_analytics::outcome::RequestError;
use passerby_protocol::limits::MAX_NAME_BYTES;
use serde_json::{Value, json};
use worker::{Date, Env, Request, Response};

use crate::access::Caller;
use crate::audit::Note;
use crate::ingest::chance;
use crate::keyring::Listed;
use crate::objects::{self, ask_directory, ask_site, pack, unpack};
use crate::problem::Problem;
use crate::settings::Site;
use crate::sites::json_of;
use crate::{account, body, stats};

/// Bytes of a body.
const MAX_BODY_BYTES: usize = 4096;

/// The kinds of a site's keys.
const OF_SITE: [(&str, Kind); 3] = [("read", Kind::Read), ("ingest", Kind::Ingest), ("share", Kind::Share)];

/// Whose keys: a site's, which its object keeps, or with an empty name the account's.
pub struct Owner<'o> {
    env: &'o Env,
    site: String,
    who: String,
}

impl<'o> Owner<'o> {
    /// A site, whose keys the caller may make.
    pub async fn site(env: &'o Env, caller: &Caller, id: &str) -> Result<Self, Problem> {
        let site = caller.site(env, id).await?;
        Ok(Self { env, site: site.id.clone(), who: caller.who() })
    }

    /// The account.
    pub async fn account(env: &'o Env, caller: &Caller) -> Result<Self, Problem> {
        Ok(Self { env, site: String::new(), who: caller.account(env).await? })
    }

    /// Lists the keys: what they are called and when they were last used, nothing of themselves.
    pub async fn list(&self) -> Result<Response, Problem> {
        let listed: Vec<Listed> = unpack(&self.ask("keyring", &[]).await?)?;
        let told: Vec<Value> = listed.iter().map(|listed| told(&listed.key, listed.used_ms)).collect();
        stats::json(&json!({ "results": told }))
    }

    /// Makes a key, and shows it this once.
    pub async fn make(&self, mut request: Request) -> Result<Response, Problem> {
        let given = json_of(&body::read(&mut request, "max_body_bytes", MAX_BODY_BYTES).await?)?;
        let now_ms = Date::now().as_millis() as i64;
        let (kind, name, expires_ms) = self.asked(&given, now_ms)?;
        let text = kind.text(&chance()?);
        let key = Key::new(&text, kind, name, now_ms, expires_ms);
        let what = format!("{} key \"{name}\", {}", kind.label(), key.id());
        let note = Note { who: self.who.clone(), action: "key.make".to_owned(), what };
        if kind == Kind::Ingest {
            // First, so that a key which was shown is never without it; alone it lets nobody in.
            ask_directory(self.env, "ingest", &pack(&(key.digest, Some(&self.site)))?).await?;
        }
        if !unpack::<bool>(&self.ask("keyring/add", &pack(&(&key, note))?).await?)? {
            return Err(Problem::new(RequestError::Conflict).detail("there are 200 keys already; revoke one"));
        }
        account::forget(&self.site);
        let mut shown = told(&key, None);
        shown["key"] = text.as_str().into();
        if kind == Kind::Share {
            let mut link = request.url()?;
            link.set_path("/");
            link.set_query(None);
            link.query_pairs_mut().append_pair("site", &self.site);
            // Behind the #, which no browser sends: neither logs nor other sites' referrers hold it.
            link.set_fragment(Some(&format!("key={text}")));
            shown["link"] = link.as_str().into();
        }
        Ok(stats::json(&shown)?.with_status(201))
    }

    /// Revokes a key: it counts no more within seconds, nor does any token that was given for it.
    pub async fn revoke(&self, id: &str) -> Result<Response, Problem> {
        let note = Note { who: self.who.clone(), action: "key.revoke".to_owned(), what: String::new() };
        let revoked: Option<Key> = unpack(&self.ask("keyring/revoke", &pack(&(id, note))?).await?)?;
        let Some(key) = revoked else {
            return Err(Problem::new(RequestError::NotFound).detail("there is no key of this id"));
        };
        if key.kind == Kind::Ingest {
            ask_directory(self.env, "ingest", &pack(&(key.digest, None::<&str>))?).await?;
        }
        account::forget(&self.site);
        self.dismiss(&key).await;
        Ok(Response::empty()?.with_status(204))
    }

    /// Sends away who watches with a key. Which sockets those are nobody keeps; who has another key comes back at once. The account's keys
    /// open every site's sockets.
    async fn dismiss(&self, key: &Key) {
        match (key.kind, self.site.as_str()) {
            (Kind::Ingest, _) => {}
            (_, "") => {
                let settled = Site::all_in_variable(self.env).unwrap_or_default();
                let mut all: Vec<String> = settled.iter().map(|site| site.id.clone()).collect();
                if let Ok(listing) = account::listing(self.env).await {
                    all.extend(listing.sites.iter().filter(|(_, entry)| !entry.is_closed).map(|(id, _)| id.clone()));
                }
                join_all(all.iter().map(|id| objects::dismiss(self.env, id))).await;
            }
            (_, site) => objects::dismiss(self.env, site).await,
        }
    }

    async fn ask(&self, path: &str, body: &[u8]) -> worker::Result<Vec<u8>> {
        match self.site.as_str() {
            "" => ask_directory(self.env, path, body).await,
            site => ask_site(self.env, site, path, body).await,
        }
    }

    fn asked<'b>(&self, given: &'b Value, now_ms: i64) -> Read<(Kind, &'b str, Option<i64>)> {
        let is_account = self.site.is_empty();
        let known: &[&str] = if is_account { &["name", "expires_ms"] } else { &["kind", "name", "expires_ms"] };
        let given = Field::body(given).object(known)?;
        let kind = if is_account { Kind::Admin } else { given.need("kind")?.choice(&OF_SITE)? };
        let soon = now_ms.max(0) as u64 + 1;
        let expires = given.get("expires_ms").filter(|field| !field.value().is_null());
        let expires_ms = expires.map(|field| field.whole(soon..=i64::MAX as u64)).transpose()?;
        Ok((kind, given.need("name")?.text(MAX_NAME_BYTES)?, expires_ms.map(|at| at as i64)))
    }
}

fn told(key: &Key, used_ms: Option<i64>) -> Value {
    json!({
        "id": key.id().to_string(),
        "kind": key.kind.label(),
        "name": key.name,
        "made_ms": key.made_ms,
        "expires_ms": key.expires_ms,
        "used_ms": used_ms,
    })
}
