//! Requests to the collector.
//!
//! `text/plain` and no credentials: so the browser asks the collector for no permission first (no preflight), and sends
//! no cookie.

use js_sys::{ArrayBuffer, Function, Object, Promise, Uint8Array};
use std::cell::OnceCell;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Response;

use super::listen::forever;
use super::values::object;
use crate::tracker::{Outcome, Send};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_name = fetch)]
    fn fetch(url: &str, options: &Object) -> Result<Pending, JsValue>;
    // Our own binding: the library's wants closures, where these are functions that live for good.
    #[wasm_bindgen(extends = Promise)]
    type Pending;
    #[wasm_bindgen(method)]
    fn then(this: &Pending, done: &Function, failed: &Function);
}

/// What is told of each result, by the request's id.
type Report = fn(u32, Outcome);

struct Network {
    url: String,
    report: Report,
    on_step: Function,
}

thread_local!(static NETWORK: OnceCell<Network> = const { OnceCell::new() });

/// Sends to this address from now on, and tells of every result once.
pub fn connect(url: String, report: Report) {
    NETWORK.with(|network| network.set(Network { url, report, on_step: forever(on_step) }).ok());
}

/// Makes the request. Its result is never told before this returns.
pub fn post(send: &Send) {
    let options = object(&[
        ("method", "POST".into()),
        ("body", Uint8Array::from(&send.bytes[..]).into()),
        ("keepalive", send.keepalive.into()),
        ("credentials", "omit".into()),
        ("headers", object(&[("content-type", "text/plain".into())]).into()),
    ]);
    NETWORK.with(|network| {
        let Some(network) = network.get() else { return };
        // One that cannot even be made expires like one without an answer.
        if let Ok(pending) = fetch(&network.url, &options) {
            pending.await_step(send.id, Step::Responded);
        }
    });
}

/// What came of a request so far. Travels beside its id in one number, so that one function serves all.
#[derive(Clone, Copy)]
enum Step {
    Responded,
    Read,
    Failed,
}

const STEP_BITS: u32 = 2;

impl Pending {
    fn await_step(&self, id: u32, done: Step) {
        NETWORK.with(|network| {
            let Some(network) = network.get() else { return };
            let function = |step| -> Function {
                let code = id << STEP_BITS | step as u32;
                network.on_step.bind1(&JsValue::NULL, &code.into()).unchecked_into()
            };
            self.then(&function(done), &function(Step::Failed));
        });
    }
}

fn on_step(code: JsValue, value: JsValue) {
    let code = code.as_f64().unwrap_or_default() as u32;
    let id = code >> STEP_BITS;
    let outcome = match code & ((1 << STEP_BITS) - 1) {
        step if step == Step::Responded as u32 => {
            let response: Response = value.unchecked_into();
            if response.ok()
                && let Ok(body) = response.array_buffer()
            {
                return body.unchecked_into::<Pending>().await_step(id, Step::Read);
            }
            Outcome::Failed { status: response.status(), retry_after_s: retry_after_s(&response) }
        }
        step if step == Step::Read as u32 => {
            Outcome::Answered(Uint8Array::new(value.unchecked_ref::<ArrayBuffer>()).to_vec())
        }
        _ => Outcome::Lost,
    };
    if let Some(report) = NETWORK.with(|network| network.get().map(|network| network.report)) {
        report(id, outcome);
    }
}

/// 0 where the collector asks for nothing, for a date, or from another origin without exposing the header.
fn retry_after_s(response: &Response) -> u32 {
    let header = response.headers().get("Retry-After").ok().flatten();
    header.and_then(|text| text.parse().ok()).unwrap_or(0)
}
