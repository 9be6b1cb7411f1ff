//! Which visitor a tab belongs to, while it cannot say so by a ticket.
//!
//! A tab's first batch has no ticket, so its visitor follows from its address. If the reply gets lost and the address
//! changes, the retry would be somebody else's, and its events would count twice. So each tab has a home, the shard that
//! its id names: there the first batch says whose the tab is, and later ones without a ticket are the same visitor's.

use std::collections::{HashMap, VecDeque};

use passerby_protocol::TabId;
use serde::{Deserialize, Serialize};

use crate::visitor::{Key, Visitor, keyed, shard};

/// Tabs that a home remembers: the newest. An entry takes about 60 bytes, so all of them 12 MB of a shard's 128. It
/// covers a day of 200,000 page loads; a retry comes within minutes.
pub const MAX_TABS: usize = 200_000;

/// Which of 2^`bits` shards is a tab's home. Keyed, so that nobody can choose tabs that are all at home in one.
#[must_use]
pub fn home(site_key: &Key, tab: TabId, bits: u32) -> u32 {
    shard(keyed(site_key, &[b"tab", &tab.0]), bits)
}

/// A tab that was somebody's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Seen {
    /// Since when, in milliseconds since 1970 in UTC. First, for what comes first counts.
    pub since_ms: i64,
    /// The tab.
    pub tab: TabId,
    /// Whose it was.
    pub visitor: Visitor,
}

/// The newest tabs that were seen, and whose each was first.
#[derive(Debug, Default)]
pub struct Tabs {
    seen: HashMap<TabId, Seen>,
    oldest_first: VecDeque<TabId>,
}

impl Tabs {
    /// Those that were seen, in whatever order: a tab that was several visitors' is the first one's.
    #[must_use]
    pub fn of(mut seen: Vec<Seen>) -> Self {
        seen.sort_unstable();
        let mut tabs = Self::default();
        seen.into_iter().for_each(|seen| _ = tabs.first(seen));
        tabs
    }

    /// Whose this tab was first: this visitor's, unless another is known.
    pub fn first(&mut self, seen: Seen) -> Visitor {
        if let Some(known) = self.seen.get(&seen.tab) {
            return known.visitor;
        }
        self.seen.insert(seen.tab, seen);
        self.oldest_first.push_back(seen.tab);
        if self.oldest_first.len() > MAX_TABS
            && let Some(oldest) = self.oldest_first.pop_front()
        {
            self.seen.remove(&oldest);
        }
        seen.visitor
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Seen> {
        self.seen.values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tab(number: usize) -> TabId {
        TabId((number as u64).to_be_bytes())
    }

    fn seen(since_ms: i64, number: usize, visitor: u64) -> Seen {
        Seen { since_ms, tab: tab(number), visitor: Visitor(visitor) }
    }

    #[test]
    fn a_tab_is_whose_it_was_first() {
        let mut tabs = Tabs::default();
        assert_eq!(tabs.first(seen(5, 1, 1)), Visitor(1));
        assert_eq!(tabs.first(seen(6, 1, 2)), Visitor(1));
    }

    #[test]
    fn what_several_shards_have_seen_is_taken_in_its_order() {
        let mut tabs = Tabs::of(vec![seen(6, 1, 2), seen(5, 1, 1), seen(7, 1, 3), seen(4, 2, 9)]);
        assert_eq!(tabs.first(seen(0, 1, 4)), Visitor(1));
        assert_eq!(tabs.iter().count(), 2);
    }

    #[test]
    fn the_oldest_tab_is_forgotten_first() {
        let mut tabs = Tabs::of((0..=MAX_TABS).rev().map(|number| seen(number as i64, number, 1)).collect());
        assert_eq!(tabs.iter().count(), MAX_TABS);
        assert_eq!(tabs.first(seen(0, MAX_TABS, 2)), Visitor(1));
        assert_eq!(tabs.first(seen(0, 0, 2)), Visitor(2));
    }

    #[test]
    fn tabs_are_at_home_in_all_shards_alike_and_elsewhere_under_another_key() {
        let homes = |key: &Key| (0..1000).map(|number| home(key, tab(number), 2)).collect::<Vec<_>>();
        let (one, other) = (homes(&[1; 16]), homes(&[2; 16]));
        for shard in 0..4 {
            let share = one.iter().filter(|home| **home == shard).count();
            assert!((200..300).contains(&share), "{share} of 1000 in one of four");
        }
        assert_ne!(one, other);
        assert_eq!(home(&[1; 16], tab(1), 0), 0);
    }
}
