//! A run of events of one tab, and what holds for all of them.

use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

use crate::event::Event;
use crate::id::{TabId, Ticket, VisitorId};
use crate::resolve::{textless, wire_struct};

/// A width and a height in CSS pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size(pub u16, pub u16);

textless!(Size, TabId, VisitorId, Ticket);

wire_struct! {
    /// A run of events of one tab, sent in one request. Event `i` has the number `first + i` in its tab; `(tab,
    /// number)` names an event for good, so a batch may be sent again, whole, cut or merged, and counts once.
    ///
    /// Only the clock depends on when it is sent: a tracker that retries sets `sent_at_ms` and the first event's
    /// `after_ms` anew.
    pub struct Batch {
        /// The site's name, as the collector knows it.
        pub site: S,
        /// The tab.
        pub tab: TabId,
        /// The number of the first event.
        pub first: u32,
        /// The sender's clock when it sends: milliseconds since 1970 in UTC. The collector measures the clock's error
        /// by it. 0: the sender has none, and means "now".
        pub sent_at_ms: u64,
        /// A browser driven by a program (`navigator.webdriver`).
        pub automated: bool,
        /// The visitor's id, with consent only.
        pub visitor: Option<VisitorId>,
        /// The collector's ticket, once the tab has one; else empty.
        pub ticket: Ticket,
        /// The site's own id of the user, where it identified one.
        pub user: S,
        /// The path of the page on which the batch begins: that of the last page view before it. Empty where the
        /// batch begins with a page view.
        pub page: S,
        /// The window where the batch begins; what a click's place is a fraction of.
        pub viewport: Size,
        /// The browser. Sent until a reply shows that the collector has it, and again after half an hour's pause.
        pub context: Option<Context<S>>,
        /// What happened, in the order of their numbers.
        pub events: Vec<Event<S>>,
    }
}

wire_struct! {
    /// What a page can tell about its browser.
    pub struct Context {
        /// The screen.
        pub screen: Size,
        /// The preferred language, as `navigator.language` says it: "en-GB".
        pub language: S,
        /// The IANA time zone: "Europe/Berlin".
        pub time_zone: S,
        /// User-agent client hints, where the browser has them.
        pub hints: Option<ClientHints<S>>,
    }
}

wire_struct! {
    /// User-agent client hints (`navigator.userAgentData`).
    pub struct ClientHints {
        /// The browser's name and full version: "Chrome/126.0.6478.61".
        pub browser: S,
        /// The platform: "Windows".
        pub platform: S,
        /// Its version: "15.0.0".
        pub platform_version: S,
        /// The device's model.
        pub model: S,
        /// Whether the browser calls itself mobile.
        pub mobile: bool,
    }
}
