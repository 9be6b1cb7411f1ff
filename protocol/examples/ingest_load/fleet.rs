//! The tabs of one connection: each sends a few batches of 20 events, one after another, with the ticket that the first
//! was answered with. Several are open at a time, so that two batches of a tab have many of others between them.

use passerby_protocol::{
    Batch, Click, ClickFlags, Context, Custom, Engagement, Event, FormField, Item, Kind, Money, Pageview, Product,
    Props, Size, TabId, Ticket, Value, Vital, VitalName, encode,
};

use crate::options::Options;

/// What the figures are stated for.
pub const EVENTS: u32 = 20;

const AGENTS: [&str; 4] = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
];
const REFERRERS: [&str; 4] =
    ["", "https://www.google.com/", "https://www.instagram.com/", "https://news.example/today"];
const QUERIES: [&str; 4] =
    ["", "", "utm_source=newsletter&utm_medium=email&utm_campaign=november-letter", "gclid=Cj0KCQiA"];

struct Tab {
    number: u64,
    sent: u32,
    ticket: Ticket,
    is_unsettled: bool,
}

/// See above.
pub struct Fleet {
    options: Options,
    tabs: Vec<Tab>,
    turn: usize,
    next: u64,
    request: Vec<u8>,
}

impl Fleet {
    /// The tabs of the connection at this place. No other's, nor another run's, has the same numbers or addresses.
    pub fn new(options: &Options, place: u32) -> Self {
        let first = u64::from(options.run) << 40 | u64::from(place) << 24;
        let (tabs, request) = (Vec::new(), Vec::with_capacity(4096));
        let mut fleet = Self { options: options.clone(), tabs, turn: 0, next: first, request };
        fleet.tabs = (0..options.open_tabs).map(|_| fleet.open()).collect();
        fleet
    }

    fn open(&mut self) -> Tab {
        self.next += 1;
        // Tabs without tickets, for what gives none, are like those that have one.
        let ticket = if self.options.blind { Ticket(vec![7; 16]) } else { Ticket::default() };
        Tab { number: self.next, sent: 0, ticket, is_unsettled: false }
    }

    /// The next tab's request, whole.
    pub fn request(&mut self) -> &[u8] {
        let tab = &self.tabs[self.turn];
        let body = encode(&batch(&self.options.site, tab));
        self.request.clear();
        let Options { at, path, .. } = &self.options;
        let agent = AGENTS[(tab.number % 4) as usize];
        // As many addresses as tabs.
        let [_, _, a, b, c, d, e, f] = tab.number.to_be_bytes();
        let run = self.options.run % 250;
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {at}\r\nUser-Agent: {agent}\r\nAccept: */*\r\nOrigin: https://shop.example\r\n\
             Content-Type: text/plain;charset=UTF-8\r\nCF-Connecting-IP: 2001:db8:{run:x}:{a:x}{b:02x}:{c:x}{d:02x}:{e:x}{f:02x}::1\r\n\
             Content-Length: {}\r\n\r\n",
            body.len()
        );
        self.request.extend_from_slice(head.as_bytes());
        self.request.extend_from_slice(&body);
        &self.request
    }

    /// The request was taken: on to the next tab. One that has sent all it has to is closed, and another opened.
    pub fn acknowledged(&mut self, ticket: Option<Ticket>) {
        let all = self.options.batches_of_a_tab;
        let tab = &mut self.tabs[self.turn];
        tab.sent += 1;
        tab.is_unsettled = false;
        if let Some(ticket) = ticket.filter(|ticket| *ticket != Ticket::default()) {
            tab.ticket = ticket;
        }
        if tab.sent >= all {
            self.tabs[self.turn] = self.open();
        }
        self.turn = (self.turn + 1) % self.tabs.len();
    }

    /// It was not: the tab sends the same batch when its turn comes again.
    pub fn refused(&mut self) {
        self.tabs[self.turn].is_unsettled = true;
        self.turn = (self.turn + 1) % self.tabs.len();
    }

    /// Turns to a tab whose last batch was not taken, if there is one.
    pub fn turn_to_unsettled(&mut self) -> bool {
        let found = self.tabs.iter().position(|tab| tab.is_unsettled);
        self.turn = found.unwrap_or(self.turn);
        found.is_some()
    }
}

fn batch(site: &str, tab: &Tab) -> Batch<String> {
    let events = (0..EVENTS).map(|place| event(tab, place)).collect();
    let language = ["en-GB", "de-DE", "ko-KR"][(tab.number % 3) as usize].to_owned();
    let context = Context { screen: Size(1440, 900), language, time_zone: "Europe/Berlin".to_owned(), hints: None };
    Batch {
        site: site.to_owned(),
        tab: TabId(tab.number.to_be_bytes()),
        first: tab.sent * EVENTS,
        ticket: tab.ticket.clone(),
        viewport: Size(1440, 900),
        context: (tab.sent == 0).then_some(context),
        events,
        ..Batch::default()
    }
}

/// A minute of a shopper: three pages, what was read, clicked and put into the cart.
fn event(tab: &Tab, place: u32) -> Event<String> {
    let chance = (tab.number ^ u64::from(tab.sent * EVENTS + place)).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
    let product = || Product {
        id: format!("sku-{}", chance % 500),
        name: format!("Backpack {}", chance % 500),
        category: "bags".to_owned(),
        price: passerby_protocol::Currency::new("EUR").map(|currency| Money { amount_minor: 14_900, currency }),
        ..Product::default()
    };
    let click = |element: &str, text: &str| {
        Kind::Click(Click {
            element: element.to_owned(),
            text: text.to_owned(),
            x_myriad: (chance % 10_000) as u16,
            y_myriad: (chance / 7 % 10_000) as u16,
            flags: ClickFlags(0),
        })
    };
    let kind = match place {
        0 | 7 | 14 => Kind::Pageview(Pageview {
            path: format!("/products/{}", chance % 2_000),
            title: format!("Product {} - Shop", chance % 2_000),
            referrer: if tab.sent == 0 && place == 0 { REFERRERS[(chance % 4) as usize] } else { "" }.to_owned(),
            query: if tab.sent == 0 && place == 0 { QUERIES[(chance % 4) as usize] } else { "" }.to_owned(),
            ..Pageview::default()
        }),
        1 => Kind::Vital(Vital { name: VitalName::Ttfb, value: (chance % 500) as u32 }),
        2 => Kind::Vital(Vital { name: VitalName::Lcp, value: (chance % 4_000) as u32 }),
        3 | 10 => click("#main>section:2>a.card", "Show more"),
        4 | 9 => Kind::ProductView(product()),
        5 => click("#add-to-cart", "Add to cart"),
        6 => Kind::CartAdd(Item { product: product(), quantity: 1 }),
        8 | 13 | 19 => {
            Kind::Engagement(Engagement { visible_ms: (chance % 30_000) as u32, scroll_percent: (chance % 101) as u8 })
        }
        11 => Kind::FormStart(FormField { form: "newsletter".to_owned(), field: "email".to_owned() }),
        12 => Kind::Custom(Custom {
            name: "Newsletter signup".to_owned(),
            props: Props(vec![("place".to_owned(), Value::Text("footer".to_owned()))]),
        }),
        15 | 16 => click("header nav a.products", "Gear"),
        17 => {
            Kind::Custom(Custom { name: "Filter".to_owned(), props: Props(vec![("colour".to_owned(), Value::Int(3))]) })
        }
        _ => click(".hero img", ""),
    };
    // The last batch's minute: its first event is a minute old, the others follow.
    Event { after_ms: if place == 0 { -58_000 } else { 3_000 }, kind }
}
