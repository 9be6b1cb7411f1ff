//! From rows to the JSON that v1 answers.

use std::collections::HashMap;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::{Map, Value, json};

use super::{Endpoint, Request};
use crate::dimension::Dimension;
use crate::query::Metric;
use crate::report::stats::{Label, Row};
use crate::v2::{buckets, date, number};

/// An answer, ready to be written as JSON.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer(Value);

impl Serialize for Answer {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Value::Number(number) => number.serialize(to),
            results => {
                let mut map = to.serialize_map(Some(1))?;
                map.serialize_entry("results", results)?;
                map.end()
            }
        }
    }
}

impl Request {
    /// The answer: from the query's rows, and the previous period's where one was asked for.
    #[must_use]
    pub fn answer(&self, rows: Vec<Row>, previous: Option<Vec<Row>>) -> Answer {
        Answer(match self.endpoint {
            Endpoint::CurrentVisitors => number(rows.first().and_then(|row| row.values[0]).or(Some(0.0))),
            Endpoint::Aggregate => self.aggregate(&rows, previous.as_deref()),
            Endpoint::Timeseries => self.timeseries(&rows),
            Endpoint::Breakdown => self.breakdown(&rows),
        })
    }

    fn aggregate(&self, rows: &[Row], previous: Option<&[Row]>) -> Value {
        let value = |rows: &[Row], at: usize| rows.first().and_then(|row| row.values[at]).unwrap_or(0.0);
        let mut results = Map::new();
        for (at, metric) in self.query.metrics.iter().enumerate() {
            let now = value(rows, at);
            let mut result = json!({ "value": number(Some(now)) });
            if let Some(previous) = previous {
                result["change"] = change(*metric, value(previous, at), now);
            }
            results.insert(metric.label().to_owned(), result);
        }
        Value::Object(results)
    }

    fn timeseries(&self, rows: &[Row]) -> Value {
        let Some(&Dimension::Time(by)) = self.query.dimensions.first() else { return Value::Null };
        let found: HashMap<i64, &Row> = rows.iter().filter_map(|row| Some((time(row)?, row))).collect();
        let buckets = buckets(by, self.query.range, &self.query.zone, usize::MAX);
        let series = buckets.into_iter().map(|bucket| {
            let mut result = Map::new();
            result.insert("date".to_owned(), Value::String(date(by, bucket)));
            self.put_metrics(&mut result, found.get(&bucket).copied());
            Value::Object(result)
        });
        series.collect()
    }

    fn breakdown(&self, rows: &[Row]) -> Value {
        let Some(dimension) = self.query.dimensions.first() else { return Value::Null };
        let label = dimension.label();
        let name = label.split_once(':').map_or(label.as_ref(), |(_, name)| name);
        let (from, limit) = self.window;
        let shown = rows.iter().skip(from).take(limit).map(|row| {
            let mut result = Map::new();
            let label = match row.labels.first() {
                Some(Label::Text(text)) if !text.is_empty() => text,
                _ => dimension.empty(),
            };
            result.insert(name.to_owned(), Value::String(label.to_owned()));
            self.put_metrics(&mut result, Some(row));
            Value::Object(result)
        });
        shown.collect()
    }

    fn put_metrics(&self, result: &mut Map<String, Value>, row: Option<&Row>) {
        for (at, metric) in self.query.metrics.iter().enumerate() {
            let nothing = metric.is_count().then_some(0.0);
            result.insert(metric.label().to_owned(), number(row.map_or(nothing, |row| row.values[at])));
        }
    }
}

/// The change in percent; of a bounce rate, in percentage points. From nothing to something is 100.
fn change(metric: Metric, before: f64, now: f64) -> Value {
    let change = match metric {
        Metric::BounceRate => now - before,
        _ if before == 0.0 && now == 0.0 => 0.0,
        _ if before == 0.0 => 100.0,
        _ => (now - before) / before * 100.0,
    };
    number(Some(change.round()))
}

fn time(row: &Row) -> Option<i64> {
    match row.labels.first()? {
        Label::Time(at) => Some(*at),
        Label::Text(_) => None,
    }
}
