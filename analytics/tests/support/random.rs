//! Seeded streams of events, thick with what lies on a boundary.

use std::collections::HashMap;

use passerby_analytics::calendar::{Day, Zone};
use passerby_analytics::delivery::{Client, Delivery};
use passerby_analytics::validate::{Rules, take_apart};
use passerby_analytics::visitor::Visitor;
use passerby_protocol::{
    Batch, Currency, Engagement, Event, Kind, Money, Order, Props, Size, Value, VisitorId, decode, encode,
};

use super::{HOUR, MIN, Store, Text, custom, passive, tab, view_from};

/// SplitMix64 (Steele, Lea, Flood 2014): a number a step, from any seed.
pub struct Rng(pub u64);

impl Rng {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    pub fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            list.swap(at, self.below(at + 1));
        }
    }
}

/// What truly happened, before any batch.
#[derive(Clone, Debug)]
pub struct Happened {
    pub visitor: Visitor,
    pub tab: u64,
    pub number: u64,
    pub at_ms: i64,
    pub page: Text,
    /// The site's own id of the user.
    pub user: Text,
    pub kind: Kind<Text>,
    /// Of its tab.
    pub client: Client<Text>,
}

/// A page view's query and referrer, and what they mean.
#[derive(Clone, Copy, Default)]
pub struct Came {
    pub query: Text,
    pub referrer: Text,
    pub source: Text,
    pub channel: Text,
    pub bare_referrer: Text,
    pub utm: [Text; 5],
}

const NOWHERE: Came = Came { query: "", referrer: "", source: "", channel: "", bare_referrer: "", utm: [""; 5] };

pub const CAME: &[Came] = &[
    NOWHERE,
    NOWHERE,
    Came { query: "page=2", ..NOWHERE },
    Came {
        referrer: "https://www.google.com/",
        source: "Google",
        channel: "Organic Search",
        bare_referrer: "google.com",
        ..NOWHERE
    },
    Came {
        referrer: "https://example.org/x?y",
        source: "example.org",
        channel: "Referral",
        bare_referrer: "example.org/x",
        ..NOWHERE
    },
    Came { query: "ref=friend", source: "friend", channel: "Referral", ..NOWHERE },
    Came {
        query: "utm_source=news&utm_medium=email&utm_campaign=spring+sale&utm_content=top&utm_term=a%2Fb",
        referrer: "https://t.co/q",
        source: "news",
        channel: "Email",
        bare_referrer: "t.co/q",
        utm: ["news", "email", "spring sale", "top", "a/b"],
    },
];

const SITE: Text = "shop.example";

pub const PAGES: &[Text] = &["/", "/a", "/blog/", "/blog/a", "/blog/a/b"];

const GAPS: &[i64] = &[
    0,
    0,
    1,
    700,
    5_000,
    10 * MIN,
    30 * MIN - 1,
    30 * MIN,
    30 * MIN,
    30 * MIN + 1,
    30 * MIN + 1,
    HOUR,
    3 * HOUR,
    9 * HOUR,
];

/// Some people's events within three days; many lie within a gap of one of the `instants`.
pub fn stream(rng: &mut Rng, instants: &[i64]) -> Vec<Happened> {
    let first_ms = instants.iter().copied().min().unwrap_or(0);
    let (mut happened, people) = (Vec::new(), 1 + rng.below(4) as u64);
    for person in 0..people {
        let consented = rng.below(4) == 0;
        let (mut user, name) = ("", rng.pick(&["", "", "u1", "u2"]));
        let tabs = 1 + rng.below(3);
        let clients: Vec<Client<Text>> = (0..tabs).map(|_| client(rng)).collect();
        // Whose a tab is follows from the day on which it begins.
        let mut visitors: HashMap<usize, Visitor> = HashMap::new();
        let (seed, mut numbers) = (rng.next(), vec![0; tabs]);
        let mut at_ms = rng.pick(instants) - rng.pick(GAPS);
        for _ in 0..rng.below(14) {
            let place = rng.below(tabs);
            let page = rng.pick(PAGES);
            let kind = kind(rng, page);
            let visitor = *visitors.entry(place).or_insert_with(|| visitor(seed, consented, Day::of_utc(at_ms)));
            let (tab, number) = (person * 10 + place as u64, numbers[place]);
            user = if rng.below(3) == 0 { name } else { user };
            let client = clients[place].clone();
            numbers[place] += 1;
            happened.push(Happened { visitor, tab, number, at_ms, page, user, kind, client });
            at_ms = if rng.below(8) == 0 { rng.pick(instants) - rng.pick(&[-1, 0, 1]) } else { at_ms + rng.pick(GAPS) };
            at_ms = at_ms.min(first_ms + 60 * HOUR);
        }
    }
    on_their_pages(&mut happened);
    happened
}

/// Whoever consented is the same on all days; anybody else another one each day.
fn visitor(seed: u64, consented: bool, day: Day) -> Visitor {
    let key = |number: u64| {
        let mut key = [0; 16];
        key[..8].copy_from_slice(&number.to_le_bytes());
        key
    };
    if consented {
        return Visitor::of_id(&key(0), SITE, VisitorId(key(seed)));
    }
    Visitor::of_the_day(&key(day.0 as u64), SITE, &format!("192.0.2.{seed}"), "agent")
}

fn client(rng: &mut Rng) -> Client<Text> {
    Client {
        browser: rng.pick(&["", "Firefox", "Chrome"]),
        browser_version: rng.pick(&["", "127"]),
        os: rng.pick(&["Linux", "iOS"]),
        os_version: rng.pick(&["", "17"]),
        device: rng.pick(&["Desktop", "Mobile"]),
        country: rng.pick(&["", "KR", "DE"]),
        region: rng.pick(&["KR-11", "DE-BE"]),
        city: rng.pick(&["Seoul", "Berlin"]),
        language: rng.pick(&["ko-KR", "de"]),
        screen: rng.pick(&[Size(0, 0), Size(390, 844), Size(1440, 900)]),
        ..Client::default()
    }
}

fn kind(rng: &mut Rng, page: Text) -> Kind<Text> {
    match rng.below(10) {
        0 => with_props(rng, custom("Signup")),
        1 => with_props(rng, passive("Impression")),
        2 => {
            let visible_ms = rng.pick(&[0, 400, 12_000, 90_000]);
            Kind::Engagement(Engagement { visible_ms, scroll_percent: rng.pick(&[0, 30, 65, 100]) })
        }
        3 => custom("Open menu|x"),
        4 if rng.below(2) == 0 => {
            let id = rng.pick(&["o1", "o2", "o3", "o4", "o5"]);
            Kind::Order(Order { id, total: money(rng), ..Order::default() })
        }
        _ => {
            let came = rng.pick(CAME);
            with_props(rng, view_from(page, came.query, came.referrer))
        }
    }
}

fn money(rng: &mut Rng) -> Money {
    let currency = Currency::new(rng.pick(&["EUR", "EUR", "EUR", "KRW"])).unwrap();
    Money { amount_minor: rng.pick(&[1999, 500, -250]), currency }
}

fn with_props(rng: &mut Rng, mut kind: Kind<Text>) -> Kind<Text> {
    let host = rng.pick(&["", "", "blog.example"]);
    let value = match rng.below(8) {
        0 => Value::Text("pro"),
        1 => Value::Int(3),
        2 => Value::Bool(true),
        3 => Value::Money(money(rng)),
        _ => return kind,
    };
    let given = Props(vec![("other", Value::Text("pro")), ("plan", value)]);
    match &mut kind {
        Kind::Pageview(it) => (it.host, it.props) = (host, given),
        Kind::Custom(it) | Kind::PassiveCustom(it) => it.props = given,
        _ => {}
    }
    kind
}

/// The events cut into batches of a tab each, in any order, some of them twice, all of them arriving late, from devices
/// whose clocks are wrong; each as the collector takes it apart and hands it to a shard, in bytes.
pub fn deliveries(rng: &mut Rng, happened: &[Happened]) -> Vec<Vec<u8>> {
    let last_ms = happened.iter().map(|event| event.at_ms).max().unwrap_or(0);
    let mut batches: Vec<Vec<&Happened>> = Vec::new();
    for event in happened {
        match batches.iter_mut().rev().find(|batch| batch[0].tab == event.tab) {
            // A stream from which visits were taken out has gaps in its numbers, and a batch has none.
            Some(batch)
                if rng.below(3) > 0
                    && batch[0].user == event.user
                    && batch[0].number + batch.len() as u64 == event.number =>
            {
                batch.push(event);
            }
            _ => batches.push(vec![event]),
        }
    }
    for _ in 0..rng.below(4) {
        let again = batches.get(rng.below(batches.len().max(1))).cloned();
        batches.extend(again);
    }
    rng.shuffle(&mut batches);
    let delivery = |events: Vec<&Happened>| {
        let client = if rng.below(2) == 0 { Client::default() } else { events[0].client.clone() };
        let received_ms = last_ms + rng.pick(&[0, 1, HOUR]);
        let skew_ms = rng.pick(&[0, -3 * HOUR, 400 * 24 * HOUR]);
        let mut before_ms = received_ms;
        let event = |event: &&Happened| {
            let after_ms = i32::try_from(event.at_ms - before_ms).unwrap();
            before_ms = event.at_ms;
            Event { after_ms, kind: event.kind.clone() }
        };
        let batch = Batch {
            site: SITE,
            tab: tab(events[0].tab),
            first: u32::try_from(events[0].number).unwrap(),
            sent_at_ms: (received_ms + skew_ms) as u64,
            user: events[0].user,
            page: events[0].page,
            events: events.iter().map(event).collect(),
            ..Batch::default()
        };
        let (body, mut text) = (encode(&batch), String::new());
        let (hits, refused) = take_apart(decode(&body, &mut text).unwrap(), received_ms, "", Rules { hosts: &[] });
        assert_eq!(refused, [], "every event of a stream may be counted");
        // A delivery's fields in their order: its texts are of two sorts here.
        let (visitor, tab) = (events[0].visitor, batch.tab);
        postcard::to_allocvec(&(received_ms, visitor, tab, client, hits, refused)).unwrap()
    };
    batches.into_iter().map(delivery).collect()
}

/// What a shard holds of these events, however they arrived.
pub fn stored(rng: &mut Rng, happened: &[Happened]) -> Store {
    let mut store = Store::default();
    for bytes in deliveries(rng, happened) {
        let mut delivery: Delivery<&str> = postcard::from_bytes(&bytes).unwrap();
        // Whether a tab's first batch or a later one tells its context is a test of its own.
        let of_tab = happened.iter().find(|event| tab(event.tab) == delivery.tab);
        delivery.client = of_tab.map(|event| event.client.clone()).unwrap_or_default();
        store.take(delivery);
    }
    store
}

/// Puts every event on the page that its tab last viewed.
pub fn on_their_pages(happened: &mut [Happened]) {
    let mut pages: HashMap<u64, Text> = HashMap::new();
    for event in happened {
        let page = pages.entry(event.tab).or_insert(event.page);
        if let Kind::Pageview(view) = &event.kind {
            *page = view.path;
        }
        event.page = page;
    }
}

/// The zone of this name between two times, as the time zone database has it.
pub fn zone(name: &str, from_ms: i64, to_ms: i64) -> Zone {
    let database = jiff::tz::TimeZone::get(name).unwrap();
    Zone::probe(from_ms, to_ms, |at_ms| offset_ms(&database, at_ms))
}

pub fn offset_ms(zone: &jiff::tz::TimeZone, at_ms: i64) -> i64 {
    i64::from(zone.to_offset(jiff::Timestamp::from_millisecond(at_ms).unwrap()).seconds()) * 1000
}
