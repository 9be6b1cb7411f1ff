//! Batches of one isolate that are on their way to the same shard share a call: while one is under way, those that come wait
//! for the next. A call costs more than a batch, so whoever is alone waits for nothing, and many pay for one.
//!
//! Every request has objects of the platform's that only it may touch, and whatever it waits for must wake it in its own
//! context. So requests share bytes and answers alone. Who finds nobody on the way leads: it calls at once, then for those that
//! have come meanwhile, and goes on while batches wait, also after its own client has gone; after some calls the next that comes
//! leads. Where a leader vanishes nevertheless, the next that comes leads, too; and whoever has waited too long goes alone: the
//! shard counts each event once, however often it is sent.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

use futures_util::future::select;
use js_sys::futures::JsFuture;
use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast, JsValue};
use worker::{Context, Date, Delay, Env, Result};

use super::{Answer, Taken, send};
use crate::objects::{is_overloaded, overloaded};

/// How many may wait for one shard in an isolate. All of them share the next call, so that they wait no longer than it takes,
/// unless they have too many bytes.
const MAX_WAITING: usize = 256;
const MAX_BYTES_OF_CALL: usize = 1024 * 1024;

/// After so many calls, or when one takes so long, the next that comes leads.
const CALLS_OF_LEADER: u32 = 32;
const GIVEN_UP_MS: i64 = 2_000;

/// How long anybody waits before going alone.
const PATIENCE: Duration = Duration::from_secs(4);

/// A site, how many shards it has, as a power of two, and one of them.
pub type Shard = (Rc<str>, u32, u32);

thread_local! {
    static LINES: RefCell<HashMap<Shard, Line>> = RefCell::default();
}

/// Those that wait for one shard.
#[derive(Default)]
struct Line {
    waiting: Vec<Rc<Waiting>>,
    /// The number of whoever leads; who has an older one leads no more.
    leader: u32,
    is_led: bool,
    /// How many calls the leader has made, and when the last one began.
    calls: u32,
    called_ms: i64,
}

/// A batch, and where its request is told what became of it.
struct Waiting {
    parcel: Vec<u8>,
    taken: RefCell<Option<Taken>>,
    wake: Function,
}

/// Has a shard take a batch in, together with those of other requests.
pub async fn deliver(env: &Env, context: &Context, shard: Shard, parcel: Vec<u8>, now_ms: i64) -> Result<Answer> {
    // The runtime wakes a request in its own context by the mark that a promise got when it was made. `new Promise` loses
    // that mark once it is compiled to machine code, after some ten thousand calls (workerd of November 2026); this does not.
    let told = Promise::with_resolvers::<JsValue, JsValue>();
    let own = Rc::new(Waiting { parcel, taken: RefCell::default(), wake: told.resolve().unchecked_into() });
    let leads = LINES.with_borrow_mut(|lines| match lines.get_mut(&shard) {
        Some(line) => line.join(&own, now_ms),
        None => lines.entry(shard.clone()).or_default().join(&own, now_ms),
    })?;
    if let Some(leader) = leads {
        context.wait_until(lead(env.clone(), shard.clone(), leader, now_ms));
    }
    // The timer also tells the runtime that this request is not stuck, though nothing of its own is under way.
    select(JsFuture::from(told.promise()), Delay::from(PATIENCE)).await;
    if let Some(taken) = own.taken.take() {
        return taken.answer();
    }
    LINES.with_borrow_mut(|lines| {
        if let Some(line) = lines.get_mut(&shard) {
            line.waiting.retain(|other| !Rc::ptr_eq(other, &own));
        }
    });
    let alone = send(env, &shard.0, shard.1, shard.2, &[&own.parcel]).await?;
    alone.into_iter().next().unwrap_or(Taken::Failed).answer()
}

impl Line {
    /// Waits here. Says as which leader, where nobody leads who will; an error where too many wait.
    fn join(&mut self, own: &Rc<Waiting>, now_ms: i64) -> Result<Option<u32>> {
        if self.waiting.len() >= MAX_WAITING {
            return Err(overloaded("more batches wait for the shard than it can take"));
        }
        self.waiting.push(Rc::clone(own));
        let is_relieved = self.calls >= CALLS_OF_LEADER || now_ms > self.called_ms + GIVEN_UP_MS;
        if self.is_led && !is_relieved {
            return Ok(None);
        }
        self.leader = self.leader.wrapping_add(1);
        (self.is_led, self.calls, self.called_ms) = (true, 0, now_ms);
        Ok(Some(self.leader))
    }

    /// Whether somebody waits for this leader. Otherwise it leads no more.
    fn goes_on(&mut self, leader: u32) -> bool {
        let is_leader = self.leader == leader;
        self.is_led &= !is_leader || !self.waiting.is_empty();
        is_leader && self.is_led
    }

    /// Those of the next call; nobody where nobody waits, or another leads.
    fn depart(&mut self, leader: u32, now_ms: i64) -> Vec<Rc<Waiting>> {
        if self.leader != leader {
            return Vec::new();
        }
        let mut bytes = 0;
        let fits = |waiting: &&Rc<Waiting>| {
            bytes += waiting.parcel.len();
            bytes <= MAX_BYTES_OF_CALL
        };
        let count = self.waiting.iter().take_while(fits).count().max(1).min(self.waiting.len());
        let some: Vec<_> = self.waiting.drain(..count).collect();
        (self.is_led, self.calls, self.called_ms) = (!some.is_empty(), self.calls + 1, now_ms);
        some
    }
}

/// Makes calls while batches wait, and nobody else leads.
async fn lead(env: Env, shard: Shard, leader: u32, mut now_ms: i64) {
    loop {
        let some = LINES.with_borrow_mut(|lines| lines.get_mut(&shard).map(|line| line.depart(leader, now_ms)));
        let some = some.unwrap_or_default();
        if some.is_empty() {
            return;
        }
        let parcels: Vec<&[u8]> = some.iter().map(|waiting| waiting.parcel.as_slice()).collect();
        let all = match send(&env, &shard.0, shard.1, shard.2, &parcels).await {
            Ok(all) => all,
            Err(error) if is_overloaded(&error) => some.iter().map(|_| Taken::Overloaded).collect(),
            Err(error) => {
                worker::console_error!("shard {} of {}: {error}", shard.2, shard.0);
                some.iter().map(|_| Taken::Failed).collect()
            }
        };
        for (waiting, taken) in some.iter().zip(all) {
            waiting.taken.replace(Some(taken));
            // Fails for what is no function, and this is one.
            _ = waiting.wake.call0(&JsValue::UNDEFINED);
        }
        if !LINES.with_borrow_mut(|lines| lines.get_mut(&shard).is_some_and(|line| line.goes_on(leader))) {
            return;
        }
        // Whatever the runtime has received joins; it comes to timers after that.
        Delay::from(Duration::ZERO).await;
        now_ms = Date::now().as_millis() as i64;
    }
}
