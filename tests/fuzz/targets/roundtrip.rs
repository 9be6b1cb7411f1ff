//! What any bytes decode to, encodes to bytes that decode to it again, and from then on to the same bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use passerby_protocol::{DecodeError, decode, encode, encode_json};

fuzz_target!(|body: &[u8]| {
    let mut text = String::new();
    let Ok(batch) = decode(body, &mut text) else { return };
    let bytes = encode(&batch);
    let mut again = String::new();
    match decode(&bytes, &mut again) {
        Ok(decoded) => {
            assert_eq!(encode(&decoded), bytes);
            // By their JSON, since a number that is none does not equal itself.
            assert_eq!(encode_json(&decoded), encode_json(&batch));
        }
        // Foreign bytes may be shorter than ours: their table may hold what no other bytes spell.
        Err(DecodeError::Limit { name: "max_batch_bytes", .. }) => {}
        Err(other) => panic!("{other}"),
    }
});
