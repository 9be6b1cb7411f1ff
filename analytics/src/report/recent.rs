//! Recent events, newest first: of everybody, or of one visitor (their timeline).

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Report;
use super::recent_detail::Details;
use super::scope::Scope;
use crate::calendar::{DAY_MS, Day, HOUR_MS, MINUTE_MS};
use crate::dimension::VisitDimension;
use crate::query::Range;
use crate::segment::{Column, Segment};
use crate::visitor::{Handle, Key};

/// The report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recent {
    /// About which events.
    pub scope: Scope,
    /// Turns visitors into handles: the site's key.
    pub key: Key,
    /// Whose events; `None`: everybody's.
    pub visitor: Option<Handle>,
    /// How many.
    pub limit: usize,
}

/// The state: the newest events, at most `limit`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Partial {
    limit: usize,
    events: Vec<Event>,
}

/// An event. The order of its fields is that of events: by time, and then by what tells equal ones apart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Event {
    /// When: milliseconds since 1970 in UTC.
    pub at_ms: i64,
    /// Whose: a handle, which says nothing of the visitor but that two are the same.
    pub visitor: Handle,
    /// When the visit began.
    pub visit_start_ms: i64,
    /// Which event of the visit it is, from 0.
    pub place: u64,
    /// What a clock of the site showed.
    pub at: String,
    /// Its kind.
    pub kind: String,
    /// Its name: that of a custom event, or its kind's.
    pub name: String,
    /// The page it happened on.
    pub page: String,
    /// The site's own id of the user; empty where nobody was identified.
    pub user: String,
    /// What else is known of it, by name: properties, and what its kind has.
    pub details: Vec<(String, String)>,
    /// What is known of its visit, by the names of dimensions.
    pub visit: Vec<(String, String)>,
}

/// An event of the answer.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "RecentEvent")]
pub struct Told {
    /// What a clock of the site showed.
    pub at: String,
    /// When: milliseconds since 1970 in UTC.
    pub at_ms: i64,
    /// Whose: a handle, by which their other events can be asked for.
    pub visitor: String,
    /// When the visit began.
    pub visit_start_ms: i64,
    /// Its kind.
    pub kind: String,
    /// Its name: that of a custom event, or its kind's.
    pub name: String,
    /// The page it happened on.
    pub page: String,
    /// The site's own id of the user; empty where nobody was identified.
    pub user: String,
    /// What else is known of it, by name: properties, and what its kind has.
    #[schemars(with = "BTreeMap<String, String>")]
    pub details: Map<String, Value>,
    /// What is known of its visit, by the names of dimensions.
    #[schemars(with = "BTreeMap<String, String>")]
    pub visit: Map<String, Value>,
}

/// What is told of the visit.
const OF_VISIT: [VisitDimension; 7] = [
    VisitDimension::EntryPage,
    VisitDimension::Source,
    VisitDimension::Country,
    VisitDimension::City,
    VisitDimension::Device,
    VisitDimension::Browser,
    VisitDimension::Os,
];

impl Report for Recent {
    type Partial = Partial;
    /// Newest first.
    type Answer = Vec<Told>;

    fn range(&self) -> Range {
        self.scope.range
    }

    fn fold(&self, into: &mut Partial, segment: &Segment) {
        into.limit = self.limit;
        let walk = self.scope.walk(segment);
        // The newest of the segment; its least is on top.
        let mut newest = BinaryHeap::new();
        for (visit_place, visit) in walk.visits().enumerate() {
            let handle = visit.visitor.handle(&self.key);
            if self.visitor.is_some_and(|visitor| visitor != handle) {
                continue;
            }
            for event in walk.taken(visit) {
                let at = (walk.at_ms[event], handle, visit.start_ms, event - visit.events.start);
                newest.push(Reverse((at, event, visit_place)));
                if newest.len() > self.limit {
                    newest.pop();
                }
            }
        }
        if newest.is_empty() {
            return;
        }
        let visits: Vec<_> = walk.visits().collect();
        let details = Details::of(&walk);
        let users = segment.of_events(Column::User);
        let of_visits = OF_VISIT.map(|dimension| (dimension, segment.of_visits(Column::Dimension(dimension))));
        let text = |sym| segment.string(sym).to_owned();
        for Reverse(((at_ms, visitor, visit_start_ms, place), event, visit_place)) in newest {
            let known = of_visits.iter().filter_map(|(dimension, column)| {
                let value = segment.string(column[visits[visit_place].place]);
                (!value.is_empty()).then(|| (dimension.label().to_owned(), value.to_owned()))
            });
            into.events.push(Event {
                at_ms,
                visitor,
                visit_start_ms,
                place: place as u64,
                at: clock(self.scope.zone.local_ms(at_ms)),
                kind: details.kind(event).to_owned(),
                name: text(walk.names[event]),
                page: text(walk.pages[event]),
                user: text(users[event]),
                details: details.of_event(event),
                visit: known.collect(),
            });
        }
        into.shorten();
    }

    fn merge(into: &mut Partial, other: Partial) {
        into.limit = into.limit.max(other.limit);
        into.events.extend(other.events);
        into.shorten();
    }

    /// Handles say nothing of visitors.
    fn seal(_: &mut Partial) {}

    fn finish(&self, mut partial: Partial) -> Self::Answer {
        partial.shorten();
        partial.events.into_iter().map(told).collect()
    }
}

impl Partial {
    /// The events, newest first.
    #[must_use]
    pub fn into_events(mut self) -> Vec<Event> {
        self.shorten();
        self.events
    }

    fn shorten(&mut self) {
        self.events.sort_unstable_by(|a, b| b.cmp(a));
        self.events.truncate(self.limit);
    }
}

impl Event {
    /// Whether both are one event, though its visit may have been found to begin earlier meanwhile.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        let of = |event: &Self| (event.at_ms, event.visitor);
        of(self) == of(other)
            && (&self.kind, &self.name, &self.page, &self.details)
                == (&other.kind, &other.name, &other.page, &other.details)
    }
}

/// An event as answers have it.
#[must_use]
pub fn told(event: Event) -> Told {
    let object = |pairs: Vec<(String, String)>| pairs.into_iter().map(|(name, value)| (name, value.into())).collect();
    Told {
        at: event.at,
        at_ms: event.at_ms,
        visitor: event.visitor.to_string(),
        visit_start_ms: event.visit_start_ms,
        kind: event.kind,
        name: event.name,
        page: event.page,
        user: event.user,
        details: object(event.details),
        visit: object(event.visit),
    }
}

/// `2026-07-01T12:00:00.000`.
fn clock(local_ms: i64) -> String {
    let of_day = local_ms.rem_euclid(DAY_MS);
    let (hour, minute, ms) = (of_day / HOUR_MS, of_day % HOUR_MS / MINUTE_MS, of_day % MINUTE_MS);
    format!("{}T{hour:02}:{minute:02}:{:02}.{:03}", Day::of_utc(local_ms).iso(), ms / 1000, ms % 1000)
}
