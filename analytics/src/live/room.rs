//! What a hub knows: the visitors of all shards, and what they just did.

use core::mem;
use std::collections::{BTreeSet, HashMap};

use super::scene::{by_visitors, feed};
use super::{CURRENT_MS, Changes, Count, MAX_FEED, MAX_NAMES, MAX_NEW_EVENTS, Presence, Report, Scene};
use crate::dimension::{Dimension, EventDimension, VisitDimension};
use crate::report::recent::told;
use crate::visitor::Handle;

/// Visitors that a hub remembers, and bytes that it takes for them: a quarter of the 128 MB that it has, enough for as many
/// visitors where their pages' and sources' names have 60 bytes together.
pub const MAX_VISITORS: usize = 100_000;
/// See [`MAX_VISITORS`].
pub const MAX_ROOM_BYTES: usize = 32 * 1024 * 1024;

/// The visitors who are there. A cache of what the shards know, and may be lost at any moment.
#[derive(Debug, Default)]
pub struct Room {
    visitors: HashMap<Handle, Presence>,
    /// Visitors by page, source, country, device.
    tallies: [HashMap<String, u32>; 4],
    bytes: usize,
    /// When the last of those will be gone who are not remembered.
    more_until_ms: i64,
    failed_shards: BTreeSet<u32>,
    /// Events since the last frame, newest first, and how many more there were.
    new: Report,
    /// The last frame.
    shown: Option<Scene>,
}

/// What the lists are of.
const LISTS: [Dimension; 4] = [
    Dimension::Event(EventDimension::Page),
    Dimension::Visit(VisitDimension::Source),
    Dimension::Visit(VisitDimension::Country),
    Dimension::Visit(VisitDimension::Device),
];

/// What is to be told.
#[derive(Debug, PartialEq)]
pub enum News<'a> {
    /// All of it, since nothing was told before.
    All(&'a Scene),
    /// What is different from the last time.
    Changes(Changes),
}

impl Room {
    /// Joins what a shard says. A report that comes again, or late, changes nothing.
    pub fn take(&mut self, report: Report) {
        let Report { presences, events, left_out, untold_at_ms } = report;
        self.more_until_ms = self.more_until_ms.max(gone_at_ms(untold_at_ms));
        for (visitor, presence) in presences {
            self.see(visitor, presence);
        }
        self.new.join(Report { events, left_out, ..Report::default() });
        self.new.shorten(if self.shown.is_none() { MAX_FEED } else { MAX_NEW_EVENTS });
    }

    /// Notes which shards did not answer.
    pub fn fail(&mut self, shards: impl IntoIterator<Item = u32>) {
        self.failed_shards = shards.into_iter().collect();
    }

    /// What there is now.
    #[must_use]
    pub const fn scene(&self) -> Option<&Scene> {
        self.shown.as_ref()
    }

    /// Forgets who is no longer there, and says what there is to tell.
    pub fn frame(&mut self, now_ms: i64) -> Option<News<'_>> {
        self.expire(now_ms);
        let Report { events, left_out, .. } = mem::take(&mut self.new);
        let known = self.shown.as_ref().map(|scene| scene.events.clone()).unwrap_or_default();
        let [pages, sources, countries, devices] = [0, 1, 2, 3].map(|list| self.list(list));
        let scene = Scene {
            visitors: self.visitors.len() as u32,
            and_more: now_ms < self.more_until_ms,
            pages,
            sources,
            countries,
            devices,
            events: feed(known, events.into_iter().map(told)),
            failed_shards: self.failed_shards.iter().copied().collect(),
        };
        match self.shown.replace(scene) {
            None => self.shown.as_ref().map(News::All),
            Some(before) => before.changes(self.shown.as_ref()?, left_out).map(News::Changes),
        }
    }

    /// When the next visitor will be gone.
    #[must_use]
    pub fn next_expiry_ms(&self) -> Option<i64> {
        self.visitors.values().map(|presence| gone_at_ms(presence.at_ms)).min()
    }

    fn expire(&mut self, now_ms: i64) {
        let gone: Vec<Handle> = self
            .visitors
            .iter()
            .filter(|(_, at)| gone_at_ms(at.at_ms) <= now_ms)
            .map(|(visitor, _)| *visitor)
            .collect();
        for visitor in gone {
            if let Some(presence) = self.visitors.remove(&visitor) {
                self.tally(&presence, false);
            }
        }
    }

    fn see(&mut self, visitor: Handle, presence: Presence) {
        let known = self.visitors.get(&visitor);
        if known.is_some_and(|known| *known >= presence) {
            return;
        }
        let (visitors, bytes) =
            known.map_or((self.visitors.len() + 1, 0), |known| (self.visitors.len(), known.bytes()));
        if visitors > MAX_VISITORS || self.bytes - bytes + presence.bytes() > MAX_ROOM_BYTES {
            self.more_until_ms = self.more_until_ms.max(gone_at_ms(presence.at_ms));
            return;
        }
        self.tally(&presence, true);
        if let Some(before) = self.visitors.insert(visitor, presence) {
            self.tally(&before, false);
        }
    }

    fn tally(&mut self, presence: &Presence, comes: bool) {
        self.bytes = if comes { self.bytes + presence.bytes() } else { self.bytes - presence.bytes() };
        let names = [&presence.page, &presence.source, &presence.country, &presence.device];
        for (tally, name) in self.tallies.iter_mut().zip(names) {
            match tally.get_mut(name) {
                Some(count) if comes => *count += 1,
                Some(count) if *count > 1 => *count -= 1,
                Some(_) => drop(tally.remove(name)),
                None if comes => drop(tally.insert(name.clone(), 1)),
                None => {}
            }
        }
    }

    fn list(&self, list: usize) -> Vec<Count> {
        let name = |name: &str| if name.is_empty() { LISTS[list].empty() } else { name }.to_owned();
        let counts = self.tallies[list].iter();
        let mut counts: Vec<Count> =
            counts.map(|(of, visitors)| Count { name: name(of), visitors: *visitors }).collect();
        counts.sort_unstable_by(by_visitors);
        counts.truncate(MAX_NAMES);
        counts
    }
}

/// An event counts for five minutes, the last millisecond included, as it does for `realtime/visitors`.
const fn gone_at_ms(at_ms: i64) -> i64 {
    at_ms + CURRENT_MS + 1
}
