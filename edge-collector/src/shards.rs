//! A site's shards, all asked at once.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use passerby_analytics::calendar::Day;
use passerby_analytics::outcome::RequestError;
use serde::Serialize;
use serde_json::{Value, json};
use worker::{Date, Env, Response};

use crate::identity::{self, Keys};
use crate::objects::ask_shard;
use crate::problem::Problem;
use crate::settings::Site;
use crate::stats;

/// What the shards that answered said, and which did not.
#[derive(Debug, Default)]
pub struct Answers {
    /// The answers.
    pub bytes: Vec<Vec<u8>>,
    /// The others' numbers.
    pub failed: Vec<u32>,
}

/// A site's keys, for a read. Refused where the settings say another number of shards than the site was made with:
/// batches go on to where its visitors are, so nothing is lost, but whoever reads should know that the change was in vain.
pub async fn keys(env: &Env, site: &Site) -> Result<Keys, Problem> {
    let keys = identity::keys(env, site, Day::of_utc(Date::now().as_millis() as i64)).await?;
    if keys.shard_bits == site.shard_bits() {
        return Ok(keys);
    }
    let detail = format!(
        "the site {} has {} shards, which cannot change; wrangler.toml says {}: set it back, or give the site a new name",
        site.id,
        1 << keys.shard_bits,
        1 << site.shard_bits()
    );
    Err(Problem::new(RequestError::Unavailable).of_site(&site.id).detail(detail))
}

/// Asks all shards of a site. Those that fail are named, not asked again: what is overloaded would be so the more. An error
/// where none answers.
pub async fn ask_all(env: &Env, site: &Site, path: &str, body: &[u8]) -> Result<Answers, Problem> {
    let bits = keys(env, site).await?.shard_bits;
    let asked = join_all((0..1 << bits).map(|shard| ask_shard(env, &site.id, bits, shard, path, body))).await;
    let mut answers = Answers::default();
    for (shard, answer) in (0..).zip(asked) {
        match answer {
            Ok(bytes) => answers.bytes.push(bytes),
            Err(error) => {
                worker::console_error!("shard {shard} of {}: {error}", site.id);
                answers.failed.push(shard);
            }
        }
    }
    if answers.bytes.is_empty() {
        return Err(Problem::new(RequestError::Unavailable).of_site(&site.id).detail("no shard of the site answers"));
    }
    Ok(answers)
}

/// An answer as JSON. Its `meta` says what is missing from it: the visitors of shards that failed, and the days before the first
/// that the site keeps, where it was asked about those. An answer that has no room for that is none.
pub fn respond<T: Serialize>(
    answer: &T,
    failed: impl IntoIterator<Item = u32>,
    kept_from: Option<Day>,
) -> Result<Response, Problem> {
    let failed = BTreeSet::from_iter(failed);
    if failed.is_empty() && kept_from.is_none() {
        return stats::json(answer);
    }
    let mut answer = serde_json::to_value(answer).unwrap_or_default();
    let Value::Object(members) = &mut answer else {
        return Err(Problem::new(RequestError::Unavailable).detail(format!("shards that did not answer: {failed:?}")));
    };
    let meta = members.entry("meta").or_insert_with(|| json!({}));
    if !failed.is_empty() {
        meta["failed_shards"] = json!(failed);
    }
    if let Some(day) = kept_from {
        meta["kept_from"] = day.iso().into();
    }
    stats::json(&answer)
}
