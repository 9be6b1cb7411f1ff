//! `POST /api/v1/<report>`: a question to all shards of a site, and one answer, whatever the report.

use futures_util::future::try_join_all;
use passerby_analytics::ask::{Ask, MAX_BODY_BYTES};
use passerby_analytics::calendar::Day;
use passerby_analytics::report::Question;
use serde_json::{Value, json};
use worker::{Date, Env, Request, Response};

use crate::objects::{ask_shard, pack};
use crate::problem::Problem;
use crate::settings::Site;
use crate::zone::Clocks;
use crate::{body, keys, site, stats};

/// The report that a path names.
pub fn named(path: &str) -> Option<&str> {
    path.strip_prefix("/api/v1/")
}

/// Answers a report's question.
pub async fn handle(mut request: Request, env: &Env) -> Result<Response, Problem> {
    keys::check_query(&request, env)?;
    let path = request.path();
    let body = body::read(&mut request, MAX_BODY_BYTES).await?;
    let ask = Ask::read(named(&path).unwrap_or_default(), &body)?;
    let site = Site::find(env, ask.site_id()?)?;
    let answer = answer(env, &site, &ask).await.map_err(|problem| problem.of_site(&site.id))?;
    stats::json(&json!({ "results": answer }))
}

async fn answer(env: &Env, site: &Site, ask: &Ask) -> Result<Value, Problem> {
    let now_ms = Date::now().as_millis() as i64;
    let clocks = Clocks::of(&site.time_zone);
    let keys = site::keys(env, &site.id, Day::of_utc(now_ms)).await?;
    let question = ask.question(now_ms, &|at_ms| clocks.offset_ms(at_ms), &keys.visitor_key)?;
    let partials = ask_all(env, site, &question).await?;
    question.answer(&partials).map_err(|error| worker::Error::RustError(error.to_string()).into())
}

/// What each of the site's shards has to say.
async fn ask_all(env: &Env, site: &Site, question: &Question) -> Result<Vec<Vec<u8>>, Problem> {
    let question = pack(question)?;
    let shards = (0..1 << site.shard_bits()).map(|shard| ask_shard(env, site, shard, "answer", &question));
    Ok(try_join_all(shards).await?)
}
