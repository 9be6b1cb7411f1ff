//! Listening to the page. One closure serves every listener and observer: each type of closure weighs in the glue.

use std::cell::Cell;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, ResizeObserver};

use super::{DOCUMENT, WINDOW};

/// A JavaScript function that lives as long as the page.
pub fn forever(handler: fn(JsValue, JsValue)) -> js_sys::Function {
    Closure::<dyn Fn(JsValue, JsValue)>::new(handler).into_js_value().unchecked_into()
}

/// Calls `handler` on each of these events anywhere in the page. In the capture phase, before a page's own listener can
/// stop the event. None of them is one that a browser waits for before it scrolls, so `passive` would change nothing.
pub fn on_events(types: &[&str], handler: fn(Event)) {
    thread_local!(static HANDLER: Cell<Option<fn(Event)>> = const { Cell::new(None) });
    HANDLER.set(Some(handler));
    let listener = forever(|event, _| {
        if let Some(handler) = HANDLER.get() {
            handler(event.unchecked_into());
        }
    });
    WINDOW.with(|window| {
        for name in types {
            _ = window.add_event_listener_with_callback_and_bool(name, &listener, true);
        }
    });
}

/// Calls `handler` now and whenever the page's size may have changed, right after the browser laid it out: only there
/// does reading sizes cost nothing.
pub fn on_layout(handler: fn(JsValue, JsValue)) {
    let Ok(observer) = ResizeObserver::new(&forever(handler)) else { return };
    DOCUMENT.with(|document| {
        // Where a style sheet fixes the root's height, it is the body that grows.
        for selector in ["html", "body"] {
            if let Ok(Some(element)) = document.query_selector(selector) {
                observer.observe(&element);
            }
        }
    });
    // The page keeps an observer alive while it observes something of the page.
}
