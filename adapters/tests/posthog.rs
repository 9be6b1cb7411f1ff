//! PostHog's capture API, with what its documentation and its libraries send.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::io::Write;

use base64::Engine;
use passerby_adapters::Api::PostHog;
use passerby_adapters::inflate::inflate;
use passerby_adapters::{Asked, posthog, read};
use passerby_protocol::{DecodeError, Reason};
use serde_json::{Value, json};
use support::{asked, assert_holds, call, euro, happened, one, only};

fn captured(event: &str, properties: Value) -> Value {
    json!({ "event": event, "distinct_id": "u1", "uuid": "0198", "properties": properties })
}

#[test]
fn one_event_a_list_and_a_batch_are_read_alike() {
    let event = captured("signed up", json!({ "plan": "pro" }));
    let mut single = event.clone();
    single["api_key"] = json!("phc_x");
    let mut with_token = event.clone();
    with_token["properties"]["token"] = json!("phc_x");
    for body in [single, json!([with_token]), json!({ "api_key": "phc_x", "batch": [event] })] {
        let call = call(PostHog, &body);
        assert_eq!(call.site, "phc_x", "{body}");
        let arrival = call.events.into_iter().next().unwrap();
        assert_eq!(arrival.as_ref().unwrap().id, "0198");
        assert_holds(&one(&arrival), &json!({ "custom": { "name": "signed up", "props": { "plan": "pro" } } }));
    }
}

#[test]
fn packed_and_coded_bodies_say_the_same() {
    let body = json!({ "api_key": "phc_x", "batch": [captured("a", json!({}))] }).to_string();
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(body.as_bytes()).unwrap();
    let gzip = inflate(packer.finish().unwrap()).unwrap();
    let coded = base64::engine::general_purpose::STANDARD.encode(&body);
    let form: String = form_urlencoded::Serializer::new(String::new()).append_pair("data", &coded).finish();
    let plain_form: String = form_urlencoded::Serializer::new(String::new()).append_pair("data", &body).finish();
    // As some clients write it: the pluses as they are.
    let loose_form = format!("data={coded}&ver=1");
    let bodies: [(&[u8], &str); 5] = [
        (&gzip, ""),
        (coded.as_bytes(), "compression=base64&ver=1"),
        (form.as_bytes(), ""),
        (plain_form.as_bytes(), ""),
        (loose_form.as_bytes(), "compression=base64"),
    ];
    for (body, query) in bodies {
        let call = read(PostHog, "", &Asked { body, query, ..Asked::default() }).unwrap();
        assert_eq!((call.site.as_str(), call.events.len()), ("phc_x", 1));
    }
    let wrong = Asked { body: b"data=%%%", ..Asked::default() };
    assert_eq!(read(PostHog, "", &wrong).unwrap_err(), DecodeError::Malformed);
}

#[test]
fn a_browsers_page_view_is_read_and_its_own_properties_left_out() {
    let properties = json!({
        "$current_url": "http://shop.test:9911/page?utm_source=n&secret=1", "$host": "shop.test:9911", "$pathname": "/page",
        "$screen_width": 1280, "$screen_height": 720, "$viewport_width": 1200, "$viewport_height": 700,
        "$browser_language": "en-US", "$timezone": "Europe/Berlin", "$raw_user_agent": "Mozilla/5.0 x",
        "distinct_id": "user-7", "$device_id": "01a1-device", "$user_id": "user-7", "utm_source": "n", "gclid": null,
        "$referrer": "$direct", "title": "Shop", "token": "phc_x", "plan": "pro",
        "$prev_pageview_pathname": "/before", "$prev_pageview_duration": 12.5, "$prev_pageview_max_scroll_percentage": 0.5,
    });
    let mut event = captured("$pageview", properties);
    event["distinct_id"] = json!("user-7");
    let arrival = only(PostHog, &event).unwrap();
    assert_eq!(
        (arrival.person.as_str(), &*arrival.batch.user, arrival.host.as_str()),
        ("01a1-device", "user-7", "shop.test")
    );
    assert_eq!(arrival.batch.page, "/before", "where the engagement before it was");
    let context = arrival.batch.context.clone().unwrap();
    assert_eq!((context.screen.0, &*context.language, &*context.time_zone), (1280, "en-US", "Europe/Berlin"));
    let found: Value = happened(&arrival).into();
    assert_holds(
        &found,
        &json!([
            { "engagement": { "visible_ms": 12_500, "scroll_percent": 50 } },
            { "pageview": { "path": "/page", "query": "utm_source=n", "title": "Shop", "referrer": "" } },
        ]),
    );
    assert_eq!(found[1]["pageview"]["props"], json!({ "plan": "pro" }));
}

#[test]
fn whose_it_is_follows_from_what_the_client_knows() {
    let who = |properties: Value| {
        let arrival = only(PostHog, &captured("x", properties)).unwrap();
        (arrival.person, arrival.batch.user.into_owned())
    };
    let owned = |person: &str, user: &str| (person.to_owned(), user.to_owned());
    assert_eq!(who(json!({ "$lib": "posthog-node" })), owned("u1", "u1"), "a server names the user");
    assert_eq!(who(json!({ "$process_person_profile": false })), owned("u1", ""), "or makes an id up");
    assert_eq!(who(json!({ "$device_id": "d" })), owned("d", ""), "a browser that knows nobody");
    assert_eq!(who(json!({ "$device_id": "d", "$user_id": "u1" })), owned("d", "u1"), "the same, once it knows");
    let mut cookieless = captured("x", json!({}));
    cookieless["distinct_id"] = json!("$posthog_cookieless");
    let arrival = only(PostHog, &cookieless).unwrap();
    assert_eq!((arrival.person.as_str(), &*arrival.batch.user), ("", ""), "by address and browser");
}

#[test]
fn what_the_libraries_capture_by_themselves_is_the_kind_that_the_contract_has() {
    let found = |event: &str, properties: Value| -> Value {
        happened(&only(PostHog, &captured(event, properties)).unwrap()).into()
    };
    let elements = json!([
        { "tag_name": "button", "$el_text": "Buy it", "nth_of_type": 2 }, { "tag_name": "form", "nth_of_type": 1 },
        { "tag_name": "div", "attr__id": "cart" }, { "tag_name": "body" },
    ]);
    let click = found("$autocapture", json!({ "$event_type": "click", "$elements": elements }));
    assert_holds(&click, &json!([{ "click": { "element": "#cart>form>button:2", "text": "Buy it" } }]));
    let chain = "button.buy:nth-child=\"2\"nth-of-type=\"2\"text=\"Buy it\";form:nth-of-type=\"1\";div:attr__id=\"cart\"nth-of-type=\"1\"";
    let click = found("$rageclick", json!({ "$event_type": "click", "$elements_chain": chain }));
    assert_holds(&click, &json!([{ "click": { "element": "#cart>form>button:2", "text": "Buy it", "flags": 2 } }]));
    let submit = found(
        "$autocapture",
        json!({ "$event_type": "submit", "$elements": [{ "tag_name": "form", "attr__id": "f" }] }),
    );
    assert_holds(&submit, &json!([{ "form_submit": { "form": "#f" } }]));
    let left = found(
        "$autocapture",
        json!({ "$event_type": "click", "$external_click_url": "https://o.example/x?y", "$elements": elements }),
    );
    assert_holds(&left, &json!([{ "outbound": { "url": "https://o.example/x" } }, { "click": {} }]));
    let vitals = found("$web_vitals", json!({ "$web_vitals_LCP_value": 1500.4, "$web_vitals_CLS_value": 0.1 }));
    assert_holds(
        &vitals,
        &json!([{ "vital": { "name": "LCP", "value": 1500 } }, { "vital": { "name": "CLS", "value": 1000 } }]),
    );
    let error = found(
        "$exception",
        json!({ "$exception_list": [{ "type": "Error", "value": "boom", "stacktrace": { "frames": [
        { "filename": "a.js", "lineno": 1 }, { "filename": "https://s.example/c1.js?v=1", "lineno": 7, "colno": 21 } ] } }] }),
    );
    assert_holds(
        &error,
        &json!([{ "script_error": { "message": "Error: boom", "source": "https://s.example/c1.js", "line": 7, "column": 21 } }]),
    );
    let identify = found("$identify", json!({ "$set": { "email": "x" } }));
    assert_holds(&identify, &json!([{ "identify": { "user": "u1", "traits": { "email": "x" } } }]));
    let leave =
        found("$pageleave", json!({ "$prev_pageview_duration": 3.0, "$prev_pageview_max_scroll_percentage": 1 }));
    assert_holds(&leave, &json!([{ "engagement": { "visible_ms": 3000, "scroll_percent": 100 } }]));
    let other = found("$feature_flag_called", json!({ "$feature_flag": "f" }));
    assert_holds(&other, &json!([{ "passive_custom": { "name": "$feature_flag_called" } }]));
    let revenue = found("paid", json!({ "revenue": 12.5, "currency": "EUR" }));
    assert_holds(&revenue, &json!([{ "custom": { "props": { "revenue": euro(1250) } } }]));
}

#[test]
fn a_bad_event_costs_no_other() {
    let good = captured("a", json!({})).to_string();
    let body = format!(
        r#"{{"api_key":"phc_x","batch":[{good},7,{{"event":"no id"}},{{"event":"big","distinct_id":"u","properties":{{"n":1e999}}}},{{"event":"half \ud800","distinct_id":"u"}},{good}]}}"#
    );
    let call = read(PostHog, "", &asked(body.as_bytes())).unwrap();
    let refused: Vec<_> = call.events.iter().map(|event| event.as_ref().err().copied()).collect();
    let malformed = Some(Reason::Malformed);
    assert_eq!(refused, vec![None, malformed, Some(Reason::MissingField), malformed, malformed, None]);
}

#[test]
fn a_body_of_ours_is_not_taken_for_its() {
    assert!(!posthog::is_its(br#"{"site":"shop","tab":"00000000000000a1","events":[]}"#));
    assert!(!posthog::is_its(b"\x01\x00"));
    assert!(!posthog::is_its(b""));
    assert!(!posthog::is_its(b"{"));
    assert!(posthog::is_its(br#"{"api_key":"x","event":"y"}"#));
    assert!(posthog::is_its(br#" [{"event":"y"}]"#));
    assert!(posthog::is_its(b"\x1f\x8b\x08"));
}
