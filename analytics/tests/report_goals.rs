//! Goals: visitors with the goal ÷ visitors under the same filters.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use passerby_analytics::filter::Expr;
use passerby_analytics::report::goals::{Answer, Goals};
use support::reports::{asked, event, page, scope_of};
use support::*;

fn goals(filters: &[Expr], visits: &[Visited]) -> Answer {
    let report = Goals { scope: scope_of(filters), goals: vec![page("/thanks*"), event("Signup")] };
    asked(&report, &store(visits).shards(2))
}

#[test]
fn a_visitor_converts_once_however_often() {
    let anna = [
        (NOON, view("/")),
        (NOON + 1, custom("Signup")),
        (NOON + 2, custom("Signup")),
        (NOON + 3, view("/thanks/you")),
    ];
    let answer = goals(&[], &[(ANNA, &anna), (BEN, &[(NOON, view("/"))])]);
    let told: Vec<_> =
        answer.goals.iter().map(|g| (g.goal.as_str(), g.visitors, g.events, g.conversion_rate)).collect();
    assert_eq!(answer.visitors, 2);
    assert_eq!(told, [("/thanks*", 1, 1, Some(50.0)), ("Signup", 1, 2, Some(50.0))]);
}

#[test]
fn the_rate_is_of_the_visitors_under_the_same_filters() {
    let anna = [(NOON, view_from("/", "", "https://www.google.com/")), (NOON + 1, custom("Signup"))];
    let filters = [clause("visit:source", false, &["Google"])];
    let answer = goals(&filters, &[(ANNA, &anna), (BEN, &[(NOON, custom("Signup"))])]);
    assert_eq!((answer.visitors, answer.goals[1].conversion_rate), (1, Some(100.0)));
}

#[test]
fn a_filter_on_events_must_hold_for_the_goal_itself() {
    // What is no page view happens on "/".
    let anna = [(NOON, view("/a")), (NOON + 1, custom("Signup"))];
    let on = |path| goals(&[clause("event:page", false, &[path])], &[(ANNA, &anna)]).goals[1].visitors;
    assert_eq!((on("/"), on("/a")), (1, 0));
}

#[test]
fn nobody_has_no_rate() {
    let answer = goals(&[], &[]);
    assert_eq!((answer.visitors, answer.goals[0].visitors, answer.goals[0].conversion_rate), (0, 0, None));
}
