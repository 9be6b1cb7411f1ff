//! Runs on their way: what is handed out to be sent, and what each result means for it.

use passerby_protocol::{Ticket, encode_as_batch};
use std::mem;

use super::run::{Run, difference_ms};
use super::{DEFAULT_FLUSH_MS, Dropped, MIN_FLUSH_MS, Tracker, reply};

/// Bytes of events that make a batch full. Half of what browsers keep alive (see below), so that one can leave while
/// another is in flight; and far below the collector's limit of 64 KiB.
pub(super) const MAX_RUN_BYTES: usize = 28 * 1024;

/// Bytes in flight that outlive the page. Browsers allow 64 KiB for all such requests together (Fetch standard,
/// "inflightKeepaliveBytes"), those of the page itself included; the rest is left to it.
const KEEPALIVE_BYTES: usize = 60 * 1024;

/// A request without an answer for so long is taken for lost. Sending it again is harmless: the collector knows it.
const ANSWER_WITHIN_MS: u64 = 60_000;

/// A request to make.
#[derive(Debug)]
pub struct Send {
    /// To be named in [`Tracker::on_result`].
    pub id: u32,
    /// The body.
    pub bytes: Vec<u8>,
    /// How many events it holds.
    pub events: usize,
    /// The request must outlive the page. Not so where it would not fit the browser's budget for that.
    pub keepalive: bool,
}

/// What became of a request.
#[derive(Debug)]
pub enum Outcome {
    /// An answer of 2xx with this body.
    Answered(Vec<u8>),
    /// Another status, and the seconds of its `Retry-After` (0 where it has none).
    Failed {
        /// The HTTP status.
        status: u16,
        /// What the collector asked for, in seconds.
        retry_after_s: u32,
    },
    /// No answer at all.
    Lost,
}

enum State {
    /// To be sent, or sent again.
    Waiting,
    Flying {
        id: u32,
        since_ms: u64,
        bytes: usize,
        keepalive: bool,
        has_context: bool,
    },
}

/// A run that was cut from the queue.
pub(super) struct Held {
    run: Run,
    state: State,
}

impl Held {
    pub fn new(run: Run) -> Self {
        Self { run, state: State::Waiting }
    }

    pub fn len(&self) -> usize {
        self.run.len()
    }

    pub fn waits(&self) -> bool {
        matches!(self.state, State::Waiting)
    }

    /// When its request is taken for lost; never, where there is none.
    pub fn expires_at_ms(&self) -> u64 {
        match self.state {
            State::Flying { since_ms, .. } => since_ms + ANSWER_WITHIN_MS,
            State::Waiting => u64::MAX,
        }
    }

    /// Takes back what is in flight in a request that dies with the page.
    pub fn recall_mortal(&mut self) {
        if let State::Flying { keepalive: false, .. } = self.state {
            self.state = State::Waiting;
        }
    }

    fn keepalive_bytes(&self) -> usize {
        match self.state {
            State::Flying { bytes, keepalive: true, .. } => bytes,
            _ => 0,
        }
    }

    fn flies_as(&self, wanted: u32) -> bool {
        matches!(self.state, State::Flying { id, .. } if id == wanted)
    }
}

impl Tracker {
    /// Makes the request for the run at `place`. Encoded anew at every try, for the clock and the ticket move on; tab
    /// and numbers stay.
    pub(super) fn launch(&mut self, place: usize, now_ms: u64, unix_ms: u64) -> Option<Send> {
        let in_flight: usize = self.held.iter().map(Held::keepalive_bytes).sum();
        let held = self.held.get_mut(place)?;
        let has_context = !self.context_known;
        let after_ms = difference_ms(held.run.at_ms(), now_ms);
        if let Some(first) = held.run.events.first_mut() {
            first.after_ms = after_ms;
        }

        let batch = &mut self.envelope;
        batch.first = held.run.first;
        batch.sent_at_ms = unix_ms;
        batch.viewport = held.run.viewport;
        // Lent for the encoding: copying them would cost more than sending them.
        batch.context = has_context.then(|| mem::take(&mut self.context));
        mem::swap(&mut batch.page, &mut held.run.page);
        mem::swap(&mut batch.user, &mut held.run.user);
        mem::swap(&mut batch.events, &mut held.run.events);
        let bytes = encode_as_batch(batch);
        mem::swap(&mut batch.page, &mut held.run.page);
        mem::swap(&mut batch.user, &mut held.run.user);
        mem::swap(&mut batch.events, &mut held.run.events);
        if let Some(context) = batch.context.take() {
            self.context = context;
        }

        let id = self.next_id;
        self.next_id = self.next_id.wrapping_add(1);
        let keepalive = in_flight + bytes.len() <= KEEPALIVE_BYTES;
        held.state = State::Flying { id, since_ms: now_ms, bytes: bytes.len(), keepalive, has_context };
        Some(Send { id, bytes, events: held.len(), keepalive })
    }

    /// Reports what became of a request. One that was given up before is ignored.
    pub fn on_result(&mut self, id: u32, outcome: Outcome, now_ms: u64) {
        let Some(place) = self.held.iter().position(|held| held.flies_as(id)) else { return };
        match outcome {
            // An answer that is none of the collector's (a captive portal's page) says nothing about the batch.
            Outcome::Answered(body) => match reply::read(&body) {
                Some((flush_after_ms, ticket)) => self.accepted(place, flush_after_ms, ticket),
                None => self.retry(place, now_ms, 0),
            },
            Outcome::Failed { status: 413, .. } => self.halve(place),
            Outcome::Failed { status: 408 | 429 | 500.., retry_after_s } => {
                self.retry(place, now_ms, u64::from(retry_after_s) * 1_000);
            }
            // The rest of 4xx, and redirects, which a browser follows: it will be no different next time.
            Outcome::Failed { .. } => {
                self.backoff.succeed();
                let held = self.held.remove(place);
                self.drop_run(&held.run, Dropped::Refused);
            }
            Outcome::Lost => self.retry(place, now_ms, 0),
        }
    }

    /// Takes back what nobody answered.
    pub(super) fn expire(&mut self, now_ms: u64) {
        for place in 0..self.held.len() {
            if self.held[place].expires_at_ms() <= now_ms {
                self.retry(place, now_ms, 0);
            }
        }
    }

    fn accepted(&mut self, place: usize, flush_after_ms: u32, ticket: Ticket) {
        self.backoff.succeed();
        let held = self.held.remove(place);
        self.settle(&held.run);
        self.context_known |= matches!(held.state, State::Flying { has_context: true, .. });
        if !ticket.0.is_empty() {
            self.envelope.ticket = ticket;
        }
        // The usual minute is no wish of the collector's, so it does not overrule the site's.
        let hint_ms = if flush_after_ms < DEFAULT_FLUSH_MS { flush_after_ms.max(MIN_FLUSH_MS) } else { u32::MAX };
        self.flush_after_ms = self.option_flush_ms.min(hint_ms);
    }

    fn retry(&mut self, place: usize, now_ms: u64, retry_after_ms: u64) {
        if let State::Flying { since_ms, .. } = mem::replace(&mut self.held[place].state, State::Waiting) {
            self.backoff.fail(since_ms, now_ms, retry_after_ms);
        }
    }

    fn halve(&mut self, place: usize) {
        self.backoff.succeed();
        let held = &mut self.held[place];
        if held.len() < 2 {
            let held = self.held.remove(place);
            self.drop_run(&held.run, Dropped::TooLarge);
            return;
        }
        let front = held.run.take_front(held.len() / 2);
        held.state = State::Waiting;
        self.held.insert(place, Held::new(front));
    }
}
