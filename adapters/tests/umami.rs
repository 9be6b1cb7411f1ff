//! Umami's `/api/send` and `/api/batch`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use passerby_adapters::Api::{Umami, UmamiBatch};
use passerby_adapters::{Asked, read};
use passerby_protocol::{Reason, Ticket};
use serde_json::{Value, json};
use support::{assert_holds, call, euro, happened, one, only};

const WEBSITE: &str = "b59e9c65-ae32-47f1-8400-119fcf4861c4";

fn sent(kind: &str, more: Value) -> Value {
    let mut payload = json!({ "website": WEBSITE, "hostname": "s.example", "url": "/a?utm_source=x&q=1", "language": "en-GB",
        "screen": "1920x1080" });
    payload.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({ "type": kind, "payload": payload })
}

#[test]
fn a_documented_page_view_is_read() {
    let body = sent("event", json!({ "title": "A", "referrer": "https://news.example/x?y=1" }));
    assert_eq!(call(Umami, &body).site, WEBSITE);
    let arrival = only(Umami, &body).unwrap();
    assert_holds(
        &happened(&arrival)[0],
        &json!({ "pageview": { "path": "/a", "host": "s.example", "query": "utm_source=x", "title": "A",
            "referrer": "https://news.example/x" } }),
    );
    let context = arrival.batch.context.unwrap();
    assert_eq!((context.screen.0, context.screen.1, &*context.language), (1920, 1080, "en-GB"));
}

#[test]
fn each_type_is_the_kind_that_the_contract_has() {
    let custom = sent("event", json!({ "name": "buy", "data": { "n": 3, "revenue": 9.5, "currency": "eur" } }));
    assert_holds(
        &one(&only(Umami, &custom)),
        &json!({ "custom": { "name": "buy", "props": { "n": 3, "revenue": euro(950) } } }),
    );
    let identify = sent("identify", json!({ "id": "u-1", "data": { "plan": "pro" } }));
    let arrival = only(Umami, &identify).unwrap();
    assert_holds(&happened(&arrival)[0], &json!({ "identify": { "user": "u-1", "traits": { "plan": "pro" } } }));
    assert_eq!((&*arrival.person, &*arrival.batch.user), ("u-1", "u-1"));
    let nobody = sent("identify", json!({ "data": { "plan": "pro" } }));
    assert_holds(
        &one(&only(Umami, &nobody)),
        &json!({ "passive_custom": { "name": "identify", "props": { "plan": "pro" } } }),
    );
    let vitals = only(Umami, &sent("performance", json!({ "lcp": 1200.4, "cls": 0.125 }))).unwrap();
    let expected =
        json!([{ "vital": { "name": "LCP", "value": 1200 } }, { "vital": { "name": "CLS", "value": 1250 } }]);
    assert_holds(&happened(&vitals).into(), &expected);
    let engagement = only(Umami, &sent("engagement", json!({ "engagement": 5000 })));
    assert_holds(&one(&engagement), &json!({ "engagement": { "visible_ms": 5000 } }));
    assert_eq!(only(Umami, &sent("replay", json!({}))).unwrap_err(), Reason::Malformed);
}

#[test]
fn of_a_batch_a_bad_event_costs_no_other() {
    let other = json!({ "type": "event", "payload": { "website": "another", "url": "/" } });
    let call = call(
        UmamiBatch,
        &json!([sent("event", json!({})), 5, { "type": "event" }, other, sent("event", json!({ "name": "x" }))]),
    );
    let refused: Vec<_> = call.events.iter().map(|event| event.as_ref().err().copied()).collect();
    let malformed = Some(Reason::Malformed);
    assert_eq!((call.site.as_str(), refused), (WEBSITE, vec![None, malformed, malformed, malformed, None]));
}

#[test]
fn address_agent_and_time_are_claims() {
    let body = sent("event", json!({ "ip": "203.0.113.9", "userAgent": "Mozilla/5.0 x", "timestamp": 1_795_261_940 }));
    let claims = only(Umami, &body).unwrap().claims;
    assert_eq!((claims.address.as_str(), claims.user_agent.as_str()), ("203.0.113.9", "Mozilla/5.0 x"));
    assert_eq!(claims.at_ms, Some(1_795_261_940_000));
}

#[test]
fn the_cache_that_the_tracker_sends_back_is_our_ticket() {
    let body = sent("event", json!({})).to_string();
    let with = |umami_cache| {
        let call = read(Umami, "", &Asked { body: body.as_bytes(), umami_cache, ..Asked::default() }).unwrap();
        call.events[0].as_ref().unwrap().batch.ticket.clone()
    };
    assert_eq!(with("0aff"), Ticket(vec![0x0a, 0xff]));
    assert_eq!(with("eyJhbGciOiJIUzI1NiJ9.e30"), Ticket::default(), "one of Umami's own is none");
}
