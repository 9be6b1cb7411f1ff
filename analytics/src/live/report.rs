//! What a shard says to its hub: who is where, and what they just did.

use std::collections::{BTreeMap, HashSet};

use passerby_protocol::TabId;
use serde::{Deserialize, Serialize};

use super::short::{short, shorten};
use super::{CURRENT_MS, FEED_MS, MAX_FEED, MAX_ROOM_BYTES, Presence, Watch};
use crate::dimension::{Dimension, EventDimension, VisitDimension};
use crate::filter::{Clause, Expr, Pattern};
use crate::query::Range;
use crate::report::Report as _;
use crate::report::recent::{self, Recent};
use crate::report::scope::Scope;
use crate::segment::{Builder, Column, Segment};
use crate::session::Session;
use crate::visitor::{Handle, Visitor};

/// What a shard has to say. Joining is commutative, associative and idempotent, but for the count of events that are left
/// out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Visitors, and where each was last seen.
    pub presences: BTreeMap<Handle, Presence>,
    /// Events, newest first.
    pub events: Vec<recent::Event>,
    /// How many more there were.
    pub left_out: u32,
    /// When somebody was last there of whom it has no room to tell; 0: nobody was.
    pub untold_at_ms: i64,
}

/// What a tracker measures meanwhile is nothing that somebody did.
const MEASURED: [&str; 3] = ["engagement", "vital", "resize"];

impl Report {
    /// All that these sessions tell: who was there in the last minutes, and the newest events.
    #[must_use]
    pub fn of_segment(watch: &Watch, segment: &Segment, now_ms: i64) -> Self {
        Self::newest_of(watch, segment, now_ms, MAX_FEED)
    }

    fn newest_of(watch: &Watch, segment: &Segment, now_ms: i64, limit: usize) -> Self {
        let recent = Recent { scope: scope(watch, now_ms), key: watch.key, visitor: None, limit };
        let mut partial = recent::Partial::default();
        recent.fold(&mut partial, segment);
        let mut report = Self { events: partial.into_events(), ..Self::default() };
        report.events.iter_mut().for_each(shorten);
        // Visitors are spread evenly over shards, and twice a shard's part has room for what chance adds.
        let mut room = MAX_ROOM_BYTES.min((2 * MAX_ROOM_BYTES) >> watch.bits);
        let walk = recent.scope.walk(segment);
        let of_visits = |dimension| segment.of_visits(Column::Dimension(dimension));
        let (sources, countries, devices) =
            (of_visits(VisitDimension::Source), of_visits(VisitDimension::Country), of_visits(VisitDimension::Device));
        for visit in walk.all_visits() {
            let Some(last) = visit.events.clone().last() else { continue };
            if walk.at_ms[last] < now_ms - CURRENT_MS {
                continue;
            }
            let text = |sym| short(segment.string(sym));
            let presence = Presence {
                at_ms: walk.at_ms[last],
                events: visit.events.len() as u64,
                page: text(walk.pages[last]),
                source: text(sources[visit.place]),
                country: text(countries[visit.place]),
                device: text(devices[visit.place]),
            };
            match room.checked_sub(presence.bytes()) {
                Some(left) => room = left,
                None => {
                    report.untold_at_ms = report.untold_at_ms.max(presence.at_ms);
                    continue;
                }
            }
            report.see(visit.visitor.handle(&watch.key), presence);
        }
        report
    }

    /// What one delivery of a tab changed: the sessions that were written, of which everything is new that is not among the
    /// numbers of the tab's events that were `seen` before.
    #[must_use]
    pub fn of_change(
        watch: &Watch,
        visitor: Visitor,
        tab: TabId,
        seen: &HashSet<u64>,
        written: &[Session<&str>],
        now_ms: i64,
    ) -> Self {
        let mut builder = Builder::default();
        let mut fresh = HashSet::new();
        for session in written {
            builder.add(visitor, session);
            let is_its = |place: u16| session.tabs.get(usize::from(place)).is_some_and(|known| known.id == tab);
            let new = (0u64..).zip(&session.events);
            let new = new.filter(|(_, event)| is_its(event.tab) && !seen.contains(&event.number));
            fresh.extend(new.map(|(place, _)| (session.start_ms(), place)));
        }
        let segment = builder.build();
        let mut report = Self::newest_of(watch, &segment, now_ms, segment.events());
        report.events.retain(|event| fresh.contains(&(event.visit_start_ms, event.place)));
        report
    }

    /// Joins another's.
    pub fn join(&mut self, other: Self) {
        for (visitor, presence) in other.presences {
            self.see(visitor, presence);
        }
        self.events = newest(core::mem::take(&mut self.events), other.events);
        self.left_out = self.left_out.saturating_add(other.left_out);
        self.untold_at_ms = self.untold_at_ms.max(other.untold_at_ms);
    }

    /// Keeps at most so many events, and counts the others.
    pub fn shorten(&mut self, most: usize) {
        self.left_out = self.left_out.saturating_add(self.events.len().saturating_sub(most) as u32);
        self.events.truncate(most);
    }

    /// Whether it says nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.presences.is_empty() && self.events.is_empty() && self.left_out == 0
    }

    fn see(&mut self, visitor: Handle, presence: Presence) {
        match self.presences.get_mut(&visitor) {
            Some(known) if *known >= presence => {}
            Some(known) => *known = presence,
            None => drop(self.presences.insert(visitor, presence)),
        }
    }
}

/// Both lists in one, newest first, each event once. What a visitor did twice in one millisecond counts as one here.
pub(super) fn newest(mut events: Vec<recent::Event>, others: Vec<recent::Event>) -> Vec<recent::Event> {
    events.extend(others);
    events.sort_unstable_by(|a, b| b.cmp(a));
    let mut once: Vec<recent::Event> = Vec::with_capacity(events.len());
    for event in events {
        let mut at_its_time = once.iter().rev().take_while(|known| known.at_ms == event.at_ms);
        if !at_its_time.any(|known| known.is_same(&event)) {
            once.push(event);
        }
    }
    once
}

fn scope(watch: &Watch, now_ms: i64) -> Scope {
    let patterns = MEASURED.iter().map(|name| Pattern::Is((*name).to_owned())).collect();
    let dimension = Dimension::Event(EventDimension::Name);
    let filters = vec![Expr::Clause(Clause { dimension, negated: true, any_case: false, patterns })];
    Scope { range: Range { from_ms: now_ms - FEED_MS, to_ms: i64::MAX }, zone: watch.zone.clone(), filters }
}
