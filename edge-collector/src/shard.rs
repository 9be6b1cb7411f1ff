//! A shard: some of a site's visitors, with their sessions.

mod store;
mod transaction;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use passerby_analytics::calendar::{Day, MINUTE_MS};
use passerby_analytics::delivery::{Delivery, Receipt};
use passerby_analytics::outcome::Outcome;
use passerby_analytics::report::Question;
use passerby_analytics::segment::Segment;
use passerby_analytics::session::{Session, Unreadable};
use passerby_analytics::sessionize::{absorb, take_out_seen};
use passerby_analytics::tabs::Tabs;
use passerby_analytics::visitor::Visitor;
use worker::{DurableObject, Env, Error, Request, Response, Result, State, durable_object};

use crate::objects::{pack, reply, unpack};
use crate::outcomes::{Counts, Ledger};
use store::Store;

/// Bytes of days that stay laid out in memory: a quarter of the 128 MB that an object shares with its isolate.
const MAX_SEGMENT_BYTES: usize = 32 * 1024 * 1024;

/// The object. What it keeps in memory is a cache of its rows and may vanish at any moment.
#[durable_object]
pub struct Shard {
    store: Store,
    /// Days laid out for reading; a day's is dropped when one of its sessions changes.
    segments: RefCell<HashMap<Day, Segment>>,
    /// Whose the tabs of the last days are; read when the first batch comes that does not prove whose it is.
    tabs: RefCell<Option<Tabs>>,
    /// The day on which old counts were last forgotten.
    tidied: Cell<Option<Day>>,
}

impl DurableObject for Shard {
    fn new(state: State, _env: Env) -> Self {
        let store = Store::open(&state).unwrap_or_else(|(store, error)| {
            worker::console_error!("a shard's tables: {error}");
            store
        });
        Self { store, segments: RefCell::default(), tabs: RefCell::default(), tidied: Cell::default() }
    }

    /// `deliver` is idempotent but for the counts of outcomes, which say that it was repeated; the others only read. None
    /// awaits anything once it has its body.
    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let body = request.bytes().await?;
        match request.path().as_str() {
            "/deliver" => {
                let (delivery, proven) = unpack(&body)?;
                reply(pack(&self.deliver(delivery, proven)?)?)
            }
            "/answer" => reply(pack(&self.answer(&unpack(&body)?)?)?),
            "/counts" => reply(pack(&Ledger::total(self.store.sql())?)?),
            path => Response::error(format!("no {path}"), 404),
        }
    }
}

impl Shard {
    /// Reads the visitor's sessions, puts the events in, and writes what changed with the counts of what became of them, in
    /// one transaction. The runtime holds the reply back until it is on disk.
    ///
    /// `proven`: the batch shows whose it is. Otherwise its tab may be known as another visitor's, whose it then is.
    fn deliver(&self, mut delivery: Delivery<&str>, proven: bool) -> Result<(Visitor, Receipt)> {
        let received_ms = delivery.received_ms;
        let earlier = self.bind(&mut delivery, proven)?;
        let visitor = delivery.visitor;
        let mut duplicate = 0;
        if let Some(earlier) = earlier {
            let rows = self.store.sessions_of(earlier, received_ms)?;
            duplicate = take_out_seen(&mut delivery, &decoded(&rows)?);
        }
        let rows = self.store.sessions_of(visitor, received_ms)?;
        let mut change = absorb(decoded(&rows)?, delivery);
        change.receipt.duplicate += duplicate;
        let minute = received_ms / MINUTE_MS;
        self.store.apply(visitor, &change, &counts(&change.receipt), minute)?;
        let mut segments = self.segments.borrow_mut();
        for key in change.remove.iter().copied().chain(change.write.iter().map(Session::key)) {
            segments.remove(&key.day());
        }
        let today = Day::of_utc(received_ms);
        if self.tidied.replace(Some(today)) != Some(today) {
            Ledger::forget(self.store.sql(), minute)?;
        }
        Ok((visitor, change.receipt))
    }

    /// Says whose the delivery is. Answers with the visitor that its tab was first seen as, where that is another: the tab
    /// may have sent some of these events before it could prove whose it is. Changes only what is remembered.
    fn bind(&self, delivery: &mut Delivery<&str>, proven: bool) -> Result<Option<Visitor>> {
        let mut tabs = self.tabs.borrow_mut();
        if tabs.is_none() {
            *tabs = Some(self.store.recent_tabs(delivery.received_ms)?);
        }
        let tabs = tabs.get_or_insert_default();
        delivery.visitor = tabs.bind(delivery.tab, delivery.visitor, proven);
        Ok(tabs.known(delivery.tab).filter(|known| *known != delivery.visitor))
    }

    /// This shard's part of an answer. Lays out the days that are not, one at a time. Only reads.
    fn answer(&self, question: &Question) -> Result<Vec<u8>> {
        let range = question.range();
        let mut segments = self.segments.borrow_mut();
        let days = self.store.days_with_events_in(range.from_ms, range.to_ms)?;
        for day in &days {
            if !segments.contains_key(day) {
                segments.insert(*day, self.store.segment(*day)?);
            }
        }
        let partial = question.fold(days.iter().filter_map(|day| segments.get(day)));
        if segments.values().map(|segment| segment.bytes().len()).sum::<usize>() > MAX_SEGMENT_BYTES {
            segments.clear();
        }
        Ok(partial)
    }
}

fn decoded(rows: &[Vec<u8>]) -> Result<Vec<Session<&str>>> {
    let sessions: core::result::Result<_, Unreadable> = rows.iter().map(|body| Session::decode(body)).collect();
    sessions.map_err(|error| Error::RustError(error.to_string()))
}

fn counts(receipt: &Receipt) -> Counts {
    let mut counts = Counts::new();
    let mut add = |outcome: Outcome, count: u32| *counts.entry(outcome.label()).or_default() += u64::from(count);
    add(Outcome::Accepted, receipt.accepted);
    add(Outcome::Duplicate, receipt.duplicate);
    receipt.refused.iter().for_each(|refusal| add(Outcome::Refused(refusal.reason), 1));
    counts.retain(|_, count| *count > 0);
    counts
}
