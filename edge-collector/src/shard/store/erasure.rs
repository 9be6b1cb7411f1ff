//! Erasures that a shard has begun. Each is a row, and goes through the days from the newest to the oldest: a day's change and
//! how far the erasure has come are one transaction, so that one which breaks off goes on where it was, with the next call or
//! the next alarm. Where it has come to its end the row goes, since it names the person.

use passerby_analytics::calendar::{Day, MINUTE_MS};
use passerby_analytics::erased::{Erased, Remembered};
use passerby_analytics::person::Person;
use passerby_analytics::sessionize::WINDOW_MS;
use passerby_analytics::visitor::Key;
use serde::{Deserialize, Serialize};
use worker::{Error, Result};

use super::Store;
use crate::rejects::{Reject, Rejects};
use crate::shard::value::{blob, integer};

/// Bytes that an erasure reads in one turn of the object, or one day where that has more: some hundred milliseconds.
pub const BYTES_OF_A_TURN: usize = 16 * 1024 * 1024;

pub const TABLES: [&str; 2] = [
    "CREATE TABLE IF NOT EXISTS erasure (id INTEGER PRIMARY KEY, task BLOB)",
    "CREATE TABLE IF NOT EXISTS erased (id INTEGER PRIMARY KEY, events BLOB)",
];

/// An erasure under way.
#[derive(Debug, Serialize, Deserialize)]
struct Task {
    person: Person,
    /// The last day that is done.
    before: Option<Day>,
    /// The first day that is to be done; none: all there are.
    #[serde(default)]
    from: Option<Day>,
}

impl Task {
    /// Whether it is about the same person, and goes through all that is known to be theirs now but for what came meanwhile.
    fn covers(&self, person: &Person) -> bool {
        self.person.visitors == person.visitors
            && self.person.user == person.user
            && self.person.known_as.is_superset(&person.known_as)
    }
}

/// As JSON, which a later version of the collector reads, too: it may have to bring to an end what this one began.
fn written(task: &Task) -> Result<Vec<u8>> {
    serde_json::to_vec(task).map_err(|error| Error::RustError(error.to_string()))
}

/// What one turn did.
#[derive(Debug, Default)]
pub struct Turn {
    /// Visits that lost something.
    pub visits: u64,
    /// Events that are gone.
    pub events: u64,
    /// The days that changed.
    pub touched: Vec<Day>,
    /// Whether there is more to do.
    pub goes_on: bool,
}

impl Store {
    /// Begins to erase somebody, remembers from now on what must not come again, and erases what was refused: answers how many
    /// events that were. Where the same is under way already, this follows it, through the days in which something of theirs
    /// may have come since: so whoever asks until it is done comes to an end.
    pub fn begin_erasure(&self, person: Person, site_key: &Key) -> Result<u64> {
        let (erased, marks) = (Erased::person(&person, site_key), person.marks(site_key));
        let minute = person.until_ms / MINUTE_MS;
        let from = match self.tasks()?.iter().rev().find(|(_, task)| task.covers(&person)) {
            Some((_, under_way)) => Some(Day(Day::of_utc(under_way.person.until_ms - WINDOW_MS).0 - self.reach()?)),
            None => None,
        };
        let task = written(&Task { person, before: None, from })?;
        let mut rejects = 0;
        self.transactions.atomically(&mut || {
            self.keep_erased(&erased)?;
            rejects = Rejects::erase(&self.sql, &marks, minute)?;
            self.sql.exec("INSERT INTO erasure (task) VALUES (?)", vec![task.clone().into()]).map(|_| ())
        })?;
        Ok(rejects)
    }

    /// What was refused of somebody.
    pub fn rejects_of(&self, person: &Person, site_key: &Key) -> Result<Vec<Reject>> {
        Rejects::of(&self.sql, &person.marks(site_key))
    }

    /// Whether an erasure is under way.
    pub fn erases(&self) -> Result<bool> {
        Ok(self.sql.exec("SELECT 1 FROM erasure LIMIT 1", None)?.raw().next().transpose()?.is_some())
    }

    /// Goes on with erasures, the oldest first, until so many bytes were read for it. Idempotent as a whole: what is erased is.
    /// What was done stands in `turn`, also where a day fails.
    pub fn erase_on(&self, bytes: usize, turn: &mut Turn) -> Result<()> {
        let mut read = 0;
        while read < bytes
            && let Some((id, task, day)) = self.next_step()?
        {
            let until_ms = task.person.until_ms;
            let done = written(&Task { person: task.person.clone(), before: Some(day), ..task })?;
            let (gone, of_day) = self.erase(day, &task.person, &mut |gone| {
                if !gone.counted.is_empty() {
                    self.keep_erased(&Erased::events(until_ms, gone.counted.clone()))?;
                }
                self.sql
                    .exec("UPDATE erasure SET task = ? WHERE id = ?", vec![done.clone().into(), id.into()])
                    .map(|_| ())
            })?;
            turn.visits += gone.visits;
            turn.events += gone.events;
            turn.touched.extend(gone.touched);
            read += of_day;
        }
        turn.goes_on = self.next_step()?.is_some();
        Ok(())
    }

    /// The oldest erasure, and the day that it comes to next. Those that have come to their end are gone.
    fn next_step(&self) -> Result<Option<(i64, Task, Day)>> {
        for (id, task) in self.tasks()? {
            let next = self.days_before(task.before)?.first().copied();
            match next.filter(|day| task.from.is_none_or(|from| *day >= from)) {
                Some(day) => return Ok(Some((id, task, day))),
                None => _ = self.sql.exec("DELETE FROM erasure WHERE id = ?", vec![id.into()])?,
            }
        }
        Ok(None)
    }

    /// What was erased and could come again.
    pub fn remembered<T>(&self, read: impl FnOnce(&Remembered) -> T) -> Result<T> {
        if self.remembered.borrow().is_none() {
            let mut remembered = Remembered::default();
            for row in self.sql.exec("SELECT events FROM erased", None)?.raw() {
                let erased = Erased::decode(&blob(row?.into_iter().next())?);
                remembered.add(erased.map_err(|error| Error::RustError(error.to_string()))?);
            }
            *self.remembered.borrow_mut() = Some(remembered);
        }
        Ok(read(self.remembered.borrow_mut().get_or_insert_default()))
    }

    /// Forgets what cannot come again. Idempotent.
    pub fn forget_erased(&self, now_ms: i64) -> Result<()> {
        for row in self.sql.exec("SELECT id, events FROM erased", None)?.raw() {
            let mut columns = row?.into_iter();
            let id = integer(columns.next())?;
            // What cannot be read is of no use.
            if Erased::decode(&blob(columns.next())?).is_ok_and(|erased| !erased.is_over(now_ms)) {
                continue;
            }
            self.sql.exec("DELETE FROM erased WHERE id = ?", vec![id.into()])?;
            *self.remembered.borrow_mut() = None;
        }
        Ok(())
    }

    fn keep_erased(&self, erased: &Erased) -> Result<()> {
        *self.remembered.borrow_mut() = None;
        self.sql.exec("INSERT INTO erased (events) VALUES (?)", vec![erased.encode().into()]).map(|_| ())
    }

    fn tasks(&self) -> Result<Vec<(i64, Task)>> {
        let task = |row: Result<Vec<_>>| {
            let mut columns = row?.into_iter();
            let id = integer(columns.next())?;
            Ok((
                id,
                serde_json::from_slice(&blob(columns.next())?).map_err(|error| Error::RustError(error.to_string()))?,
            ))
        };
        self.sql.exec("SELECT id, task FROM erasure ORDER BY id", None)?.raw().map(task).collect()
    }
}
