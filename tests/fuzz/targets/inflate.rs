//! Any bytes as a packed body: no panic, no more than the limit; and what is packed comes out as it went in.
#![no_main]

use std::io::Write;

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use libfuzzer_sys::fuzz_target;
use passerby_adapters::inflate::{MAX_BODY_BYTES, inflate};

fuzz_target!(|body: &[u8]| {
    if let Ok(plain) = inflate(body.to_vec()) {
        assert!(plain.len() <= MAX_BODY_BYTES);
    }
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
    let packed = [gzip.write_all(body).and_then(|()| gzip.finish()), zlib.write_all(body).and_then(|()| zlib.finish())];
    for packed in packed.into_iter().flatten() {
        // Bytes that pack this well are refused for their ratio.
        if body.len() <= packed.len() * 200 {
            assert_eq!(inflate(packed).as_deref(), Ok(body));
        }
    }
});
