//! GA4's Measurement Protocol: events of one client, sent by a server or an app.

use passerby_protocol::{
    Context, Custom, DecodeError, Download, Engagement, FormField, FormSubmit, Identify, Kind, Outbound, Reason,
    Search, Size,
};
use serde_json::{Value, json};

use crate::call::{Arrival, Call, Claims, Text};
use crate::commerce;
use crate::money::{add_revenue, currency};
use crate::page::{Page, referrer};
use crate::route::Asked;
use crate::said::{Body, Said};

/// Events of a request, by the protocol's reference.
const MAX_EVENTS: usize = 25;

/// Parameters that say what stands elsewhere in the event.
const OWN: [&str; 8] = [
    "page_location",
    "page_path",
    "page_title",
    "page_referrer",
    "session_id",
    "engagement_time_msec",
    "debug_mode",
    "language",
];

/// Reads a request. An event has no name of its own. One with a time to the microsecond is known by that and by what it
/// says; without, two alike are two.
pub(crate) fn read(asked: &Asked<'_>) -> Result<Call, DecodeError> {
    let body = Body::read(asked.body, Some("events"))?;
    let envelope = Said(&body.envelope);
    let site = [asked.parameter("measurement_id"), asked.parameter("firebase_app_id")];
    let site = site.into_iter().find(|site| !site.is_empty()).unwrap_or_default();
    let mut events = Vec::with_capacity(body.events.len());
    for (index, (read, raw)) in body.each(|event| arrival(event, envelope)).into_iter().zip(&body.events).enumerate() {
        events.push(read.map(|mut arrival: Arrival| {
            if arrival.claims.at_ms.is_some() {
                arrival.id = format!("{index} {} {}", envelope.at("timestamp_micros").id(), raw.get());
            }
            arrival
        }));
    }
    Ok(Call { site, key: asked.parameter("api_secret"), sent_at_ms: None, events })
}

fn arrival(event: Said<'_>, envelope: Said<'_>) -> Result<Arrival, Reason> {
    let (name, said) = (event.at("name").text(), event.at("params"));
    let user = envelope.at("user_id").id();
    let client = envelope.any(&["client_id", "app_instance_id"]).id();
    let person = if client.is_empty() { user.clone() } else { client };
    if name.is_empty() || person.is_empty() {
        return Err(Reason::MissingField);
    }
    if !name.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
        return Err(Reason::Malformed);
    }
    let micros = [event, envelope].map(|said| said.at("timestamp_micros").number());
    let mut arrival = Arrival { person, ..Arrival::default() };
    arrival.claims = Claims {
        address: envelope.at("ip_override").id(),
        user_agent: envelope.at("user_agent").id(),
        at_ms: micros.into_iter().flatten().next().map(|micros| (micros / 1000.0) as i64),
    };
    arrival.batch.user = user.into();
    let device = envelope.at("device");
    let screen = device.at("screen_resolution").text().split_once('x');
    let screen = screen.and_then(|(width, height)| Some(Size(width.parse().ok()?, height.parse().ok()?)));
    let language = [said.at("language"), device.at("language")].map(Said::text);
    arrival.batch.context = Some(Context {
        screen: screen.unwrap_or_default(),
        language: language.into_iter().find(|text| !text.is_empty()).unwrap_or_default().to_owned().into(),
        ..Context::default()
    });
    let page = Page::of(said.at("page_location").text()).or_else(|| Page::of(said.at("page_path").text()));
    let page = page.unwrap_or_default();
    arrival.on(&page);
    happened(&mut arrival, name, said, page)?;
    Ok(arrival)
}

fn happened(arrival: &mut Arrival, name: &str, said: Said<'_>, page: Page) -> Result<(), Reason> {
    let code = currency(said.at("currency"));
    let of = code.unwrap_or_default();
    let text = |name: &str| Text::from(said.at(name).short());
    let url = || Text::from(referrer(said.at("link_url").text()));
    let form = || {
        let named = [said.at("form_id"), said.at("form_name"), said.at("form_destination")].map(Said::short);
        Text::from(named.into_iter().find(|name| !name.is_empty()).unwrap_or_else(|| page.path.clone()))
    };
    let kind = match name {
        "page_view" => {
            let mut view = Arrival::view(page, said.at("page_title").short(), said.at("page_referrer").text());
            view.props = said.props(|name| OWN.contains(&name));
            Kind::Pageview(view)
        }
        "screen_view" => {
            let path = format!("/{}", said.any(&["screen_name", "firebase_screen"]).text());
            Kind::Pageview(Arrival::view(Page { path, ..page }, String::new(), ""))
        }
        "user_engagement" => Kind::Engagement(Engagement {
            visible_ms: said.at("engagement_time_msec").whole().unwrap_or(0),
            scroll_percent: 0,
        }),
        "scroll" => Kind::Engagement(Engagement {
            visible_ms: said.at("engagement_time_msec").whole().unwrap_or(0),
            scroll_percent: said.at("percent_scrolled").whole().unwrap_or(0).min(100) as u8,
        }),
        "click" if !said.at("link_url").is_nothing() => {
            Kind::Outbound(Outbound { url: url(), text: text("link_text") })
        }
        "file_download" => Kind::Download(Download { url: url() }),
        "form_start" => Kind::FormStart(FormField { form: form(), field: text("first_field_name") }),
        "form_submit" => Kind::FormSubmit(FormSubmit { form: form() }),
        "search" | "view_search_results" => Kind::Search(Search { terms: text("search_term"), results: None }),
        "view_item" => return each(arrival, said, |item| Ok(Kind::ProductView(commerce::product(item, of)?))),
        "add_to_cart" => return each(arrival, said, |item| Ok(Kind::CartAdd(commerce::item(item, of)?))),
        "remove_from_cart" => return each(arrival, said, |item| Ok(Kind::CartRemove(commerce::item(item, of)?))),
        "begin_checkout" => commerce::checkout(said, 1, name, of)?,
        "add_shipping_info" => commerce::checkout(said, 2, name, of)?,
        "add_payment_info" => commerce::checkout(said, 3, name, of)?,
        "purchase" => commerce::order(said, of)?,
        "refund" => commerce::refund(said, of)?,
        "login" | "sign_up" if !arrival.batch.user.is_empty() => {
            let traits = said.props(|name| OWN.contains(&name));
            let custom = Custom { name: name.to_owned().into(), props: traits };
            arrival.push(Kind::Custom(custom));
            Kind::Identify(Identify { user: arrival.batch.user.clone(), ..Identify::default() })
        }
        name => {
            let mut props = said.props(|name| OWN.contains(&name));
            add_revenue(&mut props, "value", said.at("value"), code)?;
            let custom = Custom { name: name.to_owned().into(), props };
            // What Google's own libraries add is no act of the visitor's.
            let is_passive = matches!(name, "session_start" | "first_visit" | "first_open" | "app_remove");
            if is_passive { Kind::PassiveCustom(custom) } else { Kind::Custom(custom) }
        }
    };
    arrival.push(kind);
    Ok(())
}

/// One event of ours for each product of one of Google's.
fn each(
    arrival: &mut Arrival,
    said: Said<'_>,
    kind: impl Fn(Said<'_>) -> Result<Kind<Text>, Reason>,
) -> Result<(), Reason> {
    for item in said.at("items").items() {
        arrival.push(kind(item)?);
    }
    if arrival.batch.events.is_empty() { Err(Reason::MissingField) } else { Ok(()) }
}

/// What the validation server says of a request: a message for each event that would not be counted.
#[must_use]
pub fn validation(read: &Result<Call, DecodeError>) -> Value {
    let message = |field: String, description: String, code: &str| json!({ "fieldPath": field, "description": description, "validationCode": code });
    let call = match read {
        Ok(call) => call,
        Err(error) => {
            return json!({ "validationMessages": [message(String::new(), error.to_string(), "VALUE_INVALID")] });
        }
    };
    let mut messages = Vec::new();
    if call.site.is_empty() {
        messages.push(message("measurement_id".to_owned(), "measurement_id is required".to_owned(), "VALUE_REQUIRED"));
    }
    if call.events.len() > MAX_EVENTS {
        let description = format!("{} events; at most {MAX_EVENTS} are allowed", call.events.len());
        messages.push(message("events".to_owned(), description, "EXCEEDED_MAX_ENTITIES"));
    }
    for (index, event) in call.events.iter().enumerate() {
        let checked = event.as_ref().map_err(|reason| *reason);
        let checked = checked.and_then(|arrival| arrival.batch.events.iter().try_for_each(|event| event.check()));
        let Err(reason) = checked else { continue };
        let code = match reason {
            Reason::MissingField => "VALUE_REQUIRED",
            Reason::NumberOutOfRange => "VALUE_OUT_OF_BOUNDS",
            Reason::TextTooLong | Reason::TooManyProps | Reason::TooManyItems => "EXCEEDED_MAX_ENTITIES",
            Reason::Malformed => "NAME_INVALID",
            _ => "VALUE_INVALID",
        };
        messages.push(message(format!("events[{index}]"), format!("the event is refused: {}", reason.label()), code));
    }
    json!({ "validationMessages": messages })
}
