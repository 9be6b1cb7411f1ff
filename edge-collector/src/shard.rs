//! A shard: some of a site's visitors, with their sessions.

mod commit;
mod drafts;
mod empty;
mod homes;
mod live;
mod memory;
mod partials;
mod privacy;
mod queue;
mod recent;
mod store;
mod transaction;
pub mod value;

use std::cell::{Cell, RefCell};

use passerby_analytics::calendar::{DAY_MS, Day, MINUTE_MS};
use passerby_analytics::delivery::{Delivery, Receipt};
use passerby_analytics::live::{FEED_MS, MAX_FEED, Report, Watch};
use passerby_analytics::report::Question;
use passerby_analytics::sessionize::seen_numbers;
use passerby_analytics::tabs::Seen;
use worker::{Date, DurableObject, Env, Request, Response, Result, State, durable_object};

use crate::alarm;
use crate::delivery::{Answer, Label};
use crate::objects::{failed, pack, reply, unpack, unpack_beginning};
use crate::storage::Storage;
use commit::{Arrived, decoded};
use homes::Homes;
use live::Live;
use memory::Memory;
use queue::Queue;
use store::Store;

/// The variable that says how many batches may wait at a shard to be written, if not as many as are usual.
const MAX_WAITING: &str = "MAX_WAITING";

/// The object. What it keeps in memory is a cache of its rows and may vanish at any moment.
#[durable_object]
pub struct Shard {
    state: State,
    env: Env,
    store: Store,
    memory: RefCell<Memory>,
    homes: Homes,
    live: Live,
    queue: Queue,
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
        let queue = Queue::of(env.var(MAX_WAITING).ok().and_then(|most| most.to_string().parse().ok()));
        let (memory, homes) = (RefCell::default(), Homes::new(env.clone()));
        Self {
            state,
            env,
            store,
            memory,
            homes,
            live,
            queue,
            alarmed: Cell::default(),
            since_ms,
            batches: Cell::default(),
        }
    }

    /// `deliver` and `deliver_each` are idempotent but for the counts of outcomes, which say that it was repeated; `tidy` and
    /// `watch` are idempotent; the others only read. None awaits anything between reading what is stored and writing.
    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let body = request.bytes().await?;
        match request.path().as_str() {
            "/deliver" => match self.take(body).await {
                Ok((answer, received_ms)) => {
                    self.alarm_daily(received_ms).await?;
                    self.live.send(&self.state, received_ms);
                    reply(pack(&answer)?)
                }
                Err(error) => failed(error),
            },
            "/deliver_each" => {
                let deliveries: Vec<Delivery<&str>> = unpack(&body)?;
                let received_ms = deliveries.first().map_or(0, |delivery| delivery.received_ms);
                let arrived = |delivery| Arrived { delivery, taken_out: 0, rejects: Vec::new() };
                let receipts: Result<Vec<Receipt>> =
                    self.commit(deliveries.into_iter().map(arrived).collect()).into_iter().collect();
                let answer = pack(&receipts?)?;
                self.alarm_daily(received_ms).await?;
                self.live.send(&self.state, received_ms);
                reply(answer)
            }
            "/seen" => {
                let (visitor, tab, received_ms) = unpack(&body)?;
                let rows = self.store.sessions_of(&[visitor], received_ms)?.remove(&visitor).unwrap_or_default();
                let mut seen = seen_numbers(&decoded(&rows)?, tab);
                seen.extend(self.store.remembered(|remembered| remembered.numbers(tab))?);
                reply(pack(&seen)?)
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
            "/tidy" => self.tidy(unpack(&body)?).await.and_then(|()| reply(Vec::new())),
            "/empty" => empty::empty(&self.state).await.and_then(|()| reply(Vec::new())),
            "/end" => empty::end(&self.state).and_then(|()| reply(Vec::new())),
            path => match self.about_person(path, &body).await? {
                Some(answer) => reply(answer),
                None => Response::error(format!("no {path}"), 404),
            },
        }
    }

    /// Idempotent.
    async fn alarm(&self) -> Result<Response> {
        let now_ms = Date::now().as_millis() as i64;
        self.tidy(now_ms).await?;
        self.erase_on()?;
        self.alarm_again(now_ms).await?;
        Response::empty()
    }
}

impl Shard {
    /// Takes a batch in, unless this is only the home of its tab, and says whose it is, and when it was received.
    async fn take(&self, body: Vec<u8>) -> Result<(Answer, i64)> {
        let (home, _, received_ms, mut visitor, tab): Label = unpack_beginning(&body)?;
        if let Some(home) = home {
            let first = self.homes.first(&self.store, &home, Seen { since_ms: received_ms, tab, visitor }).await?;
            // Another's batch goes to that one's shard; and that one's shard knows what a tab sent before it had consent.
            if first.shard(home.bits) != home.shard || (home.by_id && first != visitor) {
                return Ok(((first, None), received_ms));
            }
            visitor = first;
        }
        let written = async || self.store.on_disk().await;
        let receipt = self.queue.put(visitor, body, |group| self.write(&group), written).await?;
        Ok(((visitor, Some((receipt, self.live.hint_ms(received_ms)))), received_ms))
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

    /// Sets the alarm for the next midnight (UTC) on the first delivery of a day, but not in place of one that an erasure
    /// waits for, which sets it then.
    async fn alarm_daily(&self, received_ms: i64) -> Result<()> {
        let today = Day::of_utc(received_ms);
        if self.alarmed.replace(Some(today)) != Some(today) && !self.store.erases()? {
            alarm::set(&self.state, (i64::from(today.0) + 1) * DAY_MS).await?;
        }
        Ok(())
    }

    fn storage(&self) -> Storage {
        let (rows_written, bytes) = self.store.written();
        Storage { since_ms: self.since_ms, batches: self.batches.get(), rows_written, bytes }
    }

    /// Packs the days that are over, and forgets old counts and the days that the site does not keep. Idempotent.
    async fn tidy(&self, now_ms: i64) -> Result<()> {
        self.store.pack(now_ms)?;
        self.store.forget(now_ms / MINUTE_MS)?;
        self.store.forget_erased(now_ms)?;
        self.forget_days(now_ms).await
    }

    /// This shard's part of an answer. Changes nothing but what is kept of answers.
    fn answer(&self, question: &Question) -> Result<Vec<u8>> {
        let range = question.range();
        let days = self.store.days_with_events_in(range.from_ms, range.to_ms)?;
        let today = Day::of_utc(Date::now().as_millis() as i64);
        self.memory.borrow_mut().answer(&self.store, question, &days, today)
    }
}
