//! What a watcher sees, and what is different from one frame to the next.

use core::cmp::Ordering;

use schemars::JsonSchema;
use serde::Serialize;

use super::MAX_FEED;
use crate::report::recent::Told;

/// Names of a list that are shown: those with the most visitors.
pub const MAX_NAMES: usize = 50;

/// How many visitors something has now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "LiveCount")]
pub struct Count {
    /// Of what.
    pub name: String,
    /// How many; in a change, 0 where it is no longer in the list.
    pub visitors: u32,
}

/// What is happening now. Each visitor counts once: on the page and with the visit where they were last seen.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "LiveScene")]
pub struct Scene {
    /// Visitors with an event in the last five minutes.
    pub visitors: u32,
    /// There are more: the hub remembers no more of them.
    pub and_more: bool,
    /// The pages that most of them are on, those with the most visitors first; of equals, by name. At most 50, like the
    /// other lists.
    pub pages: Vec<Count>,
    /// Their visits' sources.
    pub sources: Vec<Count>,
    /// Their countries.
    pub countries: Vec<Count>,
    /// Their devices.
    pub devices: Vec<Count>,
    /// What they did last: at most 60 events, newest first.
    pub events: Vec<Told>,
    /// Shards that did not answer when they were last asked. What their visitors do may be missing.
    pub failed_shards: Vec<u32>,
}

/// What is different from the scene before.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "LiveChanges")]
pub struct Changes {
    /// Visitors with an event in the last five minutes.
    pub visitors: u32,
    /// There are more: the hub remembers no more of them.
    pub and_more: bool,
    /// Pages whose number of visitors is another now.
    pub pages: Vec<Count>,
    /// The same of sources.
    pub sources: Vec<Count>,
    /// The same of countries.
    pub countries: Vec<Count>,
    /// The same of devices.
    pub devices: Vec<Count>,
    /// Events that are new, newest first: at most 20. They are not always newer than those before.
    pub events: Vec<Told>,
    /// How many more there were.
    pub left_out: u32,
    /// Shards that did not answer when they were last asked.
    pub failed_shards: Vec<u32>,
}

impl Scene {
    /// What makes the next scene of this one; nothing, where nothing does.
    #[must_use]
    pub fn changes(&self, next: &Self, left_out: u32) -> Option<Changes> {
        let changes = Changes {
            visitors: next.visitors,
            and_more: next.and_more,
            pages: different(&self.pages, &next.pages),
            sources: different(&self.sources, &next.sources),
            countries: different(&self.countries, &next.countries),
            devices: different(&self.devices, &next.devices),
            events: next.events.iter().filter(|event| !self.events.contains(event)).cloned().collect(),
            left_out,
            failed_shards: next.failed_shards.clone(),
        };
        let is_same = left_out == 0 && self == next;
        (!is_same).then_some(changes)
    }

    /// Makes the next scene of this one: what a watcher does with a frame.
    pub fn apply(&mut self, changes: &Changes) {
        self.visitors = changes.visitors;
        self.and_more = changes.and_more;
        self.failed_shards.clone_from(&changes.failed_shards);
        for (list, changes) in [
            (&mut self.pages, &changes.pages),
            (&mut self.sources, &changes.sources),
            (&mut self.countries, &changes.countries),
            (&mut self.devices, &changes.devices),
        ] {
            list.retain(|known| !changes.iter().any(|change| change.name == known.name));
            list.extend(changes.iter().filter(|change| change.visitors > 0).cloned());
            list.sort_unstable_by(by_visitors);
        }
        self.events = feed(core::mem::take(&mut self.events), changes.events.iter().cloned());
    }
}

/// The order of a list.
pub(super) fn by_visitors(a: &Count, b: &Count) -> Ordering {
    b.visitors.cmp(&a.visitors).then_with(|| a.name.cmp(&b.name))
}

/// A list's changes: of each name that has another count now, or is no longer there.
fn different(before: &[Count], after: &[Count]) -> Vec<Count> {
    let count = |list: &[Count], name: &str| list.iter().find(|of| of.name == name).map_or(0, |of| of.visitors);
    let gone = before.iter().filter(|of| count(after, &of.name) == 0);
    let gone = gone.map(|of| Count { name: of.name.clone(), visitors: 0 });
    after.iter().filter(|of| count(before, &of.name) != of.visitors).cloned().chain(gone).collect()
}

/// The newest of these events, each once, newest first. Of two that are the same, the one that is known stays.
pub(super) fn feed(mut known: Vec<Told>, new: impl IntoIterator<Item = Told>) -> Vec<Told> {
    for event in new {
        if let Err(place) = known.binary_search_by(|at| newest_first(at, &event)) {
            known.insert(place, event);
        }
    }
    known.truncate(MAX_FEED);
    known
}

/// The order of a feed. What a visitor did twice in one millisecond counts as one there. When the visit began is no part of
/// it: that may turn out to be earlier.
fn newest_first(a: &Told, b: &Told) -> Ordering {
    let key = |event: &Told| {
        let details: Vec<(String, String)> =
            event.details.iter().map(|(name, value)| (name.clone(), value.to_string())).collect();
        (event.kind.clone(), event.name.clone(), event.page.clone(), details)
    };
    (b.at_ms, &b.visitor).cmp(&(a.at_ms, &a.visitor)).then_with(|| key(b).cmp(&key(a)))
}
