//! `GET /api/v1/live`: a socket on which a site's hub tells what happens now.

use passerby_analytics::outcome::RequestError;
use passerby_analytics::v1::BadParameter;
use worker::{Env, Request, Response};

use crate::access::Caller;
use crate::problem::Problem;
use crate::{objects, shards, stats};

/// The subprotocol that is spoken.
const PROTOCOL: &str = "passerby.live";

/// Opens the socket.
pub async fn handle(request: &Request, env: &Env, caller: &Caller) -> Result<Response, Problem> {
    let header = |name: &str| Ok::<_, worker::Error>(request.headers().get(name)?.unwrap_or_default());
    let offered = header("Sec-WebSocket-Protocol")?;
    let url = request.url()?;
    let parameters: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let site = stats::site_of(env, caller, &parameters).await?;
    if !caller.may_connect(env, &url.origin().ascii_serialization()) {
        let detail = format!("{} is none of the site's origins", header("Origin")?);
        return Err(Problem::new(RequestError::ForeignOrigin).of_site(&site.id).detail(detail));
    }
    if !header("Upgrade")?.eq_ignore_ascii_case("websocket") {
        let detail = "send the header Upgrade: websocket";
        return Err(Problem::new(RequestError::UpgradeRequired).of_site(&site.id).detail(detail));
    }
    let since = since(&parameters).map_err(|error| Problem::from(error).of_site(&site.id))?;
    shards::keys(env, &site).await?;
    let mut to_hub = url.clone();
    to_hub.query_pairs_mut().clear().append_pair("site", &site.id).append_pair("since", &since.to_string());
    let speaks = offered.split(',').any(|protocol| protocol.trim() == PROTOCOL);
    let answer = objects::watch(env, &site.id, to_hub.query().unwrap_or_default(), speaks.then_some(PROTOCOL)).await?;
    match answer.status_code() {
        101 => Ok(answer),
        429 => Err(Problem::new(RequestError::TooManyWatchers).of_site(&site.id)),
        _ => Err(Problem::new(RequestError::Unavailable).of_site(&site.id)),
    }
}

/// The number of the last frame that the watcher has seen; 0 where it has seen none.
fn since(parameters: &[(String, String)]) -> Result<u64, BadParameter> {
    let known = ["site_id", "since"];
    let bad = |parameter: &str, problem: &str, allowed: &[&str]| BadParameter {
        parameter: parameter.to_owned(),
        problem: problem.to_owned(),
        allowed: allowed.iter().map(|name| (*name).to_owned()).collect(),
    };
    if let Some((name, _)) = parameters.iter().find(|(name, _)| !known.contains(&name.as_str())) {
        return Err(bad(name, "no such parameter", &known));
    }
    let since = parameters.iter().find(|(name, _)| name == "since");
    let number = |text: &str| text.parse().ok().filter(|number| *number < 1 << 53);
    since.map_or(Ok(0), |(_, text)| number(text).ok_or_else(|| bad("since", "the number of a frame", &[])))
}
