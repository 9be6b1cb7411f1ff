//! Clicks and taps: at what, and where on the page. A click is only watched, never held up.

use passerby_protocol::{Click, ClickFlags, Kind, limits};
use web_sys::{Element, MouseEvent};

use super::element;
use crate::app;
use crate::platform::dom;

/// What people mean to click when they hit something inside it.
const CONTROLS: &str = "a,button,summary,label,input,select,textarea,[role=button]";

/// What holds text that its visitor wrote or chose.
const FIELDS: &str = "input,select,textarea,[contenteditable]";

/// A click. Its place is worked out from sizes that are known already, so nothing is laid out for it.
pub fn on_click(event: &MouseEvent, at_ms: u64) {
    let Some(target) = dom::element_at(event) else { return };
    let control = target.closest(CONTROLS).ok().flatten();
    let text = text_of(control.as_ref().unwrap_or(&target), control.is_some());
    let path = element::path(control.as_ref().unwrap_or(&target));
    let fixed = dom::is_fixed(&target);

    app::see_window(at_ms);
    let Some(extent) = app::with(|app| app.extent) else { return };
    let (width, height) = (f64::from(extent.viewport.0), f64::from(extent.viewport.1));
    let (x_myriad, y_myriad) = if fixed {
        (myriad(event.client_x(), width), myriad(event.client_y(), height))
    } else {
        (myriad(event.page_x(), extent.page.0), myriad(event.page_y(), extent.page.1))
    };
    let flags = ClickFlags(if fixed { ClickFlags::FIXED } else { 0 });
    app::push(Kind::Click(Click { element: path, text, x_myriad, y_myriad, flags }), at_ms);
}

/// The element's label. None of a part of the page that only holds others, nor what a visitor wrote.
fn text_of(element: &Element, is_control: bool) -> String {
    let is_label = is_control || element.child_element_count() == 0;
    if !is_label || element.closest(FIELDS).is_ok_and(|field| field.is_some()) {
        return String::new();
    }
    label(&dom::text_start(element, 8 * limits::CLICK_TEXT_CHARS as u32))
}

/// The beginning of a text, each run of white space as one space.
fn label(text: &str) -> String {
    let mut label = String::new();
    let mut chars = 0;
    for word in text.split_ascii_whitespace() {
        for c in (chars > 0).then_some(' ').into_iter().chain(word.chars()) {
            if chars == limits::CLICK_TEXT_CHARS {
                return label;
            }
            label.push(c);
            chars += 1;
        }
    }
    label
}

/// A place as ten-thousandths of a length.
fn myriad(place: i32, length: f64) -> u16 {
    // Casting saturates, so a place left of the page is 0, and so is one on a page without a size.
    ((f64::from(place) / length * 10_000.0) as u16).min(10_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_one_line_of_at_most_40_characters() {
        assert_eq!(label("\n  Add to\t cart "), "Add to cart");
        assert_eq!(label(&"é".repeat(60)).chars().count(), limits::CLICK_TEXT_CHARS);
        assert!(label(&"word ".repeat(60)).chars().count() <= limits::CLICK_TEXT_CHARS);
    }

    #[test]
    fn places_stay_within_the_page() {
        assert_eq!(myriad(50, 200.0), 2_500);
        assert_eq!(myriad(-5, 200.0), 0);
        assert_eq!(myriad(500, 200.0), 10_000);
        assert_eq!(myriad(0, 0.0), 0);
    }
}
