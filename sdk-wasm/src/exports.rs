//! What the loader calls. Private to `npm-package/`: it may change with every version.
//!
//! Times are `performance.now()` of when it happened, which is before the core was there for what the loader recorded.

use passerby_protocol::{Context, Custom, Identify, Kind, Pageview, Size, TabId, limits};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::MouseEvent;

use crate::capture::{click, page};
use crate::platform::values::{clipped, get, props};
use crate::platform::{chance, dom, network};
use crate::tracker::{DEFAULT_FLUSH_MS, Settings, Tracker};
use crate::{app, capture};

// Texts come as JavaScript values: as `String` each would add its own conversion to the glue.

/// Begins to watch and to buffer; nothing is sent before [`flush`] or the buffer's time. Takes the loader's settings,
/// and the context in the contract's JSON form.
#[wasm_bindgen]
pub fn start(settings: &JsValue) {
    let [tab @ .., a, b, c, d] = chance::random_bytes();
    let text = |name| clipped(&get(settings, name), limits::MAX_URL_BYTES);
    let screen = get(settings, "screen");
    let side = |place| get(&screen, place).as_f64().unwrap_or_default() as u16;
    let extent = dom::extent();
    let tracker = Tracker::new(Settings {
        site: text("site"),
        tab: TabId(tab),
        automated: get(settings, "automated").is_truthy(),
        context: Context {
            screen: Size(side("0"), side("1")),
            language: text("language"),
            time_zone: text("time_zone"),
            hints: None,
        },
        viewport: extent.viewport,
        flush_after_ms: get(settings, "interval").as_f64().map_or(DEFAULT_FLUSH_MS, |ms| ms as u32),
        seed: u32::from_ne_bytes([a, b, c, d]),
    });
    network::connect(text("endpoint"), app::on_result);
    app::start(tracker, extent, get(settings, "debug").is_truthy());
    capture::start();
}

/// A page was shown: the page in the contract's JSON form, and the number that its trigger has on the wire.
#[wasm_bindgen]
pub fn page(at_ms: f64, trigger: u8, page: &JsValue) {
    let text = |name| clipped(&get(page, name), limits::MAX_URL_BYTES);
    let page = Pageview {
        path: text("path"),
        host: text("host"),
        query: text("query"),
        referrer: text("referrer"),
        ..Pageview::default()
    };
    page::on_page(at_ms as u64, trigger, page);
}

/// A click that came before the core.
#[wasm_bindgen]
pub fn click(at_ms: f64, event: &MouseEvent) {
    click::on_click(event, at_ms as u64);
}

/// An event that the site's owner named.
#[wasm_bindgen]
pub fn track(at_ms: f64, name: &JsValue, properties: &JsValue) {
    let name = clipped(name, limits::MAX_NAME_BYTES);
    app::push(Kind::Custom(Custom { name, props: props(properties) }), at_ms as u64);
}

/// The site says who this is.
#[wasm_bindgen]
pub fn identify(at_ms: f64, user: &JsValue, traits: &JsValue) {
    let user = clipped(user, limits::MAX_NAME_BYTES);
    app::push(Kind::Identify(Identify { user, traits: props(traits) }), at_ms as u64);
}

/// Sends what is buffered.
#[wasm_bindgen]
pub fn flush() {
    app::flush();
}
