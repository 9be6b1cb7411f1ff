//! Puts hits into the sessions they belong to, each once, whenever and in whatever order they arrive.

use std::collections::{HashMap, HashSet};

use passerby_protocol::{Reason, TabId};
use serde::Serialize;

use crate::delivery::{Client, Delivery, Hit, Receipt, written_bytes};
use crate::session::{MAX_GAP_MS, MAX_SESSION_BYTES, MAX_SESSION_EVENTS, Session, SessionEvent, SessionKey, Tab};
use crate::validate::MAX_AGE_MS;

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

/// What several deliveries of one visitor change together: one write, and an answer to each.
#[derive(Debug, PartialEq)]
pub struct Changes<S> {
    /// As in [`Change`].
    pub write: Vec<Session<S>>,
    /// As in [`Change`].
    pub remove: Vec<SessionKey>,
    /// What to answer to each, in their order.
    pub receipts: Vec<Receipt>,
}

/// How far back sessions may matter to a delivery: an event may be [`MAX_AGE_MS`] old, and continue a session that ended
/// a gap before it.
pub const WINDOW_MS: i64 = MAX_AGE_MS + MAX_GAP_MS;

/// Puts a delivery's hits into the visitor's sessions. `existing` must hold every session of the visitor that could hold
/// one of these events already or lie within reach of one: all that were going on since [`WINDOW_MS`] before the delivery
/// was received.
///
/// The result depends only on which events were delivered, not on the order or the number of deliveries: the events
/// themselves are the window of what was seen. So a repeated delivery changes nothing. Only a session that is full
/// takes those that come first.
pub fn absorb<S: Clone + Default + PartialEq + Serialize>(
    existing: Vec<Session<S>>,
    delivery: Delivery<S>,
) -> Change<S> {
    absorb_within(existing, delivery, MAX_GAP_MS)
}

/// As [`absorb`], with another longest gap: for logs whose owner counts sessions in another way.
pub fn absorb_within<S: Clone + Default + PartialEq + Serialize>(
    existing: Vec<Session<S>>,
    delivery: Delivery<S>,
    max_gap_ms: i64,
) -> Change<S> {
    let Changes { write, remove, mut receipts } = absorb_each_within(existing, vec![delivery], max_gap_ms);
    Change { write, remove, receipt: receipts.pop().unwrap_or_default() }
}

/// As [`absorb`] of one delivery after another, but what they change is written once: of a session that all of them
/// continue, one row.
pub fn absorb_each<S: Clone + Default + PartialEq + Serialize>(
    existing: Vec<Session<S>>,
    deliveries: Vec<Delivery<S>>,
) -> Changes<S> {
    absorb_each_within(existing, deliveries, MAX_GAP_MS)
}

fn absorb_each_within<S: Clone + Default + PartialEq + Serialize>(
    existing: Vec<Session<S>>,
    deliveries: Vec<Delivery<S>>,
    max_gap_ms: i64,
) -> Changes<S> {
    let mut stretches: Vec<Stretch> = existing.iter().map(Stretch::of).collect();
    let mut seen: HashMap<TabId, HashSet<u64>> = HashMap::new();
    let mut arrived: Vec<Tab<S>> = Vec::new();
    let mut fresh: Vec<(usize, Hit<S>)> = Vec::new();
    let mut receipts = Vec::with_capacity(deliveries.len());
    for Delivery { tab: id, client, hits, refused, .. } in deliveries {
        let place = arrived.iter().position(|known| known.id == id).unwrap_or_else(|| {
            // A tab tells its context once, and that may be in a batch whose events lie in another of its sessions.
            arrived.push(Tab { id, client: Client::default() });
            arrived.len() - 1
        });
        arrived[place].client.learn(client);
        let seen = seen.entry(id).or_insert_with(|| seen_numbers(&existing, id));
        let mut receipt = Receipt { refused, ..Receipt::default() };
        fresh.reserve(hits.len());
        for hit in hits {
            if !seen.insert(hit.number) {
                receipt.duplicate += 1;
            } else if take(&mut stretches, hit.at_ms, written_bytes(&hit), max_gap_ms) {
                receipt.accepted += 1;
                fresh.push((place, hit));
            } else {
                receipt.refuse(hit.index, Reason::SessionFull);
            }
        }
        receipt.refused.sort_unstable_by_key(|refusal| refusal.index);
        receipts.push(receipt);
    }
    for tab in &mut arrived {
        for known in existing.iter().flat_map(|session| &session.tabs).filter(|known| known.id == tab.id) {
            tab.client.learn(known.client.clone());
        }
    }

    // Sessions lie further apart than a gap, so those that no fresh hit reaches keep their events.
    let changes = |session: &Session<S>| {
        let (start_ms, end_ms) = (session.start_ms(), session.end_ms());
        let lacks = |known: &Tab<S>| arrived.iter().any(|tab| tab.id == known.id && known.client.lacks(&tab.client));
        fresh.iter().any(|(_, hit)| reaches(start_ms, end_ms, hit.at_ms, max_gap_ms)) || session.tabs.iter().any(lacks)
    };
    let touched: Vec<_> = existing.into_iter().filter(changes).collect();
    let old_keys: Vec<SessionKey> = touched.iter().map(Session::key).collect();

    let mut tabs = TabTable::default();
    let mut events = Vec::with_capacity(touched.iter().map(|s| s.events.len()).sum::<usize>() + fresh.len());
    for session in touched {
        let places: Vec<usize> = session.tabs.into_iter().map(|tab| tabs.place(tab)).collect();
        let renumbered = |event: SessionEvent<S>| (places.get(usize::from(event.tab)).copied().unwrap_or(0), event);
        events.extend(session.events.into_iter().map(renumbered));
    }
    // Last, since what a session knows itself comes first.
    let places: Vec<usize> = arrived.into_iter().map(|tab| tabs.place(tab)).collect();
    for (place, Hit { number, at_ms, page, user, kind, .. }) in fresh {
        events.push((places[place], SessionEvent { at_ms, tab: 0, number, page, user, kind }));
    }

    let write = split(events, &tabs, max_gap_ms);
    let kept: HashSet<SessionKey> = write.iter().map(Session::key).collect();
    let remove = old_keys.into_iter().filter(|key| !kept.contains(key)).collect();
    Changes { write, remove, receipts }
}

/// The outline of a session: enough to say whether another event still fits.
struct Stretch {
    start_ms: i64,
    end_ms: i64,
    events: usize,
    bytes: usize,
}

impl Stretch {
    fn of<S: Serialize>(session: &Session<S>) -> Self {
        let (start_ms, end_ms) = (session.start_ms(), session.end_ms());
        Self { start_ms, end_ms, events: session.events.len(), bytes: written_bytes(session) }
    }

    fn reaches(&self, at_ms: i64, max_gap_ms: i64) -> bool {
        reaches(self.start_ms, self.end_ms, at_ms, max_gap_ms)
    }
}

/// Whether an event at this time belongs to a session from `start_ms` to `end_ms`.
fn reaches(start_ms: i64, end_ms: i64, at_ms: i64, max_gap_ms: i64) -> bool {
    start_ms.saturating_sub(max_gap_ms) <= at_ms && at_ms <= end_ms.saturating_add(max_gap_ms)
}

/// Adds an event to the session it belongs to, or joins the two that it lies between; `false` where that would hold
/// more than [`MAX_SESSION_EVENTS`] or [`MAX_SESSION_BYTES`]. This bounds a row.
fn take(stretches: &mut Vec<Stretch>, at_ms: i64, bytes: usize, max_gap_ms: i64) -> bool {
    let reached = || stretches.iter().filter(|stretch| stretch.reaches(at_ms, max_gap_ms));
    let stored: usize = reached().map(|stretch| stretch.bytes).sum();
    if reached().map(|stretch| stretch.events).sum::<usize>() >= MAX_SESSION_EVENTS
        || stored + bytes > MAX_SESSION_BYTES
    {
        return false;
    }
    let mut joined = Stretch { start_ms: at_ms, end_ms: at_ms, events: 1, bytes };
    stretches.retain(|stretch| {
        let reached = stretch.reaches(at_ms, max_gap_ms);
        if reached {
            joined.start_ms = joined.start_ms.min(stretch.start_ms);
            joined.end_ms = joined.end_ms.max(stretch.end_ms);
            joined.events += stretch.events;
            joined.bytes += stretch.bytes;
        }
        !reached
    });
    stretches.push(joined);
    true
}

/// The numbers of a tab's events that these sessions hold.
pub fn seen_numbers<S>(sessions: &[Session<S>], tab: TabId) -> HashSet<u64> {
    let mut seen = HashSet::new();
    for session in sessions {
        let Some(place) = session.tabs.iter().position(|t| t.id == tab) else { continue };
        seen.extend(session.events.iter().filter(|e| usize::from(e.tab) == place).map(|e| e.number));
    }
    seen
}

/// What is left of a session without some of its events: several sessions, where they were what held it together.
pub(crate) fn remaining<S: Clone + Default + PartialEq>(
    session: Session<S>,
    stays: impl Fn(TabId, &SessionEvent<S>) -> bool,
) -> Vec<Session<S>> {
    let Session { tabs: known, events } = session;
    let mut tabs = TabTable::default();
    let ids: Vec<TabId> = known.iter().map(|tab| tab.id).collect();
    let places: Vec<usize> = known.into_iter().map(|tab| tabs.place(tab)).collect();
    let of = |event: &SessionEvent<S>| usize::from(event.tab).min(ids.len().saturating_sub(1));
    let events = events.into_iter().filter(|event| ids.get(of(event)).is_none_or(|id| stays(*id, event)));
    let events = events.map(|event| (places.get(of(&event)).copied().unwrap_or(0), event)).collect();
    split(events, &tabs, MAX_GAP_MS)
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

/// Sorts events and cuts them where more than the longest gap lies between two.
fn split<S: Clone>(mut events: Vec<(usize, SessionEvent<S>)>, tabs: &TabTable<S>, max_gap_ms: i64) -> Vec<Session<S>> {
    events.sort_by_key(|(place, event)| (event.at_ms, tabs.tabs[*place].id, event.number));
    let mut sessions: Vec<Session<S>> = Vec::new();
    let mut last_ms = i64::MIN;
    for (place, mut event) in events {
        if sessions.is_empty() || event.at_ms.saturating_sub(last_ms) > max_gap_ms {
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
