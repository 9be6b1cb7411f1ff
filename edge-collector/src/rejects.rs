//! What was refused, for its owner to read: kept for seven days, the first of each minute, and `GET /api/v1/rejects`.

mod kept;

use std::collections::BTreeSet;

use passerby_analytics::person::Mark;
use passerby_protocol::{Reason, Refusal, decode, decode_json};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use worker::{Env, Request, Response};

use crate::access::Caller;
use crate::objects::{ask_site, pack, unpack};
use crate::problem::Problem;
use crate::{shards, stats};
pub use kept::Rejects;

/// Of one batch, and of an answer.
const OF_A_BATCH: usize = 5;
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

/// Answers with a site's newest, over all its objects.
pub async fn handle(request: &Request, env: &Env, caller: &Caller) -> Result<Response, Problem> {
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
    shards::respond(&json!({ "results": told }), answers.failed, None)
}
