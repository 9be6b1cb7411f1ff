//! Where an object keeps what was refused.
//!
//! As long as that is kept, so are the marks of whoever was erased: what they sent before may come once more, and be refused
//! once more, but is not listed.

use std::collections::BTreeSet;

use passerby_analytics::calendar::MINUTE_MS;
use passerby_analytics::person::Mark;
use serde::de::DeserializeOwned;
use worker::{Error, Result};

use super::{OF_AN_ANSWER, Reject};
use crate::shard::value::{blob, integer};
use crate::sql::Sql;

/// How long they are kept, in minutes.
const KEPT_MINUTES: i64 = 7 * 24 * 60;

/// Of one minute in an object. A minute is one row, written once more for each batch until it is full: at most ten rows a
/// minute and object, and only while something is refused.
const OF_A_MINUTE: usize = 10;

/// The tables: a row for each minute, and one for each erasure.
pub struct Rejects;

impl Rejects {
    /// Makes the table.
    pub fn open(sql: &Sql) -> Result<()> {
        // That of an earlier version, which did not say whose they are.
        sql.exec("DROP TABLE IF EXISTS reject", None)?;
        sql.exec("CREATE TABLE IF NOT EXISTS refusal (minute INTEGER PRIMARY KEY, events BLOB)", None)?;
        sql.exec("CREATE TABLE IF NOT EXISTS unlisted (minute INTEGER, marks BLOB)", None).map(|_| ())
    }

    /// Adds some that were received in the same minute, as far as there is room, but for those of whoever was erased.
    pub fn add(sql: &Sql, rejects: &[Reject]) -> Result<()> {
        let Some(first) = rejects.first() else { return Ok(()) };
        let minute = first.at_ms.div_euclid(MINUTE_MS);
        let mut kept: Vec<Reject> =
            match sql.exec("SELECT events FROM refusal WHERE minute = ?", vec![minute.into()])?.raw().next() {
                Some(row) => decoded(&blob(row?.into_iter().next())?)?,
                None => Vec::new(),
            };
        let room = OF_A_MINUTE.saturating_sub(kept.len());
        let erased = if room == 0 { return Ok(()) } else { Self::unlisted(sql)? };
        let before = kept.len();
        kept.extend(rejects.iter().filter(|reject| !reject.is_of(&erased)).take(room).cloned());
        if kept.len() == before {
            return Ok(());
        }
        let row = vec![minute.into(), postcard::to_allocvec(&kept).unwrap_or_default().into()];
        sql.exec("INSERT OR REPLACE INTO refusal (minute, events) VALUES (?, ?)", row).map(|_| ())
    }

    /// Forgets those that are too old. Idempotent.
    pub fn forget(sql: &Sql, minute: i64) -> Result<()> {
        let first_kept = minute - KEPT_MINUTES;
        sql.exec("DELETE FROM refusal WHERE minute < ?", vec![first_kept.into()])?;
        sql.exec("DELETE FROM unlisted WHERE minute < ?", vec![first_kept.into()]).map(|_| ())
    }

    /// Those that one of the marks names.
    pub fn of(sql: &Sql, marks: &BTreeSet<Mark>) -> Result<Vec<Reject>> {
        let mut found = Vec::new();
        for row in sql.exec("SELECT events FROM refusal", None)?.raw() {
            let events: Vec<Reject> = decoded(&blob(row?.into_iter().next())?)?;
            found.extend(events.into_iter().filter(|reject| reject.is_of(marks)));
        }
        Ok(found)
    }

    /// Erases those that one of the marks names, and lists none of these from now on. Answers how many they were. Idempotent.
    pub fn erase(sql: &Sql, marks: &BTreeSet<Mark>, minute: i64) -> Result<u64> {
        let unlisted = vec![minute.into(), postcard::to_allocvec(marks).unwrap_or_default().into()];
        sql.exec("INSERT INTO unlisted (minute, marks) VALUES (?, ?)", unlisted)?;
        let mut erased = 0;
        for row in sql.exec("SELECT minute, events FROM refusal", None)?.raw() {
            let mut columns = row?.into_iter();
            let minute = integer(columns.next())?;
            let (theirs, others): (Vec<_>, Vec<_>) =
                decoded::<Vec<Reject>>(&blob(columns.next())?)?.into_iter().partition(|reject| reject.is_of(marks));
            if theirs.is_empty() {
                continue;
            }
            erased += theirs.len() as u64;
            let row = vec![postcard::to_allocvec(&others).unwrap_or_default().into(), minute.into()];
            sql.exec("UPDATE refusal SET events = ? WHERE minute = ?", row)?;
        }
        Ok(erased)
    }

    /// The marks of whoever was erased lately.
    fn unlisted(sql: &Sql) -> Result<BTreeSet<Mark>> {
        let mut marks = BTreeSet::new();
        for row in sql.exec("SELECT marks FROM unlisted", None)?.raw() {
            marks.extend(decoded::<Vec<Mark>>(&blob(row?.into_iter().next())?)?);
        }
        Ok(marks)
    }

    /// The newest, in no particular order.
    pub fn newest(sql: &Sql) -> Result<Vec<Reject>> {
        let mut newest = Vec::new();
        for row in sql.exec("SELECT events FROM refusal ORDER BY minute DESC", None)?.raw() {
            newest.extend(decoded::<Vec<Reject>>(&blob(row?.into_iter().next())?)?);
            if newest.len() >= OF_AN_ANSWER {
                break;
            }
        }
        Ok(newest)
    }
}

fn decoded<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    postcard::from_bytes(bytes).map_err(|error| Error::RustError(error.to_string()))
}
