//! Questions in the form of Plausible's Stats API v1: every parameter, right and wrong.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use passerby_analytics::calendar::{DAY_MS, Day};
use passerby_analytics::dimension::{Dimension, TimeDimension, VisitDimension};
use passerby_analytics::filter::Expr;
use passerby_analytics::query::{Metric, Range};
use passerby_analytics::v1::Endpoint;
use support::v1::{parse, parse_in};
use support::*;

use Endpoint::{Aggregate, Breakdown, CurrentVisitors, Timeseries};

/// First and last day of the range asked for.
fn days(query: &str) -> String {
    let Range { from_ms, to_ms } = parse(Aggregate, query).unwrap().query.range;
    assert_eq!((from_ms % DAY_MS, to_ms % DAY_MS), (0, 0));
    format!("{}..{}", Day::of_utc(from_ms).iso(), Day::of_utc(to_ms - 1).iso())
}

/// The parameter an error is about and what it may be.
fn error(endpoint: Endpoint, query: &str) -> (String, Vec<String>) {
    let error = parse(endpoint, query).expect_err(query);
    assert!(error.to_string().starts_with(&error.parameter) && !error.problem.is_empty());
    (error.parameter, error.allowed)
}

fn names(list: &[&str]) -> Vec<String> {
    list.iter().map(|&name| name.to_owned()).collect()
}

#[test]
fn the_routes_are_those_of_the_stats_api() {
    for (path, endpoint) in [
        ("aggregate", Some(Aggregate)),
        ("timeseries", Some(Timeseries)),
        ("breakdown", Some(Breakdown)),
        ("realtime/visitors", Some(CurrentVisitors)),
        ("Aggregate", None),
        ("", None),
    ] {
        assert_eq!(Endpoint::of_path(path), endpoint);
    }
}

#[test]
fn a_parameter_that_the_route_does_not_take_is_named_with_those_it_takes() {
    let (parameter, allowed) = error(Aggregate, "perid=day");
    assert_eq!(parameter, "perid");
    assert_eq!(allowed, names(&["site_id", "period", "date", "metrics", "filters", "compare", "with_imported"]));
    assert_eq!(error(Aggregate, "property=event:page").0, "property");
    assert_eq!(error(Timeseries, "compare=previous_period").0, "compare");
    assert_eq!(error(Breakdown, "property=event:page&interval=date").0, "interval");
    assert_eq!(error(CurrentVisitors, "period=day"), ("period".into(), names(&["site_id"])));
}

#[test]
fn a_parameter_given_twice_is_refused() {
    assert_eq!(error(Aggregate, "period=day&site_id=x&period=day").0, "period");
}

#[test]
fn an_empty_parameter_is_one_not_given() {
    assert_eq!(parse(Aggregate, "period=&date=&metrics=&filters=&compare="), parse(Aggregate, ""));
}

#[test]
fn a_period_ends_with_its_date() {
    for (query, expected) in [
        ("", "2026-06-02..2026-07-01"),
        ("period=day", "2026-07-01..2026-07-01"),
        ("period=7d", "2026-06-25..2026-07-01"),
        ("period=30d", "2026-06-02..2026-07-01"),
        ("period=month", "2026-07-01..2026-07-31"),
        ("period=6mo", "2026-02-01..2026-07-31"),
        ("period=12mo", "2025-08-01..2026-07-31"),
        ("period=day&date=2024-02-29", "2024-02-29..2024-02-29"),
        ("period=7d&date=2026-01-03", "2025-12-28..2026-01-03"),
        ("period=month&date=2024-02-10", "2024-02-01..2024-02-29"),
        ("period=12mo&date=2024-12-31", "2024-01-01..2024-12-31"),
        ("period=custom&date=2026-01-31,2026-02-01", "2026-01-31..2026-02-01"),
        ("period=custom&date=2026-01-31,2026-01-31", "2026-01-31..2026-01-31"),
        ("period=custom&date=2016-01-01,2025-12-31", "2016-01-01..2025-12-31"),
    ] {
        assert_eq!(days(query), expected, "{query}");
    }
}

#[test]
fn an_unknown_period_is_answered_with_those_there_are() {
    let expected = names(&["day", "7d", "30d", "month", "6mo", "12mo", "custom"]);
    for wrong in ["week", "Day", "7D", "31d", "day "] {
        assert_eq!(error(Aggregate, &format!("period={wrong}")), ("period".into(), expected.clone()));
    }
}

#[test]
fn a_date_that_is_none_or_does_not_fit_is_named() {
    for query in [
        "date=yesterday",
        "date=2026-02-29",
        "period=day&date=2026-07-01,2026-07-02",
        "period=custom",
        "period=custom&date=2026-07-01",
        "period=custom&date=2026-07-01,",
        "period=custom&date=2026-07-02,2026-07-01",
        "period=custom&date=2026-07-01,2026-07-02,2026-07-03",
        "period=custom&date=2016-01-01,2026-01-02",
    ] {
        assert_eq!(error(Aggregate, query).0, "date", "{query}");
    }
}

#[test]
fn today_and_its_hours_are_those_of_the_sites_clocks() {
    let range = |zone| parse_in(zone, Aggregate, "period=day").unwrap().query.range;
    assert_eq!(range("UTC"), Range { from_ms: NOON - 12 * HOUR, to_ms: NOON + 12 * HOUR });
    assert_eq!(range("Asia/Seoul"), Range { from_ms: NOON - 21 * HOUR, to_ms: NOON + 3 * HOUR });
    let kiritimati = Range { from_ms: NOON - 2 * HOUR, to_ms: NOON + 22 * HOUR };
    assert_eq!(range("Pacific/Kiritimati"), kiritimati, "already 2 July");
    let berlin = |date| {
        let range = parse_in("Europe/Berlin", Aggregate, &format!("period=day&date={date}")).unwrap().query.range;
        (range.to_ms - range.from_ms) / HOUR
    };
    assert_eq!([berlin("2026-03-29"), berlin("2026-10-25"), berlin("2026-07-01")], [23, 25, 24]);
}

#[test]
fn metrics_come_in_the_order_asked_each_once() {
    let metrics = |query: &str| parse(Aggregate, query).unwrap().query.metrics;
    assert_eq!(metrics(""), [Metric::Visitors]);
    assert_eq!(metrics("metrics=events, visits,events"), [Metric::Events, Metric::Visits]);
    let all = "visitors,visits,pageviews,views_per_visit,bounce_rate,visit_duration,events";
    assert_eq!(metrics(&format!("metrics={all}")), Metric::ALL[..7]);
}

#[test]
fn an_unknown_metric_is_answered_with_those_there_are() {
    let without_amounts = Metric::ALL.iter().filter(|metric| !metric.is_revenue());
    let all = without_amounts.map(|metric| metric.label().to_owned()).collect::<Vec<_>>();
    for wrong in ["visitor", "visitors,", "visitors;visits", "Visitors"] {
        assert_eq!(error(Aggregate, &format!("metrics={wrong}")), ("metrics".into(), all.clone()));
    }
}

#[test]
fn a_breakdown_needs_a_property_and_knows_them_all() {
    for property in Dimension::properties() {
        let request = parse(Breakdown, &format!("property={property}")).unwrap();
        assert_eq!(request.query.dimensions, [Dimension::property(property).unwrap()]);
    }
    let all: Vec<String> = Dimension::properties().map(str::to_owned).collect();
    assert_eq!(all.len(), VisitDimension::ALL.len() + 3);
    for query in ["", "property=", "property=page", "property=time:day", "property=visit:Source"] {
        assert_eq!(error(Breakdown, query), ("property".into(), all.clone()), "{query}");
    }
}

#[test]
fn the_interval_follows_the_period_unless_it_is_given() {
    use TimeDimension as T;
    for (query, by) in [
        ("period=day", T::Hour),
        ("period=7d", T::Day),
        ("period=month", T::Day),
        ("period=6mo", T::Month),
        ("period=12mo", T::Month),
        ("period=custom&date=2026-01-01,2026-01-02", T::Day),
        ("period=12mo&interval=date", T::Day),
        ("period=12mo&interval=day", T::Day),
        ("period=12mo&interval=week", T::Week),
        ("period=day&interval=month", T::Month),
        ("period=7d&interval=hour", T::Hour),
    ] {
        assert_eq!(parse(Timeseries, query).unwrap().query.dimensions, [Dimension::Time(by)], "{query}");
    }
    let allowed = names(&["hour", "day", "date", "week", "month"]);
    assert_eq!(error(Timeseries, "interval=minute"), ("interval".into(), allowed));
}

#[test]
fn only_the_previous_period_can_be_compared_with() {
    assert_eq!(error(Aggregate, "compare=last_year"), ("compare".into(), names(&["previous_period"])));
    let request = parse(Aggregate, "period=7d&compare=previous_period").unwrap();
    let previous = request.previous.unwrap();
    let week = 7 * DAY_MS;
    let Range { from_ms, to_ms } = request.query.range;
    assert_eq!(previous.range, Range { from_ms: from_ms - week, to_ms: to_ms - week });
    assert_eq!(parse(Aggregate, "period=7d").unwrap().previous, None);
}

#[test]
fn the_previous_period_is_as_many_days_on_the_same_clocks() {
    let request = parse_in("Europe/Berlin", Aggregate, "period=day&date=2026-03-30&compare=previous_period").unwrap();
    let previous = request.previous.unwrap().range;
    assert_eq!(previous.to_ms, request.query.range.from_ms);
    assert_eq!(previous.to_ms - previous.from_ms, 23 * HOUR, "the clocks went forward on that day");
}

#[test]
fn a_limit_and_a_page_are_whole_numbers_in_bounds() {
    for wrong in ["0", "-1", "1001", "1.5", "ten", "99999999999999999999", " 1"] {
        assert_eq!(error(Breakdown, &format!("property=event:page&limit={wrong}")).0, "limit", "{wrong}");
    }
    for wrong in ["0", "-1", "1000001", "x"] {
        assert_eq!(error(Breakdown, &format!("property=event:page&page={wrong}")).0, "page", "{wrong}");
    }
    assert!(parse(Breakdown, "property=event:page&limit=1000&page=1000000").is_ok());
    let bounds = parse(Breakdown, "property=event:page&limit=0").unwrap_err();
    assert!(bounds.problem.contains("1 to 1000"), "{bounds}");
}

/// The conditions of `filters`: dimension, negated, and which of the candidates they match.
fn filters(text: &str, candidates: &[&str]) -> Vec<(String, bool, Vec<String>)> {
    let clauses = parse(Aggregate, &format!("filters={text}")).unwrap().query.filters;
    let matched = |expr: &Expr| {
        let Expr::Clause(clause) = expr else { panic!("{expr:?}") };
        let hits = candidates.iter().filter(|c| clause.patterns.iter().any(|pattern| pattern.matches(c)));
        (clause.dimension.label().into_owned(), clause.negated, hits.map(|c| (*c).to_owned()).collect())
    };
    clauses.iter().map(matched).collect()
}

fn one(label: &str, negated: bool, matched: &[&str]) -> Vec<(String, bool, Vec<String>)> {
    vec![(label.to_owned(), negated, names(matched))]
}

#[test]
fn filters_are_conditions_joined_by_semicolons() {
    let found = filters("event:page==/a;visit:source!=Google", &["/a", "Google"]);
    assert_eq!(found, [one("event:page", false, &["/a"]), one("visit:source", true, &["Google"])].concat());
    assert_eq!(filters("", &[]), []);
    assert_eq!(filters(" event:page ==/a", &["/a"]), one("event:page", false, &["/a"]), "spaces around a name");
}

#[test]
fn values_are_joined_by_bars_and_a_star_stands_for_anything() {
    let pages = ["/a", "/b", "/blog/", "/blog/x/y", "/c"];
    assert_eq!(filters("event:page==/a|/b", &pages), one("event:page", false, &["/a", "/b"]));
    assert_eq!(filters("event:page==/blog/*|/c", &pages), one("event:page", false, &["/blog/", "/blog/x/y", "/c"]));
    assert_eq!(filters("event:page!=/blog/**", &pages), one("event:page", true, &["/blog/", "/blog/x/y"]));
}

#[test]
fn a_backslash_makes_a_separator_or_itself_a_part_of_the_value() {
    let values = [r"a|b", "a", "b", r"a;b", r"a\", r"a\b", r"a\|b"];
    assert_eq!(filters(r"event:name==a\|b", &values), one("event:name", false, &["a|b"]));
    assert_eq!(filters(r"event:name==a\;b", &values), one("event:name", false, &["a;b"]));
    assert_eq!(filters(r"event:name==a\\|b", &values), one("event:name", false, &["b", r"a\"]));
    assert_eq!(filters(r"event:name==a\\\|b", &values), one("event:name", false, &[r"a\|b"]));
    assert_eq!(filters(r"event:name==a\b", &values), one("event:name", false, &[r"a\b"]));
    assert_eq!(filters(r"event:name==a\", &values), one("event:name", false, &[r"a\"]));
}

#[test]
fn the_first_operator_decides_and_another_belongs_to_the_value() {
    assert_eq!(filters("event:name==a!=b", &["a!=b"]), one("event:name", false, &["a!=b"]));
    assert_eq!(filters("event:name!=a==b", &["a==b"]), one("event:name", true, &["a==b"]));
}

#[test]
fn a_filter_that_cannot_be_read_is_named() {
    let properties: Vec<String> = Dimension::properties().map(str::to_owned).collect();
    for wrong in ["page==/", "==x", "visit:Source==x", "event:page;visit:source==x==y;zz==1"] {
        let (parameter, allowed) = error(Aggregate, &format!("filters={wrong}"));
        assert_eq!(parameter, "filters");
        assert!(wrong.starts_with("event:page;") || allowed == properties, "{wrong}");
    }
    for wrong in ["event:page", "event:page==/;", ";", "event:page=/", "event:page==", "event:page!="] {
        assert_eq!(error(Aggregate, &format!("filters={wrong}")).0, "filters", "{wrong}");
    }
}

#[test]
fn filters_are_bounded_in_bytes_and_in_conditions() {
    let longest = format!("event:page=={}", "x".repeat(8_192 - 12));
    assert!(parse(Aggregate, &format!("filters={longest}")).is_ok());
    assert_eq!(error(Aggregate, &format!("filters={longest}x")).0, "filters");
    let conditions = |n: usize| vec!["event:page==/"; n].join(";");
    assert!(parse(Aggregate, &format!("filters={}", conditions(50))).is_ok());
    assert_eq!(error(Aggregate, &format!("filters={}", conditions(51))).0, "filters");
}
