//! Any bytes as a batch in the JSON form: no panic, and what is read survives both forms.
#![no_main]

use libfuzzer_sys::fuzz_target;
use passerby_protocol::{DecodeError, decode, decode_json, encode, encode_json};

fuzz_target!(|body: &[u8]| {
    let Ok(batch) = decode_json(body) else { return };
    let mut text = String::new();
    match decode(&encode(&batch), &mut text) {
        Ok(decoded) => assert_eq!(decoded, batch),
        // The compact form has a table of strings and JSON has none; and what JSON leaves out, the compact form says.
        Err(DecodeError::Limit { name: "max_strings" | "max_batch_bytes", .. }) => {}
        Err(other) => panic!("{other}"),
    }
    match decode_json(&encode_json(&batch)) {
        Ok(decoded) => assert_eq!(decoded, batch),
        Err(DecodeError::Limit { name: "max_batch_bytes", .. }) => {}
        Err(other) => panic!("{other}"),
    }
});
