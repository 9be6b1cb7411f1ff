//! The tracker of this page and what is known of the page. There is one; everything here runs on the page's thread.
//!
//! Inside [`with`] nothing of the browser is called that could run the page's own code (`fetch` and `console` may be
//! replaced by it): that code may call the tracker again, and would find it taken.

use gloo_timers::callback::Timeout;
use passerby_protocol::Kind;
use std::cell::RefCell;

use crate::capture::engagement::Reading;
use crate::capture::page;
use crate::platform::{clock, console, dom::Extent, network};
use crate::tracker::{Outcome, Tracker};

/// One page's tracker.
pub struct App {
    /// Buffers and delivers.
    pub tracker: Tracker,
    /// What was read of the current page.
    pub reading: Reading,
    /// The current page has not been asked for its title.
    pub untitled: bool,
    /// Sizes after the last layout.
    pub extent: Extent,
    told_viewport: passerby_protocol::Size,
    debug: bool,
    timer: Option<(u64, Timeout)>,
}

thread_local!(static APP: RefCell<Option<App>> = const { RefCell::new(None) });

/// Sets the page's tracker up.
pub fn start(tracker: Tracker, extent: Extent, debug: bool) {
    let app = App {
        tracker,
        reading: Reading::default(),
        untitled: false,
        extent,
        told_viewport: extent.viewport,
        debug,
        timer: None,
    };
    APP.with(|slot| *slot.borrow_mut() = Some(app));
}

/// Works on the tracker. Nothing happens before [`start`].
pub fn with<T>(work: impl FnOnce(&mut App) -> T) -> Option<T> {
    APP.with(|slot| slot.try_borrow_mut().ok()?.as_mut().map(work))
}

/// Takes an event, and sends what is due.
pub fn push(kind: Kind, at_ms: u64) {
    let label = kind.label();
    if let Some((number, true)) = with(|app| (app.tracker.push(kind, at_ms), app.debug)) {
        console::queued(label, number);
    }
    pump();
}

/// Says the window's size, where it is another than last said: places of clicks are fractions of it.
pub fn see_window(at_ms: u64) {
    with(|app| {
        if app.extent.viewport != app.told_viewport {
            app.told_viewport = app.extent.viewport;
            app.tracker.push(Kind::Resize(app.told_viewport), at_ms);
        }
    });
}

/// Sends everything now.
pub fn flush() {
    page::settle_title();
    with(|app| app.tracker.flush());
    pump();
}

/// Sends everything in such a way that it outlives the page.
pub fn leave() {
    with(|app| app.tracker.leave());
    pump();
}

/// Tries again at once: the browser says that the network is back.
pub fn on_online() {
    with(|app| app.tracker.online());
    pump();
}

/// A request has ended.
pub fn on_result(id: u32, outcome: Outcome) {
    let now_ms = clock::now_ms();
    with(|app| app.tracker.on_result(id, outcome, now_ms));
    pump();
}

fn on_timer() {
    with(|app| app.timer = None);
    page::settle_title();
    pump();
}

/// Makes the requests that are due, and sets the timer for the next.
fn pump() {
    let (now_ms, unix_ms) = (clock::now_ms(), clock::unix_ms());
    while let Some((send, debug)) =
        with(|app| app.tracker.poll(now_ms, unix_ms).map(|send| (send, app.debug))).flatten()
    {
        network::post(&send);
        if debug {
            console::sent(send.events, send.bytes.len());
        }
    }
    with(|app| {
        let Some(wait_ms) = app.tracker.next_wake(now_ms) else { return };
        let wake_ms = now_ms + wait_ms;
        // A timer that comes too early only looks again; so most events leave it alone.
        if app.timer.as_ref().is_none_or(|(at_ms, _)| wake_ms < *at_ms) {
            // Browsers take delays over 2^31 ms for 0.
            let delay_ms = wait_ms.min(i32::MAX as u64) as u32;
            app.timer = Some((wake_ms, Timeout::new(delay_ms, on_timer)));
        }
    });
}
