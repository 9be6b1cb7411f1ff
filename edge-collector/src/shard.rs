//! A shard: some of a site's visitors, with their sessions.

mod memory;
mod store;
mod transaction;
mod value;

use std::cell::{Cell, RefCell};

use passerby_analytics::calendar::{DAY_MS, Day, MINUTE_MS};
use passerby_analytics::delivery::{Delivery, Receipt};
use passerby_analytics::outcome::Outcome;
use passerby_analytics::report::Question;
use passerby_analytics::session::{Session, Unreadable};
use passerby_analytics::sessionize::{absorb, take_out_seen};
use passerby_analytics::tabs::Tabs;
use passerby_analytics::visitor::Visitor;
use worker::{Date, DurableObject, Env, Error, Request, Response, Result, State, durable_object};

use crate::objects::{pack, reply, unpack};
use crate::outcomes::{Counts, Ledger};
use memory::Memory;
use store::Store;

/// The object. What it keeps in memory is a cache of its rows and may vanish at any moment.
#[durable_object]
pub struct Shard {
    state: State,
    store: Store,
    memory: RefCell<Memory>,
    /// Whose the tabs of the last days are; read when the first batch comes that does not prove whose it is.
    tabs: RefCell<Option<Tabs>>,
    /// The day on which an alarm was last set.
    alarmed: Cell<Option<Day>>,
}

impl DurableObject for Shard {
    fn new(state: State, _env: Env) -> Self {
        let store = Store::open(&state).unwrap_or_else(|(store, error)| {
            worker::console_error!("a shard's tables: {error}");
            store
        });
        Self { state, store, memory: RefCell::default(), tabs: RefCell::default(), alarmed: Cell::default() }
    }

    /// `deliver` is idempotent but for the counts of outcomes, which say that it was repeated; `tidy` is idempotent; the
    /// others only read. None awaits anything between reading and writing.
    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let body = request.bytes().await?;
        match request.path().as_str() {
            "/deliver" => {
                let (delivery, proven): (Delivery<&str>, bool) = unpack(&body)?;
                let received_ms = delivery.received_ms;
                let answer = pack(&self.deliver(delivery, proven)?)?;
                self.alarm_daily(received_ms).await?;
                reply(answer)
            }
            "/answer" => reply(pack(&self.answer(&unpack(&body)?)?)?),
            "/counts" => reply(pack(&Ledger::total(self.store.sql())?)?),
            "/tidy" => self.tidy(unpack(&body)?).and_then(|()| reply(Vec::new())),
            path => Response::error(format!("no {path}"), 404),
        }
    }

    /// Idempotent.
    async fn alarm(&self) -> Result<Response> {
        self.tidy(Date::now().as_millis() as i64)?;
        Response::empty()
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
        let mut memory = self.memory.borrow_mut();
        for key in change.remove.iter().copied().chain(change.write.iter().map(Session::key)) {
            memory.forget(key.day());
        }
        Ok((visitor, change.receipt))
    }

    /// Sets the alarm for the next midnight (UTC) on the first delivery of a day: a day without events needs none.
    async fn alarm_daily(&self, received_ms: i64) -> Result<()> {
        let today = Day::of_utc(received_ms);
        if self.alarmed.replace(Some(today)) != Some(today) {
            self.state.storage().set_alarm((i64::from(today.0) + 1) * DAY_MS).await?;
        }
        Ok(())
    }

    /// Packs the days that are over and forgets old counts. Idempotent.
    fn tidy(&self, now_ms: i64) -> Result<()> {
        self.store.pack(now_ms)?;
        Ledger::forget(self.store.sql(), now_ms / MINUTE_MS)
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

    /// This shard's part of an answer. Only reads.
    fn answer(&self, question: &Question) -> Result<Vec<u8>> {
        let range = question.range();
        let days = self.store.days_with_events_in(range.from_ms, range.to_ms)?;
        let today = Day::of_utc(Date::now().as_millis() as i64);
        self.memory.borrow_mut().answer(&self.store, question, &days, today)
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
