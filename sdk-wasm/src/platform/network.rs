//! Requests to the collector, and their results.

use wasm_bindgen::prelude::wasm_bindgen;

use crate::Given;
use crate::tracker::{Outcome, Send, Tracker};

#[wasm_bindgen(module = "/src/platform/page.js")]
extern "C" {
    /// These events need not be kept any longer.
    pub fn settled(first: u32, count: u32);
    fn post(id: u32, keepalive: bool, events: u32, bytes: &[u8]);
}

/// Makes the request. Its result is never told before this returns.
pub fn request(send: &Send) {
    post(send.id, send.keepalive, send.events as u32, &send.bytes);
}

/// A request has ended: its id; its status, 0 where there was no answer; the seconds of its `Retry-After`, or 0; the
/// bytes of the answer, where the status is of 2xx.
pub fn on_done(tracker: &mut Tracker, now_ms: u64, given: &mut Given) {
    let id = given.number() as u32;
    let status = given.number() as u16;
    let retry_after_s = given.number() as u32;
    let outcome = match status {
        0 => Outcome::Lost,
        200..=299 => Outcome::Answered(given.bytes()),
        _ => Outcome::Failed { status, retry_after_s },
    };
    tracker.on_result(id, outcome, now_ms);
}
