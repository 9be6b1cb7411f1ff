//! Batches that were kept somewhere else, and come long after they were sent: of another collector, or of a log.
//!
//! A record is a batch as trackers send it, with what only its request told: when it came, from which browser, and from
//! where. Its `sent_at_ms` is believed, and is taken for when it was received; everything else is as on that day. So the
//! records themselves say when an event happened, and those that are sent again are the same events.

use std::borrow::Cow;

use passerby_protocol::limits::MAX_NAME_BYTES;
use passerby_protocol::{Batch, Reason, TabId, VisitorId, decode_json};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::ask::{BadField, Read};
use crate::calendar::Day;
use crate::delivery::{Client, Delivery};
use crate::retention::first_kept;
use crate::validate::{Rules, take_apart};
use crate::visitor::Visitor;

/// How many days back records may be, where the site does not keep fewer: two years. A shard has a table for each day
/// that still takes events in, and SQLite reads the names of all when it opens.
pub const MAX_DAYS: u32 = 731;

/// Records of a request: what a shard writes in some tenths of a second.
pub const MAX_RECORDS: usize = 1_000;

/// A batch, and what its request told.
#[derive(Debug)]
pub struct Record {
    /// Whose it is.
    pub visitor: VisitorId,
    /// What its request told.
    pub told: Told,
    /// What was sent.
    pub batch: Batch<Cow<'static, str>>,
}

/// What a request tells beside its batch. Empty texts are unknown.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Told {
    /// The header.
    pub user_agent: String,
    /// ISO 3166-1: "KR".
    pub country: String,
    /// ISO 3166-2: "KR-11".
    pub region: String,
    /// "Seoul".
    pub city: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body<'a> {
    #[serde(borrow)]
    records: Vec<Written<'a>>,
}

/// A record as it is written. The batch is read as every batch is, and keeps the limits of one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written<'a> {
    #[serde(default)]
    request: Told,
    #[serde(borrow)]
    batch: &'a RawValue,
}

/// Reads a request's body.
///
/// # Errors
/// It has another form, or a record lacks what says when it was sent, or whose and which it is: the salts of its day,
/// which would tell its visitor by the address, are destroyed.
pub fn read(body: &[u8]) -> Read<Vec<Record>> {
    let Body { records } = serde_json::from_slice(body).map_err(|error| wrong("", format!("no records: {error}")))?;
    if records.len() > MAX_RECORDS {
        return Err(wrong("records", format!("more than {MAX_RECORDS}")));
    }
    records.into_iter().enumerate().map(|(place, written)| record(place, written)).collect()
}

fn record(place: usize, Written { request, batch }: Written<'_>) -> Read<Record> {
    let at = |field: &str| format!("records[{place}].{field}");
    let batch = decode_json(batch.get().as_bytes()).map_err(|error| wrong(&at("batch"), error.to_string()))?;
    let missing = |field: &str, what: &str| wrong(&at(&format!("batch.{field}")), format!("missing; {what}"));
    let visitor = batch.visitor.ok_or_else(|| missing("visitor", "32 hex digits for each visitor"))?;
    if batch.tab == TabId::default() {
        return Err(missing("tab", "16 hex digits for each page load"));
    }
    if batch.sent_at_ms == 0 {
        return Err(missing("sent_at_ms", "milliseconds since 1970"));
    }
    let Told { country, region, city, .. } = &request;
    if [country, region, city].iter().any(|name| name.len() > MAX_NAME_BYTES) {
        return Err(wrong(&at("request"), format!("a place's name is longer than {MAX_NAME_BYTES} bytes")));
    }
    Ok(Record { visitor, told: request, batch })
}

fn wrong(path: &str, problem: String) -> BadField {
    BadField { path: path.to_owned(), problem, allowed: Vec::new() }
}

/// The first day whose events are taken: of those that the site keeps, if it forgets any.
#[must_use]
pub fn first_day(now_ms: i64, retention_days: Option<u32>) -> Day {
    first_kept(now_ms, retention_days.map_or(MAX_DAYS, |days| days.min(MAX_DAYS)))
}

/// A record's batch on its way to its visitor's shard. `refuse` is why none of it counts, if there is a reason.
#[must_use]
pub fn deliver(
    record: Record,
    visitor: Visitor,
    client: Client<Cow<'static, str>>,
    received_ms: i64,
    (first_day, rules, refuse): (Day, Rules<'_>, Option<Reason>),
) -> Delivery<Cow<'static, str>> {
    let Record { told: Told { country, region, city, .. }, batch, .. } = record;
    let tab = batch.tab;
    let sent_ms = i64::try_from(batch.sent_at_ms).unwrap_or(i64::MAX);
    let (hits, refused) = take_apart(batch, sent_ms, "", rules);
    let client = Client { country: country.into(), region: region.into(), city: city.into(), ..client };
    let mut delivery = Delivery { received_ms, visitor, tab, client, hits, refused };
    if let Some(reason) = refuse {
        delivery.refuse(reason, |_| true);
    }
    delivery.refuse(Reason::TooOld, |hit| Day::of_utc(hit.at_ms) < first_day);
    delivery.refuse(Reason::InFuture, |hit| hit.at_ms > received_ms);
    delivery
}
