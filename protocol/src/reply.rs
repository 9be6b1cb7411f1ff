//! What the collector answers to a batch.

use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

use crate::Ticket;

/// The collector's answer to a batch it took. Every event of the batch is accepted, duplicate or refused.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// How long the tracker should buffer from now on, in milliseconds.
    pub flush_after_ms: u32,
    /// To be sent with every later batch of this tab; empty when the tab's own is still good.
    pub ticket: Ticket,
    /// Events that are now counted.
    pub accepted: u32,
    /// Events that had been counted before.
    pub duplicate: u32,
    /// Events that will never be counted, with the reason for each. Sending them again is of no use.
    pub refused: Vec<Refusal>,
}

/// An event that was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Its place in the batch, from 0.
    pub index: u32,
    /// Why.
    pub reason: Reason,
}

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $label:literal,)*) => {
        /// Why an event was refused. Only ever appended to: the number is on the wire.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Reason {
            $($(#[$doc])* $name,)*
        }

        impl Reason {
            /// Every reason there is.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its name in JSON, in counters and in the list of refused events.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self {
                    $(Self::$name => $label,)*
                }
            }
        }
    };
}

reasons! {
    /// A name, path or address that the event cannot be without is empty.
    MissingField = "missing_field",
    /// A text is longer than its limit.
    TextTooLong = "text_too_long",
    /// More properties than [`crate::limits::MAX_PROPS`].
    TooManyProps = "too_many_props",
    /// More items than [`crate::limits::MAX_ITEMS`].
    TooManyItems = "too_many_items",
    /// A number that is not finite, or beyond its range.
    NumberOutOfRange = "number_out_of_range",
    /// It happened longer ago than the collector accepts.
    TooOld = "too_old",
    /// It claims a time after its batch was sent.
    InFuture = "in_future",
    /// The session it belongs to holds as many events as the collector keeps of one.
    SessionFull = "session_full",
    /// The site does not count pages of this host.
    HostNotAllowed = "host_not_allowed",
    /// It comes from a program, and the site does not count those.
    Bot = "bot",
    /// Its sender has sent more than the collector takes at a time.
    Limited = "limited",
    /// With every text written out, the batch is larger than the collector stores at a time; what is left of it is
    /// refused.
    TooHeavy = "too_heavy",
    /// It does not have the form that its client's API says.
    Malformed = "malformed",
    /// It happened on a developer's own machine, and the site does not name that among its hosts.
    LocalHost = "local_host",
    /// It happened before the data of its visitor was erased.
    Erased = "erased",
}
