//! Whatever a body holds, reading it ends, and says by name what is wrong; and when an event may claim to have happened.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use passerby_adapters::{Api, Verdict, answer, read};
use passerby_protocol::limits::MAX_EVENTS;
use passerby_protocol::{DecodeError, Reason, Refusal};
use serde_json::{Value, json};
use support::{asked, call};

const APIS: [Api; 6] = [Api::Plausible, Api::Umami, Api::UmamiBatch, Api::PostHog, Api::Segment, Api::Ga4];

#[test]
fn no_body_makes_a_reader_panic() {
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(50_000), close.repeat(50_000));
    let long = format!("{{\"event\":\"{}\"}}", "x".repeat(500_000));
    let bodies = [
        String::new(),
        " ".into(),
        "null".into(),
        "5".into(),
        "\"x\"".into(),
        "{".into(),
        "[".into(),
        "[]".into(),
        "{}".into(),
        "[[],{},5,null,\"\"]".into(),
        deep("[", "]"),
        deep("{\"a\":", "}").replace("}}", "1}}"),
        long,
        r#"{"batch":{}}"#.into(),
        r#"{"batch":null,"events":null}"#.into(),
        r#"{"batch":[null]}"#.into(),
        r#"{"":[],"":{}}"#.into(),
        r#"{"__proto__":{"a":1},"constructor":5,"n":"x","u":"/"}"#.into(),
        r#"{"n":1e999,"u":-1e999}"#.into(),
        r#"{"n":"\u0000","u":"/\u0000","d":"\u0000"}"#.into(),
        "\u{feff}{\"n\":\"pageview\",\"u\":\"/\"}".into(),
        r#"{"api_key":"a","api_key":"b","event":"x","event":"y","distinct_id":1}"#.into(),
        r#"{"n":"pageview","u":"://"}"#.into(),
        r#"{"n":"pageview","u":"http://@:/?#"}"#.into(),
        "é".repeat(1000),
    ];
    for api in APIS {
        for body in &bodies {
            _ = read(api, "", &asked(body.as_bytes()));
            for end in (0..body.len().min(60)).filter(|end| body.is_char_boundary(*end)) {
                _ = read(api, "", &asked(&body.as_bytes()[..end]));
            }
        }
        assert!(read(api, "", &asked(b"\xff\xfe{}")).is_err());
        assert!(read(api, "", &asked(b"data=")).is_err());
    }
}

#[test]
fn deep_nesting_within_one_event_costs_only_that_event() {
    let deep = format!("{}1{}", "[".repeat(5000), "]".repeat(5000));
    let body = format!(
        r#"{{"batch":[{{"event":"a","distinct_id":"u"}},{{"event":"b","distinct_id":"u","properties":{deep}}}]}}"#
    );
    let call = read(Api::PostHog, "", &asked(body.as_bytes())).unwrap();
    assert!(call.events[0].is_ok());
    assert_eq!(call.events[1].as_ref().unwrap_err(), &Reason::Malformed);
}

#[test]
fn more_events_than_a_batch_may_hold_are_refused_whole_with_the_limit() {
    let body = json!({ "batch": vec![json!({}); MAX_EVENTS + 1] });
    let limit = DecodeError::Limit { name: "max_events", limit: MAX_EVENTS, found: MAX_EVENTS + 1 };
    assert_eq!(support::try_call(Api::Segment, &body).unwrap_err(), limit);
}

#[test]
fn of_a_name_that_is_there_twice_the_last_counts() {
    let body = br#"{"api_key":"a","api_key":"b","batch":[{"event":"x","event":"y","distinct_id":"u"}]}"#;
    let call = read(Api::PostHog, "", &asked(body)).unwrap();
    let found = support::one(&call.events.into_iter().next().unwrap());
    assert_eq!((call.site.as_str(), found["custom"]["name"].as_str()), ("b", Some("y")));
}

const SENT_MS: i64 = 1_795_261_940_000;

fn batch(times: &[&str], sent_at: Option<&str>) -> Value {
    let event = |time: &&str| json!({ "event": "x", "distinct_id": "u", "timestamp": time });
    json!({ "api_key": "k", "batch": times.iter().map(event).collect::<Vec<_>>(), "sent_at": sent_at })
}

fn after_ms(body: &Value, received_ms: i64, trusted: bool) -> Vec<i32> {
    let mut call = call(Api::PostHog, body);
    call.settle_times(received_ms, trusted);
    call.events.iter().map(|event| event.as_ref().unwrap().batch.events[0].after_ms).collect()
}

#[test]
fn of_a_sender_who_is_not_believed_only_the_distance_to_the_sending_counts() {
    // Sent 40 s after the first and 10 s after the second; received a day later by the collector's clock.
    let body = batch(&["2026-11-21T11:51:40Z", "2026-11-21T11:52:10Z"], Some("2026-11-21T11:52:20Z"));
    assert_eq!(after_ms(&body, SENT_MS + 86_400_000, false), [-40_000, -10_000]);
    let silent = batch(&["2026-11-21T11:51:40Z", "2026-11-21T11:52:10Z"], None);
    assert_eq!(after_ms(&silent, SENT_MS + 86_400_000, false), [-30_000, 0], "the newest event is now");
}

#[test]
fn of_a_sender_who_is_believed_the_time_said_is_the_time() {
    let body =
        batch(&["2026-11-21T11:51:40Z", "2026-11-21T11:52:30Z", "1970-01-01T00:00:00Z"], Some("2026-11-21T11:52:20Z"));
    assert_eq!(after_ms(&body, SENT_MS + 60_000, true), [-100_000, -50_000, i32::MIN], "so old that it does not fit");
}

#[test]
fn an_event_without_a_time_happens_when_it_comes() {
    let body = json!({ "n": "pageview", "u": "https://s.example/" });
    for trusted in [false, true] {
        let mut call = call(Api::Plausible, &body);
        call.settle_times(SENT_MS, trusted);
        assert_eq!(call.events[0].as_ref().unwrap().batch.events[0].after_ms, 0);
    }
}

#[test]
fn each_client_hears_what_it_expects() {
    let none = Verdict { events: 2, ..Verdict::default() };
    let some = |reason| Verdict { refused: vec![Refusal { index: 1, reason }], ..none.clone() };
    let said = |api, verdict: &Verdict| {
        let answer = answer(api, verdict);
        (answer.status, answer.body)
    };
    assert_eq!(said(Api::PostHog, &none), (200, r#"{"status":"Ok"}"#.to_owned()));
    let refused = r#"{"status":"Ok","refused":[{"index":1,"reason":"too_old"}]}"#.to_owned();
    assert_eq!(said(Api::PostHog, &some(Reason::TooOld)), (200, refused));
    assert_eq!(said(Api::Segment, &none), (200, r#"{"success":true}"#.to_owned()));
    assert_eq!(said(Api::Ga4, &some(Reason::Malformed)), (204, String::new()));
    assert_eq!(said(Api::Plausible, &none), (202, "ok".to_owned()));
    assert_eq!(said(Api::Plausible, &some(Reason::Bot)), (202, "ok".to_owned()));
    assert_eq!(answer(Api::Plausible, &some(Reason::Bot)).header, Some(("X-Plausible-Dropped", "1")));
    assert_eq!(said(Api::Plausible, &some(Reason::MissingField)).0, 400);
    assert_eq!(said(Api::Umami, &none), (200, r#"{"cache":""}"#.to_owned()));
    assert_eq!(said(Api::Umami, &some(Reason::Bot)), (200, r#"{"beep":"boop"}"#.to_owned()));
    let batch: Value = serde_json::from_str(&said(Api::UmamiBatch, &some(Reason::TooOld)).1).unwrap();
    support::assert_holds(&batch, &json!({ "size": 2, "processed": 1, "errors": 1, "details": [{ "index": 1 }] }));
}
