//! Any bytes as a question in v2's form: no panic, here and in the answer of nothing; and what a shard is asked can be sent to it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use passerby_analytics::known::Known;
use passerby_analytics::query::Query;
use passerby_analytics::v2::Request;

/// Noon in UTC of Wednesday, 1 July 2026.
const NOW_MS: i64 = 1_782_907_200_000;

fuzz_target!(|body: &[u8]| {
    let Ok(body) = Request::body(body) else { return };
    let goals = serde_json::json!({ "Newsletter": { "event": "Signup", "props": { "list": "news" } }, "Shop": { "page": "/shop*" } });
    let segments = serde_json::json!({ "Buyers": [["has_done", ["is", "event:name", ["order"]]]] });
    let known = Known { site: "shop.example", goals: goals.as_object(), segments: segments.as_object(), ..Known::default() };
    let Ok(asked) = Request::parse(&body, known, NOW_MS, |_| 7_200_000) else { return };
    let queries = asked.queries();
    for query in &queries {
        let sent = postcard::to_allocvec(query).unwrap();
        assert_eq!(postcard::from_bytes::<Query>(&sent).as_ref(), Ok(query));
    }
    let answer = asked.answer(queries.iter().map(|_| Vec::new()).collect());
    _ = serde_json::to_vec(&answer).unwrap();
});
