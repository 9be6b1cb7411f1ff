//! Journeys: what a way is, and what is shown of it.
#![allow(clippy::type_complexity, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::collections::BTreeMap;

use passerby_analytics::report::journey::{Answer, Branch, Journey, MAX_DEPTH, MAX_NODES, Steps};
use passerby_analytics::report::target::Target;
use passerby_analytics::visitor::Visitor;
use passerby_protocol::Kind;
use support::random::Rng;
use support::reports::{asked, event, page, scope, scope_of};
use support::*;

/// A visit's events with their times.
type Way = Vec<(i64, Kind<Text>)>;

fn journey(from: Option<Target>, before: bool) -> Journey {
    Journey { scope: scope(), from, before, depth: 3, steps: Steps::Pages, limit: 10 }
}

/// Every way of the tree with its visits that end there, or are told no further.
fn ways(branch: &Branch, depth: usize) -> BTreeMap<Vec<String>, u64> {
    fn walk(branch: &Branch, way: &[String], depth: usize, into: &mut BTreeMap<Vec<String>, u64>) {
        let last = if depth == 0 { branch.visits } else { branch.ended };
        if last > 0 {
            into.insert(way.to_vec(), last);
        }
        for child in &branch.children {
            walk(child, &[way, std::slice::from_ref(&child.name)].concat(), depth - 1, into);
        }
    }
    let mut into = BTreeMap::new();
    walk(branch, &[], depth, &mut into);
    into
}

fn told(report: &Journey, visits: &[Visited]) -> Vec<(String, u64)> {
    let answer = asked(report, &store(visits).shards(0));
    ways(&answer.tree, report.depth).into_iter().map(|(way, visits)| (way.join(" "), visits)).collect()
}

fn at(paths: &[Text]) -> Way {
    (0..).zip(paths).map(|(second, path)| (NOON + second * 1_000, view(path))).collect()
}

#[test]
fn a_way_goes_on_from_the_first_occurrence() {
    let visit = at(&["/", "/a", "/b", "/a", "/c"]);
    assert_eq!(told(&journey(Some(page("/a")), false), &[(ANNA, &visit)]), [("/b /a /c".to_owned(), 1)]);
    assert_eq!(told(&journey(Some(page("/c")), true), &[(ANNA, &visit)]), [("/a /b /a".to_owned(), 1)]);
    assert_eq!(told(&journey(Some(page("/none")), false), &[(ANNA, &visit)]), []);
}

#[test]
fn without_an_anchor_it_begins_with_the_visit_or_its_end() {
    let visit = at(&["/", "/a", "/b", "/c"]);
    assert_eq!(told(&journey(None, false), &[(ANNA, &visit)]), [("/ /a /b".to_owned(), 1)]);
    assert_eq!(told(&journey(None, true), &[(ANNA, &visit)]), [("/c /b /a".to_owned(), 1)]);
}

#[test]
fn the_same_step_twice_in_a_row_is_one() {
    let visit = at(&["/a", "/a", "/b", "/b", "/a"]);
    assert_eq!(told(&journey(Some(page("/a")), false), &[(ANNA, &visit)]), [("/b /a".to_owned(), 1)]);
}

#[test]
fn steps_are_pages_or_events_or_both() {
    let visit = [(NOON, view("/")), (NOON + 1, custom("Open")), (NOON + 2, passive("Seen")), (NOON + 3, view("/b"))];
    let of = |steps| told(&Journey { steps, ..journey(Some(page("/")), false) }, &[(ANNA, &visit)])[0].0.clone();
    assert_eq!([of(Steps::Pages), of(Steps::Events), of(Steps::All)], ["/b", "Open", "Open /b"]);
    let from_event = Journey { steps: Steps::Pages, ..journey(Some(event("Open")), false) };
    assert_eq!(told(&from_event, &[(ANNA, &visit)]), [("/b".to_owned(), 1)]);
}

#[test]
fn a_visit_counts_where_it_began() {
    let midnight = NOON + 12 * HOUR;
    let over = [(midnight - 1, view("/")), (midnight, view("/a"))];
    let after = [(midnight, view("/")), (midnight + 1, view("/b"))];
    let told = told(&journey(Some(page("/")), false), &[(ANNA, &over), (BEN, &after)]);
    assert_eq!(told, [("/a".to_owned(), 1)]);
}

fn many() -> Answer {
    let visits: Vec<(Visitor, Way)> = (0..9)
        .map(|n| {
            (
                Visitor(n),
                at(if n < 4 {
                    &["/", "/a", "/x"]
                } else if n < 7 {
                    &["/", "/b"]
                } else {
                    &["/", "/c"]
                }),
            )
        })
        .collect();
    let visits: Vec<Visited> = visits.iter().map(|(visitor, visit)| (*visitor, visit.as_slice())).collect();
    asked(&Journey { limit: 2, ..journey(Some(page("/")), false) }, &store(&visits).shards(2))
}

#[test]
fn what_is_not_shown_is_counted_as_other() {
    let Answer { tree, nodes, links } = many();
    let children: Vec<_> = tree.children.iter().map(|child| (child.name.as_str(), child.visits, child.ended)).collect();
    assert_eq!((tree.kind, tree.name.as_str(), tree.visits, tree.ended, tree.other), ("start", "/", 9, 0, 2));
    assert_eq!(children, [("/a", 4, 0), ("/b", 3, 3)]);
    let at_one: Vec<_> = nodes.iter().filter(|node| node.depth == 1).map(|node| (node.kind, node.visits)).collect();
    assert_eq!(at_one, [("page", 4), ("page", 3), ("other", 2)]);
    let out_of_root: u64 = links.iter().filter(|link| nodes[link.source].depth == 0).map(|link| link.visits).sum();
    assert_eq!(out_of_root, 9);
    assert!(links.iter().all(|link| nodes[link.target].depth == nodes[link.source].depth + 1));
}

#[test]
fn a_filter_takes_the_visits_that_have_such_an_event() {
    let (a, b) = (at(&["/", "/a"]), at(&["/", "/b"]));
    let scope = scope_of(&[clause("event:page", false, &["/b"])]);
    let report = Journey { scope, ..journey(Some(page("/")), false) };
    assert_eq!(told(&report, &[(ANNA, &a), (BEN, &b)]), [("/b".to_owned(), 1)]);
}

#[test]
fn a_tree_is_never_larger_than_can_be_looked_at() {
    let mut rng = Rng(1);
    let paths: Vec<Text> = vec!["/0", "/1", "/2", "/3", "/4", "/5"];
    let visits: Vec<(Visitor, Way)> =
        (0..600).map(|n| (Visitor(n), at(&(0..11).map(|_| rng.pick(&paths)).collect::<Vec<_>>()))).collect();
    let visits: Vec<Visited> = visits.iter().map(|(visitor, visit)| (*visitor, visit.as_slice())).collect();
    let report = Journey { depth: MAX_DEPTH, ..journey(None, false) };
    fn size(branch: &Branch) -> usize {
        assert_eq!(
            branch.visits,
            branch.ended
                + branch.other
                + branch.children.iter().map(|child| child.visits).sum::<u64>()
                + if branch.children.is_empty() && branch.other == 0 { branch.visits - branch.ended } else { 0 }
        );
        1 + branch.children.iter().map(size).sum::<usize>()
    }
    let size = size(&asked(&report, &store(&visits).shards(0)).tree);
    assert!(size > 1_000 && size <= MAX_NODES, "{size}");
}
