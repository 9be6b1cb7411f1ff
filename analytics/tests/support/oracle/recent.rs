//! The newest events.

use passerby_analytics::report::recent::Recent;
use serde_json::Map;

use super::*;

pub fn answer(report: &Recent, about: &About, zone: &TimeZone) -> Json {
    let handle = |event: &Happened| event.visitor.handle(&report.key);
    let mut events: Vec<(&Visit, &Happened)> =
        about.events().filter(|(_, event)| report.visitor.is_none_or(|visitor| visitor == handle(event))).collect();
    let place = |visit: &Visit, event: &Happened| visit.iter().position(|other| ptr::eq(*other, event));
    events.sort_by_key(|(visit, event)| (event.at_ms, handle(event), visit[0].at_ms, place(visit, event)));
    let told = |(visit, event): (&Visit, &Happened)| {
        let known = [V::EntryPage, V::Source, V::Country, V::City, V::Device, V::Browser, V::Os];
        let of_visit: Map<String, Json> = known
            .iter()
            .map(|dimension| (dimension.label().to_owned(), of_visit(*dimension, visit).into()))
            .filter(|(_, value)| *value != "")
            .collect();
        let clock = Timestamp::from_millisecond(event.at_ms).unwrap().to_zoned(zone.clone());
        json!({
            "at": clock.strftime("%Y-%m-%dT%H:%M:%S.%3f").to_string(),
            "at_ms": event.at_ms,
            "visitor": handle(event).to_string(),
            "visit_start_ms": visit[0].at_ms,
            "kind": event.kind.label(),
            "name": name(event),
            "page": event.page,
            "user": event.user,
            "details": details(event),
            "visit": of_visit,
        })
    };
    events.into_iter().rev().take(report.limit).map(told).collect()
}

fn details(event: &Happened) -> Map<String, Json> {
    let amount = |money: Money| format!("{} {}", money.amount_minor, money.currency.code());
    let mut details: Vec<(&str, String)> = match &event.kind {
        Kind::Click(it) => vec![("element", it.element.into()), ("text", it.text.into())],
        Kind::Outbound(it) => vec![("url", it.url.into())],
        Kind::Download(it) => vec![("url", it.url.into())],
        Kind::FormStart(it) => vec![("form", it.form.into())],
        Kind::FormSubmit(it) => vec![("form", it.form.into())],
        Kind::FormAbandon(it) => vec![("form", it.form.into()), ("field", it.field.into())],
        Kind::Search(it) => vec![("terms", it.terms.into())],
        Kind::Order(it) => vec![("order", it.id.into()), ("total_minor", amount(it.total))],
        Kind::Refund(it) => vec![("order", it.order.into())],
        Kind::ScriptError(it) => vec![("message", it.message.into())],
        Kind::Checkout(it) => vec![("step", it.name.into())],
        _ => Vec::new(),
    };
    details.retain(|(_, text)| !text.is_empty());
    details.extend(props(event).0.iter().map(|(key, value)| match value {
        Value::Money(money) => (*key, amount(*money)),
        value => (*key, written(value)),
    }));
    details.into_iter().map(|(name, text)| (name.to_owned(), text.into())).collect()
}
