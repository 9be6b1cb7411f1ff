//! `GET /api/v1/outcomes`: what became of what was sent.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::time::Duration;

use passerby_analytics::ledger::{Counts, Ledger};
use passerby_analytics::outcome::{Outcome, RequestError};
use passerby_analytics::v1::Outcomes;
use passerby_protocol::Reason;
use worker::{Date, Delay, Env, Request, Response};

use crate::access::Caller;
use crate::objects::{ask_site, pack, unpack};
use crate::problem::Problem;
use crate::rejects::Reject;
use crate::shards::{self, Answers};
use crate::stats;
use crate::zone::Clocks;

thread_local! {
    /// What was noted and not yet counted, by site.
    static NOTED: RefCell<BTreeMap<String, Counts>> = RefCell::default();
    /// When somebody last went to count it.
    static COUNTING_SINCE_MS: Cell<i64> = const { Cell::new(0) };
}

/// How long what is noted waits for more: whoever sends much that is refused must not cost a call for each.
const NOTED_MS: i64 = 100;
/// After how long whoever went to count is given up: its request was ended by the platform.
const GIVEN_UP_MS: i64 = 5_000;

/// Notes what came of a request that no shard sees, with its site, or with none. To be counted by [`count_noted`].
pub fn note(site: &str, outcome: Outcome, count: u64) {
    NOTED.with_borrow_mut(|noted| noted.entry(site.to_owned()).or_default().add(&Counts::of(outcome, count)));
}

/// Notes a request that was refused whole. Of one that came too fast, the events are refused by name.
pub fn note_refused(problem: &Problem) {
    note(&problem.site, Outcome::Request(problem.error), 1);
    if problem.error == RequestError::Limited && problem.events > 0 {
        note(&problem.site, Outcome::Refused(Reason::Limited), problem.events as u64);
    }
}

/// Counts a refusal at once, with its site's own object. A count that cannot be stored is lost.
pub async fn count_request(env: &Env, site: &str, error: RequestError) {
    if let Err(failed) = count(env, site, &Counts::of(Outcome::Request(error), 1), &[]).await {
        worker::console_error!("request:{} was not counted: {failed}", error.label());
    }
}

/// Whether something is noted that nobody is about to count. Whoever is told so must.
pub fn is_to_be_counted() -> bool {
    let now_ms = Date::now().as_millis() as i64;
    let is_due = NOTED.with_borrow(|noted| !noted.is_empty()) && now_ms > COUNTING_SINCE_MS.get() + GIVEN_UP_MS;
    if is_due {
        COUNTING_SINCE_MS.set(now_ms);
    }
    is_due
}

/// Counts what is noted with the sites' own objects. A count that cannot be stored is lost: it must not keep an answer.
pub async fn count_noted(env: Env) {
    Delay::from(Duration::from_millis(NOTED_MS.unsigned_abs())).await;
    COUNTING_SINCE_MS.set(0);
    for (site, counts) in NOTED.take() {
        if let Err(failed) = count(&env, &site, &counts, &[]).await {
            worker::console_error!("outcomes of {site} were not counted: {failed}");
        }
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
    shards::respond(&asked.answer(&ledger), answers.failed, None)
}
