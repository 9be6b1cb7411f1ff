//! Goals: how many visitors reached each, and what part of all that is.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ranking::Count;
use super::scope::Scope;
use super::target::Target;
use super::visitors::Visitors;
use super::{Report, percent};
use crate::query::Range;
use crate::segment::{Detail, Segment, kind_number, unzigzag};

/// The report. A filter on events must hold for the very event that is the goal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Goals {
    /// About which visits and events.
    pub scope: Scope,
    /// The goals; at most [`super::target::MAX_TARGETS`].
    pub goals: Vec<Target>,
}

/// The state.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Partial {
    visitors: Visitors,
    /// By the goals' places.
    goals: Vec<(Count, BTreeMap<String, i64>)>,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Answer {
    /// How many visitors there were under the same filters.
    pub visitors: u64,
    /// Each goal, in the order they were asked for.
    pub goals: Vec<GoalAnswer>,
}

/// A goal of the answer.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "GoalReached")]
pub struct GoalAnswer {
    /// Its name.
    pub goal: String,
    /// How many visitors reached it.
    pub visitors: u64,
    /// How often it was reached.
    pub events: u64,
    /// Percent of the visitors under the same filters.
    pub conversion_rate: Option<f64>,
    /// The amounts of its events (an order's total, properties that are amounts) in minor units, by currency.
    pub revenue_minor: BTreeMap<String, i64>,
}

fn add(into: &mut BTreeMap<String, i64>, currency: &str, minor: i64) {
    let sum = into.entry(currency.to_owned()).or_default();
    *sum = sum.saturating_add(minor);
}

impl Report for Goals {
    type Partial = Partial;
    type Answer = Answer;

    fn range(&self) -> Range {
        self.scope.range
    }

    fn fold(&self, into: &mut Partial, segment: &Segment) {
        into.goals.resize_with(self.goals.len(), Default::default);
        let walk = self.scope.walk(segment);
        let marks = Target::marks(&self.goals, &walk);
        let (props, order) = (walk.props(), kind_number("order"));
        let (minors, currencies) = (walk.detail(Detail::OrderMinor), walk.detail(Detail::OrderCurrency));
        for visit in walk.visits() {
            for event in walk.taken(visit) {
                into.visitors.see(visit.visitor);
                let mut reached = marks[event];
                while reached != 0 {
                    let place = reached.trailing_zeros() as usize;
                    reached &= reached - 1;
                    let (count, revenue) = &mut into.goals[place];
                    count.see(visit.visitor);
                    if walk.kinds[event] == order {
                        add(revenue, segment.string(currencies[event]), unzigzag(minors[event]));
                    }
                    for amount in props.of(event).filter(|prop| prop.currency != 0) {
                        add(revenue, segment.string(amount.currency), amount.minor);
                    }
                }
            }
        }
    }

    fn merge(into: &mut Partial, other: Partial) {
        into.visitors.merge(other.visitors);
        if into.goals.len() < other.goals.len() {
            into.goals.resize_with(other.goals.len(), Default::default);
        }
        for ((count, revenue), (other, amounts)) in into.goals.iter_mut().zip(other.goals) {
            count.merge(other);
            amounts.iter().for_each(|(currency, minor)| add(revenue, currency, *minor));
        }
    }

    fn seal(partial: &mut Partial) {
        partial.visitors.seal();
        partial.goals.iter_mut().for_each(|(count, _)| count.visitors.seal());
    }

    fn finish(&self, mut partial: Partial) -> Answer {
        partial.goals.resize_with(self.goals.len(), Default::default);
        let all = partial.visitors.count();
        let goal = |(goal, (mut count, revenue_minor)): (&Target, (Count, BTreeMap<String, i64>))| {
            let visitors = count.visitors.count();
            let conversion_rate = percent(visitors, all);
            GoalAnswer { goal: goal.name.clone(), visitors, events: count.events, conversion_rate, revenue_minor }
        };
        Answer { visitors: all, goals: self.goals.iter().zip(partial.goals).map(goal).collect() }
    }
}
