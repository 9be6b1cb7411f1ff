//! Metrics, grouped by any dimensions: the aggregate (by none), the time series (by time), the breakdown (by a property).

mod fold;
mod groups;
mod pages;
mod revenue;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::{Report, Tally};
use crate::calendar::{DAY_MS, Day, HOUR_MS, MINUTE_MS, Zone};
use crate::dimension::{Dimension, TimeDimension};
use crate::query::{MAX_DIMENSIONS, Query, Range};
use crate::segment::Segment;
use fold::Fold;

/// The report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stats(pub Query);

/// A group's value in one dimension.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Label {
    /// Of a property.
    Text(String),
    /// Of time: what a clock of the site shows when it begins, as milliseconds as if in UTC.
    Time(i64),
}

/// One row of the answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// The group, one label for each dimension.
    pub labels: Vec<Label>,
    /// The metrics, in the query's order.
    pub values: Vec<Option<f64>>,
    /// The currencies of the group's revenue, where the query asks for that.
    pub currencies: Vec<String>,
}

/// A group's key within one segment: a symbol, a time or a goal's place for each dimension.
type Key = [i64; MAX_DIMENSIONS];

impl Report for Stats {
    type Partial = HashMap<Vec<Label>, Tally>;
    type Answer = Vec<Row>;

    fn range(&self) -> Range {
        self.0.range
    }

    fn fold(&self, into: &mut Self::Partial, segment: &Segment) {
        let fold = Fold::of(&self.0, segment);
        for (key, tally) in fold.groups().into_tallies() {
            let label = |(dimension, value): (&Dimension, i64)| match dimension {
                Dimension::Time(_) => Label::Time(value),
                Dimension::Goal if !self.0.goals.is_empty() => Label::Text(self.0.goals[value as usize].name.clone()),
                _ => Label::Text(segment.string(value as u64).to_owned()),
            };
            into.entry(self.0.dimensions.iter().zip(key).map(label).collect()).or_default().merge(tally);
        }
    }

    fn merge(into: &mut Self::Partial, other: Self::Partial) {
        for (labels, tally) in other {
            into.entry(labels).or_default().merge(tally);
        }
    }

    fn seal(partial: &mut Self::Partial) {
        partial.values_mut().for_each(Tally::seal);
    }

    /// The rows with the first metric's greatest first; equal ones by their labels.
    fn finish(&self, partial: Self::Partial) -> Vec<Row> {
        let with_revenue = self.0.metrics.iter().any(|metric| metric.is_revenue());
        let row = |(labels, mut tally): (Vec<Label>, Tally)| Row {
            labels,
            currencies: if with_revenue { tally.revenue.currencies() } else { Vec::new() },
            values: self.0.metrics.iter().map(|metric| tally.value(*metric)).collect(),
        };
        let mut rows: Vec<Row> = partial.into_iter().map(row).collect();
        let rank = |row: &Row| row.values.first().copied().flatten().unwrap_or(f64::NEG_INFINITY);
        rows.sort_by(|a, b| rank(b).total_cmp(&rank(a)).then_with(|| a.labels.cmp(&b.labels)));
        rows
    }
}

/// What a clock of the zone showed when the minute, hour, day, week or month began that holds this instant.
#[must_use]
pub fn bucket_ms(dimension: TimeDimension, at_ms: i64, zone: &Zone) -> i64 {
    let local_ms = zone.local_ms(at_ms);
    let day = Day::of_utc(local_ms);
    let day = match dimension {
        TimeDimension::Minute => return local_ms.div_euclid(MINUTE_MS) * MINUTE_MS,
        TimeDimension::Hour => return local_ms.div_euclid(HOUR_MS) * HOUR_MS,
        TimeDimension::Day => day,
        TimeDimension::Week => day.week(),
        TimeDimension::Month => day.month(),
    };
    i64::from(day.0) * DAY_MS
}
