//! Other analytics' clients: their events on the way to their visitors' shards.

use std::collections::BTreeMap;

use futures_util::future::try_join_all;
use passerby_adapters::inflate::{MAX_BODY_BYTES, inflate};
use passerby_adapters::{Answer, Api, Arrival, Asked, Call, Route, Verdict, answer, ga4, is_library, posthog, read};
use passerby_analytics::calendar::Day;
use passerby_analytics::delivery::Receipt;
use passerby_analytics::gather::{Letter, gather};
use passerby_analytics::ledger::Counts;
use passerby_analytics::outcome::RequestError;
use passerby_analytics::person::{self, Mark};
use passerby_analytics::ticket;
use passerby_analytics::validate::Rules;
use passerby_analytics::visitor::{Visitor, number_of_name};
use passerby_protocol::{Reason, Refusal, Ticket};
use worker::{Cf, Date, Env, Headers, Method, Request, Response};

use crate::agents::Agent;
use crate::delivery::{Parcel, send};
use crate::identity::{self, Keys};
use crate::ingest::{Rejected, chance, client, hints, is_bot, preflight};
use crate::objects::pack;
use crate::outcomes;
use crate::problem::Problem;
use crate::rejects::Whose;
use crate::settings::Site;
use crate::{body, keys, limits, rejects};

/// Answers a request to a path of theirs.
pub async fn handle(mut request: Request, env: &Env, route: Route) -> Result<Response, Problem> {
    match (request.method(), route) {
        (Method::Options, _) => preflight(),
        (Method::Get | Method::Post, Route::Setup(setup)) => set_up(setup),
        (_, Route::Setup(_)) => Err(Problem::new(RequestError::MethodNotAllowed).allow("GET, POST, OPTIONS")),
        (Method::Post, Route::Events(api, kind)) => {
            let body = body::read(&mut request, "max_body_bytes", MAX_BODY_BYTES).await?;
            take(&request, env, api, kind, body).await
        }
        (_, Route::Events(..)) => Err(Problem::new(RequestError::MethodNotAllowed).allow("POST, OPTIONS")),
    }
}

fn set_up(setup: posthog::Setup) -> Result<Response, Problem> {
    let (content_type, body) = setup.answer();
    respond(Answer { status: 200, content_type, header: None, body: body.to_owned() })
}

/// Takes events in, and answers as the client expects it. Sending again those that have names changes nothing.
pub async fn take(request: &Request, env: &Env, api: Api, kind: &str, body: Vec<u8>) -> Result<Response, Problem> {
    let body = inflate(body)?;
    let header = |name: &str| Ok::<_, worker::Error>(request.headers().get(name)?.unwrap_or_default());
    let url = request.url()?;
    let asked = Asked {
        query: url.query().unwrap_or_default(),
        authorization: &header("Authorization")?,
        forwarded_for: &header("X-Forwarded-For")?,
        umami_cache: &header("X-Umami-Cache")?,
        body: &body,
    };
    let read = read(api, kind, &asked);
    if api == Api::Ga4Debug {
        let body = ga4::validation(&read).to_string();
        return respond(Answer { status: 200, content_type: "application/json", header: None, body });
    }
    let call = read?;
    let site = Site::of_client(env, &call.site).await?;
    let trusted = keys::is_trusted(request, env, &site, &call.key).await?;
    let address = request.headers().get("CF-Connecting-IP")?.unwrap_or_default();
    limits::check(env, &site, (!trusted).then_some(address.as_str()), call.events.len()).await?;
    // Read once more, so that whoever sends none that are refused pays nothing; and as it was understood, not as it was
    // sent, since that may hold the address of a visitor.
    let rejected = |refused: &[Refusal], at_ms, whose: Whose<'_>| {
        let events = self::read(api, kind, &asked).map(|call| call.events).unwrap_or_default();
        rejects::listed(refused, at_ms, whose, |index| match events.get(index)? {
            Ok(arrival) => serde_json::to_string(arrival.batch.events.first()?).ok(),
            Err(_) => Some(format!("{{\"index\":{index}}}")),
        })
    };
    let delivered = deliver(request, env, &site, api, call, trusted, &rejected).await;
    let verdict = delivered.map_err(|problem| problem.of_site(&site.id))?;
    respond(answer(api, &verdict))
}

/// Who a request speaks for, and how far it is believed.
struct Sender<'a> {
    api: Api,
    site: &'a Site,
    keys: &'a Keys,
    trusted: bool,
    address: String,
    user_agent: String,
    place: Option<&'a Cf>,
    received_ms: i64,
}

/// settle times → enrich → gather by visitor → shards.
async fn deliver(
    request: &Request,
    env: &Env,
    site: &Site,
    api: Api,
    mut call: Call,
    trusted: bool,
    rejected: Rejected<'_>,
) -> Result<Verdict, Problem> {
    let received_ms = Date::now().as_millis() as i64;
    call.settle_times(received_ms, trusted);
    let today = Day::of_utc(received_ms);
    let keys = identity::keys(env, site, today).await?;
    let sender = Sender {
        api,
        site,
        keys: &keys,
        trusted,
        address: request.headers().get("CF-Connecting-IP")?.unwrap_or_default(),
        user_agent: request.headers().get("User-Agent")?.unwrap_or_default(),
        place: request.cf(),
        received_ms,
    };
    let mut verdict = Verdict { events: call.events.len(), ..Verdict::default() };
    let mut letters = Vec::with_capacity(call.events.len());
    let mut marks: BTreeMap<u32, Vec<Mark>> = BTreeMap::new();
    // Two events without a name are two, however alike: each has a number that nobody else has. Those of a request keep
    // their order, with room for what one event becomes.
    let unnamed = u64::from_be_bytes(chance()?) >> 2;
    for (index, arrival) in (0u32..).zip(call.events) {
        let nameless = unnamed + (u64::from(index) << 16);
        let of_event = marks.entry(index).or_default();
        of_event.extend(arrival.as_ref().map(|arrival| sender.marks(arrival)).unwrap_or_default());
        match arrival.and_then(|arrival| sender.letter(index, nameless, arrival, &mut verdict.ticket)) {
            Ok(letter) => {
                of_event.push(person::mark_of_visitor(&keys.visitor_key, letter.visitor));
                letters.push(letter);
            }
            Err(reason) => verdict.refused.push(Refusal { index, reason }),
        }
    }
    if api == Api::Umami || api == Api::UmamiBatch {
        verdict.ticket = ticket_for(&keys, today, &letters, verdict.ticket)?;
    }

    let mut by_shard: BTreeMap<u32, Vec<_>> = BTreeMap::new();
    for delivery in gather(letters, received_ms, Rules { hosts: &site.hosts }, &keys.visitor_key) {
        let shard = delivery.visitor.shard(keys.shard_bits);
        let parcel = Parcel { home: None, taken_out: 0, delivery, rejects: Vec::new() };
        by_shard.entry(shard).or_default().push(pack(&parcel)?);
    }
    let asked = by_shard.iter().map(|(shard, parcels)| send(env, &site.id, keys.shard_bits, *shard, parcels));
    let answers = try_join_all(asked).await?;
    // What no shard sees counts with the site.
    let counts = Counts::from(&Receipt { refused: verdict.refused.clone(), ..Receipt::default() });
    for taken in answers.into_iter().flatten() {
        let (_, receipt) = taken.answer()?;
        verdict.refused.extend(receipt.into_iter().flat_map(|(receipt, _)| receipt.refused));
    }
    verdict.refused.sort_unstable_by_key(|refusal| refusal.index);
    verdict.refused.dedup_by_key(|refusal| refusal.index);
    if !verdict.refused.is_empty() {
        let whose = |index: u32| marks.get(&index).cloned().unwrap_or_default();
        outcomes::count(env, &site.id, &counts, &rejected(&verdict.refused, received_ms, &whose)).await?;
    }
    Ok(verdict)
}

impl Sender<'_> {
    /// What says whose an event is before it is known who that is.
    fn marks(&self, arrival: &Arrival) -> Vec<Mark> {
        let key = &self.keys.visitor_key;
        let user = (!arrival.batch.user.is_empty()).then(|| person::mark_of_user(key, &arrival.batch.user));
        let named = (!arrival.person.is_empty()).then(|| Visitor::of_person(key, &self.site.id, &arrival.person));
        user.into_iter().chain(named.map(|visitor| person::mark_of_visitor(key, visitor))).collect()
    }

    /// An event with whose it is. Of a sender who is not believed, address and user agent are the request's own.
    fn letter(
        &self,
        index: u32,
        nameless: u64,
        arrival: Arrival,
        ticket: &mut Ticket,
    ) -> Result<Letter<'static>, Reason> {
        let Arrival { mut batch, host, person, id, claims } = arrival;
        let said = |claim: String| (self.trusted && !claim.is_empty()).then_some(claim);
        let speaks_for_others = is_library(self.api, &self.user_agent) || self.trusted && !person.is_empty();
        let (user_agent, address) = (said(claims.user_agent), said(claims.address));
        // Of a visitor who is elsewhere, nobody knows where.
        let is_elsewhere = speaks_for_others || address.as_ref().is_some_and(|address| *address != self.address);
        let place = if is_elsewhere { None } else { self.place };
        let seen = match &user_agent {
            Some(user_agent) => user_agent,
            None if speaks_for_others => "",
            None => &self.user_agent,
        };
        let is_judged = user_agent.is_some() || !speaks_for_others;
        let agent = Agent::of(seen, hints(&batch));
        if is_judged && !self.site.count_bots && is_bot(place, &batch, &agent) {
            return Err(Reason::Bot);
        }
        let client = client(place, &mut batch, &agent);
        let known = ticket::open(&self.keys.ticket_key, &batch.ticket, Day::of_utc(self.received_ms));
        let visitor = if !person.is_empty() {
            Visitor::of_person(&self.keys.visitor_key, &self.site.id, &person)
        } else if let Some(visitor) = known {
            ticket.clone_from(&batch.ticket);
            visitor
        } else {
            let happened_ms = self.received_ms + batch.events.first().map_or(0, |event| i64::from(event.after_ms));
            let salt = self.keys.salt(Day::of_utc(happened_ms));
            let (address, user_agent) =
                (address.as_ref().unwrap_or(&self.address), user_agent.as_ref().unwrap_or(&self.user_agent));
            Visitor::of_the_day(salt, &self.site.id, address, user_agent)
        };
        let number = if id.is_empty() { nameless } else { number_of_name(&self.keys.visitor_key, &id) };
        batch.site = self.site.id.clone().into();
        Ok(Letter { index, visitor, number, host: host.into(), client, batch })
    }
}

/// What keeps an unnamed visitor of one request one, whatever becomes of the address.
fn ticket_for(keys: &Keys, today: Day, letters: &[Letter<'_>], known: Ticket) -> Result<Ticket, Problem> {
    match letters {
        [only] if known == Ticket::default() => Ok(ticket::seal(&keys.ticket_key, only.visitor, today, chance()?)),
        _ => Ok(known),
    }
}

fn respond(answer: Answer) -> Result<Response, Problem> {
    let headers = Headers::new();
    headers.set("Access-Control-Allow-Origin", "*")?;
    headers.set("Cache-Control", "no-store")?;
    if !answer.content_type.is_empty() {
        headers.set("Content-Type", answer.content_type)?;
    }
    if let Some((name, value)) = answer.header {
        headers.set(name, value)?;
    }
    let response =
        if answer.body.is_empty() { Response::empty()? } else { Response::from_bytes(answer.body.into_bytes())? };
    Ok(response.with_status(answer.status).with_headers(headers))
}
