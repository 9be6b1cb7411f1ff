//! Passerby's collector: a Worker that takes batches in and answers questions, and its Durable Objects.
//!
//! These are shells. They carry bytes between HTTP, storage and `passerby_analytics`, which holds every rule; time and
//! random bytes enter here.
#![deny(unsafe_code)]

mod access;
mod account;
mod agents;
mod alarm;
mod audit;
mod body;
mod book;
mod cache;
mod delivery;
mod directory;
mod foreign;
mod headers;
mod hub;
mod identity;
mod import;
mod ingest;
mod key_routes;
mod keyring;
mod keys;
mod limits;
mod live;
mod objects;
mod outcomes;
#[cfg(feature = "forced-panics")]
mod panics;
mod privacy;
mod problem;
mod query;
mod rejects;
mod reports;
mod router;
mod saved;
mod settings;
mod shard;
mod shards;
mod site;
mod sites;
mod sql;
mod stats;
mod storage;
mod tokens;
mod zone;

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use worker::worker_sys::web_sys::Response;
use worker::{Context, Env, Request, Result, event};

/// Rust's futures go on in microtasks: with `queueMicrotask`, where it is there, which in workerd is a call out of V8; else as a
/// promise goes on, which is not. A batch has half a dozen, and takes 5 to 11 % less computing without that function.
#[event(start)]
fn start() {
    // Fails for what is no object, and this is one.
    _ = Reflect::set(&js_sys::global(), &"queueMicrotask".into(), &JsValue::UNDEFINED);
}

#[event(fetch)]
async fn fetch(request: Request, env: Env, context: Context) -> Result<Response> {
    #[cfg(feature = "forced-panics")]
    {
        panics::ask(&request);
        panics::at(panics::Place::Worker);
    }
    router::route(request, env, context).await
}
