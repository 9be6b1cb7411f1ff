//! Scroll map: the greatest part that each visit saw of a page.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use passerby_analytics::report::scroll::{PageScroll, Scroll};
use passerby_protocol::{Engagement, Kind};
use support::reports::{asked, scope};
use support::*;

fn seen(percent: u8) -> Kind<Text> {
    Kind::Engagement(Engagement { visible_ms: 1_000, scroll_percent: percent })
}

fn scroll(visits: &[Visited]) -> Vec<PageScroll> {
    asked(&Scroll { scope: scope(), limit: 10 }, &store(visits).shards(2)).rows
}

fn at(page: &PageScroll, percent: usize) -> (u64, Option<f64>) {
    let mark = page.reached.iter().find(|mark| mark.percent == percent).unwrap();
    (mark.visits, mark.share)
}

#[test]
fn each_visit_counts_once_with_the_most_it_saw() {
    let anna = [(NOON, view("/")), (NOON + 1, seen(40)), (NOON + 2, seen(55)), (NOON + 3, seen(50))];
    let rows = scroll(&[(ANNA, &anna), (BEN, &[(NOON, view("/")), (NOON + 1, seen(5))])]);
    let [page] = rows.as_slice() else { panic!("{rows:?}") };
    assert_eq!((page.visits, page.scroll_depth, page.reached.len()), (2, Some(30.0), 20));
    assert_eq!(at(page, 5), (2, Some(100.0)));
    assert_eq!((at(page, 10), at(page, 55)), ((1, Some(50.0)), (1, Some(50.0))));
    assert_eq!(at(page, 60), (0, Some(0.0)));
}

#[test]
fn a_mark_is_reached_at_exactly_its_percent() {
    let visit = |percent| [(NOON, view("/")), (NOON + 1, seen(percent))];
    assert_eq!(at(&scroll(&[(ANNA, &visit(49))])[0], 50).0, 0);
    assert_eq!(at(&scroll(&[(ANNA, &visit(50))])[0], 50).0, 1);
    assert_eq!(at(&scroll(&[(ANNA, &visit(100))])[0], 100).0, 1);
}

#[test]
fn a_visit_that_was_never_measured_saw_nothing_and_counts() {
    let rows = scroll(&[(ANNA, &[(NOON, view("/"))])]);
    assert_eq!((rows[0].visits, rows[0].scroll_depth, at(&rows[0], 5).0), (1, Some(0.0), 0));
}

#[test]
fn another_visit_counts_again() {
    let visits: [Visited; 2] = [
        (ANNA, &[(NOON, view("/")), (NOON + 1, seen(90))]),
        (ANNA, &[(NOON + HOUR, view("/")), (NOON + HOUR, seen(10))]),
    ];
    assert_eq!((scroll(&visits)[0].visits, scroll(&visits)[0].scroll_depth), (2, Some(50.0)));
}
