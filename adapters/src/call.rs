//! What a request says, read from another client's JSON.

use std::borrow::Cow;

use passerby_protocol::{Batch, Event, Kind, Pageview, Reason};

/// A text of an event.
pub type Text = Cow<'static, str>;

/// A request of another client.
#[derive(Debug, Default)]
pub struct Call {
    /// What the client calls the site: a domain, a website's id, a project's key.
    pub site: String,
    /// A key that the client showed in its own way, beside an `Authorization` header; empty: none.
    pub key: String,
    /// When the client says that it sent this, by its own clock.
    pub sent_at_ms: Option<i64>,
    /// Its events, or why one cannot be read.
    pub events: Vec<Result<Arrival, Reason>>,
}

/// An event of another client.
#[derive(Debug, Default)]
pub struct Arrival {
    /// What happened, on which page, in whose browser. Mostly one event; without site and tab, which the collector knows.
    pub batch: Batch<Text>,
    /// The host of the page; empty where unknown.
    pub host: String,
    /// The id by which the client knows the visitor; empty: by none, so the visitor is who has this address and browser.
    pub person: String,
    /// The event's own name, the same however often it is sent; empty: it has none.
    pub id: String,
    /// What counts only of a sender who shows a key.
    pub claims: Claims,
}

/// What a sender says of the visitor, who is somebody else.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Claims {
    /// The visitor's address; empty: nothing is said.
    pub address: String,
    /// The visitor's user agent; empty: nothing is said.
    pub user_agent: String,
    /// When it happened, by the sender's clock.
    pub at_ms: Option<i64>,
}

impl Call {
    /// Sets each event's time, as the batch has it: from the receiving back.
    ///
    /// Of a sender who is believed, the time said is the time. Of any other only the distance counts between the event and
    /// the sending (or, where the sender does not say when that was, the newest of its events), as in our own contract: so a
    /// wrong clock does no harm, and nobody moves events to where they like. An event without a time happens when it comes.
    pub fn settle_times(&mut self, received_ms: i64, trusted: bool) {
        let said = |arrival: &Arrival| arrival.claims.at_ms;
        let newest = || self.events.iter().flatten().filter_map(said).max();
        let now_ms = if trusted { Some(received_ms) } else { self.sent_at_ms.or_else(newest) };
        for arrival in self.events.iter_mut().flatten() {
            let after_ms = match (arrival.claims.at_ms, now_ms) {
                (Some(at_ms), Some(now_ms)) => at_ms.saturating_sub(now_ms),
                _ => 0,
            };
            if let Some(first) = arrival.batch.events.first_mut() {
                // What does not fit is 24 days away: too old, or too far ahead.
                first.after_ms = i32::try_from(after_ms).unwrap_or(if after_ms < 0 { i32::MIN } else { i32::MAX });
            }
        }
    }
}

impl Arrival {
    /// Adds something that happened, at the same time as what is there.
    pub(crate) fn push(&mut self, kind: Kind<Text>) {
        self.batch.events.push(Event { after_ms: 0, kind });
    }

    /// Puts the event on a page.
    pub(crate) fn on(&mut self, page: &crate::page::Page) {
        self.batch.page = page.path.clone().into();
        self.host.clone_from(&page.host);
    }

    /// A view of a page.
    pub(crate) fn view(page: crate::page::Page, title: String, referrer: &str) -> Pageview<Text> {
        Pageview {
            path: page.path.into(),
            host: page.host.into(),
            query: page.query.into(),
            title: title.into(),
            referrer: crate::page::referrer(referrer).into(),
            ..Pageview::default()
        }
    }
}
