//! What turns a request into a visitor of some shard, as an isolate keeps it for a day.

use std::cell::RefCell;
use std::collections::HashMap;

use passerby_analytics::calendar::Day;
use passerby_analytics::visitor::Key;
use serde::{Deserialize, Serialize};
use worker::{Env, Result};

use crate::objects::{ask_site, pack, unpack};
use crate::settings::Site;

/// What turns a request into a visitor.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Keys {
    /// Seals tickets.
    pub ticket_key: Key,
    /// Hashes the ids of visitors who consented.
    pub visitor_key: Key,
    /// The day these salts are of.
    pub today: Day,
    /// Its salt.
    pub today_salt: Key,
    /// The salt of the day before.
    pub yesterday_salt: Key,
    /// How many shards the site has, as a power of two: as many as its settings said when it was first asked about.
    pub shard_bits: u32,
}

impl Keys {
    /// The salt of a day. An older day's is destroyed, so yesterday's takes its place.
    pub fn salt(&self, day: Day) -> &Key {
        if day >= self.today { &self.today_salt } else { &self.yesterday_salt }
    }
}

thread_local! {
    /// A site's keys change once a day; an isolate asks for them once a day. A site that is made anew under a name has others.
    static CACHE: RefCell<HashMap<(String, i64), Keys>> = RefCell::default();
}

/// The keys of a site today.
pub async fn keys(env: &Env, site: &Site, today: Day) -> Result<Keys> {
    let name = (site.id.clone(), site.made_ms);
    let known = CACHE.with_borrow(|cache| cache.get(&name).filter(|keys| keys.today >= today).cloned());
    if let Some(keys) = known {
        return Ok(keys);
    }
    let keys: Keys = unpack(&ask_site(env, &site.id, "keys", &pack(&(today, site.shard_bits()))?).await?)?;
    CACHE.with_borrow_mut(|cache| cache.insert(name, keys.clone()));
    Ok(keys)
}
