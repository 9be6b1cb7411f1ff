//! The keys that turn a request into a visitor, as an isolate keeps them for a day.

use std::cell::RefCell;
use std::collections::HashMap;

use passerby_analytics::calendar::Day;
use passerby_analytics::visitor::Key;
use serde::{Deserialize, Serialize};
use worker::{Env, Result};

use crate::objects::{ask_site, pack, unpack};

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
}

impl Keys {
    /// The salt of a day. An older day's is destroyed, so yesterday's takes its place.
    pub fn salt(&self, day: Day) -> &Key {
        if day >= self.today { &self.today_salt } else { &self.yesterday_salt }
    }
}

thread_local! {
    /// A site's keys change once a day; an isolate asks for them once a day.
    static CACHE: RefCell<HashMap<String, Keys>> = RefCell::default();
}

/// The keys of a site today.
pub async fn keys(env: &Env, site: &str, today: Day) -> Result<Keys> {
    let known = CACHE.with_borrow(|cache| cache.get(site).filter(|keys| keys.today >= today).cloned());
    if let Some(keys) = known {
        return Ok(keys);
    }
    let keys: Keys = unpack(&ask_site(env, site, "keys", &pack(&today)?).await?)?;
    CACHE.with_borrow_mut(|cache| cache.insert(site.to_owned(), keys.clone()));
    Ok(keys)
}
