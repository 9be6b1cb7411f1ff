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
use worker::{Delay, Error, Result};

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
    /// The call that it came in, and its place there.
    call: Rc<Call>,
    place: usize,
}

impl Waiting {
    /// Says what became of it.
    pub fn answer(&self, receipt: Result<Receipt>) {
        self.call.receipts.borrow_mut()[self.place] = Some(receipt);
        self.call.unanswered.set(self.call.unanswered.get() - 1);
        if self.call.unanswered.get() == 0 {
            self.call.wake();
        }
    }
}

/// Where a request that waits is told what came of its batches.
#[derive(Default)]
struct Call {
    receipts: RefCell<Vec<Option<Result<Receipt>>>>,
    unanswered: Cell<usize>,
    /// Whether it is to write next.
    writes: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

impl Call {
    fn wake(&self) {
        if let Some(waker) = self.waker.borrow_mut().take() {
            waker.wake();
        }
    }

    /// Waits until all its batches are answered, or until it is to write, and says whether it is.
    async fn is_to_write(&self) -> bool {
        poll_fn(|context| {
            if self.unanswered.get() == 0 {
                return Poll::Ready(false);
            }
            if self.writes.take() {
                return Poll::Ready(true);
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

    /// Whether there is no room for one batch more of so many bytes, with those that came in the same call.
    pub fn is_full(&self, with: &[(Visitor, Vec<u8>)], bytes: usize) -> bool {
        let with_bytes: usize = with.iter().map(|(_, body)| body.len()).sum();
        self.waiting.borrow().len() + with.len() >= self.most
            || self.bytes.get() + with_bytes + bytes > MAX_WAITING_BYTES
    }

    /// Has the batches of a call written, and says what became of each, in their order. `write` answers each that it is given;
    /// `written` waits until that is on disk.
    pub async fn put(
        &self,
        batches: Vec<(Visitor, Vec<u8>)>,
        write: impl Fn(Vec<Waiting>),
        written: impl AsyncFn() -> Result<()>,
    ) -> Result<Vec<Result<Receipt>>> {
        if batches.is_empty() {
            return Ok(Vec::new());
        }
        let call = Rc::new(Call::default());
        call.unanswered.set(batches.len());
        call.receipts.borrow_mut().resize_with(batches.len(), || None);
        for (place, (visitor, body)) in batches.into_iter().enumerate() {
            self.bytes.set(self.bytes.get() + body.len());
            self.waiting.borrow_mut().push(Waiting { visitor, body, call: Rc::clone(&call), place });
        }
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
                        next.call.writes.set(true);
                        next.call.wake();
                    }
                    None => self.is_written.set(false),
                }
                on_disk?;
            }
            writes = call.is_to_write().await;
            if !writes {
                // Each is there, since none is unanswered.
                let missing = || Err(Error::from("a batch was not answered"));
                return Ok(call.receipts.take().into_iter().map(|receipt| receipt.unwrap_or_else(missing)).collect());
            }
        }
    }
}
