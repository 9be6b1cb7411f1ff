//! What the site's owner says: events of their own, and who the visitor is.

use passerby_protocol::{Custom, Identify, Kind, limits};

use super::Given;
use crate::app::App;

/// An event that the site's owner named: its name, its properties.
pub fn on_track(app: &mut App, at_ms: u64, given: &mut Given) {
    let name = given.text(limits::MAX_NAME_BYTES);
    app.push(Kind::Custom(Custom { name, props: given.props() }), at_ms);
}

/// The site says who this is: the user's id, traits.
pub fn on_identify(app: &mut App, at_ms: u64, given: &mut Given) {
    let user = given.text(limits::MAX_NAME_BYTES);
    app.push(Kind::Identify(Identify { user, traits: given.props() }), at_ms);
}
