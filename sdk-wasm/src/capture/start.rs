//! What the tracker is told when it begins.

use passerby_protocol::{Context, Size, TabId, limits};

use super::{Extent, Given, Reading};
use crate::app::App;
use crate::tracker::{Settings, Tracker};

/// Texts: site, language, time zone. Numbers: three of 32 random bits (64 for the tab, 32 for the jitter), the
/// buffer's milliseconds, whether a program drives the browser, the screen's width and height, the sizes that
/// [`Extent::read`] takes.
pub fn app(given: &mut Given) -> App {
    let [a, b, seed] = [(); 3].map(|()| given.number() as u32);
    let tab = u64::from(a) << 32 | u64::from(b);
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
    let extent = Extent::read(given);
    let settings = Settings {
        site,
        tab: TabId(tab.to_le_bytes()),
        automated,
        context,
        viewport: extent.viewport,
        flush_after_ms,
        seed,
    };
    App {
        tracker: Tracker::new(settings),
        reading: Reading::default(),
        extent,
        told_viewport: extent.viewport,
        timer: None,
    }
}
