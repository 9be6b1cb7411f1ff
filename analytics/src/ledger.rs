//! How often each outcome came about, by the minute in which it did.
//!
//! What became of a batch is written into the row of the session that it changed: so the counts are as durable as what
//! they describe, and cost no row of their own.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::delivery::Receipt;
use crate::outcome::Outcome;
use crate::session::SessionKey;

/// How often each outcome came about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts(BTreeMap<Outcome, u64>);

impl Counts {
    /// One outcome, so often.
    #[must_use]
    pub fn of(outcome: Outcome, count: u64) -> Self {
        Self(BTreeMap::from([(outcome, count)]))
    }

    /// Adds others.
    pub fn add(&mut self, others: &Self) {
        others.0.iter().for_each(|(outcome, count)| *self.0.entry(*outcome).or_default() += count);
    }

    /// How many events were received: whatever became of them. Requests that were refused whole are none.
    #[must_use]
    pub fn received(&self) -> u64 {
        let of_events =
            self.0.iter().filter(|(outcome, _)| !matches!(outcome, Outcome::Request(_) | Outcome::Unlimited));
        of_events.map(|(_, count)| count).sum()
    }

    /// Names and counts.
    pub fn by_name(&self) -> impl Iterator<Item = (String, u64)> {
        self.0.iter().map(|(outcome, count)| (outcome.label(), *count))
    }
}

impl From<&Receipt> for Counts {
    fn from(receipt: &Receipt) -> Self {
        let mut counts = Self::of(Outcome::Accepted, receipt.accepted.into());
        counts.add(&Self::of(Outcome::Duplicate, receipt.duplicate.into()));
        receipt.refused.iter().for_each(|refusal| counts.add(&Self::of(Outcome::Refused(refusal.reason), 1)));
        counts.0.retain(|_, count| *count > 0);
        counts
    }
}

/// Counts by minute, since 1970 in UTC.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger(BTreeMap<i64, Counts>);

/// What a row of a book holds.
pub const MINUTES_OF_AN_HOUR: i64 = 60;

impl Ledger {
    /// Counts of one minute; of none, where there are none.
    #[must_use]
    pub fn of(minute: i64, counts: Counts) -> Self {
        if counts.0.is_empty() { Self::default() } else { Self(BTreeMap::from([(minute, counts)])) }
    }

    /// Adds another.
    pub fn add(&mut self, other: &Self) {
        other.0.iter().for_each(|(minute, counts)| self.0.entry(*minute).or_default().add(counts));
    }

    /// Whether it holds nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The part from one minute up to another, which is none of it.
    #[must_use]
    pub fn between(&self, from: i64, to: i64) -> Self {
        Self(self.0.range(from..to.max(from)).map(|(minute, counts)| (*minute, counts.clone())).collect())
    }

    /// The same for each hour that it has something of, by the hour's number.
    #[must_use]
    pub fn by_hour(self) -> BTreeMap<i64, Self> {
        let mut hours = BTreeMap::<i64, Self>::new();
        for (minute, counts) in self.0 {
            hours.entry(minute.div_euclid(MINUTES_OF_AN_HOUR)).or_default().0.insert(minute, counts);
        }
        hours
    }

    /// The minutes, and what came about in each.
    pub fn minutes(&self) -> impl Iterator<Item = (i64, &Counts)> {
        self.0.iter().map(|(minute, counts)| (*minute, counts))
    }

    /// The last of them; none, where it holds nothing.
    #[must_use]
    pub fn last_minute(&self) -> Option<i64> {
        self.0.last_key_value().map(|(minute, _)| *minute)
    }

    /// All of it together.
    #[must_use]
    pub fn total(&self) -> Counts {
        let mut total = Counts::default();
        self.0.values().for_each(|counts| total.add(counts));
        total
    }

    /// The row's form.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        // Writing into a Vec cannot fail, and every sequence knows its length.
        postcard::to_allocvec(self).unwrap_or_default()
    }

    /// Reads a row's form.
    ///
    /// # Errors
    /// The bytes are damaged.
    pub fn decode(bytes: &[u8]) -> Result<Self, postcard::Error> {
        postcard::from_bytes(bytes)
    }
}

/// Which rows keep which counts, after a delivery that added `new`: those that are written keep their own, the first of
/// them takes what is new and what stood in rows that are removed. Where none is written, the last of the visitor's rows
/// takes what is new; where there is none either, nothing does.
#[must_use]
pub fn keep(
    write: &[SessionKey],
    remove: &[SessionKey],
    mut existing: BTreeMap<SessionKey, Ledger>,
    mut new: Ledger,
) -> BTreeMap<SessionKey, Ledger> {
    let mut kept: BTreeMap<_, _> = write.iter().map(|key| (*key, existing.remove(key).unwrap_or_default())).collect();
    for key in remove {
        new.add(&existing.remove(key).unwrap_or_default());
    }
    if kept.is_empty() {
        kept.extend(existing.pop_last());
    }
    if let Some(mut first) = kept.first_entry() {
        first.get_mut().add(&new);
    }
    kept
}

#[cfg(test)]
mod tests {
    use passerby_protocol::Reason;

    use super::*;

    fn ledger(minute: i64, accepted: u64) -> Ledger {
        Ledger::of(minute, Counts::of(Outcome::Accepted, accepted))
    }

    fn key(start_ms: i64) -> SessionKey {
        SessionKey { start_ms }
    }

    fn sum<'a>(ledgers: impl IntoIterator<Item = &'a Ledger>) -> Ledger {
        let mut sum = Ledger::default();
        ledgers.into_iter().for_each(|ledger| sum.add(ledger));
        sum
    }

    #[test]
    fn a_ledger_is_read_as_it_was_written() {
        let mut ledger = ledger(29_000_000, 3);
        ledger.add(&Ledger::of(29_000_001, Counts::of(Outcome::Refused(Reason::TooOld), 2)));
        assert_eq!(Ledger::decode(&ledger.encode()), Ok(ledger.clone()));
        assert_eq!(ledger.total().received(), 5);
        assert!(ledger.encode().len() < 20, "a minute takes few bytes of a session's row");
    }

    #[test]
    fn counts_move_with_the_rows_and_none_is_lost() {
        let existing = BTreeMap::from([(key(1), ledger(7, 1)), (key(5), ledger(8, 2)), (key(9), ledger(9, 4))]);
        let new = ledger(9, 8);
        let mut all = sum(existing.values());
        all.add(&new);
        let cases: [(&[i64], &[i64]); 5] =
            [(&[1], &[5]), (&[0], &[1, 5]), (&[2, 9], &[1, 5]), (&[1, 5, 9], &[]), (&[20], &[])];
        for (write, remove) in cases {
            let keys = |starts: &[i64]| starts.iter().copied().map(key).collect::<Vec<_>>();
            let kept = keep(&keys(write), &keys(remove), existing.clone(), new.clone());
            assert_eq!(kept.keys().copied().collect::<Vec<_>>(), keys(write));
            let untouched =
                existing.iter().filter(|(key, _)| !keys(write).contains(key) && !keys(remove).contains(key));
            assert_eq!(sum(kept.values().chain(untouched.map(|(_, ledger)| ledger))), all, "{write:?} {remove:?}");
        }
    }

    #[test]
    fn what_changed_no_session_is_counted_in_the_last_one() {
        let existing = BTreeMap::from([(key(1), ledger(7, 1)), (key(5), ledger(8, 2))]);
        assert_eq!(keep(&[], &[], existing, ledger(8, 3)), BTreeMap::from([(key(5), ledger(8, 5))]));
        assert!(keep(&[], &[], BTreeMap::new(), ledger(8, 3)).is_empty());
    }

    #[test]
    fn hours_hold_their_minutes() {
        let all = sum(&[ledger(-1, 1), ledger(0, 2), ledger(59, 3), ledger(60, 4)]);
        let hours = all.clone().by_hour();
        assert_eq!(hours.keys().copied().collect::<Vec<_>>(), [-1, 0, 1]);
        assert_eq!(sum(hours.values()), all);
        assert_eq!(all.between(0, 60), sum(&[ledger(0, 2), ledger(59, 3)]));
    }
}
