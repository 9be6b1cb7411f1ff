//! Events, and the collector's side of a batch.
#![allow(dead_code, clippy::unwrap_used)]

use passerby_protocol::*;
use passerby_sdk::tracker::{DEFAULT_FLUSH_MS, Outcome, Piece, Send, Settings, Told, Tracker};

pub const VIEWPORT: Size = Size(1440, 900);
pub const TICKET: &[u8] = &[7; 16];

pub fn settings(flush_after_ms: u32) -> Settings {
    Settings {
        site: "example.com".into(),
        tab: TabId(*b"a tab id"),
        automated: false,
        context: Context { language: "en-GB".into(), ..Context::default() },
        page: String::new(),
        viewport: VIEWPORT,
        flush_after_ms,
        seed: 4_711,
    }
}

pub fn tracker() -> Tracker {
    Tracker::new(settings(DEFAULT_FLUSH_MS))
}

fn number(number: u64) -> Piece {
    Piece::Number(number)
}

fn text(text: &str) -> Piece {
    Piece::Text(text.into())
}

// Events as the page's side hands them over: the kind's number on the wire, then its fields.

pub fn custom(name: &str) -> Told {
    Told(vec![number(9), text(name), number(0)])
}

/// A page view; its trigger is the load, and it has no properties.
pub fn pageview(path: &str) -> Told {
    let texts = [path, "", "", "", ""].map(text);
    Told([&[number(0)][..], &texts, &[number(0), number(0)]].concat())
}

pub fn identify(user: &str) -> Told {
    Told(vec![number(17), text(user), number(0)])
}

pub fn resize(width: u16, height: u16) -> Told {
    Told(vec![number(20), number(width.into()), number(height.into())])
}

/// A text of this length that no two batches share and no code shortens.
pub fn noise(seed: u64, bytes: usize) -> String {
    let mut state = seed + 1;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        b'!' + ((state >> 33) % 90) as u8
    };
    (0..bytes).map(|_| next() as char).collect()
}

pub fn answered(flush_after_ms: u32) -> Outcome {
    let reply = Reply { flush_after_ms, ticket: Ticket(TICKET.to_vec()), ..Reply::default() };
    Outcome::Answered(encode_reply(&reply))
}

pub fn captive_portal() -> Outcome {
    Outcome::Answered(b"<html>Welcome to our wireless network".to_vec())
}

pub fn failed(status: u16) -> Outcome {
    Outcome::Failed { status, retry_after_s: 0 }
}

/// Lets one batch through.
pub fn deliver(t: &mut Tracker, now_ms: u64, flush_after_ms: u32) {
    t.push(custom("first"), now_ms);
    t.flush();
    let send = t.poll(now_ms, 0).unwrap();
    t.on_result(send.id, answered(flush_after_ms), now_ms);
}

/// A batch as the collector reads it.
pub struct Received {
    pub tab: TabId,
    pub first: u32,
    pub sent_at_ms: u64,
    pub ticket: Vec<u8>,
    pub visitor: Option<VisitorId>,
    pub page: String,
    pub user: String,
    pub viewport: Size,
    pub has_context: bool,
    pub after_ms: Vec<i32>,
    pub names: Vec<String>,
}

impl Received {
    pub fn numbers(&self) -> impl Iterator<Item = u32> {
        self.first..self.first + self.names.len() as u32
    }
}

pub fn read(send: &Send) -> Received {
    let mut text = String::new();
    let batch = decode(&send.bytes, &mut text).unwrap();
    assert_eq!(batch.events.len(), send.events);
    let name = |event: &Event<_>| {
        event.check().unwrap();
        match &event.kind {
            Kind::Custom(custom) => custom.name.to_string(),
            Kind::Pageview(page) if page.title.is_empty() => page.path.to_string(),
            Kind::Pageview(page) => format!("{} {}", page.path, page.title),
            other => other.label().to_owned(),
        }
    };
    Received {
        tab: batch.tab,
        first: batch.first,
        sent_at_ms: batch.sent_at_ms,
        ticket: batch.ticket.0.clone(),
        visitor: batch.visitor,
        page: batch.page.to_string(),
        user: batch.user.to_string(),
        viewport: batch.viewport,
        has_context: batch.context.is_some(),
        after_ms: batch.events.iter().map(|event| event.after_ms).collect(),
        names: batch.events.iter().map(name).collect(),
    }
}
