//! Segment's HTTP tracking API: `track`, `page`, `screen`, `identify`, `alias` and `group`, one by one or in a batch.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use passerby_protocol::{Context, Currency, Custom, DecodeError, Identify, Kind, Reason, Search, Size};

use crate::call::{Arrival, Call, Claims, Text};
use crate::commerce;
use crate::money::{add_revenue, currency};
use crate::page::Page;
use crate::route::Asked;
use crate::said::{Body, Said};
use crate::time;

/// Reads a request; `kind` is what a single call's path says. An event's `messageId` is its name.
pub(crate) fn read(asked: &Asked<'_>, kind: &str) -> Result<Call, DecodeError> {
    let body = Body::read(asked.body, Some("batch"))?;
    let envelope = Said(&body.envelope);
    let mut site = write_key(asked.authorization).unwrap_or_default();
    if site.is_empty() {
        site = envelope.at("writeKey").id();
    }
    // What a batch says of its context holds for all events that say nothing themselves.
    let shared = envelope.at("context");
    let events = body.each(|event| arrival(event, kind, shared));
    Ok(Call { key: site.clone(), site, sent_at_ms: time::ms(envelope.at("sentAt")), events })
}

/// The user name of Basic credentials: the write key.
fn write_key(authorization: &str) -> Option<String> {
    let (scheme, credentials) = authorization.split_once(' ')?;
    let credentials =
        scheme.eq_ignore_ascii_case("Basic").then(|| STANDARD.decode(credentials.trim()).ok()).flatten()?;
    let credentials = String::from_utf8(credentials).ok()?;
    Some(credentials.split(':').next().unwrap_or_default().to_owned())
}

fn arrival(event: Said<'_>, kind: &str, shared: Said<'_>) -> Result<Arrival, Reason> {
    let kind = if kind.is_empty() { event.at("type").text() } else { kind };
    let (anonymous, user) = (event.at("anonymousId").id(), event.at("userId").id());
    let person = if anonymous.is_empty() { user.clone() } else { anonymous };
    if person.is_empty() {
        return Err(Reason::MissingField);
    }
    let context = if event.at("context").is_nothing() { shared } else { event.at("context") };
    let mut arrival = Arrival { person, id: event.at("messageId").id(), ..Arrival::default() };
    arrival.claims = Claims {
        address: context.at("ip").id(),
        user_agent: context.at("userAgent").id(),
        at_ms: time::ms(event.any(&["originalTimestamp", "timestamp"])),
    };
    arrival.batch.user = user.into();
    let side =
        |name: &str| context.at("screen").at(name).whole().and_then(|side| u16::try_from(side).ok()).unwrap_or(0);
    arrival.batch.context = Some(Context {
        screen: Size(side("width"), side("height")),
        language: context.at("locale").text().to_owned().into(),
        time_zone: context.at("timezone").text().to_owned().into(),
        hints: None,
    });
    let said = event.at("properties");
    let page = page(said, context);
    arrival.on(&page);
    happened(&mut arrival, kind, event, context, page)?;
    Ok(arrival)
}

/// Where it happened: a page call says it in its properties, every other in its context.
fn page(said: Said<'_>, context: Said<'_>) -> Page {
    let around = context.at("page");
    let addresses = [said.at("url"), around.at("url"), said.at("path"), around.at("path")];
    let mut page = addresses.iter().find_map(|address| Page::of(address.text())).unwrap_or_default();
    if page.query.is_empty() {
        page.query = campaign(context.at("campaign"));
    }
    page
}

/// A campaign as the query that it came with.
fn campaign(said: Said<'_>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let names =
        [("source", "source"), ("medium", "medium"), ("name", "campaign"), ("term", "term"), ("content", "content")];
    for (field, name) in names {
        let text = said.at(field).text();
        if !text.is_empty() {
            query.append_pair(&format!("utm_{name}"), text);
        }
    }
    query.finish()
}

fn happened(arrival: &mut Arrival, kind: &str, event: Said<'_>, context: Said<'_>, page: Page) -> Result<(), Reason> {
    let said = event.at("properties");
    let name = event.at("name").text();
    let kind = match kind {
        "page" => {
            let title = [said.at("title"), context.at("page").at("title"), event.at("name")];
            let title = title.iter().map(|title| title.short()).find(|title| !title.is_empty()).unwrap_or_default();
            let referrer = [said.at("referrer"), context.at("page").at("referrer")];
            let referrer = referrer.iter().map(|said| said.text()).find(|text| !text.is_empty()).unwrap_or_default();
            let page = if page.path.is_empty() { named(name, page) } else { page };
            let mut view = Arrival::view(page, title, referrer);
            view.props = said.props(|name| matches!(name, "url" | "path" | "title" | "referrer" | "search" | "hash"));
            Kind::Pageview(view)
        }
        "screen" => {
            let mut view = Arrival::view(named(name, page), name.to_owned(), "");
            view.props = said.props(|_| false);
            Kind::Pageview(view)
        }
        "track" => track(event.at("event").text(), said)?,
        "identify" => {
            let traits = event.at("traits").props(|_| false);
            Kind::Identify(Identify { user: arrival.batch.user.clone(), traits })
        }
        // Both join what Segment keeps apart; no act of the visitor's.
        "group" => {
            let mut props = event.at("traits").props(|_| false);
            props.0.insert(0, ("groupId".into(), passerby_protocol::Value::Text(event.at("groupId").id().into())));
            Kind::PassiveCustom(Custom { name: "group".into(), props })
        }
        "alias" => Kind::PassiveCustom(Custom { name: "alias".into(), ..Custom::default() }),
        _ => return Err(Reason::Malformed),
    };
    arrival.push(kind);
    Ok(())
}

/// An app's screen as a page.
fn named(name: &str, page: Page) -> Page {
    Page { path: format!("/{}", name.trim_start_matches('/')), ..page }
}

/// Segment's e-commerce spec names the events; all others are the site's own.
fn track(name: &str, said: Said<'_>) -> Result<Kind<Text>, Reason> {
    // "If the currency is not set, the user's default is assumed to be USD."
    let of = currency(said.at("currency")).or_else(|| Currency::new("USD")).unwrap_or_default();
    Ok(match name {
        "" => return Err(Reason::MissingField),
        "Product Viewed" => Kind::ProductView(commerce::product(said, of)?),
        "Product Added" => Kind::CartAdd(commerce::item(said, of)?),
        "Product Removed" => Kind::CartRemove(commerce::item(said, of)?),
        "Checkout Started" => commerce::checkout(said, 1, name, of)?,
        "Checkout Step Viewed" | "Checkout Step Completed" => commerce::checkout(said, 1, name, of)?,
        "Payment Info Entered" => commerce::checkout(said, 3, name, of)?,
        "Order Completed" => commerce::order(said, of)?,
        "Order Refunded" => commerce::refund(said, of)?,
        "Products Searched" => Kind::Search(Search { terms: said.at("query").short().into(), results: None }),
        name => {
            let mut props = said.props(|_| false);
            add_revenue(&mut props, "revenue", said.at("revenue"), Some(of))?;
            Kind::Custom(Custom { name: name.to_owned().into(), props })
        }
    })
}
