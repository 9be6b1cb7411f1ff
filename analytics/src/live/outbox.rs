//! What a shard has to tell its hub, while somebody watches.

use core::mem;

use super::{MAX_NEW_EVENTS, Pace, Report, USUAL_FLUSH_MS, Watch, report_every_ms};

/// Visitors that one report tells of; the others are in the next.
const MAX_PRESENCES: usize = 2_000;

/// How long a hub that fails is left alone.
const AGAIN_AFTER_MS: i64 = 2_000;

/// A shard's side of watching. Nothing in it needs to last: a shard that starts anew makes a report of all it has when it is
/// told again that somebody watches.
#[derive(Debug, Default)]
pub struct Outbox {
    watch: Option<Watch>,
    waiting: Report,
    pace: Pace,
    is_sending: bool,
    /// Somebody was erased since the report on its way was made.
    is_stale: bool,
    sent_ms: i64,
}

impl Outbox {
    /// Somebody watches, or nobody does any more.
    pub fn watch(&mut self, watch: Watch) {
        if self.watch.as_ref().is_none_or(|known| known.told_ms <= watch.told_ms) {
            self.watch = Some(watch);
        }
    }

    /// The hub says that nobody watches.
    pub fn unwatch(&mut self) {
        self.watch = None;
        self.waiting = Report::default();
    }

    /// Somebody was erased: what is to be told may be of them. The hub asks for all that is left.
    pub fn forget(&mut self) {
        self.waiting = Report::default();
        self.is_stale = true;
    }

    /// The watch that holds now.
    #[must_use]
    pub fn watched(&self, now_ms: i64) -> Option<&Watch> {
        self.watch.as_ref().filter(|watch| watch.holds(now_ms))
    }

    /// A batch came; says how long its tracker should buffer from now on.
    pub fn hint_ms(&mut self, now_ms: i64) -> u32 {
        self.pace.count(now_ms);
        if self.watched(now_ms).is_some() { self.pace.flush_after_ms() } else { USUAL_FLUSH_MS }
    }

    /// Something happened.
    pub fn note(&mut self, report: Report) {
        self.waiting.join(report);
        self.waiting.shorten(MAX_NEW_EVENTS);
    }

    /// In how many milliseconds something is to be sent; nothing, where there is nothing, or it is being done.
    pub fn begin(&mut self, now_ms: i64) -> Option<i64> {
        if self.is_sending {
            return None;
        }
        let wait_ms = self.wait_ms(now_ms)?;
        self.is_sending = true;
        Some(wait_ms)
    }

    /// The watch and the report to send now, where there still is one.
    pub fn take(&mut self, now_ms: i64) -> Option<(Watch, Report)> {
        let watch = self.watched(now_ms)?.clone();
        let mut report = mem::take(&mut self.waiting);
        if report.presences.len() > MAX_PRESENCES
            && let Some(first) = report.presences.keys().nth(MAX_PRESENCES).copied()
        {
            self.waiting.presences = report.presences.split_off(&first);
        }
        self.sent_ms = now_ms;
        self.is_stale = false;
        (!report.is_empty()).then_some((watch, report))
    }

    /// A report may not have come: it is told again, with the next, which joins what the hub may have of it already.
    pub fn failed(&mut self, report: Report, now_ms: i64) {
        if !self.is_stale {
            self.note(report);
        }
        self.sent_ms = now_ms + AGAIN_AFTER_MS;
    }

    /// In how many milliseconds the next is to be sent; where there is none, sending is over until [`Outbox::begin`].
    pub fn next(&mut self, now_ms: i64) -> Option<i64> {
        let wait_ms = self.wait_ms(now_ms);
        self.is_sending = wait_ms.is_some();
        wait_ms
    }

    fn wait_ms(&self, now_ms: i64) -> Option<i64> {
        let watch = self.watched(now_ms).filter(|_| !self.waiting.is_empty())?;
        Some((self.sent_ms + report_every_ms(watch.bits) - now_ms).max(0))
    }
}
