//! The tracker's core: what happens on a page, buffered and delivered to the collector.
//!
//! What watches the document is TypeScript, in `capture/`: there it takes a third of the bytes. Every event comes from
//! there past the site's own hook to [`tracker`], which knows neither browser nor clock nor chance and is tested on the
//! host with made-up time. Both sides meet in one function, [`on`], and in [`platform`], which holds every call into the
//! browser.
//!
//! The page is a guest's house: nothing here may throw into it, delay it or hold its events up.

mod app;
mod given;
mod on;
pub mod platform;
mod start;
pub mod tracker;

pub use given::Given;
pub use on::{What, on};
