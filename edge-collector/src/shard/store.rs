//! A shard's rows: a table of sessions for each day, and the days that are over, packed.

use std::cell::RefCell;
use std::collections::BTreeMap;

use passerby_analytics::calendar::{DAY_MS, Day};
use passerby_analytics::ledger::{self, Ledger};
use passerby_analytics::segment::{Builder, Segment};
use passerby_analytics::session::{Session, SessionKey};
use passerby_analytics::sessionize::{Change, WINDOW_MS};
use passerby_analytics::tabs::{MAX_TABS, Seen};
use passerby_analytics::visitor::Visitor;
use passerby_protocol::TabId;
use worker::{Error, Result, SqlStorageValue, State};

use super::drafts::{Drafts, PART_BYTES};
use super::partials::Partials;
use super::transaction::Transactions;
use super::value::{blob, integer, joined, unreadable};
use crate::book::{self, Book};
use crate::rejects::{Reject, Rejects};
use crate::sql::Sql;

const TABLES: [&str; 4] = [
    // The days there are, by UTC, and whether each is packed.
    "CREATE TABLE IF NOT EXISTS day (day INTEGER PRIMARY KEY, packed INTEGER)",
    // A packed day, in parts that fit a row.
    "CREATE TABLE IF NOT EXISTS segment (day INTEGER, part INTEGER, bytes BLOB, PRIMARY KEY (day, part)) WITHOUT ROWID",
    // One number: how many further days the longest session went on for. It says how far back to look.
    "CREATE TABLE IF NOT EXISTS reach (days INTEGER)",
    // Who watches: at most one row, and none while nobody does.
    "CREATE TABLE IF NOT EXISTS watch (bytes BLOB)",
];

/// A session's row, as it is read to be changed.
pub struct Row {
    /// Its name.
    pub key: SessionKey,
    /// What became of the batches that changed it.
    pub ledger: Ledger,
    /// The session.
    pub body: Vec<u8>,
}

/// A shard's storage.
pub struct Store {
    sql: Sql,
    transactions: Transactions,
    /// What questions have made of days that are over.
    pub partials: Partials,
    /// Days that are over, as they were laid out.
    drafts: Drafts,
    /// What stands of outcomes in the rows of days that are not packed, once that was asked.
    open_counts: RefCell<Option<Ledger>>,
    /// The days there are, and whether each is packed: what the table says.
    days: RefCell<Option<BTreeMap<Day, bool>>>,
}

impl Store {
    /// Opens the storage, and says whether its tables could be made: where not, each call will fail by itself.
    pub fn open(state: &State) -> (Self, Result<()>) {
        let sql = Sql::of(state);
        let (partials, drafts) = (Partials::of(&sql), Drafts::of(&sql));
        let made = TABLES.iter().try_for_each(|table| sql.exec(table, None).map(|_| ()));
        let made = made.and_then(|()| Book::open(&sql)).and_then(|()| Rejects::open(&sql));
        let made = made.and_then(|()| partials.open()).and_then(|()| drafts.open());
        let (transactions, days, open_counts) = (Transactions::of(state), RefCell::default(), RefCell::default());
        (Self { sql, transactions, partials, drafts, open_counts, days }, made)
    }

    /// The storage itself.
    pub const fn sql(&self) -> &Sql {
        &self.sql
    }

    /// The days from one to another, both included, and whether each is packed.
    fn days(&self, first: Day, last: Day) -> Result<Vec<(Day, bool)>> {
        if self.days.borrow().is_none() {
            let rows = self.sql.exec("SELECT day, packed FROM day", None)?;
            let day = |row: Result<Vec<SqlStorageValue>>| {
                let mut columns = row?.into_iter();
                Ok((Day(integer(columns.next())? as i32), integer(columns.next())? != 0))
            };
            *self.days.borrow_mut() = Some(rows.raw().map(day).collect::<Result<_>>()?);
        }
        let days = self.days.borrow();
        let range = days.iter().flat_map(|days| days.range(first..=last.max(first)));
        Ok(range.map(|(day, packed)| (*day, *packed)).collect())
    }

    /// The days that are not packed, of those in which a batch received now may change a session.
    fn open_days(&self, received_ms: i64) -> Result<Vec<Day>> {
        let first = Day(Day::of_utc(received_ms - WINDOW_MS).0 - self.reach()?);
        let days = self.days(first, Day::of_utc(received_ms))?;
        Ok(days.into_iter().filter(|(_, packed)| !packed).map(|(day, _)| day).collect())
    }

    /// The visitor's sessions that a batch received now may belong to, or repeat.
    pub fn sessions_of(&self, visitor: Visitor, received_ms: i64) -> Result<Vec<Row>> {
        let mut rows = Vec::new();
        for day in self.open_days(received_ms)? {
            let query = format!("SELECT start, outcomes, body FROM {} WHERE visitor = ? ORDER BY start", table(day));
            for row in self.sql.exec(&query, vec![visitor.bytes().to_vec().into()])?.raw() {
                let mut columns = row?.into_iter();
                let key = SessionKey { start_ms: integer(columns.next())? };
                rows.push(Row { key, ledger: book::decoded(columns.next())?, body: blob(columns.next())? });
            }
        }
        Ok(rows)
    }

    /// The tabs of the days in which events are taken; of the newest days, where they are more than a shard remembers. Bodies
    /// are not read for it.
    pub fn recent_tabs(&self, received_ms: i64) -> Result<Vec<Seen>> {
        let mut seen = Vec::new();
        for day in self.open_days(received_ms)?.into_iter().rev() {
            for row in self.sql.exec(&format!("SELECT start, visitor, tabs FROM {}", table(day)), None)?.raw() {
                let mut columns = row?.into_iter();
                let since_ms = integer(columns.next())?;
                let (visitor, ids) = visitor_and_blob(columns)?;
                let (ids, _) = ids.as_chunks::<8>();
                seen.extend(ids.iter().map(|id| Seen { since_ms, tab: TabId(*id), visitor }));
                if seen.len() >= MAX_TABS {
                    return Ok(seen);
                }
            }
        }
        Ok(seen)
    }

    /// Writes and removes all of a change, or nothing, and drops the partials of the days that it touches. What became of the batch goes into the same rows: `ledgers` are those
    /// of the visitor's sessions, `counts` what is new. Bodies are encoded before the first statement.
    pub fn apply(
        &self,
        visitor: Visitor,
        change: &Change<&str>,
        ledgers: BTreeMap<SessionKey, Ledger>,
        counts: Ledger,
    ) -> Result<()> {
        let written: Vec<SessionKey> = change.write.iter().map(Session::key).collect();
        let kept = ledger::keep(&written, &change.remove, ledgers, counts.clone());
        let ledger = |key: &SessionKey| kept.get(key).map(Ledger::encode).unwrap_or_default();
        let rows: Vec<_> = change.write.iter().map(|session| row(visitor, session, ledger(&session.key()))).collect();
        for key in &written {
            self.make_day(key.day())?;
        }
        let touched: Vec<Day> = written.iter().chain(&change.remove).map(|key| key.day()).collect();
        self.transactions.atomically(&mut || {
            self.partials.drop_of(&touched)?;
            self.drafts.drop_of(&touched)?;
            for (session, row) in change.write.iter().zip(&rows) {
                self.write(session, row.clone())?;
            }
            for key in &change.remove {
                self.remove(visitor, *key)?;
            }
            match kept.first_key_value() {
                _ if !written.is_empty() || counts.is_empty() => Ok(()),
                Some((key, ledger)) => self.count(visitor, *key, ledger),
                None => Book::add(&self.sql, counts.clone()),
            }
        })?;
        if !kept.is_empty()
            && let Some(open) = self.open_counts.borrow_mut().as_mut()
        {
            open.add(&counts);
        }
        Ok(())
    }

    /// Writes what became of a batch that changed no session into the row of one.
    fn count(&self, visitor: Visitor, key: SessionKey, ledger: &Ledger) -> Result<()> {
        let query = format!("UPDATE {} SET outcomes = ? WHERE visitor = ? AND start = ?", table(key.day()));
        let values = vec![ledger.encode().into(), visitor.bytes().to_vec().into(), key.start_ms.into()];
        self.sql.exec(&query, values).map(|_| ())
    }

    /// What became of events received in some minutes.
    pub fn counts(&self, from: i64, to: i64) -> Result<Ledger> {
        let mut counts = Book::between(&self.sql, from, to)?;
        if self.open_counts.borrow().is_none() {
            let mut open = Ledger::default();
            for (day, _) in self.days(Day(i32::MIN), Day(i32::MAX))?.into_iter().filter(|(_, packed)| !packed) {
                open.add(&self.counts_of(day)?);
            }
            *self.open_counts.borrow_mut() = Some(open);
        }
        if let Some(open) = self.open_counts.borrow().as_ref() {
            counts.add(&open.between(from, to));
        }
        Ok(counts)
    }

    /// What stands in the rows of a day. Bodies are not read for it.
    fn counts_of(&self, day: Day) -> Result<Ledger> {
        let mut counts = Ledger::default();
        for row in self.sql.exec(&format!("SELECT outcomes FROM {}", table(day)), None)?.raw() {
            counts.add(&book::decoded(row?.into_iter().next())?);
        }
        Ok(counts)
    }

    /// Keeps some events that were refused.
    pub fn keep_rejects(&self, rejects: &[Reject]) -> Result<()> {
        Rejects::add(&self.sql, rejects)
    }

    /// The newest events that were refused.
    pub fn rejects(&self) -> Result<Vec<Reject>> {
        Rejects::newest(&self.sql)
    }

    /// Forgets counts and refused events that are too old. Idempotent.
    pub fn forget(&self, minute: i64) -> Result<()> {
        Book::forget(&self.sql, minute)?;
        Rejects::forget(&self.sql, minute)
    }

    /// Makes a day's table, if it is not there. A table for each day, since dropping one costs nothing, and deleting its rows
    /// would cost as much as writing them did. No rowid and no further index: a session is one row written.
    fn make_day(&self, day: Day) -> Result<()> {
        if !self.days(day, day)?.is_empty() {
            return Ok(());
        }
        // The ids of the session's tabs stand before its body too, and what became of its batches, so that both can be read
        // without it.
        let columns = "visitor BLOB, start INTEGER, tabs BLOB, outcomes BLOB, body BLOB, PRIMARY KEY (visitor, start)";
        self.sql.exec(&format!("CREATE TABLE IF NOT EXISTS {} ({columns}) WITHOUT ROWID", table(day)), None)?;
        self.sql.exec("INSERT INTO day (day, packed) VALUES (?, 0)", vec![day.0.into()])?;
        *self.days.borrow_mut() = None;
        Ok(())
    }

    /// Writes a session: one row, unless it is the longest so far.
    fn write(&self, session: &Session<&str>, row: Vec<SqlStorageValue>) -> Result<()> {
        let day = session.key().day();
        let upsert = format!(
            "INSERT INTO {} (visitor, start, tabs, outcomes, body) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE \
             SET tabs = excluded.tabs, outcomes = excluded.outcomes, body = excluded.body",
            table(day)
        );
        self.sql.exec(&upsert, row)?;
        let days = Day::of_utc(session.end_ms()).0 - day.0;
        if days > self.reach()? {
            self.sql.exec("DELETE FROM reach", None)?;
            self.sql.exec("INSERT INTO reach (days) VALUES (?)", vec![days.into()])?;
        }
        Ok(())
    }

    /// Removes a session that now begins elsewhere.
    fn remove(&self, visitor: Visitor, key: SessionKey) -> Result<()> {
        let query = format!("DELETE FROM {} WHERE visitor = ? AND start = ?", table(key.day()));
        self.sql.exec(&query, vec![visitor.bytes().to_vec().into(), key.start_ms.into()]).map(|_| ())
    }

    /// Days whose sessions may hold events of this stretch of time. Sessions count on the day they began, and may have
    /// begun before it.
    pub fn days_with_events_in(&self, from_ms: i64, to_ms: i64) -> Result<Vec<Day>> {
        let first = Day(Day::of_utc(from_ms).0 - self.reach()?);
        let last = Day::of_utc((to_ms - 1).max(from_ms));
        Ok(self.days(first, last)?.into_iter().map(|(day, _)| day).collect())
    }

    /// A day's sessions, laid out for reading.
    pub fn segment(&self, day: Day) -> Result<Segment> {
        if self.days(day, day)?.contains(&(day, true)) {
            let query = "SELECT bytes FROM segment WHERE day = ? ORDER BY part";
            let bytes = joined(self.sql.exec(query, vec![day.0.into()])?)?;
            return Segment::parse(bytes).map_err(|error| Error::RustError(error.to_string()));
        }
        if let Some(draft) = self.drafts.find(day)? {
            return Ok(draft);
        }
        let segment = self.laid_out(day)?;
        // The newest day changes with every batch.
        if !self.days(Day(day.0 + 1), Day(i32::MAX))?.is_empty() {
            self.drafts.keep(day, &segment)?;
        }
        Ok(segment)
    }

    /// A day's sessions, laid out anew.
    fn laid_out(&self, day: Day) -> Result<Segment> {
        let mut builder = Builder::default();
        for row in self.sql.exec(&format!("SELECT visitor, body FROM {}", table(day)), None)?.raw() {
            let (visitor, body) = visitor_and_blob(row?.into_iter())?;
            let session = Session::decode(&body).map_err(|error| Error::RustError(error.to_string()))?;
            builder.add(visitor, &session);
        }
        Ok(builder.build())
    }

    /// Packs the days that no event can change any more. Idempotent: a day is packed once.
    pub fn pack(&self, now_ms: i64) -> Result<()> {
        for (day, packed) in self.days(Day(i32::MIN), Day::of_utc(now_ms - WINDOW_MS - DAY_MS))? {
            let segment = if packed { continue } else { self.laid_out(day)? };
            if segment.span_ms().1 >= now_ms - WINDOW_MS {
                continue; // one of its sessions is still going on
            }
            let counts = self.counts_of(day)?;
            self.transactions.atomically(&mut || {
                Book::add(&self.sql, counts.clone())?;
                self.drafts.drop_of(&[day])?;
                for (part, bytes) in segment.bytes().chunks(PART_BYTES).enumerate() {
                    let row = vec![day.0.into(), (part as i32).into(), bytes.to_vec().into()];
                    self.sql.exec("INSERT INTO segment (day, part, bytes) VALUES (?, ?, ?)", row)?;
                }
                self.sql.exec("UPDATE day SET packed = 1 WHERE day = ?", vec![day.0.into()])?;
                self.sql.exec(&format!("DROP TABLE {}", table(day)), None).map(|_| ())
            })?;
            *self.days.borrow_mut() = None;
            *self.open_counts.borrow_mut() = None;
        }
        Ok(())
    }

    /// How many rows were written since the object was started, and how many bytes there are.
    pub fn written(&self) -> (u64, u64) {
        (self.sql.rows_written(), self.sql.bytes() as u64)
    }

    /// How many further days the longest session went on for.
    pub fn reach(&self) -> Result<i32> {
        let row = self.sql.exec("SELECT days FROM reach", None)?.raw().next().transpose()?;
        row.map_or(Ok(0), |row| integer(row.into_iter().next()).map(|days| days as i32))
    }
}

/// The table of a day's sessions. Days before 1970 do not come from clocks that count, but must be names, too.
fn table(day: Day) -> String {
    format!("session_{}{}", if day.0 < 0 { "before_" } else { "" }, day.0.unsigned_abs())
}

/// A session's row, ready to be written.
fn row(visitor: Visitor, session: &Session<&str>, ledger: Vec<u8>) -> Vec<SqlStorageValue> {
    let tabs: Vec<u8> = session.tabs.iter().flat_map(|tab| tab.id.0).collect();
    let start_ms = session.key().start_ms;
    vec![visitor.bytes().to_vec().into(), start_ms.into(), tabs.into(), ledger.into(), session.encode().into()]
}

fn visitor_and_blob(mut columns: impl Iterator<Item = SqlStorageValue>) -> Result<(Visitor, Vec<u8>)> {
    let visitor: [u8; 8] = blob(columns.next())?.try_into().map_err(|_| unreadable("a visitor"))?;
    Ok((Visitor(u64::from_be_bytes(visitor)), blob(columns.next())?))
}
