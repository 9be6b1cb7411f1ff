//! Random bytes.

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues)]
    fn fill(bytes: &mut [u8]);
}

/// Twelve bytes that nobody can guess: a tab's id and a seed. One call, for each crosses a boundary.
#[must_use]
pub fn random_bytes() -> [u8; 12] {
    let mut bytes = [0; 12];
    fill(&mut bytes);
    bytes
}
