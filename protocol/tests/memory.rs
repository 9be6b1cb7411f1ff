//! The memory that decoding takes, at its peak, is within a fixed multiple of the body's length whatever the body
//! claims to hold. In a test of its own: it counts every allocation of the process, so it runs on one thread.
#![allow(clippy::expect_used, clippy::panic)] // A panic is how a test fails, in its functions too.

mod support;

use proptest::prelude::*;
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use passerby_protocol::{DecodeError, decode, encode};

/// Counts the bytes that are allocated, and the most that ever were.
struct Counting;

static NOW: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

// SAFETY: hands everything on to the system's allocator. `realloc` stays the trait's own (allocate, copy, free), so a
// growing buffer counts twice while it is copied: the worst that any allocator does.
#[allow(unsafe_code)]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let now = NOW.fetch_add(layout.size(), Relaxed) + layout.size();
        PEAK.fetch_max(now, Relaxed);
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// What decoding takes at its peak, and what it may take. The densest body is a run of the shortest events: 3 bytes on
/// the wire, and in memory an event with symbols (about 100 bytes) and one with texts (about 180).
fn peak_and_bound(body: &[u8]) -> (usize, usize) {
    let before = NOW.load(Relaxed);
    PEAK.store(before, Relaxed);
    let mut text = String::new();
    let _ = std::hint::black_box(decode(body, &mut text));
    (PEAK.load(Relaxed) - before, 128 * body.len() + 4096)
}

fn check(name: &str, body: &[u8]) -> Result<(), String> {
    let (peak, bound) = peak_and_bound(body);
    let report = format!("{name}: {peak} bytes for a body of {}, {} for each", body.len(), peak / body.len().max(1));
    if name != "arbitrary" {
        println!("{report}");
    }
    if peak > bound { Err(report) } else { Ok(()) }
}

fn varint(mut number: u64) -> Vec<u8> {
    let mut out = Vec::new();
    while number > 127 {
        out.push(number as u8 | 128);
        number >>= 7;
    }
    out.push(number as u8);
    out
}

/// Version, strings, an empty header, then what the body claims of its events.
fn body(strings: &[u8], events: &[u8]) -> Vec<u8> {
    let header = [&[0][..], &[7; 8], &[0; 10]].concat();
    [&[1], strings, &header, events].concat()
}

const NO_STRINGS: &[u8] = &[0, 0];
const DOWNLOAD: &[u8] = &[0, 4, 0];
/// An order up to its items: time, kind, id, total, tax, shipping, discount, coupon.
const ORDER: &[u8] = &[0, 15, 0, 0, b'E', b'U', b'R', 0, 0, 0, 0];
const CUSTOM: &[u8] = &[0, 9, 0];

/// Bodies of this length that claim more than they hold.
fn hostile(len: usize) -> Vec<(&'static str, Vec<u8>)> {
    let claimed = |count: usize| varint(count as u64);
    // A claim of no more than the bytes that are left is one that a decoder cannot refuse at once.
    let claims = [claimed(len - 60), claimed(len / 2), claimed(len / 3), varint(u64::from(u32::MAX)), varint(u64::MAX)];
    let mut bodies = Vec::new();
    for claim in &claims {
        let claim = &claim[..];
        bodies.extend([
            ("events that are none", body(NO_STRINGS, &[claim, &[0xFF].repeat(len)].concat())),
            ("fewer events than claimed", body(NO_STRINGS, &[claim, &DOWNLOAD.repeat(len)].concat())),
            ("items in events", body(NO_STRINGS, &[claim, ORDER, claim, &[0].repeat(len)].concat())),
            ("properties in events", body(NO_STRINGS, &[claim, CUSTOM, claim, &[0, 3, 0].repeat(len)].concat())),
            ("plain strings", [&[1, 0], claim, &[0].repeat(len)].concat()),
            ("one plain string", [&[1, 0, 1], claim, &[b'a'].repeat(len)].concat()),
            ("coded bytes", [&[1, 1], claim, &[b'a'].repeat(len)].concat()),
        ]);
    }
    for (_, body) in &mut bodies {
        body.truncate(len);
    }
    bodies
}

/// Bodies of about this length that hold what they claim, and as much as possible of it.
fn dense(len: usize) -> Vec<(&'static str, Vec<u8>)> {
    let (count, half) = ((len - 60) / 3, len / 2);
    let events = |event: &[u8], count: usize| [&*varint(count as u64), &event.repeat(count)].concat();
    let items = (len - 60) / 7;
    let order = [&[1], ORDER, &*varint(items as u64), &[0; 7].repeat(items)].concat();
    let string = [&[0, 1], &*varint(half as u64), &[b'a'].repeat(half)].concat();
    let coded = |of: usize| [&[1], &*varint(of as u64), &[two_ends()].repeat(of)].concat();
    vec![
        ("as many events as fit", body(NO_STRINGS, &events(DOWNLOAD, count))),
        ("as many items as fit", body(NO_STRINGS, &order)),
        ("as many empty strings as fit", body(&[&[0], &*varint(half as u64), &[0].repeat(half)].concat(), &[0])),
        ("one long string used often", body(&string, &events(&[0, 4, 1], count / 2))),
        ("nothing but ends", body(&coded(len - 60), &[0])),
        ("ends, then events", body(&coded(half), &events(DOWNLOAD, count / 2))),
    ]
}

/// A byte that holds the end's code twice, taken from the encoder: the string "e" is its code and the end's.
fn two_ends() -> u8 {
    let bytes = encode(&passerby_protocol::Batch { site: "e".to_owned(), ..Default::default() });
    let end = bytes[3] & 15;
    end << 4 | end
}

#[test]
fn decoding_never_takes_more_memory_than_the_body_justifies() {
    let mut broken = Vec::new();
    for len in [100, 500, 1_500, 4_000, 8_000, 20_000, 65_536] {
        for (name, body) in hostile(len) {
            broken.extend(check(name, &body).err());
        }
        for (name, body) in dense(len) {
            let mut text = String::new();
            let read = decode(&body, &mut text);
            assert!(matches!(read, Ok(_) | Err(DecodeError::Limit { .. })), "{name}: {read:?}");
            broken.extend(check(name, &body).err());
        }
    }
    let cases = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) };
    let mut runner = proptest::test_runner::TestRunner::new(cases);
    let flips = prop::collection::vec(any::<(prop::sample::Index, u8)>(), 0..6);
    let damaged = (support::arbitrary::batch(), flips).prop_map(|(batch, flips)| {
        let mut body = encode(&batch);
        for (place, bits) in flips {
            let place = place.index(body.len());
            body[place] ^= bits;
        }
        body
    });
    let arbitrary = prop::collection::vec(any::<u8>(), 0..2_000).prop_map(|mut bytes| {
        bytes.insert(0, passerby_protocol::VERSION);
        bytes
    });
    let bodies = prop_oneof![damaged, arbitrary];
    let result = runner.run(&bodies, |body| check("arbitrary", &body).map_err(TestCaseError::fail));
    broken.extend(result.err().map(|e| e.to_string()));
    assert!(broken.is_empty(), "{broken:#?}");
}
