//! The tracker of this page. There is one in an instance; everything here runs on the page's thread.
//!
//! No function of the browser that is called in here runs the page's own code before it returns (`fetch` may be replaced
//! by it): that code may call the tracker again, and would find it taken.

use std::cell::RefCell;

use crate::platform::{clock, network};
use crate::tracker::Tracker;
use crate::{Given, What, start};
use passerby_protocol::limits::MAX_TEXT_BYTES;

/// One page's tracker, and when its timer fires, if one is set.
struct App {
    tracker: Tracker,
    wake_ms: Option<u64>,
}

thread_local!(static APP: RefCell<Option<App>> = const { RefCell::new(None) });

/// Takes in what the page's side tells, and sends what is due. Before [`What::Start`] nothing happens.
pub fn on(what: What, at_ms: u64, mut given: Given) {
    let given = &mut given;
    APP.with(|slot| {
        let Ok(mut slot) = slot.try_borrow_mut() else { return };
        if what == What::Start {
            slot.get_or_insert_with(|| App { tracker: start::tracker(given), wake_ms: None });
        }
        let Some(app) = &mut *slot else { return };
        match what {
            What::Start => {}
            What::Event => {
                app.tracker.push(given.told(), at_ms);
            }
            What::Title => app.tracker.title(given.text(MAX_TEXT_BYTES)),
            What::Visitor => app.tracker.set_visitor(given.visitor()),
            What::Leave => app.tracker.leave(),
            What::Online => app.tracker.online(),
            What::Flush => app.tracker.flush(),
            What::Wake => app.wake_ms = None,
            What::Done => network::on_done(&mut app.tracker, at_ms, given),
        }
        app.pump();
    });
}

impl App {
    /// Makes the requests that are due, and sets the timer for the next.
    fn pump(&mut self) {
        let now_ms = clock::now_ms();
        while let Some(send) = self.tracker.poll(now_ms, clock::unix_ms()) {
            network::request(&send);
        }
        while let Some((first, count)) = self.tracker.take_settled() {
            network::settled(first, count);
        }
        let Some(wait_ms) = self.tracker.next_wake(now_ms) else { return };
        let wake_ms = now_ms + wait_ms;
        // A timer that comes too early only looks again; so most events leave it alone.
        if self.wake_ms.is_none_or(|at_ms| wake_ms < at_ms) {
            self.wake_ms = Some(wake_ms);
            // Browsers take delays over 2^31 ms for 0.
            clock::wake_in(wait_ms.min(i32::MAX as u64) as u32);
        }
    }
}
