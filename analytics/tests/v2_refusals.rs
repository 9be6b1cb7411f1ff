//! What v2 refuses, and where it says the fault is.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use passerby_analytics::v2::Request;
use serde_json::{Value, json};
use support::v2::{body, error, parse};

fn path(more: Value) -> String {
    error(more).0
}

fn filter(filter: Value) -> Value {
    json!({ "filters": [filter] })
}

#[test]
fn what_is_missing_is_named() {
    for name in ["site_id", "metrics", "date_range"] {
        let mut body = body(json!({}));
        body.as_object_mut().unwrap().remove(name);
        let error = parse(&body).unwrap_err();
        assert_eq!((error.path.as_str(), error.problem.as_str()), (name, "missing"));
    }
    assert_eq!(parse(&json!([])).unwrap_err().path, "");
    assert_eq!(Request::body(b"{").unwrap_err().path, "");
}

#[test]
fn a_field_that_there_is_not_is_refused_wherever_it_stands() {
    assert_eq!(path(json!({ "colour": 1 })), "colour");
    assert_eq!(path(json!({ "include": { "colour": true } })), "include.colour");
    assert_eq!(path(json!({ "pagination": { "page": 1 } })), "pagination.page");
    assert_eq!(path(json!({ "include": { "comparisons": { "mode": "custom", "x": 1 } } })), "include.comparisons.x");
    assert_eq!(path(filter(json!(["is", "event:page", ["/"], { "x": 1 }]))), "filters[0][3].x");
}

#[test]
fn metrics_are_known_and_go_with_the_rest() {
    let path_of = |metric: &str, more: Value| {
        let mut body = more;
        body["metrics"] = json!(["events", metric]);
        let found = parse(&support::v2::body(body));
        found.map_or_else(|error| error.path, |_| "fine".to_owned())
    };
    let (by_page, by_goal, by_source) = (
        json!({ "dimensions": ["event:page"] }),
        json!({ "dimensions": ["event:goal"] }),
        json!({ "dimensions": ["visit:source"] }),
    );
    let on_page = filter(json!(["is", "event:page", ["/"]]));
    let on_goal = filter(json!(["is", "event:goal", ["Signup"]]));
    for (metric, fits, misfits) in [
        ("bounce_rate", vec![&by_source, &on_page], vec![&by_page, &by_goal]),
        ("views_per_visit", vec![&by_source], vec![&by_page, &on_page]),
        ("visit_duration", vec![&by_source, &on_page], vec![&by_page]),
        ("scroll_depth", vec![&by_page, &on_page], vec![&by_source, &by_goal]),
        ("time_on_page", vec![&by_page, &on_page], vec![&by_source]),
        ("percentage", vec![&by_source, &by_page], vec![&on_page]),
        ("conversion_rate", vec![&by_goal, &on_goal], vec![&by_page, &on_page]),
        ("group_conversion_rate", vec![&by_goal, &on_goal], vec![&by_source]),
        ("total_revenue", vec![&by_source, &on_goal], vec![]),
    ] {
        fits.iter().for_each(|more| assert_eq!(path_of(metric, (*more).clone()), "fine", "{metric} {more}"));
        misfits.iter().for_each(|more| assert_eq!(path_of(metric, (*more).clone()), "metrics[1]", "{metric} {more}"));
    }
    assert_eq!(path_of("happiness", json!({})), "metrics[1]");
    assert_eq!(path_of("events", json!({})), "metrics[1]", "given twice");
    assert_eq!(path(json!({ "metrics": [] })), "metrics");
    assert_eq!(path(json!({ "metrics": "visitors" })), "metrics");
    let done = filter(json!(["has_done", ["is", "event:goal", ["Signup"]]]));
    assert_eq!(path_of("conversion_rate", done), "metrics[1]", "what else was done is no goal of the question");
}

#[test]
fn dates_are_names_dates_or_times_with_offsets() {
    for wrong in [json!("fortnight"), json!("custom"), json!(7), json!({})] {
        assert_eq!(path(json!({ "date_range": wrong })), "date_range", "{wrong}");
    }
    for (wrong, at) in [
        (json!(["2026-07-01"]), "date_range"),
        (json!(["2026-07-01", "2026-07-02", "2026-07-03"]), "date_range"),
        (json!(["2026-07-02", "2026-07-01"]), "date_range"),
        (json!(["2016-06-30", "2026-07-01"]), "date_range"),
        (json!(["2026-02-30", "2026-07-01"]), "date_range[0]"),
        (json!(["2026-07-01", "2026-7-2"]), "date_range[1]"),
        (json!(["2026-07-01", "2026-07-01T10:00:00Z"]), "date_range[1]"),
        (json!(["2026-07-01T10:00:00Z", "2026-07-01"]), "date_range[1]"),
        (json!(["2026-07-01T10:00:00", "2026-07-01T11:00:00Z"]), "date_range[0]"),
        (json!(["2026-07-01T24:00:00Z", "2026-07-02T11:00:00Z"]), "date_range[0]"),
        (json!(["2026-07-01T10:00:00+2:00", "2026-07-02T11:00:00Z"]), "date_range[0]"),
        (json!(["2026-07-01T10:00:00Z", "2026-07-01T09:00:00Z"]), "date_range"),
        (json!(["2026-07-01", 5]), "date_range[1]"),
    ] {
        assert_eq!(path(json!({ "date_range": wrong })), at, "{wrong}");
    }
}

#[test]
fn dimensions_are_known_and_each_given_once() {
    assert_eq!(path(json!({ "dimensions": ["visit:mood"] })), "dimensions[0]");
    assert_eq!(path(json!({ "dimensions": ["visit:source", 3] })), "dimensions[1]");
    assert_eq!(path(json!({ "dimensions": ["visit:source", "visit:source"] })), "dimensions[1]");
    assert_eq!(path(json!({ "dimensions": ["event:props:"] })), "dimensions[0]");
    assert_eq!(
        path(json!({ "dimensions": ["time:day", "time:hour", "event:page", "visit:os", "visit:city"] })),
        "dimensions"
    );
    assert_eq!(path(json!({ "include": { "time_labels": true } })), "include.time_labels");
}

#[test]
fn a_filter_s_fault_is_named_by_its_place() {
    for (wrong, at) in [
        (json!("x"), "filters[0]"),
        (json!([]), "filters[0]"),
        (json!(["is"]), "filters[0]"),
        (json!(["equals", "event:page", ["/"]]), "filters[0][0]"),
        (json!([5, "event:page", ["/"]]), "filters[0][0]"),
        (json!(["is", "event:pages", ["/"]]), "filters[0][1]"),
        (json!(["is", 5, ["/"]]), "filters[0][1]"),
        (json!(["is", "time:day", ["2026-07-01"]]), "filters[0][1]"),
        (json!(["is", "segment", [12]]), "filters[0][1]"),
        (json!(["is", "event:page"]), "filters[0]"),
        (json!(["is", "event:page", "/"]), "filters[0][2]"),
        (json!(["is", "event:page", []]), "filters[0][2]"),
        (json!(["is", "event:page", ["/", 5]]), "filters[0][2][1]"),
        (json!(["matches", "event:page", ["(", "a"]]), "filters[0][2][0]"),
        (json!(["matches", "event:page", ["a"], { "case_sensitive": false }]), "filters[0][3]"),
        (json!(["is", "event:page", ["a"], { "case_sensitive": 1 }]), "filters[0][3].case_sensitive"),
        (json!(["is_not", "event:goal", ["Signup"]]), "filters[0][0]"),
        (json!(["and", []]), "filters[0][1]"),
        (json!(["or", ["is", "event:page", ["/"]]]), "filters[0][1][0]"),
        (json!(["or", [["is", "event:page", ["/"]], ["is", "nope", ["/"]]]]), "filters[0][1][1][1]"),
        (json!(["not", ["is", "nope", ["/"]]]), "filters[0][1][1]"),
        (json!(["has_done", ["is", "visit:source", ["Google"]]]), "filters[0][1]"),
        (json!(["has_done", ["not", ["has_done", ["is", "event:page", ["/"]]]]]), "filters[0][1][1][0]"),
    ] {
        assert_eq!(path(filter(wrong.clone())), at, "{wrong}");
    }
    assert_eq!(path(json!({ "filters": {} })), "filters");
}

#[test]
fn what_is_too_much_is_refused_by_the_limit_s_name() {
    let says = |more: Value, limit: &str| {
        let (_, problem) = error(more);
        assert!(problem.contains(limit), "{problem}");
    };
    let condition = json!(["is", "event:page", ["/"]]);
    let many = |count: usize| vec![condition.clone(); count];
    assert!(parse(&body(json!({ "filters": many(100) }))).is_ok());
    says(json!({ "filters": many(101) }), "max_conditions");
    says(json!({ "filters": many(10_000) }), "max_conditions");
    says(filter(json!(["or", many(10_000)])), "max_conditions");
    says(json!({ "filters": [["or", many(60)], ["or", many(60)]] }), "max_conditions");
    says(filter(json!(["is", "event:page", vec!["/"; 2_001]])), "max_values");
    says(filter(json!(["matches", "event:page", vec!["a"; 21]])), "max_expressions");
    says(filter(json!(["matches", "event:page", ["a".repeat(501)]])), "max_pattern_bytes");
    says(filter(json!(["is", "event:page", ["a".repeat(2_001)]])), "longer than 2000 bytes");
    let deep = |levels: usize| (1..levels).fold(condition.clone(), |inner, _| json!(["not", inner]));
    assert!(parse(&body(filter(deep(8)))).is_ok());
    says(filter(deep(9)), "max_depth");
    let long = format!("{{\"site_id\": \"{}\"}}", "x".repeat(70_000));
    assert!(Request::body(long.as_bytes()).unwrap_err().problem.contains("max_query_bytes"));
    let nested = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    assert_eq!(Request::body(nested.as_bytes()).unwrap_err().path, "", "serde_json's own bound");
}

#[test]
fn order_and_pages_are_of_what_is_asked() {
    let by_source = |more: Value| {
        let mut body = json!({ "dimensions": ["visit:source"] });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        path(body)
    };
    assert_eq!(by_source(json!({ "order_by": [["events", "desc"]] })), "order_by[0][0]");
    assert_eq!(by_source(json!({ "order_by": [["visitors", "desc"], ["visit:os", "asc"]] })), "order_by[1][0]");
    assert_eq!(by_source(json!({ "order_by": [["visitors", "down"]] })), "order_by[0][1]");
    assert_eq!(by_source(json!({ "order_by": [["visitors"]] })), "order_by[0]");
    for (name, wrong) in [("limit", 0), ("limit", 10_001), ("limit", -1), ("offset", -1)] {
        assert_eq!(by_source(json!({ "pagination": { name: wrong } })), format!("pagination.{name}"));
    }
}

#[test]
fn comparisons_have_a_mode_and_a_custom_one_a_range() {
    let at = |comparison: Value| path(json!({ "include": { "comparisons": comparison } }));
    assert_eq!(at(json!({})), "include.comparisons.mode");
    assert_eq!(at(json!({ "mode": "yesterday" })), "include.comparisons.mode");
    assert_eq!(at(json!({ "mode": "custom" })), "include.comparisons.date_range");
    assert_eq!(at(json!({ "mode": "previous_period", "date_range": "7d" })), "include.comparisons.date_range");
    assert_eq!(at(json!({ "mode": "custom", "date_range": ["x", "y"] })), "include.comparisons.date_range[0]");
}

#[test]
fn regions_by_name_are_refused_with_what_to_use_instead() {
    let instead = "regions are known by their codes (ISO 3166-2): use visit:region";
    let by_name = json!({ "dimensions": ["visit:country", "visit:region_name"] });
    assert_eq!(error(by_name), ("dimensions[1]".into(), instead.into()));
    let with_name = filter(json!(["is", "visit:region_name", ["Bavaria"]]));
    assert_eq!(error(with_name), ("filters[0][1]".into(), instead.into()));
}
