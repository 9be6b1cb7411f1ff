//! From a query string to a query.

use super::{BadParameter, CURRENT_MS, Endpoint, Period, Span};
use crate::calendar::{DAY_MS, Day, Zone};
use crate::dimension::{Dimension, TimeDimension};
use crate::filter::{Clause, Expr, Pattern};
use crate::query::{Metric, Query, Range};

/// A question as v1 asks it.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// By which route.
    pub endpoint: Endpoint,
    /// What is asked of the sessions.
    pub query: Query,
    /// The same of the period before, where a comparison is wanted.
    pub previous: Option<Query>,
    /// The days asked for.
    pub(super) span: Span,
    /// Rows of a breakdown that are shown: from which one, and how many.
    pub(super) window: (usize, usize),
}

/// Most rows of a breakdown's page.
const MAX_LIMIT: usize = 1_000;

/// Most characters of `filters`, and most conditions in it: both bound the work of one question.
const MAX_FILTER_BYTES: usize = 8_192;
const MAX_CLAUSES: usize = 50;

pub(super) struct Parameters<'p>(pub(super) &'p [(String, String)]);

impl<'p> Parameters<'p> {
    pub(super) fn get(&self, name: &str) -> Option<&'p str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }
}

impl Request {
    /// Reads a question. `offset_at` gives the site's clocks' milliseconds ahead of UTC at an instant.
    ///
    /// # Errors
    /// The parameter that is unknown, missing or wrong.
    pub fn parse(
        endpoint: Endpoint,
        parameters: &[(String, String)],
        now_ms: i64,
        offset_at: impl Fn(i64) -> i64,
    ) -> Result<Self, BadParameter> {
        known(parameters, endpoint.parameters())?;
        let given = Parameters(parameters);
        if endpoint == Endpoint::CurrentVisitors {
            return Ok(Self::current(now_ms));
        }
        let period = Period::parse(given.get("period").unwrap_or("30d"))?;
        let today = Day::of_utc(now_ms + offset_at(now_ms));
        let span = period.span(given.get("date"), today)?;
        let compare = match given.get("compare") {
            None => false,
            Some("previous_period") => true,
            Some(other) => return Err(BadParameter::not_among("compare", other, ["previous_period"])),
        };
        let probed_from = if compare { span.previous().first } else { span.first };
        let zone = Zone::probe(day_ms(probed_from) - DAY_MS, day_ms(span.last) + 3 * DAY_MS, offset_at);
        let dimensions = match endpoint {
            Endpoint::Timeseries => vec![Dimension::Time(interval(period, given.get("interval"))?)],
            Endpoint::Breakdown => vec![property(given.get("property"))?],
            Endpoint::Aggregate | Endpoint::CurrentVisitors => Vec::new(),
        };
        let query = Query {
            range: span.range(&zone),
            zone,
            dimensions,
            metrics: metrics(given.get("metrics").unwrap_or("visitors"))?,
            filters: filters(given.get("filters").unwrap_or(""))?,
            goals: Vec::new(),
        };
        let previous = compare.then(|| Query { range: span.previous().range(&query.zone), ..query.clone() });
        let limit = count(&given, "limit", 100, MAX_LIMIT)?;
        let page = count(&given, "page", 1, 1_000_000)?;
        Ok(Self { endpoint, query, previous, span, window: ((page - 1) * limit, limit) })
    }

    /// The same with more filters: those of all the site's questions.
    #[must_use]
    pub fn under(mut self, filters: &[Expr]) -> Self {
        for query in core::iter::once(&mut self.query).chain(&mut self.previous) {
            query.filters.extend_from_slice(filters);
        }
        self
    }

    fn current(now_ms: i64) -> Self {
        let today = Day::of_utc(now_ms);
        let query = Query {
            range: Range { from_ms: now_ms - CURRENT_MS, to_ms: now_ms + 1 },
            zone: Zone::utc(),
            dimensions: Vec::new(),
            metrics: vec![Metric::Visitors],
            filters: Vec::new(),
            goals: Vec::new(),
        };
        let span = Span { first: today, last: today };
        Self { endpoint: Endpoint::CurrentVisitors, query, previous: None, span, window: (0, 1) }
    }
}

/// Refuses parameters that a route does not take, and those given twice.
pub(super) fn known(parameters: &[(String, String)], taken: &[&str]) -> Result<(), BadParameter> {
    for (place, (name, _)) in parameters.iter().enumerate() {
        if !taken.contains(&name.as_str()) {
            let mut unknown = BadParameter::not_among(name, name, taken.iter().copied());
            unknown.problem = "no such parameter".to_owned();
            return Err(unknown);
        }
        if parameters[..place].iter().any(|(other, _)| other == name) {
            return Err(BadParameter::new(name, "given twice"));
        }
    }
    Ok(())
}

pub(super) fn day_ms(day: Day) -> i64 {
    i64::from(day.0) * DAY_MS
}

fn metrics(list: &str) -> Result<Vec<Metric>, BadParameter> {
    let mut metrics = Vec::new();
    for name in list.split(',').map(str::trim) {
        // An amount needs its currency beside it, for which v1 has no place.
        let known = || Metric::ALL.iter().filter(|metric| !metric.is_revenue());
        let metric = *known()
            .find(|metric| metric.label() == name)
            .ok_or_else(|| BadParameter::not_among("metrics", name, known().map(|metric| metric.label())))?;
        if !metrics.contains(&metric) {
            metrics.push(metric);
        }
    }
    Ok(metrics)
}

fn property(name: Option<&str>) -> Result<Dimension, BadParameter> {
    let missing = || BadParameter {
        allowed: Dimension::properties().map(str::to_owned).collect(),
        ..BadParameter::new("property", "a breakdown needs one")
    };
    let name = name.ok_or_else(missing)?;
    Dimension::property(name).ok_or_else(|| BadParameter::not_among("property", name, Dimension::properties()))
}

fn interval(period: Period, name: Option<&str>) -> Result<TimeDimension, BadParameter> {
    Ok(match (name, period) {
        (Some("hour"), _) => TimeDimension::Hour,
        (Some("day" | "date"), _) => TimeDimension::Day,
        (Some("week"), _) => TimeDimension::Week,
        (Some("month"), _) => TimeDimension::Month,
        (Some(other), _) => {
            return Err(BadParameter::not_among("interval", other, ["hour", "day", "date", "week", "month"]));
        }
        (None, Period::Months(_)) => TimeDimension::Month,
        (None, Period::Day) => TimeDimension::Hour,
        (None, _) => TimeDimension::Day,
    })
}

fn count(given: &Parameters, name: &str, default: usize, most: usize) -> Result<usize, BadParameter> {
    let Some(text) = given.get(name) else { return Ok(default) };
    let number = text.parse().ok().filter(|number| (1..=most).contains(number));
    number.ok_or_else(|| BadParameter::new(name, format!("a whole number from 1 to {most} is needed")))
}

/// `visit:source==Google|Bing;event:page!=/blog/*`: conditions joined by `;`, values by `|`; `\` before one of these or
/// before itself makes it a part of the value.
fn filters(text: &str) -> Result<Vec<Expr>, BadParameter> {
    let wrong = |problem: String| BadParameter::new("filters", problem);
    if text.len() > MAX_FILTER_BYTES {
        return Err(wrong(format!("longer than {MAX_FILTER_BYTES} bytes")));
    }
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let conditions = split(text, ';');
    if conditions.len() > MAX_CLAUSES {
        return Err(wrong(format!("more than {MAX_CLAUSES} conditions")));
    }
    conditions.iter().map(|condition| clause(condition).map(Expr::from)).collect()
}

fn clause(condition: &str) -> Result<Clause, BadParameter> {
    let (place, negated) = match (condition.find("=="), condition.find("!=")) {
        (Some(is), Some(is_not)) if is_not < is => (is_not, true),
        (Some(is), _) => (is, false),
        (None, Some(is_not)) => (is_not, true),
        (None, None) => {
            return Err(BadParameter::new("filters", format!("\"{condition}\" has neither == nor !=")));
        }
    };
    let (name, values) = (condition[..place].trim(), &condition[place + 2..]);
    let dimension =
        Dimension::property(name).ok_or_else(|| BadParameter::not_among("filters", name, Dimension::properties()))?;
    // Nothing is ever empty (an unknown value has a name), so this would silently match nothing.
    if values.is_empty() {
        return Err(BadParameter::new("filters", format!("\"{condition}\" has no value")));
    }
    let patterns = split(values, '|').iter().map(|value| Pattern::with_wildcards(&unescape(value))).collect();
    Ok(Clause { dimension, negated, any_case: false, patterns })
}

/// The parts between separators that no backslash precedes.
fn split(text: &str, separator: char) -> Vec<&str> {
    let (mut parts, mut start, mut escaped) = (Vec::new(), 0, false);
    for (at, c) in text.char_indices() {
        if c == separator && !escaped {
            parts.push(&text[start..at]);
            start = at + c.len_utf8();
        }
        escaped = c == '\\' && !escaped;
    }
    parts.push(&text[start..]);
    parts
}

/// A backslash before a separator or another backslash stands for the latter; elsewhere for itself.
fn unescape(value: &str) -> String {
    let (mut text, mut rest) = (String::with_capacity(value.len()), value.chars().peekable());
    while let Some(c) = rest.next() {
        let escaped = if c == '\\' { rest.next_if(|next| matches!(next, '|' | ';' | '\\')) } else { None };
        text.push(escaped.unwrap_or(c));
    }
    text
}
