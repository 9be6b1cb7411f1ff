//! From the command line to a question, and to its answer.

use passerby_analytics::ask::Ask;
use passerby_analytics::calendar::Day;
use passerby_analytics::known::Known;
use passerby_analytics::query::Query;
use passerby_analytics::report::stats::{Row, Stats};
use passerby_analytics::report::{Question, Report};
use passerby_analytics::segment::Segment;
use passerby_analytics::v1::{BadParameter, Endpoint, Request};
use passerby_analytics::visitor::Key;
use serde_json::{Map, Value, json};

use crate::Failure;
use crate::args::Args;
use crate::input::fields::KEY;

/// The parameters of a funnel that are none of v1's.
const OF_FUNNEL: [&str; 4] = ["order", "by", "window", "limit"];

/// Answers what is asked, of all visits. `times_ms` are the first and the last event's.
///
/// # Errors
/// The question is wrong.
pub fn answer(args: &Args, times_ms: (i64, i64), segments: &[Segment]) -> Result<Value, Failure> {
    if args.command == "query" { query(args, times_ms, segments) } else { report(args, times_ms, segments) }
}

fn query(args: &Args, times_ms: (i64, i64), segments: &[Segment]) -> Result<Value, Failure> {
    let has = |name: &str| args.parameters.iter().any(|(given, _)| given == name);
    let endpoint = match (has("property"), has("interval")) {
        (true, true) => return Err(Failure::Question("--property and --interval exclude each other".to_owned())),
        (true, false) => Endpoint::Breakdown,
        (false, true) => Endpoint::Timeseries,
        (false, false) => Endpoint::Aggregate,
    };
    let asked = request(args, endpoint, args.parameters.clone(), times_ms)?;
    let previous = asked.previous.as_ref().map(|query| rows(query, segments));
    let answer = asked.answer(rows(&asked.query, segments), previous);
    serde_json::to_value(answer).map_err(|error| Failure::Question(error.to_string()))
}

fn rows(query: &Query, segments: &[Segment]) -> Vec<Row> {
    let (report, mut partial) = (Stats(query.clone()), Default::default());
    segments.iter().for_each(|segment| report.fold(&mut partial, segment));
    report.finish(partial)
}

/// A question as v1 reads it. Without a period it is about all of the log, and now is when its last event happened.
fn request(
    args: &Args,
    endpoint: Endpoint,
    mut parameters: Vec<(String, String)>,
    times_ms: (i64, i64),
) -> Result<Request, Failure> {
    if !parameters.iter().any(|(name, _)| name == "period") {
        let day = |at_ms: i64| Day::of_utc(at_ms + args.reading.offset_ms).iso();
        parameters.push(("period".to_owned(), "custom".to_owned()));
        if !parameters.iter().any(|(name, _)| name == "date") {
            parameters.push(("date".to_owned(), format!("{},{}", day(times_ms.0), day(times_ms.1))));
        }
    }
    let bad = |error: BadParameter| Failure::Question(said(&format!("--{error}"), &error.allowed));
    Request::parse(endpoint, &parameters, times_ms.1, |_| args.reading.offset_ms).map_err(bad)
}

/// A report of its own: its body from the options, its time and its filters as v1 reads them.
fn report(args: &Args, times_ms: (i64, i64), segments: &[Segment]) -> Result<Value, Failure> {
    let bad = |problem: String| Failure::Question(problem);
    if !Ask::knows(&args.command) {
        return Err(bad(format!("there is no report {}; see passerby --help", args.command)));
    }
    let (own, of_v1): (Vec<_>, Vec<_>) =
        args.parameters.iter().cloned().partition(|(name, _)| OF_FUNNEL.contains(&name.as_str()));
    let asked = request(args, Endpoint::Aggregate, of_v1, times_ms)?;
    let mut body = match &args.body {
        Some(text) => serde_json::from_str(text).map_err(|error| bad(format!("--body: {error}")))?,
        None => Map::new(),
    };
    body.entry("site_id").or_insert_with(|| json!("log"));
    let day = |at_ms: i64| json!(Day::of_utc(at_ms + args.reading.offset_ms).iso());
    let range = asked.query.range;
    body.entry("date_range").or_insert_with(|| json!([day(range.from_ms), day(range.to_ms - 1)]));
    if !args.steps.is_empty() {
        let steps: Result<Vec<Value>, Failure> = args.steps.iter().map(|text| step(text)).collect();
        body.insert("steps".to_owned(), Value::Array(steps?));
    }
    for (name, text) in own {
        let value = text.parse::<u64>().map_or_else(|_| json!(text), |number| json!(number));
        body.insert(name, value);
    }
    let bytes = Value::Object(body).to_string();
    let key: Key = KEY;
    let question = Ask::read(&args.command, bytes.as_bytes())
        .and_then(|ask| ask.question(times_ms.1, &|_| args.reading.offset_ms, &key, Known::default()));
    let mut question = question.map_err(|error| bad(said(&error.to_string(), &error.allowed)))?;
    let filters = asked.query.filters;
    match &mut question {
        Question::Funnel(funnel) => funnel.scope.filters.extend(filters),
        _ if !filters.is_empty() => return Err(bad("--filters: of this report in --body, as \"filters\"".to_owned())),
        _ => {}
    }
    let part = question.fold(None, segments.iter());
    part.and_then(|part| question.answer(&[part])).map_err(|error| bad(error.to_string()))
}

/// `event:NAME`, `page:/PATH`.
fn step(text: &str) -> Result<Value, Failure> {
    match text.split_once(':') {
        Some((kind @ ("event" | "page"), name)) if !name.is_empty() => Ok(json!({ kind: name })),
        _ => Err(Failure::Question(format!("--step {text}: event:NAME or page:/PATH is needed"))),
    }
}

fn said(problem: &str, allowed: &[String]) -> String {
    if allowed.is_empty() { problem.to_owned() } else { format!("{problem}; allowed: {}", allowed.join(", ")) }
}
