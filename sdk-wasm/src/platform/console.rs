//! What `debug` prints.

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    // Numbers go as they are: formatting them in here would weigh more than all of this file.
    #[wasm_bindgen(js_namespace = console, js_name = debug)]
    fn debug(what: &str, label: &str, number: u32, size: u32);
}

/// `passerby queued click 12`: an event and its number.
pub fn queued(label: &str, number: u32) {
    debug("passerby queued", label, number, 0);
}

/// `passerby sent batch 3 210`: how many events, and bytes.
pub fn sent(events: usize, bytes: usize) {
    debug("passerby sent", "batch", events as u32, bytes as u32);
}
