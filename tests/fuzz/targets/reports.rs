//! Any bytes as a report's question, the first of them choosing the report: no panic, here and in the answer of nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use passerby_analytics::ask::Ask;
use passerby_analytics::known::Known;

/// Every report that takes a body.
const REPORTS: [&str; 15] = [
    "funnel", "retention", "journey", "exits", "scroll", "heatmap", "forms", "properties", "goals", "search", "links", "vitals",
    "errors", "revenue", "events",
];

/// Noon in UTC of Wednesday, 1 July 2026.
const NOW_MS: i64 = 1_782_907_200_000;

fuzz_target!(|input: &[u8]| {
    let Some((choice, body)) = input.split_first() else { return };
    let Ok(ask) = Ask::read(REPORTS[usize::from(*choice) % REPORTS.len()], body) else { return };
    let goals = serde_json::json!({ "Newsletter": { "event": "Signup" } });
    let known = Known { site: "shop.example", goals: goals.as_object(), ..Known::default() };
    let Ok(question) = ask.question(NOW_MS, &|_| 7_200_000, &[7; 16], known) else { return };
    _ = question.answer(&[]);
});
