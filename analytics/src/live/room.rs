//! What a hub knows: the visitors of all shards, and what they just did.

use core::mem;
use std::collections::{BTreeSet, HashMap};

use super::scene::{by_visitors, feed};
use super::{CURRENT_MS, Changes, Count, MAX_FEED, MAX_NAMES, MAX_NEW_EVENTS, Presence, Report, Scene};
use crate::dimension::{Dimension, EventDimension, VisitDimension};
use crate::report::recent::told;
use crate::visitor::Handle;

/// Visitors that a hub remembers: 20 MB of the 128 that it has.
pub const MAX_VISITORS: usize = 100_000;

/// The visitors who are there. A cache of what the shards know, and may be lost at any moment.
#[derive(Debug, Default)]
pub struct Room {
    visitors: HashMap<Handle, Presence>,
    /// Visitors by page, source, country, device.
    tallies: [HashMap<String, u32>; 4],
    and_more: bool,
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
        let Report { presences, events, left_out } = report;
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
            and_more: self.and_more,
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
        self.visitors.values().map(gone_at_ms).min()
    }

    fn expire(&mut self, now_ms: i64) {
        let gone: Vec<Handle> =
            self.visitors.iter().filter(|(_, at)| gone_at_ms(at) <= now_ms).map(|(visitor, _)| *visitor).collect();
        for visitor in gone {
            if let Some(presence) = self.visitors.remove(&visitor) {
                self.tally(&presence, false);
            }
        }
        self.and_more &= self.visitors.len() >= MAX_VISITORS;
    }

    fn see(&mut self, visitor: Handle, presence: Presence) {
        match self.visitors.get(&visitor) {
            Some(known) if *known >= presence => return,
            None if self.visitors.len() >= MAX_VISITORS => {
                self.and_more = true;
                return;
            }
            _ => {}
        }
        self.tally(&presence, true);
        if let Some(before) = self.visitors.insert(visitor, presence) {
            self.tally(&before, false);
        }
    }

    fn tally(&mut self, presence: &Presence, comes: bool) {
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
const fn gone_at_ms(presence: &Presence) -> i64 {
    presence.at_ms + CURRENT_MS + 1
}
