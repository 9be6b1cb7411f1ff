//! What a shard keeps of its days so as not to read them again: a cache, to be lost at any moment.

use std::cell::Cell;
use std::collections::HashMap;
use std::rc::Rc;

use passerby_analytics::calendar::{DAY_MS, Day};
use passerby_analytics::report::{BadPartial, Question};
use passerby_analytics::segment::Segment;
use worker::{Error, Result};

use super::partials::{Partial, WORTH_VISITS};
use super::store::Store;
use crate::objects::pack;

/// Bytes of packed days, and of partials, that stay: together a quarter of the 128 MB that an object has.
const MAX_SEGMENT_BYTES: usize = 24 * 1024 * 1024;
const MAX_PARTIAL_BYTES: usize = 8 * 1024 * 1024;
/// Bytes of answers that stay; a dashboard's take some hundred thousand.
const MAX_ANSWER_BYTES: usize = 2 * 1024 * 1024;

/// Days laid out for reading, and what questions have made of those that are over.
#[derive(Default)]
pub struct Memory {
    segments: HashMap<Day, Rc<Segment>>,
    partials: HashMap<Vec<u8>, Partial>,
    /// What was answered since a session changed last, whichever it was.
    answers: HashMap<Vec<u8>, Vec<u8>>,
}

impl Memory {
    /// Forgets what a changed session of this day was part of.
    pub fn forget(&mut self, day: Day) {
        self.answers.clear();
        self.segments.remove(&day);
        self.partials.retain(|_, partial| !partial.days.contains(&day));
    }

    /// A question's answer over these days. What it makes of days before today that lie wholly in its range is kept, so that
    /// asked again it reads only today and the range's edges; and nothing at all where nothing has changed.
    pub fn answer(&mut self, store: &Store, question: &Question, days: &[Day], today: Day) -> Result<Vec<u8>> {
        let key = pack(question)?;
        if let Some(answer) = self.answers.get(&key) {
            return Ok(answer.clone());
        }
        if !self.partials.contains_key(&key) {
            let range = question.range();
            // A day's sessions may go on for some days more.
            let end_ms = |day: Day| (i64::from(day.0 + 1 + store.reach().unwrap_or(0))) * DAY_MS;
            let inside =
                |day: &Day| *day < today && i64::from(day.0) * DAY_MS >= range.from_ms && end_ms(*day) <= range.to_ms;
            let over: Vec<Day> = days.iter().copied().filter(inside).collect();
            let partial = match store.partials.find(&key)? {
                Some(partial) => partial,
                None => self.make(store, question, &key, over)?,
            };
            self.keep(key.clone(), partial);
        }
        let (over, base) = match self.partials.get(&key) {
            Some(partial) => (partial.days.as_slice(), Some(partial.bytes.clone())),
            None => (&[][..], None), // larger than what is kept
        };
        let rest: Vec<Day> = days.iter().copied().filter(|day| !over.contains(day)).collect();
        let answer = self.read(store, &rest, |segments| question.fold(base.as_deref(), segments))?;
        self.keep_answer(key, &answer);
        Ok(answer)
    }

    /// Makes a question's partial of these days; stores it where that was much work.
    fn make(&mut self, store: &Store, question: &Question, key: &[u8], days: Vec<Day>) -> Result<Partial> {
        let visits = Cell::new(0);
        let bytes = self.read(store, &days, |segments| {
            question.partial(None, segments.inspect(|segment| visits.set(visits.get() + segment.visits())))
        })?;
        let partial = Partial { days, bytes };
        if visits.get() >= WORTH_VISITS {
            store.partials.keep(key, &partial)?;
        }
        Ok(partial)
    }

    /// Folds over days, each laid out when it is come to.
    fn read(
        &mut self,
        store: &Store,
        days: &[Day],
        fold: impl FnOnce(&mut dyn Iterator<Item = Rc<Segment>>) -> core::result::Result<Vec<u8>, BadPartial>,
    ) -> Result<Vec<u8>> {
        let mut failed = None;
        let mut segments =
            days.iter().map_while(|day| self.load(store, *day).map_err(|error| failed = Some(error)).ok());
        let folded = fold(&mut segments);
        match failed {
            Some(error) => Err(error),
            None => folded.map_err(|error| Error::RustError(error.to_string())),
        }
    }

    /// A day laid out. Makes room first: a day that is read again costs less than an object without memory.
    pub fn load(&mut self, store: &Store, day: Day) -> Result<Rc<Segment>> {
        if let Some(segment) = self.segments.get(&day) {
            return Ok(Rc::clone(segment));
        }
        if self.segments.values().map(|segment| segment.bytes().len()).sum::<usize>() > MAX_SEGMENT_BYTES {
            self.segments.clear();
        }
        let segment = Rc::new(store.segment(day)?);
        self.segments.insert(day, Rc::clone(&segment));
        Ok(segment)
    }

    fn keep(&mut self, key: Vec<u8>, partial: Partial) {
        let held: usize = self.partials.values().map(|partial| partial.bytes.len()).sum();
        if held + partial.bytes.len() > MAX_PARTIAL_BYTES {
            self.partials.clear();
        }
        if partial.bytes.len() <= MAX_PARTIAL_BYTES {
            self.partials.insert(key, partial);
        }
    }

    fn keep_answer(&mut self, key: Vec<u8>, answer: &[u8]) {
        let held: usize = self.answers.iter().map(|(question, answer)| question.len() + answer.len()).sum();
        if held + key.len() + answer.len() > MAX_ANSWER_BYTES {
            self.answers.clear();
        }
        if key.len() + answer.len() <= MAX_ANSWER_BYTES {
            self.answers.insert(key, answer.to_vec());
        }
    }
}
