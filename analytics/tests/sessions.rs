//! Which events make a session, whenever and in whatever order they arrive.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use passerby_analytics::delivery::{Client, Delivery, Receipt};
use passerby_analytics::session::{MAX_GAP_MS, MAX_SESSION_EVENTS, Session};
use passerby_analytics::sessionize::absorb;
use passerby_protocol::{Reason, Refusal, Size};
use support::*;

fn sessions_with_gap(gap_ms: i64) -> usize {
    let visit = [(NOON, view("/")), (NOON + gap_ms, view("/a"))];
    store(&[(ANNA, &visit)]).sessions(ANNA).len()
}

#[test]
fn a_gap_of_29_min_59_999_continues_the_session() {
    assert_eq!(sessions_with_gap(30 * MIN - 1), 1);
}

#[test]
fn a_gap_of_exactly_30_min_continues_the_session() {
    assert_eq!(sessions_with_gap(30 * MIN), 1);
}

#[test]
fn a_gap_of_30_min_and_a_millisecond_begins_another_session() {
    assert_eq!(sessions_with_gap(30 * MIN + 1), 2);
}

#[test]
fn the_gap_is_the_same_between_batches_in_either_order() {
    for (gap_ms, sessions) in [(30 * MIN - 1, 1), (30 * MIN, 1), (30 * MIN + 1, 2)] {
        let batches = [
            delivery(ANNA, 1, vec![hit(0, NOON, view("/"))]),
            delivery(ANNA, 1, vec![hit(1, NOON + gap_ms, view("/"))]),
        ];
        for order in [[0, 1], [1, 0]] {
            let mut store = Store::default();
            for at in order {
                store.take(copy(&batches[at]));
            }
            assert_eq!(store.sessions(ANNA).len(), sessions, "{gap_ms} {order:?}");
        }
    }
}

fn copy(delivery: &Delivery<Text>) -> Delivery<Text> {
    let Delivery { received_ms, visitor, tab, ref client, ref hits, ref refused } = *delivery;
    Delivery { received_ms, visitor, tab, client: client.clone(), hits: hits.clone(), refused: refused.clone() }
}

#[test]
fn midnight_does_not_cut_a_session() {
    let midnight = NOON + 12 * HOUR;
    let store = store(&[(ANNA, &[(midnight - 1, view("/")), (midnight, view("/a")), (midnight + 1, view("/b"))])]);
    assert_eq!(store.outline(ANNA), [(midnight - 1, midnight + 1, 3)]);
    assert_eq!(store.sessions(ANNA)[0].key().day().iso(), "2026-07-01");
}

#[test]
fn a_new_campaign_does_not_cut_a_session() {
    let visit = [
        (NOON, view_from("/", "utm_source=news", "")),
        (NOON + MIN, view_from("/", "utm_source=ads&utm_campaign=spring", "https://www.google.com/")),
    ];
    assert_eq!(store(&[(ANNA, &visit)]).sessions(ANNA).len(), 1);
}

#[test]
fn two_visitors_have_two_sessions() {
    let store = store(&[(ANNA, &[(NOON, view("/"))]), (BEN, &[(NOON, view("/"))])]);
    assert_eq!((store.sessions(ANNA).len(), store.sessions(BEN).len()), (1, 1));
}

#[test]
fn a_late_event_joins_two_sessions_into_one_and_the_second_row_goes() {
    let mut store = Store::default();
    let far = NOON + 2 * MAX_GAP_MS;
    store.take(delivery(ANNA, 1, vec![hit(0, NOON, view("/")), hit(2, far, view("/b"))]));
    assert_eq!(store.sessions(ANNA).len(), 2);
    let (receipt, removed) = store.take(delivery(ANNA, 1, vec![hit(1, NOON + MAX_GAP_MS, view("/a"))]));
    assert_eq!(receipt, Receipt { accepted: 1, ..Receipt::default() });
    assert_eq!(removed, [far]);
    assert_eq!(store.outline(ANNA), [(NOON, far, 3)]);
}

#[test]
fn a_late_event_before_the_first_moves_the_row_and_the_old_one_goes() {
    let mut store = Store::default();
    store.take(delivery(ANNA, 1, vec![hit(1, NOON, view("/"))]));
    let (_, removed) = store.take(delivery(ANNA, 1, vec![hit(0, NOON - MAX_GAP_MS, view("/"))]));
    assert_eq!(removed, [NOON]);
    assert_eq!(store.outline(ANNA), [(NOON - MAX_GAP_MS, NOON, 2)]);
}

#[test]
fn a_late_event_out_of_reach_leaves_the_session_alone() {
    let mut store = Store::default();
    store.take(delivery(ANNA, 1, vec![hit(1, NOON, view("/"))]));
    let (_, removed) = store.take(delivery(ANNA, 1, vec![hit(0, NOON - MAX_GAP_MS - 1, view("/"))]));
    assert!(removed.is_empty());
    assert_eq!(store.sessions(ANNA).len(), 2);
}

#[test]
fn a_chain_of_late_events_joins_what_no_single_one_reaches() {
    let mut store = Store::default();
    let far = NOON + 3 * MAX_GAP_MS;
    store.take(delivery(ANNA, 1, vec![hit(0, NOON, view("/")), hit(1, far, view("/"))]));
    let links = vec![hit(3, NOON + 2 * MAX_GAP_MS, view("/")), hit(2, NOON + MAX_GAP_MS, view("/"))];
    store.take(delivery(ANNA, 1, links));
    assert_eq!(store.outline(ANNA), [(NOON, far, 4)]);
}

#[test]
fn a_batch_writes_only_the_session_it_reaches() {
    let mut store = Store::default();
    store.take(delivery(ANNA, 1, vec![hit(0, NOON, view("/"))]));
    let existing = store.sessions(ANNA);
    let later = delivery(ANNA, 1, vec![hit(1, NOON + HOUR, view("/"))]);
    let change = absorb(existing, later);
    assert_eq!(change.write.len(), 1);
    assert_eq!(change.write[0].start_ms(), NOON + HOUR);
}

#[test]
fn a_repeated_batch_changes_nothing_and_counts_as_duplicates() {
    let mut store = Store::default();
    let batch = delivery(ANNA, 1, vec![hit(0, NOON, view("/")), hit(1, NOON + HOUR, view("/a"))]);
    store.take(copy(&batch));
    let before = store.clone();
    let change = absorb(store.sessions(ANNA), copy(&batch));
    assert!(change.write.is_empty() && change.remove.is_empty());
    assert_eq!(change.receipt, Receipt { duplicate: 2, ..Receipt::default() });
    store.take(batch);
    assert_eq!(store, before);
}

#[test]
fn a_number_twice_in_a_batch_counts_once() {
    let mut store = Store::default();
    let (receipt, _) = store.take(delivery(ANNA, 1, vec![hit(0, NOON, view("/")), hit(0, NOON, view("/"))]));
    assert_eq!(receipt, Receipt { accepted: 1, duplicate: 1, ..Receipt::default() });
}

#[test]
fn an_event_whose_time_was_measured_anew_is_still_the_same() {
    let mut store = Store::default();
    store.take(delivery(ANNA, 1, vec![hit(0, NOON, view("/"))]));
    let (receipt, _) = store.take(delivery(ANNA, 1, vec![hit(0, NOON + 2 * HOUR, view("/"))]));
    assert_eq!(receipt.duplicate, 1);
    assert_eq!(store.outline(ANNA), [(NOON, NOON, 1)]);
}

#[test]
fn the_same_number_in_another_tab_is_another_event_of_the_same_session() {
    let mut store = Store::default();
    store.take(delivery(ANNA, 2, vec![hit(0, NOON, view("/b"))]));
    store.take(delivery(ANNA, 1, vec![hit(0, NOON, view("/a")), hit(1, NOON + 2, view("/a"))]));
    store.take(delivery(ANNA, 2, vec![hit(1, NOON + 1, view("/b"))]));
    let sessions = store.sessions(ANNA);
    let order: Vec<_> =
        sessions[0].events.iter().map(|e| (sessions[0].tabs[usize::from(e.tab)].id, e.number)).collect();
    let [a, b] = [tab(1), tab(2)];
    assert_eq!(order, [(a, 0), (b, 0), (b, 1), (a, 1)], "by time, then tab, then number");
    assert_eq!(sessions[0].tabs.len(), 2);
}

#[test]
fn refusals_of_the_delivery_are_answered_in_the_batchs_order() {
    let mut batch = delivery(ANNA, 1, vec![hit(1, NOON, view("/"))]);
    batch.refused = [4, 0].map(|index| Refusal { index, reason: Reason::TooOld }).to_vec();
    let (receipt, _) = Store::default().take(batch);
    assert_eq!(receipt.refused.iter().map(|r| r.index).collect::<Vec<_>>(), [0, 4]);
}

/// A store with a session of so many events, a millisecond apart, from `start_ms` on, numbered from `first`.
fn fill(store: &mut Store, tab_number: u64, first: u32, start_ms: i64, events: usize) {
    let hits = (0..events as u32).map(|i| hit(first + i, start_ms + i64::from(i), view("/"))).collect();
    assert_eq!(store.take(delivery(ANNA, tab_number, hits)).0.accepted as usize, events);
}

#[test]
fn an_event_beyond_the_sessions_cap_is_refused_by_name() {
    let mut store = Store::default();
    fill(&mut store, 1, 0, NOON, MAX_SESSION_EVENTS - 1);
    let more = vec![hit(20_000, NOON, view("/")), hit(20_001, NOON, view("/"))];
    let (receipt, _) = store.take(delivery(ANNA, 1, more.clone()));
    assert_eq!((receipt.accepted, receipt.duplicate), (1, 0));
    assert_eq!(receipt.refused, [Refusal { index: 20_001, reason: Reason::SessionFull }]);
    assert_eq!(store.sessions(ANNA)[0].events.len(), MAX_SESSION_EVENTS);

    let again = absorb(store.sessions(ANNA), delivery(ANNA, 1, more));
    assert_eq!((again.receipt.duplicate, again.receipt.refused.len()), (1, 1));
    assert!(again.write.is_empty(), "a full session is not written again");
}

#[test]
fn the_cap_is_of_each_session_and_not_of_those_that_a_batch_reaches_together() {
    let mut store = Store::default();
    let half = MAX_SESSION_EVENTS / 2 + 1;
    fill(&mut store, 1, 0, NOON, half);
    fill(&mut store, 1, 10_000, NOON + 2 * HOUR, half);
    let both = vec![hit(50_000, NOON, view("/")), hit(50_001, NOON + 2 * HOUR, view("/"))];
    assert_eq!(store.take(delivery(ANNA, 1, both)).0, Receipt { accepted: 2, ..Receipt::default() });
}

#[test]
fn an_event_that_would_join_two_sessions_beyond_the_cap_is_refused() {
    let mut store = Store::default();
    let half = MAX_SESSION_EVENTS / 2;
    fill(&mut store, 1, 0, NOON, half);
    fill(&mut store, 1, 10_000, NOON + HOUR, half);
    let joining = vec![hit(50_000, NOON + 30 * MIN, view("/"))];
    let (receipt, removed) = store.take(delivery(ANNA, 1, joining));
    assert_eq!(receipt.refused, [Refusal { index: 50_000, reason: Reason::SessionFull }]);
    assert!(removed.is_empty());
    assert_eq!(store.sessions(ANNA).len(), 2);
}

#[test]
fn a_session_that_a_batch_fills_is_full_on_both_its_sides() {
    let last = NOON + MAX_SESSION_EVENTS as i64 - 2;
    for (filling, beyond) in [(last + 1, NOON - MAX_GAP_MS), (NOON - 1, last + MAX_GAP_MS)] {
        let mut store = Store::default();
        fill(&mut store, 1, 0, NOON, MAX_SESSION_EVENTS - 1);
        let (receipt, _) =
            store.take(delivery(ANNA, 1, vec![hit(20_000, filling, view("/")), hit(20_001, beyond, view("/"))]));
        assert_eq!(receipt.refused, [Refusal { index: 20_001, reason: Reason::SessionFull }]);
        assert_eq!(store.sessions(ANNA)[0].events.len(), MAX_SESSION_EVENTS);
    }
}

fn knowing(language: Text, country: Text) -> Client<Text> {
    Client { language, country, ..Client::default() }
}

#[test]
fn what_a_tab_tells_once_holds_for_all_its_events_in_either_order() {
    let told = Client { screen: Size(800, 600), ..knowing("ko-KR", "") };
    let first = Delivery { client: told.clone(), ..delivery(ANNA, 1, vec![hit(0, NOON, view("/"))]) };
    let second = Delivery {
        client: knowing("", "KR"),
        ..delivery(ANNA, 1, vec![hit(1, NOON, view("/")), hit(2, NOON + HOUR, view("/"))])
    };
    let whole = Client { country: "KR", ..told };
    for order in [[&first, &second], [&second, &first]] {
        let mut store = Store::default();
        for batch in order {
            store.take(copy(batch));
        }
        let clients: Vec<_> = store.sessions(ANNA).into_iter().map(|s| s.tabs[0].client.clone()).collect();
        assert_eq!(clients, [whole.clone(), whole.clone()]);
    }
}

#[test]
fn a_context_that_comes_with_repeated_events_only_is_still_learned() {
    let mut store = Store::default();
    store.take(delivery(ANNA, 1, vec![hit(0, NOON, view("/"))]));
    let again = Delivery { client: knowing("ko-KR", "KR"), ..delivery(ANNA, 1, vec![hit(0, NOON, view("/"))]) };
    assert_eq!(store.take(again).0.duplicate, 1);
    assert_eq!(store.sessions(ANNA)[0].tabs[0].client, knowing("ko-KR", "KR"));
}

#[test]
fn what_a_session_knows_of_a_tab_is_not_overwritten() {
    let mut store = Store::default();
    for (number, country) in [(0, "KR"), (1, "DE")] {
        let hits = vec![hit(number, NOON, view("/"))];
        store.take(Delivery { client: knowing("", country), ..delivery(ANNA, 1, hits) });
    }
    assert_eq!(store.sessions(ANNA)[0].tabs[0].client, knowing("", "KR"));
}

#[test]
fn another_tabs_context_is_its_own() {
    let mut store = Store::default();
    store.take(Delivery { client: knowing("ko", "KR"), ..delivery(ANNA, 1, vec![hit(0, NOON, view("/"))]) });
    store.take(delivery(ANNA, 2, vec![hit(0, NOON + 1, view("/"))]));
    assert_eq!(store.sessions(ANNA)[0].tabs[1].client, Client::default());
}

#[test]
fn a_row_of_another_layout_is_not_read() {
    let session = store(&[(ANNA, &[(NOON, view("/"))])]).sessions(ANNA)[0].encode();
    assert!(Session::decode(&session).is_ok());
    assert!(Session::decode(&[&[2], &session[1..]].concat()).is_err());
    assert!(Session::decode(&[]).is_err());
    assert!(Session::decode(&session[..session.len() - 1]).is_err());
}
