//! The wire contract between Passerby's trackers and its collector, version 1.
//!
//! A tracker sends a [`Batch`]: a run of numbered events of one tab. It travels in one of two forms that decode to
//! the same value: the compact one ([`encode`], [`decode`]: a version byte, a table of the strings, then postcard)
//! and a JSON one (feature `json`) for servers, shells and browsers without WebAssembly. The collector
//! answers with a [`Reply`]. `SPEC.md` states both byte by byte.
//!
//! Every type is generic over its text `S`: [`Sym`] on the wire, `Cow<str>` once decoded, `String` where a tracker
//! keeps events. So the order of fields on the wire is written down once.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

mod batch;
mod commerce;
mod compact;
mod event;
mod id;
#[cfg(feature = "json")]
mod json;
pub mod limits;
mod reply;
mod resolve;
mod strings;
mod value;
mod wire;

pub use batch::{Batch, ClientHints, Context, Size};
pub use commerce::{Checkout, Currency, Item, Money, Order, Product, Refund};
pub use event::{
    Click, ClickFlags, Custom, Download, Engagement, Event, FormField, FormSubmit, Identify, Kind, Outbound, Pageview,
    ScriptError, Search, Trigger, Vital, VitalName,
};
pub use id::{TabId, Ticket, VisitorId};
#[cfg(feature = "json")]
pub use json::{decode_json, encode_json};
pub use reply::{Reason, Refusal, Reply};
pub use resolve::Sym;
pub use value::{Props, Value};
pub use wire::{DecodeError, VERSION, decode, decode_reply, encode, encode_as_batch, encode_reply};
