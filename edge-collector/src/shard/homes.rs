//! The tabs that are at home in this shard, and those whose visitors live here: caches of what the site's shards store.
//!
//! A home writes nothing. Each session's row names its tabs, so a home that starts asks all shards of the site once for the
//! tabs that are at home in it, and keeps up from then on. A row for each tab would cost as much as the tab's first batch.

use std::cell::RefCell;

use futures_util::future::try_join_all;
use passerby_analytics::session::Session;
use passerby_analytics::tabs::{self, Seen, Tabs};
use passerby_analytics::visitor::Visitor;
use worker::{Env, Result};

use super::store::Store;
use crate::delivery::Home;
use crate::objects::{ask_shard, pack, unpack};

/// What a shard remembers of tabs.
pub struct Homes {
    env: Env,
    /// Whose the tabs are that are at home here, once that was asked.
    at_home: RefCell<Option<Tabs>>,
    /// The tabs of the visitors who live here, once another shard has asked for some of them.
    living_here: RefCell<Option<Tabs>>,
}

impl Homes {
    /// Remembers nothing yet. `env` reaches the other shards.
    pub fn new(env: Env) -> Self {
        Self { env, at_home: RefCell::default(), living_here: RefCell::default() }
    }

    /// As whom the tab of a batch began, which is `arrived` now; this is its home. Fails where another shard cannot say what
    /// it knows: what is sent again may be counted twice if it is not recognised, and is refused instead.
    pub async fn first(&self, store: &Store, home: &Home, arrived: Seen) -> Result<Visitor> {
        if self.at_home.borrow().is_none() {
            let known = self.gather(store, home, arrived.since_ms).await?;
            // Another delivery may have come here, too, while this one waited; what it found stays.
            self.at_home.borrow_mut().get_or_insert(known);
        }
        Ok(self.at_home.borrow_mut().get_or_insert_default().first(arrived))
    }

    /// The tabs of all shards that are at home here.
    async fn gather(&self, store: &Store, home: &Home, received_ms: i64) -> Result<Tabs> {
        let body = pack(&(home, received_ms))?;
        let others = (0..1 << home.bits).filter(|shard| *shard != home.shard);
        let asked = others.map(|shard| ask_shard(&self.env, &home.site, home.bits, shard, "tabs", &body));
        let mut seen = Vec::new();
        for answer in try_join_all(asked).await? {
            seen.extend(unpack::<Vec<Seen>>(&answer)?);
        }
        seen.extend(store.recent_tabs(received_ms)?.iter().filter(|seen| is_at_home(seen, home)));
        Ok(Tabs::of(seen))
    }

    /// Those of the visitors who live here whose home asks.
    pub fn tabs_of(&self, store: &Store, home: &Home, received_ms: i64) -> Result<Vec<Seen>> {
        let mut living_here = self.living_here.borrow_mut();
        if living_here.is_none() {
            *living_here = Some(Tabs::of(store.recent_tabs(received_ms)?));
        }
        Ok(living_here.get_or_insert_default().iter().filter(|seen| is_at_home(seen, home)).copied().collect())
    }

    /// Remembers that the tabs of sessions which were just written are of a visitor who lives here.
    pub fn lives_here(&self, visitor: Visitor, written: &[Session<&str>]) {
        if let Some(known) = self.living_here.borrow_mut().as_mut() {
            for (session, tab) in written.iter().flat_map(|session| session.tabs.iter().map(move |tab| (session, tab)))
            {
                known.first(Seen { since_ms: session.start_ms(), tab: tab.id, visitor });
            }
        }
    }
}

fn is_at_home(seen: &Seen, home: &Home) -> bool {
    tabs::home(&home.key, seen.tab, home.bits) == home.shard
}
