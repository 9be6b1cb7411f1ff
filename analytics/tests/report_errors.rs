//! Script errors: how often, for whom, when, on which pages.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use passerby_analytics::report::errors::Errors;
use passerby_protocol::{Kind, ScriptError};
use support::reports::{asked, scope};
use support::*;

#[test]
fn an_error_is_its_message_and_its_script() {
    let error = |source: Text| Kind::ScriptError(ScriptError { message: "boom", source, ..ScriptError::default() });
    let anna = [(NOON, error("/a.js")), (NOON + 5, error("/b.js"))];
    let shards = store(&[(ANNA, &anna), (BEN, &[(NOON + 9, error("/a.js"))])]).shards(2);
    let listed = asked(&Errors { scope: scope(), limit: 10 }, &shards);
    let told: Vec<_> =
        listed.rows.iter().map(|e| (e.source.as_str(), e.events, e.visitors, e.first_ms, e.last_ms)).collect();
    assert_eq!(told, [("/a.js", 2, 2, NOON, NOON + 9), ("/b.js", 1, 1, NOON + 5, NOON + 5)]);
    assert_eq!(listed.rows[0].pages, ["/"]);
}
