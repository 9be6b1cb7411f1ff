//! Which visitor a tab belongs to, while it cannot prove it by a ticket.
//!
//! A tab's first batch has no ticket, so its visitor follows from its address. If the reply gets lost and the address
//! changes, the retry would be somebody else's, and its events would count twice. So a shard remembers the tabs it has
//! seen: the first batch says whose a tab is, and later ones without a ticket are the same visitor's.

use std::collections::{HashMap, VecDeque};

use passerby_protocol::TabId;

use crate::visitor::Visitor;

/// Tabs that a shard remembers: the newest. An entry takes about 50 bytes, so all of them 10 MB of a shard's 128. It
/// covers a day of 200,000 page loads; a retry comes within minutes.
const MAX_TABS: usize = 200_000;

/// The tabs that a shard has seen.
#[derive(Debug, Default)]
pub struct Tabs {
    visitors: HashMap<TabId, Visitor>,
    oldest_first: VecDeque<TabId>,
}

impl Tabs {
    /// Whose tab this is. `proven`: the batch carries a ticket or the visitor's own id, which says it for certain.
    pub fn bind(&mut self, tab: TabId, visitor: Visitor, proven: bool) -> Visitor {
        match self.visitors.get(&tab) {
            Some(known) if !proven => *known,
            Some(_) => visitor,
            None => {
                self.remember(tab, visitor);
                visitor
            }
        }
    }

    /// Whose it was when it was first seen.
    #[must_use]
    pub fn known(&self, tab: TabId) -> Option<Visitor> {
        self.visitors.get(&tab).copied()
    }

    /// Remembers a tab from a stored session.
    pub fn remember(&mut self, tab: TabId, visitor: Visitor) {
        if self.visitors.insert(tab, visitor).is_none() {
            self.oldest_first.push_back(tab);
        }
        if self.oldest_first.len() > MAX_TABS
            && let Some(oldest) = self.oldest_first.pop_front()
        {
            self.visitors.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAB: TabId = TabId([1; 8]);

    #[test]
    fn a_retry_from_another_address_is_the_same_visitor() {
        let mut tabs = Tabs::default();
        assert_eq!(tabs.bind(TAB, Visitor(1), false), Visitor(1));
        assert_eq!(tabs.bind(TAB, Visitor(2), false), Visitor(1));
    }

    #[test]
    fn a_proof_comes_before_what_is_remembered_and_does_not_change_it() {
        let mut tabs = Tabs::default();
        tabs.bind(TAB, Visitor(1), false);
        assert_eq!(tabs.bind(TAB, Visitor(3), true), Visitor(3));
        assert_eq!(tabs.bind(TAB, Visitor(2), false), Visitor(1));
    }

    #[test]
    fn the_oldest_tab_is_forgotten_first() {
        let mut tabs = Tabs::default();
        let tab = |number: usize| TabId((number as u64).to_be_bytes());
        (0..=MAX_TABS).for_each(|number| tabs.remember(tab(number), Visitor(1)));
        assert_eq!(tabs.bind(tab(MAX_TABS), Visitor(2), false), Visitor(1));
        assert_eq!(tabs.bind(tab(0), Visitor(2), false), Visitor(2));
    }
}
