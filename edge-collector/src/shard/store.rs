//! A shard's rows: a table of sessions for each day, and the days that are over, packed.

pub mod erasure;
mod person;
mod retention;
pub mod rows;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::ControlFlow;

use passerby_analytics::calendar::{DAY_MS, Day, MINUTE_MS};
use passerby_analytics::delivery::Delivery;
use passerby_analytics::erased::Remembered;
use passerby_analytics::ledger::{self, Ledger};
use passerby_analytics::segment::{Builder, Segment};
use passerby_analytics::session::{Session, SessionKey};
use passerby_analytics::sessionize::{Changes, WINDOW_MS};
use passerby_analytics::tabs::{MAX_TABS, Seen};
use passerby_analytics::visitor::Visitor;
use passerby_protocol::{Reason, TabId};
use worker::{Error, Result, SqlStorageValue, State};

use super::drafts::{Drafts, PART_BYTES};
use super::partials::Partials;
use super::recent::{Known, Recent};
use super::transaction::Transactions;
use super::value::{integer, joined};
use crate::book::{self, Book};
use crate::rejects::{Reject, Rejects};
use crate::sql::Sql;
use rows::{Places, Row, Written};

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

/// What is to be written of one visitor. Bodies are encoded before the first statement.
#[derive(Default)]
pub struct Writing {
    visitor: Visitor,
    sessions: Vec<Written>,
    remove: Vec<SessionKey>,
    /// The session that what became of the batches is counted in, where none is written.
    counted_in: Option<(SessionKey, Ledger)>,
    /// What became of the batches; and whether a session's row holds it.
    counts: Ledger,
    is_counted: bool,
}

impl Writing {
    /// What a visitor's batches change. `rows` are those of the visitor's sessions, `counts` what is new: it goes into the same
    /// rows.
    pub fn of(visitor: Visitor, changes: &Changes<&str>, rows: &[Row], counts: Ledger) -> Self {
        let keys: Vec<SessionKey> = changes.write.iter().map(Session::key).collect();
        let ledgers = rows.iter().map(|row| (row.key, row.ledger.clone())).collect();
        let mut kept = ledger::keep(&keys, &changes.remove, ledgers, counts.clone());
        let is_counted = !kept.is_empty();
        let mut places = Places::of(rows, &changes.remove);
        let written = |session: &Session<&str>| {
            let key = session.key();
            Written::of(session, places.find(key), kept.get(&key).cloned().unwrap_or_default())
        };
        let sessions: Vec<Written> = changes.write.iter().map(written).collect();
        let counted_in = if sessions.is_empty() && !counts.is_empty() { kept.pop_first() } else { None };
        Self { visitor, sessions, remove: changes.remove.clone(), counted_in, counts, is_counted }
    }

    fn days(&self) -> impl Iterator<Item = Day> {
        self.sessions.iter().map(|session| session.key).chain(self.remove.iter().copied()).map(SessionKey::day)
    }
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
    /// How many further days the longest session went on for, once that was asked.
    reach: Cell<Option<i32>>,
    recent: Recent,
    /// What was erased and could come again: what the table says.
    remembered: RefCell<Option<Remembered>>,
}

impl Store {
    /// Opens the storage, and says whether its tables could be made: where not, each call will fail by itself.
    pub fn open(state: &State) -> (Self, Result<()>) {
        let sql = Sql::of(state);
        let (partials, drafts) = (Partials::of(&sql), Drafts::of(&sql));
        let tables = TABLES.iter().chain(&erasure::TABLES);
        let made = tables.into_iter().try_for_each(|table| sql.exec(table, None).map(|_| ()));
        let made = made.and_then(|()| Book::open(&sql)).and_then(|()| Rejects::open(&sql));
        let made = made.and_then(|()| partials.open()).and_then(|()| drafts.open());
        let (transactions, days, open_counts) = (Transactions::of(state), RefCell::default(), RefCell::default());
        (
            Self {
                sql,
                transactions,
                partials,
                drafts,
                open_counts,
                days,
                reach: Cell::default(),
                recent: Recent::default(),
                remembered: RefCell::default(),
            },
            made,
        )
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

    /// The days that are not packed, of those whose sessions may have gone on in this stretch of time.
    fn open_days(&self, since_ms: i64, until_ms: i64) -> Result<Vec<Day>> {
        let first = Day(Day::of_utc(since_ms).0 - self.reach()?);
        let days = self.days(first, Day::of_utc(until_ms))?;
        Ok(days.into_iter().filter(|(_, packed)| !packed).map(|(day, _)| day).collect())
    }

    /// Refuses what happened on days that are packed: whether it was counted then cannot be told any more. Trackers send nothing
    /// that is so old.
    pub fn refuse_packed(&self, delivery: &mut Delivery<&str>) -> Result<()> {
        let since_ms = delivery.since_ms();
        if since_ms >= delivery.received_ms - WINDOW_MS {
            return Ok(());
        }
        let days: BTreeMap<Day, bool> =
            self.days(Day::of_utc(since_ms), Day::of_utc(delivery.received_ms))?.into_iter().collect();
        delivery.refuse(Reason::TooOld, |hit| days.get(&Day::of_utc(hit.at_ms)) == Some(&true));
        Ok(())
    }

    /// The visitors' sessions, each since when it says, until then.
    pub fn sessions_of(&self, visitors: &BTreeMap<Visitor, i64>, until_ms: i64) -> Result<HashMap<Visitor, Known>> {
        let (reach, changes) = (self.reach()?, self.sql.changes());
        let days = |since_ms: i64| (Day(Day::of_utc(since_ms).0 - reach), Day::of_utc(until_ms));
        let mut known: HashMap<Visitor, Known> = HashMap::with_capacity(visitors.len());
        let (mut unknown, mut oldest_ms) = (Vec::with_capacity(visitors.len()), until_ms);
        for (visitor, since_ms) in visitors {
            if let Some(recent) = self.recent.take(*visitor, days(*since_ms), changes) {
                known.insert(*visitor, recent);
            } else {
                unknown.push(*visitor);
                oldest_ms = oldest_ms.min(*since_ms);
            }
        }
        if unknown.is_empty() {
            return Ok(known);
        }
        let days = days(oldest_ms);
        known.extend(unknown.iter().map(|visitor| (*visitor, Known { days, rows: Vec::new() })));
        for (day, _) in self.days(days.0, days.1)?.into_iter().filter(|(_, packed)| !packed) {
            rows::of_visitors(&self.sql, day, &unknown, &mut |visitor, row| {
                if let Some(theirs) = known.get_mut(&visitor) {
                    theirs.rows.push(row);
                }
            })?;
        }
        known.values_mut().for_each(|known| known.rows.sort_unstable_by_key(|row| row.key));
        Ok(known)
    }

    /// Remembers a visitor's rows as they are now that this is written; `known` are those that were read for it.
    pub fn remember(&self, known: &mut HashMap<Visitor, Known>, written: Writing) {
        let Writing { visitor, sessions, remove, counted_in, .. } = written;
        let Some(Known { days, mut rows }) = known.remove(&visitor) else { return };
        if counted_in.is_some() {
            return; // one of them has other counts now
        }
        rows.retain(|row| !remove.contains(&row.key) && sessions.iter().all(|session| session.key != row.key));
        let row = |Written { key, place, ledger, body, .. }| Row { key, place, ledger, body };
        rows.extend(sessions.into_iter().map(row));
        rows.sort_unstable_by_key(|row| row.key);
        self.recent.put(visitor, Known { days, rows }, self.sql.changes());
    }

    /// The tabs of the days in which events are taken; of the newest days, where they are more than a shard remembers. Bodies
    /// are not read for it.
    pub fn recent_tabs(&self, received_ms: i64) -> Result<Vec<Seen>> {
        let mut seen: Vec<Seen> = self.remembered(|remembered| remembered.tabs().collect())?;
        for day in self.open_days(received_ms - WINDOW_MS, received_ms)?.into_iter().rev() {
            rows::each(&self.sql, day, "tabs", |visitor, key, ids| {
                let (ids, _) = ids.as_chunks::<8>();
                seen.extend(ids.iter().map(|id| Seen { since_ms: key.start_ms, tab: TabId(*id), visitor }));
                Ok(if seen.len() < MAX_TABS { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
            })?;
            if seen.len() >= MAX_TABS {
                break;
            }
        }
        Ok(seen)
    }

    /// Writes and removes all of it, or nothing, and drops the partials of the days that it touches.
    pub fn apply(&self, all: &[Writing], rejects: &[Reject]) -> Result<()> {
        let touched: BTreeSet<Day> = all.iter().flat_map(Writing::days).collect();
        let touched: Vec<Day> = touched.into_iter().collect();
        for day in &touched {
            self.make_day(*day)?;
        }
        let mut of_days = BTreeMap::<Day, Vec<(Visitor, &Written)>>::new();
        for (visitor, session) in all.iter().flat_map(|one| one.sessions.iter().map(|session| (one.visitor, session))) {
            of_days.entry(session.key.day()).or_default().push((visitor, session));
        }
        // What belongs to no session.
        let mut nobodys = Ledger::default();
        all.iter().filter(|one| !one.is_counted).for_each(|one| nobodys.add(&one.counts));
        // What is dropped was made of the rest, and can be made again, also where what follows fails.
        self.partials.drop_of(&touched)?;
        self.drafts.drop_of(&touched)?;
        let mut write = || {
            for (day, sessions) in &of_days {
                self.write(*day, sessions)?;
            }
            for one in all {
                one.remove.iter().try_for_each(|key| rows::remove(&self.sql, one.visitor, *key))?;
                if let Some((key, ledger)) = &one.counted_in {
                    rows::count(&self.sql, one.visitor, *key, ledger)?;
                }
            }
            if !nobodys.is_empty() {
                Book::add(&self.sql, nobodys.clone())?;
            }
            Rejects::add(&self.sql, rejects)
        };
        let is_one_statement = nobodys.is_empty()
            && rejects.is_empty()
            && all.iter().all(|one| one.remove.is_empty() && one.counted_in.is_none())
            && of_days.len() == 1
            && of_days.iter().all(|(day, sessions)| self.is_one_statement(*day, sessions));
        // One statement is all or nothing by itself.
        let written = if is_one_statement { write() } else { self.transactions.atomically(&mut write) };
        #[cfg(feature = "forced-panics")]
        if is_one_statement {
            crate::panics::at(crate::panics::Place::AfterStatement);
        }
        if written.is_err() {
            self.reach.set(None); // what was taken back may have changed it
            self.sql.changed();
            return written;
        }
        if let Some(open) = self.open_counts.borrow_mut().as_mut() {
            all.iter().filter(|one| one.is_counted).for_each(|one| open.add(&one.counts));
        }
        Ok(())
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
        rows::each(&self.sql, day, "outcomes", |_, _, outcomes| {
            counts.add(&book::ledger(&outcomes)?);
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(counts)
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

    /// Makes a day's tables, if they are not there.
    fn make_day(&self, day: Day) -> Result<()> {
        if !self.days(day, day)?.is_empty() {
            return Ok(());
        }
        rows::make(&self.sql, day)?;
        self.sql.exec("INSERT INTO day (day, packed) VALUES (?, 0)", vec![day.0.into()])?;
        *self.days.borrow_mut() = None;
        Ok(())
    }

    /// Whether [`Store::write`] is one statement.
    fn is_one_statement(&self, day: Day, sessions: &[(Visitor, &Written)]) -> bool {
        rows::is_one_statement(sessions) && self.reach.get().is_some_and(|reach| reach_of(day, sessions) <= reach)
    }

    /// Writes sessions of a day: one row each, and one more where one is the longest so far.
    fn write(&self, day: Day, sessions: &[(Visitor, &Written)]) -> Result<()> {
        rows::write(&self.sql, day, sessions)?;
        let days = reach_of(day, sessions);
        if days > self.reach()? {
            self.sql.exec("DELETE FROM reach", None)?;
            self.sql.exec("INSERT INTO reach (days) VALUES (?)", vec![days.into()])?;
            self.reach.set(Some(days));
        }
        Ok(())
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
        rows::each(&self.sql, day, "body", |visitor, _, body| {
            let session = Session::decode(&body).map_err(|error| Error::RustError(error.to_string()))?;
            builder.add(visitor, &session);
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(builder.build())
    }

    /// Packs the days that no event can change any more: those that are too old for trackers, and took nothing in within the
    /// time in which it may be sent again. One that fails keeps no other. Idempotent: a day is packed once.
    pub fn pack(&self, now_ms: i64) -> Result<()> {
        let over = self.days(Day(i32::MIN), Day::of_utc(now_ms - WINDOW_MS - DAY_MS))?;
        let open = over.into_iter().filter(|(_, packed)| !packed);
        open.map(|(day, _)| self.pack_day(day, now_ms)).fold(Ok(()), Result::and)
    }

    fn pack_day(&self, day: Day, now_ms: i64) -> Result<()> {
        let counts = self.counts_of(day)?;
        if counts.last_minute().is_some_and(|minute| minute >= (now_ms - WINDOW_MS) / MINUTE_MS) {
            return Ok(());
        }
        let segment = self.laid_out(day)?;
        if segment.span_ms().1 >= now_ms - WINDOW_MS {
            return Ok(()); // one of its sessions is still going on
        }
        self.transactions.atomically(&mut || {
            Book::add(&self.sql, counts.clone())?;
            self.drafts.drop_of(&[day])?;
            for (part, bytes) in segment.bytes().chunks(PART_BYTES).enumerate() {
                let row = vec![day.0.into(), (part as i32).into(), bytes.to_vec().into()];
                self.sql.exec("INSERT INTO segment (day, part, bytes) VALUES (?, ?, ?)", row)?;
            }
            self.sql.exec("UPDATE day SET packed = 1 WHERE day = ?", vec![day.0.into()])?;
            rows::drop(&self.sql, day)
        })?;
        *self.days.borrow_mut() = None;
        *self.open_counts.borrow_mut() = None;
        Ok(())
    }

    /// Waits until all that was written is on disk.
    pub async fn on_disk(&self) -> Result<()> {
        self.transactions.on_disk().await
    }

    /// How many rows were written since the object was started, and how many bytes there are.
    pub fn written(&self) -> (u64, u64) {
        (self.sql.rows_written(), self.sql.bytes() as u64)
    }

    /// How many further days the longest session went on for.
    pub fn reach(&self) -> Result<i32> {
        if let Some(days) = self.reach.get() {
            return Ok(days);
        }
        let row = self.sql.exec("SELECT days FROM reach", None)?.raw().next().transpose()?;
        let days = row.map_or(Ok(0), |row| integer(row.into_iter().next()).map(|days| days as i32))?;
        self.reach.set(Some(days));
        Ok(days)
    }
}

/// How many further days the longest of a day's sessions goes on for.
fn reach_of(day: Day, sessions: &[(Visitor, &Written)]) -> i32 {
    sessions.iter().map(|(_, session)| Day::of_utc(session.end_ms).0 - day.0).max().unwrap_or(0)
}
