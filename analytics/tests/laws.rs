//! Laws of sessions over random visits: what is stored depends on what happened and on nothing else.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use passerby_analytics::delivery::{Delivery, Hit};
use passerby_analytics::session::{MAX_GAP_MS, Session, SessionEvent, Tab};
use passerby_analytics::sessionize::absorb;
use passerby_protocol::{Kind, Order, Size};
use support::random::{Rng, deliveries, stream};
use support::*;

/// A hit's visitor and tab, and what a batch of theirs holds of it.
type Raw = (usize, u64, Hit<Text>);

/// A batch: its visitor, its tab, its hits.
type RawBatch = (usize, u64, Vec<Hit<Text>>);

/// Hits of two visitors in two tabs each, their times a boundary apart, numbered in the order of their times.
fn hits() -> impl Strategy<Value = Vec<Raw>> {
    let gap = select(vec![0, 1, 5_000, MAX_GAP_MS - 1, MAX_GAP_MS, MAX_GAP_MS + 1, 3 * HOUR]);
    let kind = select(vec![view("/"), view("/a"), custom("Signup"), passive("Seen")]);
    vec((0usize..2, 0u64..2, gap, kind), 1..30).prop_map(|list| {
        let (mut clocks, mut numbers) = ([NOON; 2], [[0; 2]; 2]);
        let hit = |(visitor, tab, gap, kind): (usize, u64, i64, _)| {
            clocks[visitor] += gap;
            let number = &mut numbers[visitor][tab as usize];
            *number += 1;
            (visitor, tab, hit(*number, clocks[visitor], kind))
        };
        list.into_iter().map(hit).collect()
    })
}

/// The same hits in batches of a tab each, cut anywhere, in any order, some of them again or within another.
fn delivered() -> impl Strategy<Value = (Vec<Raw>, Vec<RawBatch>)> {
    (hits(), vec((1usize..6, 0usize..3), 30)).prop_flat_map(|(hits, cuts)| {
        let mut batches = Vec::new();
        for (visitor, tab) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
            let of_tab: Vec<_> = hits.iter().filter(|h| (h.0, h.1) == (visitor, tab)).map(|h| h.2.clone()).collect();
            let mut from = 0;
            for (length, overlap) in &cuts {
                let to = (from + length).min(of_tab.len());
                batches.push((visitor, tab, of_tab[from.saturating_sub(*overlap).min(to)..to].to_vec()));
                if *overlap == 2 {
                    batches.extend(batches.last().cloned());
                }
                from = to;
            }
        }
        batches.retain(|batch| !batch.2.is_empty());
        (Just(hits), Just(batches).prop_shuffle())
    })
}

fn batch(visitor: usize, tab: u64, hits: Vec<Hit<Text>>) -> Delivery<Text> {
    let received_ms = NOON + 60 * HOUR;
    Delivery { received_ms, ..delivery([ANNA, BEN][visitor], visitor as u64 * 10 + tab, hits) }
}

/// One batch a tab, in the order of what happened.
fn all_at_once(hits: &[Raw]) -> Store {
    let mut store = Store::default();
    for (visitor, tab) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
        let of_tab = hits.iter().filter(|h| (h.0, h.1) == (visitor, tab)).map(|h| h.2.clone()).collect();
        store.take(batch(visitor, tab, of_tab));
    }
    store
}

proptest! {
    #[test]
    fn sessions_depend_only_on_what_happened((hits, batches) in delivered()) {
        let (mut store, mut accepted, mut duplicate) = (Store::default(), 0, 0);
        let sent: usize = batches.iter().map(|b| b.2.len()).sum();
        for (visitor, tab, hits) in batches {
            let (receipt, _) = store.take(batch(visitor, tab, hits));
            prop_assert!(receipt.refused.is_empty());
            accepted += receipt.accepted as usize;
            duplicate += receipt.duplicate as usize;
        }
        prop_assert_eq!(accepted, hits.len(), "every distinct event is counted once");
        prop_assert_eq!(accepted + duplicate, sent, "received = accepted + duplicate");
        prop_assert_eq!(store, all_at_once(&hits));
    }

    #[test]
    fn sessions_are_cut_where_more_than_the_gap_lies_and_nowhere_else((hits, _) in delivered()) {
        let store = all_at_once(&hits);
        for (place, visitor) in [ANNA, BEN].into_iter().enumerate() {
            let mut times: Vec<i64> = hits.iter().filter(|h| h.0 == place).map(|h| h.2.at_ms).collect();
            times.sort_unstable();
            let cut: Vec<(i64, i64, usize)> = times
                .chunk_by(|a, b| b - a <= 1_800_000)
                .map(|run| (run[0], run[run.len() - 1], run.len()))
                .collect();
            prop_assert_eq!(store.outline(visitor), cut);
        }
    }

    #[test]
    fn a_repeated_batch_changes_nothing((hits, batches) in delivered()) {
        let mut store = all_at_once(&hits);
        let before = store.clone();
        for (visitor, tab, hits) in batches {
            let change = absorb(store.sessions([ANNA, BEN][visitor]), batch(visitor, tab, hits.clone()));
            prop_assert!(change.write.is_empty() && change.remove.is_empty(), "no row is written");
            store.take(batch(visitor, tab, hits));
        }
        prop_assert_eq!(store, before);
    }

    #[test]
    fn what_tabs_tell_does_not_depend_on_the_order_either(seed in any::<u64>()) {
        let mut rng = Rng(seed);
        let happened = stream(&mut rng, &[NOON]);
        let mut batches = deliveries(&mut rng, &happened);
        let mut stores = [Store::default(), Store::default()];
        for (round, store) in stores.iter_mut().enumerate() {
            for bytes in &batches {
                store.take(postcard::from_bytes(bytes).unwrap());
            }
            if round == 0 {
                rng.shuffle(&mut batches);
            }
        }
        prop_assert_eq!(&stores[0], &stores[1]);
    }

    #[test]
    fn batches_that_are_absorbed_together_change_what_they_change_one_by_one(seed in any::<u64>(), together in 2usize..8) {
        let mut rng = Rng(seed);
        let happened = stream(&mut rng, &[NOON]);
        let batches = deliveries(&mut rng, &happened);
        let mut stores = [Store::default(), Store::default()];
        for group in batches.chunks(together) {
            let mut of_visitors = std::collections::BTreeMap::<_, Vec<_>>::new();
            for bytes in group {
                let delivery: Delivery<&str> = postcard::from_bytes(bytes).unwrap();
                of_visitors.entry(delivery.visitor).or_default().push(delivery);
            }
            for deliveries in of_visitors.into_values() {
                let received_ms = deliveries[0].received_ms;
                let mut alone = Vec::new();
                for Delivery { visitor, tab, client, hits, refused, .. } in &deliveries {
                    let (client, hits, refused) = (client.clone(), hits.clone(), refused.clone());
                    let delivery = Delivery { received_ms, visitor: *visitor, tab: *tab, client, hits, refused };
                    alone.push(stores[0].take(delivery).0);
                }
                prop_assert_eq!(stores[1].take_together(deliveries), alone);
            }
        }
        prop_assert_eq!(&stores[0], &stores[1]);
    }

    #[test]
    fn a_row_is_read_as_it_was_written(
        times in vec(any::<i64>(), 1..20),
        text in "\\PC{0,8}",
        numbers in any::<(u64, u16, u16)>(),
    ) {
        let text = text.as_str();
        let (number, width, height) = numbers;
        let kinds = [
            Kind::Custom(passerby_protocol::Custom { name: text, ..Default::default() }),
            Kind::Order(Order { id: text, ..Default::default() }),
            Kind::Resize(Size(width, height)),
        ];
        let event = |(place, at_ms): (usize, &i64)| SessionEvent {
            at_ms: *at_ms, tab: width, number, page: text, user: text, kind: kinds[place % 3].clone(),
        };
        let client = passerby_analytics::delivery::Client { city: text, screen: Size(width, height), ..Default::default() };
        let session = Session {
            tabs: vec![Tab { id: tab(number), client }],
            events: times.iter().enumerate().map(event).collect(),
        };
        let body = session.encode();
        prop_assert_eq!(Session::decode(&body), Ok(session));
    }

    #[test]
    fn reading_any_bytes_never_panics(bytes in vec(any::<u8>(), 0..200)) {
        let _ = Session::decode(&bytes);
        let _ = Session::decode(&[&[1], &bytes[..]].concat());
    }

    #[test]
    fn a_damaged_row_is_refused_or_absorbed_but_never_panics((hits, _) in delivered(), at in any::<prop::sample::Index>(), bit in 0u8..8) {
        let body = all_at_once(&hits).sessions([ANNA, BEN][hits[0].0])[0].encode();
        let mut damaged = body;
        let at = at.index(damaged.len());
        damaged[at] ^= 1 << bit;
        if let Ok(session) = Session::decode(&damaged) {
            let mut builder = passerby_analytics::segment::Builder::default();
            builder.add(ANNA, &session);
            absorb(vec![session], batch(0, 0, hits.into_iter().map(|h| h.2).collect()));
        }
    }
}
