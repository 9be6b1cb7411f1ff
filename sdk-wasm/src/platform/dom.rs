//! What is read of the page.

use js_sys::JsString;
use passerby_protocol::Size;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, Event, Window};

use super::{DOCUMENT, WINDOW};

#[wasm_bindgen]
extern "C" {
    // As JavaScript strings: most are only compared or cut, and to decode a long one takes longer than all the rest.
    #[wasm_bindgen(extends = Element)]
    type Tagged;
    #[wasm_bindgen(method, getter, js_name = localName)]
    fn local_name(this: &Tagged) -> JsString;
    #[wasm_bindgen(method, getter, js_name = textContent)]
    fn text_content(this: &Tagged) -> JsString;
}

/// The page and the window on it, in CSS pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Extent {
    /// Width and height of the page, at least those of the window.
    pub page: (f64, f64),
    /// Width and height of the window.
    pub viewport: Size,
}

/// Reads sizes. Lays the page out first if it must, so only for where that is done anyway.
#[must_use]
pub fn extent() -> Extent {
    let (width, height) = WINDOW.with(|window| (pixels(window.inner_width()), pixels(window.inner_height())));
    let root = DOCUMENT.with(Document::document_element);
    let (page_width, page_height) = root.map_or((0, 0), |root| (root.scroll_width(), root.scroll_height()));
    Extent {
        page: (f64::from(page_width).max(width), f64::from(page_height).max(height)),
        viewport: Size(width as u16, height as u16),
    }
}

fn pixels(value: Result<JsValue, JsValue>) -> f64 {
    value.ok().and_then(|value| value.as_f64()).unwrap_or_default()
}

/// How far the page is scrolled down.
#[must_use]
pub fn scroll_top() -> f64 {
    WINDOW.with(|window| window.scroll_y().unwrap_or_default())
}

/// The document's title.
#[must_use]
pub fn title() -> String {
    DOCUMENT.with(Document::title)
}

/// Whether somebody can see the page.
#[must_use]
pub fn is_visible() -> bool {
    !DOCUMENT.with(Document::hidden)
}

/// Whether the page has the focus.
#[must_use]
pub fn has_focus() -> bool {
    DOCUMENT.with(|document| document.has_focus().unwrap_or(true))
}

/// The element that an event happened at.
#[must_use]
pub fn element_at(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

/// The name of the element's tag.
#[must_use]
pub fn tag(element: &Element) -> String {
    element.unchecked_ref::<Tagged>().local_name().into()
}

/// Which one it is among its parent's children with this tag, from 1.
#[must_use]
pub fn place_among_alike(element: &Element) -> u32 {
    let own = element.unchecked_ref::<Tagged>().local_name();
    let mut place = 1;
    let mut sibling = element.previous_element_sibling();
    while let Some(earlier) = sibling {
        // `===` on JavaScript's side.
        place += u32::from(earlier.unchecked_ref::<Tagged>().local_name() == own);
        sibling = earlier.previous_element_sibling();
    }
    place
}

/// The beginning of the element's text: at most `units` UTF-16 units of it leave JavaScript.
#[must_use]
pub fn text_start(element: &Element, units: u32) -> String {
    element.unchecked_ref::<Tagged>().text_content().slice(0, units).into()
}

/// Whether the element, or what it stands in, stays in place when the page scrolls.
#[must_use]
pub fn is_fixed(element: &Element) -> bool {
    let mut current = Some(element.clone());
    while let Some(element) = current {
        let style = WINDOW.with(|window: &Window| window.get_computed_style(&element).ok().flatten());
        let position = style.and_then(|style| style.get_property_value("position").ok());
        if position.is_some_and(|position| position == "fixed" || position == "sticky") {
            return true;
        }
        current = element.parent_element();
    }
    false
}
