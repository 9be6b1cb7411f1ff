//! What is read of a real page, and what leaves it. Run in Chromium by `scripts/test-wasm.sh`.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

use js_sys::{Array, Function, Reflect, Uint8Array, eval};
use passerby_protocol::{ClickFlags, Kind, TabId, Value, decode};
use passerby_sdk::capture::element;
use passerby_sdk::exports;
use passerby_sdk::platform::{chance, values};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Element, HtmlElement};

wasm_bindgen_test_configure!(run_in_browser);

/// Puts `html` into the page, beside what the test runner shows there, and gives the element with the attribute `data-it`.
fn element(html: &str) -> Element {
    let script = "html => { const box = document.createElement('main'); box.innerHTML = html; \
         document.querySelector('main')?.remove(); document.body.append(box); return box.querySelector('[data-it]'); }";
    let build: Function = eval(&format!("({script})")).unwrap().unchecked_into();
    build.call1(&JsValue::NULL, &html.into()).unwrap().unchecked_into()
}

#[wasm_bindgen_test]
fn an_elements_path_begins_at_the_nearest_lasting_id() {
    for (html, path) in [
        ("<ul id=cart><li></li><li></li><li><button data-it></button></li></ul>", "#cart>li:3>button"),
        ("<button id=buy data-it></button>", "#buy"),
        ("<p></p><div id=ember412><a data-it></a></div>", "main>div>a"),
        ("<a></a><b></b><a data-it></a>", "main>a:2"),
        ("<svg><g data-it></g></svg>", "main>svg>g"),
    ] {
        assert_eq!(element::path(&element(html)), path, "{html}");
    }
}

#[wasm_bindgen_test]
fn a_path_that_would_be_too_long_keeps_its_lower_end() {
    let html = "<article>".repeat(100) + "<i data-it></i>";
    let path = element::path(&element(&html));
    assert!(path.len() <= 200 && path.ends_with("article>i"), "{path}");
}

#[wasm_bindgen_test]
fn properties_keep_their_types_and_what_has_none_is_left_out() {
    let object = eval(
        "({ plan: 'pro', seats: 3, rate: 1.5, trial: false, price: { amount_minor: 1999, currency: 'EUR' },
            nothing: null, missing: undefined, nan: NaN, list: [1], nested: { a: 1 }, bad: { amount_minor: 1, currency: 'euro' } })",
    );
    let props = values::props(&object.unwrap()).0;
    let names: Vec<&str> = props.iter().map(|(name, _)| &name[..]).collect();
    assert_eq!(names, ["plan", "seats", "rate", "trial", "price"]);
    assert_eq!(props[1].1, Value::Int(3));
    assert_eq!(props[2].1, Value::Float(1.5));
    assert_eq!(props[3].1, Value::Bool(false));
    assert!(matches!(props[4].1, Value::Money(money) if money.amount_minor == 1_999 && money.currency.code() == "EUR"));
}

#[wasm_bindgen_test]
fn properties_that_throw_when_read_are_left_out() {
    let object = eval("({ get bad() { throw new Error('no') }, good: 1 })").unwrap();
    assert_eq!(values::props(&object).0.len(), 1);
    assert!(values::props(&JsValue::UNDEFINED).0.is_empty());
}

#[wasm_bindgen_test]
fn random_bytes_are_random() {
    assert_ne!(chance::random_bytes(), chance::random_bytes());
}

/// One test for all that leaves a page, since a page has one tracker.
#[wasm_bindgen_test]
fn what_happens_on_a_page_leaves_it_in_one_request() {
    eval(
        "window.sent = []; window.real = window.fetch; \
         window.fetch = (url, options) => { sent.push([url, options]); return new Promise(() => {}); }",
    )
    .unwrap();
    let settings =
        eval("({ site: 'example.com', endpoint: '/e', interval: 60000, screen: [1920, 1080], language: 'en-GB' })");
    exports::start(&settings.unwrap());
    let page = eval("({ path: '/a', query: 'utm_source=x' })").unwrap();
    exports::page(1.0, 0, &page);
    let button = element("<p style='position: fixed'><button id=buy data-it>Buy <b>now</b></button></p>");
    button.unchecked_ref::<HtmlElement>().click();
    element("<textarea data-it>what I wrote</textarea>").unchecked_ref::<HtmlElement>().click();
    exports::track(2.0, &"Signup".into(), &JsValue::UNDEFINED);
    exports::flush();

    let sent: Array = eval("window.fetch = window.real; sent").unwrap().unchecked_into();
    assert_eq!(sent.length(), 1);
    let request: Array = sent.get(0).unchecked_into();
    assert_eq!(request.get(0), JsValue::from_str("/e"));
    let option = |name: &str| Reflect::get(&request.get(1), &name.into()).unwrap();
    assert_eq!(option("credentials"), JsValue::from_str("omit"));
    assert_eq!(option("keepalive"), JsValue::TRUE);

    let body = Uint8Array::new(&option("body")).to_vec();
    let mut text = String::new();
    let batch = decode(&body, &mut text).unwrap();
    assert_eq!((&batch.site[..], batch.first), ("example.com", 0));
    assert_ne!(batch.tab, TabId::default());
    assert_eq!(batch.context.as_ref().unwrap().language, "en-GB");
    for event in &batch.events {
        event.check().unwrap();
    }
    let labels: Vec<&str> = batch.events.iter().map(|event| event.kind.label()).collect();
    assert_eq!(labels, ["pageview", "click", "click", "custom"]);
    let Kind::Click(on_button) = &batch.events[1].kind else { return };
    assert_eq!((&on_button.element[..], &on_button.text[..]), ("#buy", "Buy now"));
    assert!(on_button.flags.has(ClickFlags::FIXED));
    let Kind::Click(on_field) = &batch.events[2].kind else { return };
    assert_eq!((&on_field.element[..], &on_field.text[..]), ("main>textarea", ""));
}
