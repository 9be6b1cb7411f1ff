//! One person's data: what of a shard's visits is theirs, what stays where it is erased, and what is known of it to whoever
//! asks.
//!
//! A visit is somebody's as a whole. With an id of their own it is every visit of the visitor with that id. By the site's
//! own id of a user it is every visit in which the site identified them, and of the visitors of those every visit in which it
//! identified nobody. A tab that was theirs may have begun as another visitor, before they consented: of that one's visits,
//! the tab's events are theirs, where rows still say which those are.

use std::collections::BTreeSet;

use passerby_protocol::{Event, TabId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::dimension::VisitDimension;
use crate::segment::{Builder, Segment};
use crate::session::{Session, SessionEvent, Tab};
use crate::sessionize::remaining;
use crate::visitor::{Key, Visitor, keyed};

/// A person, as far as it is known who they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The visitors who are this person and nobody else.
    pub visitors: BTreeSet<Visitor>,
    /// The site's own id of the user; empty: not by that.
    pub user: String,
    /// The visitors whom the site identified so.
    pub known_as: BTreeSet<Visitor>,
    /// Their tabs of the last days.
    pub tabs: BTreeSet<TabId>,
    /// What began after this is not meant: milliseconds since 1970 in UTC.
    pub until_ms: i64,
}

/// What names a person beside events that are kept apart from visits: keyed hashes of their visitors, tabs and user.
pub type Mark = u64;

/// The mark of a visitor.
#[must_use]
pub fn mark_of_visitor(site_key: &Key, visitor: Visitor) -> Mark {
    keyed(site_key, &[b"mark of visitor", &visitor.bytes()])
}

/// The mark of a tab.
#[must_use]
pub fn mark_of_tab(site_key: &Key, tab: TabId) -> Mark {
    keyed(site_key, &[b"mark of tab", &tab.0])
}

/// The mark of a user.
#[must_use]
pub fn mark_of_user(site_key: &Key, user: &str) -> Mark {
    keyed(site_key, &[b"mark of user", user.as_bytes()])
}

/// What is left of a session without a person.
#[derive(Debug, PartialEq)]
pub struct Left<S> {
    /// The sessions that stay: none where all of it was theirs, several where their events had held it together.
    pub sessions: Vec<Session<S>>,
    /// The erased events, by tab and number.
    pub erased: Vec<(TabId, u64)>,
}

impl Person {
    /// Everything that names them.
    #[must_use]
    pub fn marks(&self, site_key: &Key) -> BTreeSet<Mark> {
        let visitors = self.visitors.iter().chain(&self.known_as);
        let mut marks: BTreeSet<Mark> = visitors.map(|visitor| mark_of_visitor(site_key, *visitor)).collect();
        marks.extend(self.tabs.iter().map(|tab| mark_of_tab(site_key, *tab)));
        if !self.user.is_empty() {
            marks.insert(mark_of_user(site_key, &self.user));
        }
        marks
    }

    /// Whether a visit is theirs. `users` are those that its events name; empty ones are nobody.
    pub fn has<'u>(&self, visitor: Visitor, start_ms: i64, users: impl Iterator<Item = &'u str>) -> bool {
        if start_ms > self.until_ms {
            return false;
        }
        if self.visitors.contains(&visitor) {
            return true;
        }
        let mut named = users.filter(|user| !user.is_empty()).peekable();
        match named.peek() {
            None => self.known_as.contains(&visitor),
            Some(_) => named.any(|user| user == self.user),
        }
    }

    fn has_session(&self, visitor: Visitor, session: &Session<&str>) -> bool {
        self.has(visitor, session.start_ms(), session.events.iter().map(|event| event.user))
    }

    fn has_event<S>(&self, tab: TabId, event: &SessionEvent<S>) -> bool {
        self.tabs.contains(&tab) && event.at_ms <= self.until_ms
    }

    /// What is left of a session, if something of it is theirs.
    #[must_use]
    pub fn leave<'a>(&self, visitor: Visitor, session: Session<&'a str>) -> Option<Left<&'a str>> {
        let whole = self.has_session(visitor, &session);
        let ids: Vec<TabId> = session.tabs.iter().map(|tab| tab.id).collect();
        let id = |event: &SessionEvent<&str>| ids.get(usize::from(event.tab)).copied().unwrap_or_default();
        let theirs = |event: &&SessionEvent<&str>| whole || self.has_event(id(event), event);
        let erased: Vec<_> = session.events.iter().filter(theirs).map(|event| (id(event), event.number)).collect();
        if erased.is_empty() {
            return None;
        }
        let sessions = if whole { Vec::new() } else { remaining(session, |tab, event| !self.has_event(tab, event)) };
        Some(Left { sessions, erased })
    }

    /// The places of their visits in a segment, in order. Segments do not say in which tab an event happened.
    #[must_use]
    pub fn places_in(&self, segment: &Segment) -> Vec<usize> {
        let owners = segment.owners().enumerate();
        let theirs = owners.filter(|(_, (visitor, start_ms, users))| {
            self.has(*visitor, *start_ms, users.iter().map(|user| segment.string(*user)))
        });
        theirs.map(|(place, _)| place).collect()
    }

    /// Notes what a session says of who they are: their tabs, and the visitor, where the site identified them.
    pub fn recognise(&mut self, visitor: Visitor, session: &Session<&str>) {
        let is_user = |event: &&SessionEvent<&str>| !self.user.is_empty() && event.user == self.user;
        if self.visitors.contains(&visitor) {
            self.tabs.extend(session.tabs.iter().map(|tab| tab.id));
            return;
        }
        let places: BTreeSet<u16> = session.events.iter().filter(is_user).map(|event| event.tab).collect();
        if !places.is_empty() {
            self.known_as.insert(visitor);
        }
        let of_user = places.into_iter().filter_map(|place| session.tabs.get(usize::from(place)));
        self.tabs.extend(of_user.map(|tab| tab.id));
    }

    /// The visitors whom a segment's visits know by the person's user id.
    #[must_use]
    pub fn known_in(&self, segment: &Segment) -> BTreeSet<Visitor> {
        let Some(user) = segment.strings().position(|text| text == self.user).filter(|place| *place > 0) else {
            return BTreeSet::new();
        };
        let known = segment.owners().filter(|(_, _, users)| users.contains(&(user as u64)));
        known.map(|(visitor, _, _)| visitor).collect()
    }

    /// Their part of a session, for them to read: events in the form in which they were sent.
    #[must_use]
    pub fn tell_session(&self, visitor: Visitor, session: &Session<&str>) -> Option<Value> {
        let whole = self.has_session(visitor, session);
        let id = |event: &SessionEvent<&str>| session.tabs.get(usize::from(event.tab)).map(|tab| tab.id);
        let theirs = |event: &&SessionEvent<&str>| whole || id(event).is_some_and(|tab| self.has_event(tab, event));
        let events: Vec<Value> = session
            .events
            .iter()
            .filter(theirs)
            .map(|event| {
                let mut told = tell(event.at_ms, event.page, event.user, &event.kind);
                told.insert("tab".to_owned(), json!(id(event)));
                told.insert("number".to_owned(), json!(event.number));
                Value::Object(told)
            })
            .collect();
        if events.is_empty() {
            return None;
        }
        let mut builder = Builder::default();
        builder.add(visitor, session);
        let segment = builder.build();
        let visit = segment.visits_again().next()?;
        let clients: Map<String, Value> = session.tabs.iter().map(client).collect();
        Some(json!({
            "start_ms": session.start_ms(),
            "visit": dimensions(|dimension| visit.dimension(dimension)),
            "tabs": clients,
            "events": events,
        }))
    }

    /// Their visits of a segment, for them to read: what is kept of days that are over.
    #[must_use]
    pub fn tell_segment(&self, segment: &Segment) -> Vec<Value> {
        let mut places = self.places_in(segment).into_iter().peekable();
        if places.peek().is_none() {
            return Vec::new();
        }
        let visits = segment.visits_again().enumerate();
        let theirs = visits.filter(|(place, _)| places.next_if_eq(place).is_some());
        let told = theirs.map(|(_, visit)| {
            let mut at_ms = visit.start_ms;
            let events = visit.events.iter().map(|event| {
                at_ms = at_ms.saturating_add_unsigned(event.after_ms);
                Value::Object(tell(at_ms, event.page, event.user, &event.kind))
            });
            let events: Vec<Value> = events.collect();
            json!({
                "start_ms": visit.start_ms,
                "visit": dimensions(|dimension| visit.dimension(dimension)),
                "events": events,
            })
        });
        told.collect()
    }
}

/// An event in the contract's JSON form, with its own time and place.
fn tell(at_ms: i64, page: &str, user: &str, kind: &passerby_protocol::Kind<&str>) -> Map<String, Value> {
    let event = serde_json::to_value(Event { after_ms: 0, kind: kind.clone() });
    let mut told = Map::from_iter([("at_ms".to_owned(), json!(at_ms))]);
    told.insert("page".to_owned(), json!(page));
    told.insert("user".to_owned(), json!(user));
    if let Ok(Value::Object(event)) = event {
        told.extend(event.into_iter().filter(|(name, _)| name != "after_ms"));
    }
    told
}

/// What is known in the dimensions, by their names.
fn dimensions<'a>(value: impl Fn(VisitDimension) -> &'a str) -> Map<String, Value> {
    let known = VisitDimension::ALL.iter().map(|dimension| (dimension.label(), value(*dimension)));
    known.filter(|(_, text)| !text.is_empty()).map(|(label, text)| (label.to_owned(), json!(text))).collect()
}

/// A tab's browser, by the tab's id.
fn client(tab: &Tab<&str>) -> (String, Value) {
    (tab.id.to_string(), serde_json::to_value(&tab.client).unwrap_or_default())
}
