//! From rows to the JSON that v1 answers.

use std::collections::HashMap;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::{Map, Number, Value, json};

use super::{Endpoint, Request};
use crate::calendar::{DAY_MS, Day, HOUR_MS};
use crate::dimension::{Dimension, TimeDimension};
use crate::query::Metric;
use crate::report::stats::{Label, Row, bucket_ms};

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
        let Some(Dimension::Time(by)) = self.query.dimensions.first().copied() else { return Value::Null };
        let found: HashMap<i64, &Row> = rows.iter().filter_map(|row| Some((time(row)?, row))).collect();
        let series = self.buckets(by).into_iter().map(|bucket| {
            let mut result = Map::new();
            result.insert("date".to_owned(), Value::String(date(by, bucket)));
            self.put_metrics(&mut result, found.get(&bucket).copied());
            Value::Object(result)
        });
        series.collect()
    }

    /// Every bucket of the range, empty ones too, by what a clock shows when it begins.
    fn buckets(&self, by: TimeDimension) -> Vec<i64> {
        let zone = &self.query.zone;
        let mut buckets: Vec<i64> = match by {
            TimeDimension::Hour => {
                let hours = (self.query.range.from_ms..self.query.range.to_ms).step_by(HOUR_MS as usize);
                hours.map(|at_ms| bucket_ms(by, at_ms, zone)).collect()
            }
            _ => {
                (self.span.first.0..=self.span.last.0).map(|day| bucket_ms(by, zone.start_ms(Day(day)), zone)).collect()
            }
        };
        buckets.dedup();
        buckets
    }

    fn breakdown(&self, rows: &[Row]) -> Value {
        let Some(dimension) = self.query.dimensions.first() else { return Value::Null };
        let name = dimension.label().split_once(':').map_or(dimension.label(), |(_, name)| name);
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
            let is_share = matches!(metric, Metric::ViewsPerVisit | Metric::BounceRate | Metric::VisitDuration);
            let nothing = if is_share { None } else { Some(0.0) };
            result.insert(metric.label().to_owned(), number(row.map_or(nothing, |row| row.values[at])));
        }
    }
}

/// A whole number without a fraction, as JSON readers expect counts.
fn number(value: Option<f64>) -> Value {
    let Some(value) = value else { return Value::Null };
    if value.fract() == 0.0 && value.abs() < 9e15 {
        return Value::from(value as i64);
    }
    Number::from_f64(value).map_or(Value::Null, Value::Number)
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

fn date(by: TimeDimension, bucket_ms: i64) -> String {
    let day = Day::of_utc(bucket_ms).iso();
    match by {
        TimeDimension::Hour => format!("{day} {:02}:00:00", bucket_ms.rem_euclid(DAY_MS) / HOUR_MS),
        _ => day,
    }
}
