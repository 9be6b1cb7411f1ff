//! The tracker's core: what happens on a page, buffered and delivered to the collector.
//!
//! [`capture`] watches the page, one source per file, and hands events to [`tracker`], which knows neither browser nor
//! clock nor chance and is tested on the host with made-up time. [`platform`] holds every call into the browser. The
//! loader of `npm-package/` starts it all through [`exports`]; nobody else calls them.
//!
//! The page is a guest's house: nothing here may throw into it, delay it or hold its events up.

mod app;
pub mod capture;
pub mod exports;
pub mod platform;
pub mod tracker;
