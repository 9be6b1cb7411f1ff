//! Answers in the form of Plausible's Stats API v1: their exact shapes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use passerby_analytics::calendar::DAY_MS;
use passerby_analytics::dimension::Dimension;
use passerby_analytics::v1::Endpoint;
use serde_json::{Value, json};
use support::v1::{parse, parse_in};
use support::*;

use Endpoint::{Aggregate, Breakdown, CurrentVisitors, Timeseries};

/// What is answered, with the previous period where it is asked for.
fn answer_in(zone: &str, store: &Store, endpoint: Endpoint, query: &str) -> Value {
    let request = parse_in(zone, endpoint, query).unwrap();
    let previous = request.previous.as_ref().map(|previous| store.ask(previous));
    serde_json::to_value(request.answer(store.ask(&request.query), previous)).unwrap()
}

fn answer(store: &Store, endpoint: Endpoint, query: &str) -> Value {
    answer_in("UTC", store, endpoint, query)
}

/// Anna reads /, then /a a minute later; Ben sees / only, from Google; Anna was on / the day before.
fn visits() -> Store {
    store(&[
        (ANNA, &[(NOON, view("/")), (NOON + MIN, view("/a"))]),
        (BEN, &[(NOON + HOUR, view_from("/", "", "https://google.com/"))]),
        (ANNA, &[(NOON - DAY_MS, view("/"))]),
    ])
}

const ALL: &str = "metrics=visitors,visits,pageviews,views_per_visit,bounce_rate,visit_duration,events";

#[test]
fn an_aggregate_has_a_value_for_each_metric() {
    let expected = json!({ "results": {
        "visitors": { "value": 2 },
        "visits": { "value": 2 },
        "pageviews": { "value": 3 },
        "views_per_visit": { "value": 1.5 },
        "bounce_rate": { "value": 50 },
        "visit_duration": { "value": 30 },
        "events": { "value": 3 },
    }});
    assert_eq!(answer(&visits(), Aggregate, &format!("period=day&{ALL}")), expected);
}

#[test]
fn metrics_are_answered_in_the_order_asked() {
    let request = parse(Aggregate, "period=day&metrics=visits,events,visitors").unwrap();
    let text = serde_json::to_string(&request.answer(Vec::new(), None)).unwrap();
    assert_eq!(text, r#"{"results":{"visits":{"value":0},"events":{"value":0},"visitors":{"value":0}}}"#);
}

#[test]
fn an_aggregate_of_nothing_is_zeros() {
    let expected = json!({ "results": { "visitors": { "value": 0 }, "bounce_rate": { "value": 0 } } });
    assert_eq!(answer(&visits(), Aggregate, "period=day&date=2020-01-01&metrics=visitors,bounce_rate"), expected);
}

#[test]
fn a_comparison_is_in_percent_and_of_rates_in_points() {
    let expected = json!({ "results": {
        "visitors": { "value": 2, "change": 100 },
        "visits": { "value": 2, "change": 100 },
        "pageviews": { "value": 3, "change": 200 },
        "views_per_visit": { "value": 1.5, "change": 50 },
        "bounce_rate": { "value": 50, "change": -50 },
        "visit_duration": { "value": 30, "change": 100 },
        "events": { "value": 3, "change": 200 },
    }});
    assert_eq!(answer(&visits(), Aggregate, &format!("period=day&compare=previous_period&{ALL}")), expected);
}

#[test]
fn a_bounce_rate_that_doubles_from_50_changes_by_50_points() {
    let store = store(&[
        (ANNA, &[(NOON - DAY_MS, view("/")), (NOON - DAY_MS, view("/a"))]),
        (BEN, &[(NOON - DAY_MS, view("/"))]),
        (ANNA, &[(NOON, view("/"))]),
    ]);
    let query = "period=day&compare=previous_period&metrics=bounce_rate";
    assert_eq!(answer(&store, Aggregate, query)["results"]["bounce_rate"], json!({ "value": 100, "change": 50 }));
}

#[test]
fn a_comparison_from_nothing_is_100_to_nothing_is_minus_100_and_between_nothings_0() {
    let change = |date: &str| {
        let query = format!("period=day&date={date}&compare=previous_period&metrics=visitors");
        answer(&visits(), Aggregate, &query)["results"]["visitors"]["change"].clone()
    };
    assert_eq!(change("2026-06-30"), json!(100));
    assert_eq!(change("2026-07-02"), json!(-100));
    assert_eq!(change("2020-01-01"), json!(0));
}

#[test]
fn a_time_series_has_every_day_also_the_empty_ones() {
    let query = "period=custom&date=2026-06-29,2026-07-01&metrics=visitors,bounce_rate,views_per_visit,visit_duration";
    let expected = json!({ "results": [
        { "date": "2026-06-29", "visitors": 0, "bounce_rate": null, "views_per_visit": null, "visit_duration": null },
        { "date": "2026-06-30", "visitors": 1, "bounce_rate": 100, "views_per_visit": 1, "visit_duration": 0 },
        { "date": "2026-07-01", "visitors": 2, "bounce_rate": 50, "views_per_visit": 1.5, "visit_duration": 30 },
    ]});
    assert_eq!(answer(&visits(), Timeseries, query), expected);
}

fn dates(zone: &str, query: &str) -> Vec<String> {
    let answer = answer_in(zone, &Store::default(), Timeseries, query);
    let dates = answer["results"].as_array().unwrap().iter().map(|row| row["date"].as_str().unwrap().to_owned());
    dates.collect()
}

#[test]
fn a_time_series_by_the_hour_is_labelled_by_the_clock() {
    let answer = answer(&visits(), Timeseries, "period=day&metrics=pageviews");
    let rows = answer["results"].as_array().unwrap();
    assert_eq!(rows.len(), 24);
    assert_eq!(rows[0], json!({ "date": "2026-07-01 00:00:00", "pageviews": 0 }));
    assert_eq!(rows[12], json!({ "date": "2026-07-01 12:00:00", "pageviews": 2 }));
    assert_eq!(rows[13], json!({ "date": "2026-07-01 13:00:00", "pageviews": 1 }));
    assert_eq!(rows[23]["date"], "2026-07-01 23:00:00");
}

#[test]
fn an_hour_that_clocks_skip_is_left_out_and_one_that_comes_twice_is_one_bucket() {
    let hours = |zone, date: &str| {
        let dates = dates(zone, &format!("period=day&date={date}"));
        dates.iter().map(|date| date[11..13].parse::<u32>().unwrap()).collect::<Vec<_>>()
    };
    let all: Vec<u32> = (0..24).collect();
    let without = |skipped| all.iter().copied().filter(|hour| *hour != skipped).collect::<Vec<_>>();
    assert_eq!(hours("Europe/Berlin", "2026-03-29"), without(2));
    assert_eq!(hours("Europe/Berlin", "2026-10-25"), all);
    assert_eq!(hours("America/Sao_Paulo", "2018-11-04"), without(0));
    assert_eq!(hours("America/Sao_Paulo", "2018-02-17"), all);
    assert_eq!(hours("Australia/Lord_Howe", "2026-04-05"), all);
    assert_eq!(hours("Australia/Lord_Howe", "2026-10-04"), all);
    assert_eq!(hours("Asia/Kolkata", "2026-07-01"), all);
    assert_eq!(hours("Pacific/Apia", "2011-12-30"), [0u32; 0], "a day without any instant");
}

#[test]
fn every_event_falls_into_a_bucket_of_the_series() {
    let ms = |text: &str| text.parse::<jiff::Timestamp>().unwrap().as_millisecond();
    for (zone, date, from) in [
        ("Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z"),
        ("Europe/Berlin", "2026-10-25", "2026-10-24T22:00:00Z"),
        ("Australia/Lord_Howe", "2026-04-05", "2026-04-04T13:00:00Z"),
        ("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z"),
    ] {
        let range = parse_in(zone, Timeseries, &format!("period=day&date={date}")).unwrap().query.range;
        assert_eq!(range.from_ms, ms(from));
        let times = (range.from_ms..range.to_ms).step_by(10 * MIN as usize);
        let events: Vec<_> = times.clone().map(|at_ms| (at_ms, view("/"))).collect();
        for interval in ["hour", "day", "week", "month"] {
            let query = format!("period=day&date={date}&interval={interval}&metrics=pageviews");
            let answer = answer_in(zone, &store(&[(ANNA, &events)]), Timeseries, &query);
            let sum: i64 =
                answer["results"].as_array().unwrap().iter().map(|row| row["pageviews"].as_i64().unwrap()).sum();
            assert_eq!(sum, times.clone().count() as i64, "{zone} {date} {interval}");
        }
    }
}

#[test]
fn weeks_are_labelled_by_their_monday_and_months_by_their_first() {
    assert_eq!(dates("UTC", "period=7d&interval=week"), ["2026-06-22", "2026-06-29"]);
    let months = ["2026-02-01", "2026-03-01", "2026-04-01", "2026-05-01", "2026-06-01", "2026-07-01"];
    assert_eq!(dates("Europe/Berlin", "period=6mo"), months);
    assert_eq!(dates("America/New_York", "period=7d").len(), 7);
    assert_eq!(dates("Pacific/Apia", "period=custom&date=2011-12-29,2011-12-31"), ["2011-12-29", "2011-12-31"]);
}

#[test]
fn a_breakdowns_key_is_the_propertys_name_without_its_scope() {
    let expected = json!({ "results": [
        { "page": "/", "visitors": 2, "bounce_rate": 50 },
        { "page": "/a", "visitors": 1, "bounce_rate": null },
    ]});
    assert_eq!(answer(&visits(), Breakdown, "period=day&property=event:page&metrics=visitors,bounce_rate"), expected);
    for property in Dimension::properties() {
        let answer = answer(&visits(), Breakdown, &format!("period=day&property={property}"));
        let key = property.split_once(':').unwrap().1;
        assert!(answer["results"][0][key].is_string(), "{property}");
    }
}

#[test]
fn a_breakdowns_unknown_value_has_a_name() {
    let of =
        |property: &str| answer(&visits(), Breakdown, &format!("period=day&property={property}"))["results"].clone();
    assert_eq!(
        of("visit:source"),
        json!([
            { "source": "(Direct / None)", "visitors": 1 },
            { "source": "Google", "visitors": 1 },
        ])
    );
    assert_eq!(of("visit:referrer")[0]["referrer"], "(Direct / None)");
    assert_eq!(of("visit:utm_source"), json!([{ "utm_source": "(not set)", "visitors": 2 }]));
    assert_eq!(of("visit:country"), json!([{ "country": "(not set)", "visitors": 2 }]));
}

#[test]
fn a_breakdown_shows_a_page_of_as_many_rows_as_its_limit() {
    const PATHS: [Text; 5] = ["/0", "/1", "/2", "/3", "/4"];
    let events = PATHS.map(|path| (NOON, view(path)));
    let store = store(&[(ANNA, &events)]);
    let pages = |query: &str| {
        let answer = answer(&store, Breakdown, &format!("period=day&property=event:page{query}"));
        let rows = answer["results"].as_array().unwrap().clone();
        rows.iter().map(|row| row["page"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(pages(""), PATHS);
    assert_eq!(pages("&limit=2"), PATHS[..2]);
    assert_eq!(pages("&limit=2&page=2"), PATHS[2..4]);
    assert_eq!(pages("&limit=2&page=3"), PATHS[4..]);
    assert_eq!(pages("&limit=2&page=4"), [""; 0]);
}

#[test]
fn a_breakdown_has_100_rows_unless_told() {
    let paths: Vec<Text> = (0..120).map(|i| &*Box::leak(format!("/{i:03}").into_boxed_str())).collect();
    let events: Vec<_> = paths.iter().map(|path| (NOON, view(path))).collect();
    let answer = answer(&store(&[(ANNA, &events)]), Breakdown, "period=day&property=event:page");
    assert_eq!(answer["results"].as_array().unwrap().len(), 100);
}

#[test]
fn current_visitors_are_a_bare_number_of_those_with_an_event_in_the_last_5_min() {
    let seen = |before_ms| answer(&store(&[(ANNA, &[(NOON - before_ms, view("/"))])]), CurrentVisitors, "site_id=x");
    assert_eq!([seen(0), seen(5 * MIN), seen(5 * MIN + 1)], [json!(1), json!(1), json!(0)]);
    let still = store(&[(ANNA, &[(NOON - 20 * MIN, view("/")), (NOON, view("/a"))]), (BEN, &[(NOON, view("/"))])]);
    assert_eq!(answer(&still, CurrentVisitors, ""), json!(2));
}
