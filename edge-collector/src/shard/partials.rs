//! What questions have made of days that are over, kept on disk: a shard that starts answers without reading those days.
//!
//! A row written costs as much as seven requests, and one is written for a partial only where it took long to make. A
//! session that changes takes the partials of its day with it, in the same transaction.

use std::cell::RefCell;

use passerby_analytics::calendar::Day;
use worker::{Result, SqlStorageValue};

use super::value::{blob, integer, text};
use crate::sql::Sql;

/// From how many visits on a partial is worth a row: reading them takes a shard some ten milliseconds.
pub const WORTH_VISITS: usize = 5_000;

/// Partials that are kept, and bytes of each and of all together. The newest: most questions are about a range that moves
/// on with the day.
const MAX_PARTIALS: usize = 64;
const MAX_BYTES: usize = 1_900_000; // a row may hold 2 MB
const MAX_ALL_BYTES: usize = 16 * 1024 * 1024;

/// The code that made them. Another's have another form, or mean something else.
pub const FOLDS: &str = env!("PASSERBY_FOLDS");

/// A question's partial over whole days.
#[derive(Clone)]
pub struct Partial {
    /// The days.
    pub days: Vec<Day>,
    /// What the question has made of them. Not sealed: other days of this shard are added to it.
    pub bytes: Vec<u8>,
}

/// A row, but for its bytes.
struct Kept {
    made: i64,
    days: Vec<Day>,
    bytes: usize,
}

/// The table.
pub struct Partials {
    sql: Sql,
    /// What the table holds, the oldest first, once that was asked.
    kept: RefCell<Option<Vec<Kept>>>,
}

impl Partials {
    /// Those of an object; the table is not there yet.
    pub fn of(sql: &Sql) -> Self {
        Self { sql: sql.clone(), kept: RefCell::default() }
    }

    /// Makes the table.
    pub fn open(&self) -> Result<()> {
        let columns = "made INTEGER PRIMARY KEY, folds TEXT, size INTEGER, days BLOB, question BLOB, bytes BLOB";
        self.sql.exec(&format!("CREATE TABLE IF NOT EXISTS partial ({columns})"), None).map(|_| ())
    }

    /// What a question has made of days, if that is kept.
    pub fn find(&self, question: &[u8]) -> Result<Option<Partial>> {
        let query = "SELECT days, bytes FROM partial WHERE folds = ? AND question = ?";
        let Some(row) = self.sql.exec(query, vec![FOLDS.into(), question.to_vec().into()])?.raw().next() else {
            return Ok(None);
        };
        let mut columns = row?.into_iter();
        Ok(Some(Partial { days: days(columns.next())?, bytes: blob(columns.next())? }))
    }

    /// Keeps what a question has made of days, and makes room for it.
    pub fn keep(&self, question: &[u8], partial: &Partial) -> Result<()> {
        let size = question.len() + partial.bytes.len();
        if size > MAX_BYTES {
            return Ok(());
        }
        let mut kept = self.kept()?;
        let over = |kept: &[Kept]| {
            kept.len() >= MAX_PARTIALS || size + kept.iter().map(|kept| kept.bytes).sum::<usize>() > MAX_ALL_BYTES
        };
        while over(&kept) {
            self.remove(kept.remove(0).made)?;
        }
        let made = kept.last().map_or(0, |newest| newest.made) + 1;
        let numbers: Vec<u8> = partial.days.iter().flat_map(|day| day.0.to_be_bytes()).collect();
        let row: Vec<SqlStorageValue> = vec![
            made.into(),
            FOLDS.into(),
            question.to_vec().into(),
            numbers.into(),
            (size as i64).into(),
            partial.bytes.clone().into(),
        ];
        self.sql
            .exec("INSERT INTO partial (made, folds, question, days, size, bytes) VALUES (?, ?, ?, ?, ?, ?)", row)?;
        kept.push(Kept { made, days: partial.days.clone(), bytes: size });
        *self.kept.borrow_mut() = Some(kept);
        Ok(())
    }

    /// Drops the partials that these days are part of, and no others. To be called where the days' sessions are written.
    pub fn drop_of(&self, days: &[Day]) -> Result<()> {
        let kept = self.kept()?;
        // Where what follows fails, the table is asked again.
        let (touched, rest): (Vec<Kept>, Vec<Kept>) =
            kept.into_iter().partition(|kept| kept.days.iter().any(|day| days.contains(day)));
        touched.iter().try_for_each(|kept| self.remove(kept.made))?;
        if touched.is_empty() {
            *self.kept.borrow_mut() = Some(rest);
        }
        Ok(())
    }

    /// What the table holds. Drops what other code has made. Whoever has changed nothing, or all of it, puts it back.
    fn kept(&self) -> Result<Vec<Kept>> {
        if let Some(kept) = self.kept.borrow_mut().take() {
            return Ok(kept);
        }
        let mut kept = Vec::new();
        for row in self.sql.exec("SELECT made, folds, days, size FROM partial ORDER BY made", None)?.raw() {
            let mut columns = row?.into_iter();
            let (made, folds) = (integer(columns.next())?, text(columns.next())?);
            if folds == FOLDS {
                kept.push(Kept { made, days: days(columns.next())?, bytes: integer(columns.next())? as usize });
            } else {
                self.remove(made)?;
            }
        }
        Ok(kept)
    }

    fn remove(&self, made: i64) -> Result<()> {
        self.sql.exec("DELETE FROM partial WHERE made = ?", vec![made.into()]).map(|_| ())
    }
}

fn days(column: Option<SqlStorageValue>) -> Result<Vec<Day>> {
    let numbers = blob(column)?;
    let (numbers, _) = numbers.as_chunks::<4>();
    Ok(numbers.iter().map(|number| Day(i32::from_be_bytes(*number))).collect())
}
