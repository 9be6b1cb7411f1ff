//! A site's own object: its settings where it was made over the API, its keys, who changed what, the salts of two days, how
//! many shards it has, and the count of requests that were refused whole.

mod emptying;
mod salts;
pub mod settled;

use std::cell::Cell;

use passerby_analytics::calendar::{Day, MINUTE_MS};
use passerby_analytics::ledger::Ledger;
use worker::{Date, DurableObject, Env, Request, Response, Result, State, durable_object};

use crate::alarm;
use crate::audit::Audit;
use crate::book::Book;
use crate::keyring::Keyring;
use crate::objects::{pack, reply, unpack};
use crate::rejects::{Reject, Rejects};
use crate::sql::Sql;
use emptying::Emptying;
use salts::{Salts, next_day};
use settled::Settings;

/// The object. What it knows is in its storage; it keeps nothing in memory.
#[durable_object]
pub struct Site {
    state: State,
    env: Env,
    sql: Sql,
    /// Whether its tables are there: not after it was emptied.
    is_open: Cell<bool>,
}

impl DurableObject for Site {
    fn new(state: State, env: Env) -> Self {
        let sql = Sql::of(&state);
        Self { state, env, sql, is_open: Cell::new(false) }
    }

    /// `keys` is idempotent for a day; `count` is not: a repeat counts again; `settle` changes nothing where the settings are no
    /// longer those that it says they are; `empty` is idempotent; `erase_rejects` is but for its line in the log. Nothing is awaited between reading and writing.
    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let body = request.bytes().await?;
        self.open()?;
        let now_ms = Date::now().as_millis() as i64;
        let path = request.path();
        if let Some(answer) = Keyring::answer(&self.sql, &path, &body, now_ms)? {
            return reply(answer);
        }
        match path.as_str() {
            "/keys" => {
                let (day, shard_bits) = unpack(&body)?;
                let keys = Salts::keys(&self.sql, day, shard_bits)?;
                if self.state.storage().get_alarm().await?.is_none() {
                    alarm::set(&self.state, next_day(keys.today)).await?;
                }
                reply(pack(&keys)?)
            }
            "/settled" => reply(pack(&Settings::settled(&self.sql)?)?),
            "/settle" => reply(pack(&Settings::change(&self.sql, &unpack(&body)?, now_ms)?)?),
            "/empty" => {
                let (site, shard_bits) = unpack(&body)?;
                let at_ms = Emptying::begin(&self.sql, site, shard_bits, now_ms)?;
                alarm::set(&self.state, at_ms).await?;
                reply(Vec::new())
            }
            "/count" => {
                let (counts, rejects): (_, Vec<Reject>) = unpack(&body)?;
                Book::add(&self.sql, Ledger::of(now_ms / MINUTE_MS, counts))?;
                Rejects::add(&self.sql, &rejects)?;
                reply(Vec::new())
            }
            "/counts" => {
                let (from, to) = unpack(&body)?;
                reply(pack(&Book::between(&self.sql, from, to)?)?)
            }
            "/rejects" => reply(pack(&Rejects::newest(&self.sql)?)?),
            "/rejects_of" => reply(pack(&Rejects::of(&self.sql, &unpack(&body)?)?)?),
            "/erase_rejects" => {
                let (marks, note) = unpack(&body)?;
                Audit::add(&self.sql, &note, now_ms)?;
                reply(pack(&Rejects::erase(&self.sql, &marks, now_ms / MINUTE_MS)?)?)
            }
            path => Response::error(format!("no {path}"), 404),
        }
    }

    /// Destroys what is older than yesterday; all there is, once the site was deleted. Idempotent.
    async fn alarm(&self) -> Result<Response> {
        self.open()?;
        let now_ms = Date::now().as_millis() as i64;
        if let Some(emptying) = Emptying::read(&self.sql)? {
            if now_ms < emptying.at_ms {
                alarm::set(&self.state, emptying.at_ms).await?;
            } else {
                emptying.run(&self.env, &self.state).await?;
                self.is_open.set(false);
            }
            return Response::empty();
        }
        let today = Day::of_utc(now_ms);
        Salts::forget(&self.sql, today)?;
        let minute = now_ms / MINUTE_MS;
        Book::forget(&self.sql, minute)?;
        Rejects::forget(&self.sql, minute)?;
        if Salts::count(&self.sql)? > 0 {
            alarm::set(&self.state, next_day(today)).await?;
        }
        Response::empty()
    }
}

impl Site {
    /// Makes the tables that are not there.
    fn open(&self) -> Result<()> {
        if !self.is_open.get() {
            Salts::open(&self.sql)?;
            Settings::open(&self.sql)?;
            Emptying::open(&self.sql)?;
            Keyring::open(&self.sql)?;
            Book::open(&self.sql)?;
            Rejects::open(&self.sql)?;
            self.is_open.set(true);
        }
        Ok(())
    }
}
