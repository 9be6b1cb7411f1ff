//! `POST /e`: a batch on its way to its visitor's shard.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeSet;

use js_sys::Uint8Array;
use passerby_adapters::{Api, posthog};
use passerby_analytics::calendar::Day;
use passerby_analytics::delivery::{Client, Delivery, Receipt};
use passerby_analytics::enrich::bot::{self, Signals};
use passerby_analytics::enrich::spam;
use passerby_analytics::enrich::user_agent::Hints;
use passerby_analytics::ledger::Counts;
use passerby_analytics::live::USUAL_FLUSH_MS;
use passerby_analytics::outcome::{Outcome, RequestError};
use passerby_analytics::person::{self, Mark};
use passerby_analytics::ticket;
use passerby_analytics::validate::{self, Rules};
use passerby_analytics::visitor::Visitor;
use passerby_protocol::limits::MAX_BATCH_BYTES;
use passerby_protocol::{Batch, Event, Kind, Reason, Refusal, Reply, TabId, Ticket, decode, decode_json, encode_reply};
use worker::worker_sys::web_sys::{Response as Answer, ResponseInit};
use worker::{Cf, Context, Date, Env, Headers, Method, Request, Response};

use crate::agents::Agent;
use crate::body;
use crate::delivery::{self, Claim};
use crate::foreign;
use crate::headers;
use crate::identity::{self, Keys};
use crate::limits;
use crate::outcomes;
use crate::problem::Problem;
use crate::rejects::{self, Reject, Whose};
use crate::settings::Site;

type Text<'a> = Cow<'a, str>;

/// Takes a batch in. Sending one again changes nothing: the shard counts each event once.
pub async fn handle(mut request: Request, env: &Env, context: &Context) -> Result<Answer, Problem> {
    match request.method() {
        Method::Post => {}
        Method::Options => return secured(preflight()?),
        _ => return Err(Problem::new(RequestError::MethodNotAllowed).allow("POST, OPTIONS")),
    }
    let body = body::read(&mut request, "max_batch_bytes", MAX_BATCH_BYTES).await?;
    // Anything that is not the beginning of JSON is a version of the compact form; nothing at all is neither.
    let in_json = body.first().is_none_or(|first| *first == b'{' || first.is_ascii_whitespace());
    let mut text = String::new();
    let decoded = if in_json { decode_json(&body) } else { decode(&body, &mut text) };
    let batch = match decoded {
        Ok(batch) => batch,
        // PostHog's path is `/e/`, and not every sender writes the slash.
        Err(_) if posthog::is_its(&body) => {
            return secured(foreign::take(&request, env, Api::PostHog, "", body).await?);
        }
        Err(error) => return Err(error.into()),
    };
    if batch.tab == TabId::default() {
        return Err(
            Problem::new(RequestError::Undecodable).detail("tab: missing; 16 random hex digits for each page load")
        );
    }
    let site = Site::find(env, &batch.site).await?;
    let address = request.headers().get("CF-Connecting-IP")?.unwrap_or_default();
    limits::check(env, &site, Some(&address), batch.events.len()).await?;
    let rejected =
        |refused: &[Refusal], at_ms, whose: Whose<'_>| rejects::of_body(&body, in_json, refused, at_ms, whose);
    let reply = deliver(&request, env, context, &site, &address, batch, &rejected)
        .await
        .map_err(|problem| problem.of_site(&site.id))?;
    answer(&reply, in_json)
}

/// An answer that is no reply to a batch, with what every answer tells browsers.
fn secured(response: Response) -> Result<Answer, Problem> {
    headers::secure(response.headers())?;
    Ok(response.into())
}

/// The events that were refused, from the batch as it was sent.
pub type Rejected<'a> = &'a dyn Fn(&[Refusal], i64, Whose<'_>) -> Vec<Reject>;

/// validate → enrich → route → shard.
async fn deliver(
    request: &Request,
    env: &Env,
    context: &Context,
    site: &Site,
    address: &str,
    mut batch: Batch<Text<'_>>,
    rejected: Rejected<'_>,
) -> Result<Reply, Problem> {
    let received_ms = Date::now().as_millis() as i64;
    let user_agent = request.headers().get("User-Agent")?.unwrap_or_default();
    let agent = Agent::of(&user_agent, hints(&batch));
    let today = Day::of_utc(received_ms);
    let keys = identity::keys(env, site, today).await?;
    let claim = identify(site, &keys, &batch, received_ms, address, &user_agent);
    let marks = marks(&keys, &batch, claim.visitor);
    if !site.count_bots && is_bot(request.cf(), &batch, &agent) {
        let rejected = |refused: &[Refusal]| rejected(refused, received_ms, &|_| marks.clone());
        return refuse_all(env, site, &batch, Reason::Bot, &rejected).await;
    }
    let client = client(request.cf(), &mut batch, &agent);
    let tab = batch.tab;
    let origin = request.headers().get("Origin")?.unwrap_or_default();
    let page_host = validate::host_of_origin(&origin);
    let (hits, refused) = validate::take_apart(batch, received_ms, page_host, Rules { hosts: &site.hosts });
    let rejects = rejected(&refused, received_ms, &|_| marks.clone());
    let delivery = Delivery { received_ms, visitor: claim.visitor, tab, client, hits, refused };
    let has_ticket = claim.first.is_some();
    let (first, receipt, flush_after_ms) =
        delivery::deliver(env, context, &site.id, &keys, delivery, rejects, claim).await?;
    let ticket = if has_ticket { Ticket::default() } else { ticket::seal(&keys.ticket_key, first, today, chance()?) };
    let Receipt { accepted, duplicate, refused } = receipt;
    Ok(Reply { flush_after_ms, ticket, accepted, duplicate, refused })
}

/// What says of a batch's refused events whose they are.
fn marks(keys: &Keys, batch: &Batch<Text<'_>>, visitor: Visitor) -> Vec<Mark> {
    let key = &keys.visitor_key;
    let identified = batch.events.iter().filter_map(|event| match &event.kind {
        Kind::Identify(identify) => Some(&identify.user),
        _ => None,
    });
    let users = identified.chain([&batch.user]).filter(|user| !user.is_empty()).collect::<BTreeSet<_>>();
    let of_users = users.into_iter().map(|user| person::mark_of_user(key, user));
    of_users.chain([person::mark_of_visitor(key, visitor), person::mark_of_tab(key, batch.tab)]).collect()
}

/// Whose batch it says it is.
fn identify(
    site: &Site,
    keys: &Keys,
    batch: &Batch<Text<'_>>,
    received_ms: i64,
    address: &str,
    user_agent: &str,
) -> Claim {
    let first = ticket::open(&keys.ticket_key, &batch.ticket, Day::of_utc(received_ms));
    if let Some(id) = batch.visitor {
        return Claim { visitor: Visitor::of_id(&keys.visitor_key, &site.id, id), by_id: true, first };
    }
    if let Some(visitor) = first {
        return Claim { visitor, by_id: false, first };
    }
    // The tab's first batch begins when the tab did; a retry after midnight finds the same day's salt.
    let began_ms = received_ms + batch.events.first().map_or(0, |event| i64::from(event.after_ms));
    let salt = keys.salt(Day::of_utc(began_ms));
    let visitor = Visitor::of_the_day(salt, &site.id, address, user_agent);
    Claim { visitor, by_id: false, first: None }
}

/// The client hints that a batch tells.
pub fn hints<'a>(batch: &'a Batch<Text<'_>>) -> Hints<'a> {
    batch.context.as_ref().and_then(|context| context.hints.as_ref()).map(Hints::from).unwrap_or_default()
}

/// Whether a batch comes from a program, or from a visit that is made for the sake of its referrer.
pub fn is_bot(network: Option<&Cf>, batch: &Batch<Text<'_>>, agent: &Agent) -> bool {
    let asn = network.and_then(|cf| cf.asn());
    let organisation = network.and_then(|cf| cf.as_organization()).unwrap_or_default();
    let signals = Signals { webdriver: batch.automated, asn, organisation: &organisation, ..Signals::default() };
    let is_spam = |event: &Event<Text>| matches!(&event.kind, Kind::Pageview(view) if spam::is_spam(&view.referrer));
    agent.is_bot || bot::beyond_the_user_agent(signals).is_some() || batch.events.iter().any(is_spam)
}

/// What is known of the browser: by its request's place and user agent, and by what the page told.
pub fn client<'a>(place: Option<&Cf>, batch: &mut Batch<Text<'a>>, agent: &Agent) -> Client<Text<'a>> {
    let context = batch.context.take().unwrap_or_default();
    let owned = |text: &str| Cow::Owned(text.to_owned());
    let of_place = |value: Option<String>| Cow::Owned(value.unwrap_or_default());
    let country = place.and_then(|cf| cf.country()).unwrap_or_default();
    let region = place.and_then(|cf| cf.region_code()).map(|code| format!("{country}-{code}"));
    Client {
        browser: owned(&agent.browser),
        browser_version: owned(&agent.browser_version),
        os: owned(&agent.os),
        os_version: owned(&agent.os_version),
        device: owned(&agent.device),
        region: of_place(region),
        city: of_place(place.and_then(|cf| cf.city())),
        country: country.into(),
        language: short(context.language),
        time_zone: short(context.time_zone),
        screen: context.screen,
    }
}

/// A language or a time zone; what is longer than any of them is none.
fn short(text: Text<'_>) -> Text<'_> {
    if text.len() > 64 { Cow::Borrowed("") } else { text }
}

/// Random bytes.
pub fn chance<const N: usize>() -> Result<[u8; N], Problem> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| worker::Error::RustError(error.to_string()))?;
    Ok(bytes)
}

/// Refuses every event for one reason, and counts them with the site: no shard sees them.
async fn refuse_all(
    env: &Env,
    site: &Site,
    batch: &Batch<Text<'_>>,
    reason: Reason,
    rejected: &dyn Fn(&[Refusal]) -> Vec<Reject>,
) -> Result<Reply, Problem> {
    let refused: Vec<_> = (0u32..).zip(&batch.events).map(|(index, _)| Refusal { index, reason }).collect();
    let counts = Counts::of(Outcome::Refused(reason), refused.len() as u64);
    outcomes::count(env, &site.id, &counts, &rejected(&refused)).await?;
    Ok(Reply { flush_after_ms: USUAL_FLUSH_MS, refused, ..Reply::default() })
}

/// Trackers send what needs no preflight; other clients' JSON may.
pub fn preflight() -> Result<Response, Problem> {
    let headers = Headers::new();
    headers.set("Access-Control-Allow-Origin", "*")?;
    headers.set("Access-Control-Allow-Methods", "POST")?;
    // Whatever a client adds; the wildcard leaves out this one.
    headers.set("Access-Control-Allow-Headers", "*, Authorization")?;
    headers.set("Access-Control-Max-Age", "86400")?;
    Ok(Response::empty()?.with_status(204).with_headers(headers))
}

thread_local! {
    /// The headers of every reply, once for each of the two forms: made anew they cost as much as the reply.
    static OF_REPLIES: [OnceCell<ResponseInit>; 2] = const { [OnceCell::new(), OnceCell::new()] };
}

fn of_reply(content_type: &str) -> ResponseInit {
    let (init, headers) = (ResponseInit::new(), Headers::new());
    let own = [("Access-Control-Allow-Origin", "*"), ("Cache-Control", "no-store"), ("Content-Type", content_type)];
    for (name, value) in own.iter().chain(&headers::OF_ALL).copied() {
        // Fails for what is no header, and these are.
        _ = headers.set(name, value);
    }
    // Not an object of names and values, which would be read and looked at again for each reply.
    init.set_headers_headers(&headers.0);
    init
}

/// The reply, in the form of the batch.
fn answer(reply: &Reply, in_json: bool) -> Result<Answer, Problem> {
    let body = if in_json { serde_json::to_vec(reply).unwrap_or_default() } else { encode_reply(reply) };
    let response = OF_REPLIES.with(|of_replies| {
        let content_type = if in_json { "application/json" } else { "application/octet-stream" };
        let init = of_replies[usize::from(in_json)].get_or_init(|| of_reply(content_type));
        Answer::new_with_opt_buffer_source_and_init(Some(&Uint8Array::from(body.as_slice())), init)
    });
    Ok(response.map_err(worker::Error::from)?)
}
