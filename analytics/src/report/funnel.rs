//! Funnels: how many visitors (or sessions) take 2 to 10 steps in order, each event used once, within a window from the
//! first step; where they drop off, how long the way between two steps takes, and what those who drop off do instead.

use std::collections::HashMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::scope::{PAGEVIEW, Scope, Visit, Walk, acts};
use super::spread::Spread;
use super::target::Target;
use super::{Report, percent};
use crate::query::Range;
use crate::segment::Segment;
use crate::visitor::Visitor;

/// Fewest and most steps.
pub const STEPS: core::ops::RangeInclusive<usize> = 2..=10;

/// The report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Funnel {
    /// About which visits. By visitor, their events in the range count; by session, sessions that began in it, whole.
    pub scope: Scope,
    /// Its steps, [`STEPS`] of them.
    pub steps: Vec<Target>,
    /// Whether nothing may come between two steps: no other page view where a step is a page, no other event that is a
    /// step of a visitor's way where a step is an event.
    pub strict: bool,
    /// Whether all steps must lie in one session.
    pub by_session: bool,
    /// The longest time from the first step to the last, in milliseconds; exactly this is still within it.
    pub window_ms: i64,
    /// How many things done instead are shown for each step.
    pub limit: usize,
}

/// What a visitor did next.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Next {
    /// Looked at this page.
    Page(String),
    /// This event.
    Event(String),
    /// Nothing more in the visit.
    Left,
}

/// How steps become a way: part of the state, as it is needed when a shard seals it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Rule {
    steps: usize,
    strict: bool,
    window_ms: i64,
}

/// An event that is a step (or in a strict funnel breaks the way): 40 bytes, kept until the shard seals.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Hit {
    visitor: Visitor,
    /// By session: when it began.
    session_ms: i64,
    at_ms: i64,
    /// The steps that it is, as bits.
    steps: u16,
    /// What came next, by its number in `nexts`.
    next: u32,
}

/// The state: what visitors did, then how many got how far.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Partial {
    rule: Option<Rule>,
    hits: Vec<Hit>,
    nexts: HashMap<Next, u32>,
    sealed: Vec<Step>,
}

/// What is known of a step of visitors who are forgotten.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Step {
    /// How many took it.
    reached: u64,
    /// How long after the step before, in milliseconds.
    after_ms: Spread,
    /// What those did next who got no further.
    instead: HashMap<Next, u64>,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Answer {
    /// How many took the first step.
    pub entered: u64,
    /// How many took the last.
    pub converted: u64,
    /// Percent of those who entered.
    pub conversion_rate: Option<f64>,
    /// Each step.
    pub steps: Vec<StepAnswer>,
}

/// A step of the answer. Counts are of visitors, or of sessions where the funnel is by session.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "FunnelStep")]
pub struct StepAnswer {
    /// Its name.
    pub name: String,
    /// How many took it.
    pub count: u64,
    /// Percent of those who took the first.
    pub conversion_rate: Option<f64>,
    /// Percent of those who took the one before.
    pub step_rate: Option<f64>,
    /// How many took this one and not the next.
    pub drop_off: u64,
    /// Percent of those who took this one.
    pub drop_off_rate: Option<f64>,
    /// Milliseconds since the step before, in the middle.
    pub median_ms: Option<f64>,
    /// Milliseconds since the step before, on average.
    pub average_ms: Option<f64>,
    /// What those did next who dropped off, most frequent first.
    pub instead: Vec<Instead>,
}

/// What visitors did instead of a funnel's next step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Instead {
    /// `page`, `event`, `left` (the visit ended) or `other` (all that is not shown).
    #[schemars(extend("enum" = ["page", "event", "left", "other"]))]
    pub kind: &'static str,
    /// The page's path or the event's name.
    pub name: String,
    /// How many.
    pub count: u64,
}

impl Report for Funnel {
    type Partial = Partial;
    type Answer = Answer;

    fn range(&self) -> Range {
        self.scope.range
    }

    fn fold(&self, into: &mut Partial, segment: &Segment) {
        into.rule = Some(Rule { steps: self.steps.len(), strict: self.strict, window_ms: self.window_ms });
        let walk = self.scope.walk(segment);
        let marks = Target::marks(&self.steps, &walk);
        let ways = Ways {
            marks,
            acts: acts(),
            breaks: (self.steps.iter().any(Target::is_page), self.steps.iter().any(|step| !step.is_page())),
            walk,
        };
        let mut known = Known::of(segment);
        for visit in ways.walk.visits().filter(|visit| ways.walk.has_taken(visit)) {
            if self.by_session && !self.scope.range.holds(visit.start_ms) {
                continue;
            }
            ways.add(into, visit, self, &mut known);
        }
    }

    fn merge(into: &mut Partial, mut other: Partial) {
        into.rule = into.rule.or(other.rule);
        if into.hits.is_empty() {
            (into.hits, into.nexts) = (core::mem::take(&mut other.hits), core::mem::take(&mut other.nexts));
        } else {
            let mut numbers = vec![0; other.nexts.len()];
            for (next, number) in other.nexts {
                let fresh = into.nexts.len() as u32;
                if let Some(place) = numbers.get_mut(number as usize) {
                    *place = *into.nexts.entry(next).or_insert(fresh);
                }
            }
            let renumbered =
                |hit: Hit| Hit { next: numbers.get(hit.next as usize).copied().unwrap_or(u32::MAX), ..hit };
            into.hits.extend(other.hits.into_iter().map(renumbered));
        }
        if into.sealed.len() < other.sealed.len() {
            into.sealed.resize_with(other.sealed.len(), Step::default);
        }
        for (step, other) in into.sealed.iter_mut().zip(other.sealed) {
            step.reached += other.reached;
            step.after_ms.merge(other.after_ms);
            other.instead.into_iter().for_each(|(next, count)| *step.instead.entry(next).or_default() += count);
        }
    }

    fn seal(partial: &mut Partial) {
        let Some(rule) = partial.rule else { return };
        if partial.sealed.len() < rule.steps {
            partial.sealed.resize_with(rule.steps, Step::default);
        }
        let mut hits = core::mem::take(&mut partial.hits);
        // Stable: events of one visit with one time stay in their order, which is that of the visit.
        hits.sort_by_key(|hit| (hit.visitor, hit.session_ms, hit.at_ms));
        let mut nexts: Vec<(Next, u32)> = core::mem::take(&mut partial.nexts).into_iter().collect();
        nexts.sort_unstable_by_key(|(_, number)| *number);
        // By step: how long after the one before, and how many did which next.
        let mut after_ms = vec![Vec::new(); rule.steps];
        let mut instead = vec![vec![0; nexts.len()]; rule.steps];
        for of_one in hits.chunk_by(|a, b| (a.visitor, a.session_ms) == (b.visitor, b.session_ms)) {
            let (way, length) = rule.furthest(of_one);
            let way = || way[..length].iter().map(|number| of_one[*number as usize]);
            partial.sealed.iter_mut().zip(way()).for_each(|(step, _)| step.reached += 1);
            for ((after_ms, before), hit) in after_ms[1..].iter_mut().zip(way()).zip(way().skip(1)) {
                after_ms.push(hit.at_ms.abs_diff(before.at_ms));
            }
            if length < rule.steps
                && let Some(last) = way().next_back()
                && let Some(count) = instead[length - 1].get_mut(last.next as usize)
            {
                *count += 1;
            }
        }
        for ((step, after_ms), instead) in partial.sealed.iter_mut().zip(after_ms).zip(instead) {
            step.after_ms.merge(after_ms.into_iter().collect());
            for ((next, _), count) in nexts.iter().zip(instead).filter(|(_, count)| *count > 0) {
                *step.instead.entry(next.clone()).or_default() += count;
            }
        }
    }

    fn finish(&self, mut partial: Partial) -> Answer {
        Self::seal(&mut partial);
        partial.sealed.resize_with(self.steps.len(), Step::default);
        let reached: Vec<u64> = partial.sealed.iter().map(|step| step.reached).collect();
        let entered = reached.first().copied().unwrap_or(0);
        let converted = reached.last().copied().unwrap_or(0);
        let steps = partial.sealed.into_iter().enumerate().map(|(place, step)| {
            let before = place.checked_sub(1).map_or(step.reached, |before| reached[before]);
            let drop_off = reached.get(place + 1).map_or(0, |next| step.reached - next);
            StepAnswer {
                name: self.steps[place].name.clone(),
                count: step.reached,
                conversion_rate: percent(step.reached, entered),
                step_rate: percent(step.reached, before),
                drop_off,
                drop_off_rate: percent(drop_off, step.reached),
                median_ms: step.after_ms.median(),
                average_ms: step.after_ms.mean().map(f64::round),
                instead: shown(step.instead, self.limit),
            }
        });
        Answer { entered, converted, conversion_rate: percent(converted, entered), steps: steps.collect() }
    }
}

fn shown(instead: HashMap<Next, u64>, limit: usize) -> Vec<Instead> {
    let mut all: Vec<(Next, u64)> = instead.into_iter().collect();
    all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let rest: u64 = all.iter().skip(limit).map(|(_, count)| count).sum();
    let row = |(next, count)| match next {
        Next::Page(name) => Instead { kind: "page", name, count },
        Next::Event(name) => Instead { kind: "event", name, count },
        Next::Left => Instead { kind: "left", name: String::new(), count },
    };
    let other = (rest > 0).then(|| Instead { kind: "other", name: "(other)".to_owned(), count: rest });
    all.into_iter().take(limit).map(row).chain(other).collect()
}

/// A segment's events as steps of ways.
struct Ways<'s> {
    walk: Walk<'s>,
    marks: Vec<u64>,
    acts: Vec<bool>,
    /// In a strict funnel: whether page views, and whether other acts, break a way.
    breaks: (bool, bool),
}

impl Ways<'_> {
    fn is_act(&self, event: usize) -> bool {
        self.acts.get(self.walk.kinds[event] as usize).copied().unwrap_or(false)
    }

    fn breaks(&self, event: usize) -> bool {
        let (pages, events) = self.breaks;
        if self.walk.kinds[event] == PAGEVIEW { pages } else { events && self.is_act(event) }
    }

    /// This event as what came next, as a code.
    fn as_next(&self, event: usize) -> Option<usize> {
        let code = || match self.walk.kinds[event] {
            PAGEVIEW => Known::PAGE + self.walk.pages[event] as usize * 2,
            _ => Known::EVENT + self.walk.names[event] as usize * 2,
        };
        self.is_act(event).then(code)
    }

    /// The hits of a visit, in order.
    fn add(&self, into: &mut Partial, visit: &Visit, of: &Funnel, known: &mut Known) {
        if !of.strict && self.marks[visit.events.clone()].iter().all(|steps| *steps == 0) {
            return;
        }
        let (first, mut next, mut broken) = (into.hits.len(), Known::LEFT, false);
        // From the end, so that what came next is known without looking for it.
        for event in visit.events.clone().rev() {
            let is_step = self.marks[event] != 0;
            let breaks = of.strict && !is_step && !broken && self.breaks(event);
            if (is_step || breaks) && (of.by_session || self.walk.in_range(event)) {
                broken = breaks;
                into.hits.push(Hit {
                    visitor: visit.visitor,
                    session_ms: if of.by_session { visit.start_ms } else { 0 },
                    at_ms: self.walk.at_ms[event],
                    steps: self.marks[event] as u16,
                    next: known.number(next, self.walk.segment, &mut into.nexts),
                });
            }
            next = self.as_next(event).unwrap_or(next);
        }
        into.hits[first..].reverse();
    }
}

/// The numbers of what came next, as far as they are known, by codes: a string of the segment is two of them.
struct Known(Vec<Option<u32>>);

impl Known {
    /// The code of nothing, and those of the empty string as a page and as an event.
    const LEFT: usize = 0;
    const PAGE: usize = 1;
    const EVENT: usize = 2;

    fn of(segment: &Segment) -> Self {
        Self(vec![None; Self::PAGE + 2 * segment.strings().len()])
    }

    fn number(&mut self, code: usize, segment: &Segment, nexts: &mut HashMap<Next, u32>) -> u32 {
        if let Some(number) = self.0.get(code).copied().flatten() {
            return number;
        }
        let text = |first: usize| segment.string((code - first) as u64 / 2).to_owned();
        let next = match code {
            Self::LEFT => Next::Left,
            code if code % 2 == Self::PAGE => Next::Page(text(Self::PAGE)),
            _ => Next::Event(text(Self::EVENT)),
        };
        let fresh = nexts.len() as u32;
        let number = *nexts.entry(next).or_insert(fresh);
        if let Some(known) = self.0.get_mut(code) {
            *known = Some(number);
        }
        number
    }
}

/// A way as the numbers of its hits; as long as the longest funnel, so that it can be copied.
type Way = [u32; *STEPS.end()];

impl Rule {
    /// The way that gets furthest, and gets there first; of several, the one that began last. Its steps after the first
    /// are each the earliest that could follow.
    ///
    /// Kept for each length is the way that began last, since it can only do better within the window; a hit first
    /// lengthens the longest, so that it is not used twice in one. With it comes how many steps it has.
    fn furthest(self, hits: &[Hit]) -> (Way, usize) {
        let hit = |number: u32| &hits[number as usize];
        let (mut best, mut length) = (Way::default(), 0);
        if hits.iter().all(|hit| hit.steps & 1 == 0) {
            return (best, length); // nobody who begins is most of them
        }
        // The ways so far, by their length less one.
        let mut ways: [Option<Way>; *STEPS.end()] = [None; *STEPS.end()];
        for number in 0..hits.len() as u32 {
            let mut steps = hit(number).steps;
            while steps != 0 {
                let place = (u16::BITS - 1 - steps.leading_zeros()) as usize;
                steps &= !(1 << place);
                let mut way = match place.checked_sub(1) {
                    None => Way::default(),
                    Some(before) => match ways[before] {
                        Some(way) if self.continues(&way, before, hits, number) => way,
                        _ => continue,
                    },
                };
                way[place] = number;
                if place >= length {
                    (best, length) = (way, place + 1);
                }
                let is_later = ways[place].is_none_or(|kept| hit(kept[0]).at_ms < hit(way[0]).at_ms);
                // In a strict funnel only the way that the next hit can continue is of use.
                if is_later || self.strict {
                    ways[place] = Some(way);
                }
            }
            if length == self.steps {
                break;
            }
        }
        (best, length)
    }

    /// Whether this hit may follow the way's step at `place`.
    fn continues(self, way: &Way, place: usize, hits: &[Hit], number: u32) -> bool {
        let follows = !self.strict || way[place] + 1 == number;
        follows && hits[number as usize].at_ms - hits[way[0] as usize].at_ms <= self.window_ms
    }
}
