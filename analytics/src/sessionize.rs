//! Puts hits into the sessions they belong to, each once, whenever and in whatever order they arrive.

use std::collections::{HashMap, HashSet};

use passerby_protocol::{Reason, TabId};

use crate::delivery::{Delivery, Hit, Receipt};
use crate::session::{MAX_GAP_MS, MAX_SESSION_EVENTS, Session, SessionEvent, SessionKey, Tab};

/// What a delivery changes: to be stored in one atomic write.
#[derive(Debug, PartialEq)]
pub struct Change<S> {
    /// Sessions to be written, in the order of their times.
    pub write: Vec<Session<S>>,
    /// Rows that are no more, since their session now begins earlier or was joined to another.
    pub remove: Vec<SessionKey>,
    /// What to answer.
    pub receipt: Receipt,
}

/// Puts a delivery's hits into the visitor's sessions. `existing` must hold every session of the visitor that could hold
/// one of these events already or lie within reach of one: all that began since [`crate::validate::MAX_AGE_MS`] before
/// the delivery was received, and those that were still going on then.
///
/// The result depends only on which events were delivered, not on the order or the number of deliveries: the events
/// themselves are the window of what was seen. So a repeated delivery changes nothing.
pub fn absorb<S: Clone + Default + PartialEq>(existing: Vec<Session<S>>, delivery: Delivery<S>) -> Change<S> {
    let mut receipt = Receipt { refused: delivery.refused, ..Receipt::default() };
    let mut seen = seen_numbers(&existing, delivery.tab);
    let mut fresh: Vec<Hit<S>> = Vec::with_capacity(delivery.hits.len());
    for hit in delivery.hits {
        if seen.insert(hit.number) {
            fresh.push(hit);
        } else {
            receipt.duplicate += 1;
        }
    }

    // Sessions lie further apart than a gap, so those that no fresh hit reaches stay as they are.
    let reached = |session: &Session<S>| fresh.iter().any(|hit| in_reach(session, hit.at_ms));
    let touched: Vec<_> = existing.into_iter().filter(reached).collect();

    let old_keys: Vec<SessionKey> = touched.iter().map(Session::key).collect();
    let mut tabs = TabTable::default();
    let mut events = Vec::with_capacity(touched.iter().map(|s| s.events.len()).sum::<usize>() + fresh.len());
    for session in touched {
        let places: Vec<usize> = session.tabs.into_iter().map(|tab| tabs.place(tab)).collect();
        let renumbered = |event: SessionEvent<S>| (places.get(usize::from(event.tab)).copied().unwrap_or(0), event);
        events.extend(session.events.into_iter().map(renumbered));
    }
    if !fresh.is_empty() {
        let place = tabs.place(Tab { id: delivery.tab, client: delivery.client });
        for hit in fresh {
            // Bounds a row. Events beyond it are named in the reply, and counted as refused.
            if events.len() >= MAX_SESSION_EVENTS {
                receipt.refuse(hit.index, Reason::SessionFull);
                continue;
            }
            receipt.accepted += 1;
            let Hit { number, at_ms, page, user, kind, .. } = hit;
            events.push((place, SessionEvent { at_ms, tab: 0, number, page, user, kind }));
        }
    }
    receipt.refused.sort_unstable_by_key(|refusal| refusal.index);

    let write = split(events, &tabs);
    let kept: HashSet<SessionKey> = write.iter().map(Session::key).collect();
    let remove = old_keys.into_iter().filter(|key| !kept.contains(key)).collect();
    Change { write, remove, receipt }
}

fn seen_numbers<S>(sessions: &[Session<S>], tab: TabId) -> HashSet<u32> {
    let mut seen = HashSet::new();
    for session in sessions {
        let Some(place) = session.tabs.iter().position(|t| t.id == tab) else { continue };
        seen.extend(session.events.iter().filter(|e| usize::from(e.tab) == place).map(|e| e.number));
    }
    seen
}

fn in_reach<S>(session: &Session<S>, at_ms: i64) -> bool {
    session.start_ms() - MAX_GAP_MS <= at_ms && at_ms <= session.end_ms() + MAX_GAP_MS
}

/// The tabs of the sessions at hand, each once.
struct TabTable<S> {
    tabs: Vec<Tab<S>>,
    places: HashMap<TabId, usize>,
}

impl<S> Default for TabTable<S> {
    fn default() -> Self {
        Self { tabs: Vec::new(), places: HashMap::new() }
    }
}

impl<S: Default + PartialEq> TabTable<S> {
    fn place(&mut self, tab: Tab<S>) -> usize {
        if let Some(place) = self.places.get(&tab.id) {
            self.tabs[*place].client.learn(tab.client);
            return *place;
        }
        self.places.insert(tab.id, self.tabs.len());
        self.tabs.push(tab);
        self.tabs.len() - 1
    }
}

/// Sorts events and cuts them where more than [`MAX_GAP_MS`] lies between two.
fn split<S: Clone>(mut events: Vec<(usize, SessionEvent<S>)>, tabs: &TabTable<S>) -> Vec<Session<S>> {
    events.sort_by_key(|(place, event)| (event.at_ms, tabs.tabs[*place].id, event.number));
    let mut sessions: Vec<Session<S>> = Vec::new();
    let mut last_ms = i64::MIN;
    for (place, mut event) in events {
        if sessions.is_empty() || event.at_ms - last_ms > MAX_GAP_MS {
            sessions.push(Session { tabs: Vec::new(), events: Vec::new() });
        }
        last_ms = event.at_ms;
        let Some(session) = sessions.last_mut() else { continue };
        let tab = &tabs.tabs[place];
        let known = session.tabs.iter().position(|t| t.id == tab.id);
        let at = known.unwrap_or_else(|| {
            session.tabs.push(tab.clone());
            session.tabs.len() - 1
        });
        event.tab = at as u16; // fewer tabs than events, which are at most MAX_SESSION_EVENTS
        session.events.push(event);
    }
    sessions
}
