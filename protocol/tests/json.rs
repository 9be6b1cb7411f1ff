//! The JSON form is strict, and says what is wrong and where.
#![allow(clippy::expect_used, clippy::panic)] // A panic is how a test fails, in its functions too.

use std::path::{Path, PathBuf};

use passerby_protocol::*;

fn error(json: &str) -> String {
    match decode_json(json.as_bytes()) {
        Err(DecodeError::Json(text)) => text,
        other => panic!("{json}: {other:?}"),
    }
}

/// The error of a batch whose second line is this event.
fn event_error(event: &str) -> String {
    error(&format!("{{\"events\": [\n{event}]}}"))
}

#[test]
fn what_is_left_out_has_its_default() {
    assert_eq!(decode_json(b"{}"), Ok(Batch::default()));
    for label in Kind::<String>::LABELS {
        let nothing = if *label == "resize" { "[0, 0]" } else { "{}" };
        let body = format!(r#"{{"events": [{{"{label}": {nothing}}}]}}"#);
        let batch = decode_json(body.as_bytes()).unwrap_or_else(|e| panic!("{label}: {e}"));
        assert_eq!((batch.events[0].after_ms, batch.events[0].kind.label()), (0, *label));
    }
}

#[test]
fn a_field_that_is_not_known_is_refused_wherever_it_stands() {
    let unknown = "unknown field `x`";
    for body in [
        r#"{"x": 1}"#,
        r#"{"context": {"x": 1}}"#,
        r#"{"context": {"hints": {"x": 1}}}"#,
        r#"{"events": [{"x": {}}]}"#,
        r#"{"events": [{"custom": {"props": {"p": {"amount_minor": 1, "currency": "EUR", "x": 1}}}}]}"#,
        r#"{"events": [{"product_view": {"price": {"x": 1}}}]}"#,
        r#"{"events": [{"order": {"items": [{"x": 1}]}}]}"#,
        r#"{"events": [{"order": {"items": [{"product": {"x": 1}}]}}]}"#,
    ] {
        let error = error(body);
        assert!(error.starts_with(unknown) && error.contains("at line 1 column"), "{body}: {error}");
    }
    for label in Kind::<String>::LABELS.iter().filter(|label| **label != "resize") {
        let error = event_error(&format!(r#"{{"{label}": {{"x": 1}}}}"#));
        assert!(error.starts_with(unknown) && error.contains("at line 2 column"), "{label}: {error}");
    }
}

#[test]
fn errors_of_the_batch_name_the_place() {
    let long_ticket = format!(r#"{{"ticket": "{}"}}"#, "ab".repeat(limits::MAX_TICKET_BYTES + 1));
    for (body, expected) in [
        ("", "EOF while parsing a value at line 1 column 0"),
        ("[]", "invalid type: sequence, expected a batch: an object at line 1 column 0"),
        ("{} {}", "trailing characters at line 1 column 4"),
        ("\u{feff}{}", "expected value at line 1 column 1"),
        (r#"{"site": "a", "site": "b"}"#, "duplicate field `site` at line 1 column 20"),
        (r#"{"site": null}"#, "invalid type: null, expected a string at line 1 column 13"),
        (r#"{"site": "\ud800"}"#, "unexpected end of hex escape at line 1 column 17"),
        (r#"{"first": "1"}"#, "invalid type: string \"1\", expected u32 at line 1 column 13"),
        (r#"{"tab": "9a3f"}"#, "invalid length 4, expected 16 hex digits at line 1 column 15"),
        (r#"{"tab": "x"}"#, "invalid value: string \"x\", expected 16 hex digits at line 1 column 11"),
        (r#"{"visitor": "00"}"#, "invalid length 2, expected 32 hex digits at line 1 column 17"),
        (r#"{"ticket": "abc"}"#, "invalid value: string \"abc\", expected hex digits at line 1 column 16"),
        (&long_ticket, "invalid length 65, expected at most 64 bytes at line 1 column 144"),
        (r#"{"viewport": [1]}"#, "invalid length 1, expected tuple struct Size with 2 elements at line 1 column 16"),
        (r#"{"viewport": [1, 2, 3]}"#, "trailing characters at line 1 column 21"),
    ] {
        assert_eq!(error(body), expected, "{body}");
    }
}

#[test]
fn errors_of_an_event_name_the_place() {
    let nested = format!(r#"{{"custom": {{"props": {}"#, r#"{"a":"#.repeat(9_000));
    for (event, expected) in [
        (
            "[]",
            "invalid type: sequence, expected an event: an object with one kind as its key, and optionally after_ms",
        ),
        (r#"{"page_view": {}}"#, "unknown field `page_view`, expected one of `pageview`, `engagement`, "),
        (r#"{"download": {}, "search": {}}"#, "an event has more than one kind at line 2 column 30"),
        (r#"{"after_ms": 1}"#, "an event has no kind at line 2 column 15"),
        (r#"{"after_ms": 1, "after_ms": 1}"#, "duplicate field `after_ms` at line 2 column 30"),
        (r#"{"engagement": {"visible_ms": -1}}"#, "invalid value: integer `-1`, expected u32 at line 2 column 32"),
        (r#"{"engagement": {"visible_ms": 1.5}}"#, "invalid type: floating point `1.5`, expected u32 at line 2"),
        (
            r#"{"engagement": {"visible_ms": 4294967296}}"#,
            "invalid value: integer `4294967296`, expected u32 at line 2",
        ),
        (r#"{"pageview": {"trigger": "click"}}"#, "unknown variant `click`, expected one of `load`, `push`, "),
        (r#"{"custom": {"props": {"a": 1, "a": 2}}}"#, "a property is given twice at line 2 column 33"),
        (r#"{"custom": {"props": {"a": null}}}"#, "invalid type: null, expected a string, a number, a boolean or "),
        (r#"{"custom": {"props": {"a": [1]}}}"#, "invalid type: sequence, expected a string, a number, a boolean "),
        (r#"{"custom": {"props": {"a": 1e999}}}"#, "number out of range at line 2 column 32"),
        (r#"{"refund": {"amount": {"amount_minor": 1}}}"#, "missing field `currency` at line 2 column 41"),
        (
            r#"{"refund": {"amount": {"amount_minor": 1, "currency": "eur"}}}"#,
            "invalid value: string \"eur\", expected three capital letters (ISO 4217) at line 2 column 59",
        ),
        (&"[".repeat(60_000), "invalid type: sequence, expected an event"),
        (&nested, "unknown field `a`, expected `amount_minor` or `currency` at line 2 column"),
    ] {
        let error = event_error(event);
        assert!(error.starts_with(expected) && error.contains("at line 2 column"), "{event:.80}: {error}");
    }
}

#[test]
fn a_number_is_whole_if_it_is_written_so_and_fits() {
    let value = |number: &str| {
        let body = format!(r#"{{"events": [{{"custom": {{"props": {{"n": {number}}}}}}}]}}"#);
        let batch = decode_json(body.as_bytes()).unwrap_or_else(|e| panic!("{number}: {e}"));
        match &batch.events[0].kind {
            Kind::Custom(custom) => custom.props.0[0].1.clone(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(value("3"), Value::Int(3));
    assert_eq!(value("-9223372036854775808"), Value::Int(i64::MIN));
    assert_eq!(value("9223372036854775808"), Value::Float(9_223_372_036_854_775_808.0), "2^63");
    assert_eq!(value("3.0"), Value::Float(3.0));
    assert_eq!(value("3e0"), Value::Float(3.0));
}

fn shared(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/adversarial").join(path);
    if !path.exists() {
        println!("skipped: {} is not there", path.display());
        return None;
    }
    Some(path)
}

/// The suite: y_ files are JSON, n_ files are not, of i_ files a parser may think either.
#[test]
fn no_body_of_the_json_test_suite_is_a_batch_unless_it_is_an_empty_object() {
    let Some(folder) = shared("json-test-suite") else { return };
    let mut count = 0;
    for file in std::fs::read_dir(folder).expect("the folder").map(|file| file.expect("a file").path()) {
        let body = std::fs::read(&file).expect("the file's bytes");
        let empty_object = body.trim_ascii() == b"{}";
        assert_eq!(decode_json(&body).is_ok(), empty_object, "{}", file.display());
        assert!(decode(&body, &mut String::new()).is_err() && decode_reply(&body).is_err(), "{}", file.display());
        count += 1;
    }
    assert!(count > 300, "{count} files");
}

#[test]
fn naughty_strings_survive_both_forms() {
    let Some(file) = shared("blns.json") else { return };
    let strings: Vec<String> = serde_json::from_slice(&std::fs::read(file).expect("the file")).expect("strings");
    for text in strings {
        let search = Search { terms: text.clone(), results: None };
        let props = Props(vec![(text.clone(), Value::Text(text.clone()))]);
        let kinds = [Kind::Search(search), Kind::Custom(Custom { name: text.clone(), props })];
        let events = kinds.into_iter().map(|kind| Event { after_ms: 0, kind }).collect();
        let batch = Batch { user: text, events, ..Batch::default() };
        let (bytes, mut room) = (encode(&batch), String::new());
        let from_bytes = decode(&bytes, &mut room).expect("its own encoding");
        assert_eq!(decode_json(&encode_json(&batch)).as_ref(), Ok(&from_bytes));
        assert_eq!(encode_json(&from_bytes), encode_json(&batch));
    }
}
