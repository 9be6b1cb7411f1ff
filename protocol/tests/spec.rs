//! SPEC.md says what the code does: its tables and examples are read and compared.
#![allow(clippy::expect_used, clippy::panic)] // A panic is how a test fails, in its functions too.

mod support;

use passerby_protocol::*;

const SPEC: &str = include_str!("../SPEC.md");

/// The cells of the table whose header begins with these.
fn table(header: &str) -> Vec<Vec<&'static str>> {
    let start = SPEC.find(&format!("\n{header}")).unwrap_or_else(|| panic!("no table {header}")) + 1;
    let rows = SPEC[start..].lines().take_while(|line| line.starts_with('|')).skip(2);
    rows.map(|row| row.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

/// The table of a structure's fields, which follows this line's beginning.
fn fields_after(place: &str) -> Vec<&'static str> {
    let start = SPEC.find(&format!("\n{place}")).unwrap_or_else(|| panic!("no {place}"));
    let rows =
        SPEC[start..].lines().skip_while(|line| !line.starts_with("| `")).take_while(|line| line.starts_with('|'));
    rows.map(|row| row.split('`').nth(1).expect("a field's name")).collect()
}

/// The block with this label.
fn block(label: &str) -> &'static str {
    let start = format!("\n```{label}\n");
    let start = SPEC.find(&start).unwrap_or_else(|| panic!("no block {label}")) + start.len();
    let len = SPEC[start..].find("\n```").expect("the block's end");
    &SPEC[start..start + len]
}

/// The fields of a JSON object in their order, which is that on the wire; not those of objects within.
fn fields_of(json: &[u8]) -> Vec<String> {
    let text = std::str::from_utf8(json).expect("JSON");
    let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text).expect("an object");
    let mut fields: Vec<String> = object.keys().cloned().collect();
    fields.sort_by_key(|field| text.find(&format!("\"{field}\":")));
    fields
}

fn json(value: &impl serde::Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("a JSON form")
}

#[test]
fn the_kinds_and_their_fields() {
    let (mut kinds, mut fields) = (Vec::new(), Vec::<Vec<&str>>::new());
    for row in table("| no. | kind |") {
        if !row[1].is_empty() {
            assert_eq!(row[0], kinds.len().to_string(), "{}", row[1]);
            kinds.push(row[1]);
            fields.push(Vec::new());
        }
        let of_last = fields.last_mut().expect("a kind before its fields");
        of_last.extend((!row[2].is_empty()).then(|| row[2].trim_matches('`')));
    }
    assert_eq!(kinds, Kind::<String>::LABELS);
    for (kind, fields) in kinds.into_iter().zip(fields).filter(|(kind, _)| *kind != "resize") {
        let body = format!(r#"{{"events": [{{"{kind}": {{}}}}]}}"#);
        let batch = decode_json(body.as_bytes()).expect("a batch of one event");
        let event = String::from_utf8(json(&batch.events[0])).expect("JSON");
        let value = event.strip_prefix(&format!(r#"{{"after_ms":0,"{kind}":"#)).and_then(|v| v.strip_suffix('}'));
        assert_eq!(fields_of(value.expect("the kind's value").as_bytes()), fields, "{kind}");
    }
}

#[test]
fn the_fields_of_the_structures() {
    assert_eq!(fields_of(&encode_json(&Batch::<String>::default())), fields_after("## The batch"));
    assert_eq!(fields_of(&json(&Context::<String>::default())), fields_after("**context**"));
    assert_eq!(fields_of(&json(&ClientHints::<String>::default())), fields_after("**hints**"));
    assert_eq!(fields_of(&json(&Money::default())), fields_after("**money**"));
    assert_eq!(fields_of(&json(&Product::<String>::default())), fields_after("**product**"));
    assert_eq!(fields_of(&json(&Item::<String>::default())), fields_after("**item**"));
    assert_eq!(fields_of(&json(&Reply::default())), fields_after("## The reply"));
}

#[test]
fn the_reasons() {
    let rows = table("| no. | reason |");
    let numbers: Vec<String> = (0..rows.len()).map(|number| number.to_string()).collect();
    assert_eq!(rows.iter().map(|row| row[0]).collect::<Vec<_>>(), numbers);
    let labels: Vec<&str> = Reason::ALL.iter().map(|reason| reason.label()).collect();
    assert_eq!(rows.iter().map(|row| row[1]).collect::<Vec<_>>(), labels);
}

#[test]
fn the_names_of_triggers_and_vitals() {
    for (row, kind, field) in [("`trigger`", "pageview", "trigger"), ("`name` | enumeration", "vital", "name")] {
        let row = SPEC.lines().find(|line| line.contains(row) && line.contains("enumeration")).expect("the row");
        let meaning = row.trim_matches('|').split('|').next_back().expect("the last cell");
        for (number, name) in meaning.split(',').enumerate() {
            let mut words = name.split_whitespace();
            assert_eq!(words.next(), Some(&*number.to_string()), "{name}");
            let name = words.next().expect("a name");
            let body = format!(r#"{{"events": [{{"{kind}": {{"{field}": "{name}"}}}}]}}"#);
            let batch = decode_json(body.as_bytes()).unwrap_or_else(|e| panic!("{name}: {e}"));
            // A vital's name is its first field, a trigger is followed by the count of properties.
            let bytes = encode(&batch);
            assert_eq!(usize::from(bytes[bytes.len() - 2]), number, "{name}");
        }
    }
}

#[test]
fn the_limits() {
    let limits: &[(&str, i64)] = &[
        ("MAX_BATCH_BYTES", limits::MAX_BATCH_BYTES as i64),
        ("MAX_EVENTS", limits::MAX_EVENTS as i64),
        ("MAX_STRINGS", limits::MAX_STRINGS as i64),
        ("MAX_SITE_BYTES", limits::MAX_SITE_BYTES as i64),
        ("MAX_URL_BYTES", limits::MAX_URL_BYTES as i64),
        ("MAX_TEXT_BYTES", limits::MAX_TEXT_BYTES as i64),
        ("MAX_NAME_BYTES", limits::MAX_NAME_BYTES as i64),
        ("MAX_PROPS", limits::MAX_PROPS as i64),
        ("MAX_ITEMS", limits::MAX_ITEMS as i64),
        ("MAX_TICKET_BYTES", limits::MAX_TICKET_BYTES as i64),
        ("MAX_AMOUNT_MINOR", limits::MAX_AMOUNT_MINOR),
        ("CLICK_TEXT_CHARS", limits::CLICK_TEXT_CHARS as i64),
    ];
    let source = include_str!("../src/limits.rs");
    let names = source.lines().filter_map(|line| line.strip_prefix("pub const ")?.split(':').next());
    assert_eq!(names.collect::<Vec<_>>(), limits.iter().map(|(name, _)| *name).collect::<Vec<_>>());
    let rows = table("| limit | value |");
    let said: Vec<(&str, i64)> = rows.iter().map(|row| (row[0], row[1].parse().expect("a number"))).collect();
    assert_eq!(said, limits);
}

#[test]
fn the_examples() {
    let golden = |file: &str| std::fs::read_to_string(support::golden().join(file)).expect("a golden file");
    let (bytes, mut text) = (support::bytes(block("page_view")), String::new());
    assert_eq!(bytes, support::bytes(&golden("page_view.hex")));
    assert_eq!(decode(&bytes, &mut text), decode_json(block("json page_view").as_bytes()));
    assert_eq!(support::bytes(block("reply")), support::bytes(&golden("reply.hex")));
    let reply: Reply = serde_json::from_str(block("json reply")).expect("a reply");
    assert_eq!(decode_reply(&support::bytes(block("reply"))), Ok(reply));
    let full = decode_json(block("json example").as_bytes()).expect("a batch");
    assert!(full.events.iter().all(|event| event.check().is_ok()));
}
