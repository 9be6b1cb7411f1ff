//! The tracker's core: what happens on a page, buffered and delivered to the collector.
//!
//! [`capture`] makes events of what the page's side saw and hands them to [`tracker`], which knows neither browser nor
//! clock nor chance and is tested on the host with made-up time. What walks the document is TypeScript, in the file
//! beside the Rust that it serves: there it takes a third of the bytes. Both meet in one function, [`on`], and in
//! [`platform`], which holds every call into the browser.
//!
//! The page is a guest's house: nothing here may throw into it, delay it or hold its events up.

mod app;
pub mod capture;
mod on;
pub mod platform;
pub mod tracker;

pub use on::{What, on};
