//! Paths to handlers, and what all answers have in common.

use passerby_analytics::ask::Ask;
use passerby_analytics::outcome::RequestError;
use passerby_analytics::v1::Endpoint;
use worker::{Context, Env, Request, Response, Result};

use crate::problem::Problem;
use crate::{foreign, ingest, outcomes, query, rejects, reports, stats, storage};

/// Answers a request. Refusals are counted after the answer has gone.
pub async fn route(request: Request, env: Env, context: Context) -> Result<Response> {
    let path = request.path();
    let foreign = passerby_adapters::route(&path);
    let is_batch = is_batch(&path, &env);
    let answer = match path.as_str() {
        _ if let Some(route) = foreign => foreign::handle(request, &env, route).await,
        _ if is_batch => ingest::handle(request, &env).await,
        "/api/v1/outcomes" => outcomes::handle(&request, &env).await,
        "/api/v1/rejects" => rejects::handle(&request, &env).await,
        "/api/v1/storage" => storage::handle(&request, &env).await,
        "/api/openapi.json" => query::describe(&request),
        "/api/v2/query" => query::handle(request, &env).await,
        other if reports::named(other).is_some_and(Ask::knows) => reports::handle(request, &env).await,
        other => match other.strip_prefix("/api/v1/stats/").and_then(Endpoint::of_path) {
            Some(endpoint) => stats::handle(&request, &env, endpoint).await,
            None => Err(Problem::new(RequestError::NotFound).detail(format!("nothing is at {other}"))),
        },
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

/// Batches go to `/e`, and behind the owner's own prefix too, where the tracker's files are as well.
fn is_batch(path: &str, env: &Env) -> bool {
    let behind = |prefix: String| path.strip_prefix(&prefix) == Some("/e");
    path == "/e" || env.var("PREFIX").is_ok_and(|prefix| behind(prefix.to_string()))
}
