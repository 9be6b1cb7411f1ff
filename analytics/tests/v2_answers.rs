//! What v2 answers: the shape, the names, the order, the shares.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use passerby_analytics::calendar::DAY_MS;
use passerby_protocol::{Currency, Custom, Engagement, Kind, Money, Order, Pageview, Props, Value as Prop};
use serde_json::{Value, json};
use support::v2::{answer, answer_in, body, rows};
use support::*;

const CARLA: passerby_analytics::visitor::Visitor = passerby_analytics::visitor::Visitor(0x7777_0000_0000_0003);

fn signup(plan: Text) -> Kind<Text> {
    Kind::Custom(Custom { name: "Signup", props: Props(vec![("plan", Prop::Text(plan))]) })
}

fn order(id: Text, minor: i64, currency: &str) -> Kind<Text> {
    let total = Money { amount_minor: minor, currency: Currency::new(currency).unwrap() };
    Kind::Order(Order { id, total, ..Order::default() })
}

/// Anna reads the blog and signs up for the pro plan; Ben comes from Google and signs up for the free one, after the
/// pricing page; Carla comes yesterday and leaves.
fn shop() -> Store {
    let engaged = |visible_ms, scroll_percent| Kind::Engagement(Engagement { visible_ms, scroll_percent });
    let blog = Kind::Pageview(Pageview { path: "/blog/a", host: "blog.example", ..Pageview::default() });
    store(&[
        (
            ANNA,
            &[
                (NOON, view("/")),
                (NOON + MIN, engaged(10_000, 50)),
                (NOON + 2 * MIN, blog),
                (NOON + 3 * MIN, signup("pro")),
            ],
        ),
        (
            BEN,
            &[
                (NOON + HOUR, view_from("/pricing", "", "https://www.google.com/")),
                (NOON + HOUR + 1, signup("free")),
                (NOON + HOUR + MIN, view("/")),
                (NOON + HOUR + 2 * MIN, engaged(4_000, 30)),
                (NOON + HOUR + 3 * MIN, engaged(2_000, 80)),
            ],
        ),
        (CARLA, &[(NOON - DAY_MS, view("/"))]),
    ])
}

#[test]
fn an_answer_has_results_meta_and_the_query_as_it_was_understood() {
    let filters = json!([["is", "visit:source", ["Google"]]]);
    let answer = answer(&shop(), &body(json!({ "metrics": ["visitors", "events"], "filters": filters })));
    let expected = json!({
        "results": [{ "dimensions": [], "metrics": [1, 5] }],
        "meta": {},
        "query": {
            "site_id": "shop.example",
            "metrics": ["visitors", "events"],
            "date_range": ["2026-07-01T00:00:00+00:00", "2026-07-01T23:59:59+00:00"],
            "filters": filters,
            "dimensions": [],
            "order_by": [["visitors", "desc"]],
            "include": {},
            "pagination": { "offset": 0, "limit": 10_000 },
        },
    });
    assert_eq!(answer, expected);
}

#[test]
fn without_dimensions_there_is_one_row_even_of_nothing() {
    let long_ago = json!(["2001-01-01", "2001-01-31"]);
    let metrics = json!(["visitors", "events", "bounce_rate"]);
    assert_eq!(
        rows(&shop(), json!({ "date_range": long_ago, "metrics": metrics })),
        [(json!([]), json!([0, 0, null]))]
    );
    assert_eq!(rows(&shop(), json!({ "date_range": long_ago, "dimensions": ["event:page"] })), []);
}

#[test]
fn groups_may_be_by_host_property_and_goal() {
    let by = |dimension: &str, filters: Value| rows(&shop(), json!({ "dimensions": [dimension], "filters": filters }));
    let row = |label: &str, visitors: u64| (json!([label]), json!([visitors]));
    assert_eq!(by("event:hostname", json!([])), [row("shop.example", 2), row("blog.example", 1)]);
    let signups = json!([["is", "event:name", ["Signup"]]]);
    assert_eq!(by("event:props:plan", signups), [row("free", 1), row("pro", 1)]);
    assert_eq!(by("event:props:plan", json!([["is", "event:page", ["/blog/a"]]])), [row("(none)", 1)]);
    assert_eq!(by("event:goal", json!([])), [row("Signup", 2)]);
    let goals = json!([["is", "event:goal", ["Signup", "Visit /blog/*", "Visit /*"]]]);
    assert_eq!(by("event:goal", goals), [row("Signup", 2), row("Visit /*", 2), row("Visit /blog/*", 1)]);
}

#[test]
fn filters_nest_and_compare() {
    let visitors = |filters: Value| rows(&shop(), json!({ "filters": filters }))[0].1[0].as_u64().unwrap();
    assert_eq!(visitors(json!([["or", [["is", "visit:source", ["Google"]], ["is", "event:page", ["/blog/a"]]]]])), 2);
    assert_eq!(visitors(json!([["and", [["is", "visit:source", ["Google"]], ["is", "event:page", ["/blog/a"]]]]])), 0);
    assert_eq!(visitors(json!([["not", ["is", "visit:source", ["Google"]]]])), 1);
    assert_eq!(visitors(json!([["contains", "event:page", ["PRIC"]]])), 0);
    assert_eq!(visitors(json!([["contains", "event:page", ["PRIC"], { "case_sensitive": false }]])), 1);
    assert_eq!(visitors(json!([["matches", "event:page", ["^/blog/.$", "^x"]]])), 1);
    assert_eq!(visitors(json!([["matches_not", "event:page", ["^/$"]]])), 2);
    assert_eq!(visitors(json!([["is", "event:hostname", ["shop.example"]], ["is", "event:name", ["Signup"]]])), 1);
    assert_eq!(visitors(json!([["contains", "event:goal", ["ign"]]])), 2);
    assert_eq!(visitors(json!([["contains", "event:goal", ["Visit /pri"]]])), 1);
    assert_eq!(visitors(json!([["is", "event:props:plan", ["pro"]]])), 1);
    let pricing = json!(["is", "event:page", ["/pricing"]]);
    assert_eq!(visitors(json!([["is", "event:goal", ["Signup"]], ["has_done", pricing]])), 1);
    assert_eq!(visitors(json!([["is", "event:goal", ["Signup"]], ["has_not_done", pricing]])), 1);
    assert_eq!(visitors(json!([["has_not_done", ["is", "event:goal", ["Signup"]]]])), 0);
}

#[test]
fn shares_are_of_all_visitors_of_those_without_the_goal_or_of_the_group() {
    let signups = json!([["is", "event:goal", ["Signup"]], ["is", "event:props:plan", ["pro"]]]);
    let metrics = json!(["visitors", "percentage", "conversion_rate", "group_conversion_rate"]);
    let by_source = rows(&shop(), json!({ "dimensions": ["visit:source"], "filters": signups, "metrics": metrics }));
    assert_eq!(by_source, [(json!(["(Direct / None)"]), json!([1, 100, 50, 100]))]);
    let by_goal = rows(&shop(), json!({ "dimensions": ["event:goal"], "metrics": ["conversion_rate", "events"] }));
    assert_eq!(by_goal, [(json!(["Signup"]), json!([100, 2]))]);
    let by_page = rows(&shop(), json!({ "dimensions": ["event:page"], "metrics": ["percentage"] }));
    assert_eq!(
        by_page,
        [(json!(["/"]), json!([100])), (json!(["/blog/a"]), json!([50])), (json!(["/pricing"]), json!([50]))]
    );
}

#[test]
fn pages_have_a_depth_and_a_time() {
    let metrics = json!(["scroll_depth", "time_on_page"]);
    let by_page = rows(&shop(), json!({ "dimensions": ["event:page"], "metrics": metrics }));
    let expected = [("/", json!([65, 8])), ("/blog/a", json!([null, 0])), ("/pricing", json!([null, 0]))];
    assert_eq!(by_page, expected.map(|(page, metrics)| (json!([page]), metrics)));
}

#[test]
fn time_groups_come_in_order_with_labels_on_demand() {
    let hours = json!({ "dimensions": ["time:hour"], "include": { "time_labels": true } });
    let answer_of_day = answer_in("Asia/Seoul", &shop(), &body(hours));
    let results = json!([
        { "dimensions": ["2026-07-01 21:00:00"], "metrics": [1] },
        { "dimensions": ["2026-07-01 22:00:00"], "metrics": [1] },
    ]);
    assert_eq!(answer_of_day["results"], results);
    let labels = answer_of_day["meta"]["time_labels"].as_array().unwrap();
    assert_eq!(
        (labels.len(), &labels[0], &labels[23]),
        (24, &json!("2026-07-01 00:00:00"), &json!("2026-07-01 23:00:00"))
    );
    assert_eq!(answer_of_day["query"]["date_range"][0], "2026-07-01T00:00:00+09:00");
    let resolved = |range: Value| {
        answer(&shop(), &body(json!({ "date_range": range, "dimensions": ["time"] })))["query"]["dimensions"][0].clone()
    };
    let ranges = ["day", "7d", "30d", "91d", "6mo", "12mo", "all"].map(|range| resolved(json!(range)));
    assert_eq!(ranges, ["time:hour", "time:day", "time:day", "time:week", "time:week", "time:month", "time:month"]);
    let minutes = rows(
        &shop(),
        json!({ "dimensions": ["time:minute"], "filters": [["is", "visit:source", ["Google"]]], "metrics": ["events"] }),
    );
    assert_eq!(minutes[0], (json!(["2026-07-01 13:00:00"]), json!([2])));
}

#[test]
fn instants_bound_a_range_to_the_second() {
    let events = |from: &str, to: &str| {
        rows(&shop(), json!({ "metrics": ["events"], "date_range": [from, to] }))[0].1[0].clone()
    };
    assert_eq!(events("2026-07-01T14:00:00+02:00", "2026-07-01T14:02:00+02:00"), 3);
    assert_eq!(events("2026-07-01T12:00:01Z", "2026-07-01T12:01:59Z"), 1);
}

#[test]
fn rows_are_ordered_and_cut_into_pages() {
    let page = |offset: u64, limit: u64| {
        let order = json!([["event:page", "desc"]]);
        let pagination = json!({ "offset": offset, "limit": limit });
        let include = json!({ "total_rows": true });
        answer(
            &shop(),
            &body(
                json!({ "dimensions": ["event:page"], "order_by": order, "pagination": pagination, "include": include }),
            ),
        )
    };
    let names = |answer: &Value| {
        answer["results"].as_array().unwrap().iter().map(|row| row["dimensions"][0].clone()).collect::<Vec<_>>()
    };
    assert_eq!(names(&page(0, 2)), ["/pricing", "/blog/a"]);
    assert_eq!(names(&page(2, 2)), ["/"]);
    assert_eq!(page(9, 1)["meta"], json!({ "total_rows": 3 }));
}

#[test]
fn revenue_has_a_currency_and_is_never_added_across() {
    let paid = |currencies: [&str; 2]| {
        store(&[
            (
                ANNA,
                &[
                    (NOON, view("/")),
                    (NOON + 1, order("o1", 1999, currencies[0])),
                    (NOON + 2, order("o1", 1999, currencies[0])),
                ],
            ),
            (BEN, &[(NOON, view("/")), (NOON + 1, order("o2", 1001, currencies[1]))]),
        ])
    };
    let ask = |store: &Store, more: Value| {
        let mut more = more;
        more["metrics"] = json!(["total_revenue", "average_revenue"]);
        answer(store, &body(more))
    };
    let orders = json!({ "filters": [["is", "event:goal", ["order"]]] });
    let euros = ask(&paid(["EUR", "EUR"]), orders.clone());
    let money = |value: u64, text: &str| json!({ "value": value, "currency": "EUR", "short": text, "long": text });
    assert_eq!(euros["results"][0]["metrics"], json!([money(30, "€30.00"), money(15, "€15.00")]));
    assert_eq!(euros["meta"], json!({}));
    let mixed = ask(&paid(["EUR", "USD"]), orders);
    assert_eq!(mixed["results"][0]["metrics"], json!([null, null]));
    assert_eq!(mixed["meta"]["metric_warnings"]["total_revenue"]["code"], "no_single_revenue_currency");
    let no_goal = ask(&paid(["EUR", "EUR"]), json!({}));
    assert_eq!(no_goal["results"][0]["metrics"], json!([null, null]));
    assert_eq!(no_goal["meta"]["metric_warnings"]["average_revenue"]["code"], "no_revenue_goals_matching");
}

#[test]
fn rows_are_compared_with_those_of_another_time() {
    let with = |more: Value, mode: Value| {
        let mut more = more;
        more["include"] = json!({ "comparisons": mode });
        answer(&shop(), &body(more))
    };
    let previous = json!({ "mode": "previous_period" });
    let total = with(json!({ "metrics": ["visitors", "bounce_rate"] }), previous.clone());
    let expected = json!([{
        "dimensions": [], "metrics": [2, 0],
        "comparison": { "dimensions": [], "metrics": [1, 100], "change": [100, -100] },
    }]);
    assert_eq!(total["results"], expected);
    assert_eq!(
        total["query"]["comparison_date_range"],
        json!(["2026-06-30T00:00:00+00:00", "2026-06-30T23:59:59+00:00"])
    );
    let by_hour = with(json!({ "dimensions": ["time:hour"] }), previous.clone());
    let noon = json!({ "dimensions": ["2026-06-30 12:00:00"], "metrics": [1], "change": [0] });
    assert_eq!(by_hour["results"][0]["comparison"], noon);
    let by_page = with(json!({ "dimensions": ["event:page"] }), previous);
    assert_eq!(
        by_page["results"][1]["comparison"],
        json!({ "dimensions": ["/blog/a"], "metrics": [0], "change": [100] })
    );
    let year = with(json!({}), json!({ "mode": "year_over_year" }));
    assert_eq!(year["query"]["comparison_date_range"][0], "2025-07-01T00:00:00+00:00");
    let weekday = with(json!({}), json!({ "mode": "year_over_year", "match_day_of_week": true }));
    assert_eq!(weekday["query"]["comparison_date_range"][0], "2025-07-02T00:00:00+00:00", "a Wednesday, too");
    let custom = with(json!({}), json!({ "mode": "custom", "date_range": ["2026-06-30", "2026-06-30"] }));
    assert_eq!(custom["results"][0]["comparison"]["metrics"], json!([1]));
}

#[test]
fn imports_are_told_to_be_none() {
    let answer = answer(&shop(), &body(json!({ "include": { "imports": true } })));
    assert_eq!(answer["meta"], json!({ "imports_included": false, "imports_skip_reason": "no_imported_data" }));
}
