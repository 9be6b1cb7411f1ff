//! The counts of outcomes that stand in no session's row: of days that are packed, of what belongs to no session, and of
//! what never reaches a shard. A row for each hour.

use passerby_analytics::ledger::{Ledger, MINUTES_OF_AN_HOUR};
use worker::{Error, Result, SqlStorageValue};

use crate::shard::value::blob;
use crate::sql::Sql;

/// How long counts are kept: 90 days, about as long as somebody asks what became of a batch.
const KEPT_HOURS: i64 = 90 * 24;

/// An object's book.
pub struct Book;

impl Book {
    /// Makes the table.
    pub fn open(sql: &Sql) -> Result<()> {
        sql.exec("CREATE TABLE IF NOT EXISTS outcome (hour INTEGER PRIMARY KEY, ledger BLOB)", None).map(|_| ())
    }

    /// Adds counts.
    pub fn add(sql: &Sql, counts: Ledger) -> Result<()> {
        for (hour, counts) in counts.by_hour() {
            let mut ledger = Self::read(sql, hour, hour + 1)?;
            ledger.add(&counts);
            let row = vec![hour.into(), ledger.encode().into()];
            sql.exec("INSERT OR REPLACE INTO outcome (hour, ledger) VALUES (?, ?)", row)?;
        }
        Ok(())
    }

    /// Forgets what is older than 90 days. Idempotent.
    pub fn forget(sql: &Sql, minute: i64) -> Result<()> {
        let oldest = minute.div_euclid(MINUTES_OF_AN_HOUR) - KEPT_HOURS;
        sql.exec("DELETE FROM outcome WHERE hour < ?", vec![oldest.into()]).map(|_| ())
    }

    /// The counts of some minutes.
    pub fn between(sql: &Sql, from: i64, to: i64) -> Result<Ledger> {
        let hour = |minute: i64| minute.div_euclid(MINUTES_OF_AN_HOUR);
        Ok(Self::read(sql, hour(from), hour(to.max(from)) + 1)?.between(from, to))
    }

    fn read(sql: &Sql, from_hour: i64, to_hour: i64) -> Result<Ledger> {
        let query = "SELECT ledger FROM outcome WHERE hour >= ? AND hour < ?";
        let mut sum = Ledger::default();
        for row in sql.exec(query, vec![from_hour.into(), to_hour.into()])?.raw() {
            sum.add(&decoded(row?.into_iter().next())?);
        }
        Ok(sum)
    }
}

/// A ledger in a column.
pub fn decoded(column: Option<SqlStorageValue>) -> Result<Ledger> {
    ledger(&blob(column)?)
}

/// A ledger's bytes.
pub fn ledger(bytes: &[u8]) -> Result<Ledger> {
    Ledger::decode(bytes).map_err(|error| Error::RustError(error.to_string()))
}
