//! All or nothing. Statements of one turn are one transaction by themselves, but those before one that fails would stay;
//! `transactionSync` takes them back. The SDK does not have it, so it is bound here.
#![allow(unsafe_code)] // what wasm-bindgen generates for an import

use js_sys::Promise;
use js_sys::futures::JsFuture;
use wasm_bindgen::prelude::*;
use worker::{Result, State};

#[wasm_bindgen]
extern "C" {
    type Storage;

    #[wasm_bindgen(method, catch, js_name = transactionSync)]
    fn transaction_sync(
        this: &Storage,
        work: &mut dyn FnMut() -> core::result::Result<JsValue, JsValue>,
    ) -> core::result::Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn sync(this: &Storage) -> core::result::Result<Promise, JsValue>;
}

/// An object's transactions.
pub struct Transactions(Storage);

impl Transactions {
    /// Those of an object.
    pub fn of(state: &State) -> Self {
        Self(JsValue::from(state.storage().as_raw()).unchecked_into())
    }

    /// Waits until all that was written is on disk.
    pub async fn on_disk(&self) -> Result<()> {
        JsFuture::from(self.0.sync()?).await?;
        Ok(())
    }

    /// Runs `work`; where it fails, nothing that it wrote stays.
    pub fn atomically(&self, work: &mut dyn FnMut() -> Result<()>) -> Result<()> {
        let mut failed = None;
        let outcome = self.0.transaction_sync(&mut || match work() {
            Ok(()) => {
                #[cfg(feature = "forced-panics")]
                crate::panics::at(crate::panics::Place::InTransaction);
                Ok(JsValue::UNDEFINED)
            }
            Err(error) => {
                let thrown = JsValue::from(error.to_string());
                failed = Some(error);
                Err(thrown)
            }
        });
        #[cfg(feature = "forced-panics")]
        crate::panics::at(crate::panics::Place::AfterTransaction);
        match (outcome, failed) {
            (_, Some(error)) => Err(error),
            (outcome, None) => outcome.map(|_| ()).map_err(Into::into),
        }
    }
}
