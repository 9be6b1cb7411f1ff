//! A shard's rows: a session each.

use passerby_analytics::calendar::Day;
use passerby_analytics::segment::{Builder, Segment};
use passerby_analytics::session::{Session, SessionKey};
use passerby_analytics::tabs::{REMEMBERED_DAYS, Tabs};
use passerby_analytics::validate::MAX_AGE_MS;
use passerby_analytics::visitor::Visitor;
use worker::{Error, Result, SqlStorage, SqlStorageValue, State};

/// The tables. `WITHOUT ROWID` and no further index: a batch writes one row, and rows written are the price.
const TABLES: [&str; 2] = [
    "CREATE TABLE IF NOT EXISTS session (day INTEGER, visitor BLOB, start INTEGER, body BLOB, \
     PRIMARY KEY (day, visitor, start)) WITHOUT ROWID",
    // One number: how many further days the longest session went on for. It says how far back to look.
    "CREATE TABLE IF NOT EXISTS reach (days INTEGER)",
];

/// A shard's storage.
pub struct Store {
    sql: SqlStorage,
}

impl Store {
    /// Opens the storage; with the error, where the tables could not be made: then each call will fail by itself.
    pub fn open(state: &State) -> core::result::Result<Self, (Self, Error)> {
        let sql = state.storage().sql();
        let made = TABLES.iter().try_for_each(|table| sql.exec(table, None).map(|_| ()));
        let made = made.and_then(|()| crate::outcomes::Ledger::open(&sql));
        let store = Self { sql };
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
        let first = Day::of_utc(received_ms - MAX_AGE_MS).0 - self.reach()?;
        let days: Vec<SqlStorageValue> = (first..=Day::of_utc(received_ms).0).map(Into::into).collect();
        // Days by name, not by range: the visitor is the key's second part.
        let places = vec!["?"; days.len()].join(",");
        let query = format!("SELECT body FROM session WHERE day IN ({places}) AND visitor = ? ORDER BY day, start");
        let mut values = days;
        values.push(visitor.bytes().to_vec().into());
        self.sql.exec(&query, values)?.raw().map(|row| blob(row?, 0)).collect()
    }

    /// The tabs of the last days, for a shard that has just started.
    pub fn recent_tabs(&self, today: Day) -> Result<Tabs> {
        let mut tabs = Tabs::default();
        let query = "SELECT visitor, body FROM session WHERE day > ? ORDER BY day";
        for row in self.sql.exec(query, vec![(today.0 - REMEMBERED_DAYS).into()])?.raw() {
            let (visitor, body) = visitor_and_body(row?)?;
            for tab in Session::tabs_of(&body).map_err(|error| Error::RustError(error.to_string()))? {
                tabs.remember(tab.id, visitor);
            }
        }
        Ok(tabs)
    }

    /// Writes a session: one row, unless it is the longest so far.
    pub fn write(&self, visitor: Visitor, session: &Session<&str>) -> Result<()> {
        let key = session.key();
        let row =
            vec![key.day().0.into(), visitor.bytes().to_vec().into(), key.start_ms.into(), session.encode().into()];
        let upsert = "INSERT INTO session (day, visitor, start, body) VALUES (?, ?, ?, ?) \
                      ON CONFLICT DO UPDATE SET body = excluded.body";
        self.sql.exec(upsert, row)?;
        let days = Day::of_utc(session.end_ms()).0 - key.day().0;
        if days > self.reach()? {
            self.sql.exec("DELETE FROM reach", None)?;
            self.sql.exec("INSERT INTO reach (days) VALUES (?)", vec![days.into()])?;
        }
        Ok(())
    }

    /// Removes a session that now begins elsewhere.
    pub fn remove(&self, visitor: Visitor, key: SessionKey) -> Result<()> {
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
        rows.raw().map(|row| integer(row?, 0).map(|day| Day(day as i32))).collect()
    }

    /// A day's sessions, laid out for reading.
    pub fn segment(&self, day: Day) -> Result<Segment> {
        let mut builder = Builder::default();
        for row in self.sql.exec("SELECT visitor, body FROM session WHERE day = ?", vec![day.0.into()])?.raw() {
            let (visitor, body) = visitor_and_body(row?)?;
            let session = Session::decode(&body).map_err(|error| Error::RustError(error.to_string()))?;
            builder.add(visitor, &session);
        }
        Ok(builder.build())
    }

    fn reach(&self) -> Result<i32> {
        let row = self.sql.exec("SELECT days FROM reach", None)?.raw().next().transpose()?;
        row.map_or(Ok(0), |row| integer(row, 0).map(|days| days as i32))
    }
}

fn unreadable(what: &str) -> Error {
    Error::RustError(format!("{what} in storage has another form"))
}

fn visitor_and_body(row: Vec<SqlStorageValue>) -> Result<(Visitor, Vec<u8>)> {
    let visitor: [u8; 8] = blob(row.clone(), 0)?.try_into().map_err(|_| unreadable("a visitor"))?;
    Ok((Visitor(u64::from_be_bytes(visitor)), blob(row, 1)?))
}

fn blob(row: Vec<SqlStorageValue>, column: usize) -> Result<Vec<u8>> {
    match row.into_iter().nth(column) {
        Some(SqlStorageValue::Blob(bytes)) => Ok(bytes),
        _ => Err(unreadable("a blob")),
    }
}

fn integer(row: Vec<SqlStorageValue>, column: usize) -> Result<i64> {
    match row.into_iter().nth(column) {
        Some(SqlStorageValue::Integer(number)) => Ok(number),
        _ => Err(unreadable("a number")),
    }
}
