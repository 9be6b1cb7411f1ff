//! The kinds of question that the Stats API v2 documents, with the shape of what it says it answers: which rows, which
//! cells, which members of `meta`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use passerby_protocol::{Currency, Custom, Kind, Money, Props, Value as Prop};
use serde_json::{Value, json};
use support::v2::{answer, body};
use support::*;

fn bought(name: Text, currency: &str) -> Kind<Text> {
    let price = Money { amount_minor: 4_200, currency: Currency::new(currency).unwrap() };
    Kind::Custom(Custom { name, props: Props(vec![("price", Prop::Money(price)), ("is_customer", Prop::Bool(true))]) })
}

fn visited() -> Store {
    let utm = "utm_source=news&utm_medium=email";
    let mut store = Store::default();
    let mut visit = |visitor, tab, events: Vec<(i64, Kind<Text>)>| {
        let hits = (0..).zip(events).map(|(number, (at_ms, kind))| hit(number, at_ms, kind)).collect();
        let mut delivery = delivery(visitor, tab, hits);
        (delivery.client.country, delivery.client.city, delivery.client.os) = ("EE", "Tallinn", "Mac");
        store.take(delivery);
    };
    visit(ANNA, 1, vec![(NOON, view_from("/blog", utm, "")), (NOON + 1, bought("Buy", "USD"))]);
    visit(BEN, 2, vec![(NOON, view("/pricing")), (NOON + 1, custom("Signup")), (NOON + 2, bought("BuyEUR", "EUR"))]);
    store
}

/// A question, what its rows hold by kind (`n` number, `s` text, `m` money, `0` null), and the members of `meta`.
type Pair = (&'static str, Value, &'static str, &'static [&'static str]);

fn pairs() -> Vec<Pair> {
    let page_and_country = json!([["contains", "event:page", ["blog"]], ["is", "visit:country_name", ["Estonia"]]]);
    let any_case = json!([["contains", "event:page", ["BLOG"], { "case_sensitive": false }]]);
    let done = json!([["is", "event:goal", ["Signup"]], ["has_done", ["is", "event:page", ["/pricing"]]]]);
    let two_goals = json!([["is", "event:goal", ["Buy", "BuyEUR"]]]);
    let without = json!([["has_not_done", ["is", "event:goal", ["Signup"]]], ["is", "visit:source", ["news"]]]);
    let by_customer = json!([["time:day", "asc"], ["event:props:is_customer", "desc"]]);
    let six = json!(["visitors", "visits", "pageviews", "views_per_visit", "bounce_rate", "visit_duration"]);
    vec![
        ("an aggregate", json!({ "metrics": six, "date_range": "7d" }), "|nnnnnn", &[]),
        ("own dates", json!({ "date_range": ["2026-06-20", "2026-07-05"] }), "|n", &[]),
        ("countries and cities", json!({ "dimensions": ["visit:country_name", "visit:city_name"] }), "ss|n", &[]),
        (
            "mediums and sources",
            json!({ "dimensions": ["visit:utm_medium", "visit:utm_source"], "metrics": ["visitors", "events", "pageviews"] }),
            "ss|nnn",
            &[],
        ),
        ("pages and countries", json!({ "filters": page_and_country }), "|n", &[]),
        ("in any case", json!({ "filters": any_case }), "|n", &[]),
        ("without who did", json!({ "filters": without, "metrics": ["visitors", "events"] }), "|nn", &[]),
        (
            "by day",
            json!({ "dimensions": ["time:day"], "metrics": ["visitors", "events"], "filters": [["is", "visit:os", ["GNU/Linux", "Mac"]]] }),
            "s|nn",
            &[],
        ),
        (
            "by hour, with labels",
            json!({ "dimensions": ["time:hour"], "include": { "time_labels": true } }),
            "s|n",
            &["time_labels"],
        ),
        (
            "properties",
            json!({ "dimensions": ["time:day", "event:props:is_customer"], "order_by": by_customer }),
            "ss|n",
            &[],
        ),
        (
            "pages of rows",
            json!({ "dimensions": ["visit:utm_medium"], "include": { "total_rows": true }, "pagination": { "limit": 1, "offset": 1 } }),
            "s|n",
            &["total_rows"],
        ),
        (
            "imports",
            json!({ "dimensions": ["visit:source"], "include": { "imports": true } }),
            "s|n",
            &["imports_included", "imports_skip_reason"],
        ),
        (
            "imports that do not fit",
            json!({ "dimensions": ["visit:source"], "include": { "imports": true }, "filters": [["is", "visit:country_name", ["Estonia"]]] }),
            "s|n",
            &["imports_included", "imports_skip_reason"],
        ),
        (
            "revenue",
            json!({ "metrics": ["total_revenue"], "date_range": "all", "dimensions": ["event:goal"], "filters": [["is", "event:goal", ["Buy"]]] }),
            "s|m",
            &[],
        ),
        (
            "revenue of two currencies",
            json!({ "metrics": ["total_revenue"], "filters": two_goals }),
            "|0",
            &["metric_warnings"],
        ),
        ("what else was done", json!({ "filters": done, "date_range": "all" }), "|n", &[]),
    ]
}

fn kinds(cells: &Value) -> String {
    let kind = |cell: &Value| match cell {
        Value::Number(_) => 'n',
        Value::String(_) => 's',
        Value::Null => '0',
        Value::Object(money) if money.keys().eq(["value", "currency", "short", "long"]) => 'm',
        other => panic!("{other}"),
    };
    cells.as_array().unwrap().iter().map(kind).collect()
}

#[test]
fn the_documented_questions_are_answered_in_the_documented_shape() {
    let store = visited();
    assert_eq!(pairs().len(), 16);
    for (name, question, shape, meta) in pairs() {
        let question = body(question);
        let answer = answer(&store, &question);
        assert!(answer.as_object().unwrap().keys().eq(["results", "meta", "query"]), "{name}");
        let results = answer["results"].as_array().unwrap();
        assert!(!results.is_empty(), "{name}: {answer}");
        for row in results {
            assert_eq!(format!("{}|{}", kinds(&row["dimensions"]), kinds(&row["metrics"])), shape, "{name}: {row}");
            assert_eq!(row.as_object().unwrap().len(), 2, "{name}");
        }
        assert!(answer["meta"].as_object().unwrap().keys().eq(meta.iter()), "{name}: {}", answer["meta"]);
        let query = &answer["query"];
        let members =
            ["site_id", "metrics", "date_range", "filters", "dimensions", "order_by", "include", "pagination"];
        assert!(query.as_object().unwrap().keys().eq(members), "{name}: {query}");
        assert_eq!(query["metrics"], question["metrics"]);
        assert!(query["date_range"][0].as_str().unwrap().ends_with("T00:00:00+00:00"), "{name}");
        let answered_again = support::v2::answer(&store, query);
        assert_eq!(answered_again["results"], answer["results"], "{name}: the echo is the same question");
    }
}

#[test]
fn countries_have_names() {
    let names = support::v2::rows(&visited(), json!({ "dimensions": ["visit:country_name"] }));
    assert_eq!(names, [(json!(["Estonia"]), json!([2]))]);
    let visitors = |filter: Value| support::v2::rows(&visited(), json!({ "filters": [filter] }))[0].1[0].clone();
    assert_eq!(visitors(json!(["contains", "visit:country_name", ["EST"], { "case_sensitive": false }])), 2);
    assert_eq!(visitors(json!(["is_not", "visit:country_name", ["Estonia", "Latvia"]])), 0);
    assert_eq!(visitors(json!(["is_not", "visit:country_name", ["Atlantis"]])), 2);
}
