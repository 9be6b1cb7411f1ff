//! The one function that the page's side calls. Private to `npm-package/`: it may change with every version.
//!
//! One, with what happened as a number, all texts in one and all numbers in one: each further function or argument
//! would add its conversion to the glue, which weighs more than what it converts.

use wasm_bindgen::prelude::wasm_bindgen;

use crate::{Given, app};

macro_rules! whats {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// What the page's side tells. `what.ts` has the same names in the same order.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum What {
            $($(#[$doc])* $name,)*
        }

        impl What {
            /// All of them, each at its number.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];
        }
    };
}

whats! {
    /// The settings and the browser; before all others.
    Start,
    /// Something happened that is an event of the contract.
    Event,
    /// The current title of the document, which may be that of the newest page view.
    Title,
    /// The visitor agreed to an id of their own: its bytes.
    Visitor,
    /// The page may be about to vanish.
    Leave,
    /// The network is back.
    Online,
    /// Send what is buffered.
    Flush,
    /// A timer fires.
    Wake,
    /// A request has ended.
    Done,
}

/// Something happened at `at_ms`, on the clock of `performance.now()`. Texts are separated by U+0000; which texts and
/// numbers there are, and in which order, says the file that reads them.
#[wasm_bindgen]
pub fn on(what: u8, at_ms: f64, texts: &str, numbers: &[f64]) {
    if let Some(what) = What::ALL.get(usize::from(what)) {
        app::on(*what, at_ms as u64, Given::new(texts, numbers));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_number_what_happens_alike() {
        let mut expected = String::new();
        for what in What::ALL {
            expected += &format!("export const {} = {};\n", format!("{what:?}").to_uppercase(), *what as u8);
        }
        assert!(include_str!("what.ts").ends_with(&expected), "what.ts should end with\n{expected}");
    }
}
