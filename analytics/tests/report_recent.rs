//! Recent events: newest first, by handle, and a timeline.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use passerby_analytics::report::recent::{Recent, Told};
use passerby_analytics::visitor::Handle;
use support::reports::{asked, scope, scope_of};
use support::*;

const KEY: [u8; 16] = [7; 16];

fn recent(limit: usize, visitor: Option<Handle>) -> Recent {
    Recent { scope: scope(), key: KEY, visitor, limit }
}

fn visits() -> Store {
    let anna = [(NOON, view("/a")), (NOON + 2, view("/c")), (NOON + HOUR, view("/d"))];
    store(&[(ANNA, &anna), (BEN, &[(NOON + 1, view("/b"))])])
}

fn pages(events: &[Told]) -> Vec<&str> {
    events.iter().map(|event| event.page.as_str()).collect()
}

#[test]
fn the_newest_come_first_over_all_shards() {
    for bits in [0, 2, 4] {
        assert_eq!(pages(&asked(&recent(3, None), &visits().shards(bits))), ["/d", "/c", "/b"]);
    }
}

#[test]
fn a_handle_is_a_visitors_timeline_and_not_the_visitor() {
    let all = asked(&recent(10, None), &visits().shards(2));
    let handle = all[0].visitor.as_str();
    assert_ne!(handle, format!("{:016x}", ANNA.0));
    let of_one = asked(&recent(10, Some(Handle::parse(handle).unwrap())), &visits().shards(2));
    assert_eq!(pages(&of_one), ["/d", "/c", "/a"]);
    let of_another_site = Recent { key: [8; 16], ..recent(10, None) };
    assert_ne!(asked(&of_another_site, &visits().shards(2))[0].visitor, all[0].visitor);
}

#[test]
fn times_are_those_of_the_sites_clocks() {
    let events = asked(&recent(1, None), &visits().shards(0));
    assert_eq!(events[0].at, "2026-07-01T13:00:00.000");
    assert_eq!(events[0].visit_start_ms, NOON + HOUR);
}

#[test]
fn filters_choose_events() {
    let scope = scope_of(&[clause("event:page", false, &["/b", "/c"])]);
    assert_eq!(pages(&asked(&Recent { scope, ..recent(10, None) }, &visits().shards(2))), ["/c", "/b"]);
}

#[test]
fn only_16_hexadecimal_digits_are_a_handle() {
    assert!(Handle::parse("00000000000000ff").is_some());
    for text in ["", "ff", "+0000000000000ff", "00000000000000fg", "00000000000000ff0"] {
        assert_eq!(Handle::parse(text), None, "{text}");
    }
}
