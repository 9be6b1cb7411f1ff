//! How far a page is seen.

use passerby_protocol::Size;

use super::Given;
use crate::app::App;

/// The page and the window on it, in CSS pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Extent {
    /// Width and height of the page, at least those of the window.
    pub page: (f64, f64),
    /// Width and height of the window.
    pub viewport: Size,
}

impl Extent {
    /// Width and height of the window, then of the page.
    pub fn read(given: &mut Given) -> Self {
        let (width, height) = (given.number(), given.number());
        let page = (given.number().max(width), given.number().max(height));
        Self { page, viewport: Size(width as u16, height as u16) }
    }
}

/// The page was laid out: [`Extent::read`], then how far the window is down the page.
pub fn on_layout(app: &mut App, given: &mut Given) {
    app.extent = Extent::read(given);
    on_scroll(app, given);
}

/// How far the window is down the page.
pub fn on_scroll(app: &mut App, given: &mut Given) {
    app.reading.see(given.number() + f64::from(app.extent.viewport.1), app.extent.page.1);
}
