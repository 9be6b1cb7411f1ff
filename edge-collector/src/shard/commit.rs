//! Batches, put into their visitors' sessions and written together: all of them, or none.

use std::collections::{BTreeMap, HashSet};

use passerby_analytics::calendar::MINUTE_MS;
use passerby_analytics::delivery::{Delivery, Receipt};
use passerby_analytics::ledger::{Counts, Ledger};
use passerby_analytics::session::{Session, Unreadable};
use passerby_analytics::sessionize::{Changes, absorb_each};
use passerby_analytics::visitor::Visitor;
use passerby_protocol::TabId;
use worker::{Error, Result};

use super::Shard;
use super::queue::Waiting;
use super::store::Writing;
use super::store::rows::Row;
use crate::delivery::Parcel;
use crate::objects::unpack;
use crate::rejects::Reject;

/// A batch that has come to its visitor's shard.
pub struct Arrived<'a> {
    /// Its events.
    pub delivery: Delivery<&'a str>,
    /// How many had been counted as another visitor's.
    pub taken_out: u32,
    /// Some of those that were refused.
    pub rejects: Vec<Reject>,
}

/// What the batches of one visitor change, and which those are, by their places.
struct Absorbed<'a> {
    visitor: Visitor,
    places: Vec<usize>,
    changes: Changes<&'a str>,
    writing: Writing,
    /// While somebody watches, the tabs and what was known of each before.
    watched: Vec<(TabId, HashSet<u64>, i64)>,
}

impl Shard {
    /// Writes the batches that have waited, and answers each.
    pub(super) fn write(&self, group: &[Waiting]) {
        let (mut arrived, mut theirs) = (Vec::with_capacity(group.len()), Vec::with_capacity(group.len()));
        for one in group {
            match unpack::<Parcel<&str>>(&one.body) {
                Ok(Parcel { taken_out, delivery, rejects, .. }) => {
                    let delivery = Delivery { visitor: one.visitor, ..delivery };
                    arrived.push(Arrived { delivery, taken_out, rejects });
                    theirs.push(one);
                }
                Err(error) => one.answer(Err(error)),
            }
        }
        for (one, receipt) in theirs.into_iter().zip(self.commit(arrived)) {
            one.answer(receipt);
        }
    }

    /// Reads the visitors' sessions, puts the events in, and writes what changed with the counts of what became of them, in
    /// one transaction. The runtime holds the replies back until it is on disk. Nothing is awaited, so what was read is what
    /// is stored. A visitor whose sessions cannot be read fails alone; where the writing fails, all do, and nothing of any is
    /// counted. Answers each, in their order.
    pub(super) fn commit(&self, arrived: Vec<Arrived<'_>>) -> Vec<Result<Receipt>> {
        let mut receipts: Vec<Result<Receipt>> = Vec::new();
        receipts.resize_with(arrived.len(), || Err(Error::from("the shard's storage failed")));
        if let Err(error) = self.try_commit(arrived, &mut receipts) {
            let text = error.to_string();
            receipts.iter_mut().for_each(|receipt| *receipt = Err(Error::RustError(text.clone())));
        }
        receipts
    }

    fn try_commit(&self, arrived: Vec<Arrived<'_>>, receipts: &mut [Result<Receipt>]) -> Result<()> {
        let Some(newest_ms) = arrived.iter().map(|batch| batch.delivery.received_ms).max() else { return Ok(()) };
        let mut of_visitors = BTreeMap::<Visitor, Vec<(usize, Arrived)>>::new();
        for (place, mut batch) in arrived.into_iter().enumerate() {
            self.store.refuse_packed(&mut batch.delivery)?;
            // What was erased is no longer among the sessions that would know it.
            batch.taken_out += self.store.remembered(|remembered| remembered.take_out(&mut batch.delivery))?;
            of_visitors.entry(batch.delivery.visitor).or_default().push((place, batch));
        }
        let since_ms = |batches: &[(usize, Arrived)]| batches.iter().map(|(_, batch)| batch.delivery.since_ms()).min();
        let visitors: BTreeMap<Visitor, i64> =
            of_visitors.iter().map(|(visitor, theirs)| (*visitor, since_ms(theirs).unwrap_or(newest_ms))).collect();
        let mut known = self.store.sessions_of(&visitors, newest_ms)?;
        let (mut all, mut rejects) = (Vec::with_capacity(visitors.len()), Vec::new());
        for (visitor, batches) in of_visitors {
            let rows = known.get(&visitor).map_or(&[][..], |known| &known.rows);
            match decoded(rows) {
                Ok(sessions) => all.push(self.absorbed(visitor, batches, sessions, rows, &mut rejects)),
                Err(error) => {
                    let text = error.to_string();
                    batches.iter().for_each(|(place, _)| receipts[*place] = Err(Error::RustError(text.clone())));
                }
            }
        }
        let writings: Vec<Writing> = all.iter_mut().map(|absorbed| std::mem::take(&mut absorbed.writing)).collect();
        self.store.apply(&writings, &rejects)?;
        for Absorbed { visitor, places, changes, watched, .. } in all {
            self.written(visitor, &changes);
            for (tab, seen, received_ms) in watched {
                self.live.note(visitor, tab, &seen, &changes.write, received_ms);
            }
            for (place, receipt) in places.into_iter().zip(changes.receipts) {
                receipts[place] = Ok(receipt);
            }
        }
        writings.into_iter().for_each(|written| self.store.remember(&mut known, written));
        Ok(())
    }

    /// Puts a visitor's batches into the sessions, in memory.
    fn absorbed<'a>(
        &self,
        visitor: Visitor,
        batches: Vec<(usize, Arrived<'a>)>,
        sessions: Vec<Session<&'a str>>,
        rows: &[Row],
        rejects: &mut Vec<Reject>,
    ) -> Absorbed<'a> {
        let (mut places, mut taken_out, mut deliveries) = (Vec::new(), Vec::new(), Vec::new());
        for (place, batch) in batches {
            places.push(place);
            taken_out.push((batch.taken_out, batch.delivery.received_ms));
            rejects.extend(batch.rejects);
            deliveries.push(batch.delivery);
        }
        let mut watched: Vec<(TabId, HashSet<u64>, i64)> = Vec::new();
        for Delivery { tab, received_ms, .. } in &deliveries {
            if watched.iter().all(|(known, ..)| known != tab)
                && let Some(seen) = self.live.seen(&sessions, *tab, *received_ms)
            {
                watched.push((*tab, seen, *received_ms));
            }
        }
        let mut changes = absorb_each(sessions, deliveries);
        let mut counts = Ledger::default();
        for (receipt, (taken_out, received_ms)) in changes.receipts.iter_mut().zip(taken_out) {
            receipt.duplicate += taken_out;
            counts.add(&Ledger::of(received_ms / MINUTE_MS, Counts::from(&*receipt)));
        }
        let writing = Writing::of(visitor, &changes, rows, counts);
        Absorbed { visitor, places, changes, writing, watched }
    }

    /// Keeps up what is remembered, after sessions were written.
    fn written(&self, visitor: Visitor, changes: &Changes<&str>) {
        self.batches.set(self.batches.get() + changes.receipts.len() as u64);
        self.homes.lives_here(visitor, &changes.write);
        let mut memory = self.memory.borrow_mut();
        for key in changes.remove.iter().copied().chain(changes.write.iter().map(Session::key)) {
            memory.forget(key.day());
        }
    }
}

pub(super) fn decoded(rows: &[Row]) -> Result<Vec<Session<&str>>> {
    let sessions: core::result::Result<_, Unreadable> = rows.iter().map(|row| Session::decode(&row.body)).collect();
    sessions.map_err(|error| Error::RustError(error.to_string()))
}
