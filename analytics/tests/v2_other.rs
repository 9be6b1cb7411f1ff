//! `include.other`: what is not among the rows shown, against a count of the raw events.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::collections::BTreeSet;

use passerby_analytics::visitor::Visitor;
use serde_json::{Value, json};
use support::random::{PAGES, Rng};
use support::v2::{answer, body, error};
use support::*;

/// Page views of one visit each.
type Views = Vec<(Visitor, Vec<Text>)>;

fn views(rng: &mut Rng) -> Views {
    let visit = |rng: &mut Rng| {
        let pages = (0..=rng.below(5)).map(|_| rng.pick(PAGES)).collect();
        (Visitor(rng.next()), pages)
    };
    (0..12).map(|_| visit(rng)).collect()
}

fn stored(views: &Views) -> Store {
    let events = |pages: &Vec<Text>| (0..).zip(pages).map(|(at, page)| (NOON + at * MIN, view(page))).collect();
    let visits: Vec<(Visitor, Vec<_>)> = views.iter().map(|(visitor, pages)| (*visitor, events(pages))).collect();
    store(&visits.iter().map(|(visitor, events)| (*visitor, events.as_slice())).collect::<Vec<_>>())
}

/// Visitors and events of the views that are on none of the shown rows, one by one.
fn counted(views: &Views, dimensions: &[&str], shown: &BTreeSet<Vec<String>>) -> Value {
    let (mut visitors, mut events) = (BTreeSet::new(), 0);
    for (visitor, pages) in views {
        for page in pages {
            let labels = dimensions.iter().map(|dimension| match *dimension {
                "event:page" => (*page).to_owned(),
                "visit:entry_page" => pages[0].to_owned(),
                _ => pages[pages.len() - 1].to_owned(),
            });
            if !shown.contains(&labels.collect::<Vec<_>>()) {
                visitors.insert(*visitor);
                events += 1;
            }
        }
    }
    json!([visitors.len(), events])
}

#[test]
fn rows_and_other_are_everything_and_visitors_count_once() {
    let mut counted_twice = 0;
    for seed in 0..40 {
        let views = views(&mut Rng(seed));
        let store = stored(&views);
        for dimensions in [&["event:page"][..], &["visit:entry_page"], &["event:page", "visit:exit_page"]] {
            for (offset, limit) in [(0, 1), (0, 3), (1, 2), (0, 50), (50, 50)] {
                let asked = json!({
                    "metrics": ["visitors", "events"], "dimensions": dimensions,
                    "pagination": { "offset": offset, "limit": limit }, "include": { "other": true, "total_rows": true },
                });
                let answer = answer(&store, &body(asked.clone()));
                let rows = answer["results"].as_array().unwrap();
                let label = |label: &Value| label.as_str().unwrap().to_owned();
                let labels = |row: &Value| row["dimensions"].as_array().unwrap().iter().map(label).collect();
                let shown: BTreeSet<Vec<String>> = rows.iter().map(labels).collect();
                let other = &answer["meta"]["other"];
                assert_eq!(other["metrics"], counted(&views, dimensions, &shown), "seed {seed}, {asked}");

                let sum = |at: usize| -> u64 {
                    rows.iter().chain([other]).map(|row| row["metrics"][at].as_u64().unwrap()).sum()
                };
                let all: usize = views.iter().map(|(_, pages)| pages.len()).sum();
                assert_eq!(sum(1), all as u64, "seed {seed}, {asked}");
                counted_twice += usize::from(sum(0) > views.len() as u64);
            }
        }
    }
    assert!(counted_twice > 0, "in some answer a visitor is among the rows and among the others");
}

#[test]
fn shares_and_changes_of_others_are_of_the_same_whole() {
    let store = store(&[
        (ANNA, &[(NOON, view("/")), (NOON + 1, view("/a")), (NOON + 2, custom("Signup"))]),
        (BEN, &[(NOON, view_from("/", "", "https://www.google.com/")), (NOON + 1, view("/b"))]),
    ]);
    let ask = |more: Value| answer(&store, &body(more))["meta"]["other"].clone();
    let pages = json!({
        "metrics": ["visitors", "percentage"], "dimensions": ["event:page"], "pagination": { "limit": 2 },
        "include": { "other": true, "comparisons": { "mode": "previous_period" } },
    });
    let nothing = json!({ "metrics": [0, 0], "change": [100, 50] });
    assert_eq!(ask(pages), json!({ "metrics": [1, 50], "comparison": nothing }), "/ and /a are shown, /b is not");
    let sources = json!({
        "metrics": ["visitors", "conversion_rate"], "dimensions": ["visit:source"], "include": { "other": true },
        "filters": [["is", "event:goal", ["Signup"]]],
    });
    assert_eq!(ask(sources.clone())["metrics"], json!([0, 0]), "the direct one is shown");
    let mut none_shown = sources;
    none_shown["pagination"] = json!({ "offset": 9, "limit": 1 });
    assert_eq!(ask(none_shown)["metrics"], json!([1, 50]));
}

#[test]
fn a_value_that_is_missing_is_a_row_that_others_are_not_among() {
    let store = store(&[(ANNA, &[(NOON, view("/"))]), (BEN, &[(NOON, view_from("/", "", "https://www.google.com/"))])]);
    for dimension in ["visit:source", "visit:utm_term", "event:props:plan", "event:hostname", "visit:country_name"] {
        let asked = json!({ "metrics": ["events"], "dimensions": [dimension], "include": { "other": true } });
        assert_eq!(answer(&store, &body(asked))["meta"]["other"], json!({ "metrics": [0] }), "{dimension}");
    }
}

#[test]
fn others_are_refused_where_there_are_none_or_too_many() {
    let refused = |more: Value| {
        let mut more = more;
        more["include"] = json!({ "other": true });
        let (path, problem) = error(more);
        assert_eq!(path, "include.other");
        problem
    };
    assert_eq!(refused(json!({})), "it needs a dimension");
    for dimension in ["time:day", "time", "event:goal"] {
        let problem = refused(json!({ "dimensions": [dimension] }));
        assert_eq!(problem, "it does not go with a dimension of time or event:goal", "{dimension}");
    }
    let of_group = refused(json!({
        "metrics": ["group_conversion_rate"], "dimensions": ["visit:source"],
        "filters": [["is", "event:goal", ["Signup"]]],
    }));
    assert!(of_group.contains("group_conversion_rate"));
    let many = |limit: u64| json!({ "dimensions": ["visit:source", "event:page"], "pagination": { "limit": limit } });
    assert!(refused(many(51)).starts_with("max_conditions"));
    assert_eq!(error(json!({ "include": { "other": "yes" } })).0, "include.other");
}
