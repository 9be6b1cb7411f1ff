//! Clicks and taps: at what, and where on the page. A click is only watched, never held up.

use passerby_protocol::{Click, ClickFlags, Kind, limits};

use super::Given;
use crate::app::App;

/// A click: its element's path and label; whether the element is fixed, and the place across and down, in the window
/// where it is, else on the page. A fraction of sizes that are known already, so nothing is laid out for it.
pub fn on_click(app: &mut App, at_ms: u64, given: &mut Given) {
    let viewport = app.extent.viewport;
    if viewport != app.told_viewport {
        app.told_viewport = viewport;
        app.push(Kind::Resize(viewport), at_ms);
    }
    let element = given.text(limits::MAX_NAME_BYTES);
    let text = given.text(limits::MAX_TEXT_BYTES);
    let fixed = given.is_true();
    let (width, height) = if fixed { (f64::from(viewport.0), f64::from(viewport.1)) } else { app.extent.page };
    let x_myriad = myriad(given.number(), width);
    let y_myriad = myriad(given.number(), height);
    let flags = ClickFlags(if fixed { ClickFlags::FIXED } else { 0 });
    app.push(Kind::Click(Click { element, text, x_myriad, y_myriad, flags }), at_ms);
}

/// A place as ten-thousandths of a length.
fn myriad(place: f64, length: f64) -> u16 {
    // Casting saturates, so a place left of the page is 0, and so is one on a page without a size.
    ((place / length * 10_000.0) as u16).min(10_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_stay_within_the_page() {
        assert_eq!(myriad(50.0, 200.0), 2_500);
        assert_eq!(myriad(-5.0, 200.0), 0);
        assert_eq!(myriad(500.0, 200.0), 10_000);
        assert_eq!(myriad(0.0, 0.0), 0);
    }
}
