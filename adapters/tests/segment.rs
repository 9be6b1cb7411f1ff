//! Segment's HTTP tracking API, with the payloads of its documentation and its e-commerce spec.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use passerby_adapters::Api::Segment;
use passerby_adapters::{Asked, Route, read, route};
use passerby_protocol::Reason;
use serde_json::{Value, json};
use support::{assert_holds, call, one, only};

fn track(event: &str, properties: Value) -> Value {
    one(&only(Segment, &json!({ "type": "track", "userId": "u", "event": event, "properties": properties })))
}

#[test]
fn the_write_key_is_basic_or_in_the_body() {
    let body = json!({ "userId": "u", "event": "x", "type": "track" }).to_string();
    // base64 of "abc123:"
    let asked = Asked { body: body.as_bytes(), authorization: "Basic YWJjMTIzOg==", ..Asked::default() };
    let call = read(Segment, "", &asked).unwrap();
    assert_eq!((call.site.as_str(), call.key.as_str()), ("abc123", "abc123"));
    let in_body = json!({ "writeKey": "abc", "batch": [] });
    assert_eq!(support::call(Segment, &in_body).site, "abc");
}

#[test]
fn a_single_calls_path_says_what_it_is() {
    let body = json!({ "anonymousId": "a", "event": "Signed Up", "groupId": "g", "name": "Home" }).to_string();
    let kinds = [
        ("/v1/track", "custom"),
        ("/v1/page/", "pageview"),
        ("/v1/screen", "pageview"),
        ("/v1/i", "identify"),
        ("/v1/group", "passive_custom"),
        ("/v1/alias", "passive_custom"),
    ];
    for (path, expected) in kinds {
        let Some(Route::Events(api, kind)) = route(path) else { panic!("{path}") };
        let call = read(api, kind, &support::asked(body.as_bytes())).unwrap();
        let found = one(&call.events.into_iter().next().unwrap());
        assert!(found.get(expected).is_some(), "{path}: {found}");
    }
}

#[test]
fn a_page_is_told_by_its_properties_or_by_its_context() {
    let page = json!({ "type": "page", "anonymousId": "a", "name": "Home", "messageId": "m1", "timestamp": "2026-11-21T11:52:20.044Z",
        "properties": { "title": "Welcome", "url": "https://s.example/a?utm_source=x&q=1", "referrer": "https://r.example/?q", "plan": "pro" },
        "context": { "ip": "203.0.113.9", "userAgent": "Mozilla/5.0 x", "locale": "nl-NL", "timezone": "Europe/Amsterdam",
            "screen": { "width": 320, "height": 568 } } });
    let arrival = only(Segment, &page).unwrap();
    assert_eq!((arrival.person.as_str(), arrival.id.as_str(), &*arrival.batch.user), ("a", "m1", ""));
    assert_eq!(arrival.claims.address, "203.0.113.9");
    assert_eq!(arrival.claims.at_ms, Some(1_795_261_940_044));
    let context = arrival.batch.context.clone().unwrap();
    assert_eq!((&*context.language, &*context.time_zone, context.screen.0), ("nl-NL", "Europe/Amsterdam", 320));
    let found = one(&Ok(arrival));
    assert_holds(
        &found,
        &json!({ "pageview": { "path": "/a", "host": "s.example", "query": "utm_source=x", "title": "Welcome",
        "referrer": "https://r.example/", "props": { "plan": "pro" } } }),
    );
    let around = json!({ "type": "page", "userId": "u", "context": { "campaign": { "name": "spring sale", "source": "mail" },
        "page": { "url": "https://s.example/b", "title": "B" } } });
    assert_holds(
        &one(&only(Segment, &around)),
        &json!({ "pageview": { "path": "/b", "title": "B",
        "query": "utm_source=mail&utm_campaign=spring+sale" } }),
    );
    let named = json!({ "type": "page", "userId": "u", "name": "Home" });
    assert_holds(&one(&only(Segment, &named)), &json!({ "pageview": { "path": "/Home", "title": "Home" } }));
}

#[test]
fn the_e_commerce_spec_is_commerce() {
    let usd = |amount_minor: i64| json!({ "amount_minor": amount_minor, "currency": "USD" });
    let product = json!({ "product_id": "p1", "name": "Shoe", "brand": "B", "variant": "red", "category": "Shoes", "price": 18.99, "quantity": 2 });
    assert_holds(
        &track("Product Viewed", product.clone()),
        &json!({ "product_view": { "id": "p1", "name": "Shoe", "price": usd(1899) } }),
    );
    assert_holds(
        &track("Product Added", product.clone()),
        &json!({ "cart_add": { "product": { "id": "p1" }, "quantity": 2 } }),
    );
    assert_holds(
        &track("Product Removed", json!({ "sku": "s1" })),
        &json!({ "cart_remove": { "product": { "id": "s1" }, "quantity": 1 } }),
    );
    assert_holds(
        &track("Checkout Started", json!({ "value": 20 })),
        &json!({ "checkout": { "step": 1, "value": usd(2000) } }),
    );
    assert_holds(&track("Checkout Step Viewed", json!({ "step": 2 })), &json!({ "checkout": { "step": 2 } }));
    let order = json!({ "order_id": "50314b8e", "total": 27.5, "shipping": 3, "tax": 2, "discount": 2.5, "coupon": "hasbros",
        "currency": "EUR", "products": [product, { "product_id": "p2", "price": 3, "quantity": 1 }] });
    assert_holds(
        &track("Order Completed", order),
        &json!({ "order": { "id": "50314b8e", "total": support::euro(2750),
        "tax_minor": 200, "shipping_minor": 300, "discount_minor": 250, "coupon": "hasbros",
        "items": [{ "quantity": 2, "product": { "id": "p1", "price": support::euro(1899) } }, { "product": { "id": "p2" } }] } }),
    );
    assert_holds(
        &track("Order Refunded", json!({ "order_id": "1", "total": 5 })),
        &json!({ "refund": { "order": "1", "amount": usd(500) } }),
    );
    assert_holds(&track("Products Searched", json!({ "query": "bags" })), &json!({ "search": { "terms": "bags" } }));
    assert_holds(
        &track("Signed Up", json!({ "revenue": 5 })),
        &json!({ "custom": { "name": "Signed Up", "props": { "revenue": usd(500) } } }),
    );
}

#[test]
fn nobody_and_nothing_are_refused_by_name() {
    let batch = json!({ "writeKey": "k", "batch": [
        { "type": "track", "event": "x" }, { "type": "track", "userId": "u" }, { "type": "delete", "userId": "u" }, 7,
        { "type": "track", "userId": 42, "event": "good", "anonymousId": null },
    ] });
    let call = call(Segment, &batch);
    let refused: Vec<_> = call.events.iter().map(|event| event.as_ref().err().copied()).collect();
    let (missing, malformed) = (Some(Reason::MissingField), Some(Reason::Malformed));
    assert_eq!(refused, vec![missing, missing, malformed, malformed, None]);
    assert_eq!(call.events[4].as_ref().unwrap().person, "42");
}
