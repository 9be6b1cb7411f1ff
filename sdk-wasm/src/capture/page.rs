//! Page views. The loader sees them (it must without WebAssembly too, and is there before) and says what was shown;
//! here a page view ends the page before it.

use passerby_protocol::{Kind, Pageview, Trigger, limits};

use super::Given;
use crate::app::App;

/// A page view as the loader saw it: path, host, query, referrer, and the number that [`Trigger`] has on the wire.
pub fn on_page(app: &mut App, at_ms: u64, given: &mut Given) {
    app.settle(at_ms);
    let [path, host, query, referrer] = [(); 4].map(|()| given.text(limits::MAX_URL_BYTES));
    let trigger = match given.number() as u8 {
        0 => Trigger::Load,
        1 => Trigger::Push,
        2 => Trigger::Replace,
        3 => Trigger::Pop,
        4 => Trigger::Hash,
        5 => Trigger::Restore,
        _ => Trigger::Manual,
    };
    app.reading.turn_page(at_ms, app.extent.viewport.1.into());
    app.push(Kind::Pageview(Pageview { path, host, query, referrer, trigger, ..Pageview::default() }), at_ms);
}

/// The title of the newest page view, where it has none. Told as late as can be: applications set it after the address.
pub fn on_title(app: &mut App, given: &mut Given) {
    app.tracker.title(given.text(limits::MAX_TEXT_BYTES));
}
