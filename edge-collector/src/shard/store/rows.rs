//! The sessions of a day that is not packed: a row each, in two tables of the day.
//!
//! A visitor's first session is the row with the visitor's number, since that is what most have: such a table is found in by
//! comparing numbers. Further ones stand in a table by visitor and start. In that one SQLite compares whole rows, and reads for it
//! whatever of them does not fit a page: that took two fifths of what it does for a batch, when all stood there. Neither
//! has another index: a session is one row written.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use passerby_analytics::calendar::Day;
use passerby_analytics::ledger::Ledger;
use passerby_analytics::session::{Session, SessionKey};
use passerby_analytics::visitor::Visitor;
use wasm_bindgen::JsValue;
use worker::{Result, SqlStorageValue};

use crate::book;
use crate::shard::value::{blob, integer};
use crate::sql::{Bytes, Sql};

/// A session's row, as it is read to be changed.
pub struct Row {
    /// Its name.
    pub key: SessionKey,
    /// In which of its day's tables.
    pub place: Place,
    /// What became of the batches that changed it.
    pub ledger: Ledger,
    /// The session.
    pub body: Vec<u8>,
}

/// One of a day's two tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// One session of each visitor.
    First,
    /// The others.
    Further,
}

const BOTH: [Place; 2] = [Place::First, Place::Further];

/// Where a visitor's sessions stand and go.
pub struct Places {
    known: Vec<(SessionKey, Place)>,
    /// The days whose first row is the visitor's own.
    taken: BTreeSet<Day>,
}

/// A session's row, ready to be written.
pub struct Written {
    pub key: SessionKey,
    pub place: Place,
    pub end_ms: i64,
    pub tabs: Vec<u8>,
    pub ledger: Ledger,
    pub body: Vec<u8>,
}

/// How many sessions one statement writes: each has five values, and a statement may have 100.
const ROWS_OF_A_STATEMENT: usize = 20;
/// Of how many visitors one statement reads.
const VISITORS_OF_A_STATEMENT: usize = 64;

impl Places {
    /// As all of a visitor's rows say of the days that are written to, but for those that will be removed.
    pub fn of(rows: &[Row], remove: &[SessionKey]) -> Self {
        let stay = rows.iter().filter(|row| !remove.contains(&row.key));
        let taken = stay.clone().filter(|row| row.place == Place::First).map(|row| row.key.day()).collect();
        Self { known: stay.map(|row| (row.key, row.place)).collect(), taken }
    }

    /// Where to write a session: where it is, or else to the first row, if that is free.
    pub fn find(&mut self, key: SessionKey) -> Place {
        match self.known.iter().find(|(known, _)| *known == key) {
            Some((_, place)) => *place,
            None if self.taken.insert(key.day()) => Place::First,
            None => Place::Further,
        }
    }
}

impl Written {
    /// One to be written there.
    pub fn of(session: &Session<&str>, place: Place, ledger: Ledger) -> Self {
        Self {
            key: session.key(),
            place,
            end_ms: session.end_ms(),
            tabs: session.tabs.iter().flat_map(|tab| tab.id.0).collect(),
            ledger,
            body: session.encode(),
        }
    }
}

/// Makes a day's tables. Tables for each day, since dropping one costs nothing, and deleting its rows would cost as much as
/// writing them did.
pub fn make(sql: &Sql, day: Day) -> Result<()> {
    let (first, further) = (table(day, Place::First), table(day, Place::Further));
    // The ids of the session's tabs stand before its body too, and what became of its batches, so that both can be read
    // without it.
    let columns = "start INTEGER, tabs BLOB, outcomes BLOB, body BLOB";
    sql.exec(&format!("CREATE TABLE IF NOT EXISTS {first} (visitor INTEGER PRIMARY KEY, {columns})"), None)?;
    let key = "PRIMARY KEY (visitor, start)";
    sql.exec(&format!("CREATE TABLE IF NOT EXISTS {further} (visitor INTEGER, {columns}, {key}) WITHOUT ROWID"), None)?;
    Ok(())
}

/// Drops them.
pub fn drop(sql: &Sql, day: Day) -> Result<()> {
    BOTH.iter().try_for_each(|place| sql.exec(&format!("DROP TABLE {}", table(day, *place)), None).map(|_| ()))
}

/// The visitors' rows of a day, in no particular order.
pub fn of_visitors(sql: &Sql, day: Day, visitors: &[Visitor], found: &mut dyn FnMut(Visitor, Row)) -> Result<()> {
    let (first, further) = (table(day, Place::First), table(day, Place::Further));
    for visitors in visitors.chunks(VISITORS_OF_A_STATEMENT) {
        // Few lengths, so that few statements are prepared: the last visitor stands for those that are missing.
        let length = visitors.len().next_power_of_two();
        let padded = visitors.iter().chain(visitors.last().into_iter().cycle()).take(length);
        let bindings = padded.map(|visitor| number(*visitor)).collect();
        let theirs = (1..=length).map(|place| format!("?{place}")).collect::<Vec<_>>().join(",");
        let columns = "visitor, start, outcomes, body";
        let query = format!(
            "SELECT {columns}, 0 FROM {first} WHERE visitor IN ({theirs}) \
             UNION ALL SELECT {columns}, 1 FROM {further} WHERE visitor IN ({theirs})"
        );
        for row in sql.rows(&query, bindings)? {
            let key = SessionKey { start_ms: row.integer(1)? };
            let ledger = book::ledger(&row.blob(2)?)?;
            let place = if row.integer(4)? == 0 { Place::First } else { Place::Further };
            found(Visitor::of_row(row.integer(0)? as u64), Row { key, place, ledger, body: row.blob(3)? });
        }
    }
    Ok(())
}

/// Writes sessions, each to its place.
pub fn write(sql: &Sql, day: Day, sessions: &[(Visitor, &Written)]) -> Result<()> {
    for (place, key, moved) in
        [(Place::First, "visitor", "start = excluded.start, "), (Place::Further, "visitor, start", "")]
    {
        let there: Vec<_> = sessions.iter().filter(|(_, session)| session.place == place).collect();
        for sessions in there.chunks(ROWS_OF_A_STATEMENT) {
            let upsert = format!(
                "INSERT INTO {} (visitor, start, tabs, outcomes, body) VALUES (?,?,?,?,?){} ON CONFLICT ({key}) DO UPDATE \
                 SET {moved}tabs = excluded.tabs, outcomes = excluded.outcomes, body = excluded.body",
                table(day, place),
                ",(?,?,?,?,?)".repeat(sessions.len() - 1)
            );
            sql.run(&upsert, sessions.iter().flat_map(|(visitor, session)| values(*visitor, session)).collect())?;
        }
    }
    Ok(())
}

/// Whether [`write`] is one statement.
pub fn is_one_statement(sessions: &[(Visitor, &Written)]) -> bool {
    sessions.len() <= ROWS_OF_A_STATEMENT && sessions.iter().all(|(_, session)| session.place == Place::First)
}

fn values(visitor: Visitor, Written { key, tabs, ledger, body, .. }: &Written) -> [JsValue; 5] {
    let bytes = |bytes: &[u8]| Bytes::of(bytes).into();
    [number(visitor), (key.start_ms as f64).into(), bytes(tabs), bytes(&ledger.encode()), bytes(body)]
}

/// Removes a session, wherever it stands.
pub fn remove(sql: &Sql, visitor: Visitor, key: SessionKey) -> Result<()> {
    for place in BOTH {
        let query = format!("DELETE FROM {} WHERE visitor = ? AND start = ?", table(key.day(), place));
        sql.exec(&query, named(visitor, key).to_vec())?;
    }
    Ok(())
}

/// Writes what became of a batch that changed no session into the row of one.
pub fn count(sql: &Sql, visitor: Visitor, key: SessionKey, ledger: &Ledger) -> Result<()> {
    for place in BOTH {
        let query = format!("UPDATE {} SET outcomes = ? WHERE visitor = ? AND start = ?", table(key.day(), place));
        let outcomes = [ledger.encode().into()].into_iter();
        sql.exec(&query, outcomes.chain(named(visitor, key)).collect::<Vec<_>>())?;
    }
    Ok(())
}

/// All sessions of a day, by visitor and start, or as many as `found` wants: with a column that is asked for.
pub fn each(
    sql: &Sql,
    day: Day,
    column: &str,
    mut found: impl FnMut(Visitor, SessionKey, Vec<u8>) -> Result<ControlFlow<()>>,
) -> Result<()> {
    let (first, further) = (table(day, Place::First), table(day, Place::Further));
    let columns = format!("visitor, start, {column}");
    let query =
        format!("SELECT {columns} FROM {first} UNION ALL SELECT {columns} FROM {further} ORDER BY visitor, start");
    for row in sql.exec(&query, None)?.raw() {
        let mut columns = row?.into_iter();
        let visitor = Visitor::of_row(integer(columns.next())? as u64);
        let key = SessionKey { start_ms: integer(columns.next())? };
        if found(visitor, key, blob(columns.next())?)?.is_break() {
            break;
        }
    }
    Ok(())
}

fn named(visitor: Visitor, key: SessionKey) -> [SqlStorageValue; 2] {
    [(visitor.row() as i64).into(), key.start_ms.into()]
}

fn number(visitor: Visitor) -> JsValue {
    (visitor.row() as f64).into()
}

/// One of a day's tables. Days before 1970 do not come from clocks that count, but must be names, too.
fn table(day: Day, place: Place) -> String {
    let name = if place == Place::First { "session" } else { "further" };
    format!("{name}_{}{}", if day.0 < 0 { "before_" } else { "" }, day.0.unsigned_abs())
}
