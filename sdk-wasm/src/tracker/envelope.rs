//! A batch on its way out: [`passerby_protocol::Batch`] with events whose fields nobody here knows.

use passerby_protocol::{Context, Size, TabId, Ticket, VisitorId};
use serde::Serialize;
use serde::ser::{SerializeTuple, Serializer};

use super::told::Told;

/// An event with the milliseconds since the one before.
pub struct Timed {
    pub after_ms: i32,
    pub told: Told,
}

impl Serialize for Timed {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        // Fields stand one behind the other, whatever holds them.
        let mut fields = to.serialize_tuple(self.told.0.len() + 1)?;
        fields.serialize_element(&self.after_ms)?;
        for piece in &self.told.0 {
            fields.serialize_element(piece)?;
        }
        fields.end()
    }
}

/// The fields of [`passerby_protocol::Batch`], in its order.
#[derive(Default, Serialize)]
pub struct Envelope {
    pub site: String,
    pub tab: TabId,
    pub first: u32,
    pub sent_at_ms: u64,
    pub automated: bool,
    pub visitor: Option<VisitorId>,
    pub ticket: Ticket,
    pub user: String,
    pub page: String,
    pub viewport: Size,
    pub context: Option<Context>,
    pub events: Vec<Timed>,
}
