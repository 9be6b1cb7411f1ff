//! The two clocks. Times within the tab are on the one that never jumps; the other is for the collector, which compares
//! it with its own.

use js_sys::Date;
use web_sys::Performance;

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = performance)]
    static PERFORMANCE: Performance;
}

/// Milliseconds since the page began to load, on the clock of events' `timeStamp`.
#[must_use]
pub fn now_ms() -> u64 {
    PERFORMANCE.with(Performance::now) as u64
}

/// Milliseconds since 1970 in UTC.
#[must_use]
pub fn unix_ms() -> u64 {
    Date::now() as u64
}
