//! What holds for every batch, and for every sequence of bytes.

mod support;

use proptest::collection::vec;
use proptest::prelude::*;

use passerby_protocol::{DecodeError, VERSION, decode, decode_json, decode_reply, encode, encode_json, encode_reply};
use support::arbitrary;

/// A batch that does not borrow from its text.
fn json_of_compact(bytes: &[u8]) -> Result<Vec<u8>, DecodeError> {
    decode(bytes, &mut String::new()).map(|batch| encode_json(&batch))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn decoding_gives_back_what_was_encoded_and_encoding_is_canonical(batch in arbitrary::batch()) {
        let (bytes, mut text) = (encode(&batch), String::new());
        let decoded = decode(&bytes, &mut text).expect("its own encoding");
        prop_assert_eq!(encode_json(&decoded), encode_json(&batch), "the same batch");
        prop_assert_eq!(encode(&decoded), bytes, "the same bytes");
    }

    #[test]
    fn both_forms_decode_to_the_same_value(batch in arbitrary::batch()) {
        let (bytes, json, mut text) = (encode(&batch), encode_json(&batch), String::new());
        let from_json = decode_json(&json).expect("its own JSON");
        prop_assert_eq!(decode(&bytes, &mut text).expect("its own encoding"), from_json.clone());
        prop_assert_eq!(encode(&from_json), bytes);
    }

    #[test]
    fn a_batch_cut_short_is_never_a_batch(batch in arbitrary::batch()) {
        let (bytes, json) = (encode(&batch), encode_json(&batch));
        for len in 0..bytes.len() {
            prop_assert!(decode(&bytes[..len], &mut String::new()).is_err(), "{} of {} bytes", len, bytes.len());
        }
        for len in (0..json.len()).step_by(7) {
            prop_assert!(decode_json(&json[..len]).is_err(), "{} of {} bytes", len, json.len());
        }
    }

    #[test]
    fn what_follows_a_batch_is_refused(batch in arbitrary::batch(), more in vec(any::<u8>(), 1..9)) {
        let (mut bytes, len) = (encode(&batch), more.len());
        bytes.extend(more);
        prop_assert_eq!(json_of_compact(&bytes), Err(DecodeError::Trailing(len)));
    }

    #[test]
    fn damage_never_panics_and_what_still_decodes_is_a_sound_batch(
        batch in arbitrary::batch(),
        flips in vec((any::<prop::sample::Index>(), 0u8..8), 1..8),
    ) {
        let mut bytes = encode(&batch);
        for (place, bit) in &flips {
            let place = place.index(bytes.len());
            bytes[place] ^= 1 << bit;
        }
        let mut text = String::new();
        if let Ok(decoded) = decode(&bytes, &mut text) {
            prop_assert_eq!(json_of_compact(&encode(&decoded)), Ok(encode_json(&decoded)));
            let _ = decoded.events.iter().filter(|event| event.check().is_ok()).count();
        }
        let mut json = encode_json(&batch);
        for (place, bit) in &flips {
            let place = place.index(json.len());
            json[place] ^= 1 << bit;
        }
        let _ = decode_json(&json);
    }

    #[test]
    fn arbitrary_bytes_never_panic(mut bytes in vec(any::<u8>(), 0..600)) {
        for version in [None, Some(VERSION)] {
            if let (Some(version), Some(first)) = (version, bytes.first_mut()) {
                *first = version;
            }
            let _ = decode(&bytes, &mut String::new());
            let _ = decode_json(&bytes);
            let _ = decode_reply(&bytes);
        }
    }

    #[test]
    fn arbitrary_events_behind_a_sound_header_never_panic(bytes in vec(any::<u8>(), 0..200)) {
        let mut body = encode(&passerby_protocol::Batch { site: "example.com".to_owned(), ..Default::default() });
        body.pop();
        body.extend(bytes);
        let mut text = String::new();
        if let Ok(batch) = decode(&body, &mut text) {
            let _ = batch.events.iter().filter(|event| event.check().is_ok()).count();
        }
    }

    #[test]
    fn a_reply_reads_as_it_was_written_whatever_a_later_version_appends(
        reply in arbitrary::reply(),
        more in vec(any::<u8>(), 0..20),
    ) {
        let bytes = encode_reply(&reply);
        for len in 0..bytes.len() {
            prop_assert!(decode_reply(&bytes[..len]).is_err());
        }
        prop_assert_eq!(decode_reply(&[bytes, more].concat()), Ok(reply.clone()));
        let json = serde_json::to_string(&reply).expect("a reply has a JSON form");
        prop_assert_eq!(serde_json::from_str::<passerby_protocol::Reply>(&json).ok(), Some(reply));
    }
}
