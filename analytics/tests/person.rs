//! Erasing a person leaves what there would be without them, byte by byte.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use passerby_analytics::person::Person;
use passerby_analytics::report::Question;
use passerby_analytics::segment::Segment;
use passerby_analytics::visitor::Visitor;
use support::plan::Plan;
use support::questions::question;
use support::random::{Happened, Rng, stored};
use support::reports::{everything, scope};
use support::*;

const ALWAYS: i64 = i64::MAX;

fn of_visitor(visitor: Visitor) -> Person {
    Person { visitors: BTreeSet::from([visitor]), until_ms: ALWAYS, ..Person::default() }
}

/// A user as the shards find them: in rows, or in segments.
fn of_user(user: &str, store: &Store, packed: bool) -> Person {
    let mut person = Person { user: user.to_owned(), until_ms: ALWAYS, ..Person::default() };
    if packed {
        person.known_as = store.shards(0).iter().flat_map(|segment| person.known_in(segment)).collect();
    } else {
        store.rows().for_each(|(visitor, session)| person.recognise(visitor, &session));
        person.tabs.clear();
    }
    person
}

/// A segment without a person, as a shard makes it.
fn without(segment: &Segment, person: &Person) -> Segment {
    segment.without(&person.places_in(segment))
}

/// What of the stream is not in a visit of the user's, by the definition read aloud: visits are cut anew here.
fn without_user(happened: &[Happened], user: &str) -> Vec<Happened> {
    let mut by_visitor: BTreeMap<Visitor, Vec<&Happened>> = BTreeMap::new();
    happened.iter().for_each(|event| by_visitor.entry(event.visitor).or_default().push(event));
    let mut rest = Vec::new();
    for events in by_visitor.values_mut() {
        events.sort_by_key(|event| event.at_ms);
        let is_known = events.iter().any(|event| event.user == user);
        for visit in events.chunk_by(|a, b| b.at_ms - a.at_ms <= 30 * MIN) {
            let has = |name: &str| visit.iter().any(|event| event.user == name);
            let nobody = visit.iter().all(|event| event.user.is_empty());
            if !(has(user) || is_known && nobody) {
                rest.extend(visit.iter().map(|event| (*event).clone()));
            }
        }
    }
    rest
}

/// Both ways to erase leave what a store has that only ever saw the rest: rows, segments, and so every answer.
fn leaves(store: &Store, person: &Person, rest: &[Happened], rng: &mut Rng, about: &str) {
    let expected = stored(rng, rest);
    assert_eq!(store.without(person), expected, "rows: {about}");
    for bits in [0, 2] {
        let (whole, expected) = (store.shards(bits), expected.shards(bits));
        for (segment, expected) in whole.iter().zip(&expected) {
            assert_eq!(without(segment, person).bytes(), expected.bytes(), "packed, {bits} bits: {about}");
        }
    }
}

#[test]
fn erasing_a_visitor_leaves_what_there_would_be_without_them() {
    for seed in Plan::of(150) {
        let mut rng = Rng(seed);
        let happened = everything(&mut rng, &[NOON, NOON + 12 * HOUR]);
        let store = stored(&mut rng, &happened);
        let visitors: BTreeSet<Visitor> = happened.iter().map(|event| event.visitor).collect();
        for visitor in visitors {
            let rest: Vec<_> = happened.iter().filter(|event| event.visitor != visitor).cloned().collect();
            leaves(&store, &of_visitor(visitor), &rest, &mut rng, &format!("seed {seed}, {visitor:?}"));
        }
    }
}

#[test]
fn erasing_a_user_leaves_what_there_would_be_without_their_visits() {
    let mut erased = 0;
    for seed in Plan::of(150) {
        let mut rng = Rng(seed);
        let happened = everything(&mut rng, &[NOON, NOON + 12 * HOUR]);
        let store = stored(&mut rng, &happened);
        for user in ["u1", "u2"] {
            let person = of_user(user, &store, false);
            assert_eq!(of_user(user, &store, true), person, "rows and segments know the same, seed {seed}");
            let rest = without_user(&happened, user);
            erased += happened.len() - rest.len();
            leaves(&store, &person, &rest, &mut rng, &format!("seed {seed}, {user}"));
        }
    }
    assert!(erased > 100, "the streams hold users");
}

#[test]
fn erasing_a_tab_leaves_what_there_would_be_without_it_and_cuts_visits_that_it_held_together() {
    let mut cut = 0;
    for seed in Plan::of(150) {
        let mut rng = Rng(seed);
        let happened = everything(&mut rng, &[NOON, NOON + 12 * HOUR]);
        let store = stored(&mut rng, &happened);
        let tabs: BTreeSet<u64> = happened.iter().map(|event| event.tab).collect();
        for number in tabs {
            let person = Person { tabs: BTreeSet::from([tab(number)]), until_ms: ALWAYS, ..Person::default() };
            let rest: Vec<_> = happened.iter().filter(|event| event.tab != number).cloned().collect();
            let left = store.without(&person);
            assert_eq!(left, stored(&mut rng, &rest), "seed {seed}, tab {number}");
            cut += usize::from(left.rows().count() > store.rows().count());
        }
    }
    assert!(cut > 0, "some visits are cut");
}

/// The law as reports see it: asked of shards from which a person was erased, each answers what it answers without them.
#[test]
fn every_report_answers_as_if_that_person_had_never_been() {
    for seed in Plan::of(20) {
        let mut rng = Rng(seed);
        let happened = everything(&mut rng, &[NOON]);
        let store = stored(&mut rng, &happened);
        let Some(visitor) = happened.first().map(|event| event.visitor) else { continue };
        let person = of_visitor(visitor);
        let rest: Vec<_> = happened.iter().filter(|event| event.visitor != visitor).cloned().collect();
        let never = stored(&mut rng, &rest);
        for name in Question::NAMES {
            let asked = question(&mut rng, name, scope());
            let answer = |shards: Vec<Segment>| {
                let partials: Vec<_> =
                    shards.iter().map(|shard| asked.fold(None, std::iter::once(shard)).unwrap()).collect();
                asked.answer(&partials).unwrap()
            };
            let erased = store.shards(2).iter().map(|shard| without(shard, &person)).collect();
            assert_eq!(answer(erased), answer(never.shards(2)), "seed {seed}, {asked:?}");
        }
    }
}

#[test]
fn a_visit_that_began_after_the_erasure_is_not_meant() {
    let store = store(&[(ANNA, &[(NOON, view("/")), (NOON + HOUR, view("/late"))])]);
    let person = |until_ms| Person { until_ms, ..of_visitor(ANNA) };
    assert_eq!(store.without(&person(NOON - 1)), store);
    assert_eq!(store.without(&person(NOON)).outline(ANNA), [(NOON + HOUR, NOON + HOUR, 1)]);
    assert_eq!(store.without(&person(NOON + HOUR)), Store::default());
    assert_eq!(person(NOON).places_in(&store.shards(0)[0]), [0]);
}

#[test]
fn what_is_erased_is_named_so_that_it_is_known_when_it_comes_again() {
    let store = store(&[(ANNA, &[(NOON, view("/")), (NOON + 1, view("/b"))]), (BEN, &[(NOON, view("/"))])]);
    let mut rows = store.rows();
    let (visitor, session) = rows.next().unwrap();
    let left = of_visitor(ANNA).leave(visitor, session).unwrap();
    assert_eq!((left.sessions, left.erased), (vec![], vec![(tab(0), 0), (tab(0), 1)]));
    let (visitor, session) = rows.next().unwrap();
    assert_eq!(of_visitor(ANNA).leave(visitor, session), None);
}

/// What a person is told is the same of rows and of packed days, but for what these do not keep.
#[test]
fn a_person_is_told_every_event_whether_it_is_packed_or_not() {
    for seed in Plan::of(60) {
        let mut rng = Rng(seed);
        let happened = everything(&mut rng, &[NOON]);
        let store = stored(&mut rng, &happened);
        let Some(visitor) = happened.first().map(|event| event.visitor) else { continue };
        let person = of_visitor(visitor);
        let of_rows: Vec<_> = store.rows().filter_map(|(of, session)| person.tell_session(of, &session)).collect();
        let packed = person.tell_segment(&store.shards(0)[0]);
        let outline = |visits: &[serde_json::Value]| {
            let visit = |visit: &serde_json::Value| {
                let events = visit["events"].as_array().unwrap().iter().map(|event| {
                    let kind = event
                        .as_object()
                        .unwrap()
                        .keys()
                        .find(|key| passerby_protocol::Kind::<&str>::LABELS.contains(&key.as_str()));
                    (event["at_ms"].clone(), event["page"].clone(), event["user"].clone(), kind.cloned())
                });
                (visit["start_ms"].clone(), visit["visit"].clone(), events.collect::<Vec<_>>())
            };
            visits.iter().map(visit).collect::<Vec<_>>()
        };
        assert_eq!(outline(&packed), outline(&of_rows), "seed {seed}");
        let told: usize = packed.iter().map(|visit| visit["events"].as_array().unwrap().len()).sum();
        assert_eq!(told, happened.iter().filter(|event| event.visitor == visitor).count());
    }
}

#[test]
fn a_damaged_segment_is_read_without_a_panic() {
    let happened = everything(&mut Rng(5), &[NOON]);
    let bytes = stored(&mut Rng(5), &happened).shards(0)[0].bytes().to_vec();
    for at in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x55;
        if let Ok(segment) = Segment::parse(damaged) {
            let _ = segment.visits_again().take(1_000).count();
        }
    }
}
