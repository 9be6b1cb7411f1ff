//! GA4's Measurement Protocol, with the events of its reference.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use passerby_adapters::Api::Ga4;
use passerby_adapters::{Asked, Call, ga4, read};
use passerby_protocol::{DecodeError, Reason};
use serde_json::{Value, json};
use support::{assert_holds, euro, happened};

fn sent(body: &Value) -> Result<Call, DecodeError> {
    let body = body.to_string();
    read(Ga4, "", &Asked { body: body.as_bytes(), query: "measurement_id=G-1&api_secret=s", ..Asked::default() })
}

fn found(name: &str, params: Value) -> Value {
    let call =
        sent(&json!({ "client_id": "c.1", "user_id": "u", "events": [{ "name": name, "params": params }] })).unwrap();
    happened(call.events[0].as_ref().unwrap()).into()
}

#[test]
fn the_stream_and_its_secret_are_in_the_address() {
    let call = sent(&json!({ "client_id": "c.1", "events": [] })).unwrap();
    assert_eq!((call.site.as_str(), call.key.as_str(), call.events.len()), ("G-1", "s", 0));
}

#[test]
fn each_event_is_the_kind_that_the_contract_has() {
    let page = found(
        "page_view",
        json!({ "page_location": "https://s.example/a?utm_source=x&q=1", "page_title": "A", "page_referrer": "https://r.example/?q", "plan": "pro" }),
    );
    assert_holds(
        &page,
        &json!([{ "pageview": { "path": "/a", "host": "s.example", "query": "utm_source=x", "title": "A", "referrer": "https://r.example/", "props": { "plan": "pro" } } }]),
    );
    let items = json!([{ "item_id": "SKU_1", "item_name": "Tee", "item_brand": "G", "price": 10.01, "quantity": 3 }, { "item_name": "No id" }]);
    let viewed = found("view_item", json!({ "currency": "EUR", "items": items }));
    assert_holds(
        &viewed,
        &json!([{ "product_view": { "id": "SKU_1", "price": euro(1001) } }, { "product_view": { "id": "No id" } }]),
    );
    let added = found("add_to_cart", json!({ "currency": "EUR", "items": items }));
    assert_holds(&added, &json!([{ "cart_add": { "quantity": 3 } }, { "cart_add": { "quantity": 1 } }]));
    let order = found(
        "purchase",
        json!({ "transaction_id": "T_1", "currency": "EUR", "value": 30.03, "tax": 1.11, "shipping": 3, "coupon": "C", "items": items }),
    );
    assert_holds(
        &order,
        &json!([{ "order": { "id": "T_1", "total": euro(3003), "tax_minor": 111, "shipping_minor": 300, "coupon": "C", "items": [{ "quantity": 3 }, {}] } }]),
    );
    assert_holds(
        &found("refund", json!({ "transaction_id": "T_1", "currency": "EUR", "value": 5 })),
        &json!([{ "refund": { "order": "T_1", "amount": euro(500) } }]),
    );
    assert_holds(
        &found("begin_checkout", json!({ "currency": "EUR", "value": 5 })),
        &json!([{ "checkout": { "step": 1, "value": euro(500) } }]),
    );
    assert_holds(&found("search", json!({ "search_term": "bags" })), &json!([{ "search": { "terms": "bags" } }]));
    assert_holds(
        &found("scroll", json!({ "percent_scrolled": 90 })),
        &json!([{ "engagement": { "scroll_percent": 90 } }]),
    );
    assert_holds(
        &found("user_engagement", json!({ "engagement_time_msec": "100" })),
        &json!([{ "engagement": { "visible_ms": 100 } }]),
    );
    assert_holds(
        &found("sign_up", json!({ "method": "m" })),
        &json!([{ "custom": { "name": "sign_up" } }, { "identify": { "user": "u" } }]),
    );
    assert_holds(&found("session_start", json!({})), &json!([{ "passive_custom": { "name": "session_start" } }]));
    assert_holds(
        &found("won", json!({ "value": 5, "currency": "EUR" })),
        &json!([{ "custom": { "props": { "value": euro(500) } } }]),
    );
}

#[test]
fn an_event_with_a_time_to_the_microsecond_is_known_by_it() {
    let events = |micros: Value| {
        let one = json!({ "name": "a", "params": {} });
        let call = sent(&json!({ "client_id": "c", "timestamp_micros": micros, "events": [one, one] })).unwrap();
        call.events.into_iter().map(|event| event.unwrap().id).collect::<Vec<_>>()
    };
    let (first, again, later) = (
        events(json!(1_795_261_940_044_123_i64)),
        events(json!(1_795_261_940_044_123_i64)),
        events(json!("1795261940044124")),
    );
    assert_eq!(first, again);
    assert!(first[0] != first[1] && first[0] != later[0] && !first[0].is_empty());
    assert_eq!(events(Value::Null), ["", ""]);
}

#[test]
fn the_validation_server_names_what_would_not_be_counted() {
    let valid = sent(&json!({ "client_id": "c", "events": [{ "name": "a" }] }));
    assert_eq!(ga4::validation(&valid), json!({ "validationMessages": [] }));
    let body = json!({ "client_id": "c", "events": [{ "name": "a" }, { "name": "_badEventName", "params": {} }, { "params": {} },
        { "name": "purchase", "params": { "transaction_id": "1", "value": 5 } }] });
    let messages = ga4::validation(&sent(&body));
    let said: Vec<_> = messages["validationMessages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|message| (message["fieldPath"].as_str().unwrap(), message["validationCode"].as_str().unwrap()))
        .collect();
    assert_eq!(said, [("events[1]", "NAME_INVALID"), ("events[2]", "VALUE_REQUIRED"), ("events[3]", "VALUE_REQUIRED")]);
    let many = json!({ "client_id": "c", "events": vec![json!({ "name": "a" }); 26] });
    assert_eq!(ga4::validation(&sent(&many))["validationMessages"][0]["validationCode"], "EXCEEDED_MAX_ENTITIES");
    let broken = read(Ga4, "", &support::asked(b"{"));
    assert_eq!(ga4::validation(&broken)["validationMessages"][0]["validationCode"], "VALUE_INVALID");
}

#[test]
fn nobodys_events_are_refused_by_name() {
    let call = sent(&json!({ "events": [{ "name": "a" }] })).unwrap();
    assert_eq!(call.events[0].as_ref().unwrap_err(), &Reason::MissingField);
    assert!(sent(&json!({ "client_id": "c", "events": {} })).is_err(), "no list");
}
