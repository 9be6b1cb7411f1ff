//! What a watcher is sent: JSON, one value a message.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Changes, Scene};

/// A message to a watcher.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
#[schemars(rename = "LiveFrame")]
pub enum Frame<'a> {
    /// All that there is. It takes the place of whatever was sent before.
    Scene {
        /// The frame's number, which a watcher that comes back names as `since`. Numbers only grow.
        seq: u64,
        /// When it was made: milliseconds since 1970 in UTC.
        at_ms: i64,
        /// What there is.
        scene: &'a Scene,
    },
    /// What is different from the frame before.
    Changes {
        /// The frame's number.
        seq: u64,
        /// When it was made.
        at_ms: i64,
        /// What is different.
        changes: &'a Changes,
    },
    /// What the watcher said was not understood, or too much.
    Refused {
        /// The reason's name.
        reason: &'static str,
        /// The same in words.
        title: &'static str,
    },
}

impl Frame<'_> {
    /// As it is sent.
    #[must_use]
    pub fn json(&self) -> String {
        // Nothing in a frame can fail to be written: its keys are texts.
        serde_json::to_string(self).unwrap_or_default()
    }
}
