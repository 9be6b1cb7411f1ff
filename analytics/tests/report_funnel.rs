//! Funnels: the definitions at their boundaries.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use passerby_analytics::calendar::DAY_MS;
use passerby_analytics::query::Range;
use passerby_analytics::report::funnel::{Answer, Funnel};
use passerby_analytics::report::scope::Scope;
use passerby_analytics::report::target::Target;
use passerby_protocol::{Custom, Kind, Props, Value};
use support::reports::{asked, event, page, scope, scope_of};
use support::*;

fn funnel(steps: &[Target]) -> Funnel {
    Funnel { scope: scope(), steps: steps.to_vec(), strict: false, by_session: false, window_ms: 30 * DAY_MS, limit: 5 }
}

fn counts(report: &Funnel, visits: &[Visited]) -> Vec<u64> {
    asked(report, &store(visits).shards(0)).steps.iter().map(|step| step.count).collect()
}

fn instead(answer: &Answer, step: usize) -> Vec<(&str, &str, u64)> {
    answer.steps[step].instead.iter().map(|row| (row.kind, row.name.as_str(), row.count)).collect()
}

#[test]
fn steps_count_in_order_and_not_otherwise() {
    let report = funnel(&[page("/a"), page("/b"), event("Signup")]);
    let in_order = [(NOON, view("/a")), (NOON + 1, view("/x")), (NOON + 2, view("/b")), (NOON + 3, custom("Signup"))];
    let backwards = [(NOON, view("/b")), (NOON + 1, view("/a")), (NOON + 2, custom("Signup"))];
    assert_eq!(counts(&report, &[(ANNA, &in_order), (BEN, &backwards)]), [2, 1, 1]);
}

#[test]
fn an_event_is_used_once() {
    let report = funnel(&[page("/a"), page("/a")]);
    assert_eq!(counts(&report, &[(ANNA, &[(NOON, view("/a"))])]), [1, 0]);
    assert_eq!(counts(&report, &[(ANNA, &[(NOON, view("/a")), (NOON, view("/a"))])]), [1, 1]);
}

#[test]
fn the_window_is_from_the_first_step_to_the_last_and_holds_its_end() {
    let report = Funnel { window_ms: HOUR, ..funnel(&[page("/a"), page("/b"), page("/c")]) };
    let visit = |last_ms| [(NOON, view("/a")), (NOON + 10 * MIN, view("/b")), (last_ms, view("/c"))];
    assert_eq!(counts(&report, &[(ANNA, &visit(NOON + HOUR))]), [1, 1, 1]);
    assert_eq!(counts(&report, &[(ANNA, &visit(NOON + HOUR + 1))]), [1, 1, 0]);
}

#[test]
fn a_later_first_step_can_make_it_within_the_window() {
    let report = Funnel { window_ms: 10 * MIN, ..funnel(&[page("/a"), page("/b")]) };
    let visit = [(NOON, view("/a")), (NOON + 8 * MIN, view("/a")), (NOON + 15 * MIN, view("/b"))];
    assert_eq!(counts(&report, &[(ANNA, &visit)]), [1, 1]);
}

#[test]
fn a_visitor_counts_over_visits_and_a_session_alone() {
    let visits: [Visited; 2] =
        [(ANNA, &[(NOON, view("/a"))]), (ANNA, &[(NOON + 2 * HOUR, view("/b")), (NOON + 2 * HOUR + 1, view("/a"))])];
    let report = funnel(&[page("/a"), page("/b")]);
    assert_eq!(counts(&report, &visits), [1, 1]);
    assert_eq!(counts(&Funnel { by_session: true, ..report }, &visits), [2, 0]);
}

#[test]
fn a_funnel_spans_days() {
    let visits: [Visited; 2] = [(ANNA, &[(NOON, view("/a"))]), (ANNA, &[(NOON + DAY_MS, view("/b"))])];
    let range = Range { to_ms: scope().range.to_ms + DAY_MS, ..scope().range };
    let report = Funnel { scope: Scope { range, ..scope() }, ..funnel(&[page("/a"), page("/b")]) };
    let answer = asked(&report, &store(&visits).shards(0));
    assert_eq!((answer.entered, answer.converted), (1, 1));
    assert_eq!(answer.steps[1].median_ms, Some(DAY_MS as f64));
    assert_eq!(counts(&funnel(&[page("/a"), page("/b")]), &visits), [1, 0], "the second day lies out of the range");
}

#[test]
fn strict_means_that_nothing_of_the_steps_sort_comes_between() {
    let pages = Funnel { strict: true, ..funnel(&[page("/a"), page("/b")]) };
    let direct = [(NOON, view("/a")), (NOON + 1, custom("Click")), (NOON + 2, view("/b"))];
    let detour = [(NOON, view("/a")), (NOON + 1, view("/x")), (NOON + 2, view("/b"))];
    assert_eq!(counts(&pages, &[(ANNA, &direct), (BEN, &detour)]), [2, 1]);
    let again = [(NOON, view("/a")), (NOON + 1, view("/x")), (NOON + 2, view("/a")), (NOON + 3, view("/b"))];
    assert_eq!(counts(&pages, &[(ANNA, &again)]), [1, 1], "a second try counts");
    let events = Funnel { strict: true, ..funnel(&[event("Add"), event("Buy")]) };
    let visit = [(NOON, custom("Add")), (NOON + 1, view("/x")), (NOON + 2, custom("Buy"))];
    assert_eq!(counts(&events, &[(ANNA, &visit)]), [1, 1]);
    let visit = [(NOON, custom("Add")), (NOON + 1, custom("Remove")), (NOON + 2, custom("Buy"))];
    assert_eq!(counts(&events, &[(ANNA, &visit)]), [1, 0]);
    let split: [Visited; 2] =
        [(ANNA, &[(NOON, view("/a"))]), (ANNA, &[(NOON + HOUR, view("/x")), (NOON + HOUR, view("/b"))])];
    assert_eq!(counts(&pages, &split), [1, 0], "what comes between may begin another visit");
}

#[test]
fn drop_off_times_and_what_was_done_instead() {
    let carl = passerby_analytics::visitor::Visitor(3);
    let visits: [Visited; 3] = [
        (ANNA, &[(NOON, view("/a")), (NOON + 10, view("/b"))]),
        (BEN, &[(NOON, view("/a")), (NOON + 5, passive("Seen")), (NOON + 20, view("/x")), (NOON + 30, view("/a"))]),
        (carl, &[(NOON, view("/a")), (NOON + 30, view("/b")), (NOON + 40, custom("Chat"))]),
    ];
    let report = funnel(&[page("/a"), page("/b"), page("/c")]);
    let answer = asked(&report, &store(&visits).shards(0));
    let [a, b, c] = answer.steps.as_slice() else { panic!() };
    assert_eq!((a.count, b.count, c.count), (3, 2, 0));
    assert_eq!((a.drop_off, a.drop_off_rate, b.drop_off, b.drop_off_rate), (1, Some(33.33), 2, Some(100.0)));
    assert_eq!((b.conversion_rate, b.step_rate, c.step_rate), (Some(66.67), Some(66.67), Some(0.0)));
    assert_eq!((a.median_ms, b.median_ms, b.average_ms, c.median_ms), (None, Some(20.0), Some(20.0), None));
    assert_eq!(instead(&answer, 0), [("page", "/x", 1)]);
    assert_eq!(instead(&answer, 1), [("event", "Chat", 1), ("left", "", 1)]);
    let shorter = asked(&Funnel { limit: 1, ..report }, &store(&visits).shards(0));
    assert_eq!(instead(&shorter, 1), [("event", "Chat", 1), ("other", "(other)", 1)]);
}

#[test]
fn steps_may_ask_for_properties_and_filters() {
    let plan = |plan: Text| {
        let props = Props(vec![("plan", Value::Text(plan)), ("seats", Value::Int(3))]);
        Kind::Custom(Custom { name: "Signup", props })
    };
    let visits: [Visited; 2] = [
        (ANNA, &[(NOON, view("/a")), (NOON + 1, plan("pro"))]),
        (BEN, &[(NOON, view("/a")), (NOON + 1, plan("free"))]),
    ];
    let with = |key: &str, value: &str| Target {
        filters: vec![clause(&format!("event:props:{key}"), false, &[value])],
        ..event("Signup")
    };
    assert_eq!(counts(&funnel(&[page("/a"), with("plan", "pro")]), &visits), [2, 1]);
    assert_eq!(counts(&funnel(&[page("/a"), with("seats", "3")]), &visits), [2, 2]);
    assert_eq!(counts(&funnel(&[page("/a"), with("seats", "pro")]), &visits), [2, 0]);
    let filters = vec![clause("visit:entry_page", true, &["/a"])];
    assert_eq!(counts(&funnel(&[page("/a"), Target { filters, ..event("Signup") }]), &visits), [2, 0]);
}

#[test]
fn a_filter_on_events_takes_the_visits_that_have_one() {
    let visits: [Visited; 2] = [
        (ANNA, &[(NOON, view("/a")), (NOON + 1, view("/b")), (NOON + 2, view("/help"))]),
        (BEN, &[(NOON, view("/a")), (NOON + 1, view("/b"))]),
    ];
    let scope = scope_of(&[clause("event:page", false, &["/help"])]);
    assert_eq!(counts(&Funnel { scope, ..funnel(&[page("/a"), page("/b")]) }, &visits), [1, 1]);
}
