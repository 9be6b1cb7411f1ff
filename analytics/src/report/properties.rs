//! Properties of events: which there are, and what values one of them has.

use std::collections::HashMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Report;
use super::ranking::{Count, Listed, Ranking};
use super::scope::Scope;
use crate::filter::Pattern;
use crate::query::Range;
use crate::segment::Segment;

/// The report: of a key its values, of none the keys there are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Properties {
    /// About which events.
    pub scope: Scope,
    /// Events whose names match one of these; none: all that have properties.
    pub event: Vec<Pattern>,
    /// Whose values are wanted.
    pub key: Option<String>,
    /// How many rows are shown.
    pub limit: usize,
}

/// A key, or a value: its text, and its currency if it is an amount.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Value {
    text: String,
    currency: String,
}

/// The state.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Partial {
    rows: Ranking<Value>,
    /// Events with the property, or with any.
    all: Count,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Answer {
    /// How many events have the property; without a key, any property.
    pub events: u64,
    /// How many visitors had such an event.
    pub visitors: u64,
    /// If all values are numbers: what they come to.
    pub numeric: Option<Numeric>,
    /// What the amounts among the values come to, by currency.
    pub amounts: Vec<Amount>,
    /// The keys, or the values, most frequent first.
    #[serde(flatten)]
    pub listed: Listed<Row>,
}

/// A key or a value of the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "PropertyRow")]
pub struct Row {
    /// The key, or the value as text; of an amount its minor units and its currency.
    pub value: String,
    /// How many events have it.
    pub events: u64,
    /// How many visitors had such an event.
    pub visitors: u64,
}

/// Numbers, summed.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Numeric {
    /// All of them together.
    pub sum: f64,
    /// Their mean.
    pub average: f64,
    /// The least.
    pub min: f64,
    /// The greatest.
    pub max: f64,
}

/// Amounts of one currency, summed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "PropertyAmount")]
pub struct Amount {
    /// The currency.
    pub currency: String,
    /// Minor units.
    pub sum_minor: i64,
    /// How many.
    pub events: u64,
}

impl Report for Properties {
    type Partial = Partial;
    type Answer = Answer;

    fn range(&self) -> Range {
        self.scope.range
    }

    fn fold(&self, into: &mut Partial, segment: &Segment) {
        let walk = self.scope.walk(segment);
        let props = walk.props();
        let named = |text: &str| self.event.is_empty() || self.event.iter().any(|pattern| pattern.matches(text));
        let names: Vec<bool> = segment.strings().map(named).collect();
        let is_named = |event: &usize| names.get(walk.names[*event] as usize).copied().unwrap_or(false);
        let key = self.key.as_ref().map(|key| segment.strings().position(|text| text == key));
        let mut rows: Ranking<(u64, u64)> = Ranking::default();
        for visit in walk.visits() {
            for event in walk.taken(visit).filter(is_named) {
                let mut has = false;
                for prop in props.of(event) {
                    let row = match key {
                        None => (prop.key, 0),
                        Some(key) if key.is_some_and(|key| key as u64 == prop.key) => (prop.text, prop.currency),
                        Some(_) => continue,
                    };
                    has = true;
                    rows.of(row).see(visit.visitor);
                }
                if has {
                    into.all.see(visit.visitor);
                }
            }
        }
        let text = |sym| segment.string(sym).to_owned();
        into.rows.merge(rows.renamed(|(sym, currency)| Value { text: text(sym), currency: text(currency) }));
    }

    fn merge(into: &mut Partial, other: Partial) {
        into.rows.merge(other.rows);
        into.all.merge(other.all);
    }

    fn seal(partial: &mut Partial) {
        partial.rows.seal();
        partial.all.visitors.seal();
    }

    fn finish(&self, mut partial: Partial) -> Answer {
        let rows = partial.rows.clone();
        let values = rows.events();
        let row = |value: Value, events, visitors| {
            let Value { text, currency } = value;
            let value = if currency.is_empty() { text } else { format!("{text} {currency}") };
            Row { value, events, visitors }
        };
        Answer {
            events: partial.all.events,
            visitors: partial.all.visitors.count(),
            numeric: self.key.as_ref().and_then(|_| numeric(&values)),
            amounts: amounts(&values),
            listed: partial.rows.listed(self.limit, row),
        }
    }
}

/// Summed in the order of the values, so that the sum does not depend on that of merging.
fn numeric(values: &[(&Value, u64)]) -> Option<Numeric> {
    let number = |(value, events): &(&Value, u64)| {
        let number: f64 = value.text.parse().ok().filter(|number: &f64| number.is_finite())?;
        value.currency.is_empty().then_some((number, *events))
    };
    let numbers: Vec<(f64, u64)> = values.iter().map(number).collect::<Option<_>>()?;
    let count: u64 = numbers.iter().map(|(_, events)| events).sum();
    let sum: f64 = numbers.iter().map(|(number, events)| number * *events as f64).sum();
    let least = numbers.iter().map(|(number, _)| *number).reduce(f64::min)?;
    let greatest = numbers.iter().map(|(number, _)| *number).reduce(f64::max)?;
    Some(Numeric { sum, average: sum / count as f64, min: least, max: greatest })
}

fn amounts(values: &[(&Value, u64)]) -> Vec<Amount> {
    let mut sums: HashMap<&str, (i64, u64)> = HashMap::new();
    for (value, events) in values.iter().filter(|(value, _)| !value.currency.is_empty()) {
        let minor: i64 = value.text.parse().unwrap_or(0);
        let sum = sums.entry(value.currency.as_str()).or_default();
        sum.0 = sum.0.saturating_add(minor.saturating_mul(i64::try_from(*events).unwrap_or(i64::MAX)));
        sum.1 += events;
    }
    let amount = |(currency, (sum_minor, events)): (&str, (i64, u64))| Amount {
        currency: currency.to_owned(),
        sum_minor,
        events,
    };
    let mut amounts: Vec<Amount> = sums.into_iter().map(amount).collect();
    amounts.sort_by(|a, b| a.currency.cmp(&b.currency));
    amounts
}
