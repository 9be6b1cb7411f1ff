//! A site's own object: its keys, the salts of two days, how many shards it has, and the count of requests that were
//! refused whole.

use passerby_analytics::calendar::{DAY_MS, Day, MINUTE_MS};
use passerby_analytics::ledger::Ledger;
use passerby_analytics::visitor::Key;
use worker::{Date, DurableObject, Env, Error, Request, Response, Result, State, durable_object};

use crate::alarm;
use crate::book::Book;
use crate::identity::Keys;
use crate::objects::{pack, reply, unpack};
use crate::rejects::{Reject, Rejects};
use crate::sql::Sql;

/// The object. What it knows is in its storage; it keeps nothing in memory.
#[durable_object]
pub struct Site {
    state: State,
    sql: Sql,
}

impl DurableObject for Site {
    fn new(state: State, _env: Env) -> Self {
        let sql = Sql::of(&state);
        let made = sql
            .exec("CREATE TABLE IF NOT EXISTS salt (day INTEGER PRIMARY KEY, salt BLOB)", None)
            .and_then(|_| sql.exec("CREATE TABLE IF NOT EXISTS key (name TEXT PRIMARY KEY, key BLOB)", None))
            .and_then(|_| sql.exec("CREATE TABLE IF NOT EXISTS made (shard_bits INTEGER)", None))
            .and_then(|_| Book::open(&sql))
            .and_then(|()| Rejects::open(&sql));
        if let Err(error) = made {
            worker::console_error!("a site's tables: {error}");
        }
        Self { state, sql }
    }

    /// `keys` is idempotent for a day; `count` is not: a repeat counts again.
    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let body = request.bytes().await?;
        match request.path().as_str() {
            "/keys" => {
                let (day, shard_bits) = unpack(&body)?;
                reply(pack(&self.keys(day, shard_bits).await?)?)
            }
            "/count" => {
                let minute = Date::now().as_millis() as i64 / MINUTE_MS;
                let (counts, rejects): (_, Vec<Reject>) = unpack(&body)?;
                Book::add(&self.sql, Ledger::of(minute, counts))?;
                Rejects::add(&self.sql, &rejects)?;
                reply(Vec::new())
            }
            "/counts" => {
                let (from, to) = unpack(&body)?;
                reply(pack(&Book::between(&self.sql, from, to)?)?)
            }
            "/rejects" => reply(pack(&Rejects::newest(&self.sql)?)?),
            path => Response::error(format!("no {path}"), 404),
        }
    }

    /// Destroys what is older than yesterday. Idempotent.
    async fn alarm(&self) -> Result<Response> {
        let today = Day::of_utc(Date::now().as_millis() as i64);
        self.forget(today)?;
        let minute = Date::now().as_millis() as i64 / MINUTE_MS;
        Book::forget(&self.sql, minute)?;
        Rejects::forget(&self.sql, minute)?;
        if self.salts()? > 0 {
            alarm::set(&self.state, next_day(today)).await?;
        }
        Response::empty()
    }
}

impl Site {
    /// The keys of a day; what is missing is made. Nothing is awaited between reading and writing, so that two requests
    /// cannot make two.
    async fn keys(&self, asked: Day, shard_bits: u32) -> Result<Keys> {
        // A request from before midnight may come after one from behind it: what was destroyed is not made anew.
        let today = self.newest_salt()?.map_or(asked, |newest| newest.max(asked));
        let keys = Keys {
            ticket_key: self.key("ticket")?,
            visitor_key: self.key("visitor")?,
            today,
            today_salt: self.salt(today)?,
            yesterday_salt: self.salt(Day(today.0 - 1))?,
            shard_bits: self.shard_bits(shard_bits)?,
        };
        self.forget(today)?;
        if self.state.storage().get_alarm().await?.is_none() {
            alarm::set(&self.state, next_day(today)).await?;
        }
        Ok(keys)
    }

    fn key(&self, name: &str) -> Result<Key> {
        self.stored(
            "SELECT key AS bytes FROM key WHERE name = ?",
            "INSERT INTO key (name, key) VALUES (?, ?)",
            name.into(),
        )
    }

    fn salt(&self, day: Day) -> Result<Key> {
        let (read, write) =
            ("SELECT salt AS bytes FROM salt WHERE day = ?", "INSERT INTO salt (day, salt) VALUES (?, ?)");
        self.stored(read, write, day.0.into())
    }

    /// The stored bytes of this name, or new random ones that are stored from now on.
    fn stored(&self, read: &str, write: &str, name: worker::SqlStorageValue) -> Result<Key> {
        let row = self.sql.exec(read, vec![name.clone()])?.raw().next().transpose()?;
        if let Some(worker::SqlStorageValue::Blob(bytes)) = row.and_then(|row| row.into_iter().next()) {
            return bytes.try_into().map_err(|_| Error::RustError("a stored key has another length".to_owned()));
        }
        let mut key = Key::default();
        getrandom::fill(&mut key).map_err(|error| Error::RustError(error.to_string()))?;
        self.sql.exec(write, vec![name, key.to_vec().into()])?;
        Ok(key)
    }

    /// How many shards the site has, as a power of two: what its settings say when the first batch or question comes. A
    /// visitor's shard follows from it, so settings that change later change nothing here.
    fn shard_bits(&self, asked: u32) -> Result<u32> {
        let row = self.sql.exec("SELECT shard_bits FROM made", None)?.raw().next().transpose()?;
        if let Some(worker::SqlStorageValue::Integer(bits)) = row.and_then(|row| row.into_iter().next()) {
            return u32::try_from(bits).map_err(|_| Error::RustError("the stored number of shards is none".to_owned()));
        }
        self.sql.exec("INSERT INTO made (shard_bits) VALUES (?)", vec![(asked as i32).into()])?;
        Ok(asked)
    }

    fn newest_salt(&self) -> Result<Option<Day>> {
        let row = self.sql.exec("SELECT day FROM salt ORDER BY day DESC LIMIT 1", None)?.raw().next().transpose()?;
        Ok(match row.and_then(|row| row.into_iter().next()) {
            Some(worker::SqlStorageValue::Integer(day)) => Some(Day(day as i32)),
            _ => None,
        })
    }

    fn salts(&self) -> Result<usize> {
        Ok(self.sql.exec("SELECT day FROM salt", None)?.raw().count())
    }

    fn forget(&self, today: Day) -> Result<()> {
        self.sql.exec("DELETE FROM salt WHERE day < ?", vec![(today.0 - 1).into()]).map(|_| ())
    }
}

/// When the day after this one begins.
fn next_day(day: Day) -> i64 {
    (i64::from(day.0) + 1) * DAY_MS
}
