//! What other analytics' clients send, in the terms of Passerby's contract: a site moves by changing one address.
//!
//! One client's API is one file: [`plausible`], [`umami`], [`posthog`], [`segment`], [`ga4`]. Each reads a request into a
//! [`Call`]: which site it is for, and what each event says, as a [`Batch`](passerby_protocol::Batch) of its own with what
//! the client says beside it. [`route`] says whose API a path is of, and [`answer()`] what its clients expect to hear.
//! Nothing here decides who is believed: what only counts with a key stands apart, in [`Claims`].
#![forbid(unsafe_code)]

pub mod answer;
mod call;
mod commerce;
pub mod ga4;
pub mod inflate;
mod money;
mod page;
pub mod plausible;
pub mod posthog;
mod route;
mod said;
pub mod segment;
mod time;
pub mod umami;

pub use answer::{Answer, Verdict, answer};
pub use call::{Arrival, Call, Claims, Text};
pub use route::{Api, Asked, Route, is_library, read, route};
