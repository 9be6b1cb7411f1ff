//! What leaves a page, by real imports and timers. Run in Chromium by `scripts/test-wasm.sh`. What is read of a page is
//! tested in `tests/package/`, as it is built.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use js_sys::futures::JsFuture;
use js_sys::{Array, Promise, Reflect, Uint8Array, eval};
use passerby_protocol::{Kind, TabId, VisitorId, decode};
use passerby_sdk::{What, on};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

fn tell(what: What, at_ms: f64, texts: &str, numbers: &[f64]) {
    on(what as u8, at_ms, texts, numbers);
}

/// One test for all that leaves a page, since a page has one tracker.
#[wasm_bindgen_test]
async fn what_happens_on_a_page_leaves_it_in_one_request() {
    eval(
        "window.sent = []; window.real = window.fetch; \
         window.fetch = (url, options) => { sent.push(options); return new Promise(() => {}); }",
    )
    .unwrap();
    let tab = [1., 2., 3., 4., 5., 6., 7., 8.];
    let browser = [9., 60_000., 0., 1920., 1080., 1440., 900.];
    tell(What::Start, 0., "example.com\0en-GB\0Europe/Berlin", &[&tab[..], &browser].concat());
    // A page view by a push, without properties; a custom event with a text.
    tell(What::Event, 1., "/a\0\0utm_source=x", &[0., -2., -2., -2., -2., -2., 1., 0.]);
    tell(What::Event, 4., "Signup\0plan\0pro", &[9., -2., 1., -2., 0., -2.]);
    tell(What::Title, 0., "A", &[]);
    tell(What::Visitor, 0., "", &[7.; 16]);
    tell(What::Flush, 0., "", &[]);
    assert_eq!(eval("sent.length").unwrap(), 0, "a page's own fetch is never run while the core is busy");
    JsFuture::from(Promise::resolve(&JsValue::NULL)).await.unwrap();

    let sent: Array = eval("window.fetch = window.real; sent").unwrap().unchecked_into();
    assert_eq!(sent.length(), 1);
    let option = |name: &str| Reflect::get(&sent.get(0), &name.into()).unwrap();
    assert_eq!(option("credentials"), JsValue::from_str("omit"));
    assert_eq!(option("keepalive"), JsValue::TRUE);

    let body = Uint8Array::new(&option("body")).to_vec();
    let mut text = String::new();
    let batch = decode(&body, &mut text).unwrap();
    assert_eq!((&batch.site[..], batch.first), ("example.com", 0));
    assert_eq!((batch.tab, batch.visitor), (TabId([1, 2, 3, 4, 5, 6, 7, 8]), Some(VisitorId([7; 16]))));
    assert_eq!(batch.context.as_ref().unwrap().language, "en-GB");
    for event in &batch.events {
        event.check().unwrap();
    }
    let labels: Vec<&str> = batch.events.iter().map(|event| event.kind.label()).collect();
    assert_eq!(labels, ["pageview", "custom"]);
    let Kind::Pageview(page) = &batch.events[0].kind else { panic!() };
    assert_eq!((&page.path[..], &page.host[..], &page.query[..], &page.title[..]), ("/a", "", "utm_source=x", "A"));
    let Kind::Custom(custom) = &batch.events[1].kind else { panic!() };
    assert_eq!((&custom.name[..], custom.props.0.len()), ("Signup", 1));
}

#[wasm_bindgen_test]
fn what_nobody_knows_or_what_is_missing_does_no_harm() {
    on(200, f64::NAN, "\0\0\0", &[f64::NAN, -1.0, f64::INFINITY]);
    for what in What::ALL.iter().filter(|what| **what != What::Start) {
        tell(*what, 5., "", &[]);
    }
}
