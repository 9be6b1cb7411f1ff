//! How the Worker talks to its objects: a POST of bytes to a path, answered by bytes. Objects cannot be reached from
//! outside. For some minutes after a deployment one may still run the version before, so each message says which form it
//! has; another form is an error, and whoever asked asks again.

#![allow(unsafe_code)] // what wasm-bindgen generates for an import

use std::cell::OnceCell;

use js_sys::futures::JsFuture;
use js_sys::{Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use worker::{Env, Error, Headers, Request, RequestInit, Response, Result};

#[wasm_bindgen]
extern "C" {
    type Stub;

    #[wasm_bindgen(method, catch)]
    fn fetch(this: &Stub, url: &str, init: &Object) -> core::result::Result<Promise, JsValue>;

    type Answered;

    #[wasm_bindgen(method, getter)]
    fn status(this: &Answered) -> u16;

    #[wasm_bindgen(method, catch, js_name = arrayBuffer)]
    fn array_buffer(this: &Answered) -> core::result::Result<Promise, JsValue>;
}

/// Names of the bindings.
const SHARD: &str = "SHARD";
const SITE: &str = "SITE";
const HUB: &str = "HUB";
const DIRECTORY: &str = "DIRECTORY";

/// Asks one of a site's 2^`bits` shards.
pub async fn ask_shard(env: &Env, site: &str, bits: u32, shard: u32, path: &str, body: &[u8]) -> Result<Vec<u8>> {
    ask(env, SHARD, &format!("{site}/{bits}/{shard}"), path, body).await
}

/// Asks a site's own object; the name is empty for what belongs to no site.
pub async fn ask_site(env: &Env, site: &str, path: &str, body: &[u8]) -> Result<Vec<u8>> {
    ask(env, SITE, site, path, body).await
}

/// Asks a site's hub.
pub async fn ask_hub(env: &Env, site: &str, path: &str, body: &[u8]) -> Result<Vec<u8>> {
    ask(env, HUB, site, path, body).await
}

/// Has a site's hub send its watchers away, to come back with a key that still counts. What they see meanwhile is no reason for whoever
/// asked to do it again.
pub async fn dismiss(env: &Env, site: &str) {
    if let Err(error) = ask_hub(env, site, "dismiss", &[]).await {
        worker::console_error!("those who watch {site} were not sent away: {error}");
    }
}

/// Hands a watcher over to a site's hub, with what the Worker knows of it. The answer is the socket, or a refusal.
pub async fn watch(env: &Env, site: &str, query: &str, protocol: Option<&str>) -> Result<Response> {
    let stub = env.durable_object(HUB)?.get_by_name(site)?;
    let mut init = RequestInit::new();
    let headers = Headers::new();
    headers.set("Upgrade", "websocket")?;
    if let Some(protocol) = protocol {
        headers.set("Sec-WebSocket-Protocol", protocol)?;
    }
    init.with_headers(headers);
    stub.fetch_with_request(Request::new_with_init(&format!("https://hub.invalid/watch?{query}"), &init)?).await
}
/// The status of an object that has too much to do.
const OVERLOADED: u16 = 503;

/// Asks the account's directory.
pub async fn ask_directory(env: &Env, path: &str, body: &[u8]) -> Result<Vec<u8>> {
    ask(env, DIRECTORY, "account", path, body).await
}

async fn ask(env: &Env, binding: &str, name: &str, path: &str, body: &[u8]) -> Result<Vec<u8>> {
    let stub: Stub = env.durable_object(binding)?.get_by_name(name)?.into_rpc();
    let body = Uint8Array::from(body);
    // A bare call: to make a request with headers, ask for its parts and take it apart again costs as much as the call.
    let promise = post(&body, |init| stub.fetch(&format!("https://object.invalid/{path}"), init))?;
    let answered: Answered = JsFuture::from(promise).await?.unchecked_into();
    match answered.status() {
        200 => Ok(Uint8Array::new(&JsFuture::from(answered.array_buffer()?).await?).to_vec()),
        OVERLOADED => Err(overloaded("the object has too much to do")),
        status => Err(Error::RustError(format!("{binding} answered {status} to {path}"))),
    }
}

thread_local! {
    /// What all calls have in common, made once: a POST.
    static INIT: OnceCell<(Object, JsValue)> = const { OnceCell::new() };
}

/// Calls with a body. The runtime has read what it is given when the call returns, so the next one may use it again.
fn post<T>(body: &Uint8Array, call: impl FnOnce(&Object) -> core::result::Result<T, JsValue>) -> Result<T> {
    INIT.with(|init| {
        let (init, key) = init.get_or_init(|| (Object::new(), JsValue::from("body")));
        Reflect::set(init, &JsValue::from("method"), &JsValue::from("POST"))?;
        Reflect::set(init, key, body)?;
        let called = call(init);
        Reflect::set(init, key, &JsValue::UNDEFINED)?;
        called.map_err(Error::from)
    })
}

/// An error as the platform throws it where an object has too much to do: with `overloaded` set.
pub fn overloaded(message: &str) -> Error {
    let error = js_sys::Error::new(message);
    // Fails for what is no object, and this is one.
    _ = Reflect::set(&error, &OVERLOADED_FLAG.into(), &JsValue::TRUE);
    Error::from(error)
}

const OVERLOADED_FLAG: &str = "overloaded";

/// Whether an object has too much to do, by its own word or the platform's: it is not to be asked again at once.
pub fn is_overloaded(error: &Error) -> bool {
    match error {
        Error::UnknownJsError { original, .. } => {
            Reflect::get(original, &OVERLOADED_FLAG.into()).is_ok_and(|flag| flag.is_truthy())
        }
        _ => false,
    }
}

/// An object's answer.
pub fn reply(bytes: Vec<u8>) -> Result<Response> {
    Ok(Response::builder().fixed(bytes))
}

/// The form of what objects tell each other. To be raised when a type that they exchange changes.
const FORM: u8 = 9;

/// Bytes of a value between objects.
pub fn pack<T: serde::Serialize>(value: &T) -> Result<Vec<u8>> {
    postcard::to_allocvec(&(FORM, value)).map_err(|error| Error::RustError(error.to_string()))
}

/// The beginning of a value from another object.
pub fn unpack_beginning<'a, T: serde::Deserialize<'a>>(bytes: &'a [u8]) -> Result<T> {
    let rest = bytes.strip_prefix(&[FORM]).ok_or_else(|| Error::from("a message of another version"))?;
    postcard::take_from_bytes(rest).map(|(value, _)| value).map_err(|error| Error::RustError(error.to_string()))
}

/// A value from another object.
pub fn unpack<'a, T: serde::Deserialize<'a>>(bytes: &'a [u8]) -> Result<T> {
    let rest = bytes.strip_prefix(&[FORM]).ok_or_else(|| Error::from("a message of another version"))?;
    postcard::from_bytes(rest).map_err(|error| Error::RustError(error.to_string()))
}
