//! Paths to handlers, and what all answers have in common.

use passerby_analytics::outcome::RequestError;
use passerby_analytics::routes::Place;
use worker::{Context, Env, Request, Response, Result};

use crate::access::Caller;
use crate::problem::Problem;
use crate::{foreign, ingest, live, outcomes, query, rejects, reports, stats, storage};

/// Answers a request. Refusals are counted after the answer has gone.
pub async fn route(request: Request, env: Env, context: Context) -> Result<Response> {
    let path = request.path();
    let foreign = passerby_adapters::route(&path);
    let is_batch = is_batch(&path, &env);
    let answer = match foreign {
        Some(route) => foreign::handle(request, &env, route).await,
        None if is_batch => ingest::handle(request, &env).await,
        None => answer(request, &env, &path).await,
    };
    match answer {
        Ok(response) => Ok(response),
        Err(problem) => {
            let (site, error) = (problem.site.clone(), problem.error);
            context.wait_until(async move { outcomes::count_request(&env, &site, error).await });
            problem.response(is_batch || foreign.is_some())
        }
    }
}

/// Answers what has a place in the API.
async fn answer(request: Request, env: &Env, path: &str) -> core::result::Result<Response, Problem> {
    let nothing = || Problem::new(RequestError::NotFound).detail(format!("nothing is at {path}"));
    let (place, _) = Place::of(path).ok_or_else(nothing)?;
    let caller = Caller::of(&request, env, place)?;
    match place {
        Place::Batch => ingest::handle(request, env).await,
        Place::Description => query::describe(),
        Place::Query => query::handle(request, env, &caller).await,
        Place::Report(report) => reports::handle(request, env, &caller, report).await,
        Place::Stats(endpoint) => stats::handle(&request, env, &caller, endpoint).await,
        Place::Live => live::handle(&request, env, &caller).await,
        Place::Outcomes => outcomes::handle(&request, env, &caller).await,
        Place::Rejects => rejects::handle(&request, env, &caller).await,
        Place::Storage => storage::handle(&request, env, &caller).await,
    }
}

/// Batches go to `/e`, and behind the owner's own prefix too, where the tracker's files are as well.
fn is_batch(path: &str, env: &Env) -> bool {
    let behind = |prefix: String| path.strip_prefix(&prefix) == Some("/e");
    path == "/e" || env.var("PREFIX").is_ok_and(|prefix| behind(prefix.to_string()))
}
