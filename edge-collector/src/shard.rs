//! A shard: some of a site's visitors, with their sessions.

mod commit;
mod drafts;
mod empty;
mod homes;
mod intake;
mod live;
mod memory;
mod partials;
mod privacy;
mod questions;
mod queue;
mod recent;
mod store;
mod transaction;
pub mod value;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use passerby_analytics::calendar::{Day, MINUTE_MS};
use passerby_analytics::sessionize::{WINDOW_MS, seen_numbers};
use worker::{Date, DurableObject, Env, Request, Response, Result, State, durable_object};

use crate::objects::{pack, reply, unpack};
use crate::storage::Storage;
use commit::decoded;
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

    /// `deliver` is idempotent but for the counts of outcomes, which say that it was repeated; `tidy` and `watch` are
    /// idempotent; the others only read. None awaits anything between reading what is stored and writing.
    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let body = request.bytes().await?;
        match request.path().as_str() {
            "/deliver" => self.deliver(&body).await,
            "/seen" => {
                let (visitor, tab, received_ms) = unpack(&body)?;
                let since_ms = BTreeMap::from([(visitor, received_ms - WINDOW_MS)]);
                let known = self.store.sessions_of(&since_ms, received_ms)?.remove(&visitor);
                let rows = known.map(|known| known.rows).unwrap_or_default();
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

    /// Idempotent. What fails is tried again later, and keeps nothing else from being done.
    async fn alarm(&self) -> Result<Response> {
        let now_ms = Date::now().as_millis() as i64;
        let (tidied, erased) = (self.tidy(now_ms).await, self.erase_on());
        let done = tidied.and(erased);
        if let Err(error) = &done {
            worker::console_error!("a shard's alarm: {error}");
        }
        self.alarm_again(now_ms, done.is_err()).await?;
        Response::empty()
    }
}

impl Shard {
    fn storage(&self) -> Storage {
        let (rows_written, bytes) = self.store.written();
        Storage { since_ms: self.since_ms, batches: self.batches.get(), rows_written, bytes }
    }

    /// Packs the days that are over, and forgets old counts and the days that the site does not keep: all of it, also where some
    /// fails. Idempotent.
    async fn tidy(&self, now_ms: i64) -> Result<()> {
        let packed = self.store.pack(now_ms);
        let forgotten = [self.store.forget(now_ms / MINUTE_MS), self.store.forget_erased(now_ms)];
        let days = self.forget_days(now_ms).await;
        [packed, days].into_iter().chain(forgotten).collect()
    }
}
