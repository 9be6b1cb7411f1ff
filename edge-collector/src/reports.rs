//! `POST /api/v1/<report>`: a question to all shards of a site, and one answer, whatever the report.

use passerby_analytics::ask::{Ask, MAX_BODY_BYTES};
use serde_json::json;
use worker::{Date, Env, Request, Response};

use crate::access::Caller;
use crate::problem::Problem;
use crate::settings::Site;
use crate::{body, shards, stats};

/// Answers a report's question.
pub async fn handle(mut request: Request, env: &Env, caller: &Caller, report: &str) -> Result<Response, Problem> {
    let body = body::read(&mut request, "max_query_bytes", MAX_BODY_BYTES).await?;
    let ask = Ask::read(report, &body)?;
    let site = caller.site(env, ask.site_id()?).await?;
    answer(env, &site, &ask).await.map_err(|problem| problem.of_site(&site.id))
}

async fn answer(env: &Env, site: &Site, ask: &Ask) -> Result<Response, Problem> {
    let now_ms = Date::now().as_millis() as i64;
    let clocks = stats::clocks(site)?;
    let keys = shards::keys(env, site).await?;
    let question = ask.question(now_ms, &|at_ms| clocks.offset_ms(at_ms), &keys.visitor_key, site.known())?;
    let (partials, failed) = stats::ask_all(env, site, &question).await?;
    let answer = question.answer(&partials).map_err(|error| worker::Error::RustError(error.to_string()))?;
    shards::respond(&json!({ "results": answer }), failed, site.kept_from([question.range()], now_ms))
}
