//! Days that are over but may still change, laid out and kept on disk. Their sessions stand in rows, and to read those takes
//! a shard ten times as long as to read the columns.
//!
//! A day is worth that where it has many visits. A session that changes takes the draft of its day with it, in the same
//! transaction; the next question makes another.

use std::cell::RefCell;
use std::collections::BTreeSet;

use passerby_analytics::calendar::Day;
use passerby_analytics::segment::Segment;
use worker::Result;

use super::partials::{FOLDS, WORTH_VISITS};
use super::value::{integer, joined};
use crate::sql::Sql;

/// Bytes of a part of a day. A row may hold 2 MB.
pub const PART_BYTES: usize = 1_500_000;

/// The table.
pub struct Drafts {
    sql: Sql,
    /// The days that it holds, once that was asked.
    days: RefCell<Option<BTreeSet<Day>>>,
}

impl Drafts {
    /// Those of an object; the table is not there yet.
    pub fn of(sql: &Sql) -> Self {
        Self { sql: sql.clone(), days: RefCell::default() }
    }

    /// Makes the table.
    pub fn open(&self) -> Result<()> {
        let columns = "day INTEGER, part INTEGER, folds TEXT, bytes BLOB, PRIMARY KEY (day, part)";
        self.sql.exec(&format!("CREATE TABLE IF NOT EXISTS draft ({columns}) WITHOUT ROWID"), None).map(|_| ())
    }

    /// A day as it was laid out, if that is kept and this code did it.
    pub fn find(&self, day: Day) -> Result<Option<Segment>> {
        let query = "SELECT bytes FROM draft WHERE day = ? AND folds = ? ORDER BY part";
        let bytes = joined(self.sql.exec(query, vec![day.0.into(), FOLDS.into()])?)?;
        Ok(Segment::parse(bytes).ok().filter(|segment| segment.visits() > 0))
    }

    /// Keeps a day as it is laid out now, where that is worth it.
    pub fn keep(&self, day: Day, segment: &Segment) -> Result<()> {
        if segment.visits() < WORTH_VISITS {
            return Ok(());
        }
        // Another code's may be there.
        self.drop_of(&[day])?;
        *self.days.borrow_mut() = None;
        for (part, bytes) in segment.bytes().chunks(PART_BYTES).enumerate() {
            let row = vec![day.0.into(), (part as i32).into(), FOLDS.into(), bytes.to_vec().into()];
            self.sql.exec("INSERT INTO draft (day, part, folds, bytes) VALUES (?, ?, ?, ?)", row)?;
        }
        Ok(())
    }

    /// Drops those of these days. To be called where the days' sessions are written.
    pub fn drop_of(&self, days: &[Day]) -> Result<()> {
        if self.days.borrow().is_none() {
            let rows = self.sql.exec("SELECT DISTINCT day FROM draft", None)?;
            let day = |row: Result<Vec<_>>| Ok(Day(integer(row?.into_iter().next())? as i32));
            *self.days.borrow_mut() = Some(rows.raw().map(day).collect::<Result<_>>()?);
        }
        let touched = |day: &&Day| self.days.borrow().as_ref().is_some_and(|kept| kept.contains(day));
        let touched: Vec<Day> = days.iter().filter(touched).copied().collect();
        if !touched.is_empty() {
            // Where what follows fails, the table is asked again.
            *self.days.borrow_mut() = None;
        }
        for day in touched {
            self.sql.exec("DELETE FROM draft WHERE day = ?", vec![day.0.into()])?;
        }
        Ok(())
    }
}
