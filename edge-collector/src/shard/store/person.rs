//! One person in a shard's storage: found, told and erased, a day at a time. A day that is packed is rewritten whole, since
//! nothing else takes somebody out of its strings.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use passerby_analytics::calendar::Day;
use passerby_analytics::erased::Counted;
use passerby_analytics::ledger::Ledger;
use passerby_analytics::person::{Left, Person};
use passerby_analytics::session::{Session, SessionKey};
use passerby_analytics::tabs::Seen;
use passerby_analytics::visitor::Visitor;
use passerby_protocol::TabId;
use serde_json::Value;
use worker::{Error, Result};

use super::Store;
use super::rows::{self, Place, Row, Written};
use crate::book::Book;
use crate::shard::drafts::PART_BYTES;

/// What erasing somebody from a day did.
#[derive(Default)]
pub struct Gone {
    /// The events that may come again, by tab.
    pub counted: Vec<Counted>,
    /// How many visits lost something, and how many events are gone.
    pub visits: u64,
    /// See `visits`.
    pub events: u64,
    /// The days that changed.
    pub touched: Vec<Day>,
}

impl Store {
    /// The days before one, or all there are, the newest first.
    pub fn days_before(&self, before: Option<Day>) -> Result<Vec<Day>> {
        let last = before.map_or(Day(i32::MAX), |day| Day(day.0.saturating_sub(1)));
        Ok(self.days(Day(i32::MIN), last)?.into_iter().map(|(day, _)| day).rev().collect())
    }

    /// Notes what a day says of who somebody is. Answers how many bytes were read for it.
    pub fn recognise(&self, day: Day, person: &mut Person) -> Result<usize> {
        if self.is_packed(day)? {
            if person.user.is_empty() {
                return Ok(0);
            }
            let segment = self.segment(day)?;
            person.known_as.extend(person.known_in(&segment));
            return Ok(segment.bytes().len());
        }
        let (rows, read) = self.rows_of(day, person)?;
        for (visitor, row) in &rows {
            person.recognise(*visitor, &session(row)?);
        }
        Ok(read)
    }

    /// What a day holds of somebody, for them to read, and how many bytes were read for it.
    pub fn tell(&self, day: Day, person: &Person) -> Result<(Vec<Value>, usize)> {
        if self.is_packed(day)? {
            let segment = self.segment(day)?;
            return Ok((person.tell_segment(&segment), segment.bytes().len()));
        }
        let (rows, read) = self.rows_of(day, person)?;
        let mut told = Vec::new();
        for (visitor, row) in &rows {
            told.extend(person.tell_session(*visitor, &session(row)?));
        }
        Ok((told, read))
    }

    /// Erases somebody from a day, with what is kept of it and `along` with that, or changes nothing. Idempotent: whoever is
    /// not there is not erased. Answers also how many bytes were read for it.
    pub fn erase(
        &self,
        day: Day,
        person: &Person,
        along: &mut dyn FnMut(&Gone) -> Result<()>,
    ) -> Result<(Gone, usize)> {
        if self.is_packed(day)? { self.erase_packed(day, person, along) } else { self.erase_rows(day, person, along) }
    }

    fn erase_packed(
        &self,
        day: Day,
        person: &Person,
        along: &mut dyn FnMut(&Gone) -> Result<()>,
    ) -> Result<(Gone, usize)> {
        let segment = self.segment(day)?;
        let read = segment.bytes().len();
        let places = person.places_in(&segment);
        if places.is_empty() {
            let gone = Gone::default();
            self.transactions.atomically(&mut || along(&gone))?;
            return Ok((gone, read));
        }
        let rest = segment.without(&places);
        let events = (segment.events() - rest.events()) as u64;
        let gone = Gone { visits: places.len() as u64, events, touched: vec![day], ..Gone::default() };
        self.transactions.atomically(&mut || {
            self.partials.drop_of(&gone.touched)?;
            self.sql.exec("DELETE FROM segment WHERE day = ?", vec![day.0.into()])?;
            for (part, bytes) in rest.bytes().chunks(PART_BYTES).enumerate() {
                let row = vec![day.0.into(), (part as i32).into(), bytes.to_vec().into()];
                self.sql.exec("INSERT INTO segment (day, part, bytes) VALUES (?, ?, ?)", row)?;
            }
            along(&gone)
        })?;
        Ok((gone, read))
    }

    fn erase_rows(
        &self,
        day: Day,
        person: &Person,
        along: &mut dyn FnMut(&Gone) -> Result<()>,
    ) -> Result<(Gone, usize)> {
        let (rows, read) = self.rows_of(day, person)?;
        let mut gone = Gone { touched: vec![day], ..Gone::default() };
        let mut changes: Vec<(Visitor, &Row, Left<&str>)> = Vec::new();
        for (visitor, row) in &rows {
            let Some(left) = person.leave(*visitor, session(row)?) else { continue };
            gone.visits += 1;
            gone.events += left.erased.len() as u64;
            gone.note(*visitor, row.key, &left.erased);
            // What is left may begin later, on another day.
            gone.touched.extend(left.sessions.iter().map(|session| session.key().day()));
            changes.push((*visitor, row, left));
        }
        for day in changes.iter().flat_map(|(_, _, left)| &left.sessions).map(|session| session.key().day()) {
            self.make_day(day)?;
        }
        let written = self.transactions.atomically(&mut || {
            if !changes.is_empty() {
                self.partials.drop_of(&gone.touched)?;
                self.drafts.drop_of(&gone.touched)?;
            }
            for (visitor, old, left) in &changes {
                rows::remove(&self.sql, *visitor, old.key)?;
                // What became of the batches is no part of the person's data, and stays counted.
                if left.sessions.is_empty() {
                    Book::add(&self.sql, old.ledger.clone())?;
                }
                for (nth, session) in left.sessions.iter().enumerate() {
                    let ledger = if nth == 0 { old.ledger.clone() } else { Ledger::default() };
                    // In place of the old one, or where there is always room.
                    let day = session.key().day();
                    let place = if nth == 0 && day == old.key.day() { old.place } else { Place::Further };
                    self.write(day, &[(*visitor, &Written::of(session, place, ledger))])?;
                }
            }
            along(&gone)
        });
        if written.is_err() {
            self.reach.set(None); // what was taken back may have changed it
            written?;
        }
        if changes.is_empty() {
            gone.touched.clear();
        } else {
            *self.open_counts.borrow_mut() = None;
        }
        Ok((gone, read))
    }

    fn is_packed(&self, day: Day) -> Result<bool> {
        Ok(self.days(day, day)?.contains(&(day, true)))
    }

    /// The rows of a day in which something may be somebody's, and how many bytes were read to find them.
    fn rows_of(&self, day: Day, person: &Person) -> Result<(Vec<(Visitor, Row)>, usize)> {
        let mut visitors: BTreeSet<Visitor> = person.visitors.union(&person.known_as).copied().collect();
        let mut read = 0;
        if !person.user.is_empty() {
            let segment = self.segment(day)?;
            read += segment.bytes().len();
            visitors.extend(person.known_in(&segment));
        }
        let mut keys = BTreeSet::new();
        if !person.tabs.is_empty() {
            rows::each(&self.sql, day, "tabs", |visitor, key, ids| {
                read += ids.len();
                if ids.as_chunks::<8>().0.iter().any(|id| person.tabs.contains(&TabId(*id))) {
                    keys.insert((visitor, key));
                }
                Ok(ControlFlow::Continue(()))
            })?;
        }
        let of_tabs = keys.iter().map(|(visitor, _)| *visitor);
        let all: Vec<Visitor> = of_tabs.chain(visitors.iter().copied()).collect::<BTreeSet<_>>().into_iter().collect();
        let mut found = Vec::new();
        rows::of_visitors(&self.sql, day, &all, &mut |visitor, row| {
            if visitors.contains(&visitor) || keys.contains(&(visitor, row.key)) {
                read += row.body.len();
                found.push((visitor, row));
            }
        })?;
        found.sort_unstable_by_key(|(visitor, row)| (*visitor, row.key));
        Ok((found, read))
    }
}

impl Gone {
    fn note(&mut self, visitor: Visitor, key: SessionKey, erased: &[(TabId, u64)]) {
        for (tab, number) in erased {
            let of_tab = |counted: &&mut Counted| counted.seen.tab == *tab && counted.seen.visitor == visitor;
            match self.counted.iter_mut().find(of_tab) {
                Some(counted) => counted.numbers.push(*number),
                None => {
                    let seen = Seen { since_ms: key.start_ms, tab: *tab, visitor };
                    self.counted.push(Counted { seen, numbers: vec![*number] });
                }
            }
        }
    }
}

fn session(row: &Row) -> Result<Session<&str>> {
    Session::decode(&row.body).map_err(|error| Error::RustError(error.to_string()))
}
