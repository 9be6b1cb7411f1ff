//! One event of PostHog's: whose it is, where it happened, and which kind of ours it is.

use passerby_protocol::{Context, Custom, Engagement, Identify, Kind, Reason, ScriptError, Size, Vital, VitalName};

use super::autocapture;
use crate::call::{Arrival, Claims, Text};
use crate::money::{add_revenue, currency};
use crate::page::{Page, is_kept};
use crate::said::Said;
use crate::time;

/// What a client without storage gives as everybody's id.
const COOKIELESS: &str = "$posthog_cookieless";

/// Properties that say what stands elsewhere in the event, or nothing that a report shows: PostHog's own begin with `$`.
fn is_own(name: &str) -> bool {
    name.starts_with('$') || is_kept(name) || matches!(name, "token" | "distinct_id" | "title")
}

/// Reads an event.
pub(super) fn arrival(event: Said<'_>, sent_at_ms: Option<i64>) -> Result<Arrival, Reason> {
    let name = event.at("event").text();
    let said = event.at("properties");
    let id = [event.any(&["distinct_id", "$distinct_id"]), said.at("distinct_id")].map(Said::id);
    let id = id.into_iter().find(|id| !id.is_empty()).unwrap_or_default();
    if name.is_empty() || id.is_empty() {
        return Err(Reason::MissingField);
    }
    let mut arrival =
        Arrival { person: person(&id, said), id: event.any(&["uuid", "$insert_id"]).id(), ..Arrival::default() };
    if arrival.id.is_empty() {
        arrival.id = said.at("$insert_id").id();
    }
    arrival.claims = Claims {
        address: said.at("$ip").id(),
        user_agent: said.any(&["$raw_user_agent", "$user_agent"]).id(),
        at_ms: at_ms(event, sent_at_ms),
    };
    arrival.batch.user = user(&id, said).into();
    let text = |name: &str| Text::from(said.at(name).text().to_owned());
    let side = |name: &str| said.at(name).whole().and_then(|side| u16::try_from(side).ok()).unwrap_or(0);
    arrival.batch.viewport = Size(side("$viewport_width"), side("$viewport_height"));
    arrival.batch.context = Some(Context {
        screen: Size(side("$screen_width"), side("$screen_height")),
        language: said.any(&["$browser_language", "$locale"]).text().to_owned().into(),
        time_zone: text("$timezone"),
        hints: None,
    });
    let address = said.at("$current_url").text();
    let page = Page::of(address).or_else(|| Page::of(said.at("$pathname").text())).unwrap_or_default();
    arrival.on(&page);
    happened(&mut arrival, name, event, page)?;
    Ok(arrival)
}

/// The id by which the client knows the visitor: the device's, which stays the same when the site says who it is.
fn person(id: &str, said: Said<'_>) -> String {
    let device = said.at("$device_id").id();
    match id {
        COOKIELESS => String::new(),
        id if device.is_empty() => id.to_owned(),
        _ => device,
    }
}

/// The site's own id of the user: a browser says it apart; on a server it is the id, unless that is made up.
fn user(id: &str, said: Said<'_>) -> String {
    let named = said.at("$user_id").id();
    let is_browser = !said.at("$device_id").is_nothing();
    let is_made_up = said.at("$process_person_profile").truth() == Some(false) || id == COOKIELESS;
    if named.is_empty() && !is_browser && !is_made_up { id.to_owned() } else { named }
}

/// When it happened: by its own time, or by how long before the sending it was.
fn at_ms(event: Said<'_>, sent_at_ms: Option<i64>) -> Option<i64> {
    let offset = || Some(sent_at_ms? - i64::from(event.at("offset").whole()?));
    time::ms(event.at("timestamp")).or_else(offset)
}

fn happened(arrival: &mut Arrival, name: &str, event: Said<'_>, page: Page) -> Result<(), Reason> {
    let said = event.at("properties");
    match name {
        "$pageview" | "$screen" => {
            leave(arrival, said);
            let screen = said.at("$screen_name").text();
            let page = if name == "$screen" && !screen.is_empty() {
                Page { path: format!("/{}", screen.trim_start_matches('/')), ..page }
            } else {
                page
            };
            let referrer = said.at("$referrer").text();
            let referrer = if referrer == "$direct" { "" } else { referrer };
            let mut view = Arrival::view(page, said.at("title").short(), referrer);
            view.props = said.props(is_own);
            arrival.push(Kind::Pageview(view));
        }
        "$pageleave" => {
            leave(arrival, said);
            if arrival.batch.events.is_empty() {
                arrival.push(Kind::Engagement(Engagement::default()));
            }
        }
        "$autocapture" | "$rageclick" | "$dead_click" => autocapture::add(arrival, name, said),
        "$web_vitals" => vitals(arrival, said)?,
        "$exception" => arrival.push(Kind::ScriptError(script_error(said))),
        "$identify" | "$set" => {
            let given = [event.at("$set"), said.at("$set")].into_iter().find(|said| said.fields().is_some());
            let traits = given.map(|said| said.props(|name| name.starts_with('$'))).unwrap_or_default();
            arrival.push(Kind::Identify(Identify { user: arrival.batch.user.clone(), traits }));
        }
        name => {
            let mut props = said.props(is_own);
            let revenue = said.any(&["revenue", "$revenue"]);
            add_revenue(&mut props, "revenue", revenue, currency(said.any(&["currency", "$currency"])))?;
            let custom = Custom { name: name.to_owned().into(), props };
            // What PostHog's own libraries tell is no act of the visitor's.
            arrival.push(if name.starts_with('$') { Kind::PassiveCustom(custom) } else { Kind::Custom(custom) });
        }
    }
    Ok(())
}

/// How long the page before was there, and how far it was seen: told with what ends it.
fn leave(arrival: &mut Arrival, said: Said<'_>) {
    let Some(seconds) = said.at("$prev_pageview_duration").number().filter(|seconds| *seconds > 0.0) else { return };
    let path = said.at("$prev_pageview_pathname").text();
    if path.starts_with('/') {
        arrival.batch.page = path.to_owned().into();
    }
    let share = said.at("$prev_pageview_max_scroll_percentage").number().unwrap_or(0.0);
    arrival.push(Kind::Engagement(Engagement {
        visible_ms: (seconds * 1000.0).round() as u32,
        scroll_percent: (share * 100.0).round().clamp(0.0, 100.0) as u8,
    }));
}

fn vitals(arrival: &mut Arrival, said: Said<'_>) -> Result<(), Reason> {
    let names = [
        ("$web_vitals_LCP_value", VitalName::Lcp, 1.0),
        ("$web_vitals_INP_value", VitalName::Inp, 1.0),
        ("$web_vitals_CLS_value", VitalName::Cls, 10_000.0),
        ("$web_vitals_FCP_value", VitalName::Fcp, 1.0),
    ];
    for (field, name, unit) in names {
        if let Some(value) = said.at(field).number() {
            arrival.push(Kind::Vital(Vital { name, value: (value * unit).round() as u32 }));
        }
    }
    if arrival.batch.events.is_empty() { Err(Reason::MissingField) } else { Ok(()) }
}

fn script_error(said: Said<'_>) -> ScriptError<Text> {
    // The newest clients give a list of errors, each with its stack, the place where it was thrown last.
    let first = said.at("$exception_list").items().next().unwrap_or(said);
    let kind = first.any(&["type", "$exception_type"]).text();
    let value = first.any(&["value", "$exception_message"]);
    let frame = first.at("stacktrace").at("frames").items().last().unwrap_or(said);
    let message = match (kind, value.short()) {
        (kind, value) if kind.is_empty() || value.is_empty() => format!("{kind}{value}"),
        (kind, value) => format!("{kind}: {value}"),
    };
    ScriptError {
        message: crate::said::cut(&message, passerby_protocol::limits::MAX_TEXT_BYTES).to_owned().into(),
        source: crate::page::referrer(frame.any(&["filename", "$exception_source"]).text()).into(),
        line: frame.any(&["lineno", "$exception_lineno"]).whole().unwrap_or(0),
        column: frame.any(&["colno", "$exception_colno"]).whole().unwrap_or(0),
    }
}
