//! A shard: some of a site's visitors, with their sessions.

mod store;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use passerby_analytics::calendar::{Day, MINUTE_MS};
use passerby_analytics::delivery::{Delivery, Receipt};
use passerby_analytics::outcome::Outcome;
use passerby_analytics::report::Question;
use passerby_analytics::segment::Segment;
use passerby_analytics::session::Session;
use passerby_analytics::sessionize::absorb;
use passerby_analytics::tabs::Tabs;
use passerby_analytics::visitor::Visitor;
use worker::{Date, DurableObject, Env, Request, Response, Result, State, durable_object};

use crate::objects::{pack, reply, unpack};
use crate::outcomes::{Counts, Ledger};
use store::Store;

/// The object. What it keeps in memory is a cache of its rows, but for the counts of the running minute.
#[durable_object]
pub struct Shard {
    store: Store,
    /// Days laid out for reading; a day's is dropped when one of its sessions changes.
    segments: RefCell<HashMap<Day, Segment>>,
    /// Whose the tabs of the last days are; read when the first batch comes.
    tabs: RefCell<Option<Tabs>>,
    /// Counts of the running minute, which are stored when it is over or when somebody asks: a row a minute, not a
    /// batch.
    counts: RefCell<Counts>,
    minute: Cell<i64>,
}

impl DurableObject for Shard {
    fn new(state: State, _env: Env) -> Self {
        let store = Store::open(&state).unwrap_or_else(|(store, error)| {
            worker::console_error!("a shard's tables: {error}");
            store
        });
        Self {
            store,
            segments: RefCell::default(),
            tabs: RefCell::default(),
            counts: RefCell::default(),
            minute: Cell::default(),
        }
    }

    /// `deliver` is idempotent but for the counts of outcomes; the others only read.
    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let body = request.bytes().await?;
        match request.path().as_str() {
            "/deliver" => {
                let (delivery, proven) = unpack(&body)?;
                reply(pack(&self.deliver(delivery, proven)?)?)
            }
            "/answer" => reply(self.answer(&unpack(&body)?)?),
            "/counts" => {
                self.store_counts()?;
                reply(pack(&Ledger::total(self.store.sql())?)?)
            }
            path => Response::error(format!("no {path}"), 404),
        }
    }
}

impl Shard {
    /// Reads the visitor's sessions, puts the events in, writes what changed. Nothing is awaited in between, so all
    /// writes are one transaction, and the runtime holds the reply back until it is on disk.
    ///
    /// `proven`: the batch shows whose it is. Otherwise its tab may be known as another visitor's, whose it then is.
    fn deliver(&self, mut delivery: Delivery<&str>, proven: bool) -> Result<(Visitor, Receipt)> {
        self.roll_minute()?;
        let visitor = self.bind(&delivery, proven)?;
        delivery.visitor = visitor;
        let rows = self.store.sessions_of(visitor, delivery.received_ms)?;
        let existing = rows.iter().map(|body| Session::decode(body)).collect::<core::result::Result<_, _>>();
        let existing = existing.map_err(|error| worker::Error::RustError(error.to_string()))?;
        let change = absorb(existing, delivery);
        let mut segments = self.segments.borrow_mut();
        for key in &change.remove {
            self.store.remove(visitor, *key)?;
            segments.remove(&key.day());
        }
        for session in &change.write {
            self.store.write(visitor, session)?;
            segments.remove(&session.key().day());
        }
        self.count(&change.receipt);
        Ok((visitor, change.receipt))
    }

    fn bind(&self, delivery: &Delivery<&str>, proven: bool) -> Result<Visitor> {
        let mut tabs = self.tabs.borrow_mut();
        if tabs.is_none() {
            *tabs = Some(self.store.recent_tabs(Day::of_utc(delivery.received_ms))?);
        }
        let tabs = tabs.get_or_insert_default();
        Ok(tabs.bind(delivery.tab, delivery.visitor, proven))
    }

    fn answer(&self, question: &Question) -> Result<Vec<u8>> {
        let range = question.range();
        let mut segments = self.segments.borrow_mut();
        let days = self.store.days_with_events_in(range.from_ms, range.to_ms)?;
        for day in &days {
            if !segments.contains_key(day) {
                segments.insert(*day, self.store.segment(*day)?);
            }
        }
        Ok(question.fold(days.iter().filter_map(|day| segments.get(day))))
    }

    fn count(&self, receipt: &Receipt) {
        let mut counts = self.counts.borrow_mut();
        let mut add = |outcome: Outcome, count| *counts.entry(outcome.label()).or_default() += count;
        add(Outcome::Accepted, receipt.accepted);
        add(Outcome::Duplicate, receipt.duplicate);
        receipt.refused.iter().for_each(|refusal| add(Outcome::Refused(refusal.reason), 1));
    }

    fn roll_minute(&self) -> Result<()> {
        let now = Date::now().as_millis() as i64 / MINUTE_MS;
        if self.minute.replace(now) == now { Ok(()) } else { self.store_counts() }
    }

    fn store_counts(&self) -> Result<()> {
        let mut counts = self.counts.take();
        counts.retain(|_, count| *count > 0);
        Ledger::add(self.store.sql(), self.minute.get(), &counts)
    }
}
