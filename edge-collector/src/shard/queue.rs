//! Batches that wait to be written. All that have arrived by the time that the last ones are on disk go into one transaction:
//! one commit, however many they are, and one row of each session, however many batches it got.
//!
//! Whoever finds the queue empty writes: for itself, and for those that come until it does. Then it hands that over to the
//! first of those that came meanwhile, so that nobody's answer waits for more than two commits. A request that was broken
//! off goes on being worked at, as everything in an object does, so whoever writes does so to the end.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};
use std::time::Duration;

use passerby_analytics::delivery::Receipt;
use passerby_analytics::visitor::Visitor;
use worker::{Delay, Result};

/// How many may wait, if a variable does not say so: at the pace at which a shard writes that is a tenth of a second, so that
/// whoever is not refused is answered in time.
const MAX_WAITING: usize = 256;

/// Bytes of what may wait: 64 of the largest batches, a thirtieth of an object's memory.
const MAX_WAITING_BYTES: usize = 4 * 1024 * 1024;

/// A batch that waits.
pub struct Waiting {
    /// Whose it is.
    pub visitor: Visitor,
    /// The message that it came in.
    pub body: Vec<u8>,
    ticket: Rc<Ticket>,
}

impl Waiting {
    /// Says what became of it.
    pub fn answer(&self, receipt: Result<Receipt>) {
        *self.ticket.receipt.borrow_mut() = Some(receipt);
        self.ticket.wake();
    }
}

/// Where a request that waits is told what came of it.
#[derive(Default)]
struct Ticket {
    receipt: RefCell<Option<Result<Receipt>>>,
    /// Whether it is to write next.
    writes: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

impl Ticket {
    fn wake(&self) {
        if let Some(waker) = self.waker.borrow_mut().take() {
            waker.wake();
        }
    }

    /// What came of it; or nothing yet, where it is to write next.
    async fn called(&self) -> Option<Result<Receipt>> {
        poll_fn(|context| {
            if let Some(receipt) = self.receipt.borrow_mut().take() {
                return Poll::Ready(Some(receipt));
            }
            if self.writes.take() {
                return Poll::Ready(None);
            }
            *self.waker.borrow_mut() = Some(context.waker().clone());
            Poll::Pending
        })
        .await
    }
}

/// See above.
pub struct Queue {
    waiting: RefCell<Vec<Waiting>>,
    bytes: Cell<usize>,
    /// Whether somebody writes, or is to.
    is_written: Cell<bool>,
    /// How many may wait.
    most: usize,
}

impl Queue {
    /// An empty one, in which so many may wait; or as many as is usual.
    pub fn of(most: Option<usize>) -> Self {
        let most = most.unwrap_or(MAX_WAITING);
        Self { waiting: RefCell::default(), bytes: Cell::default(), is_written: Cell::default(), most }
    }

    /// Whether so many bytes more are more than may wait.
    pub fn is_full(&self, bytes: usize) -> bool {
        self.waiting.borrow().len() >= self.most || self.bytes.get() + bytes > MAX_WAITING_BYTES
    }

    /// Has a batch written, and says what became of it. `write` answers each that it is given; `written` waits until that is on
    /// disk.
    pub async fn put(
        &self,
        visitor: Visitor,
        body: Vec<u8>,
        write: impl Fn(Vec<Waiting>),
        written: impl AsyncFn() -> Result<()>,
    ) -> Result<Receipt> {
        self.bytes.set(self.bytes.get() + body.len());
        let ticket = Rc::new(Ticket::default());
        self.waiting.borrow_mut().push(Waiting { visitor, body, ticket: Rc::clone(&ticket) });
        let mut writes = !self.is_written.replace(true);
        loop {
            if writes {
                // Whatever the runtime has received joins; it comes to timers after that.
                Delay::from(Duration::ZERO).await;
                self.bytes.set(0);
                write(self.waiting.take());
                let on_disk = written().await;
                match self.waiting.borrow().first() {
                    Some(next) => {
                        next.ticket.writes.set(true);
                        next.ticket.wake();
                    }
                    None => self.is_written.set(false),
                }
                on_disk?;
            }
            match ticket.called().await {
                Some(receipt) => return receipt,
                None => writes = true,
            }
        }
    }
}
