//! What watchers are told: laws of reports, rooms and frames, and a naive room beside the real one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::collections::{BTreeMap, HashMap};

use passerby_analytics::calendar::Zone;
use passerby_analytics::delivery::Delivery;
use passerby_analytics::live::{
    CURRENT_MS, Count, FEED_MS, Frame, MAX_FEED, MAX_NAMES, MAX_NEW_EVENTS, MAX_VISITORS, News, Outbox, Presence,
    Report, Room, Scene, USUAL_FLUSH_MS, WATCHED_MS, Watch,
};
use passerby_analytics::session::Session;
use passerby_analytics::sessionize::{absorb, seen_numbers};
use passerby_analytics::visitor::Visitor;
use support::plan::Plan;
use support::random::{Happened, Rng, deliveries, stream};
use support::*;

const SEEDS: u64 = 60;

fn watch() -> Watch {
    let until_ms = NOON + WATCHED_MS;
    Watch { site: "shop.example".into(), shard: 0, bits: 0, told_ms: NOON, until_ms, key: [3; 16], zone: Zone::utc() }
}

/// Streams whose events lie thick around now.
fn happened(rng: &mut Rng) -> Vec<Happened> {
    let instants = [NOON, NOON, NOON - 1, NOON - CURRENT_MS, NOON - CURRENT_MS - 1, NOON - FEED_MS, NOON - 7_000];
    let until_now = |event: Happened| Happened { at_ms: event.at_ms.min(NOON), ..event };
    stream(rng, &instants).into_iter().map(until_now).collect()
}

/// What a shard reports of its deliveries, one by one.
fn reported(deliveries: &[Vec<u8>], now_ms: i64) -> (Vec<Report>, Store) {
    let mut store = Store::default();
    let mut report = |bytes: &Vec<u8>| {
        let delivery: Delivery<&str> = postcard::from_bytes(bytes).unwrap();
        let (visitor, tab) = (delivery.visitor, delivery.tab);
        let existing: Vec<Session<&str>> = store.sessions(visitor);
        let seen = seen_numbers(&existing, tab);
        let change = absorb(existing, delivery);
        let report = Report::of_change(&watch(), visitor, tab, &seen, &change.write, now_ms);
        store.take(postcard::from_bytes(bytes).unwrap());
        report
    };
    (deliveries.iter().map(&mut report).collect(), store)
}

fn whole(store: &Store, bits: u32, now_ms: i64) -> Vec<Report> {
    store.shards(bits).iter().map(|shard| Report::of_segment(&watch(), shard, now_ms)).collect()
}

/// What a room shows after these reports.
fn scene(reports: impl IntoIterator<Item = Report>, now_ms: i64) -> Scene {
    let mut room = Room::default();
    reports.into_iter().for_each(|report| room.take(report));
    room.frame(now_ms);
    room.scene().unwrap().clone()
}

/// The same scene without what may rightly differ: an event's visit, which may be known to have begun earlier by now.
fn lists(scene: &Scene) -> (u32, [&Vec<Count>; 4]) {
    (scene.visitors, [&scene.pages, &scene.sources, &scene.countries, &scene.devices])
}

#[test]
fn what_is_told_change_by_change_is_what_the_stored_sessions_tell() {
    for seed in Plan::of(SEEDS) {
        let mut rng = Rng(seed);
        let happened = happened(&mut rng);
        let (reports, store) = reported(&deliveries(&mut rng, &happened), NOON);
        let (by_change, at_once) = (scene(reports, NOON), scene(whole(&store, 0, NOON), NOON));
        assert_eq!(lists(&by_change), lists(&at_once), "seed {seed}");
        let shown = |scene: &Scene| -> Vec<_> {
            scene.events.iter().map(|event| (event.at_ms, event.name.clone(), event.visitor.clone())).collect()
        };
        assert_eq!(shown(&by_change), shown(&at_once), "seed {seed}");
    }
}

#[test]
fn reports_join_in_any_order_and_any_number() {
    for seed in Plan::of(SEEDS) {
        let mut rng = Rng(seed);
        let happened = happened(&mut rng);
        let (mut reports, _) = reported(&deliveries(&mut rng, &happened), NOON);
        let in_order = scene(reports.clone(), NOON);
        let again: Vec<Report> = (0..4).filter_map(|_| reports.get(rng.below(reports.len().max(1))).cloned()).collect();
        reports.extend(again);
        rng.shuffle(&mut reports);
        assert_eq!(lists(&scene(reports.clone(), NOON)), lists(&in_order), "seed {seed}");
        let mut joined = Report::default();
        reports.into_iter().for_each(|report| joined.join(report));
        assert_eq!(lists(&scene([joined], NOON)), lists(&in_order), "seed {seed}");
    }
}

#[test]
fn shards_add_up_to_one() {
    for seed in Plan::of(SEEDS) {
        let mut rng = Rng(seed);
        let happened = happened(&mut rng);
        let (_, store) = reported(&deliveries(&mut rng, &happened), NOON);
        let one = scene(whole(&store, 0, NOON), NOON);
        for bits in [2, 4] {
            let mut reports = whole(&store, bits, NOON);
            rng.shuffle(&mut reports);
            assert_eq!(scene(reports, NOON), one, "seed {seed}, {bits} bits");
        }
    }
}

/// The scene by its definition: of each visitor the last event, where it is not older than five minutes.
#[test]
fn a_scene_is_what_a_naive_count_says_it_is() {
    for seed in Plan::of(SEEDS) {
        let mut rng = Rng(seed);
        let happened = happened(&mut rng);
        let (_, store) = reported(&deliveries(&mut rng, &happened), NOON);
        let now_ms = NOON + rng.pick(&[0, 1, 7_000, CURRENT_MS - 1, CURRENT_MS, CURRENT_MS + 1]);
        let mut last: HashMap<Visitor, &Happened> = HashMap::new();
        for event in &happened {
            let known = last.entry(event.visitor).or_insert(event);
            if (event.at_ms, tab(event.tab), event.number) > (known.at_ms, tab(known.tab), known.number) {
                *known = event;
            }
        }
        last.retain(|_, event| event.at_ms >= now_ms - CURRENT_MS);
        let mut pages: BTreeMap<&str, u32> = BTreeMap::new();
        last.values().for_each(|event| *pages.entry(event.page).or_default() += 1);
        let mut pages: Vec<_> = pages.into_iter().map(|(page, count)| (page.to_owned(), count)).collect();
        pages.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        // Asked at noon, shown later: visitors are gone when it is time.
        let scene = scene(whole(&store, 0, NOON), now_ms);
        assert_eq!(scene.visitors as usize, last.len(), "seed {seed}");
        let shown: Vec<_> = scene.pages.iter().map(|count| (count.name.clone(), count.visitors)).collect();
        assert_eq!(shown, pages, "seed {seed}");
        for list in lists(&scene).1 {
            assert_eq!(list.iter().map(|count| count.visitors).sum::<u32>(), scene.visitors, "seed {seed}");
            assert!(list.iter().all(|count| count.visitors > 0), "seed {seed}");
        }
    }
}

#[test]
fn changes_applied_to_a_scene_make_the_next_one_and_no_frame_is_larger_than_it_may_be() {
    for seed in Plan::of(SEEDS) {
        let mut rng = Rng(seed);
        let (mut room, mut shown, mut now_ms) = (Room::default(), Scene::default(), NOON);
        for step in 0..12 {
            for _ in 0..rng.below(3) {
                let happened = happened(&mut rng);
                let (reports, _) = reported(&deliveries(&mut rng, &happened), NOON);
                reports.into_iter().for_each(|report| room.take(report));
            }
            room.fail((0..rng.below(3) as u32).filter(|_| step % 4 == 1));
            now_ms += rng.pick(&[0, 250, 7_000, CURRENT_MS / 2]);
            match room.frame(now_ms) {
                None => {}
                Some(News::All(scene)) => {
                    assert_eq!(step, 0, "only what is told first is all");
                    shown = scene.clone();
                }
                Some(News::Changes(changes)) => {
                    assert!(changes.events.len() <= MAX_NEW_EVENTS);
                    shown.apply(&changes);
                }
            }
            assert_eq!(Some(&shown), room.scene(), "seed {seed}, step {step}");
            assert!(shown.events.len() <= MAX_FEED);
        }
    }
}

#[test]
fn where_nothing_is_different_nothing_is_told() {
    let mut room = Room::default();
    let report = Report { presences: [presence(1, NOON, "/")].into(), ..Report::default() };
    room.take(report.clone());
    assert!(matches!(room.frame(NOON), Some(News::All(_))));
    room.take(report);
    assert_eq!(room.frame(NOON + 1), None);
}

fn presence(visitor: u64, at_ms: i64, page: &str) -> (passerby_analytics::visitor::Handle, Presence) {
    let text = String::new;
    let presence =
        Presence { at_ms, events: 1, page: page.to_owned(), source: text(), country: text(), device: text() };
    (Visitor(visitor).handle(&[3; 16]), presence)
}

#[test]
fn a_visitor_is_there_for_five_minutes_and_gone_a_millisecond_later() {
    let mut room = Room::default();
    room.take(Report { presences: [presence(1, NOON, "/a"), presence(2, NOON + 5, "/b")].into(), ..Report::default() });
    let mut visitors = |now_ms| {
        room.frame(now_ms);
        (room.scene().unwrap().visitors, room.next_expiry_ms())
    };
    assert_eq!(visitors(NOON + CURRENT_MS), (2, Some(NOON + CURRENT_MS + 1)));
    assert_eq!(visitors(NOON + CURRENT_MS + 1), (1, Some(NOON + CURRENT_MS + 6)));
    assert_eq!(visitors(NOON + CURRENT_MS + 6), (0, None));
}

#[test]
fn what_is_empty_has_the_name_that_answers_give_it() {
    let scene = scene([Report { presences: [presence(1, NOON, "/a")].into(), ..Report::default() }], NOON);
    assert_eq!(scene.sources[0].name, "(Direct / None)");
    assert_eq!(scene.countries[0].name, "(not set)");
}

#[test]
fn of_many_names_the_first_50_are_shown_and_of_too_many_visitors_it_is_said() {
    let many = |count: u64| Report {
        presences: (0..count).map(|n| presence(n, NOON, &format!("/{n:06}"))).collect(),
        ..Report::default()
    };
    let shown = scene([many(MAX_VISITORS as u64 + 1)], NOON);
    assert_eq!((shown.visitors as usize, shown.and_more), (MAX_VISITORS, true));
    assert_eq!(shown.pages.len(), MAX_NAMES);
    assert!(!scene([many(60)], NOON).and_more);
}

#[test]
fn events_that_one_frame_cannot_hold_are_counted() {
    let mut room = Room::default();
    room.frame(NOON);
    let views: Vec<_> = (0..50).map(|n| (NOON - n, view("/"))).collect();
    let store = store(&[(ANNA, &views)]);
    room.take(whole(&store, 0, NOON).remove(0));
    let Some(News::Changes(changes)) = room.frame(NOON) else { panic!("something is different") };
    assert_eq!((changes.events.len(), changes.left_out), (MAX_NEW_EVENTS, 30));
    assert_eq!(changes.events[0].at_ms, NOON, "the newest are shown");
}

#[test]
fn what_trackers_measure_meanwhile_is_no_event_of_the_feed_but_somebody_who_is_there() {
    let engagement = passerby_protocol::Kind::Engagement(passerby_protocol::Engagement::default());
    let store = store(&[(ANNA, &[(NOON - 10 * MIN, view("/")), (NOON, engagement)])]);
    let scene = scene(whole(&store, 0, NOON), NOON);
    assert_eq!(scene.visitors, 1);
    assert_eq!(scene.events.iter().map(|event| event.kind.as_str()).collect::<Vec<_>>(), ["pageview"]);
}

#[test]
fn frames_are_json_with_their_type() {
    let frame = Frame::Refused { reason: "bad_message", title: "No" }.json();
    assert_eq!(frame, r#"{"type":"refused","reason":"bad_message","title":"No"}"#);
    let scene = Scene::default();
    let frame = Frame::Scene { seq: 7, at_ms: 8, scene: &scene }.json();
    assert!(frame.starts_with(r#"{"type":"scene","seq":7,"at_ms":8,"scene":{"visitors":0,"#), "{frame}");
}

fn something(visitors: u64) -> Report {
    Report { presences: (0..visitors).map(|n| presence(n, NOON, "/")).collect(), ..Report::default() }
}

#[test]
fn while_nobody_watches_nothing_is_sent_and_trackers_wait_a_minute() {
    let mut outbox = Outbox::default();
    outbox.note(something(1));
    assert_eq!((outbox.begin(NOON), outbox.hint_ms(NOON)), (None, USUAL_FLUSH_MS));
    outbox.watch(watch());
    assert_eq!((outbox.begin(NOON), outbox.hint_ms(NOON)), (Some(0), 250));
    assert_eq!((outbox.hint_ms(NOON + WATCHED_MS), outbox.take(NOON + WATCHED_MS)), (USUAL_FLUSH_MS, None));
}

#[test]
fn however_many_batches_come_a_report_is_sent_four_times_a_second() {
    let mut outbox = Outbox::default();
    outbox.watch(watch());
    let (mut sent, mut due_ms) = (0, None);
    for at_ms in NOON..NOON + 1000 {
        outbox.note(something(1));
        due_ms = due_ms.or_else(|| outbox.begin(at_ms).map(|wait_ms| at_ms + wait_ms));
        if due_ms == Some(at_ms) {
            assert!(outbox.take(at_ms).is_some());
            sent += 1;
            outbox.note(something(1));
            due_ms = outbox.next(at_ms).map(|wait_ms| at_ms + wait_ms);
        }
    }
    assert_eq!(sent, 4);
}

#[test]
fn a_report_that_failed_is_told_again_with_the_next() {
    let mut outbox = Outbox::default();
    outbox.watch(watch());
    outbox.note(something(2));
    assert_eq!(outbox.begin(NOON), Some(0));
    let (_, report) = outbox.take(NOON).unwrap();
    outbox.failed(report.clone(), NOON);
    let wait_ms = outbox.next(NOON).unwrap();
    assert!(wait_ms > 250, "a hub that fails is left alone for a while");
    assert_eq!(outbox.take(NOON + wait_ms), Some((watch(), report)));
    assert_eq!(outbox.next(NOON + wait_ms), None);
}

#[test]
fn what_was_to_be_told_when_somebody_was_erased_is_not_told_nor_told_again() {
    let mut outbox = Outbox::default();
    outbox.watch(watch());
    outbox.note(something(2));
    outbox.forget();
    assert_eq!(outbox.begin(NOON), None, "nothing waits");
    outbox.note(something(2));
    let (_, on_its_way) = outbox.take(NOON).unwrap();
    outbox.forget();
    outbox.failed(on_its_way, NOON);
    assert_eq!(outbox.take(NOON + 5_000), None);
    // What comes after that is told, and told again.
    outbox.note(something(1));
    let (_, report) = outbox.take(NOON + 5_000).unwrap();
    outbox.failed(report.clone(), NOON + 5_000);
    assert_eq!(outbox.take(NOON + 9_000), Some((watch(), report)));
}

#[test]
fn one_report_tells_of_2000_visitors_and_the_next_of_the_others() {
    let mut outbox = Outbox::default();
    outbox.watch(watch());
    outbox.note(something(4_500));
    let sizes = [0, 1, 2].map(|n| outbox.take(NOON + n).map_or(0, |(_, report)| report.presences.len()));
    assert_eq!(sizes, [2_000, 2_000, 500]);
    assert_eq!(outbox.take(NOON + 9), None);
}

#[test]
fn the_later_word_of_who_watches_counts_in_whatever_order_they_come() {
    let over = Watch { told_ms: NOON + 1, until_ms: NOON + 1, ..watch() };
    for words in [[watch(), over.clone()], [over, watch()]] {
        let mut outbox = Outbox::default();
        words.into_iter().for_each(|word| outbox.watch(word));
        assert_eq!(outbox.watched(NOON + 2), None);
    }
}
