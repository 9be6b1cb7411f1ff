//! What a batch weighs on the wire, envelope included. Ten custom events take Plausible's tracker 670 bytes and
//! PostHog's 16,400.

mod support;

use passerby_protocol::encode;

#[test]
fn ten_custom_events_take_at_most_120_bytes() {
    let bytes = encode(&support::ten_custom_events()).len();
    println!("ten custom events: {bytes} bytes");
    assert!(bytes <= 120, "{bytes}");
}

#[test]
fn a_typical_minute_takes_at_most_480_bytes() {
    let bytes = encode(&support::typical_minute()).len();
    println!("a typical minute: {bytes} bytes");
    assert!(bytes <= 480, "{bytes}");
}
