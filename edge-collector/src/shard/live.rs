//! A shard's side of watching: it tells the site's hub what happens, while somebody looks.
//!
//! Whether somebody does is told by the hub, and kept in one row, so that a shard which was evicted meanwhile knows it with
//! its first batch. While nobody watches there is no row, no request and no work but a look at a number.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use futures_util::future::{Either, select};
use passerby_analytics::live::{Outbox, Report, Watch};
use passerby_analytics::session::Session;
use passerby_analytics::sessionize::seen_numbers;
use passerby_analytics::visitor::Visitor;
use passerby_protocol::TabId;
use worker::{Date, Delay, Env, Error, Result, State};

use super::value::blob;
use crate::objects::{ask_hub, pack, unpack};
use crate::sql::Sql;

/// How long what is stored says that somebody watches, and how long before its end it is stored anew: one row in four
/// minutes of watching.
const STORED_MS: i64 = 300_000;
const STORE_AGAIN_MS: i64 = 60_000;

/// How long a hub may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// What the shard knows of who watches, and what it has to tell.
#[derive(Clone)]
pub struct Live(Rc<Desk>);

struct Desk {
    env: Env,
    sql: Sql,
    outbox: RefCell<Outbox>,
    /// Until when the stored watch holds.
    stored_until_ms: Cell<i64>,
}

impl Live {
    /// As it was stored.
    pub fn open(env: Env, sql: &Sql) -> Self {
        let live =
            Self(Rc::new(Desk { env, sql: sql.clone(), outbox: RefCell::default(), stored_until_ms: Cell::new(0) }));
        match live.stored() {
            Ok(Some(watch)) => {
                live.0.stored_until_ms.set(watch.until_ms);
                live.0.outbox.borrow_mut().watch(watch);
            }
            Ok(None) => {}
            Err(error) => worker::console_error!("who watches is not known: {error}"),
        }
        live
    }

    fn stored(&self) -> Result<Option<Watch>> {
        let row = self.0.sql.exec("SELECT bytes FROM watch", None)?.raw().next().transpose()?;
        row.map(|row| unpack(&blob(row.into_iter().next())?)).transpose()
    }

    /// Somebody watches, or nobody does any more. Idempotent.
    pub fn watch(&self, watch: Watch, now_ms: i64) -> Result<()> {
        let stored_until_ms = self.0.stored_until_ms.get();
        if !watch.holds(now_ms) && stored_until_ms > 0 {
            self.0.sql.exec("DELETE FROM watch", None)?;
            self.0.stored_until_ms.set(0);
        } else if watch.holds(now_ms) && stored_until_ms < now_ms + STORE_AGAIN_MS {
            let long = Watch { until_ms: now_ms + STORED_MS, ..watch.clone() };
            self.0.sql.exec("DELETE FROM watch", None)?;
            self.0.sql.exec("INSERT INTO watch (bytes) VALUES (?)", vec![pack(&long)?.into()])?;
            self.0.stored_until_ms.set(long.until_ms);
        }
        self.0.outbox.borrow_mut().watch(watch);
        Ok(())
    }

    /// How long the tracker that sent a batch now should buffer.
    pub fn hint_ms(&self, now_ms: i64) -> u32 {
        self.0.outbox.borrow_mut().hint_ms(now_ms)
    }

    /// The numbers of a tab's events that are known, where somebody watches: what [`Live::note`] must be told.
    pub fn seen(&self, existing: &[Session<&str>], tab: TabId, now_ms: i64) -> Option<HashSet<u64>> {
        self.0.outbox.borrow().watched(now_ms).is_some().then(|| seen_numbers(existing, tab))
    }

    /// Notes what a tab's delivery changed.
    pub fn note(&self, visitor: Visitor, tab: TabId, seen: &HashSet<u64>, written: &[Session<&str>], now_ms: i64) {
        let mut outbox = self.0.outbox.borrow_mut();
        let report = outbox.watched(now_ms).map(|watch| Report::of_change(watch, visitor, tab, seen, written, now_ms));
        report.into_iter().for_each(|report| outbox.note(report));
    }

    /// Somebody was erased: what waits to be told may be of them.
    pub fn forget(&self) {
        self.0.outbox.borrow_mut().forget();
    }

    /// Sends what there is to be sent, after the answer to the batch has gone. One report at a time is on its way.
    pub fn send(&self, state: &State, now_ms: i64) {
        let wait_ms = self.0.outbox.borrow_mut().begin(now_ms);
        if let Some(wait_ms) = wait_ms {
            let desk = Rc::clone(&self.0);
            state.wait_until(async move { desk.send_all(wait_ms).await });
        }
    }
}

impl Desk {
    async fn send_all(&self, mut wait_ms: i64) {
        loop {
            if wait_ms > 0 {
                Delay::from(Duration::from_millis(wait_ms.unsigned_abs())).await;
            }
            let taken = self.outbox.borrow_mut().take(now_ms());
            if let Some((watch, report)) = taken {
                let told = self.tell(&watch, &report).await;
                let mut outbox = self.outbox.borrow_mut();
                match told {
                    Ok(true) => {}
                    Ok(false) => outbox.unwatch(),
                    Err(error) => {
                        worker::console_error!("a hub was not told: {error}");
                        outbox.failed(report, now_ms());
                    }
                }
            }
            let next = self.outbox.borrow_mut().next(now_ms());
            match next {
                Some(next_ms) => wait_ms = next_ms,
                None => return,
            }
        }
    }

    /// Whether somebody still watches.
    async fn tell(&self, watch: &Watch, report: &Report) -> Result<bool> {
        let body = pack(&(watch.told_ms, report))?;
        let asked = pin!(ask_hub(&self.env, &watch.site, "report", &body));
        match select(asked, Delay::from(PATIENCE)).await {
            Either::Left((answer, _)) => unpack(&answer?),
            Either::Right(_) => Err(Error::from("it takes too long")),
        }
    }
}

fn now_ms() -> i64 {
    Date::now().as_millis() as i64
}
