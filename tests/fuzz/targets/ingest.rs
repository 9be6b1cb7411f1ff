//! Any bytes as a batch on its way into a visitor's sessions: no panic, and the same batch once more changes nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use passerby_analytics::delivery::{Client, Delivery};
use passerby_analytics::sessionize::absorb;
use passerby_analytics::validate::{Rules, take_apart};
use passerby_analytics::visitor::Visitor;
use passerby_protocol::{decode, decode_json};

/// Noon in UTC of Wednesday, 1 July 2026.
const RECEIVED_MS: i64 = 1_782_907_200_000;

fuzz_target!(|body: &[u8]| {
    let mut text = String::new();
    let in_json = body.first().is_none_or(|first| *first == b'{' || first.is_ascii_whitespace());
    let Ok(batch) = (if in_json { decode_json(body) } else { decode(body, &mut text) }) else { return };
    let events = batch.events.len();
    let tab = batch.tab;
    let hosts = ["shop.example".to_owned(), "*.example.com".to_owned()];
    let (hits, refused) = take_apart(batch, RECEIVED_MS, "", Rules { hosts: &hosts });
    let client = Client::default();
    let delivery = Delivery { received_ms: RECEIVED_MS, visitor: Visitor(1), tab, client, hits, refused };
    // As a shard gets it.
    let packed = postcard::to_allocvec(&delivery).unwrap();
    let read = || postcard::from_bytes::<Delivery<&str>>(&packed).unwrap();
    let first = absorb(Vec::new(), read());
    let of = |receipt: &passerby_analytics::delivery::Receipt| {
        (receipt.accepted + receipt.duplicate) as usize + receipt.refused.len()
    };
    assert_eq!(of(&first.receipt), events, "every event is accounted for");
    let accepted = first.receipt.accepted;
    let again = absorb(first.write, read());
    assert_eq!((again.receipt.accepted, again.write.len(), again.remove.len()), (0, 0, 0));
    assert!(again.receipt.duplicate >= accepted);
});
