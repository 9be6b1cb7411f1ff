//! A shard: some of a site's visitors, with their sessions.

mod drafts;
mod empty;
mod homes;
mod live;
mod memory;
mod partials;
mod store;
mod transaction;
pub mod value;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use passerby_analytics::calendar::{DAY_MS, Day, MINUTE_MS};
use passerby_analytics::delivery::{Delivery, Receipt};
use passerby_analytics::ledger::{Counts, Ledger};
use passerby_analytics::live::{FEED_MS, MAX_FEED, Report, Watch};
use passerby_analytics::report::Question;
use passerby_analytics::session::{Session, SessionKey, Unreadable};
use passerby_analytics::sessionize::{absorb, seen_numbers};
use worker::{Date, DurableObject, Env, Error, Request, Response, Result, State, durable_object};

use crate::alarm;
use crate::delivery::{Answer, Parcel};
use crate::objects::{pack, reply, unpack};
use crate::storage::Storage;
use homes::Homes;
use live::Live;
use memory::Memory;
use store::{Row, Store};

/// The object. What it keeps in memory is a cache of its rows and may vanish at any moment.
#[durable_object]
pub struct Shard {
    state: State,
    store: Store,
    memory: RefCell<Memory>,
    homes: Homes,
    live: Live,
    /// The day on which an alarm was last set.
    alarmed: Cell<Option<Day>>,
    /// When the object was started, and how many batches it took in since.
    since_ms: i64,
    batches: Cell<u64>,
}

impl DurableObject for Shard {
    fn new(state: State, env: Env) -> Self {
        let (store, made) = Store::open(&state);
        if let Err(error) = made {
            worker::console_error!("a shard's tables: {error}");
        }
        let since_ms = Date::now().as_millis() as i64;
        let live = Live::open(env.clone(), store.sql());
        let (memory, homes) = (RefCell::default(), Homes::new(env));
        Self { state, store, memory, homes, live, alarmed: Cell::default(), since_ms, batches: Cell::default() }
    }

    /// `deliver` and `deliver_each` are idempotent but for the counts of outcomes, which say that it was repeated; `tidy` and
    /// `watch` are idempotent; the others only read. None awaits anything between reading what is stored and writing.
    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let body = request.bytes().await?;
        match request.path().as_str() {
            "/deliver" => {
                let parcel: Parcel<&str> = unpack(&body)?;
                let received_ms = parcel.delivery.received_ms;
                let answer = pack(&self.take(parcel).await?)?;
                self.alarm_daily(received_ms).await?;
                self.live.send(&self.state, received_ms);
                reply(answer)
            }
            "/deliver_each" => {
                let deliveries: Vec<Delivery<&str>> = unpack(&body)?;
                let received_ms = deliveries.first().map_or(0, |delivery| delivery.received_ms);
                let receipts: Result<Vec<Receipt>> =
                    deliveries.into_iter().map(|delivery| self.deliver(delivery, 0)).collect();
                let answer = pack(&receipts?)?;
                self.alarm_daily(received_ms).await?;
                self.live.send(&self.state, received_ms);
                reply(answer)
            }
            "/seen" => {
                let (visitor, tab, received_ms) = unpack(&body)?;
                let rows = self.store.sessions_of(visitor, received_ms)?;
                reply(pack(&seen_numbers(&decoded(&rows)?, tab))?)
            }
            "/tabs" => {
                let (home, received_ms) = unpack(&body)?;
                reply(pack(&self.homes.tabs_of(&self.store, &home, received_ms)?)?)
            }
            "/answer" => reply(pack(&self.answer(&unpack(&body)?)?)?),
            "/counts" => {
                let (from, to) = unpack(&body)?;
                reply(pack(&self.store.counts(from, to)?)?)
            }
            "/rejects" => reply(pack(&self.store.rejects()?)?),
            "/watch" => {
                let (watch, whole) = unpack(&body)?;
                reply(pack(&self.watch(watch, whole)?)?)
            }
            "/storage" => reply(pack(&self.storage())?),
            "/tidy" => self.tidy(unpack(&body)?).and_then(|()| reply(Vec::new())),
            "/empty" => empty::empty(&self.state).await.and_then(|()| reply(Vec::new())),
            "/end" => empty::end(&self.state).and_then(|()| reply(Vec::new())),
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
    /// Takes a batch in, unless this is only the home of its tab, and says whose it is.
    async fn take(&self, parcel: Parcel<&str>) -> Result<Answer> {
        let Parcel { delivery, taken_out, rejects, home } = parcel;
        let received_ms = delivery.received_ms;
        let mut first = delivery.visitor;
        if let Some(home) = home {
            first = self.homes.first(&self.store, &home, &delivery).await?;
            // Another's batch goes to that one's shard; and that one's shard knows what a tab sent before it had consent.
            if first.shard(home.bits) != home.shard || (home.by_id && first != delivery.visitor) {
                return Ok((first, None));
            }
        }
        let receipt = self.deliver(Delivery { visitor: first, ..delivery }, taken_out)?;
        self.store.keep_rejects(&rejects)?;
        Ok((first, Some((receipt, self.live.hint_ms(received_ms)))))
    }

    /// Reads the visitor's sessions, puts the events in, and writes what changed with the counts of what became of them, in
    /// one transaction. The runtime holds the reply back until it is on disk.
    fn deliver(&self, delivery: Delivery<&str>, taken_out: u32) -> Result<Receipt> {
        let (visitor, tab, received_ms) = (delivery.visitor, delivery.tab, delivery.received_ms);
        let rows = self.store.sessions_of(visitor, received_ms)?;
        let existing = decoded(&rows)?;
        let seen = self.live.seen(&existing, tab, received_ms);
        let mut change = absorb(existing, delivery);
        change.receipt.duplicate += taken_out;
        let ledger = Ledger::of(received_ms / MINUTE_MS, Counts::from(&change.receipt));
        self.store.apply(visitor, &change, ledgers_of(&rows), ledger)?;
        self.batches.set(self.batches.get() + 1);
        self.homes.lives_here(tab, visitor, &change.write);
        if let Some(seen) = seen {
            self.live.note(visitor, tab, &seen, &change.write, received_ms);
        }
        let mut memory = self.memory.borrow_mut();
        for key in change.remove.iter().copied().chain(change.write.iter().map(Session::key)) {
            memory.forget(key.day());
        }
        Ok(change.receipt)
    }

    /// Somebody watches the site, or nobody does any more. Answers with all that happens now, where that is asked for.
    fn watch(&self, watch: Watch, whole: bool) -> Result<Report> {
        let now_ms = Date::now().as_millis() as i64;
        let mut report = Report::default();
        if whole {
            for day in self.store.days_with_events_in(now_ms - FEED_MS, now_ms)? {
                let segment = self.memory.borrow_mut().load(&self.store, day)?;
                report.join(Report::of_segment(&watch, &segment, now_ms));
            }
            report.events.truncate(MAX_FEED);
        }
        self.live.watch(watch, now_ms)?;
        Ok(report)
    }

    /// Sets the alarm for the next midnight (UTC) on the first delivery of a day: a day without events needs none.
    async fn alarm_daily(&self, received_ms: i64) -> Result<()> {
        let today = Day::of_utc(received_ms);
        if self.alarmed.replace(Some(today)) != Some(today) {
            alarm::set(&self.state, (i64::from(today.0) + 1) * DAY_MS).await?;
        }
        Ok(())
    }

    fn storage(&self) -> Storage {
        let (rows_written, bytes) = self.store.written();
        Storage { since_ms: self.since_ms, batches: self.batches.get(), rows_written, bytes }
    }

    /// Packs the days that are over and forgets old counts. Idempotent.
    fn tidy(&self, now_ms: i64) -> Result<()> {
        self.store.pack(now_ms)?;
        self.store.forget(now_ms / MINUTE_MS)
    }

    /// This shard's part of an answer. Changes nothing but what is kept of answers.
    fn answer(&self, question: &Question) -> Result<Vec<u8>> {
        let range = question.range();
        let days = self.store.days_with_events_in(range.from_ms, range.to_ms)?;
        let today = Day::of_utc(Date::now().as_millis() as i64);
        self.memory.borrow_mut().answer(&self.store, question, &days, today)
    }
}

fn decoded(rows: &[Row]) -> Result<Vec<Session<&str>>> {
    let sessions: core::result::Result<_, Unreadable> = rows.iter().map(|row| Session::decode(&row.body)).collect();
    sessions.map_err(|error| Error::RustError(error.to_string()))
}

fn ledgers_of(rows: &[Row]) -> BTreeMap<SessionKey, Ledger> {
    rows.iter().map(|row| (row.key, row.ledger.clone())).collect()
}
