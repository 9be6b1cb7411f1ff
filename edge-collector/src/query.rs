//! `POST /api/v2/query`: a question to all shards of a site, and one answer; `GET /api/openapi.json`: how to ask.

use futures_util::future::try_join_all;
use passerby_analytics::v2::{Answer, MAX_QUERY_BYTES, Request as Asked};
use serde_json::Value;
use worker::{Date, Env, Headers, Request, Response};

use crate::access::Caller;
use crate::problem::Problem;
use crate::settings::Site;
use crate::{body, shards, stats};

/// Answers one of v2's questions.
pub async fn handle(mut request: Request, env: &Env, caller: &Caller) -> Result<Response, Problem> {
    let body = Asked::body(&body::read(&mut request, "max_query_bytes", MAX_QUERY_BYTES).await?)?;
    let site = caller.site(env, Asked::site_id(&body)?).await?;
    answer(env, &site, &body).await.map_err(|problem| problem.of_site(&site.id))
}

async fn answer(env: &Env, site: &Site, body: &Value) -> Result<Response, Problem> {
    let clocks = stats::clocks(site)?;
    let now_ms = Date::now().as_millis() as i64;
    let asked = Asked::parse(body, site.known(), now_ms, |at_ms| clocks.offset_ms(at_ms))?;
    let (mut answer, mut failed) = ask(env, site, &asked).await?;
    if let Some(others) = answer.others.take() {
        let (other, also_failed) = ask(env, site, &others).await?;
        answer.put_other(other);
        failed.extend(also_failed);
    }
    let ranges = asked.queries().into_iter().map(|query| query.range);
    shards::respond(&answer, failed, site.kept_from(ranges, now_ms))
}

/// The answer, and the shards whose part is missing.
async fn ask(env: &Env, site: &Site, asked: &Asked) -> Result<(Answer, Vec<u32>), Problem> {
    let queries = asked.queries();
    let answers = try_join_all(queries.iter().map(|query| stats::rows(env, site, query))).await?;
    let (rows, failed): (Vec<_>, Vec<_>) = answers.into_iter().unzip();
    Ok((asked.answer(rows), failed.concat()))
}

/// The API's description, which anybody may read: `make api` writes it.
pub fn describe() -> Result<Response, Problem> {
    let headers = Headers::new();
    headers.set("Content-Type", "application/json")?;
    headers.set("Access-Control-Allow-Origin", "*")?;
    headers.set("Cache-Control", "public, max-age=3600")?;
    Ok(Response::from_bytes(include_str!(concat!(env!("OUT_DIR"), "/openapi.json")).into())?.with_headers(headers))
}
