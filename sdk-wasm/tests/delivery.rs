//! Delivery, driven through made-up time against a collector that answers as told.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use passerby_protocol::{Size, VisitorId, limits};
use passerby_sdk::tracker::{DEFAULT_FLUSH_MS, Dropped, Outcome, Settings, Tracker};
use support::*;

const MINUTE_MS: u64 = 60_000;

#[test]
fn a_batch_waits_a_minute_for_company() {
    let mut t = tracker();
    t.push(custom("a"), 1_000);
    t.push(custom("b"), 30_000);
    assert_eq!(t.next_wake(30_000), Some(31_000));
    assert!(t.poll(60_999, 0).is_none());
    let send = t.poll(61_000, 0).unwrap();
    assert_eq!(read(&send).names, ["a", "b"]);
}

#[test]
fn the_first_batch_goes_out_when_it_is_told_to() {
    let mut t = tracker();
    t.push(pageview("/"), 0);
    t.flush();
    assert!(t.poll(1, 0).is_some());
    t.push(custom("later"), 2);
    assert!(t.poll(2, 0).is_none(), "a flush is for what was there");
}

#[test]
fn times_are_relative_to_the_sending_however_often_it_is_sent() {
    let mut t = tracker();
    t.push(custom("a"), 1_000);
    t.push(custom("b"), 1_250);
    t.flush();
    let send = t.poll(2_000, 1_792_000_000_000).unwrap();
    let batch = read(&send);
    assert_eq!((batch.sent_at_ms, &batch.after_ms[..]), (1_792_000_000_000, &[-1_000, 250][..]));

    t.on_result(send.id, Outcome::Lost, 2_500);
    let again = read(&t.poll(9_000, 1_792_000_007_000).unwrap());
    assert_eq!((again.sent_at_ms, &again.after_ms[..]), (1_792_000_007_000, &[-8_000, 250][..]));
    assert_eq!((again.first, again.tab), (batch.first, batch.tab));
}

#[test]
fn a_reply_shortens_the_buffer_but_the_usual_minute_does_not_lengthen_the_sites() {
    for (option_ms, hint_ms, expected_ms) in
        [(MINUTE_MS, 500, 500), (MINUTE_MS, 0, 100), (5_000, 60_000, 5_000), (300_000, 60_000, 300_000)]
    {
        let mut t = Tracker::new(settings(option_ms as u32));
        deliver(&mut t, 0, hint_ms);
        t.push(custom("a"), 10_000);
        assert_eq!(t.next_wake(10_000), Some(expected_ms), "{option_ms} {hint_ms}");
    }
}

#[test]
fn the_ticket_of_a_reply_is_sent_back() {
    let mut t = tracker();
    deliver(&mut t, 0, DEFAULT_FLUSH_MS);
    t.push(custom("a"), 1);
    t.flush();
    assert_eq!(read(&t.poll(1, 0).unwrap()).ticket, TICKET);
}

#[test]
fn the_context_is_said_until_a_reply_and_again_after_half_an_hour() {
    let mut t = tracker();
    let has_context = |t: &mut Tracker, at_ms: u64, outcome: Outcome| {
        t.push(custom("a"), at_ms);
        t.leave();
        let send = t.poll(at_ms, 0).unwrap();
        t.on_result(send.id, outcome, at_ms);
        read(&send).has_context
    };
    assert!(has_context(&mut t, 0, failed(503)));
    assert!(has_context(&mut t, 1, answered(DEFAULT_FLUSH_MS)));
    assert!(!has_context(&mut t, 30 * MINUTE_MS, answered(DEFAULT_FLUSH_MS)));
    assert!(has_context(&mut t, 60 * MINUTE_MS, answered(DEFAULT_FLUSH_MS)));
}

#[test]
fn the_header_says_page_user_and_window_where_the_batch_begins() {
    let mut t = tracker();
    t.push(pageview("/a"), 0);
    t.push(identify("u1"), 1);
    t.push(resize(300, 400), 2);
    t.flush();
    let first = read(&t.poll(2, 0).unwrap());
    assert_eq!((&first.page[..], &first.user[..], first.viewport), ("", "", VIEWPORT));

    t.push(custom("b"), 3);
    t.flush();
    let second = read(&t.poll(3, 0).unwrap());
    assert_eq!((&second.page[..], &second.user[..], second.viewport), ("/a", "u1", Size(300, 400)));
    assert_eq!(second.first, 3);
}

#[test]
fn a_tab_that_begins_on_a_page_says_so() {
    let mut t = Tracker::new(Settings { page: "/here".into(), ..settings(DEFAULT_FLUSH_MS) });
    t.push(custom("a"), 0);
    t.flush();
    assert_eq!(read(&t.poll(0, 0).unwrap()).page, "/here");
}

#[test]
fn the_visitors_own_id_is_sent_from_when_it_is_known_and_with_what_is_unsent() {
    let mut t = tracker();
    let id = VisitorId([7; 16]);
    for (visitor, expected) in [(Some(id), Some(id)), (None, None)] {
        t.push(custom("a"), 0);
        t.set_visitor(visitor);
        t.flush();
        assert_eq!(read(&t.poll(0, 0).unwrap()).visitor, expected);
    }
}

#[test]
fn a_title_that_comes_late_is_the_newest_pages() {
    let mut t = tracker();
    t.push(pageview("/a"), 0);
    t.title("A".into());
    t.push(pageview("/b"), 1);
    t.title("B".into());
    t.title("something else".into());
    t.flush();
    assert_eq!(read(&t.poll(1, 0).unwrap()).names, ["/a A", "/b B"]);
}

#[test]
fn failures_are_retried_with_growing_pauses_until_they_end() {
    for failure in [|| failed(500), || failed(503), || failed(429), || failed(408), || Outcome::Lost, captive_portal] {
        let mut t = tracker();
        t.push(custom("a"), 0);
        t.flush();
        let mut now_ms = 0;
        for failures in 0..12_u32 {
            let send = t.poll(now_ms, 0).expect("due");
            t.on_result(send.id, failure(), now_ms);
            let wait_ms = t.next_wake(now_ms).unwrap();
            assert!(wait_ms < 1_000 << failures.min(8), "{wait_ms}");
            assert!(wait_ms == 0 || t.poll(now_ms + wait_ms - 1, 0).is_none());
            now_ms += wait_ms;
        }
        let send = t.poll(now_ms, 0).unwrap();
        t.on_result(send.id, answered(DEFAULT_FLUSH_MS), now_ms);
        assert!(t.is_idle());
    }
}

#[test]
fn requests_that_fail_together_are_one_failure() {
    for (outcomes, longest_ms) in [(["503"; 7], 1_000), (["503", "lost", "503", "lost", "lost", "503", "429"], 3_000)] {
        let mut t = tracker();
        let flying: Vec<_> = (0..7)
            .map(|at_ms| {
                t.push(custom("a"), at_ms);
                t.flush();
                t.poll(at_ms, 0).unwrap().id
            })
            .collect();
        for (id, outcome) in flying.into_iter().zip(outcomes) {
            let outcome = match outcome {
                "lost" => Outcome::Lost,
                "429" => Outcome::Failed { status: 429, retry_after_s: 2 },
                _ => failed(503),
            };
            t.on_result(id, outcome, 100);
        }
        let wait_ms = t.next_wake(100).unwrap();
        assert!(wait_ms <= longest_ms, "{wait_ms}");
        assert!(longest_ms == 1_000 || wait_ms >= 2_000, "the longest wait that was asked for holds: {wait_ms}");
        // What fails after them is a try of its own.
        let mut now_ms = 100 + wait_ms;
        for failures in 1..8 {
            let again = t.poll(now_ms, 0).unwrap();
            t.on_result(again.id, failed(503), now_ms + 50);
            let wait_ms = t.next_wake(now_ms + 50).unwrap();
            assert!(wait_ms < 1_000 << failures, "{wait_ms} after {failures}");
            now_ms += 50 + wait_ms;
        }
    }
}

#[test]
fn retry_after_is_respected() {
    let mut t = tracker();
    t.push(custom("a"), 0);
    t.flush();
    let send = t.poll(0, 0).unwrap();
    t.on_result(send.id, Outcome::Failed { status: 429, retry_after_s: 7 }, 0);
    let wait_ms = t.next_wake(0).unwrap();
    assert!((7_000..8_000).contains(&wait_ms), "{wait_ms}");
}

#[test]
fn while_the_collector_fails_one_request_at_a_time_asks_for_it() {
    let mut t = tracker();
    for at_ms in 0..3 {
        t.push(custom("a"), at_ms);
        t.flush();
    }
    let send = t.poll(3, 0).unwrap();
    t.on_result(send.id, failed(503), 3);
    t.push(custom("b"), 4);
    t.flush();
    let probe = t.poll(5_000, 0).unwrap();
    assert!(t.poll(5_000, 0).is_none());
    t.on_result(probe.id, answered(DEFAULT_FLUSH_MS), 5_001);
    assert_eq!(read(&t.poll(5_001, 0).unwrap()).names, ["b"]);
}

#[test]
fn the_network_coming_back_ends_the_pause() {
    let mut t = tracker();
    t.push(custom("a"), 0);
    t.flush();
    let send = t.poll(0, 0).unwrap();
    t.on_result(send.id, Outcome::Failed { status: 503, retry_after_s: 600 }, 0);
    t.online();
    assert!(t.poll(1, 0).is_some());
}

#[test]
fn a_network_that_is_said_to_be_back_too_early_is_tried_again_soon() {
    let mut t = tracker();
    t.push(custom("a"), 0);
    t.flush();
    let mut now_ms = 0;
    for _ in 0..10 {
        let send = t.poll(now_ms, 0).unwrap();
        t.on_result(send.id, Outcome::Lost, now_ms);
        now_ms += t.next_wake(now_ms).unwrap();
    }
    t.online();
    let send = t.poll(now_ms, 0).unwrap();
    t.on_result(send.id, Outcome::Lost, now_ms);
    assert!(t.next_wake(now_ms).unwrap() < 2_000);
}

#[test]
fn what_nobody_answers_for_a_minute_is_sent_again() {
    let mut t = tracker();
    t.push(custom("a"), 0);
    t.flush();
    let lost = t.poll(0, 0).unwrap();
    assert_eq!(t.next_wake(0), Some(MINUTE_MS));
    let mut now_ms = MINUTE_MS;
    let again = t.poll(now_ms, 0).or_else(|| {
        now_ms += t.next_wake(now_ms).unwrap();
        t.poll(now_ms, 0)
    });
    let again = again.unwrap();
    t.on_result(lost.id, failed(400), now_ms);
    t.on_result(again.id, answered(DEFAULT_FLUSH_MS), now_ms);
    assert!(t.is_idle());
    assert_eq!(t.dropped(Dropped::Refused), 0, "a late result is of nobody's concern");
}

#[test]
fn what_the_collector_refuses_for_good_is_not_repeated() {
    for status in [400, 401, 403, 404, 405] {
        let mut t = tracker();
        t.push(custom("a"), 0);
        t.push(custom("b"), 0);
        t.flush();
        let send = t.poll(0, 0).unwrap();
        t.on_result(send.id, failed(status), 0);
        assert!(t.is_idle(), "{status}");
        assert_eq!(t.dropped(Dropped::Refused), 2);
    }
}

#[test]
fn a_batch_that_is_too_large_is_halved_down_to_the_event_that_is() {
    let mut t = tracker();
    t.push(pageview("/a"), 0);
    for i in 1..8 {
        t.push(custom(&i.to_string()), i);
    }
    t.flush();
    let mut delivered = Vec::new();
    while let Some(send) = t.poll(100, 0) {
        let batch = read(&send);
        let too_large = batch.names.contains(&"5".to_string());
        t.on_result(send.id, if too_large { failed(413) } else { answered(DEFAULT_FLUSH_MS) }, 100);
        if !too_large {
            assert_eq!(batch.page, if batch.first == 0 { "" } else { "/a" });
            delivered.extend(batch.numbers());
        }
    }
    delivered.sort_unstable();
    assert_eq!(delivered, [0, 1, 2, 3, 4, 6, 7]);
    assert_eq!(t.dropped(Dropped::TooLarge), 1);
    assert!(t.is_idle());
}

#[test]
fn leaving_sends_everything_at_once_and_only_once() {
    let mut t = tracker();
    t.push(custom("a"), 0);
    t.flush();
    let failing = t.poll(0, 0).unwrap();
    t.on_result(failing.id, Outcome::Failed { status: 503, retry_after_s: 60 }, 0);
    t.push(custom("b"), 1);
    t.leave();
    assert_eq!(read(&t.poll(2, 0).unwrap()).names, ["a"]);
    assert_eq!(read(&t.poll(2, 0).unwrap()).names, ["b"]);
    assert!(t.poll(2, 0).is_none());
    t.leave();
    assert!(t.poll(3, 0).is_none(), "both are in requests that outlive the page");
}

#[test]
fn requests_that_outlive_the_page_stay_within_what_browsers_allow() {
    let mut t = tracker();
    for i in 0..limits::MAX_EVENTS as u64 {
        t.push(custom(&noise(i, 180)), i);
    }
    t.flush();
    let (mut kept_alive, mut mortal) = (0, Vec::new());
    while let Some(send) = t.poll(1_000, 0) {
        assert!(send.bytes.len() <= limits::MAX_BATCH_BYTES);
        if send.keepalive {
            kept_alive += send.bytes.len();
        } else {
            mortal.push(send.id);
        }
    }
    assert!(kept_alive <= 64 * 1024, "{kept_alive}");
    assert!(!mortal.is_empty());

    // On leaving, those that die with the page are sent again.
    t.leave();
    let again = std::iter::from_fn(|| t.poll(1_001, 0)).count();
    assert_eq!(again, mortal.len());
}

#[test]
fn a_heavy_queue_does_not_wait() {
    let mut t = tracker();
    for i in 0..200 {
        t.push(custom(&noise(i, 180)), i);
    }
    assert!(t.poll(200, 0).is_some());
}

#[test]
fn a_full_queue_drops_its_oldest_and_counts_it() {
    let mut t = tracker();
    t.push(pageview("/lost"), 0);
    for i in 0..limits::MAX_EVENTS as u64 {
        t.push(custom("a"), i);
    }
    assert_eq!(t.dropped(Dropped::QueueFull), 1);
    t.flush();
    let batch = read(&t.poll(5_000, 0).unwrap());
    assert_eq!((batch.first, &batch.page[..]), (1, "/lost"));
}

#[test]
fn every_reason_to_drop_has_a_name_of_its_own() {
    let mut labels: Vec<_> = Dropped::ALL.iter().map(|reason| reason.label()).collect();
    labels.dedup();
    assert_eq!(labels.len(), Dropped::ALL.len());
    for (place, reason) in Dropped::ALL.into_iter().enumerate() {
        assert_eq!(reason as usize, place);
    }
}
