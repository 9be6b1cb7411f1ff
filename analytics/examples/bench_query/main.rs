//! What questions cost on the host, one thread, over days packed into columns: `cargo run --release -p
//! passerby-analytics --example bench_query -- [visits] [first day] [folder]`. `make bench-query` runs it with a folder,
//! to which it writes the same traffic for DuckDB and the Worker, and prints the figures for a program.
#![allow(clippy::unwrap_used)]

mod export;
mod questions;
mod traffic;

use std::hint::black_box;
use std::path::PathBuf;
use std::time::Instant;

use passerby_analytics::calendar::{DAY_MS, Day};
use passerby_analytics::query::Range;
use passerby_analytics::report::{Question, Report, answer, sealed};
use passerby_analytics::segment::{Builder, Segment};
use passerby_analytics::session::Session;
use passerby_analytics::visitor::Visitor;
use serde_json::json;

const DAYS: i64 = 30;
/// How often each question is asked; the median counts, as the first reads cold memory.
const RUNS: usize = 5;

fn main() {
    let mut args = std::env::args().skip(1);
    let visits: usize = args.next().and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    let first_day: i64 = args.next().and_then(|n| n.parse().ok()).unwrap_or(20_000);
    let folder = args.next().map(PathBuf::from);

    let site = traffic::Site::new();
    let mut chance = traffic::seeded(42);
    let per_day = visits / DAYS as usize;
    let mut export = folder.map(|folder| export::Export::to(&folder));
    let mut packed = Vec::new();
    for day in 0..DAYS {
        let sessions = site.day(first_day + day, per_day, day as usize * per_day, &mut chance);
        let mut builder = Builder::default();
        sessions.iter().for_each(|(visitor, session)| builder.add(*visitor, session));
        let segment = builder.build();
        if day == 0 {
            eprintln!("{:.1} thousand sessions/s laid out", layout(&sessions));
        }
        if let Some(export) = &mut export {
            export.add(Day((first_day + day) as i32), &segment, &sessions);
        }
        packed.push(segment.bytes().to_vec());
    }
    let segments: Vec<Segment> = packed.iter().map(|bytes| Segment::parse(bytes.clone()).unwrap()).collect();
    let visits: usize = segments.iter().map(Segment::visits).sum();
    let events: usize = segments.iter().map(Segment::events).sum();
    let bytes: usize = packed.iter().map(Vec::len).sum();
    let bytes_per_event = bytes as f64 / events as f64;
    eprintln!("{visits} visits, {events} events, {bytes_per_event:.2} packed bytes an event");

    // With the day on which the last visits end.
    let range = Range { from_ms: first_day * DAY_MS, to_ms: (first_day + DAYS + 1) * DAY_MS };
    let mut figures = serde_json::Map::new();
    for (name, question) in questions::all(range) {
        let (ms, answer) = match &question {
            Question::Stats(report) => timed(report, &packed, |rows| questions::rows(&rows)),
            Question::Funnel(report) => timed(report, &packed, |answer| questions::counts(&answer)),
            _ => continue,
        };
        let per_s = visits as f64 / ms * 1000.0;
        eprintln!("{name:<15} {ms:>8.1} ms  {:>5.1} million sessions/s", per_s / 1e6);
        figures.insert(name.to_owned(), json!({ "ms": ms, "sessions_per_s": per_s.round(), "answer": answer }));
    }
    if let Some(export) = export {
        export.finish();
        println!(
            "{}",
            json!({ "visits": visits, "events": events, "from_ms": range.from_ms, "to_ms": range.to_ms, "packed_bytes_per_event": bytes_per_event, "questions": figures })
        );
    }
}

/// How many thousand sessions a second are read from their rows and laid out in columns: what a first question about a day
/// that is not packed costs.
fn layout(sessions: &[(Visitor, Session<&str>)]) -> f64 {
    let rows: Vec<(Visitor, Vec<u8>)> =
        sessions.iter().map(|(visitor, session)| (*visitor, session.encode())).collect();
    let mut times: Vec<f64> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            let mut builder = Builder::default();
            rows.iter().for_each(|(visitor, body)| builder.add(*visitor, &Session::decode(body).unwrap()));
            black_box(builder.build());
            start.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    sessions.len() as f64 / times[0]
}

/// The median of some runs, each from the packed bytes to the answer, in milliseconds.
fn timed<R: Report, A>(report: &R, packed: &[Vec<u8>], shown: impl Fn(R::Answer) -> A) -> (f64, A) {
    let run = || {
        let mut partial = R::Partial::default();
        packed.iter().for_each(|bytes| report.fold(&mut partial, &Segment::parse(bytes.clone()).unwrap()));
        answer(report, &[sealed::<R>(partial)]).unwrap()
    };
    let mut times: Vec<f64> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            black_box(run());
            start.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    (times[RUNS / 2], shown(run()))
}
