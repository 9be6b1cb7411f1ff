//! Retention: of the visitors first seen in a day, week or month, how many are seen again in each one after it.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hasher;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use siphasher::sip::SipHasher24;

use super::facts::Facts;
use super::scope::Scope;
use super::stats::bucket_ms;
use super::{Report, percent};
use crate::calendar::{DAY_MS, Day};
use crate::dimension::TimeDimension;
use crate::query::Range;
use crate::segment::{Column, Segment};
use crate::visitor::Visitor;

/// Most cohorts of a question: a year of days. Each may be seen again in each later one: 67,000 numbers, 500 KB.
pub const MAX_COHORTS: usize = 366;

/// Most visitors of whom a shard remembers when they were first seen, at 24 bytes each: a sixth of its memory. Without
/// consent a visitor is another one each day, so this is the visitors of all days.
pub const MAX_REMEMBERED: usize = 1_000_000;

/// The report. Whoever was seen before the range is of no cohort of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retention {
    /// About which events.
    pub scope: Scope,
    /// Day, week or month.
    pub by: TimeDimension,
    /// Of whom.
    pub of: Of,
}

/// Who comes back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Of {
    /// Visitors: browsers, and without consent those of one day.
    #[default]
    Visitors,
    /// Visitors, where all that the site identified as the same user are one. A browser of several users is the first's.
    People,
    /// Those of them who were identified.
    Users,
}

/// The state: who was seen when; then how many.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Partial {
    rule: Option<Rule>,
    /// In which periods of the range, each by its first day.
    seen: Facts<i32>,
    /// When first, and the first day of that period.
    first: Facts<(i64, i32)>,
    /// As which user first, by the hash of its id.
    users: Facts<(i64, u64)>,
    /// Visitors who were last known before this are forgotten.
    known_since_ms: i64,
    /// By cohort and period: visitors who are forgotten.
    sealed: BTreeMap<(i32, i32), u64>,
    /// Users may have visitors in several shards, so they are told apart until all have answered: 100 bytes each.
    people: BTreeMap<u64, Person>,
}

/// What is needed of the question when a shard seals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Rule {
    from_ms: i64,
    of: Of,
}

/// A user, whatever browsers they came with.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Person {
    first: (i64, i32),
    seen: BTreeSet<i32>,
}

impl Default for Partial {
    fn default() -> Self {
        Self {
            rule: None,
            seen: Facts::new(false),
            first: Facts::new(true),
            users: Facts::new(true),
            known_since_ms: 0,
            sealed: BTreeMap::new(),
            people: BTreeMap::new(),
        }
    }
}

/// A cohort of the answer.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Cohort {
    /// The first day of its period.
    pub date: String,
    /// How many visitors were first seen in it.
    pub visitors: u64,
    /// How many of them were seen in it and in each period after it, up to the range's last.
    pub returned: Vec<u64>,
    /// The same in percent of the cohort.
    pub rates: Vec<Option<f64>>,
    /// Where a shard had more visitors than it remembers: whoever was seen only before this day is taken for new.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known_since: Option<String>,
}

impl Partial {
    /// Forgets half of the visitors who were not seen in the range, if there are too many: those first seen longest ago.
    fn bound(&mut self) {
        if self.first.len() <= MAX_REMEMBERED {
            return;
        }
        self.first.settle();
        self.seen.settle();
        let seen = &self.seen;
        let is_spare = |visitor: Visitor| seen.of(visitor).is_empty();
        let spare = self.first.iter().filter(|(visitor, _)| is_spare(*visitor));
        let mut times: Vec<i64> = spare.map(|(_, (first_ms, _))| *first_ms).collect();
        if self.first.len() <= MAX_REMEMBERED || times.is_empty() {
            return;
        }
        let middle = times.len() / 2;
        let since_ms = *times.select_nth_unstable(middle).1;
        self.first.retain(|(visitor, (first_ms, _))| *first_ms > since_ms || !is_spare(*visitor));
        self.known_since_ms = self.known_since_ms.max(since_ms + 1);
    }
}

impl Report for Retention {
    type Partial = Partial;
    type Answer = Vec<Cohort>;

    /// It reads all there is before the range's end: who is new is known only by who was there.
    fn range(&self) -> Range {
        Range { from_ms: 0, to_ms: self.scope.range.to_ms }
    }

    fn fold(&self, into: &mut Partial, segment: &Segment) {
        into.rule = Some(Rule { from_ms: self.scope.range.from_ms, of: self.of });
        let is_before = segment.span_ms().1 < self.scope.range.from_ms;
        if is_before && self.scope.filters.is_empty() && self.of == Of::Visitors {
            // Of most days no more than who came when needs to be read.
            for (visitor, start_ms) in segment.visitors().into_iter().zip(segment.starts_ms()) {
                self.meet(into, Visitor(visitor), start_ms);
            }
        } else {
            self.walk(into, segment, is_before);
        }
        into.bound();
    }

    fn merge(into: &mut Partial, other: Partial) {
        let earliest = |a: Rule, b: Rule| Rule { from_ms: a.from_ms.min(b.from_ms), ..a };
        into.rule = match (into.rule, other.rule) {
            (Some(mine), Some(theirs)) => Some(earliest(mine, theirs)),
            (mine, theirs) => mine.or(theirs),
        };
        into.seen.merge(other.seen);
        into.first.merge(other.first);
        into.users.merge(other.users);
        into.known_since_ms = into.known_since_ms.max(other.known_since_ms);
        for (cell, count) in other.sealed {
            *into.sealed.entry(cell).or_default() += count;
        }
        for (user, person) in other.people {
            into.person(user, person.first).seen.extend(person.seen);
        }
    }

    fn seal(partial: &mut Partial) {
        let Some(rule) = partial.rule else { return };
        partial.users.settle();
        let seen = partial.seen.take();
        let mut seen = seen.as_slice();
        for (visitor, first) in partial.first.take() {
            // Whoever was seen in the range was first seen sometime, so no visitor is passed by.
            let periods = seen.iter().take_while(|(other, _)| *other == visitor).count();
            let (of_one, rest) = seen.split_at(periods);
            seen = rest;
            let periods = of_one.iter().map(|(_, period)| *period);
            if let Some((_, (_, user))) = partial.users.of(visitor).first().copied() {
                partial.person(user, first).seen.extend(periods);
            } else if rule.of != Of::Users && first.0 >= rule.from_ms {
                periods.for_each(|period| *partial.sealed.entry((first.1, period)).or_default() += 1);
            }
        }
        partial.users.take();
    }

    /// Cohorts in order of time; empty ones too, from the first that has a visitor.
    fn finish(&self, mut partial: Partial) -> Vec<Cohort> {
        Self::seal(&mut partial);
        for person in core::mem::take(&mut partial.people).into_values() {
            if person.first.0 >= self.scope.range.from_ms {
                let cells = person.seen.into_iter().map(|period| (person.first.1, period));
                cells.for_each(|cell| *partial.sealed.entry(cell).or_default() += 1);
            }
        }
        let known_since = (partial.known_since_ms > 0).then(|| self.scope.zone.day(partial.known_since_ms).iso());
        let Some(first) = partial.sealed.keys().map(|(cohort, _)| *cohort).min() else { return Vec::new() };
        let last = self.period(self.scope.range.to_ms - 1).max(first);
        let periods: Vec<i32> =
            core::iter::successors(Some(first), |period| Some(self.next(*period)).filter(|next| *next <= last))
                .collect();
        let cohort = |(place, cohort): (usize, &i32)| {
            let count = |period: &i32| partial.sealed.get(&(*cohort, *period)).copied().unwrap_or(0);
            let returned: Vec<u64> = periods[place..].iter().map(count).collect();
            let visitors = returned.first().copied().unwrap_or(0);
            let rates = returned.iter().map(|seen| percent(*seen, visitors)).collect();
            Cohort { date: Day(*cohort).iso(), visitors, returned, rates, known_since: known_since.clone() }
        };
        periods.iter().enumerate().map(cohort).collect()
    }
}

impl Partial {
    fn person(&mut self, user: u64, first: (i64, i32)) -> &mut Person {
        let person = self.people.entry(user).or_insert_with(|| Person { first, seen: BTreeSet::new() });
        person.first = person.first.min(first);
        person
    }
}

impl Retention {
    fn meet(&self, into: &mut Partial, visitor: Visitor, at_ms: i64) {
        if at_ms < self.scope.range.to_ms {
            into.first.add(visitor, (at_ms, self.period(at_ms)));
        }
    }

    /// Looks at the visits' events one by one, of those before the range for the first that is meant.
    fn walk(&self, into: &mut Partial, segment: &Segment, is_before: bool) {
        let walk = self.scope.walk(segment);
        let users = if self.of == Of::Visitors { Vec::new() } else { segment.of_events(Column::User) };
        let mut hashes: BTreeMap<u64, u64> = BTreeMap::new();
        // Who somebody is does not depend on which of their events are meant.
        for visit in walk.all_visits().iter().filter(|_| !users.is_empty()) {
            let in_time = |event: &usize| walk.at_ms[*event] < self.scope.range.to_ms && users[*event] != 0;
            if let Some(event) = visit.events.clone().find(in_time) {
                let user = *hashes.entry(users[event]).or_insert_with(|| hash(segment.string(users[event])));
                into.users.add(visit.visitor, (walk.at_ms[event], user));
            }
        }
        for visit in walk.visits() {
            if let Some(first) = visit.events.clone().find(|event| walk.takes(*event)) {
                self.meet(into, visit.visitor, walk.at_ms[first]);
            }
            if is_before {
                continue;
            }
            let mut until_ms = i64::MIN;
            let mut last = None;
            for event in walk.taken(visit) {
                // Most events fall into the day of the one before, and need no look at the calendar.
                let at_ms = walk.at_ms[event];
                if at_ms < until_ms {
                    continue;
                }
                let local_ms = self.scope.zone.local_ms(at_ms);
                until_ms = if self.scope.zone.offset_ms(at_ms + DAY_MS) == local_ms - at_ms {
                    at_ms + DAY_MS - local_ms.rem_euclid(DAY_MS)
                } else {
                    at_ms
                };
                let period = self.period(at_ms);
                if last.replace(period) != Some(period) {
                    into.seen.add(visit.visitor, period);
                }
            }
        }
    }

    /// How many cohorts there may be.
    #[must_use]
    pub fn cohorts(&self) -> usize {
        let days = (self.scope.range.to_ms - self.scope.range.from_ms) / DAY_MS + 1;
        let shortest = match self.by {
            TimeDimension::Month => 28,
            TimeDimension::Week => 7,
            _ => 1,
        };
        (days / shortest) as usize
    }

    /// The first day of the period that holds this instant.
    fn period(&self, at_ms: i64) -> i32 {
        (bucket_ms(self.by, at_ms, &self.scope.zone) / DAY_MS) as i32
    }

    fn next(&self, period: i32) -> i32 {
        match self.by {
            TimeDimension::Month => Day(period).add_months(1).0,
            TimeDimension::Week => period + 7,
            _ => period + 1,
        }
    }
}

/// The same for the same user in every shard.
fn hash(user: &str) -> u64 {
    let mut hasher = SipHasher24::new();
    hasher.write(user.as_bytes());
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shard_remembers_so_many_visitors_and_names_since_when() {
        let rule = Some(Rule { from_ms: 0, of: Of::Visitors });
        let mut partial = Partial { rule, ..Partial::default() };
        partial.seen.add(Visitor(0), 0);
        for number in 0..=MAX_REMEMBERED as u64 {
            partial.first.add(Visitor(number), (number as i64 - 10, 0));
        }
        partial.bound();
        assert!((MAX_REMEMBERED / 2 - 1..=MAX_REMEMBERED / 2 + 2).contains(&partial.first.len()));
        assert!(!partial.first.of(Visitor(0)).is_empty(), "whoever is in the range stays");
        assert!(partial.first.of(Visitor(1)).is_empty(), "the first of the others goes first");
        assert!(!partial.first.of(Visitor(MAX_REMEMBERED as u64)).is_empty());
        assert_eq!(partial.known_since_ms, MAX_REMEMBERED as i64 / 2 - 10 + 2);
    }
}
