//! Page views. The loader sees them (it must without WebAssembly too, and is there before) and says what was shown;
//! here a page view ends the page before it.

use passerby_protocol::{Kind, Pageview, Trigger, limits};

use super::engagement;
use crate::app;
use crate::platform::{dom, values::clip};

/// A page view as the loader saw it; `trigger` is the number that [`Trigger`] has on the wire.
pub fn on_page(at_ms: u64, trigger: u8, mut page: Pageview) {
    // The title still is that of the page before, by now certainly.
    settle_title();
    engagement::settle(at_ms);
    page.trigger = match trigger {
        0 => Trigger::Load,
        1 => Trigger::Push,
        2 => Trigger::Replace,
        3 => Trigger::Pop,
        4 => Trigger::Hash,
        5 => Trigger::Restore,
        _ => Trigger::Manual,
    };
    app::with(|app| {
        app.reading.turn_page(at_ms, app.extent.viewport.1.into());
        app.untitled = true;
    });
    // A page that comes back is looked at again.
    engagement::on_attention();
    app::push(Kind::Pageview(page), at_ms);
}

/// Gives the newest page view its title, as late as can be: applications set it after the address.
pub fn settle_title() {
    if app::with(|app| std::mem::take(&mut app.untitled)) == Some(true) {
        let mut title = dom::title();
        clip(&mut title, limits::MAX_TEXT_BYTES);
        app::with(|app| app.tracker.title(title));
    }
}
