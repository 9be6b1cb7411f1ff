//! Any bytes as the query of a question in v1's form: no panic, here and in the answer of nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use passerby_analytics::v1::{Endpoint, Outcomes, Request};

/// Noon in UTC of Wednesday, 1 July 2026.
const NOW_MS: i64 = 1_782_907_200_000;

fuzz_target!(|query: &[u8]| {
    let parameters: Vec<(String, String)> = form_urlencoded::parse(query).into_owned().collect();
    for (_, endpoint) in Endpoint::PATHS {
        if let Ok(asked) = Request::parse(*endpoint, &parameters, NOW_MS, |_| 7_200_000) {
            _ = asked.answer(Vec::new(), None);
        }
    }
    _ = Outcomes::parse(&parameters, NOW_MS, |_| -3_600_000);
});
