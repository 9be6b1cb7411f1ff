//! When an object is to be woken.

use js_sys::Date;
use wasm_bindgen::JsValue;
use worker::{Result, ScheduledTime, State};

/// Sets the object's alarm for this instant (milliseconds since 1970 in UTC), in place of another that is set. A number by itself
/// the SDK takes for so much later than now.
pub async fn set(state: &State, at_ms: i64) -> Result<()> {
    state.storage().set_alarm(ScheduledTime::new(Date::new(&JsValue::from_f64(at_ms as f64)))).await
}
