//! Batches that several tests use.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)]

pub mod arbitrary;

use passerby_protocol::*;

pub fn event(after_ms: i32, kind: Kind) -> Event {
    Event { after_ms, kind }
}

/// The folder of the golden files of version 1.
pub fn golden() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/v1")
}

/// The bytes of a golden file: hex up to a `;` in each line.
pub fn bytes(golden: &str) -> Vec<u8> {
    let hex = golden.lines().filter_map(|line| line.split(';').next()).flat_map(str::split_whitespace);
    hex.map(|byte| u8::from_str_radix(byte, 16).expect("two hex digits")).collect()
}

fn s(text: &str) -> String {
    text.to_owned()
}

pub fn custom(name: &str, props: &[(&str, Value)]) -> Kind {
    let props = props.iter().map(|(k, v)| (s(k), v.clone())).collect();
    Kind::Custom(Custom { name: s(name), props: Props(props) })
}

/// A later batch of a tab that has its ticket: what a page sends once it is under way.
pub fn envelope(mut events: Vec<Event>) -> Batch {
    events[0].after_ms = -58_000;
    Batch {
        site: s("example.com"),
        tab: TabId(*b"\x9a\x3f\x07\xc1\x55\xee\x20\x84"),
        first: 12,
        sent_at_ms: 1_792_000_000_000,
        ticket: Ticket(vec![0xA5; 16]),
        page: s("/pricing"),
        viewport: Size(1440, 900),
        events,
        ..Batch::default()
    }
}

/// Ten custom events without properties.
pub fn ten_custom_events() -> Batch {
    envelope((0..10).map(|i| event(i * 700, custom("Signup", &[]))).collect())
}

/// One minute as a visitor of a shop spends it: 1 page view, 8 clicks on 6 elements, 6 engagements, 2 form events and 3
/// custom events with 2 properties each.
pub fn typical_minute() -> Batch {
    let mut events = vec![event(
        120,
        Kind::Pageview(Pageview {
            path: s("/products/weekend-bag"),
            query: s("utm_source=newsletter&utm_campaign=spring"),
            title: s("Weekend bag · Fernweh"),
            referrer: s("https://www.google.com/"),
            ..Pageview::default()
        }),
    )];
    let elements = [
        ("#nav>a:2", "Bags"),
        ("#gallery>button:3", "Next picture"),
        ("#colour>label:2", "Olive"),
        ("#add-to-cart", "Add to cart"),
        ("main>section:4>details:1>summary", "Delivery and returns"),
        ("footer>form>button", "Subscribe"),
    ];
    for (i, at) in [0, 1, 1, 1, 2, 3, 4, 5].into_iter().enumerate() {
        let (element, text) = elements[at];
        let i = i as u16;
        events.push(event(
            3_100 + i32::from(i) * 217,
            Kind::Click(Click {
                element: s(element),
                text: s(text),
                x_myriad: 2_500 + i * 611,
                y_myriad: 900 + i * 1_017,
                flags: ClickFlags(0),
            }),
        ));
    }
    for i in 0..6 {
        let engagement = Engagement { visible_ms: 9_800, scroll_percent: 20 + i * 14 };
        events.push(event(4_900, Kind::Engagement(engagement)));
    }
    let field = |field: &str| FormField { form: s("newsletter"), field: s(field) };
    events.push(event(800, Kind::FormStart(field("email"))));
    events.push(event(6_200, Kind::FormAbandon(field("email"))));
    for (name, first, second) in [
        ("Size chosen", ("size", Value::Text(s("M"))), ("in_stock", Value::Bool(true))),
        ("Gallery", ("picture", Value::Int(3)), ("zoomed", Value::Bool(false))),
        ("Wishlist", ("product", Value::Text(s("weekend-bag"))), ("position", Value::Int(4))),
    ] {
        events.push(event(1_400, custom(name, &[first, second])));
    }
    envelope(events)
}
