//! What happens on a site right now, for whoever watches it.
//!
//! The way of it: while somebody watches ([`Watch`]), a shard notes of each change who is where ([`Presence`]) and what they
//! did, and reports it a few times a second ([`Outbox`], [`Report`]). The site's hub joins the reports of all shards
//! ([`Room`]), and a few times a second tells every watcher what is different now ([`Scene`], [`Changes`]), with a number, so
//! that one who was away gets what was missed ([`Log`]). [`Watcher`] bounds what is sent to one, and what one may say.
//!
//! Reports join as sets do: one that comes twice, late or out of order changes nothing, and one that got lost is made good
//! by the next that a shard makes of all it has. So nothing here needs to be stored, and nothing waits for it.

mod asking;
mod frame;
mod log;
mod outbox;
mod pace;
mod presence;
mod report;
mod room;
mod scene;
mod short;
mod watcher;

use serde::{Deserialize, Serialize};

use crate::calendar::{MINUTE_MS, Zone};
pub use crate::v1::CURRENT_MS;
use crate::visitor::Key;
pub use asking::{Asked, Asking};
pub use frame::Frame;
pub use log::{Log, Missed};
pub use outbox::Outbox;
pub use pace::{FRAME_EVERY_MS, Pace, USUAL_FLUSH_MS, report_every_ms};
pub use presence::Presence;
pub use report::Report;
pub use room::{MAX_ROOM_BYTES, MAX_VISITORS, News, Room};
pub use scene::{Changes, Count, MAX_NAMES, Scene};
pub use watcher::{MAX_MESSAGE_BYTES, MAX_UNSEEN, MAX_WATCHERS, Watcher, close_code};

/// How far back the feed of events reaches, where somebody begins to watch.
pub const FEED_MS: i64 = 30 * MINUTE_MS;

/// Events that a scene shows.
pub const MAX_FEED: usize = 60;

/// Events that one frame brings, and one report: 80 a second at four frames, more than anybody reads.
pub const MAX_NEW_EVENTS: usize = 20;

/// How long shards report after they were told to, and how often they are told while somebody watches: one telling may be
/// lost.
pub const WATCHED_MS: i64 = 75_000;
/// See [`WATCHED_MS`].
pub const RENEW_EVERY_MS: i64 = 30_000;

/// What a hub tells a shard: somebody watches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watch {
    /// The site.
    pub site: String,
    /// Which of its shards is told, and how many there are, as a power of two.
    pub shard: u32,
    /// See `shard`.
    pub bits: u32,
    /// When it was told: of two, the later counts, in whatever order they come.
    pub told_ms: i64,
    /// Until when, unless it is told again. What lies behind now ends it.
    pub until_ms: i64,
    /// Turns visitors into handles: the site's key.
    pub key: Key,
    /// The site's clocks, some days from now.
    pub zone: Zone,
}

impl Watch {
    /// Whether it still holds.
    #[must_use]
    pub const fn holds(&self, now_ms: i64) -> bool {
        now_ms < self.until_ms
    }
}
