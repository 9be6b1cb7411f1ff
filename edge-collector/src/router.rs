//! Paths to handlers, and what all answers have in common.

use passerby_analytics::outcome::RequestError;
use passerby_analytics::routes::Place;
use worker::worker_sys::web_sys::Response as Answer;
use worker::{Context, Env, Method, Request, Response, Result};

use crate::access::Caller;
use crate::key_routes::Owner;
use crate::problem::Problem;
use crate::{
    access, audit, foreign, headers, import, ingest, live, outcomes, privacy, query, rejects, reports, saved, sites,
    stats, storage, tokens,
};

/// What a handler has to say.
type Answered = core::result::Result<Response, Problem>;

/// Answers a request. Refusals are counted after the answer has gone.
pub async fn route(request: Request, env: Env, context: Context) -> Result<Answer> {
    let path = request.path();
    let foreign = passerby_adapters::route(&path);
    let is_batch = is_batch(&path, &env);
    let answer = match foreign {
        Some(route) => foreign::handle(request, &env, route).await,
        None if is_batch => match ingest::handle(request, &env, &context).await {
            Ok(reply) => {
                count(env, &context);
                return Ok(reply);
            }
            Err(problem) => Err(problem),
        },
        None => return answer(request, env, context, &path).await.map(Answer::from),
    };
    settled(answer, env, &context, true).map(Answer::from)
}

/// Counts what was noted of requests, after the answer has gone, where nobody else is about to.
fn count(env: Env, context: &Context) {
    if outcomes::is_to_be_counted() {
        context.wait_until(outcomes::count_noted(env));
    }
}

/// The answer, or the refusal, which is counted.
fn settled(answer: Answered, env: Env, context: &Context, is_open: bool) -> Result<Response> {
    let response = match answer {
        Ok(response) => response,
        Err(problem) => {
            outcomes::note_refused(&problem);
            problem.response(is_open)?
        }
    };
    count(env, context);
    // The answer that opens a socket has no headers of ours.
    if response.status_code() != 101 {
        headers::secure(response.headers())?;
    }
    Ok(response)
}

/// Answers what has a place in the API.
async fn answer(request: Request, env: Env, context: Context, path: &str) -> Result<Response> {
    let Some((place, parts)) = Place::of(path) else {
        let nothing = Problem::new(RequestError::NotFound).detail(format!("nothing is at {path}"));
        return settled(Err(nothing), env, &context, false);
    };
    if request.method() == Method::Options {
        let answer = access::preflight(&request, &env, &place.allow()).await;
        return settled(answer, env, &context, false);
    }
    let caller = match Caller::of(&request, &env, place) {
        Ok(caller) => caller,
        Err(problem) => return settled(Err(problem), env, &context, false),
    };
    let parts: Vec<String> = parts.into_iter().map(decoded).collect();
    let answer = at_place(request, &env, &context, &caller, place, &parts).await;
    let response = settled(answer, env.clone(), &context, false)?;
    if response.status_code() != 101
        && let Some(used) = caller.finish(&env, &response)?
    {
        context.wait_until(used);
    }
    Ok(response)
}

async fn at_place(
    request: Request,
    env: &Env,
    context: &Context,
    caller: &Caller,
    place: Place,
    parts: &[String],
) -> Answered {
    let part = |at: usize| parts.get(at).map(String::as_str).unwrap_or_default();
    let method = request.method();
    match (place, &method) {
        (Place::Batch, _) => ingest::handle(request, env, context).await.map(Response::from),
        (Place::Description, _) => query::describe(),
        (Place::Query, _) => query::handle(request, env, caller).await,
        (Place::Report(report), _) => reports::handle(request, env, caller, report).await,
        (Place::Stats(endpoint), _) => stats::handle(&request, env, caller, endpoint).await,
        (Place::Live, _) => live::handle(&request, env, caller).await,
        (Place::Outcomes, _) => outcomes::handle(&request, env, caller).await,
        (Place::Rejects, _) => rejects::handle(&request, env, caller).await,
        (Place::Visitor, _) => privacy::handle(&request, env, caller, Some(part(0))).await,
        (Place::Visitors, _) => privacy::handle(&request, env, caller, None).await,
        (Place::Storage, _) => storage::handle(&request, env, caller).await,
        (Place::Sites, Method::Post) => sites::make(request, env, caller).await,
        (Place::Sites, _) => sites::list(env, caller).await,
        (Place::Site, Method::Patch) => sites::change(request, env, caller, part(0)).await,
        (Place::Site, Method::Delete) => sites::delete(env, caller, part(0)).await,
        (Place::Site, _) => sites::show(env, caller, part(0)).await,
        (Place::SiteKeys, Method::Post) => Owner::site(env, caller, part(0)).await?.make(request).await,
        (Place::SiteKeys, _) => Owner::site(env, caller, part(0)).await?.list().await,
        (Place::SiteKey, _) => Owner::site(env, caller, part(0)).await?.revoke(part(1)).await,
        (Place::Saved, _) => saved::list(env, caller, part(0)).await,
        (Place::SavedEntry, Method::Put) => saved::put(request, env, caller, part(0), (part(1), part(2))).await,
        (Place::SavedEntry, _) => saved::remove(env, caller, part(0), (part(1), part(2))).await,
        (Place::SiteImport, _) => import::handle(request, env, caller, part(0)).await,
        (Place::SiteAudit, _) => audit::of_site(env, caller, part(0)).await,
        (Place::Keys, Method::Post) => Owner::account(env, caller).await?.make(request).await,
        (Place::Keys, _) => Owner::account(env, caller).await?.list().await,
        (Place::Key, _) => Owner::account(env, caller).await?.revoke(part(0)).await,
        (Place::Audit, _) => audit::of_account(env, caller).await,
        (Place::Token, _) => tokens::give(request, env, caller).await,
    }
}

/// A part of a path, as it was meant; as it stands where it is no UTF-8.
fn decoded(part: &str) -> String {
    js_sys::decode_uri_component(part).map(String::from).unwrap_or_else(|_| part.to_owned())
}

/// Batches go to `/e`, and behind the owner's own prefix too, where the tracker's files are as well.
fn is_batch(path: &str, env: &Env) -> bool {
    let behind = |prefix: String| path.strip_prefix(&prefix) == Some("/e");
    path == "/e" || env.var("PREFIX").is_ok_and(|prefix| behind(prefix.to_string()))
}
