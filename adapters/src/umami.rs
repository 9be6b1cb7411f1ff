//! Umami's `/api/send`, and `/api/batch`, which is a list of the same.

use passerby_protocol::{
    Context, Custom, DecodeError, Engagement, Identify, Kind, Reason, Size, Ticket, Vital, VitalName,
};

use crate::call::{Arrival, Call, Claims};
use crate::money::{add_revenue, currency};
use crate::page::Page;
use crate::route::Asked;
use crate::said::{Body, Said};

/// Reads a request. An event has no name of its own: two alike are two.
pub(crate) fn read(asked: &Asked<'_>) -> Result<Call, DecodeError> {
    let body = Body::read(asked.body, None)?;
    let website = |event: Said<'_>| Ok(event.at("payload").at("website").id());
    let site = body.each(website).into_iter().flatten().find(|site| !site.is_empty()).unwrap_or_default();
    let ticket = ticket(asked.umami_cache);
    let read = |event: Said<'_>| {
        let payload = event.at("payload");
        // One request is for one site: the others' events would be counted with its settings and its key.
        if payload.at("website").id() != site {
            return Err(Reason::Malformed);
        }
        let mut arrival = arrival(event.at("type").text(), payload)?;
        arrival.batch.ticket = ticket.clone();
        Ok(arrival)
    };
    let events = body.each(read);
    Ok(Call { site, events, ..Call::default() })
}

/// What the tracker got as `cache` with its last answer: our ticket, in hex.
fn ticket(cache: &str) -> Ticket {
    let quoted = serde_json::Value::from(cache);
    serde_json::from_value(quoted).unwrap_or_default()
}

fn arrival(kind: &str, payload: Said<'_>) -> Result<Arrival, Reason> {
    let mut arrival = Arrival { person: payload.at("id").id(), ..Arrival::default() };
    arrival.claims = Claims {
        address: payload.at("ip").id(),
        user_agent: payload.at("userAgent").id(),
        at_ms: payload.at("timestamp").number().map(|seconds| (seconds * 1000.0) as i64),
    };
    arrival.batch.user = arrival.person.clone().into();
    let screen = size(payload.at("screen").text());
    let language = payload.at("language").text().to_owned();
    arrival.batch.context = Some(Context { screen, language: language.into(), ..Context::default() });

    let address = payload.at("url").text();
    let mut page = if address.is_empty() {
        Page { path: "/".to_owned(), ..Page::default() }
    } else {
        Page::of(address).ok_or(Reason::Malformed)?
    };
    if page.host.is_empty() {
        page.host = payload.at("hostname").text().to_ascii_lowercase();
    }
    arrival.on(&page);
    let name = payload.at("name").text();
    let data = payload.at("data");
    match kind {
        "event" if name.is_empty() => {
            let mut view = Arrival::view(page, payload.at("title").short(), payload.at("referrer").text());
            view.props = data.props(|_| false);
            arrival.push(Kind::Pageview(view));
        }
        "event" => {
            let mut props = data.props(|_| false);
            add_revenue(&mut props, "revenue", data.at("revenue"), currency(data.at("currency")))?;
            arrival.push(Kind::Custom(Custom { name: name.to_owned().into(), props }));
        }
        // Without an id nobody is named; ours would mean that nobody is known from now on.
        "identify" if arrival.person.is_empty() => {
            let props = data.props(|_| false);
            arrival.push(Kind::PassiveCustom(Custom { name: "identify".into(), props }));
        }
        "identify" => {
            let (user, traits) = (arrival.batch.user.clone(), data.props(|_| false));
            arrival.push(Kind::Identify(Identify { user, traits }));
        }
        "performance" => vitals(&mut arrival, payload)?,
        "engagement" => {
            let visible_ms = payload.at("engagement").whole().ok_or(Reason::MissingField)?;
            arrival.push(Kind::Engagement(Engagement { visible_ms, ..Engagement::default() }));
        }
        _ => return Err(Reason::Malformed),
    }
    Ok(arrival)
}

fn vitals(arrival: &mut Arrival, payload: Said<'_>) -> Result<(), Reason> {
    let names = [
        ("lcp", VitalName::Lcp),
        ("inp", VitalName::Inp),
        ("cls", VitalName::Cls),
        ("fcp", VitalName::Fcp),
        ("ttfb", VitalName::Ttfb),
    ];
    for (field, name) in names {
        let unit = if name == VitalName::Cls { 10_000.0 } else { 1.0 };
        if let Some(value) = payload.at(field).number() {
            arrival.push(Kind::Vital(Vital { name, value: (value * unit).round() as u32 }));
        }
    }
    if arrival.batch.events.is_empty() { Err(Reason::MissingField) } else { Ok(()) }
}

/// "1920x1080".
fn size(text: &str) -> Size {
    let sides = text.split_once('x').and_then(|(width, height)| Some((width.parse().ok()?, height.parse().ok()?)));
    sides.map_or(Size::default(), |(width, height)| Size(width, height))
}
