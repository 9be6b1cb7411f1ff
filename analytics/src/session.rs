//! A session: one visitor's events with gaps of at most 30 minutes. What a shard stores, a row each.

use passerby_protocol::{Kind, TabId};
use serde::{Deserialize, Serialize};

use crate::calendar::{Day, MINUTE_MS};
use crate::delivery::Client;

/// The longest gap within a session. Exactly this still continues it; a millisecond more begins another.
pub const MAX_GAP_MS: i64 = 30 * MINUTE_MS;

/// The most events of one session, and the most bytes that they may take. A row may hold 2 MB, and each batch rewrites
/// it; a thousand events of a busy page take about 100 KB. Only programs get there.
pub const MAX_SESSION_EVENTS: usize = 10_000;
/// See [`MAX_SESSION_EVENTS`].
pub const MAX_SESSION_BYTES: usize = 1024 * 1024;

/// The first byte of a row's body. A later layout takes another number and reads this one, too.
const LAYOUT: u8 = 1;

/// One visitor's events with gaps of at most [`MAX_GAP_MS`], in the order of their times, then tabs, then numbers. It
/// holds facts only; what reports read off it (source, entry page, bounce) is derived from them, so that an event which
/// arrives late leaves nothing to correct.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound(deserialize = "S: Deserialize<'de> + Default + PartialEq"))]
pub struct Session<S> {
    /// The tabs it was seen in.
    pub tabs: Vec<Tab<S>>,
    /// Its events, at least one. `(tab, number)` is there once.
    pub events: Vec<SessionEvent<S>>,
}

/// A tab of a session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tab<S> {
    /// Which.
    pub id: TabId,
    /// Its browser and where that is.
    pub client: Client<S>,
}

/// An event of a session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound(deserialize = "S: Deserialize<'de> + Default + PartialEq"))]
pub struct SessionEvent<S> {
    /// When it happened: milliseconds since 1970 in UTC.
    pub at_ms: i64,
    /// Its tab's place in the session's tabs.
    pub tab: u16,
    /// Its number in that tab.
    pub number: u64,
    /// The path of the page it happened on.
    pub page: S,
    /// The site's own id of the user; empty where nobody was identified.
    pub user: S,
    /// What happened.
    pub kind: Kind<S>,
}

/// Names a row: the day in UTC on which the session began, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionKey {
    /// Milliseconds since 1970 in UTC of its first event.
    pub start_ms: i64,
}

impl SessionKey {
    /// The day in UTC on which it began.
    #[must_use]
    pub const fn day(self) -> Day {
        Day::of_utc(self.start_ms)
    }
}

impl<S> Session<S> {
    /// When its first event happened.
    #[must_use]
    pub fn start_ms(&self) -> i64 {
        self.events.first().map_or(0, |event| event.at_ms)
    }

    /// When its last event happened.
    #[must_use]
    pub fn end_ms(&self) -> i64 {
        self.events.last().map_or(0, |event| event.at_ms)
    }

    /// Its row's name.
    #[must_use]
    pub fn key(&self) -> SessionKey {
        SessionKey { start_ms: self.start_ms() }
    }
}

impl<S: Serialize> Session<S> {
    /// The row's body.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        // Writing into a Vec cannot fail, and every sequence knows its length.
        postcard::to_extend(self, Vec::from([LAYOUT])).unwrap_or_default()
    }
}

/// A row's body that is no session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a stored session cannot be read")]
pub struct Unreadable;

impl<'a> Session<&'a str> {
    /// Reads a row's body; texts are borrowed from it.
    ///
    /// # Errors
    /// The body is of another layout, or damaged.
    pub fn decode(body: &'a [u8]) -> Result<Self, Unreadable> {
        match body.split_first() {
            Some((&LAYOUT, rest)) => postcard::from_bytes(rest).map_err(|_| Unreadable),
            _ => Err(Unreadable),
        }
    }

    /// The tabs of a row's body, which stand first: all that is read of it.
    ///
    /// # Errors
    /// The body is of another layout, or damaged.
    pub fn tabs_of(body: &'a [u8]) -> Result<Vec<Tab<&'a str>>, Unreadable> {
        match body.split_first() {
            Some((&LAYOUT, rest)) => postcard::take_from_bytes(rest).map(|(tabs, _)| tabs).map_err(|_| Unreadable),
            _ => Err(Unreadable),
        }
    }
}
