//! Plausible's events API, with the payloads of its documentation and its trackers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use passerby_adapters::Api::Plausible;
use passerby_adapters::{Asked, read};
use passerby_protocol::Reason;
use serde_json::json;
use support::{assert_holds, call, euro, happened, one, only};

#[test]
fn a_documented_page_view_is_read_in_long_and_in_short_names() {
    let long = json!({ "name": "pageview", "url": "http://dummy.site/a?utm_source=x&secret=1", "domain": "dummy.site",
        "referrer": "https://news.example/article?id=5", "props": { "author": "ann" } });
    let short = json!({ "n": "pageview", "u": "http://dummy.site/a?utm_source=x&secret=1", "d": "dummy.site",
        "r": "https://news.example/article?id=5", "p": "{\"author\":\"ann\"}", "h": 0, "w": 1280 });
    let expected = json!({ "after_ms": 0, "pageview": { "path": "/a", "host": "dummy.site", "query": "utm_source=x",
        "referrer": "https://news.example/article", "props": { "author": "ann" } } });
    for body in [long, short] {
        assert_eq!(call(Plausible, &body).site, "dummy.site");
        assert_holds(&one(&only(Plausible, &body)), &expected);
    }
}

#[test]
fn revenue_becomes_an_amount_and_properties_keep_their_types() {
    let body = json!({ "n": "Purchase", "u": "https://s.example/", "d": "s.example",
        "$": { "amount": "1322.22", "currency": "EUR" }, "p": { "size": 42, "gift": true, "note": null } });
    let expected = json!({ "custom": { "name": "Purchase",
        "props": { "size": 42, "gift": true, "revenue": euro(132_222) } } });
    let found = one(&only(Plausible, &body));
    assert_holds(&found, &expected);
    assert!(found["custom"]["props"].get("note").is_none());
}

#[test]
fn what_the_tracker_sends_by_itself_is_the_kind_that_the_contract_has() {
    let send = |more: serde_json::Value| {
        let mut body = json!({ "u": "https://s.example/p", "d": "s.example" });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        one(&only(Plausible, &body))
    };
    let engagement = send(json!({ "n": "engagement", "e": 6279, "sd": 24, "v": 36 }));
    assert_holds(&engagement, &json!({ "engagement": { "visible_ms": 6279, "scroll_percent": 24 } }));
    let unmeasured = send(json!({ "n": "engagement", "e": 6279, "sd": 255 }));
    assert_holds(&unmeasured, &json!({ "engagement": { "scroll_percent": 0 } }));
    let outbound = send(json!({ "n": "Outbound Link: Click", "p": { "url": "https://o.example/x?token=1" } }));
    assert_holds(&outbound, &json!({ "outbound": { "url": "https://o.example/x" } }));
    let download = send(json!({ "n": "File Download", "p": { "url": "https://s.example/a.pdf" } }));
    assert_holds(&download, &json!({ "download": { "url": "https://s.example/a.pdf" } }));
    let form = send(json!({ "n": "Form: Submission" }));
    assert_holds(&form, &json!({ "form_submit": { "form": "/p" } }));
    let passive = send(json!({ "n": "Shown", "i": false }));
    assert_holds(&passive, &json!({ "passive_custom": { "name": "Shown" } }));
}

#[test]
fn on_a_site_that_routes_by_it_the_fragment_is_part_of_the_path() {
    let body = json!({ "n": "pageview", "u": "https://s.example/app?x=1#/settings", "d": "s.example", "h": 1 });
    let arrival = only(Plausible, &body).unwrap();
    assert_holds(&happened(&arrival)[0], &json!({ "pageview": { "path": "/app#/settings" } }));
    assert_eq!(arrival.batch.page, "/app#/settings");
}

#[test]
fn a_request_without_a_domain_is_of_its_address() {
    let body = json!({ "n": "pageview", "u": "https://www.s.example/" });
    assert_eq!(call(Plausible, &body).site, "s.example");
    let several = json!({ "n": "pageview", "u": "https://s.example/", "d": "s.example,rollup.example" });
    assert_eq!(call(Plausible, &several).site, "s.example");
}

#[test]
fn the_visitors_address_is_a_claim() {
    let body = json!({ "n": "pageview", "u": "https://s.example/", "d": "s.example" }).to_string();
    let asked = Asked { body: body.as_bytes(), forwarded_for: "203.0.113.9, 10.0.0.1", ..Asked::default() };
    let call = read(Plausible, "", &asked).unwrap();
    assert_eq!(call.events[0].as_ref().unwrap().claims.address, "203.0.113.9");
}

#[test]
fn what_is_no_event_is_refused_by_name() {
    let missing = json!({ "n": "pageview", "d": "s.example" });
    assert_eq!(only(Plausible, &missing).unwrap_err(), Reason::MissingField);
    let elsewhere = json!({ "n": "pageview", "u": "data:text/html,x", "d": "s.example" });
    assert_eq!(only(Plausible, &elsewhere).unwrap_err(), Reason::Malformed);
    let too_much = json!({ "n": "P", "u": "https://s.example/", "$": { "amount": 1e30, "currency": "EUR" } });
    assert_eq!(only(Plausible, &too_much).unwrap_err(), Reason::NumberOutOfRange);
}
