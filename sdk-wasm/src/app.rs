//! The tracker of this page and what is known of the page. There is one; everything here runs on the page's thread.
//!
//! No function of the browser that is called in here runs the page's own code before it returns (`fetch` and `console`
//! may be replaced by it): that code may call the tracker again, and would find it taken.

use gloo_timers::callback::Timeout;
use passerby_protocol::{Kind, Size};
use std::cell::RefCell;

use crate::What;
use crate::capture::{Extent, Given, Reading, click, custom, page, scroll, start};
use crate::platform::{clock, console, network};
use crate::tracker::Tracker;

/// One page's tracker.
pub struct App {
    /// Buffers and delivers.
    pub tracker: Tracker,
    /// What was read of the current page.
    pub reading: Reading,
    /// Sizes after the last layout.
    pub extent: Extent,
    /// The window's size as last said.
    pub told_viewport: Size,
    /// When the timer fires, if one is set.
    pub timer: Option<(u64, Timeout)>,
}

thread_local!(static APP: RefCell<Option<App>> = const { RefCell::new(None) });

/// Takes in what the page's side tells, and sends what is due. Before [`What::Start`] nothing happens.
pub fn on(what: What, at_ms: u64, mut given: Given) {
    let given = &mut given;
    APP.with(|slot| {
        let Ok(mut slot) = slot.try_borrow_mut() else { return };
        if what == What::Start {
            slot.get_or_insert_with(|| start::app(given));
        }
        let Some(app) = &mut *slot else { return };
        match what {
            What::Start => {}
            What::Title => page::on_title(app, given),
            What::Page => page::on_page(app, at_ms, given),
            What::Click => click::on_click(app, at_ms, given),
            What::Track => custom::on_track(app, at_ms, given),
            What::Identify => custom::on_identify(app, at_ms, given),
            What::Layout => scroll::on_layout(app, given),
            What::Scroll => scroll::on_scroll(app, given),
            What::Attend => app.reading.attend(given.is_true(), at_ms),
            What::Leave => app.leave(at_ms),
            What::Online => app.tracker.online(),
            What::Flush => app.tracker.flush(),
            What::Wake => app.timer = None,
            What::Done => network::on_done(&mut app.tracker, at_ms, given),
        }
        app.pump();
    });
}

impl App {
    /// Takes an event.
    pub fn push(&mut self, kind: Kind, at_ms: u64) {
        let kind_number = console::number_of(&kind);
        console::queued(kind_number, self.tracker.push(kind, at_ms));
    }

    /// Says what was read of the page until now.
    pub fn settle(&mut self, now_ms: u64) {
        if let Some(told) = self.reading.tell(now_ms) {
            self.push(Kind::Engagement(told), now_ms);
        }
    }

    /// Sends everything in such a way that it outlives the page. Called more than once for one end, so the clock stops
    /// at the first.
    fn leave(&mut self, now_ms: u64) {
        self.reading.attend(false, now_ms);
        self.settle(now_ms);
        self.tracker.leave();
    }

    /// Makes the requests that are due, and sets the timer for the next.
    fn pump(&mut self) {
        let now_ms = clock::now_ms();
        while let Some(send) = self.tracker.poll(now_ms, clock::unix_ms()) {
            network::request(&send);
        }
        let Some(wait_ms) = self.tracker.next_wake(now_ms) else { return };
        let wake_ms = now_ms + wait_ms;
        // A timer that comes too early only looks again; so most events leave it alone.
        if self.timer.as_ref().is_none_or(|(at_ms, _)| wake_ms < *at_ms) {
            // Browsers take delays over 2^31 ms for 0.
            let delay_ms = wait_ms.min(i32::MAX as u64) as u32;
            self.timer = Some((wake_ms, Timeout::new(delay_ms, clock::wake)));
        }
    }
}
