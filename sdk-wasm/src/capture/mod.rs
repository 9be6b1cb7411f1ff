//! What is seen of the page: one source per file. Each turns what the browser tells into events of the contract.

pub mod click;
pub mod element;
pub mod engagement;
pub mod page;
pub mod scroll;

use wasm_bindgen::JsCast;
use web_sys::Event;

use crate::app;
use crate::platform::{clock, listen};

/// Everything that is listened to; [`on_event`] has an arm for each.
const EVENTS: [&str; 8] = ["click", "scroll", "focus", "blur", "visibilitychange", "pagehide", "online", "resize"];

/// Begins to watch.
pub fn start() {
    listen::on_layout(|_, _| scroll::on_layout());
    listen::on_events(&EVENTS, on_event);
    engagement::on_attention();
}

fn on_event(event: Event) {
    match &event.type_()[..] {
        "click" => click::on_click(event.unchecked_ref(), clock::now_ms()),
        "scroll" => scroll::on_scroll(),
        "resize" => scroll::on_layout(),
        "online" => app::on_online(),
        // The page is still visible at this point, and gone a moment later.
        "pagehide" => engagement::on_leave(),
        _ => engagement::on_attention(),
    }
}
