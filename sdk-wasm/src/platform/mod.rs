//! Every call into the browser, and nothing else. What is read here may be missing or odd in some browser; then a
//! neutral value is given, for nobody can act on the error.

pub mod chance;
pub mod clock;
pub mod console;
pub mod dom;
#[cfg(target_arch = "wasm32")]
mod heap;
pub mod listen;
pub mod network;
pub mod values;

use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{Document, Window};

// Not `web_sys::window()`: it looks for the global object in four ways, of which a page needs none.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = window)]
    static WINDOW: Window;
    #[wasm_bindgen(thread_local_v2, js_name = document)]
    static DOCUMENT: Document;
}
