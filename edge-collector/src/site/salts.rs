//! The keys and salts by which requests become visitors, in a site's object.

use passerby_analytics::calendar::{DAY_MS, Day};
use passerby_analytics::visitor::Key;
use worker::{Error, Result};

use crate::identity::Keys;
use crate::sql::Sql;

/// A site's.
pub struct Salts;

impl Salts {
    /// Makes the tables.
    pub fn open(sql: &Sql) -> Result<()> {
        sql.exec("CREATE TABLE IF NOT EXISTS salt (day INTEGER PRIMARY KEY, salt BLOB)", None)?;
        sql.exec("CREATE TABLE IF NOT EXISTS key (name TEXT PRIMARY KEY, key BLOB)", None)?;
        sql.exec("CREATE TABLE IF NOT EXISTS made (shard_bits INTEGER)", None).map(|_| ())
    }

    /// The keys of a day; what is missing is made. Nothing is awaited between reading and writing, so that two requests
    /// cannot make two.
    pub fn keys(sql: &Sql, asked: Day, shard_bits: u32) -> Result<Keys> {
        // A request from before midnight may come after one from behind it: what was destroyed is not made anew.
        let today = Self::newest_salt(sql)?.map_or(asked, |newest| newest.max(asked));
        let keys = Keys {
            ticket_key: Self::key(sql, "ticket")?,
            visitor_key: Self::key(sql, "visitor")?,
            today,
            today_salt: Self::salt(sql, today)?,
            yesterday_salt: Self::salt(sql, Day(today.0 - 1))?,
            shard_bits: Self::shard_bits(sql, shard_bits)?,
        };
        Self::forget(sql, today)?;
        Ok(keys)
    }

    fn key(sql: &Sql, name: &str) -> Result<Key> {
        Self::stored(
            sql,
            "SELECT key AS bytes FROM key WHERE name = ?",
            "INSERT INTO key (name, key) VALUES (?, ?)",
            name.into(),
        )
    }

    fn salt(sql: &Sql, day: Day) -> Result<Key> {
        let (read, write) =
            ("SELECT salt AS bytes FROM salt WHERE day = ?", "INSERT INTO salt (day, salt) VALUES (?, ?)");
        Self::stored(sql, read, write, day.0.into())
    }

    /// The stored bytes of this name, or new random ones that are stored from now on.
    fn stored(sql: &Sql, read: &str, write: &str, name: worker::SqlStorageValue) -> Result<Key> {
        let row = sql.exec(read, vec![name.clone()])?.raw().next().transpose()?;
        if let Some(worker::SqlStorageValue::Blob(bytes)) = row.and_then(|row| row.into_iter().next()) {
            return bytes.try_into().map_err(|_| Error::RustError("a stored key has another length".to_owned()));
        }
        let mut key = Key::default();
        getrandom::fill(&mut key).map_err(|error| Error::RustError(error.to_string()))?;
        sql.exec(write, vec![name, key.to_vec().into()])?;
        Ok(key)
    }

    /// How many shards the site has, as a power of two: what its settings say when the first batch or question comes. A
    /// visitor's shard follows from it, so settings that change later change nothing here.
    pub fn shard_bits(sql: &Sql, asked: u32) -> Result<u32> {
        let row = sql.exec("SELECT shard_bits FROM made", None)?.raw().next().transpose()?;
        if let Some(worker::SqlStorageValue::Integer(bits)) = row.and_then(|row| row.into_iter().next()) {
            return u32::try_from(bits).map_err(|_| Error::RustError("the stored number of shards is none".to_owned()));
        }
        sql.exec("INSERT INTO made (shard_bits) VALUES (?)", vec![(asked as i32).into()])?;
        Ok(asked)
    }

    fn newest_salt(sql: &Sql) -> Result<Option<Day>> {
        let row = sql.exec("SELECT day FROM salt ORDER BY day DESC LIMIT 1", None)?.raw().next().transpose()?;
        Ok(match row.and_then(|row| row.into_iter().next()) {
            Some(worker::SqlStorageValue::Integer(day)) => Some(Day(day as i32)),
            _ => None,
        })
    }

    /// How many days have one.
    pub fn count(sql: &Sql) -> Result<usize> {
        Ok(sql.exec("SELECT day FROM salt", None)?.raw().count())
    }

    /// Destroys what is older than the day before. Idempotent.
    pub fn forget(sql: &Sql, today: Day) -> Result<()> {
        sql.exec("DELETE FROM salt WHERE day < ?", vec![(today.0 - 1).into()]).map(|_| ())
    }
}

/// When the day after this one begins.
pub const fn next_day(day: Day) -> i64 {
    (day.0 as i64 + 1) * DAY_MS
}
