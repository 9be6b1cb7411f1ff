//! What `debug` prints.

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(module = "/src/platform/page.js")]
extern "C" {
    /// `passerby queued click 12`: an event and its number. Nothing without `debug`.
    pub fn queued(label: &str, number: u32);
}
