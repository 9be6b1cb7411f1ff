//! What was erased, remembered for as long as it could come again. A tracker that missed a reply sends its batch once more;
//! the sessions that would have known it are gone.
//!
//! An event that had been counted is a duplicate still, by its tab and number. One that happened before its person was erased
//! and had not arrived is refused. What the same browser does afterwards is new.

use std::collections::HashSet;

use passerby_protocol::{Reason, TabId};
use serde::{Deserialize, Serialize};

use crate::delivery::Delivery;
use crate::person::{Mark, Person, mark_of_user};
use crate::sessionize::WINDOW_MS;
use crate::tabs::Seen;
use crate::visitor::{Key, Visitor};

/// Numbers of one entry: 10 bytes each at most, and a row holds 2 MB. A person has some hundred.
pub const MAX_NUMBERS: usize = 150_000;

/// What one step of an erasure took away.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erased {
    /// When its person was erased: milliseconds since 1970 in UTC.
    pub at_ms: i64,
    visitors: Vec<Visitor>,
    tabs: Vec<TabId>,
    /// The user's mark, and the key that makes it: the id itself is not kept.
    user: Option<(Key, Mark)>,
    counted: Vec<Counted>,
}

/// Events of a tab that had been counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// Since when the tab was seen, which, and whose it was.
    pub seen: Seen,
    /// The events' numbers.
    pub numbers: Vec<u64>,
}

impl Erased {
    /// What says of a person's events that they are theirs.
    #[must_use]
    pub fn person(person: &Person, site_key: &Key) -> Self {
        Self {
            at_ms: person.until_ms,
            visitors: person.visitors.iter().copied().collect(),
            tabs: person.tabs.iter().copied().collect(),
            user: (!person.user.is_empty()).then(|| (*site_key, mark_of_user(site_key, &person.user))),
            counted: Vec::new(),
        }
    }

    /// Events that were erased.
    #[must_use]
    pub fn events(at_ms: i64, mut counted: Vec<Counted>) -> Self {
        let mut room = MAX_NUMBERS;
        for tab in &mut counted {
            tab.numbers.truncate(room);
            room -= tab.numbers.len();
        }
        Self { at_ms, counted, ..Self::default() }
    }

    /// Whether nothing of it can come again: it would be too old.
    #[must_use]
    pub const fn is_over(&self, now_ms: i64) -> bool {
        self.at_ms < now_ms - WINDOW_MS
    }

    /// As a row holds it.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        // Writing into a Vec cannot fail, and every sequence knows its length.
        postcard::to_allocvec(self).unwrap_or_default()
    }

    /// Reads a row.
    ///
    /// # Errors
    /// The bytes are damaged.
    pub fn decode(bytes: &[u8]) -> Result<Self, postcard::Error> {
        postcard::from_bytes(bytes)
    }

    fn has(&self, visitor: Visitor, tab: TabId, user: &str, at_ms: i64) -> bool {
        let is_user = |(key, mark): &(Key, Mark)| !user.is_empty() && mark_of_user(key, user) == *mark;
        at_ms <= self.at_ms
            && (self.visitors.contains(&visitor) || self.tabs.contains(&tab) || self.user.as_ref().is_some_and(is_user))
    }
}

/// All that a shard remembers.
#[derive(Debug, Default)]
pub struct Remembered(Vec<Erased>);

impl Remembered {
    /// Adds an entry.
    pub fn add(&mut self, erased: Erased) {
        self.0.push(erased);
    }

    /// Takes out of a delivery what was erased. Events that had been counted are gone from it, and answered is how many; those
    /// that had not are refused.
    pub fn take_out<S: AsRef<str>>(&self, delivery: &mut Delivery<S>) -> u32 {
        if self.0.is_empty() {
            return 0;
        }
        let duplicates = delivery.take_out(&self.numbers(delivery.tab));
        let (visitor, tab) = (delivery.visitor, delivery.tab);
        delivery.refuse(Reason::Erased, |hit| {
            self.0.iter().any(|erased| erased.has(visitor, tab, hit.user.as_ref(), hit.at_ms))
        });
        duplicates
    }

    /// The numbers of a tab's events that were erased.
    #[must_use]
    pub fn numbers(&self, tab: TabId) -> HashSet<u64> {
        let of_tab = self.counted().filter(|counted| counted.seen.tab == tab);
        of_tab.flat_map(|counted| counted.numbers.iter().copied()).collect()
    }

    /// The tabs whose events were erased: that these still lead to the shard which knows their numbers.
    pub fn tabs(&self) -> impl Iterator<Item = Seen> {
        self.counted().map(|counted| counted.seen)
    }

    fn counted(&self) -> impl Iterator<Item = &Counted> {
        self.0.iter().flat_map(|erased| &erased.counted)
    }
}
