//! A fleet of tabs that send batches of 20 events to a collector, as `make bench-ingest` runs it: as fast as answers come
//! over some connections, or at a given rate. Says what was answered, and how long that took.
//!
//! With `--rate` a request's time counts from when it was due, so that one which waits for the one before it is not
//! taken for a fast one.
#![allow(clippy::unwrap_used, clippy::panic)] // a load generator that cannot go on should end

mod connection;
mod fleet;
mod options;

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

use connection::Connection;
use fleet::Fleet;
use options::Options;
use serde_json::json;

/// What became of one connection's batches.
#[derive(Default)]
struct Tally {
    statuses: BTreeMap<u16, u64>,
    lost: u64,
    accepted: u64,
    duplicate: u64,
    refused: u64,
    times_us: Vec<u32>,
    refusals_us: Vec<u32>,
}

impl Tally {
    fn add(&mut self, other: Self) {
        other.statuses.into_iter().for_each(|(status, count)| *self.statuses.entry(status).or_default() += count);
        self.lost += other.lost;
        self.accepted += other.accepted;
        self.duplicate += other.duplicate;
        self.refused += other.refused;
        self.times_us.extend(other.times_us);
        self.refusals_us.extend(other.refusals_us);
    }
}

/// Sends one connection's share until the time is over; then, where asked to, what was not acknowledged until it is.
fn send(options: &Options, place: u32, start: Instant) -> Tally {
    let mut fleet = Fleet::new(options, place);
    let mut connection = Connection::to(&options.at);
    let mut tally = Tally::default();
    let end = start + Duration::from_secs_f64(options.seconds);
    let every = options.rate.map(|rate| Duration::from_secs_f64(f64::from(options.connections) / rate));
    let mut due = start + every.unwrap_or_default().mul_f64(f64::from(place) / f64::from(options.connections));
    let mut sent = 0;
    loop {
        if let Some(every) = every {
            thread::sleep(due.saturating_duration_since(Instant::now()));
            due += every;
        }
        let begun = if let Some(every) = every { due - every } else { Instant::now() };
        if options.batches.map_or(begun >= end || Instant::now() >= end, |batches| sent >= batches) {
            break;
        }
        sent += 1;
        one(&mut connection, &mut fleet, &mut tally, begun, options.blind);
    }
    // What was refused is sent again without haste, as trackers would.
    let given_up = Instant::now() + Duration::from_secs(30);
    while options.settle && fleet.turn_to_unsettled() && Instant::now() < given_up {
        one(&mut connection, &mut fleet, &mut tally, Instant::now(), options.blind);
    }
    tally
}

fn one(connection: &mut Connection, fleet: &mut Fleet, tally: &mut Tally, begun: Instant, blind: bool) {
    let answer = connection.post(fleet.request());
    let took_us = begun.elapsed().as_micros() as u32;
    let Some((status, body)) = answer else {
        tally.lost += 1;
        fleet.refused();
        return;
    };
    *tally.statuses.entry(status).or_default() += 1;
    if status != 200 {
        tally.refusals_us.push(took_us);
        fleet.refused();
        return;
    }
    tally.times_us.push(took_us);
    if blind {
        fleet.acknowledged(None);
        return;
    }
    let reply = passerby_protocol::decode_reply(body).unwrap();
    tally.accepted += u64::from(reply.accepted);
    tally.duplicate += u64::from(reply.duplicate);
    tally.refused += reply.refused.len() as u64;
    fleet.acknowledged(Some(reply.ticket));
}

fn main() {
    let options = Options::read();
    let start = Instant::now() + Duration::from_millis(20);
    let mut tally = Tally::default();
    thread::scope(|scope| {
        let threads: Vec<_> = (0..options.connections)
            .map(|place| {
                let options = &options;
                let small = thread::Builder::new().stack_size(256 * 1024);
                small
                    .spawn_scoped(scope, move || {
                        thread::sleep(start.saturating_duration_since(Instant::now()));
                        send(options, place, start)
                    })
                    .unwrap()
            })
            .collect();
        threads.into_iter().for_each(|thread| tally.add(thread.join().unwrap()));
    });
    let seconds = start.elapsed().as_secs_f64();
    let quantiles = |mut times: Vec<u32>| {
        times.sort_unstable();
        let at = |share: f64| times.get((times.len() as f64 * share) as usize).or(times.last()).copied().unwrap_or(0);
        let ms = |us: u32| f64::from(us) / 1000.0;
        json!({ "p50": ms(at(0.5)), "p95": ms(at(0.95)), "p99": ms(at(0.99)), "max": ms(at(1.0)) })
    };
    let answered: u64 = tally.statuses.values().sum();
    let said = json!({
        "seconds": seconds,
        "ok": tally.times_us.len(),
        "rps": tally.times_us.len() as f64 / if options.batches.is_some() { seconds } else { options.seconds },
        "answered": answered,
        "statuses": tally.statuses,
        "lost": tally.lost,
        "accepted": tally.accepted,
        "duplicate": tally.duplicate,
        "refused": tally.refused,
        "ms": quantiles(tally.times_us),
        "refusal_ms": quantiles(tally.refusals_us),
        "own_cpu_ms": own_cpu_ms(),
    });
    println!("{said}");
}

/// Milliseconds that this program has computed, by Linux's clock of its hundredths of a second; 0 elsewhere.
fn own_cpu_ms() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or("").split(' ').collect();
    let hundredths = |place: usize| fields.get(place).and_then(|field| field.parse::<u64>().ok()).unwrap_or(0);
    (hundredths(11) + hundredths(12)) * 10
}
