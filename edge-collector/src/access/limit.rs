//! How much may be read with one key.
//!
//! In the isolate's memory: no call, so nothing that can fail or cost. A key that is used from many places at once has as much in
//! each isolate; what it protects is the shards from one caller who asks in a loop, and such a one is in one place.

use std::cell::RefCell;

use passerby_analytics::access::KeyId;
use passerby_analytics::bucket::{Buckets, Level, Rate, Taken};
use passerby_analytics::outcome::RequestError;
use worker::{Headers, Result};

use crate::problem::Problem;

/// 600 requests at once, and 60 a second from then on: a dashboard's view asks about 15 questions, and asks again on each
/// change.
const RATE: Rate = Rate { quota: 600, window_ms: 10_000 };

/// Keys that are in use in an isolate within ten seconds. Only those that count have a bucket, so none can be filled by guesses.
const MAX_KEYS: usize = 10_000;

thread_local! {
    static READS: RefCell<Buckets<KeyId>> = const { RefCell::new(Buckets::new(RATE, MAX_KEYS)) };
}

/// Takes one of a key's requests, and says what is left. With more keys in use than are kept, who is not known passes: a read
/// changes nothing.
pub fn take(key: KeyId, now_ms: i64, left: &mut Option<Level>) -> core::result::Result<(), Problem> {
    match READS.with_borrow_mut(|reads| reads.take(key, 1, now_ms)) {
        Taken::Passed(level) => *left = Some(level),
        Taken::Unknown => {}
        Taken::Limited { wait_ms } => {
            *left = Some(Level { remaining: 0, full_in_ms: wait_ms });
            let detail = format!("{} requests in {} s with one key", RATE.quota, RATE.window_ms / 1000);
            return Err(Problem::new(RequestError::Limited).detail(detail).after_s(wait_ms.div_ceil(1000)));
        }
    }
    Ok(())
}

/// Tells what is left (draft-ietf-httpapi-ratelimit-headers).
pub fn tell(headers: &Headers, level: Level) -> Result<()> {
    let seconds = RATE.window_ms / 1000;
    headers.set("RateLimit-Policy", &format!("\"reads\";q={};w={seconds}", RATE.quota))?;
    headers.set("RateLimit", &format!("\"reads\";r={};t={}", level.remaining, level.full_in_ms.div_ceil(1000)))
}
