//! Panics on demand, for the test of what becomes of other requests then. A request asks for one by a header. Compiled only
//! with the feature `forced-panics`, which no build that is served has: `tests/worker/panics.test.ts` holds that.

use std::cell::Cell;

use worker::Request;

/// Where a panic can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the Worker, before it has done anything.
    Worker,
    /// In an object, with its rows written and the transaction not over.
    InTransaction,
    /// In an object, behind its transaction and before its reply.
    AfterTransaction,
    /// In an object, behind the one statement that wrote its rows and before its reply.
    AfterStatement,
}

thread_local! {
    /// What is asked for; an object of this isolate meets it, too.
    static ASKED: Cell<Option<Place>> = const { Cell::new(None) };
}

/// Takes note of what a request asks for.
pub fn ask(request: &Request) {
    let place = match request.headers().get("x-panic").ok().flatten().as_deref() {
        Some("worker") => Place::Worker,
        Some("in transaction") => Place::InTransaction,
        Some("after transaction") => Place::AfterTransaction,
        Some("after statement") => Place::AfterStatement,
        _ => return,
    };
    ASKED.set(Some(place));
}

/// Panics if that was asked for, once.
#[allow(clippy::panic)]
pub fn at(place: Place) {
    if ASKED.get() == Some(place) {
        ASKED.set(None);
        panic!("a panic that was asked for: {place:?}");
    }
}
