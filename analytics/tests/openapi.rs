//! The API's description is that of the code.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use passerby_analytics::openapi::{document, types};
use passerby_analytics::query::MAX_DIMENSIONS;
use serde_json::{Value, json};

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
    for path in ["/e", "/api/v2/query", "/api/v1/stats/breakdown", "/api/v1/outcomes", "/api/v1/funnel"] {
        assert!(paths.contains_key(path), "{path}");
    }
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
