//! The end of a shard, whose site was deleted.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use worker::{Error, Result, State};

/// Deletes all that is stored. Idempotent.
pub async fn empty(state: &State) -> Result<()> {
    state.storage().delete_alarm().await?;
    state.storage().delete_all().await?;
    state.storage().sync().await
}

/// Ends this instance, whose memory knows what is no longer stored: who asks next meets a new one. It happens once this call has
/// returned, since it ends whatever runs, and code of ours must not be cut off in its middle.
pub fn end(state: &State) -> Result<()> {
    let this: &JsValue = state.as_raw().as_ref();
    let failed = |_: JsValue| Error::RustError("an object cannot be ended here".to_owned());
    let method = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).and_then(JsCast::dyn_into::<Function>);
    let abort = method(this, "abort").map_err(failed)?;
    let bound = method(&abort, "bind").and_then(|bind| bind.call1(&abort, this)).map_err(failed)?;
    let later = Promise::<JsValue>::resolve(&JsValue::from("its site was deleted"));
    let later: JsValue = later.into();
    method(&later, "then").and_then(|then| then.call1(&later, &bound)).map(|_| ()).map_err(failed)
}
