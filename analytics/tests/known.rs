//! Goals and segments that a site's settings keep by name.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use passerby_analytics::ask::{Ask, BadField};
use passerby_analytics::known::Known;
use passerby_analytics::report::Question;
use passerby_analytics::v2::Request;
use passerby_protocol::{Custom, Kind, Props, Value as Given};
use serde_json::{Map, Value, json};
use support::*;

fn settings() -> [Map<String, Value>; 2] {
    let goals = json!({
        "Newsletter": { "event": "Signup", "props": { "list": "news" } },
        "Reads the blog": { "page": "/blog/*" },
        "Broken": { "event": "Signup", "page": 7 },
    });
    let segments = json!({
        "Readers": [["has_done", ["is", "event:goal", ["Visit /blog/a"]]]],
        "7": [["is", "visit:entry_page", ["/"]], ["is", "event:goal", ["Newsletter"]]],
        "Of another": [["is", "segment", ["Readers"]]],
        "Broken": [["is", "visit:mood", ["glad"]]],
    });
    [goals, segments].map(|map| map.as_object().unwrap().clone())
}

fn signup(list: Text) -> Kind<Text> {
    Kind::Custom(Custom { name: "Signup", props: Props(vec![("list", Given::Text(list))]) })
}

fn site() -> Store {
    let anna = [(NOON, view("/")), (NOON + 1, view("/blog/a")), (NOON + 2, signup("news"))];
    store(&[(ANNA, &anna), (BEN, &[(NOON, view("/")), (NOON + 1, signup("other"))])])
}

fn parse(more: Value) -> Result<Request, BadField> {
    let [goals, segments] = settings();
    let known = Known { site: "shop.example", goals: Some(&goals), segments: Some(&segments), ..Known::default() };
    Request::parse(&support::v2::body(more), known, NOON, |_| 0)
}

/// The rows as (dimensions, metrics).
fn rows(more: Value) -> Vec<(Value, Value)> {
    let asked = parse(more).unwrap_or_else(|error| panic!("{error}"));
    let answers = asked.queries().iter().map(|query| ask(query, &site().shards(2))).collect();
    let answer = serde_json::to_value(asked.answer(answers)).unwrap();
    answer["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["dimensions"].clone(), row["metrics"].clone()))
        .collect()
}

fn visitors(filter: Value) -> Value {
    rows(json!({ "filters": [filter] }))[0].1[0].clone()
}

#[test]
fn a_goal_is_what_the_settings_say_and_else_what_its_name_says() {
    assert_eq!(visitors(json!(["is", "event:goal", ["Newsletter"]])), 1);
    assert_eq!(visitors(json!(["is", "event:goal", ["Signup"]])), 2);
    assert_eq!(visitors(json!(["is", "event:goal", ["Reads the blog", "Signup"]])), 2);
    assert_eq!(visitors(json!(["contains", "event:goal", ["ewslet"]])), 1);
    assert_eq!(visitors(json!(["contains", "event:goal", ["EWSLET"], { "case_sensitive": false }])), 1);
    assert_eq!(visitors(json!(["has_not_done", ["is", "event:goal", ["Newsletter"]]])), 1);
    let share = rows(json!({ "metrics": ["conversion_rate"], "filters": [["is", "event:goal", ["Newsletter"]]] }));
    assert_eq!(share[0].1, json!([50]));
}

#[test]
fn answers_are_grouped_by_the_goals_that_are_named() {
    let goals = json!([["is", "event:goal", ["Newsletter", "Reads the blog"]]]);
    let found = rows(json!({ "dimensions": ["event:goal"], "filters": goals }));
    assert_eq!(found, [(json!(["Newsletter"]), json!([1])), (json!(["Reads the blog"]), json!([1]))]);
}

#[test]
fn a_segment_stands_for_its_filters() {
    assert_eq!(visitors(json!(["is", "segment", ["Readers"]])), 1);
    assert_eq!(visitors(json!(["is", "segment", [7]])), 1, "Plausible numbers them");
    assert_eq!(visitors(json!(["not", ["is", "segment", ["Readers"]]])), 1);
    assert_eq!(visitors(json!(["or", [["is", "segment", ["Readers"]], ["is", "event:goal", ["Signup"]]]])), 2);
}

#[test]
fn what_is_not_saved_or_saved_wrongly_is_refused_where_it_is_named() {
    let fault = |filter: Value| {
        let error = parse(json!({ "filters": [filter] })).unwrap_err();
        (error.path, error.allowed.len())
    };
    let at = |path: &str| (path.to_owned(), 0);
    assert_eq!(fault(json!(["is", "segment", ["Nobody"]])), ("filters[0][2][0]".to_owned(), 4));
    assert_eq!(fault(json!(["is_not", "segment", ["Readers"]])), ("filters[0][0]".to_owned(), 1));
    assert_eq!(fault(json!(["is", "segment", ["Readers", "Broken"]])), at("filters[0][2][1]"));
    assert_eq!(fault(json!(["is", "segment", ["Of another"]])), at("filters[0][2][0]"));
    assert_eq!(fault(json!(["is", "event:goal", ["Signup", "Broken"]])), at("filters[0][2][1]"));
}

fn question(report: &str, more: Value, goals: Value) -> Result<Question, BadField> {
    let [_, segments] = settings();
    let goals = goals.as_object().unwrap();
    let mut body = json!({ "site_id": "shop.example", "date_range": "day" });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let known = Known { site: "shop.example", goals: Some(goals), segments: Some(&segments), ..Known::default() };
    Ask::read(report, body.to_string().as_bytes()).unwrap().question(NOON, &|_| 0, &[7; 16], known)
}

fn told(report: &str, more: Value) -> Value {
    let [mut goals, _] = settings();
    goals.remove("Broken");
    let question = question(report, more, goals.into()).unwrap();
    let partials: Vec<_> =
        site().shards(2).iter().map(|shard| question.fold(None, std::iter::once(shard)).unwrap()).collect();
    question.answer(&partials).unwrap()
}

#[test]
fn reports_may_be_asked_by_goals_and_of_segments() {
    let steps = json!([{ "page": "/" }, { "goal": "Reads the blog" }, { "goal": "Newsletter" }]);
    let funnel = told("funnel", json!({ "steps": steps }));
    let counts: Vec<_> =
        funnel["steps"].as_array().unwrap().iter().map(|step| (&step["name"], &step["count"])).collect();
    assert_eq!(json!(counts), json!([["Visit /", 2], ["Reads the blog", 1], ["Newsletter", 1]]));
    let goals = json!([{ "goal": "Newsletter" }, { "goal": "Signup" }, { "goal": "Visit /bl*" }]);
    let named = told("goals", json!({ "goals": goals }));
    let reached: Vec<_> = named["goals"].as_array().unwrap().iter().map(|goal| goal["visitors"].clone()).collect();
    assert_eq!(reached, [1, 2, 1]);
    let all = told("goals", json!({ "filters": [["is", "segment", ["Readers"]]] }));
    assert_eq!(
        (&all["visitors"], &all["goals"][0]["goal"], &all["goals"][1]["goal"]),
        (&json!(1), &json!("Newsletter"), &json!("Reads the blog"))
    );
    let fault = |more, goals| question("goals", more, goals).unwrap_err().path;
    assert_eq!(fault(json!({}), json!({})), "goals", "a site without goals must be told which");
    assert_eq!(fault(json!({ "goals": [{ "goal": "Signup", "page": "/" }] }), json!({})), "goals[0].goal");
    assert_eq!(fault(json!({}), json!({ "Broken": { "page": 7 } })), "site_id", "the settings are at fault");
}
