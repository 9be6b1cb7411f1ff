//! Questions of v2, asked at noon of 1 July 2026.

use jiff::tz::TimeZone;
use passerby_analytics::ask::BadField;
use passerby_analytics::known::Known;
use passerby_analytics::v2::Request;
use serde_json::{Map, Value, json};

use super::random::offset_ms;
use super::{NOON, Store, ask};

pub fn parse_in(zone: &str, body: &Value) -> Result<Request, BadField> {
    let zone = TimeZone::get(zone).unwrap();
    let known = Known { site: "shop.example", ..Known::default() };
    Request::parse(body, known, NOON, |at_ms| offset_ms(&zone, at_ms))
}

pub fn parse(body: &Value) -> Result<Request, BadField> {
    parse_in("UTC", body)
}

/// A question about the day, with these fields besides or instead.
pub fn body(more: Value) -> Value {
    let mut body = json!({ "site_id": "shop.example", "metrics": ["visitors"], "date_range": "day" });
    let fields: Map<String, Value> = more.as_object().unwrap().clone();
    body.as_object_mut().unwrap().extend(fields);
    body
}

/// The whole answer.
pub fn answer_in(zone: &str, store: &Store, body: &Value) -> Value {
    let request = parse_in(zone, body).unwrap_or_else(|error| panic!("{error}: {body}"));
    let shards = store.shards(2);
    let round = |request: &Request| request.answer(request.queries().iter().map(|query| ask(query, &shards)).collect());
    let mut answer = round(&request);
    if let Some(others) = answer.others.take() {
        answer.put_other(round(&others));
    }
    serde_json::to_value(answer).unwrap()
}

pub fn answer(store: &Store, body: &Value) -> Value {
    answer_in("UTC", store, body)
}

/// The rows as (dimensions, metrics).
pub fn rows(store: &Store, more: Value) -> Vec<(Value, Value)> {
    let answer = answer(store, &body(more));
    let row = |row: &Value| (row["dimensions"].clone(), row["metrics"].clone());
    answer["results"].as_array().unwrap().iter().map(row).collect()
}

/// Where a question is wrong, and what the refusal says.
pub fn error(more: Value) -> (String, String) {
    let error = parse(&body(more.clone())).expect_err(&more.to_string());
    (error.path, error.problem)
}
