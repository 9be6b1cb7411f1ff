//! Passerby's domain, pure: it has no clock, no randomness and no I/O; time, keys and random bytes are arguments. The
//! collector's shells carry bytes between HTTP, storage and this crate.
//!
//! The way of the data: [`validate`] takes a batch apart into hits with absolute times, [`enrich`] says what a user
//! agent and a referrer mean, [`visitor`] and [`ticket`] say whose they are, [`sessionize`] puts them into the sessions
//! they belong to, counting each once, [`segment`] lays a day's sessions out for reading, and [`report`] folds them into
//! answers. [`query`] is what a report is asked, [`v1`] and [`v2`] the ways to ask.
#![forbid(unsafe_code)]

pub mod access;
pub mod ask;
pub mod bucket;
pub mod calendar;
pub mod delivery;
pub mod dimension;
pub mod enrich;
pub mod erased;
pub mod filter;
pub mod gather;
pub mod goal;
pub mod import;
pub mod known;
pub mod ledger;
pub mod live;
pub mod openapi;
pub mod outcome;
pub mod person;
pub mod query;
pub mod report;
pub mod retention;
pub mod routes;
pub mod saved;
pub mod segment;
pub mod session;
pub mod sessionize;
pub mod settings;
pub mod tabs;
pub mod ticket;
pub mod v1;
pub mod v2;

pub mod validate;
pub mod visitor;
