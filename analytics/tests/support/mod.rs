//! Made-up visits, a shard's store in memory, and ways to ask it.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

pub mod oracle;
pub mod plan;
pub mod questions;
pub mod random;
pub mod reports;
pub mod v1;
pub mod v2;

use std::collections::BTreeMap;

use passerby_analytics::calendar::{DAY_MS, Zone};
use passerby_analytics::delivery::{Client, Delivery, Hit, Receipt};
use passerby_analytics::dimension::Dimension;
use passerby_analytics::filter::{Clause, Expr, Pattern};
use passerby_analytics::person::Person;
use passerby_analytics::query::{Metric, Query, Range};
use passerby_analytics::report::stats::{Label, Row, Stats};
use passerby_analytics::report::{Question, answer};
use passerby_analytics::segment::{Builder, Segment};
use passerby_analytics::session::{MAX_GAP_MS, Session, SessionKey};
use passerby_analytics::sessionize::{absorb, absorb_each};
use passerby_analytics::validate::MAX_AGE_MS;
use passerby_analytics::visitor::Visitor;
use passerby_protocol::{Custom, Kind, Pageview, TabId};

pub type Text = &'static str;

/// Noon in UTC of Wednesday, 1 July 2026.
pub const NOON: i64 = 1_782_907_200_000;
pub const MIN: i64 = 60_000;
pub const HOUR: i64 = 60 * MIN;

pub const ANNA: Visitor = Visitor(0x1111_0000_0000_0001);
pub const BEN: Visitor = Visitor(0xEEEE_0000_0000_0002);

pub fn tab(number: u64) -> TabId {
    TabId(number.to_be_bytes())
}

pub fn view(path: Text) -> Kind<Text> {
    Kind::Pageview(Pageview { path, ..Pageview::default() })
}

/// A page view with a query and a referrer.
pub fn view_from(path: Text, query: Text, referrer: Text) -> Kind<Text> {
    Kind::Pageview(Pageview { path, query, referrer, ..Pageview::default() })
}

pub fn custom(name: Text) -> Kind<Text> {
    Kind::Custom(Custom { name, ..Custom::default() })
}

pub fn passive(name: Text) -> Kind<Text> {
    Kind::PassiveCustom(Custom { name, ..Custom::default() })
}

/// A hit; a page view's page is its own.
pub fn hit(number: u32, at_ms: i64, kind: Kind<Text>) -> Hit<Text> {
    let page = if let Kind::Pageview(view) = &kind { view.path } else { "/" };
    Hit { index: number, number: number.into(), at_ms, page, user: "", kind }
}

pub fn on(page: Text, hit: Hit<Text>) -> Hit<Text> {
    Hit { page, ..hit }
}

/// A delivery that arrives when its last event happens.
pub fn delivery(visitor: Visitor, tab_number: u64, hits: Vec<Hit<Text>>) -> Delivery<Text> {
    let received_ms = hits.iter().map(|hit| hit.at_ms).max().unwrap_or(NOON);
    let client = Client::default();
    Delivery { received_ms, visitor, tab: tab(tab_number), client, hits, refused: Vec::new() }
}

/// A shard's sessions as it keeps them: rows of bytes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Store {
    rows: BTreeMap<(Visitor, i64), Vec<u8>>,
}

impl Store {
    /// Absorbs a delivery, with no more of the visitor's sessions than [`absorb`] asks for. Says what was answered and
    /// which rows were removed.
    pub fn take(&mut self, delivery: Delivery<&str>) -> (Receipt, Vec<i64>) {
        let (visitor, received_ms) = (delivery.visitor, delivery.received_ms);
        let change = absorb(self.needed(visitor, received_ms), delivery);
        let receipt = change.receipt.clone();
        let written = change.write.iter().map(|s| ((visitor, s.key().start_ms), s.encode())).collect();
        (receipt, self.write(visitor, &change.remove, written))
    }

    /// The same for deliveries of one visitor that are absorbed together.
    pub fn take_together(&mut self, deliveries: Vec<Delivery<&str>>) -> Vec<Receipt> {
        let (visitor, received_ms) = (deliveries[0].visitor, deliveries[0].received_ms);
        let changes = absorb_each(self.needed(visitor, received_ms), deliveries);
        let receipts = changes.receipts.clone();
        let written = changes.write.iter().map(|s| ((visitor, s.key().start_ms), s.encode())).collect();
        self.write(visitor, &changes.remove, written);
        receipts
    }

    fn needed(&self, visitor: Visitor, received_ms: i64) -> Vec<Session<&str>> {
        let needed_from = received_ms - MAX_AGE_MS - MAX_GAP_MS;
        self.sessions(visitor).into_iter().filter(|s| s.end_ms() >= needed_from).collect()
    }

    fn write(&mut self, visitor: Visitor, remove: &[SessionKey], written: Vec<((Visitor, i64), Vec<u8>)>) -> Vec<i64> {
        let removed: Vec<i64> = remove.iter().map(|key| key.start_ms).collect();
        for start_ms in &removed {
            assert!(self.rows.remove(&(visitor, *start_ms)).is_some(), "what is removed was there");
        }
        self.rows.extend(written);
        removed
    }

    pub fn sessions(&self, visitor: Visitor) -> Vec<Session<&str>> {
        let rows = self.rows.range((visitor, i64::MIN)..=(visitor, i64::MAX));
        rows.map(|(_, body)| Session::decode(body).unwrap()).collect()
    }

    /// (start, end, events) of each session.
    pub fn outline(&self, visitor: Visitor) -> Vec<(i64, i64, usize)> {
        self.sessions(visitor).iter().map(|s| (s.start_ms(), s.end_ms(), s.events.len())).collect()
    }

    /// The sessions that 2^`bits` shards would hold, a segment each.
    pub fn shards(&self, bits: u32) -> Vec<Segment> {
        let mut shards: Vec<Builder> = (0..1 << bits).map(|_| Builder::default()).collect();
        for ((visitor, _), body) in &self.rows {
            shards[visitor.shard(bits) as usize].add(*visitor, &Session::decode(body).unwrap());
        }
        shards.into_iter().map(Builder::build).collect()
    }

    /// What one shard answers.
    pub fn ask(&self, query: &Query) -> Vec<Row> {
        ask(query, &self.shards(0))
    }
}

/// Who did what at which times.
pub type Visited<'a> = (Visitor, &'a [(i64, Kind<Text>)]);

/// A store that holds what these visitors did, in one tab each.
pub fn store(visits: &[Visited]) -> Store {
    let mut store = Store::default();
    for (number, (visitor, events)) in visits.iter().enumerate() {
        let hits = (0..).zip(*events).map(|(i, (at_ms, kind))| hit(i, *at_ms, kind.clone())).collect();
        store.take(delivery(*visitor, number as u64, hits));
    }
    store
}

/// Asks each shard and merges their answers, as bytes between objects.
pub fn ask(query: &Query, shards: &[Segment]) -> Vec<Row> {
    let report = Stats(query.clone());
    let question = Question::Stats(report.clone());
    let partials: Vec<Vec<u8>> =
        shards.iter().map(|shard| question.fold(None, std::iter::once(shard)).unwrap()).collect();
    answer(&report, &partials).unwrap()
}

/// All metrics, of 1 July 2026 in UTC.
pub fn query() -> Query {
    let from_ms = NOON - 12 * HOUR;
    Query {
        range: Range { from_ms, to_ms: from_ms + DAY_MS },
        zone: Zone::utc(),
        dimensions: Vec::new(),
        metrics: Metric::ALL.to_vec(),
        filters: Vec::new(),
        goals: Vec::new(),
    }
}

pub fn by(label: &str) -> Query {
    Query { dimensions: vec![dimension(label)], ..query() }
}

pub fn dimension(label: &str) -> Dimension {
    Dimension::property(label).unwrap()
}

pub fn clause(label: &str, negated: bool, patterns: &[&str]) -> Expr {
    condition(label, negated, patterns.iter().map(|text| Pattern::with_wildcards(text)).collect())
}

pub fn condition(label: &str, negated: bool, patterns: Vec<Pattern>) -> Expr {
    Expr::Clause(Clause { dimension: dimension(label), negated, any_case: false, patterns })
}

/// The value of a metric in the row with this label, or in the only row.
pub fn value(rows: &[Row], label: Option<&str>, metric: Metric) -> Option<f64> {
    let is_meant = |row: &&Row| label.is_none_or(|label| row.labels == [Label::Text(label.to_owned())]);
    let at = Metric::ALL.iter().position(|m| *m == metric).unwrap();
    rows.iter().find(is_meant).and_then(|row| row.values[at])
}

impl Store {
    /// The same without a person, and what was erased.
    pub fn without(&self, person: &Person) -> Self {
        let mut rows = BTreeMap::new();
        for ((visitor, start_ms), body) in &self.rows {
            match person.leave(*visitor, Session::decode(body).unwrap()) {
                None => _ = rows.insert((*visitor, *start_ms), body.clone()),
                Some(left) => {
                    rows.extend(left.sessions.iter().map(|session| ((*visitor, session.start_ms()), session.encode())));
                }
            }
        }
        Self { rows }
    }

    /// Every row: whose, and what.
    pub fn rows(&self) -> impl Iterator<Item = (Visitor, Session<&str>)> {
        self.rows.iter().map(|((visitor, _), body)| (*visitor, Session::decode(body).unwrap()))
    }
}
