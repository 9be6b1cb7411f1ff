//! Buffering and delivery. Pure: `now` is an argument, chance is a seed, and requests are handed out, not made.
//!
//! Its user calls [`Tracker::push`] for what happens, then [`Tracker::poll`] until it gives nothing more to send,
//! reports each result by [`Tracker::on_result`], and comes back after [`Tracker::next_wake`].
//!
//! What holds, whatever the results: an event leaves the tracker only when a reply shows that the collector has it, or
//! counted in [`Tracker::dropped`] with its reason. So it is sent at least once, and the collector, which knows tab and
//! number, counts it at most once.

mod backoff;
mod delivery;
mod dropped;
mod envelope;
mod reply;
mod run;
mod told;

use passerby_protocol::{Context, Size, TabId, VisitorId, limits::MAX_EVENTS};

use backoff::Backoff;
use delivery::{Held, MAX_RUN_BYTES};
pub use delivery::{Outcome, Send};
pub use dropped::Dropped;
use envelope::Envelope;
use run::Run;
pub use told::{Piece, Told};

/// How long events wait for company where neither the site nor the collector says otherwise.
pub const DEFAULT_FLUSH_MS: u32 = 60_000;

/// The shortest buffering that a reply can ask for: ten requests a second from one page are enough to look live.
const MIN_FLUSH_MS: u32 = 100;

/// A pause after which a session is over (the collector's definition), so that the context is said again.
const SESSION_PAUSE_MS: u64 = 30 * 60_000;

/// What a tab knows of itself when it begins.
pub struct Settings {
    /// The site's name, as the collector knows it.
    pub site: String,
    /// This page load: 64 random bits.
    pub tab: TabId,
    /// A browser driven by a program.
    pub automated: bool,
    /// The browser.
    pub context: Context,
    /// The path of the page on which it begins; empty where it begins with a page view.
    pub page: String,
    /// The window.
    pub viewport: Size,
    /// How long events wait for company.
    pub flush_after_ms: u32,
    /// Random bits for the jitter of retries.
    pub seed: u32,
}

/// The events of one tab on their way to the collector.
pub struct Tracker {
    /// What every batch of this tab has in common; its events are those of no run.
    envelope: Envelope,
    context: Context,
    /// The collector has the context.
    context_known: bool,
    /// Not yet in any batch.
    queue: Run,
    /// In batches, oldest first: in flight, or waiting to be sent again.
    held: Vec<Held>,
    /// The queue goes out without waiting for its time.
    urgent: bool,
    /// The page may be about to vanish: back-off does not count, this is the last chance.
    leaving: bool,
    option_flush_ms: u32,
    flush_after_ms: u32,
    last_event_ms: u64,
    next_id: u32,
    backoff: Backoff,
    dropped: [u32; Dropped::ALL.len()],
    /// Runs of numbers, each with its length, of which nobody was told yet that they are settled.
    settled: Vec<(u32, u32)>,
}

impl Tracker {
    /// A tab without events.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let Settings { site, tab, automated, context, page, viewport, flush_after_ms, seed } = settings;
        Self {
            envelope: Envelope { site, tab, automated, ..Envelope::default() },
            context,
            context_known: false,
            queue: Run::new(page, viewport),
            held: Vec::new(),
            urgent: false,
            leaving: false,
            option_flush_ms: flush_after_ms,
            flush_after_ms,
            last_event_ms: 0,
            next_id: 0,
            backoff: Backoff::new(seed),
            dropped: Default::default(),
            settled: Vec::new(),
        }
    }

    /// Takes an event that happened at `at_ms`, on the clock of all other times here. Returns its number in the tab.
    ///
    /// Where [`MAX_EVENTS`] are held already, the oldest that was never sent makes room: what is new is worth more, and
    /// the header of the next batch still says on which page it begins.
    pub fn push(&mut self, told: Told, at_ms: u64) -> u32 {
        if at_ms >= self.last_event_ms + SESSION_PAUSE_MS {
            self.context_known = false;
        }
        self.last_event_ms = self.last_event_ms.max(at_ms);
        let held: usize = self.held.iter().map(Held::len).sum();
        if held + self.queue.len() >= MAX_EVENTS {
            let dropped = self.queue.take_front(1);
            self.drop_run(&dropped, Dropped::QueueFull);
        }
        self.queue.push(told, at_ms)
    }

    /// Names the page of the newest page view, where it is still here and has no title. Single-page applications
    /// change the title only after the address, so it cannot be known when the event is pushed.
    pub fn title(&mut self, title: String) {
        self.queue.set_title(title);
    }

    /// From now on batches carry this id of the visitor's own; what is unsent, too.
    pub fn set_visitor(&mut self, visitor: Option<VisitorId>) {
        self.envelope.visitor = visitor;
    }

    /// Sends what there is at the next [`Tracker::poll`].
    pub fn flush(&mut self) {
        self.urgent = !self.queue.is_empty();
    }

    /// The page may be about to vanish. Sends what there is, and again what is in flight in a request that dies with
    /// the page. Idempotent: browsers announce an end more than once, and pages come back.
    pub fn leave(&mut self) {
        self.flush();
        self.leaving = true;
        self.held.iter_mut().for_each(Held::recall_mortal);
    }

    /// The network is back: what waits for its next try is sent at the next [`Tracker::poll`].
    pub fn online(&mut self) {
        self.backoff.hurry();
    }

    /// The next request to make, if one is due. To be asked until it gives none.
    pub fn poll(&mut self, now_ms: u64, unix_ms: u64) -> Option<Send> {
        self.expire(now_ms);
        let place = self.next_run(now_ms);
        if place.is_none() {
            self.leaving = false;
        }
        place.and_then(|place| self.launch(place, now_ms, unix_ms))
    }

    /// In how many milliseconds [`Tracker::poll`] will have something to do, if nothing happens before.
    #[must_use]
    pub fn next_wake(&self, now_ms: u64) -> Option<u64> {
        // The end of time stands for never.
        let mut at_ms = if self.queue.is_empty() { u64::MAX } else { self.due_ms() };
        if self.held.iter().any(Held::waits) {
            at_ms = 0;
        }
        at_ms = if self.probing() { u64::MAX } else { at_ms.max(self.backoff.until_ms()) };
        for held in &self.held {
            at_ms = at_ms.min(held.expires_at_ms());
        }
        (at_ms < u64::MAX).then(|| at_ms.saturating_sub(now_ms))
    }

    /// How many events were given up for this reason.
    #[must_use]
    pub fn dropped(&self, reason: Dropped) -> u32 {
        self.dropped[reason as usize]
    }

    /// A run of events that are with the collector or dropped, which was not given before: the number of the first, and
    /// how many they are. What no such run held must be kept by whoever wants it to outlive the page.
    pub fn take_settled(&mut self) -> Option<(u32, u32)> {
        self.settled.pop()
    }

    /// Whether every event is with the collector or dropped.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.queue.is_empty() && self.held.is_empty()
    }

    fn drop_run(&mut self, run: &Run, reason: Dropped) {
        let total = &mut self.dropped[reason as usize];
        *total = total.saturating_add(run.len() as u32);
        self.settle(run);
    }

    fn settle(&mut self, run: &Run) {
        self.settled.push((run.first, run.len() as u32));
    }

    /// When the queue goes out.
    fn due_ms(&self) -> u64 {
        let due_now = self.urgent || self.queue.weight() >= MAX_RUN_BYTES;
        if due_now { 0 } else { self.queue.at_ms() + u64::from(self.flush_after_ms) }
    }

    /// While the collector fails, one request at a time asks whether it is back.
    fn probing(&self) -> bool {
        self.backoff.failing() && self.held.iter().any(|held| !held.waits())
    }

    /// The place of the run to send now: one that waits, or a new one out of the queue.
    fn next_run(&mut self, now_ms: u64) -> Option<usize> {
        if !self.leaving && (now_ms < self.backoff.until_ms() || self.probing()) {
            return None;
        }
        let waiting = self.held.iter().position(Held::waits);
        if waiting.is_some() {
            return waiting;
        }
        if self.queue.is_empty() || now_ms < self.due_ms() {
            return None;
        }
        let run = self.queue.take_front(self.queue.count_within(MAX_RUN_BYTES));
        self.urgent &= !self.queue.is_empty();
        self.held.push(Held::new(run));
        Some(self.held.len() - 1)
    }
}
