//! What was refused, for its owner to read: kept for seven days, the first of each minute, and `GET /api/v1/rejects`.

use passerby_analytics::calendar::MINUTE_MS;
use passerby_protocol::{Reason, Refusal, decode, decode_json};
use serde::{Deserialize, Serialize};
use serde_json::json;
use worker::{Env, Error, Request, Response, Result};

use crate::access::Caller;
use crate::objects::{ask_site, pack, unpack};
use crate::problem::Problem;
use crate::shard::value::blob;
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
}

/// The events that were refused, read from the batch's body once more: so a batch without any costs nothing.
pub fn of_body(body: &[u8], in_json: bool, refused: &[Refusal], at_ms: i64) -> Vec<Reject> {
    if refused.is_empty() {
        return Vec::new();
    }
    let mut text = String::new();
    let read = if in_json { decode_json(body) } else { decode(body, &mut text) };
    let events = read.map(|batch| batch.events).unwrap_or_default();
    listed(refused, at_ms, |index| serde_json::to_string(events.get(index)?).ok())
}

/// The first of those that were refused; `event` gives one by its place.
pub fn listed(refused: &[Refusal], at_ms: i64, event: impl Fn(usize) -> Option<String>) -> Vec<Reject> {
    let reject = |refusal: &Refusal| {
        let event = event(refusal.index as usize)?;
        let end = event.floor_char_boundary(EVENT_BYTES);
        Some(Reject { at_ms, reason: refusal.reason, event: event[..end].to_owned() })
    };
    refused.iter().take(OF_A_BATCH).filter_map(reject).collect()
}

/// Where an object keeps them: a row for each minute.
pub struct Rejects;

impl Rejects {
    /// Makes the table.
    pub fn open(sql: &Sql) -> Result<()> {
        sql.exec("CREATE TABLE IF NOT EXISTS reject (minute INTEGER PRIMARY KEY, events BLOB)", None).map(|_| ())
    }

    /// Adds some that were received in the same minute, as far as there is room.
    pub fn add(sql: &Sql, rejects: &[Reject]) -> Result<()> {
        let Some(first) = rejects.first() else { return Ok(()) };
        let minute = first.at_ms.div_euclid(MINUTE_MS);
        let mut kept = match sql.exec("SELECT events FROM reject WHERE minute = ?", vec![minute.into()])?.raw().next() {
            Some(row) => decoded(&blob(row?.into_iter().next())?)?,
            None => Vec::new(),
        };
        let room = OF_A_MINUTE.saturating_sub(kept.len());
        if room == 0 {
            return Ok(());
        }
        kept.extend(rejects.iter().take(room).cloned());
        let row = vec![minute.into(), postcard::to_allocvec(&kept).unwrap_or_default().into()];
        sql.exec("INSERT OR REPLACE INTO reject (minute, events) VALUES (?, ?)", row).map(|_| ())
    }

    /// Forgets those that are too old. Idempotent.
    pub fn forget(sql: &Sql, minute: i64) -> Result<()> {
        sql.exec("DELETE FROM reject WHERE minute < ?", vec![(minute - KEPT_MINUTES).into()]).map(|_| ())
    }

    /// The newest, in no particular order.
    pub fn newest(sql: &Sql) -> Result<Vec<Reject>> {
        let mut newest = Vec::new();
        for row in sql.exec("SELECT events FROM reject ORDER BY minute DESC", None)?.raw() {
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
    shards::respond(&json!({ "results": rejects }), answers.failed)
}
