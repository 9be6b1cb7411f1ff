//! From a JSON object to queries.

use serde_json::Value;

use super::compare::comparison;
use super::dates::Period;
use super::filters::{named, refuse_region_name};
use super::labels::fitting;
use super::metrics::metrics;
use super::other;
use super::{Filters, MAX_QUERY_BYTES, MAX_ROWS, MORE_DIMENSIONS, Measure, dates, filters};
use passerby_protocol::limits::MAX_SITE_BYTES;

use crate::ask::{BadField, Field, Object, Read};
use crate::calendar::{Day, Zone};
use crate::dimension::{Dimension, TimeDimension};
use crate::goal::Goal;
use crate::known::Known;
use crate::query::{MAX_DIMENSIONS, Metric, Query};

const FIELDS: [&str; 8] =
    ["site_id", "metrics", "date_range", "dimensions", "filters", "order_by", "include", "pagination"];

const INCLUDES: [&str; 5] = ["imports", "time_labels", "total_rows", "comparisons", "other"];

/// Beyond the rows of any answer.
const MAX_OFFSET: u64 = 1_000_000_000;

/// What rows are ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// The metric at this place.
    Metric(usize),
    /// The dimension at this place.
    Dimension(usize),
}

/// What else is to be told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Include {
    pub(super) imports: bool,
    pub(super) time_labels: bool,
    pub(super) total_rows: bool,
    /// What is not among the rows shown, as one more of them.
    pub(super) other: bool,
}

/// A question as v2 asks it.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    pub(super) site: String,
    pub(super) measures: Vec<Measure>,
    /// The dimensions' names, as they were given.
    pub(super) labels: Vec<String>,
    pub(super) filters: Filters,
    /// What is asked of the sessions.
    pub(super) query: Query,
    /// The same about the time that it is compared with.
    pub(super) compared: Option<Query>,
    /// Metrics of the sessions, as the query has them.
    pub(super) order: Vec<(By, bool)>,
    pub(super) include: Include,
    /// From which row, and how many.
    pub(super) window: (usize, usize),
    /// The question as it was given.
    pub(super) given: Value,
}

impl Request {
    /// Reads a body as JSON.
    ///
    /// # Errors
    /// It is none, or too long.
    pub fn body(bytes: &[u8]) -> Read<Value> {
        let whole = |problem: String| BadField { path: String::new(), problem, allowed: Vec::new() };
        if bytes.len() > MAX_QUERY_BYTES {
            return Err(whole(format!("max_query_bytes: longer than {MAX_QUERY_BYTES} bytes")));
        }
        serde_json::from_slice(bytes).map_err(|error| whole(format!("no JSON: {error}")))
    }

    /// The site that a question is about.
    ///
    /// # Errors
    /// It names none, or has a field that is not known.
    pub fn site_id(body: &Value) -> Read<&str> {
        Field::body(body).object(&FIELDS)?.need("site_id")?.text(MAX_SITE_BYTES)
    }

    /// Reads a question about the site that is `known`. `offset_at` gives the site's clocks' milliseconds ahead of UTC at an instant.
    ///
    /// # Errors
    /// What is missing, wrong, not known or too much, with its place.
    pub fn parse(body: &Value, known: Known, now_ms: i64, offset_at: impl Fn(i64) -> i64) -> Read<Self> {
        let site = Self::site_id(body)?.to_owned();
        let given = Field::body(body).object(&FIELDS)?;
        let today = Day::of_utc(now_ms + offset_at(now_ms));
        let period = dates(&given.need("date_range")?, today)?;
        let mut found = given.get("filters").map_or(Ok(Filters::default()), |field| filters(&field, known))?;
        let more = given.get("include").map(|field| field.object(&INCLUDES)).transpose()?;
        let compared = match more.as_ref().and_then(|include| include.get("comparisons")) {
            Some(field) => Some(comparison(&field, period, today)?),
            None => None,
        };
        let zone = zone(&[Some(period), compared], offset_at);
        let range = period.range(&zone);
        let (dimensions, labels) = match given.get("dimensions") {
            Some(field) => dimensions(&field, fitting(range))?,
            None => (Vec::new(), Vec::new()),
        };
        let measures = metrics(&given.need("metrics")?, &dimensions, &found)?;
        // The site's own hold of all that is counted, whatever was asked, and of what shares are shares of.
        let of_site = known.filters()?;
        found.all.extend(of_site.iter().cloned());
        found.without_goals.extend(of_site);
        let order = match given.get("order_by") {
            Some(field) => order_by(&field, &measures, &labels)?,
            None => Vec::new(),
        };
        let order = if order.is_empty() { usual_order(&dimensions) } else { order };
        let by_time = dimensions.iter().any(|dimension| matches!(dimension, Dimension::Time(_)));
        let window = given.get("pagination").map_or(Ok((0, MAX_ROWS)), |field| window(&field))?;
        let include = match &more {
            Some(more) => {
                other::check(more, &dimensions, &measures, window.1)?;
                include(more, by_time)?
            }
            None => Include::default(),
        };
        let mut asked: Vec<Metric> = measures
            .iter()
            .filter_map(|m| if let Measure::Metric(metric) = m { Some(*metric) } else { None })
            .collect();
        if asked.len() < measures.len() && !asked.contains(&Metric::Visitors) {
            asked.push(Metric::Visitors);
        }
        let mut goals = Vec::new();
        if let Some(at) = given.get("dimensions").filter(|_| dimensions.contains(&Dimension::Goal)) {
            goals = distinct(&found.goals);
            if goals.is_empty() {
                goals = known.goal_names().map(|name| known.goal(name, &at)).collect::<Read<_>>()?;
            }
        }
        let query = Query { range, zone, dimensions, metrics: asked, filters: found.all.clone(), goals };
        let compared = compared.map(|period| Query { range: period.range(&query.zone), ..query.clone() });
        Ok(Self {
            site,
            measures,
            labels,
            filters: found,
            query,
            compared,
            order,
            include,
            window,
            given: body.clone(),
        })
    }

    /// What is to be asked of the sessions, in the order in which [`Request::answer`] takes the answers.
    #[must_use]
    pub fn queries(&self) -> Vec<Query> {
        let mut queries = self.of_period(&self.query);
        queries.extend(self.compared.iter().flat_map(|query| self.of_period(query)));
        queries
    }

    /// The query of a period, and those of what its shares are shares of.
    fn of_period(&self, query: &Query) -> Vec<Query> {
        let visitors = |dimensions: &[Dimension], filters: &[crate::filter::Expr]| Query {
            dimensions: dimensions.to_vec(),
            metrics: vec![Metric::Visitors],
            filters: filters.to_vec(),
            ..query.clone()
        };
        let mut queries = vec![query.clone()];
        for measure in &self.measures {
            queries.extend(match measure {
                Measure::Metric(_) => None,
                Measure::Percentage => Some(visitors(&[], &self.filters.all)),
                Measure::ConversionRate => Some(visitors(&[], &self.filters.without_goals)),
                Measure::GroupConversionRate => {
                    let others = self.places_without_goals().map(|at| query.dimensions[at].clone());
                    Some(visitors(&others.collect::<Vec<_>>(), &self.filters.without_goals))
                }
            });
        }
        queries
    }

    /// The places of the dimensions that do not say what a visitor did for a goal.
    pub(super) fn places_without_goals(&self) -> impl Iterator<Item = usize> {
        let is_other = |d: &Dimension| !matches!(d, Dimension::Goal | Dimension::Property(_));
        self.query.dimensions.iter().enumerate().filter(move |(_, d)| is_other(d)).map(|(at, _)| at)
    }
}

fn distinct(goals: &[Goal]) -> Vec<Goal> {
    let mut found: Vec<Goal> = Vec::new();
    for goal in goals {
        if !found.contains(goal) {
            found.push(goal.clone());
        }
    }
    found
}

/// The zone over all periods and what lies between them.
fn zone(periods: &[Option<Period>], offset_at: impl Fn(i64) -> i64) -> Zone {
    let outlines = || periods.iter().flatten().map(|period| period.outline());
    let from_ms = outlines().map(|range| range.from_ms).min().unwrap_or(0);
    let to_ms = outlines().map(|range| range.to_ms).max().unwrap_or(0);
    Zone::probe(from_ms, to_ms, offset_at)
}

fn dimensions(field: &Field, time: TimeDimension) -> Read<(Vec<Dimension>, Vec<String>)> {
    let (mut dimensions, mut labels) = (Vec::new(), Vec::new());
    for item in field.list(0..=MAX_DIMENSIONS)? {
        let times = || TimeDimension::ALL.iter().map(|dimension| dimension.label());
        let known = || {
            let more = MORE_DIMENSIONS.into_iter().chain(["event:props:…", "time"]);
            item.not_among(Dimension::properties().chain(more).chain(times()))
        };
        let label = item.value().as_str().ok_or_else(known)?;
        refuse_region_name(&item, label)?;
        let of_time = || TimeDimension::ALL.iter().find(|dimension| dimension.label() == label);
        let dimension = match label {
            "time" => Dimension::Time(time),
            "event:goal" => Dimension::Goal,
            label => named(label).or_else(|| of_time().map(|by| Dimension::Time(*by))).ok_or_else(known)?,
        };
        if dimensions.contains(&dimension) {
            return Err(item.wrong("given twice"));
        }
        labels.push(if label == "time" { time.label().to_owned() } else { label.to_owned() });
        dimensions.push(dimension);
    }
    Ok((dimensions, labels))
}

fn order_by(field: &Field, measures: &[Measure], labels: &[String]) -> Read<Vec<(By, bool)>> {
    let entry = |item: &Field| {
        let parts = item.list(2..=2)?;
        let [by, direction] = parts.as_slice() else {
            return Err(item.wrong("an entry is [metric or dimension, direction]"));
        };
        let listed = || measures.iter().map(|m| m.label()).chain(labels.iter().map(String::as_str));
        let name = by.value().as_str().ok_or_else(|| by.not_among(listed()))?;
        let metric = measures.iter().position(|measure| measure.label() == name).map(By::Metric);
        let is_meant = |label: &String| label == name || (name == "time" && label.starts_with("time:"));
        let found = metric.or_else(|| labels.iter().position(is_meant).map(By::Dimension));
        let found = found.ok_or_else(|| by.not_among(listed()))?;
        match direction.value().as_str() {
            Some("asc") => Ok((found, false)),
            Some("desc") => Ok((found, true)),
            _ => Err(direction.not_among(["asc", "desc"])),
        }
    };
    field.list(0..=measures.len() + labels.len())?.iter().map(entry).collect()
}

/// By time, then by the first metric, the greatest first.
fn usual_order(dimensions: &[Dimension]) -> Vec<(By, bool)> {
    let by_time = dimensions.iter().position(|dimension| matches!(dimension, Dimension::Time(_)));
    by_time.map(|at| (By::Dimension(at), false)).into_iter().chain([(By::Metric(0), true)]).collect()
}

fn include(given: &Object, by_time: bool) -> Read<Include> {
    let include = Include {
        imports: given.truth("imports")?,
        time_labels: given.truth("time_labels")?,
        total_rows: given.truth("total_rows")?,
        other: given.truth("other")?,
    };
    match given.get("time_labels") {
        Some(labels) if include.time_labels && !by_time => Err(labels.wrong("it needs a dimension of time")),
        _ => Ok(include),
    }
}

fn window(field: &Field) -> Read<(usize, usize)> {
    let given = field.object(&["limit", "offset"])?;
    let limit = given.whole_or("limit", MAX_ROWS as u64, 1..=MAX_ROWS as u64)?;
    let offset = given.whole_or("offset", 0, 0..=MAX_OFFSET)?;
    Ok((offset as usize, limit as usize))
}
