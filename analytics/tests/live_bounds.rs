//! What a hub and its watchers hold has bounds, whatever people send: in visitors and in bytes.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use passerby_analytics::calendar::Zone;
use passerby_analytics::live::{CURRENT_MS, MAX_ROOM_BYTES, MAX_VISITORS, Presence, Report, Room, WATCHED_MS, Watch};
use passerby_analytics::segment::{Builder, Segment};
use passerby_analytics::sessionize::absorb;
use passerby_analytics::visitor::Visitor;
use support::*;

/// Bytes of names that watchers are shown, and of all that is known of somebody's presence at the most: four names, twice.
const NAME_BYTES: usize = 200;
const PRESENCE_BYTES: usize = 200 + 8 * NAME_BYTES;

fn watch(bits: u32) -> Watch {
    let until_ms = NOON + WATCHED_MS;
    Watch { site: "shop.example".into(), shard: 0, bits, told_ms: NOON, until_ms, key: [3; 16], zone: Zone::utc() }
}

/// So many people, each on a page whose name is as long as an address may be.
fn on_long_pages(visitors: usize) -> Segment {
    let mut builder = Builder::default();
    for number in 0..visitors as u64 {
        let path: Text = format!("/{number:06}/{}", "x".repeat(2_000)).leak();
        let change = absorb(Vec::new(), delivery(Visitor(number), number, vec![hit(0, NOON, view(path))]));
        change.write.iter().for_each(|session| builder.add(Visitor(number), session));
    }
    builder.build()
}

fn bytes(presence: &Presence) -> usize {
    let Presence { page, source, country, device, .. } = presence;
    page.len() + source.len() + country.len() + device.len()
}

#[test]
fn names_and_events_are_told_by_their_beginning() {
    let report = Report::of_segment(&watch(0), &on_long_pages(1), NOON);
    let pages = report.presences.values().map(|presence| &presence.page);
    let pages: Vec<_> = pages.chain(report.events.iter().map(|event| &event.page)).collect();
    assert_eq!(pages.len(), 2);
    assert!(pages.iter().all(|page| page.len() <= NAME_BYTES && page.starts_with("/000000/x") && page.ends_with('…')));
    let (_, entry) = report.events[0].visit.iter().find(|(name, _)| name == "visit:entry_page").unwrap();
    assert!(entry.len() <= NAME_BYTES);
}

#[test]
fn a_report_of_all_there_is_has_its_shards_part_of_a_hubs_room_and_says_whether_there_are_more() {
    let visitors = 6_000;
    let segment = on_long_pages(visitors);
    let told = |bits| {
        let report = Report::of_segment(&watch(bits), &segment, NOON);
        let names: usize = report.presences.values().map(bytes).sum();
        (report.presences.len(), names, report.untold_at_ms)
    };
    assert_eq!(told(0), (visitors, told(0).1, 0), "one shard may fill the hub by itself");
    let (few, names, untold_at_ms) = told(6);
    assert!(few < visitors && few > 1_500 && names <= MAX_ROOM_BYTES >> 6, "{few}, {names} bytes");
    assert_eq!(untold_at_ms, NOON);
}

#[test]
fn a_room_is_full_by_bytes_too_and_has_place_again_when_people_have_gone() {
    let mut room = Room::default();
    let name = |n: usize| format!("{n:06}{}", "x".repeat(NAME_BYTES - 6));
    let somebody = |n: usize, at_ms| {
        let [page, source, country, device] = [name(n), name(n), name(n), name(n)];
        (Visitor(n as u64).handle(&[3; 16]), Presence { at_ms, events: 1, page, source, country, device })
    };
    let everybody =
        |at_ms| Report { presences: (0..30_000).map(|n| somebody(n, at_ms)).collect(), ..Report::default() };
    let mut shown = |report, now_ms| {
        room.take(report);
        room.frame(now_ms);
        let scene = room.scene().unwrap();
        (scene.visitors as usize, scene.and_more)
    };
    let fit = MAX_ROOM_BYTES / PRESENCE_BYTES;
    const { assert!(MAX_ROOM_BYTES / PRESENCE_BYTES < 30_000 && 30_000 < MAX_VISITORS) };
    assert_eq!(shown(everybody(NOON), NOON), (fit, true));
    assert_eq!(shown(everybody(NOON + 1), NOON + 1), (fit, true), "who is there may move on");
    let gone_ms = NOON + 1 + CURRENT_MS + 1;
    assert_eq!(shown(Report::default(), gone_ms), (0, false));
    assert_eq!(shown(everybody(gone_ms), gone_ms), (fit, true));
}
