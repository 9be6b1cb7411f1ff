//! `GET /api/v1/stats/…`: a question to all shards of a site, and one answer.

use std::rc::Rc;

use passerby_analytics::outcome::RequestError;
use passerby_analytics::query::Query;
use passerby_analytics::report::stats::{Row, Stats};
use passerby_analytics::report::{self, Question};
use passerby_analytics::v1::{BadParameter, Endpoint, Request as Asked};
use worker::{Date, Env, Headers, Request, Response};

use crate::access::Caller;
use crate::objects::{pack, unpack};
use crate::problem::Problem;
use crate::settings::Site;
use crate::shards;
use crate::zone::Clocks;

/// Answers one of v1's questions.
pub async fn handle(request: &Request, env: &Env, caller: &Caller, endpoint: Endpoint) -> Result<Response, Problem> {
    let parameters: Vec<(String, String)> = request.url()?.query_pairs().into_owned().collect();
    let site = site_of(env, caller, &parameters).await?;
    let clocks = clocks(&site)?;
    let now_ms = Date::now().as_millis() as i64;
    let asked = Asked::parse(endpoint, &parameters, now_ms, |at_ms| clocks.offset_ms(at_ms))
        .map_err(|error| Problem::from(error).of_site(&site.id))?
        .under(&site.known().filters()?);
    let (rows, failed) = rows(env, &site, &asked.query).await?;
    let (previous, also_failed) = match &asked.previous {
        Some(query) => self::rows(env, &site, query).await.map(|(rows, failed)| (Some(rows), failed))?,
        None => (None, Vec::new()),
    };
    let ranges = asked.previous.iter().chain([&asked.query]).map(|query| query.range);
    let kept_from = site.kept_from(ranges, now_ms);
    shards::respond(&asked.answer(rows, previous), failed.into_iter().chain(also_failed), kept_from)
}

/// The site's clocks.
pub fn clocks(site: &Site) -> Result<Clocks, Problem> {
    Clocks::of(&site.time_zone).ok_or_else(|| {
        let detail = format!(
            "wrangler.toml gives the site {} the time zone \"{}\", which there is not",
            site.id, site.time_zone
        );
        Problem::new(RequestError::Unavailable).of_site(&site.id).detail(detail)
    })
}

/// The site that `site_id` names, where the caller may read it.
pub async fn site_of(env: &Env, caller: &Caller, parameters: &[(String, String)]) -> Result<Rc<Site>, Problem> {
    let missing = || BadParameter {
        parameter: "site_id".to_owned(),
        problem: "missing: which site?".to_owned(),
        allowed: Vec::new(),
    };
    let id = parameters.iter().find(|(name, value)| name == "site_id" && !value.is_empty());
    caller.site(env, id.map(|(_, id)| id.as_str()).ok_or_else(missing)?).await
}

/// Refuses every parameter but the site.
pub fn no_more_than_site(parameters: &[(String, String)]) -> Result<(), Problem> {
    let more = parameters.iter().find(|(name, _)| name != "site_id");
    more.map_or(Ok(()), |(name, _)| {
        let problem = "no such parameter".to_owned();
        Err(BadParameter { parameter: name.clone(), problem, allowed: vec!["site_id".to_owned()] }.into())
    })
}

/// The rows that answer a query, and the shards whose part is missing.
pub async fn rows(env: &Env, site: &Site, query: &Query) -> Result<(Vec<Row>, Vec<u32>), Problem> {
    let report = Stats(query.clone());
    let (partials, failed) = ask_all(env, site, &Question::Stats(report.clone())).await?;
    let rows = report::answer(&report, &partials).map_err(|error| worker::Error::RustError(error.to_string()))?;
    Ok((rows, failed))
}

/// What the site's shards have to say, and which have not.
pub async fn ask_all(env: &Env, site: &Site, question: &Question) -> Result<(Vec<Vec<u8>>, Vec<u32>), Problem> {
    let answers = shards::ask_all(env, site, "answer", &pack(question)?).await?;
    let partials = answers.bytes.iter().map(|bytes| unpack(bytes)).collect::<worker::Result<_>>()?;
    Ok((partials, answers.failed))
}

/// A JSON answer that nobody may keep.
pub fn json<T: serde::Serialize>(value: &T) -> Result<Response, Problem> {
    let headers = Headers::new();
    headers.set("Content-Type", "application/json")?;
    headers.set("Cache-Control", "no-store")?;
    Ok(Response::from_bytes(serde_json::to_vec(value).unwrap_or_default())?.with_headers(headers))
}
