//! What was refused, for its owner to read: kept for seven days, the first of each minute, and `GET /api/v1/rejects`.

use std::collections::BTreeSet;

use passerby_analytics::calendar::MINUTE_MS;
use passerby_analytics::person::Mark;
use passerby_protocol::{Reason, Refusal, decode, decode_json};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use worker::{Env, Error, Request, Response, Result};

use crate::access::Caller;
use crate::objects::{ask_site, pack, unpack};
use crate::problem::Problem;
use crate::shard::value::{blob, integer};
use crate::sql::Sql;
use crate::{shards, stats};

/// How long they are kept, in minutes.
const KEPT_MINUTES: i64 = 7 * 24 * 60;

/// Of one batch, of one minute in an object, and of an answer. A minute is one row, written once more for each batch until
/// it is full: at most ten rows a minute and object, and only while something is refused.
const OF_A_BATCH: usize = 5;
const OF_A_MINUTE: usize = 10;
const OF_AN_ANSWER: usize = 500;

/// Bytes of an event that are kept: its kind and its first fields say what is wrong.
const EVENT_BYTES: usize = 400;

/// An event that was refused.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Reject {
    /// When it was received: milliseconds since 1970 in UTC.
    pub at_ms: i64,
    /// Why.
    pub reason: Reason,
    /// The event as JSON, cut where it is long.
    pub event: String,
    /// What says whose it is, where that is known.
    pub marks: Vec<Mark>,
}

/// What says whose the event at a place of the batch is.
pub type Whose<'a> = &'a dyn Fn(u32) -> Vec<Mark>;

/// The events that were refused, read from the batch's body once more: so a batch without any costs nothing.
pub fn of_body(body: &[u8], in_json: bool, refused: &[Refusal], at_ms: i64, whose: Whose<'_>) -> Vec<Reject> {
    if refused.is_empty() {
        return Vec::new();
    }
    let mut text = String::new();
    let read = if in_json { decode_json(body) } else { decode(body, &mut text) };
    let events = read.map(|batch| batch.events).unwrap_or_default();
    listed(refused, at_ms, whose, |index| serde_json::to_string(events.get(index)?).ok())
}

/// The first of those that were refused, but for those of somebody who was erased; `event` gives one by its place.
pub fn listed(
    refused: &[Refusal],
    at_ms: i64,
    whose: Whose<'_>,
    event: impl Fn(usize) -> Option<String>,
) -> Vec<Reject> {
    let reject = |refusal: &Refusal| {
        let event = event(refusal.index as usize)?;
        let end = event.floor_char_boundary(EVENT_BYTES);
        Some(Reject { at_ms, reason: refusal.reason, event: event[..end].to_owned(), marks: whose(refusal.index) })
    };
    refused.iter().filter(|refusal| refusal.reason != Reason::Erased).take(OF_A_BATCH).filter_map(reject).collect()
}

impl Reject {
    fn is_of(&self, marks: &BTreeSet<Mark>) -> bool {
        self.marks.iter().any(|mark| marks.contains(mark))
    }

    /// As it is told.
    pub fn told(&self) -> Value {
        json!({ "at_ms": self.at_ms, "reason": self.reason, "event": self.event })
    }
}

/// Where an object keeps them: a row for each minute.
pub struct Rejects;

impl Rejects {
    /// Makes the table.
    pub fn open(sql: &Sql) -> Result<()> {
        // That of an earlier version, which did not say whose they are.
        sql.exec("DROP TABLE IF EXISTS reject", None)?;
        sql.exec("CREATE TABLE IF NOT EXISTS refusal (minute INTEGER PRIMARY KEY, events BLOB)", None).map(|_| ())
    }

    /// Adds some that were received in the same minute, as far as there is room.
    pub fn add(sql: &Sql, rejects: &[Reject]) -> Result<()> {
        let Some(first) = rejects.first() else { return Ok(()) };
        let minute = first.at_ms.div_euclid(MINUTE_MS);
        let mut kept = match sql.exec("SELECT events FROM refusal WHERE minute = ?", vec![minute.into()])?.raw().next()
        {
            Some(row) => decoded(&blob(row?.into_iter().next())?)?,
            None => Vec::new(),
        };
        let room = OF_A_MINUTE.saturating_sub(kept.len());
        if room == 0 {
            return Ok(());
        }
        kept.extend(rejects.iter().take(room).cloned());
        let row = vec![minute.into(), postcard::to_allocvec(&kept).unwrap_or_default().into()];
        sql.exec("INSERT OR REPLACE INTO refusal (minute, events) VALUES (?, ?)", row).map(|_| ())
    }

    /// Forgets those that are too old. Idempotent.
    pub fn forget(sql: &Sql, minute: i64) -> Result<()> {
        sql.exec("DELETE FROM refusal WHERE minute < ?", vec![(minute - KEPT_MINUTES).into()]).map(|_| ())
    }

    /// Those that one of the marks names.
    pub fn of(sql: &Sql, marks: &BTreeSet<Mark>) -> Result<Vec<Reject>> {
        let mut found = Vec::new();
        for row in sql.exec("SELECT events FROM refusal", None)?.raw() {
            let events = decoded(&blob(row?.into_iter().next())?)?;
            found.extend(events.into_iter().filter(|reject| reject.is_of(marks)));
        }
        Ok(found)
    }

    /// Erases those that one of the marks names, and answers how many they were. Idempotent.
    pub fn erase(sql: &Sql, marks: &BTreeSet<Mark>) -> Result<u64> {
        let mut erased = 0;
        for row in sql.exec("SELECT minute, events FROM refusal", None)?.raw() {
            let mut columns = row?.into_iter();
            let minute = integer(columns.next())?;
            let (theirs, others): (Vec<_>, Vec<_>) =
                decoded(&blob(columns.next())?)?.into_iter().partition(|reject| reject.is_of(marks));
            if theirs.is_empty() {
                continue;
            }
            erased += theirs.len() as u64;
            let row = vec![postcard::to_allocvec(&others).unwrap_or_default().into(), minute.into()];
            sql.exec("UPDATE refusal SET events = ? WHERE minute = ?", row)?;
        }
        Ok(erased)
    }

    /// The newest, in no particular order.
    pub fn newest(sql: &Sql) -> Result<Vec<Reject>> {
        let mut newest = Vec::new();
        for row in sql.exec("SELECT events FROM refusal ORDER BY minute DESC", None)?.raw() {
            newest.extend(decoded(&blob(row?.into_iter().next())?)?);
            if newest.len() >= OF_AN_ANSWER {
                break;
            }
        }
        Ok(newest)
    }
}

fn decoded(bytes: &[u8]) -> Result<Vec<Reject>> {
    postcard::from_bytes(bytes).map_err(|error| Error::RustError(error.to_string()))
}

/// Answers with a site's newest, over all its objects.
pub async fn handle(request: &Request, env: &Env, caller: &Caller) -> core::result::Result<Response, Problem> {
    let parameters: Vec<(String, String)> = request.url()?.query_pairs().into_owned().collect();
    let site = stats::site_of(env, caller, &parameters).await?;
    stats::no_more_than_site(&parameters)?;
    let mut answers = shards::ask_all(env, &site, "rejects", &[]).await?;
    answers.bytes.push(ask_site(env, &site.id, "rejects", &pack(&())?).await?);
    let mut rejects = Vec::new();
    for answer in &answers.bytes {
        rejects.extend(unpack::<Vec<Reject>>(answer)?);
    }
    rejects.sort_by_key(|reject| -reject.at_ms);
    rejects.truncate(OF_AN_ANSWER);
    let told: Vec<Value> = rejects.iter().map(Reject::told).collect();
    shards::respond(&json!({ "results": told }), answers.failed)
}
