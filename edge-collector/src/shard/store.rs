//! A shard's rows: a session each.

use passerby_analytics::calendar::Day;
use passerby_analytics::segment::{Builder, Segment};
use passerby_analytics::session::{Session, SessionKey};
use passerby_analytics::sessionize::{Change, WINDOW_MS};
use passerby_analytics::tabs::Tabs;
use passerby_analytics::visitor::Visitor;
use passerby_protocol::TabId;
use worker::{Error, Result, SqlStorage, SqlStorageValue, State};

use super::transaction::Transactions;
use crate::outcomes::{Counts, Ledger};

/// The tables. `WITHOUT ROWID` and no further index: a batch writes one row, and rows written are the price.
const TABLES: [&str; 2] = [
    // The ids of the session's tabs stand before its body too, so that they can be read without it.
    "CREATE TABLE IF NOT EXISTS session (day INTEGER, visitor BLOB, start INTEGER, tabs BLOB, body BLOB, \
     PRIMARY KEY (day, visitor, start)) WITHOUT ROWID",
    // One number: how many further days the longest session went on for. It says how far back to look.
    "CREATE TABLE IF NOT EXISTS reach (days INTEGER)",
];

/// A shard's storage.
pub struct Store {
    sql: SqlStorage,
    transactions: Transactions,
}

impl Store {
    /// Opens the storage; with the error, where the tables could not be made: then each call will fail by itself.
    pub fn open(state: &State) -> core::result::Result<Self, (Self, Error)> {
        let sql = state.storage().sql();
        let made = TABLES.iter().try_for_each(|table| sql.exec(table, None).map(|_| ()));
        let made = made.and_then(|()| Ledger::open(&sql));
        let store = Self { sql, transactions: Transactions::of(state) };
        match made {
            Ok(()) => Ok(store),
            Err(error) => Err((store, error)),
        }
    }

    /// The storage itself, for what else is kept there.
    pub fn sql(&self) -> &SqlStorage {
        &self.sql
    }

    /// Bodies of the visitor's sessions that a batch received now may belong to, or repeat.
    pub fn sessions_of(&self, visitor: Visitor, received_ms: i64) -> Result<Vec<Vec<u8>>> {
        let first = Day::of_utc(received_ms - WINDOW_MS).0 - self.reach()?;
        let mut bodies = Vec::new();
        // A day each, for the visitor is the key's second part.
        for day in first..=Day::of_utc(received_ms).0 {
            let query = "SELECT body FROM session WHERE day = ? AND visitor = ? ORDER BY start";
            for row in self.sql.exec(query, vec![day.into(), visitor.bytes().to_vec().into()])?.raw() {
                bodies.push(blob(row?.into_iter().next())?);
            }
        }
        Ok(bodies)
    }

    /// The tabs of the days in which events are taken, for a shard that has just started. Bodies are not read for it.
    pub fn recent_tabs(&self, received_ms: i64) -> Result<Tabs> {
        let mut tabs = Tabs::default();
        let first = Day::of_utc(received_ms - WINDOW_MS).0 - self.reach()?;
        let query = "SELECT visitor, tabs FROM session WHERE day >= ? ORDER BY day";
        for row in self.sql.exec(query, vec![first.into()])?.raw() {
            let (visitor, ids) = visitor_and_blob(row?)?;
            let (ids, _) = ids.as_chunks::<8>();
            ids.iter().for_each(|id| tabs.remember(TabId(*id), visitor));
        }
        Ok(tabs)
    }

    /// Writes and removes all of a change, or nothing. Bodies are encoded before the first statement.
    pub fn apply(&self, visitor: Visitor, change: &Change<&str>, counts: &Counts, minute: i64) -> Result<()> {
        let rows: Vec<_> = change.write.iter().map(|session| (session, row(visitor, session))).collect();
        self.transactions.atomically(&mut || {
            for (session, row) in &rows {
                self.write(session, row.clone())?;
            }
            for key in &change.remove {
                self.remove(visitor, *key)?;
            }
            Ledger::add(&self.sql, minute, counts)
        })
    }

    /// Writes a session: one row, unless it is the longest so far.
    fn write(&self, session: &Session<&str>, row: Vec<SqlStorageValue>) -> Result<()> {
        let upsert = "INSERT INTO session (day, visitor, start, tabs, body) VALUES (?, ?, ?, ?, ?) \
                      ON CONFLICT DO UPDATE SET tabs = excluded.tabs, body = excluded.body";
        self.sql.exec(upsert, row)?;
        let days = Day::of_utc(session.end_ms()).0 - session.key().day().0;
        if days > self.reach()? {
            self.sql.exec("DELETE FROM reach", None)?;
            self.sql.exec("INSERT INTO reach (days) VALUES (?)", vec![days.into()])?;
        }
        Ok(())
    }

    /// Removes a session that now begins elsewhere.
    fn remove(&self, visitor: Visitor, key: SessionKey) -> Result<()> {
        let row = vec![key.day().0.into(), visitor.bytes().to_vec().into(), key.start_ms.into()];
        self.sql.exec("DELETE FROM session WHERE day = ? AND visitor = ? AND start = ?", row).map(|_| ())
    }

    /// Days whose sessions may hold events of this stretch of time. Sessions count on the day they began, and may have
    /// begun before it.
    pub fn days_with_events_in(&self, from_ms: i64, to_ms: i64) -> Result<Vec<Day>> {
        let first = Day::of_utc(from_ms).0 - self.reach()?;
        let last = Day::of_utc((to_ms - 1).max(from_ms)).0;
        let query = "SELECT DISTINCT day FROM session WHERE day BETWEEN ? AND ?";
        let rows = self.sql.exec(query, vec![first.into(), last.into()])?;
        rows.raw().map(|row| integer(row?.into_iter().next()).map(|day| Day(day as i32))).collect()
    }

    /// A day's sessions, laid out for reading.
    pub fn segment(&self, day: Day) -> Result<Segment> {
        let mut builder = Builder::default();
        for row in self.sql.exec("SELECT visitor, body FROM session WHERE day = ?", vec![day.0.into()])?.raw() {
            let (visitor, body) = visitor_and_blob(row?)?;
            let session = Session::decode(&body).map_err(|error| Error::RustError(error.to_string()))?;
            builder.add(visitor, &session);
        }
        Ok(builder.build())
    }

    fn reach(&self) -> Result<i32> {
        let row = self.sql.exec("SELECT days FROM reach", None)?.raw().next().transpose()?;
        row.map_or(Ok(0), |row| integer(row.into_iter().next()).map(|days| days as i32))
    }
}

fn unreadable(what: &str) -> Error {
    Error::RustError(format!("{what} in storage has another form"))
}

/// A session's row, ready to be written.
fn row(visitor: Visitor, session: &Session<&str>) -> Vec<SqlStorageValue> {
    let key = session.key();
    let tabs: Vec<u8> = session.tabs.iter().flat_map(|tab| tab.id.0).collect();
    let id = visitor.bytes().to_vec();
    vec![key.day().0.into(), id.into(), key.start_ms.into(), tabs.into(), session.encode().into()]
}

fn visitor_and_blob(row: Vec<SqlStorageValue>) -> Result<(Visitor, Vec<u8>)> {
    let mut columns = row.into_iter();
    let visitor: [u8; 8] = blob(columns.next())?.try_into().map_err(|_| unreadable("a visitor"))?;
    Ok((Visitor(u64::from_be_bytes(visitor)), blob(columns.next())?))
}

fn blob(column: Option<SqlStorageValue>) -> Result<Vec<u8>> {
    match column {
        Some(SqlStorageValue::Blob(bytes)) => Ok(bytes),
        _ => Err(unreadable("a blob")),
    }
}

fn integer(column: Option<SqlStorageValue>) -> Result<i64> {
    match column {
        Some(SqlStorageValue::Integer(number)) => Ok(number),
        _ => Err(unreadable("a number")),
    }
}
