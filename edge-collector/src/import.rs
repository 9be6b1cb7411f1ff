//! `POST /api/v1/sites/{site}/import`: batches that were kept elsewhere, on the way to their visitors' shards.
//!
//! Sending a request again changes nothing, whatever became of it: an event counts once by its tab and number, and on a
//! day that is packed none counts any more.

use std::collections::BTreeMap;

use futures_util::future::try_join_all;
use passerby_adapters::inflate::{MAX_BODY_BYTES, inflate};
use passerby_analytics::calendar::Day;
use passerby_analytics::import::{self, Record};
use passerby_analytics::validate::Rules;
use passerby_analytics::visitor::Visitor;
use passerby_protocol::Reason;
use serde_json::{Value, json};
use worker::{Date, Env, Request, Response};

use crate::access::Caller;
use crate::agents::Agent;
use crate::delivery::{Parcel, send};
use crate::identity;
use crate::ingest::{client, hints, is_bot};
use crate::objects::pack;
use crate::problem::Problem;
use crate::settings::Site;
use crate::{body, stats};

/// Takes records in, and says what became of their events: how many count, and which do not.
pub async fn handle(mut request: Request, env: &Env, caller: &Caller, id: &str) -> Result<Response, Problem> {
    let site = caller.site(env, id).await?;
    let body = inflate(body::read(&mut request, "max_body_bytes", MAX_BODY_BYTES).await?)?;
    let records = import::read(&body)?;
    take(env, &site, records).await.map_err(|problem| problem.of_site(&site.id))
}

async fn take(env: &Env, site: &Site, records: Vec<Record>) -> Result<Response, Problem> {
    let received_ms = Date::now().as_millis() as i64;
    let keys = identity::keys(env, site, Day::of_utc(received_ms)).await?;
    let first_day = import::first_day(received_ms, site.retention_days);
    // Of each shard, the records' places and their parcels.
    let mut by_shard: BTreeMap<u32, (Vec<usize>, Vec<Vec<u8>>)> = BTreeMap::new();
    for (place, mut record) in records.into_iter().enumerate() {
        let visitor = Visitor::of_id(&keys.visitor_key, &site.id, record.visitor);
        let user_agent = &record.told.user_agent;
        let agent = Agent::of(user_agent, hints(&record.batch));
        let is_told = !user_agent.is_empty();
        let is_refused = !site.count_bots && is_told && is_bot(None, &record.batch, &agent);
        record.batch.site = site.id.clone().into();
        let client = client(None, &mut record.batch, &agent);
        let terms = (first_day, Rules { hosts: &site.hosts }, is_refused.then_some(Reason::Bot));
        let delivery = import::deliver(record, visitor, client, received_ms, terms);
        let parcel = Parcel { home: None, taken_out: 0, delivery, rejects: Vec::new() };
        let (places, parcels) = by_shard.entry(visitor.shard(keys.shard_bits)).or_default();
        places.push(place);
        parcels.push(pack(&parcel)?);
    }
    let asked = by_shard.iter().map(|(shard, (_, parcels))| send(env, &site.id, keys.shard_bits, *shard, parcels));
    let answers = try_join_all(asked).await?;
    let (mut accepted, mut duplicate, mut refused) = (0, 0, Vec::new());
    let places = by_shard.values().flat_map(|(places, _)| places);
    for (place, taken) in places.zip(answers.into_iter().flatten()) {
        let Some((receipt, _)) = taken.answer()?.1 else { continue };
        accepted += receipt.accepted;
        duplicate += receipt.duplicate;
        refused.extend(receipt.refused.into_iter().map(|refusal| (*place, refusal.index, refusal.reason)));
    }
    refused.sort_unstable_by_key(|(place, index, _)| (*place, *index));
    let told =
        |(record, index, reason): (usize, u32, Reason)| json!({ "record": record, "index": index, "reason": reason });
    let refused: Vec<Value> = refused.into_iter().map(told).collect();
    stats::json(&json!({ "accepted": accepted, "duplicate": duplicate, "refused": refused }))
}
