//! What questions cost on the host, over days packed into columns: `cargo run --release -p passerby-analytics --example
//! bench_query`.
#![allow(clippy::unwrap_used)]

mod traffic;

use std::hint::black_box;
use std::time::Instant;

use passerby_analytics::calendar::{DAY_MS, Zone};
use passerby_analytics::dimension::{Dimension, EventDimension, TimeDimension, VisitDimension};
use passerby_analytics::query::{Metric, Query, Range};
use passerby_analytics::report::Report;
use passerby_analytics::report::stats::Stats;
use passerby_analytics::segment::{Builder, Segment};

const DAYS: i64 = 30;
const FIRST_DAY: i64 = 20_000;

fn main() {
    let sessions: usize = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    let site = traffic::Site::new();
    let mut chance = traffic::seeded(42);
    let per_day = sessions / DAYS as usize;
    let start = Instant::now();
    let packed: Vec<Vec<u8>> = (0..DAYS)
        .map(|day| {
            let mut builder = Builder::default();
            for (visitor, session) in site.day(FIRST_DAY + day, per_day, day as usize * per_day, &mut chance) {
                builder.add(visitor, &session);
            }
            builder.build().bytes().to_vec()
        })
        .collect();
    let made = start.elapsed();
    let segments: Vec<Segment> = packed.iter().map(|bytes| Segment::parse(bytes.clone()).unwrap()).collect();
    let visits: usize = segments.iter().map(Segment::visits).sum();
    let events: usize = segments.iter().map(Segment::events).sum();
    let bytes: usize = packed.iter().map(Vec::len).sum();
    println!("{visits} visits, {events} events, made and packed in {made:.1?}");
    println!("packed_bytes_per_event {:.2}", bytes as f64 / events as f64);

    let all = Metric::ALL.to_vec();
    let range = Range { from_ms: FIRST_DAY * DAY_MS, to_ms: (FIRST_DAY + DAYS) * DAY_MS };
    let query = |dimensions: Vec<Dimension>| Query {
        range,
        zone: Zone::utc(),
        dimensions,
        metrics: all.clone(),
        filters: Vec::new(),
        goals: Vec::new(),
    };
    let questions = [
        ("aggregate", query(vec![])),
        ("by day", query(vec![Dimension::Time(TimeDimension::Day)])),
        ("by source", query(vec![Dimension::Visit(VisitDimension::Source)])),
        ("top pages", query(vec![Dimension::Event(EventDimension::Page)])),
    ];
    for (name, query) in questions {
        let report = Stats(query);
        // The median of five: the first reads cold memory.
        let mut times: Vec<_> = (0..5)
            .map(|_| {
                let start = Instant::now();
                let mut partial = Default::default();
                for bytes in &packed {
                    report.fold(&mut partial, &Segment::parse(bytes.clone()).unwrap());
                }
                black_box(report.finish(partial));
                start.elapsed()
            })
            .collect();
        times.sort_unstable();
        let median = times[2];
        println!("{name:<10} {median:>10.1?}  {:.1} million sessions/s", visits as f64 / median.as_secs_f64() / 1e6);
    }
}
