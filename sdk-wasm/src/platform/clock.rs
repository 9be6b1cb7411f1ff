//! The two clocks, and the timer's way back. Times within the tab are on the clock that never jumps; the other is for
//! the collector, which compares it with its own.

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(module = "/src/platform/page.js")]
extern "C" {
    /// Has the page's side tell [`crate::What::Wake`] in so many milliseconds, in place of when it was to before. First
    /// it tells [`crate::What::Title`]: before a batch goes out, its newest page view gets its title.
    #[wasm_bindgen(js_name = wakeIn)]
    pub fn wake_in(delay_ms: u32);
    fn clock() -> f64;
}

/// Milliseconds since the page began to load, on the clock of events' `timeStamp`.
#[must_use]
pub fn now_ms() -> u64 {
    clock() as u64
}

/// Milliseconds since 1970 in UTC.
#[must_use]
pub fn unix_ms() -> u64 {
    js_sys::Date::now() as u64
}
