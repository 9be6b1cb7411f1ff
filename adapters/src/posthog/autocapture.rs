//! What PostHog's browser client captures by itself: clicks and forms, with the element and those around it.

use passerby_protocol::limits::MAX_NAME_BYTES;
use passerby_protocol::{Click, ClickFlags, Custom, FormSubmit, Kind, Outbound};

use crate::call::Arrival;
use crate::page::referrer;
use crate::said::{Said, cut};

/// Elements up to the one whose id names the place; a path of more is cut.
const MAX_DEPTH: usize = 5;

/// Adds what was captured.
pub(super) fn add(arrival: &mut Arrival, name: &str, said: Said<'_>) {
    let kind = said.at("$event_type").text();
    let (elements, text) = target(said);
    let flags = match name {
        "$rageclick" => ClickFlags::RAGE,
        "$dead_click" => ClickFlags::DEAD,
        _ => 0,
    };
    let left = said.at("$external_click_url").text();
    if !left.is_empty() {
        arrival.push(Kind::Outbound(Outbound { url: referrer(left).into(), text: text.clone().into() }));
    }
    if kind == "submit" && !elements.is_empty() {
        arrival.push(Kind::FormSubmit(FormSubmit { form: elements.into() }));
    } else if (flags != 0 || matches!(kind, "click" | "touch")) && !elements.is_empty() {
        let flags = ClickFlags(flags);
        arrival.push(Kind::Click(Click { element: elements.into(), text: text.into(), flags, ..Click::default() }));
    } else {
        let props = said.props(|name| name.starts_with('$'));
        arrival.push(Kind::PassiveCustom(Custom { name: name.to_owned().into(), props }));
    }
}

/// The element as a path, in the form of our own tracker's, and its text.
fn target(said: Said<'_>) -> (String, String) {
    let chain = said.at("$elements_chain").text();
    if !chain.is_empty() {
        return of_chain(chain);
    }
    let mut steps = Vec::new();
    for element in said.at("$elements").items().take(MAX_DEPTH) {
        let id = element.any(&["attr__id", "attr_id"]).text();
        if !id.is_empty() {
            steps.push(format!("#{id}"));
            break;
        }
        let tag = element.at("tag_name").text();
        let place = element.at("nth_of_type").whole().filter(|place| *place > 1);
        steps.push(place.map_or_else(|| tag.to_owned(), |place| format!("{tag}:{place}")));
    }
    steps.reverse();
    let own = said.at("$elements").items().next().map(|element| element.at("$el_text").text()).unwrap_or_default();
    let text = [said.at("$el_text").text(), own].into_iter().find(|text| !text.is_empty()).unwrap_or_default();
    (cut(&steps.join(">"), MAX_NAME_BYTES).to_owned(), cut(text, MAX_NAME_BYTES).to_owned())
}

/// The same of a chain in one text: `button.buy:attr__id="b"nth-child="2"text="Buy";form:…`.
fn of_chain(chain: &str) -> (String, String) {
    let attribute = |element: &str, name: &str| {
        let start = element.find(&format!("{name}=\""))? + name.len() + 2;
        element.get(start..)?.split('"').next().map(str::to_owned)
    };
    let mut steps = Vec::new();
    for element in chain.split(';').take(MAX_DEPTH) {
        if let Some(id) = attribute(element, "attr__id").filter(|id| !id.is_empty()) {
            steps.push(format!("#{id}"));
            break;
        }
        let tag = element.split([':', '.']).next().unwrap_or_default();
        let place = attribute(element, "nth-of-type").filter(|place| place != "1");
        steps.push(place.map_or_else(|| tag.to_owned(), |place| format!("{tag}:{place}")));
    }
    steps.reverse();
    let text = chain.split(';').next().and_then(|first| attribute(first, "text")).unwrap_or_default();
    (cut(&steps.join(">"), MAX_NAME_BYTES).to_owned(), cut(&text, MAX_NAME_BYTES).to_owned())
}
