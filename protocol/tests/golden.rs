//! Bytes of version 1, split by field with a comment each, beside the JSON form of the same batch. They are never
//! edited: trackers that send them are on pages for years. What a later version appends gets a file of its own.
#![allow(clippy::expect_used, clippy::panic)] // A panic is how a test fails, in its functions too.

mod support;

use std::collections::BTreeSet;
use std::path::Path;

use passerby_protocol::*;

fn read(file: &str) -> String {
    std::fs::read_to_string(support::golden().join(file)).unwrap_or_else(|e| panic!("{file}: {e}"))
}

/// The names of the batches in the folder.
fn batches() -> Vec<String> {
    let files = std::fs::read_dir(support::golden()).expect("the folder").map(|file| file.expect("a file").path());
    let hex = files.filter(|path| path.extension().is_some_and(|extension| extension == "hex"));
    let mut names: Vec<String> = hex.map(|path| path.file_stem().expect("a name").display().to_string()).collect();
    names.retain(|name| name != "reply");
    names.sort();
    names
}

#[test]
fn a_batch_in_json_encodes_to_the_golden_bytes() {
    for name in batches() {
        let batch = decode_json(read(&format!("{name}.json")).as_bytes()).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(encode(&batch), support::bytes(&read(&format!("{name}.hex"))), "{name}");
    }
}

#[test]
fn the_golden_bytes_decode_to_the_batch_in_json() {
    for name in batches() {
        let batch = decode_json(read(&format!("{name}.json")).as_bytes()).unwrap_or_else(|e| panic!("{name}: {e}"));
        let (bytes, mut text) = (support::bytes(&read(&format!("{name}.hex"))), String::new());
        assert_eq!(decode(&bytes, &mut text), Ok(batch), "{name}");
    }
}

/// The one batch that is also spelt out in Rust, so that no two mistakes in reading can cancel out.
#[test]
fn the_minimal_page_view_is_the_value_that_it_says() {
    let kind = Kind::Pageview(Pageview { path: "/pricing".to_owned(), ..Pageview::default() });
    let batch = Batch {
        site: "example.com".to_owned(),
        tab: TabId([0x9A, 0x3F, 0x07, 0xC1, 0x55, 0xEE, 0x20, 0x84]),
        sent_at_ms: 1_792_000_000_000,
        viewport: Size(1440, 900),
        events: vec![Event { after_ms: -850, kind }],
        ..Batch::default()
    };
    assert_eq!(encode(&batch), support::bytes(&read("page_view.hex")));
}

#[test]
fn the_reply_reads_and_writes_as_its_golden_bytes_and_json() {
    let refusal = |index, reason| Refusal { index, reason };
    let reply = Reply {
        flush_after_ms: 60_000,
        ticket: Ticket([[0xA5; 8], [0xC3; 8]].concat()),
        accepted: 21,
        duplicate: 300,
        refused: vec![refusal(4, Reason::MissingField), refusal(200, Reason::InFuture)],
    };
    let bytes = support::bytes(&read("reply.hex"));
    assert_eq!(encode_reply(&reply), bytes);
    assert_eq!(decode_reply(&bytes).as_ref(), Ok(&reply));
    assert_eq!(serde_json::from_str::<Reply>(&read("reply.json")).expect("a reply"), reply);
    let json: serde_json::Value = serde_json::from_str(&read("reply.json")).expect("JSON");
    assert_eq!(serde_json::to_value(&reply).expect("JSON"), json);
}

#[test]
fn a_reason_of_a_later_collector_costs_no_more_than_itself() {
    let mut bytes = support::bytes(&read("reply.hex"));
    assert_eq!(bytes.pop(), Some(6), "the last refusal's reason");
    bytes.push(100);
    let reply = decode_reply(&bytes).expect("a reply");
    assert_eq!((reply.accepted, reply.duplicate), (21, 300));
    assert_eq!(reply.refused, [Refusal { index: 4, reason: Reason::MissingField }]);
}

#[test]
fn every_kind_every_type_of_value_and_both_forms_of_the_strings_have_golden_bytes() {
    let (mut kinds, mut values, mut strings) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for name in batches() {
        let (bytes, mut text) = (support::bytes(&read(&format!("{name}.hex"))), String::new());
        strings.insert(bytes[1]);
        for event in decode(&bytes, &mut text).expect("a batch").events {
            kinds.insert(event.kind.label());
            if let Kind::Custom(custom) = event.kind {
                values.extend(custom.props.0.iter().map(|(_, value)| match value {
                    Value::Text(_) => "text",
                    Value::Int(_) => "int",
                    Value::Float(_) => "float",
                    Value::Bool(_) => "bool",
                    Value::Money(_) => "money",
                }));
            }
        }
    }
    assert_eq!(kinds, Kind::<String>::LABELS.iter().copied().collect());
    assert_eq!(values.len(), 5, "{values:?}");
    assert_eq!(strings, BTreeSet::from([0, 1]), "plain and coded");
}

/// The fuzzer begins with the golden batches.
#[test]
fn the_seeds_of_the_fuzz_targets_are_the_golden_batches() {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fuzz/seeds");
    for name in batches() {
        let seed = |target: &str| std::fs::read(seeds.join(target).join(&name)).expect("a seed for each batch");
        assert_eq!(seed("decode"), support::bytes(&read(&format!("{name}.hex"))), "{name}");
        assert_eq!(decode_json(&seed("decode_json")), decode_json(read(&format!("{name}.json")).as_bytes()), "{name}");
    }
}
