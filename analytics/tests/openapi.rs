//! The API's description is that of the code.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use passerby_analytics::openapi::{document, types};
use passerby_analytics::query::MAX_DIMENSIONS;
use passerby_analytics::report::Question;
use passerby_analytics::routes::{Need, Place};
use serde_json::{Value, json};
use support::NOON;
use support::questions::question;
use support::random::{Rng, stored};
use support::reports::{everything, scope};

#[test]
fn what_is_served_is_current() {
    let served: Value = serde_json::from_str(include_str!("../../edge-collector/src/openapi.json")).unwrap();
    assert!(served == document(), "make api");
    assert!(include_str!("../../edge-collector/api.d.ts") == types(&document()), "make api");
}

/// Every reference leads somewhere.
fn check_references(document: &Value, value: &Value) {
    match value {
        Value::Object(fields) => {
            if let Some(path) = fields.get("$ref").and_then(Value::as_str) {
                assert!(document.pointer(path.trim_start_matches('#')).is_some(), "{path}");
            }
            fields.values().for_each(|field| check_references(document, field));
        }
        Value::Array(items) => items.iter().for_each(|item| check_references(document, item)),
        _ => {}
    }
}

#[test]
fn every_reference_leads_somewhere_and_every_path_says_how_it_refuses() {
    let document = document();
    check_references(&document, &document);
    let paths = document["paths"].as_object().unwrap();
    for (path, operations) in paths {
        for operation in operations.as_object().unwrap().values() {
            let refusal = &operation["responses"]["default"]["content"]["application/problem+json"];
            assert!(refusal.is_object(), "{path}");
        }
    }
}

/// What the Worker routes and lets in by is what is described: no route more, none less, and whether it takes a key.
#[test]
fn the_routes_are_those_that_are_described() {
    let described = document();
    let mut found = Vec::new();
    for (path, operations) in described["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap().iter().filter(|(name, _)| *name != "parameters") {
            let security = operation["security"].as_array().unwrap();
            let is_open = security.is_empty() || security.contains(&json!({}));
            found.push((path.clone(), method.to_uppercase(), is_open));
        }
    }
    let mut routed = Vec::new();
    for (path, place) in Place::all() {
        let of_place = place.methods().iter();
        routed.extend(of_place.map(|(method, need)| (path.clone(), (*method).to_owned(), *need == Need::Nothing)));
    }
    found.sort();
    routed.sort();
    assert_eq!(found, routed);
}

/// Whether the schema's lists of names and the language know the same.
#[test]
fn the_names_that_it_lists_are_those_that_questions_may_have() {
    let document = document();
    let names = |schema: &str| {
        let schema = &document["components"]["schemas"][schema];
        let list = if schema["enum"].is_array() { &schema["enum"] } else { &schema["anyOf"][0]["enum"] };
        list.as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let page_and_goal = json!([["is", "event:page", ["/"]], ["is", "event:goal", ["Signup"]]]);
    for metric in names("Metric").iter().filter(|metric| *metric != "views_per_visit") {
        let asked = json!({ "metrics": [metric], "dimensions": ["visit:source"], "filters": page_and_goal });
        support::v2::parse(&support::v2::body(asked)).unwrap();
    }
    for dimension in names("FilterDimension").into_iter().chain(names("TimeDimension")) {
        support::v2::parse(&support::v2::body(json!({ "dimensions": [dimension] }))).unwrap();
    }
    for range in names("DateRange") {
        support::v2::parse(&support::v2::body(json!({ "date_range": range }))).unwrap();
    }
    assert_eq!(document["components"]["schemas"]["Query"]["properties"]["dimensions"]["maxItems"], MAX_DIMENSIONS);
}

/// Whether a value is as a schema says, with what is wrong: as much of JSON Schema as the document uses.
fn check(document: &Value, schema: &Value, value: &Value, place: &str) -> Result<(), String> {
    let fail = |problem: &str| Err(format!("{place}: {problem}: {value}"));
    if let Some(path) = schema["$ref"].as_str() {
        return check(document, document.pointer(path.trim_start_matches('#')).unwrap(), value, place);
    }
    if let Some(any) = schema["anyOf"].as_array().or_else(|| schema["oneOf"].as_array()) {
        let fits = any.iter().any(|schema| check(document, schema, value, place).is_ok());
        return if fits { Ok(()) } else { fail("none of the alternatives") };
    }
    if schema["enum"].as_array().is_some_and(|values| !values.contains(value)) {
        return fail("not among the values");
    }
    if schema.get("const").is_some_and(|only| only != value) {
        return fail("another value");
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let is_of = |name: &Value| *name == kind || *name == "number" && kind == "integer";
    let of_type = match &schema["type"] {
        Value::Array(names) => names.iter().any(is_of),
        name => is_of(name),
    };
    if !of_type {
        return fail("of another type");
    }
    for (at, item) in value.as_array().into_iter().flatten().enumerate() {
        check(document, &schema["items"], item, &format!("{place}[{at}]"))?;
    }
    let Some(fields) = value.as_object() else { return Ok(()) };
    for name in schema["required"].as_array().into_iter().flatten() {
        if !fields.contains_key(name.as_str().unwrap()) {
            return fail(&format!("{name} is missing"));
        }
    }
    for (name, field) in fields {
        let known = [&schema["properties"][name], &schema["additionalProperties"]];
        let Some(schema) = known.into_iter().find(|schema| schema.is_object()) else {
            return fail(&format!("{name} is not described"));
        };
        check(document, schema, field, &format!("{place}.{name}"))?;
    }
    Ok(())
}

/// The name of each report's route, by that of the report.
fn route(report: &str) -> String {
    if report == "Recent" { "events".to_owned() } else { report.to_lowercase() }
}

#[test]
fn every_reports_answers_are_as_they_are_described() {
    let document = document();
    for seed in 0..50 {
        let mut rng = Rng(seed);
        let happened = everything(&mut rng, &[NOON]);
        let shards = stored(&mut rng, &happened).shards(2);
        for report in Question::NAMES.iter().filter(|name| **name != "Stats") {
            let asked = question(&mut rng, report, scope());
            let partials: Vec<_> = shards.iter().map(|s| asked.fold(None, std::iter::once(s)).unwrap()).collect();
            let path = format!("/api/v1/{}", route(report));
            let schema = &document["paths"][path]["post"]["responses"]["200"]["content"]["application/json"]["schema"];
            let body = json!({ "results": asked.answer(&partials).unwrap() });
            check(&document, schema, &body, report).unwrap();
        }
    }
}

#[test]
fn every_option_of_every_report_is_described() {
    let document = document();
    for report in passerby_analytics::ask::REPORTS {
        let path = format!("/api/v1/{}", report.name);
        let schema = &document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]["$ref"];
        let schema = document.pointer(schema.as_str().unwrap().trim_start_matches('#')).unwrap();
        for option in report.options {
            let described = schema["properties"][option].as_object().unwrap();
            assert!(!described.is_empty(), "{}: {option}", report.name);
        }
    }
}
