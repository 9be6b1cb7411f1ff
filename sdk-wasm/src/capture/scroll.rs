//! How far a page is seen. Its height comes from an observer that the browser calls after layout, so that images that
//! load late and lists that grow count, and scrolling costs no layout.

use passerby_protocol::Size;

use crate::app;
use crate::platform::dom;

/// The window moved over the page.
pub fn on_scroll() {
    let top = dom::scroll_top();
    app::with(|app| {
        let Size(_, height) = app.extent.viewport;
        app.reading.see(top + f64::from(height), app.extent.page.1);
    });
}

/// The page was laid out.
pub fn on_layout() {
    let extent = dom::extent();
    app::with(|app| app.extent = extent);
    on_scroll();
}
