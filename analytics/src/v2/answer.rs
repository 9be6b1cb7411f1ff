//! From rows to the JSON that v2 answers.

use std::cmp::Ordering;
use std::collections::HashMap;

use serde::Serialize;
use serde_json::{Map, Number, Value, json};

use super::compare::change;
use super::countries::{COUNTRY_NAME, name};
use super::dates::iso;
use super::labels::{buckets, date};
use super::money::money;
use super::question::{By, Request};
use super::{MAX_ROWS, Measure};
use crate::dimension::{Dimension, EventDimension};
use crate::query::{Metric, Query};
use crate::report::stats::{Label, Row};

/// An answer, ready to be written as JSON.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Answer {
    pub(super) json: Value,
    /// What is still to be asked: about what is not among the rows shown. [`Answer::put_other`] takes the answer.
    #[serde(skip)]
    pub others: Option<Request>,
}

/// A row with every metric that was asked for.
pub(super) struct Line {
    pub(super) labels: Vec<Label>,
    values: Vec<Option<f64>>,
    /// The currency of its amounts.
    currency: Option<String>,
    mixes_currencies: bool,
}

impl Request {
    /// The answer, from those to [`Request::queries`].
    #[must_use]
    pub fn answer(&self, answers: Vec<Vec<Row>>) -> Answer {
        let mut answers = answers.into_iter();
        let mut lines = self.lines(&mut answers);
        lines.sort_by(|a, b| self.compare(a, b));
        let compared = self.compared.as_ref().map(|query| (query, self.lines(&mut answers)));
        let meta = self.meta(&lines);
        let shown = || lines.iter().skip(self.window.0).take(self.window.1);
        let results: Vec<Value> = match &compared {
            None => shown().map(|line| Value::Object(self.written(line))).collect(),
            Some((query, others)) => {
                let others = Others::of(self, query, others);
                shown().map(|line| self.with_comparison(line, &others)).collect()
            }
        };
        Answer {
            json: json!({ "results": results, "meta": meta, "query": self.echo() }),
            others: self.include.other.then(|| self.others(shown().map(|line| line.labels.as_slice()))),
        }
    }

    /// A period's lines: each row's metrics, and what follows from other answers.
    fn lines(&self, answers: &mut impl Iterator<Item = Vec<Row>>) -> Vec<Line> {
        let mut rows = answers.next().unwrap_or_default();
        if rows.is_empty() && self.query.dimensions.is_empty() {
            let nothing = |metric: &Metric| metric.is_count().then_some(0.0);
            let values = self.query.metrics.iter().map(nothing).collect();
            rows.push(Row { labels: Vec::new(), values, currencies: Vec::new() });
        }
        let mut lines: Vec<Line> = rows
            .into_iter()
            .map(|row| Line {
                mixes_currencies: row.currencies.len() > 1,
                currency: if row.currencies.len() == 1 { row.currencies.first().cloned() } else { None },
                labels: row.labels,
                values: row.values,
            })
            .collect();
        let place = |metric: Metric| self.query.metrics.iter().position(|asked| *asked == metric).unwrap_or(0);
        let visitors = place(Metric::Visitors);
        let mut whole: Vec<Vec<Option<f64>>> = vec![Vec::new(); lines.len()];
        for measure in &self.measures {
            let total = match measure {
                Measure::Metric(metric) => {
                    whole.iter_mut().zip(&lines).for_each(|(to, line)| to.push(line.values[place(*metric)]));
                    continue;
                }
                Measure::Percentage | Measure::ConversionRate | Measure::GroupConversionRate => {
                    answers.next().unwrap_or_default()
                }
            };
            let of_group: HashMap<&[Label], Option<f64>> =
                total.iter().map(|row| (row.labels.as_slice(), row.values.first().copied().flatten())).collect();
            for (to, line) in whole.iter_mut().zip(&lines) {
                let group: Vec<Label> = match measure {
                    Measure::GroupConversionRate => {
                        self.places_without_goals().map(|at| line.labels[at].clone()).collect()
                    }
                    _ => Vec::new(),
                };
                let all = of_group.get(group.as_slice()).copied().flatten().unwrap_or(0.0);
                let share = line.values[visitors].filter(|_| all > 0.0).map(|some| some / all * 100.0);
                to.push(Some(share.map_or(0.0, |share| (share * 10.0).round() / 10.0)));
            }
        }
        lines.iter_mut().zip(whole).for_each(|(line, values)| line.values = values);
        lines
    }

    fn compare(&self, a: &Line, b: &Line) -> Ordering {
        let by = |(by, descending): &(By, bool)| {
            let value = |line: &Line, at: usize| line.values[at].unwrap_or(f64::NEG_INFINITY);
            let order = match by {
                By::Metric(at) => value(a, *at).total_cmp(&value(b, *at)),
                By::Dimension(at) => a.labels[*at].cmp(&b.labels[*at]),
            };
            if *descending { order.reverse() } else { order }
        };
        let order = self.order.iter().map(by).find(|order| order.is_ne());
        order.unwrap_or_else(|| a.labels.cmp(&b.labels))
    }

    fn written(&self, line: &Line) -> Map<String, Value> {
        let cell = |(measure, value): (&Measure, &Option<f64>)| match (measure.is_revenue(), value, &line.currency) {
            (false, value, _) => number(*value),
            // An amount that is no conversion's is none.
            (true, Some(minor), Some(currency)) if self.is_about_goals() => money(*minor, currency),
            (true, ..) => Value::Null,
        };
        let metrics: Vec<Value> = self.measures.iter().zip(&line.values).map(cell).collect();
        let mut result = Map::new();
        result.insert("dimensions".to_owned(), self.names(&line.labels));
        result.insert("metrics".to_owned(), metrics.into());
        result
    }

    fn names(&self, labels: &[Label]) -> Value {
        let written = |((dimension, asked), label): ((&Dimension, &String), &Label)| match (dimension, label) {
            (Dimension::Time(by), Label::Time(at)) => date(*by, *at),
            (Dimension::Event(EventDimension::Hostname), Label::Text(text)) if text.is_empty() => self.site.clone(),
            (_, Label::Text(code)) if asked == COUNTRY_NAME && !code.is_empty() => name(code).to_owned(),
            (_, Label::Text(text)) if !text.is_empty() => text.clone(),
            (dimension, _) => dimension.empty().to_owned(),
        };
        self.query.dimensions.iter().zip(&self.labels).zip(labels).map(written).collect()
    }

    fn with_comparison(&self, line: &Line, others: &Others) -> Value {
        let labels = others.labels_of(line);
        let nothing = Line {
            values: self.measures.iter().map(|measure| nothing(*measure)).collect(),
            labels: labels.clone(),
            currency: None,
            mixes_currencies: false,
        };
        let other = others.lines.get(labels.as_slice()).copied().unwrap_or(&nothing);
        let same_currency = line.currency == other.currency;
        let changes = self.measures.iter().enumerate().map(|(at, measure)| {
            let comparable = !measure.is_revenue() || (same_currency && self.is_about_goals());
            number(if comparable { change(*measure, other.values[at], line.values[at]) } else { None })
        });
        let mut comparison = self.written(other);
        comparison.insert("change".to_owned(), changes.collect());
        let mut result = self.written(line);
        result.insert("comparison".to_owned(), comparison.into());
        result.into()
    }

    fn is_about_goals(&self) -> bool {
        self.filters.by_goal || self.query.dimensions.contains(&Dimension::Goal)
    }

    fn meta(&self, lines: &[Line]) -> Value {
        let mut meta = Map::new();
        if self.include.imports {
            meta.insert("imports_included".to_owned(), false.into());
            meta.insert("imports_skip_reason".to_owned(), "no_imported_data".into());
        }
        let warning = if lines.iter().any(|line| line.mixes_currencies) && self.is_about_goals() {
            Some(("no_single_revenue_currency", "The revenue is of more than one currency, which cannot be added."))
        } else if !self.is_about_goals() || lines.iter().all(|line| line.currency.is_none()) {
            Some(("no_revenue_goals_matching", "None of the goals asked for brought revenue."))
        } else {
            None
        };
        let revenue = self.measures.iter().filter(|measure| measure.is_revenue());
        if let Some((code, text)) = warning {
            let warnings = revenue.map(|m| (m.label().to_owned(), json!({ "code": code, "warning": text })));
            let warnings: Map<String, Value> = warnings.collect();
            if !warnings.is_empty() {
                meta.insert("metric_warnings".to_owned(), warnings.into());
            }
        }
        if self.include.time_labels {
            let by_time =
                self.query.dimensions.iter().find_map(|d| if let Dimension::Time(by) = d { Some(*by) } else { None });
            let labels = by_time.map(|by| {
                let buckets = buckets(by, self.query.range, &self.query.zone, MAX_ROWS);
                buckets.into_iter().map(|bucket| Value::String(date(by, bucket))).collect()
            });
            meta.insert("time_labels".to_owned(), labels.unwrap_or(Value::Null));
        }
        if self.include.total_rows {
            meta.insert("total_rows".to_owned(), lines.len().into());
        }
        meta.into()
    }

    /// The question as it was understood.
    fn echo(&self) -> Value {
        let given = |name: &str, else_: Value| self.given.get(name).filter(|v| !v.is_null()).cloned().unwrap_or(else_);
        let order = self.order.iter().map(|(by, descending)| {
            let name = match by {
                By::Metric(at) => self.measures[*at].label(),
                By::Dimension(at) => &self.labels[*at],
            };
            json!([name, if *descending { "desc" } else { "asc" }])
        });
        let range =
            |query: &Query| json!([iso(query.range.from_ms, &query.zone), iso(query.range.to_ms - 1000, &query.zone)]);
        let mut echo = json!({
            "site_id": self.site,
            "metrics": self.measures.iter().map(|measure| measure.label()).collect::<Vec<_>>(),
            "date_range": range(&self.query),
            "filters": given("filters", json!([])),
            "dimensions": self.labels,
            "order_by": order.collect::<Vec<_>>(),
            "include": given("include", json!({})),
            "pagination": { "offset": self.window.0, "limit": self.window.1 },
        });
        if let Some(compared) = &self.compared {
            echo["comparison_date_range"] = range(compared);
        }
        echo
    }
}

/// The lines that others are compared with, by their labels.
struct Others<'a> {
    lines: HashMap<&'a [Label], &'a Line>,
    /// For each dimension of time: from a bucket of the one period to that of the other, by their order.
    times: Vec<Option<HashMap<i64, i64>>>,
}

impl<'a> Others<'a> {
    fn of(request: &Request, query: &Query, lines: &'a [Line]) -> Self {
        let times = query.dimensions.iter().map(|dimension| match dimension {
            Dimension::Time(by) => {
                let buckets = |query: &Query| buckets(*by, query.range, &query.zone, usize::MAX);
                Some(buckets(&request.query).into_iter().zip(buckets(query)).collect())
            }
            _ => None,
        });
        Self { lines: lines.iter().map(|line| (line.labels.as_slice(), line)).collect(), times: times.collect() }
    }

    /// The labels of what a line is compared with; those of no time where the other period is shorter.
    fn labels_of(&self, line: &Line) -> Vec<Label> {
        let label = |(label, times): (&Label, &Option<HashMap<i64, i64>>)| match (label, times) {
            (Label::Time(at), Some(times)) => times.get(at).map_or(Label::Text(String::new()), |at| Label::Time(*at)),
            (label, _) => label.clone(),
        };
        line.labels.iter().zip(&self.times).map(label).collect()
    }
}

/// A metric of nothing.
const fn nothing(measure: Measure) -> Option<f64> {
    match measure {
        Measure::Metric(metric) if !metric.is_count() => None,
        _ => Some(0.0),
    }
}

/// A whole number without a fraction, as JSON readers expect counts.
pub(crate) fn number(value: Option<f64>) -> Value {
    let Some(value) = value else { return Value::Null };
    if value.fract() == 0.0 && value.abs() < 9e15 {
        return Value::from(value as i64);
    }
    Number::from_f64(value).map_or(Value::Null, Value::Number)
}
