//! `include.other`: what is not among the rows shown, as one row more. Not in Plausible's language. It is a question of
//! its own, since visitors who are in several rows make it none of a difference of sums.

use serde_json::Value;

use super::question::{Include, Request};
use super::{Answer, MAX_CONDITIONS, Measure};
use crate::ask::{Object, Read};
use crate::dimension::Dimension;
use crate::filter::{Clause, Expr, Pattern};
use crate::report::stats::Label;

/// Refuses to tell what is not shown where that is nothing, or nothing that can be said.
pub(super) fn check(include: &Object, dimensions: &[Dimension], measures: &[Measure], rows: usize) -> Read<()> {
    let Some(field) = include.get("other") else { return Ok(()) };
    if !field.truth()? {
        return Ok(());
    }
    if dimensions.is_empty() {
        return Err(field.wrong("it needs a dimension"));
    }
    // Every time has its row, and an event that reaches one goal may reach others.
    if dimensions.iter().any(|dimension| matches!(dimension, Dimension::Time(_) | Dimension::Goal)) {
        return Err(field.wrong("it does not go with a dimension of time or event:goal"));
    }
    if measures.contains(&Measure::GroupConversionRate) {
        return Err(field.wrong("it does not go with group_conversion_rate: what is not shown is no group"));
    }
    // The values of one dimension are looked up all at once; each row of several is a condition on each of them.
    let most = MAX_CONDITIONS / dimensions.len();
    if dimensions.len() > 1 && rows > most {
        let count = dimensions.len();
        return Err(field.wrong(format!("max_conditions: with {count} dimensions, pagination.limit is at most {most}")));
    }
    Ok(())
}

impl Request {
    /// The question about all that has none of these labels, which has one row.
    pub(super) fn others<'l>(&self, shown: impl Iterator<Item = &'l [Label]>) -> Self {
        let not_shown = not_among(&self.query.dimensions, shown);
        let mut others = self.clone();
        for query in [Some(&mut others.query), others.compared.as_mut()].into_iter().flatten() {
            query.dimensions.clear();
            query.filters.push(not_shown.clone());
        }
        others.labels.clear();
        others.order.clear();
        others.include = Include::default();
        others.window = (0, 1);
        others
    }
}

fn not_among<'l>(dimensions: &[Dimension], shown: impl Iterator<Item = &'l [Label]>) -> Expr {
    let is = |dimension: &Dimension, label: &Label| match label {
        Label::Text(text) if !text.is_empty() => Pattern::Is(text.clone()),
        _ => Pattern::Is(dimension.empty().to_owned()),
    };
    let clause = |dimension: &Dimension, patterns| {
        Expr::Clause(Clause { dimension: dimension.clone(), negated: false, any_case: false, patterns })
    };
    let among = if let [dimension] = dimensions {
        clause(dimension, shown.flatten().map(|label| is(dimension, label)).collect())
    } else {
        let row = |labels: &[Label]| {
            let cells = dimensions.iter().zip(labels);
            Expr::All(cells.map(|(dimension, label)| clause(dimension, vec![is(dimension, label)])).collect())
        };
        Expr::Any(shown.map(row).collect())
    };
    Expr::Not(Box::new(among))
}

impl Answer {
    /// Adds the answer about what is not shown, with what there is to say of it.
    pub fn put_other(&mut self, mut other: Self) {
        let Value::Object(mut row) = other.json["results"][0].take() else { return };
        row.shift_remove("dimensions");
        if let Some(Value::Object(comparison)) = row.get_mut("comparison") {
            comparison.shift_remove("dimensions");
        }
        if let Value::Object(meta) = other.json["meta"].take() {
            row.extend(meta);
        }
        self.json["meta"]["other"] = row.into();
    }
}
