//! The law of delivery: whatever the network and the collector do, every event is delivered or counted as dropped.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use passerby_sdk::tracker::{DEFAULT_FLUSH_MS, Dropped, Outcome, Send, Tracker};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use support::*;

/// What befalls the tab. Requests in flight are ended in any order.
#[derive(Clone, Debug)]
enum Step {
    Push(u16),
    Pass(u32),
    Flush,
    Leave,
    Online,
    /// Ends the request at this place.
    End(usize, End),
}

#[derive(Clone, Copy, Debug)]
enum End {
    Ok,
    /// The collector has it, and its reply is lost.
    ReplyLost,
    Lost,
    Status(u16, u32),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let end = prop_oneof![
        4 => Just(End::Ok),
        2 => Just(End::ReplyLost),
        2 => Just(End::Lost),
        3 => (prop::sample::select(vec![400, 404, 408, 413, 429, 500, 503]), 0..90_u32).prop_map(|(s, r)| End::Status(s, r)),
    ];
    let step = prop_oneof![
        6 => (1..300_u16).prop_map(Step::Push),
        5 => (0..90_000_u32).prop_map(Step::Pass),
        1 => Just(Step::Flush),
        1 => Just(Step::Leave),
        1 => Just(Step::Online),
        6 => (0..4_usize, end).prop_map(|(place, end)| Step::End(place, end)),
    ];
    prop::collection::vec(step, 1..120)
}

/// The tab, its network and the collector.
struct World {
    tracker: Tracker,
    now_ms: u64,
    pushed: u32,
    in_flight: Vec<Send>,
    /// What a page keeps in storage when it is left: what is not settled.
    kept: BTreeSet<u32>,
    /// What the collector has: the events by number.
    counted: BTreeMap<u32, String>,
}

impl World {
    fn poll(&mut self) {
        while let Some(send) = self.tracker.poll(self.now_ms, 0) {
            self.in_flight.push(send);
        }
    }

    fn count(&mut self, send: &Send) {
        let batch = read(send);
        let numbers: Vec<u32> = batch.numbers().collect();
        for (number, name) in numbers.into_iter().zip(batch.names) {
            let known = self.counted.insert(number, name.clone());
            assert!(known.is_none_or(|known| known == name), "number {number} was used twice");
        }
    }

    fn end(&mut self, place: usize, end: End) {
        if place >= self.in_flight.len() {
            return;
        }
        let send = self.in_flight.remove(place);
        let outcome = match end {
            End::Ok => {
                self.count(&send);
                answered(DEFAULT_FLUSH_MS)
            }
            End::ReplyLost => {
                self.count(&send);
                Outcome::Lost
            }
            End::Lost => Outcome::Lost,
            End::Status(status, retry_after_s) => Outcome::Failed { status, retry_after_s },
        };
        self.tracker.on_result(send.id, outcome, self.now_ms);
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Push(count) => {
                for _ in 0..count {
                    let number = self.tracker.push(custom(&noise(self.pushed.into(), 24)), self.now_ms);
                    assert_eq!(number, self.pushed);
                    self.kept.insert(number);
                    self.pushed += 1;
                }
            }
            Step::Pass(ms) => self.now_ms += u64::from(ms),
            Step::Flush => self.tracker.flush(),
            Step::Leave => self.tracker.leave(),
            Step::Online => self.tracker.online(),
            Step::End(place, end) => self.end(place, end),
        }
        self.poll();
        self.check_kept();
    }

    /// The page may be left at any time, and another one of the site takes over what it kept: then, too, every event is
    /// delivered, or counted as dropped.
    fn check_kept(&mut self) {
        while let Some((first, count)) = self.tracker.take_settled() {
            for number in first..first + count {
                assert!(self.kept.remove(&number), "{number} is settled twice, or was never pushed");
            }
        }
        let is_lost = |number: &u32| !self.kept.contains(number) && !self.counted.contains_key(number);
        let lost = (0..self.pushed).filter(is_lost).count();
        assert!(lost as u32 <= self.dropped(), "{lost} neither kept nor counted");
    }

    fn dropped(&self) -> u32 {
        Dropped::ALL.into_iter().map(|reason| self.tracker.dropped(reason)).sum()
    }

    /// From now on everything works. It comes to rest without any further event.
    fn settle(&mut self) {
        for _ in 0..10_000 {
            self.poll();
            if !self.in_flight.is_empty() {
                self.end(0, End::Ok);
            } else if let Some(wait_ms) = self.tracker.next_wake(self.now_ms) {
                self.now_ms += wait_ms;
            } else {
                return;
            }
        }
        panic!("the tracker never comes to rest");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_event_is_delivered_or_counted_as_dropped(steps in steps()) {
        let mut world =
            World {
            tracker: tracker(), now_ms: 0, pushed: 0, in_flight: Vec::new(), kept: BTreeSet::new(), counted: BTreeMap::new(),
        };
        for step in steps {
            world.step(step);
        }
        world.settle();

        assert!(world.tracker.is_idle());
        world.check_kept();
        prop_assert!(world.kept.is_empty(), "kept for nothing: {:?}", world.kept);
        let dropped = world.dropped();
        let missing = (0..world.pushed).filter(|number| !world.counted.contains_key(number)).count();
        prop_assert!(missing as u32 <= dropped, "{missing} missing, {dropped} counted as dropped");
        for (number, name) in &world.counted {
            prop_assert_eq!(name, &noise((*number).into(), 24));
        }
    }
}
