//! What ingest hands to a visitor's shard: a batch, taken apart, checked and enriched.

use std::collections::HashSet;

use passerby_protocol::{Kind, Reason, Refusal, Size, TabId};
use serde::{Deserialize, Serialize};

use crate::session::MAX_GAP_MS;
use crate::sessionize::WINDOW_MS;
use crate::visitor::Visitor;

/// A checked batch on its way to its visitor's shard. Postcard between the two objects, which one deployment always
/// updates together.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound(deserialize = "S: Deserialize<'de> + Default + PartialEq"))]
pub struct Delivery<S> {
    /// When the collector received it.
    pub received_ms: i64,
    /// Whose it is.
    pub visitor: Visitor,
    /// Its tab.
    pub tab: TabId,
    /// Its browser and where that is.
    pub client: Client<S>,
    /// Its events that may be counted.
    pub hits: Vec<Hit<S>>,
    /// Its events that may not.
    pub refused: Vec<Refusal>,
}

impl<S> Delivery<S> {
    /// Takes out the events with these numbers, and answers how many those are: another visitor's sessions hold them, since
    /// its tab sent them before it said who it is.
    pub fn take_out(&mut self, seen: &HashSet<u64>) -> u32 {
        let before = self.hits.len();
        self.hits.retain(|hit| !seen.contains(&hit.number));
        (before - self.hits.len()) as u32
    }

    /// Refuses events for a reason.
    pub fn refuse(&mut self, reason: Reason, is_refused: impl Fn(&Hit<S>) -> bool) {
        let refused = self.hits.extract_if(.., |hit| is_refused(hit)).map(|hit| Refusal { index: hit.index, reason });
        self.refused.extend(refused);
        self.refused.sort_unstable_by_key(|refusal| refusal.index);
    }

    /// Since when its visitor's sessions matter to it. Whatever a tracker sends again may be up to [`WINDOW_MS`] old; what is
    /// older was imported, and has the same time however often it is sent.
    #[must_use]
    pub fn since_ms(&self) -> i64 {
        let oldest_ms = self.hits.iter().map(|hit| hit.at_ms).min().unwrap_or(self.received_ms);
        (self.received_ms - WINDOW_MS).min(oldest_ms - MAX_GAP_MS)
    }
}

/// An event with its own time and place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound(deserialize = "S: Deserialize<'de> + Default + PartialEq"))]
pub struct Hit<S> {
    /// Its place in the batch, from 0.
    pub index: u32,
    /// Its number in its tab: a tracker's count from 0, or the hash of the name that another client gave it.
    pub number: u64,
    /// When it happened, by the collector's clock.
    pub at_ms: i64,
    /// The path of the page it happened on.
    pub page: S,
    /// The site's own id of the user, where it identified one; else empty.
    pub user: S,
    /// What happened.
    pub kind: Kind<S>,
}

/// A tab's browser and where it is. Empty texts are unknown.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Client<S> {
    /// "Chrome".
    pub browser: S,
    /// "126".
    pub browser_version: S,
    /// "Windows".
    pub os: S,
    /// "11".
    pub os_version: S,
    /// "Desktop", "Mobile", "Tablet".
    pub device: S,
    /// ISO 3166-1: "KR".
    pub country: S,
    /// ISO 3166-2: "KR-11".
    pub region: S,
    /// "Seoul".
    pub city: S,
    /// "ko-KR".
    pub language: S,
    /// "Asia/Seoul".
    pub time_zone: S,
    /// In CSS pixels; 0 × 0 where unknown.
    pub screen: Size,
}

impl<S: Default + PartialEq> Client<S> {
    /// Whether `other` knows something that this does not.
    #[must_use]
    pub fn lacks(&self, other: &Self) -> bool
    where
        S: Clone,
    {
        let mut learned = self.clone();
        learned.learn(other.clone());
        learned != *self
    }

    /// Takes over what `other` knows and this does not: a tab tells its context once, with its first batch.
    pub fn learn(&mut self, other: Self) {
        let unknown = S::default();
        let fill = |mine: &mut S, theirs: S| {
            if *mine == unknown {
                *mine = theirs;
            }
        };
        fill(&mut self.browser, other.browser);
        fill(&mut self.browser_version, other.browser_version);
        fill(&mut self.os, other.os);
        fill(&mut self.os_version, other.os_version);
        fill(&mut self.device, other.device);
        fill(&mut self.country, other.country);
        fill(&mut self.region, other.region);
        fill(&mut self.city, other.city);
        fill(&mut self.language, other.language);
        fill(&mut self.time_zone, other.time_zone);
        if self.screen == Size::default() {
            self.screen = other.screen;
        }
    }
}

/// What a shard did with a delivery.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Events counted now.
    pub accepted: u32,
    /// Events counted before.
    pub duplicate: u32,
    /// Events refused, by the place in the batch: those of the delivery and those that the shard itself refused.
    pub refused: Vec<Refusal>,
}

impl Receipt {
    /// Adds a refusal.
    pub fn refuse(&mut self, index: u32, reason: Reason) {
        self.refused.push(Refusal { index, reason });
    }
}

/// Bytes that a value takes when it is written, every text in full.
pub fn written_bytes<T: Serialize>(value: &T) -> usize {
    // Counting cannot fail where writing cannot: every sequence knows its length.
    postcard::experimental::serialized_size(value).unwrap_or(usize::MAX)
}
