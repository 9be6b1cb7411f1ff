//! Drop-off: which page view is a visit's last, and of what its share is taken.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use passerby_analytics::report::exits::{Exits, PageExits};
use support::reports::{asked, scope, scope_of};
use support::*;

fn exits(visits: &[Visited]) -> Vec<PageExits> {
    asked(&Exits { scope: scope(), limit: 10 }, &store(visits).shards(2)).rows
}

#[test]
fn the_last_page_view_of_a_visit_is_its_exit() {
    let anna = [(NOON, view("/")), (NOON + 1, view("/a")), (NOON + 2, custom("Late")), (NOON + 3, view("/"))];
    let ben = [(NOON, view("/")), (NOON + 1, custom("Late"))];
    let rows = exits(&[(ANNA, &anna), (BEN, &ben)]);
    let [home, a] = rows.as_slice() else { panic!("{rows:?}") };
    assert_eq!((home.visits, home.pageviews, home.exits, home.single_page_visits), (2, 3, 2, 1));
    assert_eq!((home.exit_rate, home.visit_exit_rate), (Some(66.67), Some(100.0)));
    assert_eq!((a.page.as_str(), a.exits, a.exit_rate), ("/a", 0, Some(0.0)));
}

#[test]
fn a_visit_without_a_page_view_ends_nowhere() {
    assert_eq!(exits(&[(ANNA, &[(NOON, custom("Ping"))])]), []);
}

#[test]
fn a_gap_of_more_than_30_minutes_is_an_exit() {
    let over = [(NOON, view("/")), (NOON + 30 * MIN + 1, view("/a"))];
    let within = [(NOON, view("/")), (NOON + 30 * MIN, view("/a"))];
    let exits_of =
        |visit: &[(i64, passerby_protocol::Kind<Text>)]| exits(&[(ANNA, visit)]).iter().map(|p| p.exits).sum::<u64>();
    assert_eq!((exits_of(&over), exits_of(&within)), (2, 1));
}

#[test]
fn a_filter_on_pages_keeps_whose_exit_it_is() {
    let visit = [(NOON, view("/a")), (NOON + 1, view("/b"))];
    let scope = scope_of(&[clause("event:page", false, &["/a"])]);
    let rows = asked(&Exits { scope, limit: 10 }, &store(&[(ANNA, &visit)]).shards(0)).rows;
    assert_eq!((rows.len(), rows[0].page.as_str(), rows[0].exits), (1, "/a", 0));
}

#[test]
fn what_is_not_shown_is_counted() {
    let visit = [(NOON, view("/a")), (NOON + 1, view("/b"))];
    let answer = asked(&Exits { scope: scope(), limit: 1 }, &store(&[(ANNA, &visit), (BEN, &visit[..1])]).shards(0));
    assert_eq!((answer.rows.len(), answer.total, answer.other), (1, 2, 1));
}
