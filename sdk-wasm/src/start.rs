//! What the tracker is told when it begins.

use passerby_protocol::{Context, Size, TabId, limits};

use crate::Given;
use crate::tracker::{Settings, Tracker};

/// Texts: site, language, time zone, the path of the page. Numbers: the tab's eight bytes, 32 random bits for the jitter,
/// the buffer's milliseconds, whether a program drives the browser, width and height of the screen, then of the window.
pub fn tracker(given: &mut Given) -> Tracker {
    let tab = TabId([(); 8].map(|()| given.number() as u8));
    let seed = given.number() as u32;
    let flush_after_ms = given.number() as u32;
    let automated = given.is_true();
    let screen = Size(given.number() as u16, given.number() as u16);
    let site = given.text(limits::MAX_SITE_BYTES);
    let context = Context {
        screen,
        language: given.text(limits::MAX_NAME_BYTES),
        time_zone: given.text(limits::MAX_NAME_BYTES),
        hints: None,
    };
    let page = given.text(limits::MAX_URL_BYTES);
    let viewport = Size(given.number() as u16, given.number() as u16);
    Tracker::new(Settings { site, tab, automated, context, page, viewport, flush_after_ms, seed })
}
