//! Any bytes as a batch and as a reply in the compact form: no panic, here and in the events' own checks.
#![no_main]

use libfuzzer_sys::fuzz_target;
use passerby_protocol::{decode, decode_reply};

fuzz_target!(|body: &[u8]| {
    let mut text = String::new();
    if let Ok(batch) = decode(body, &mut text) {
        for event in &batch.events {
            let _ = event.check();
        }
    }
    let _ = decode_reply(body);
});
