//! The events of a log, in any order, and the visits that they make: with the rules of the collector, none of its own.
//!
//! Events are kept as a shard stores them, one after another in one piece of memory, and sorted by visitor and time when
//! all are read: a log may hold a visitor's events anywhere. Sessions are then made visitor by visitor and laid out in
//! columns, so that of sessions only one visitor's last is in memory at a time.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use passerby_analytics::delivery::{Client, Delivery, Hit};
use passerby_analytics::segment::{Builder, Segment};
use passerby_analytics::session::{MAX_GAP_MS, Session};
use passerby_analytics::sessionize::{Change, absorb_within};
use passerby_analytics::validate::{self, Rules};
use passerby_analytics::visitor::Visitor;
use passerby_protocol::{Batch, Kind, TabId};

use crate::tally::Tally;

/// Text as it is read.
pub type Text<'a> = Cow<'a, str>;

/// Events of a segment: as many as a busy day has, and few enough that one being built takes some ten megabytes.
const SEGMENT_EVENTS: usize = 1 << 18;

/// Events that are put into sessions at a time. Each time costs as much as the session that is going on.
const DELIVERY_EVENTS: usize = 256;

/// The events of a log.
#[derive(Debug, Default)]
pub struct Log {
    rows: Vec<Row>,
    /// The events' bodies.
    heap: Vec<u8>,
    clients: Vec<Client<String>>,
    places: HashMap<ClientKey, u32>,
    /// What batches sent, to count none of it twice.
    seen: HashSet<(TabId, u64)>,
}

/// A client as bytes.
type ClientKey = Vec<u8>;

/// An event's outline: 32 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    visitor: Visitor,
    at_ms: i64,
    /// Where its body begins.
    place: u64,
    client: u32,
}

/// A log's visits.
#[derive(Debug, Default)]
pub struct Visits {
    /// They, in columns.
    pub segments: Vec<Segment>,
    /// How many visitors there are.
    pub visitors: usize,
    /// How many visits.
    pub visits: usize,
    /// How many of them have no page view.
    pub without_pageview: usize,
}

/// What a line says.
#[derive(Debug)]
pub struct Line<'a> {
    /// Whose it is.
    pub visitor: Visitor,
    /// When it was sent: of a line that is one event, when that happened.
    pub at_ms: i64,
    /// Its events. The tab is made up where it is that of no tab, and so are numbers.
    pub batch: Batch<Text<'a>>,
    /// Its browser and where that is, as [`Log::client`] numbers them.
    pub client: u32,
}

impl Log {
    /// The number of a client.
    pub fn client(&mut self, client: Client<Text<'_>>) -> u32 {
        let key = postcard::to_allocvec(&client).unwrap_or_default();
        if let Some(place) = self.places.get(&key) {
            return *place;
        }
        let place = self.clients.len() as u32;
        // What was just written is a client.
        self.clients.push(postcard::from_bytes(&key).unwrap_or_default());
        self.places.insert(key, place);
        place
    }

    /// Takes a line's events in, those that keep the collector's rules. Answers how many.
    pub fn add(&mut self, line: Line<'_>, rules: Rules<'_>, number: u64, tally: &mut Tally) {
        let Line { visitor, at_ms, mut batch, client } = line;
        let of_tab = batch.tab != TabId::default();
        if !of_tab {
            // A tab for each of a visitor's browsers, and the log's own order as numbers.
            batch.tab = TabId(u64::from(client).to_be_bytes());
            batch.first = self.rows.len() as u32;
        }
        let tab = batch.tab;
        let (hits, refused) = validate::take_apart(batch, at_ms, "", rules);
        for refusal in refused {
            tally.leave_out(refusal.reason.label(), number, &format!("event {}", refusal.index));
        }
        for hit in hits {
            if of_tab && !self.seen.insert((tab, hit.number)) {
                tally.leave_out("duplicate", number, &format!("event {} of tab {tab}", hit.number));
                continue;
            }
            let place = self.heap.len() as u64;
            self.rows.push(Row { visitor, at_ms: hit.at_ms, place, client });
            self.heap = postcard::to_extend(&(tab, hit), std::mem::take(&mut self.heap)).unwrap_or_default();
            tally.events += 1;
        }
    }

    /// When its first and its last event happened.
    pub fn times_ms(&self) -> Option<(i64, i64)> {
        let times = || self.rows.iter().map(|row| row.at_ms);
        Some((times().min()?, times().max()?))
    }

    /// Puts the events into visits, with the collector's longest gap where none is given.
    pub fn into_visits(mut self, max_gap_ms: Option<i64>, tally: &mut Tally) -> Visits {
        self.places = HashMap::new();
        self.seen = HashSet::new();
        self.rows.sort_unstable();
        let clients: Vec<Client<&str>> = self.clients.iter().map(borrowed).collect();
        let mut visits = Visits::default();
        let mut to = Output { max_gap_ms: max_gap_ms.unwrap_or(MAX_GAP_MS), ..Output::default() };
        for of_one in self.rows.chunk_by(|a, b| a.visitor == b.visitor) {
            visits.visitors += 1;
            let mut open: Option<Session<&str>> = None;
            let hits = of_one.iter().filter_map(|row| {
                let body = self.heap.get(row.place as usize..)?;
                let ((tab, hit), _) = postcard::take_from_bytes::<(TabId, Hit<&str>)>(body).ok()?;
                Some((row, tab, hit))
            });
            let mut hits = hits.peekable();
            while let Some((row, tab, hit)) = hits.next() {
                let mut delivered = vec![hit];
                while let Some((_, _, hit)) = hits.next_if(|(_, of, _)| *of == tab && delivered.len() < DELIVERY_EVENTS)
                {
                    delivered.push(hit);
                }
                let client = clients.get(row.client as usize).cloned().unwrap_or_default();
                let (visitor, received_ms) = (row.visitor, row.at_ms);
                let delivery = Delivery { received_ms, visitor, tab, client, hits: delivered, refused: Vec::new() };
                open = deliver(open, delivery, &mut to, tally);
            }
            if let Some((session, row)) = open.zip(of_one.first()) {
                to.add(row.visitor, &session);
            }
        }
        let Output { segments, .. } = to.finish(&mut visits);
        Visits { segments, ..visits }
    }
}

/// Puts events into the visitor's sessions. They come in the order of their times, so only the last session can still
/// change: that is answered, the others are done.
fn deliver<'a>(
    open: Option<Session<&'a str>>,
    delivery: Delivery<&'a str>,
    to: &mut Output,
    tally: &mut Tally,
) -> Option<Session<&'a str>> {
    let visitor = delivery.visitor;
    let Change { mut write, remove, receipt } =
        absorb_within(open.clone().into_iter().collect(), delivery, to.max_gap_ms);
    for refusal in receipt.refused {
        tally.events -= 1;
        tally.leave_out(refusal.reason.label(), 0, "");
    }
    if let Some(before) = open {
        let changed = remove.contains(&before.key()) || write.iter().any(|session| session.key() == before.key());
        if !changed {
            write.insert(0, before);
        }
    }
    let last = write.pop();
    write.iter().for_each(|session| to.add(visitor, session));
    last
}

/// Visits as they become columns.
#[derive(Default)]
struct Output {
    max_gap_ms: i64,
    builder: Builder,
    events: usize,
    segments: Vec<Segment>,
    visits: usize,
    without_pageview: usize,
}

impl Output {
    fn add(&mut self, visitor: Visitor, session: &Session<&str>) {
        self.visits += 1;
        self.events += session.events.len();
        let has_pageview = session.events.iter().any(|event| matches!(event.kind, Kind::Pageview(_)));
        self.without_pageview += usize::from(!has_pageview);
        self.builder.add(visitor, session);
        if self.events >= SEGMENT_EVENTS {
            self.segments.push(std::mem::take(&mut self.builder).build());
            self.events = 0;
        }
    }

    fn finish(mut self, visits: &mut Visits) -> Self {
        self.segments.push(std::mem::take(&mut self.builder).build());
        visits.visits = self.visits;
        visits.without_pageview = self.without_pageview;
        self
    }
}

fn borrowed(client: &Client<String>) -> Client<&str> {
    Client {
        browser: &client.browser,
        browser_version: &client.browser_version,
        os: &client.os,
        os_version: &client.os_version,
        device: &client.device,
        country: &client.country,
        region: &client.region,
        city: &client.city,
        language: &client.language,
        time_zone: &client.time_zone,
        screen: client.screen,
    }
}
