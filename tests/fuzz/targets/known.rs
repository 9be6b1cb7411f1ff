//! Any bytes as a site's goals and segments, which its settings keep as they were given: no panic where questions name them. The
//! input is two objects, the second behind a line's end.
#![no_main]

use libfuzzer_sys::fuzz_target;
use passerby_analytics::known::Known;
use passerby_analytics::v2::Request;
use serde_json::{Map, Value, json};

/// Noon in UTC of Wednesday, 1 July 2026.
const NOW_MS: i64 = 1_782_907_200_000;

fuzz_target!(|input: &[u8]| {
    let mut parts = input.splitn(2, |byte| *byte == b'\n');
    let mut part = || serde_json::from_slice::<Map<String, Value>>(parts.next().unwrap_or_default());
    let Ok(goals) = part() else { return };
    let segments = part().unwrap_or_default();
    let known = Known { site: "shop.example", goals: Some(&goals), segments: Some(&segments), ..Known::default() };
    let all = json!({ "site_id": "shop.example", "date_range": "7d", "metrics": ["visitors"], "dimensions": ["event:goal"] });
    _ = Request::parse(&all, known, NOW_MS, |_| 0);
    for (dimension, names) in [("event:goal", goals.keys()), ("segment", segments.keys())] {
        for name in names {
            let filters = json!([["is", dimension, [name]]]);
            let body = json!({ "site_id": "shop.example", "date_range": "7d", "metrics": ["visitors"], "filters": filters });
            _ = Request::parse(&body, known, NOW_MS, |_| 0);
        }
    }
});
