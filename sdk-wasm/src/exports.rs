//! What the loader calls. Private to `npm-package/`: it may change with every version.
//!
//! Times are `performance.now()` of when it happened, which is before the core was there for what the loader recorded.

use passerby_protocol::{Context, Custom, Identify, Kind, Pageview, Size, TabId, limits};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::MouseEvent;

use crate::capture::{click, page};
use crate::platform::{chance, dom, network, values};
use crate::tracker::{Settings, Tracker};
use crate::{app, capture};

/// Begins to watch and to buffer; nothing is sent before [`flush`] or the buffer's time.
#[wasm_bindgen]
#[allow(clippy::too_many_arguments)] // Each is one conversion; an object would be as many look-ups by name.
pub fn start(
    site: String,
    endpoint: String,
    flush_after_ms: u32,
    debug: bool,
    automated: bool,
    screen_width: u16,
    screen_height: u16,
    language: String,
    time_zone: String,
) {
    let [tab @ .., a, b, c, d] = chance::random_bytes();
    let context = Context { screen: Size(screen_width, screen_height), language, time_zone, hints: None };
    let extent = dom::extent();
    let tracker = Tracker::new(Settings {
        site,
        tab: TabId(tab),
        automated,
        context,
        viewport: extent.viewport,
        flush_after_ms,
        seed: u32::from_ne_bytes([a, b, c, d]),
    });
    network::connect(endpoint, app::on_result);
    app::start(tracker, extent, debug);
    capture::start();
}

/// A page was shown.
#[wasm_bindgen]
pub fn page(at_ms: f64, trigger: u8, path: String, host: String, query: String, referrer: String) {
    page::on_page(at_ms as u64, trigger, Pageview { path, host, query, referrer, ..Pageview::default() });
}

/// A click that came before the core.
#[wasm_bindgen]
pub fn click(at_ms: f64, event: &MouseEvent) {
    click::on_click(event, at_ms as u64);
}

/// An event that the site's owner named.
#[wasm_bindgen]
pub fn track(at_ms: f64, mut name: String, props: &JsValue) {
    values::clip(&mut name, limits::MAX_NAME_BYTES);
    app::push(Kind::Custom(Custom { name, props: values::props(props) }), at_ms as u64);
}

/// The site says who this is.
#[wasm_bindgen]
pub fn identify(at_ms: f64, mut user: String, traits: &JsValue) {
    values::clip(&mut user, limits::MAX_NAME_BYTES);
    app::push(Kind::Identify(Identify { user, traits: values::props(traits) }), at_ms as u64);
}

/// Sends what is buffered.
#[wasm_bindgen]
pub fn flush() {
    app::flush();
}
