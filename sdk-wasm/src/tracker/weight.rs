//! What an event takes on the wire, from above. Cheap, since every event is weighed when it happens: texts at their
//! plain length, as if none were in the batch's table yet.

use passerby_protocol::{Kind, Props, Value};

/// Bytes of an event's kind, time, numbers and symbols: the largest, an order without items, has 40.
const FRAME_BYTES: usize = 48;

/// Bytes of a property next to its texts: two symbols of 3 bytes, a tag, and an amount of 13.
const PROP_BYTES: usize = 20;

/// Bytes of one item of an order: five texts that a catalogue keeps within 200 bytes in all, a price, a quantity.
const ITEM_BYTES: usize = 256;

/// Bytes that the event takes in a batch, at the most.
pub fn weigh(kind: &Kind) -> usize {
    let texts = match kind {
        Kind::Pageview(v) => {
            v.path.len() + v.host.len() + v.query.len() + v.title.len() + v.referrer.len() + weigh_props(&v.props)
        }
        Kind::Click(v) => v.element.len() + v.text.len(),
        Kind::Custom(v) | Kind::PassiveCustom(v) => v.name.len() + weigh_props(&v.props),
        Kind::Identify(v) => v.user.len() + weigh_props(&v.traits),
        Kind::Order(v) => ITEM_BYTES * (1 + v.items.len()),
        Kind::Refund(v) => ITEM_BYTES * (1 + v.items.len()),
        Kind::Engagement(_) | Kind::Vital(_) | Kind::Resize(_) => 0,
        Kind::Outbound(v) => v.url.len() + v.text.len(),
        Kind::ScriptError(v) => v.message.len() + v.source.len(),
        _ => ITEM_BYTES,
    };
    FRAME_BYTES + texts
}

fn weigh_props(props: &Props) -> usize {
    let weigh_one = |(key, value): &(String, Value)| {
        let text = if let Value::Text(text) = value { text.len() } else { 0 };
        PROP_BYTES + key.len() + text
    };
    props.0.iter().map(weigh_one).sum()
}
