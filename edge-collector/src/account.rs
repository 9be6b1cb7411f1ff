//! What isolates know of the account and of its sites' keys, through a short cache.

use std::rc::Rc;

use passerby_analytics::access::{Digest, Key};
use serde::{Deserialize, Serialize};
use worker::{Env, Result};

use crate::cache::Cache;
use crate::directory::{Entry, Listing};
use crate::objects::{ask_directory, ask_site, unpack};
use crate::settings::Site;

/// What a site's own object says of who may do what.
#[derive(Debug, Serialize, Deserialize)]
pub struct Settled {
    /// Its settings as JSON, where it was made over the API; of a site of the variable, what is saved of it besides.
    pub settings: Option<String>,
    /// Its keys.
    pub keys: Vec<Key>,
}

/// What a site's object has of its settings, and its keys.
#[derive(Debug)]
pub struct OfSite {
    /// The site, where it was made over the API or something is saved of it.
    pub site: Option<Rc<Site>>,
    /// Its keys.
    pub keys: Vec<Key>,
}

thread_local! {
    static LISTING: Cache<Listing> = Cache::default();
    static SITES: Cache<OfSite> = Cache::default();
}

/// The directory.
pub async fn listing(env: &Env) -> Result<Rc<Listing>> {
    Cache::get(&LISTING, "", async || unpack(&ask_directory(env, "list", &[]).await?)).await
}

/// What there is of a site. To be asked only of sites that there are: each name that is asked for becomes an object.
pub async fn of_site(env: &Env, id: &str) -> Result<Rc<OfSite>> {
    Cache::get(&SITES, id, async || {
        let settled: Settled = unpack(&ask_site(env, id, "settled", &[]).await?)?;
        let site = settled.settings.map(|settings| Site::of_stored(env, id, &settings)).transpose()?.flatten();
        Ok(OfSite { site: site.map(Rc::new), keys: settled.keys })
    })
    .await
}

/// Forgets what this isolate knows of a site and of the account, since it has changed it. Others know in some seconds.
pub fn forget(id: &str) {
    Cache::forget(&LISTING, "");
    Cache::forget(&SITES, id);
}

impl Listing {
    /// What is entered of a site that there is.
    pub fn site(&self, id: &str) -> Option<&Entry> {
        let found = self.sites.binary_search_by(|(known, _)| known.as_str().cmp(id)).ok()?;
        self.sites.get(found).map(|(_, entry)| entry).filter(|entry| !entry.is_closed)
    }

    /// Whether a site is being deleted.
    pub fn is_closing(&self, id: &str) -> bool {
        self.sites.iter().any(|(known, entry)| known == id && entry.is_closed)
    }

    /// The site that another analytics' client calls so.
    pub fn called(&self, name: &str) -> Option<&str> {
        let calls = |(id, entry): &&(String, Entry)| {
            !entry.is_closed && (id == name || entry.aliases.iter().any(|alias| alias == name))
        };
        self.sites.iter().find(calls).map(|(id, _)| id.as_str())
    }

    /// The site that this ingest key is of. Digests, whose comparison tells nothing of keys.
    pub fn of_ingest_key(&self, digest: &Digest) -> Option<&str> {
        self.ingest.iter().find(|(known, _)| known == digest).map(|(_, site)| site.as_str())
    }
}
