//! Every call into the browser, and nothing else.

pub mod clock;
#[cfg(target_arch = "wasm32")]
mod heap;
pub mod network;
