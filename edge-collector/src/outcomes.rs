//! `GET /api/v1/outcomes`: what became of what was sent.

use passerby_analytics::ledger::{Counts, Ledger};
use passerby_analytics::outcome::{Outcome, RequestError};
use passerby_analytics::v1::Outcomes;
use worker::{Date, Env, Request, Response};

use crate::access::Caller;
use crate::objects::{ask_site, pack, unpack};
use crate::problem::Problem;
use crate::rejects::Reject;
use crate::shards::{self, Answers};
use crate::stats;
use crate::zone::Clocks;

/// Counts a request that was refused whole, with its site's own object, or with that of no site. A count that cannot be
/// stored is lost: it must not keep an answer.
pub async fn count_request(env: &Env, site: &str, error: RequestError) {
    if let Err(failed) = count(env, site, &Counts::of(Outcome::Request(error), 1), &[]).await {
        worker::console_error!("request:{} was not counted: {failed}", error.label());
    }
}

/// Counts with a site's own object what never reaches a shard, and keeps some of it.
pub async fn count(env: &Env, site: &str, counts: &Counts, rejects: &[Reject]) -> worker::Result<()> {
    ask_site(env, site, "count", &pack(&(counts, rejects))?).await.map(|_| ())
}

/// The counts of a site, or without `site_id` those of requests that belong to none.
pub async fn handle(request: &Request, env: &Env, caller: &Caller) -> Result<Response, Problem> {
    let parameters: Vec<(String, String)> = request.url()?.query_pairs().into_owned().collect();
    let now_ms = Date::now().as_millis() as i64;
    let site = match parameters.iter().any(|(name, _)| name == "site_id") {
        true => Some(stats::site_of(env, caller, &parameters).await?),
        false => caller.account(env).await.map(|_| None)?,
    };
    // Settings that name a time zone which there is not are no reason to hide what became of batches.
    let clocks = site.as_ref().and_then(|site| stats::clocks(site).ok()).unwrap_or_else(Clocks::utc);
    let asked = Outcomes::parse(&parameters, now_ms, |at_ms| clocks.offset_ms(at_ms))?;
    let body = pack(&asked.minutes())?;
    let mut answers = match &site {
        Some(site) => shards::ask_all(env, site, "counts", &body).await?,
        None => Answers::default(),
    };
    let of_site = site.as_ref().map_or("", |site| &site.id);
    answers.bytes.push(ask_site(env, of_site, "counts", &body).await?);
    let mut ledger = Ledger::default();
    for answer in &answers.bytes {
        ledger.add(&unpack(answer)?);
    }
    shards::respond(&asked.answer(&ledger), answers.failed)
}
