//! What `debug` prints.

use passerby_protocol::Kind;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(module = "/src/platform/page.js")]
extern "C" {
    /// `passerby queued click 12`: an event by its kind's number, and its number in the tab. Nothing without `debug`.
    pub fn queued(kind: u8, number: u32);
}

/// The kind's place in [`Kind::LABELS`]. The labels themselves are on the page's side, where they weigh half.
pub fn number_of(kind: &Kind) -> u8 {
    match kind {
        Kind::Pageview(_) => 0,
        Kind::Engagement(_) => 1,
        Kind::Click(_) => 2,
        Kind::Outbound(_) => 3,
        Kind::Download(_) => 4,
        Kind::FormStart(_) => 5,
        Kind::FormSubmit(_) => 6,
        Kind::FormAbandon(_) => 7,
        Kind::Search(_) => 8,
        Kind::Custom(_) => 9,
        Kind::PassiveCustom(_) => 10,
        Kind::ProductView(_) => 11,
        Kind::CartAdd(_) => 12,
        Kind::CartRemove(_) => 13,
        Kind::Checkout(_) => 14,
        Kind::Order(_) => 15,
        Kind::Refund(_) => 16,
        Kind::Identify(_) => 17,
        Kind::Vital(_) => 18,
        Kind::ScriptError(_) => 19,
        Kind::Resize(_) => 20,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use passerby_protocol::{Custom, Engagement, Size};

    #[test]
    fn the_pages_side_knows_the_label_of_every_kind() {
        let labels = Kind::<String>::LABELS.join(" ");
        assert!(include_str!("page.js").contains(&format!("'{labels}'")), "page.js should have '{labels}'");
        for kind in [Kind::Engagement(Engagement::default()), Kind::Custom(Custom::default()), Kind::Resize(Size(0, 0))]
        {
            assert_eq!(Kind::<String>::LABELS[usize::from(number_of(&kind))], kind.label());
        }
    }
}
