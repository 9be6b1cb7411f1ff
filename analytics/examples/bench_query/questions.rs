//! The questions of the bench, and their answers in a form that can be compared.

use passerby_analytics::calendar::{DAY_MS, Zone};
use passerby_analytics::dimension::{Dimension, EventDimension, TimeDimension, VisitDimension};
use passerby_analytics::filter::{Clause, Expr, Pattern};
use passerby_analytics::query::{Metric, Query, Range};
use passerby_analytics::report::Question;
use passerby_analytics::report::funnel::{self, Funnel};
use passerby_analytics::report::scope::Scope;
use passerby_analytics::report::stats::{Label, Row, Stats};
use passerby_analytics::report::target::Target;
use serde_json::{Value, json};

/// Rows of an answer that are compared.
const TOP: usize = 20;

/// What a dashboard shows.
const METRICS: [Metric; 6] =
    [Metric::Visitors, Metric::Visits, Metric::Pageviews, Metric::Events, Metric::BounceRate, Metric::VisitDuration];

/// The questions, by name.
pub fn all(range: Range) -> Vec<(&'static str, Question)> {
    let ask = |metrics: &[Metric], dimensions: Vec<Dimension>, filters: Vec<Expr>| {
        let (zone, metrics, goals) = (Zone::utc(), metrics.to_vec(), Vec::new());
        Question::Stats(Stats(Query { range, zone, dimensions, metrics, filters, goals }))
    };
    let is = |dimension, text: &str| {
        let (negated, any_case, patterns) = (false, false, vec![Pattern::Is(text.to_owned())]);
        Expr::from(Clause { dimension: Dimension::Visit(dimension), negated, any_case, patterns })
    };
    let of_visits = [&METRICS[..1], &METRICS[1..2]].concat();
    let of_pages = [Metric::Visitors, Metric::Pageviews];
    let page = || vec![Dimension::Event(EventDimension::Page)];
    let mobile_from_google = vec![is(VisitDimension::Source, "Google"), is(VisitDimension::Device, "Mobile")];
    let steps = [("/", None), ("/products/*", None), ("", Some("Add to cart")), ("", Some("Purchase"))];
    vec![
        ("aggregate", ask(&METRICS, vec![], vec![])),
        ("by_day", ask(&of_pages, vec![Dimension::Time(TimeDimension::Day)], vec![])),
        ("by_source", ask(&of_visits, vec![Dimension::Visit(VisitDimension::Source)], vec![])),
        ("top_paths", ask(&of_pages, page(), vec![])),
        ("filtered", ask(&of_pages, page(), mobile_from_google)),
        ("all_metrics", ask(Metric::ALL, vec![], vec![])),
        ("funnel_3", funnel(range, &steps[..3])),
        ("funnel_4", funnel(range, &steps)),
    ]
}

fn funnel(range: Range, steps: &[(&str, Option<&str>)]) -> Question {
    let step = |(page, event): &(&str, Option<&str>)| Target {
        name: event.unwrap_or(page).to_owned(),
        page: if page.is_empty() { Vec::new() } else { vec![Pattern::with_wildcards(page)] },
        event: event.iter().map(|event| Pattern::Is((*event).to_owned())).collect(),
        ..Target::default()
    };
    Question::Funnel(Funnel {
        scope: Scope { range, zone: Zone::utc(), filters: Vec::new() },
        steps: steps.iter().map(step).collect(),
        strict: false,
        by_session: false,
        window_ms: range.to_ms - range.from_ms,
        limit: 5,
    })
}

/// The first rows: labels, then metrics; a day as its number.
pub fn rows(rows: &[Row]) -> Value {
    let label = |label: &Label| match label {
        Label::Text(text) => json!(text),
        Label::Time(at_ms) => json!(at_ms / DAY_MS),
    };
    let row = |row: &Row| row.labels.iter().map(label).chain(row.values.iter().map(|v| json!(v))).collect::<Value>();
    rows.iter().take(TOP).map(row).collect()
}

/// How many took each step.
pub fn counts(answer: &funnel::Answer) -> Value {
    answer.steps.iter().enumerate().map(|(place, step)| json!([place, step.count])).collect()
}
