//! How the Worker talks to its objects: a POST of bytes to a path, answered by bytes. Objects cannot be reached from
//! outside. For some minutes after a deployment one may still run the version before, so each message says which form it
//! has; another form is an error, and whoever asked asks again.

use worker::{Env, Headers, Method, Request, RequestInit, Response, Result};

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

/// Asks the account's directory.
pub async fn ask_directory(env: &Env, path: &str, body: &[u8]) -> Result<Vec<u8>> {
    ask(env, DIRECTORY, "account", path, body).await
}

async fn ask(env: &Env, binding: &str, name: &str, path: &str, body: &[u8]) -> Result<Vec<u8>> {
    let stub = env.durable_object(binding)?.get_by_name(name)?;
    let mut init = RequestInit::new();
    init.with_method(Method::Post).with_body(Some(js_sys::Uint8Array::from(body).into()));
    init.with_headers(Headers::new());
    let request = Request::new_with_init(&format!("https://{}.invalid/{path}", binding.to_lowercase()), &init)?;
    let mut response = stub.fetch_with_request(request).await?;
    match response.status_code() {
        200 => response.bytes().await,
        status => Err(worker::Error::RustError(format!("{binding} answered {status} to {path}"))),
    }
}

/// An object's answer.
pub fn reply(bytes: Vec<u8>) -> Result<Response> {
    Response::from_bytes(bytes)
}

/// The form of what objects tell each other. To be raised when a type that they exchange changes.
const FORM: u8 = 5;

/// Bytes of a value between objects.
pub fn pack<T: serde::Serialize>(value: &T) -> Result<Vec<u8>> {
    postcard::to_extend(value, vec![FORM]).map_err(|error| worker::Error::RustError(error.to_string()))
}

/// A value from another object.
pub fn unpack<'a, T: serde::Deserialize<'a>>(bytes: &'a [u8]) -> Result<T> {
    let rest = bytes.strip_prefix(&[FORM]).ok_or_else(|| worker::Error::from("a message of another version"))?;
    postcard::from_bytes(rest).map_err(|error| worker::Error::RustError(error.to_string()))
}
