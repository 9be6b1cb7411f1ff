//! Who is where.

use serde::{Deserialize, Serialize};

/// Where a visitor was last seen. Of two of one visitor's, the greater is the later one: its last event is later, or it
/// knows more of the visit's events.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Presence {
    /// When: the last event of the visit.
    pub at_ms: i64,
    /// How many events the visit had.
    pub events: u64,
    /// The page of the last event.
    pub page: String,
    /// The visit's source; empty where there is none.
    pub source: String,
    /// Its country; empty where it is not known.
    pub country: String,
    /// Its device; empty where it is not known.
    pub device: String,
}

impl Presence {
    /// Bytes that a hub needs to remember it: its own and those of its names, which stand in the hub's counts once more.
    pub(super) fn bytes(&self) -> usize {
        200 + 2 * (self.page.len() + self.source.len() + self.country.len() + self.device.len())
    }
}
