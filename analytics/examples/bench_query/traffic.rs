//! Believable traffic, the same for the same seed: pages by Zipf's law, a daily rhythm, 30 % of visits by people who come
//! again, two in five of them leaving after one page.

use passerby_analytics::calendar::{DAY_MS, HOUR_MS};
use passerby_analytics::delivery::Client;
use passerby_analytics::session::{Session, SessionEvent, Tab};
use passerby_analytics::visitor::Visitor;
use passerby_protocol::{Click, ClickFlags, Custom, Engagement, Kind, Pageview, Props, Size, TabId, Value};

/// Distinct pages of the site.
const PAGES: usize = 2_000;
/// Distinct things to click on.
const ELEMENTS: usize = 400;

/// xorshift64*: enough for traffic, and the same everywhere.
pub struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// A number in 0 .. 1.
    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    fn below(&mut self, count: usize) -> usize {
        (self.share() * count as f64) as usize
    }

    /// A place in 0 .. count, the first ones most often (Zipf, exponent 1, by the inverse of its continuous form).
    fn zipf(&mut self, count: usize) -> usize {
        (((count as f64 + 1.0).powf(self.share()) - 1.0) as usize).min(count - 1)
    }
}

/// The site's strings, which sessions borrow.
pub struct Site {
    pages: Vec<String>,
    titles: Vec<String>,
    elements: Vec<String>,
}

const COUNTRIES: [&str; 12] = ["KR", "US", "DE", "GB", "FR", "IN", "JP", "BR", "NL", "ES", "IT", "PL"];
const BROWSERS: [(&str, &str); 5] =
    [("Chrome", "126"), ("Safari", "17"), ("Edge", "126"), ("Firefox", "127"), ("Samsung Browser", "25")];
const SYSTEMS: [(&str, &str, &str); 5] = [
    ("Windows", "11", "Desktop"),
    ("iOS", "17", "Mobile"),
    ("Android", "14", "Mobile"),
    ("macOS", "", "Desktop"),
    ("iPadOS", "17", "Tablet"),
];
const REFERRERS: [&str; 8] = [
    "",
    "https://www.google.com/",
    "",
    "https://www.facebook.com/",
    "https://t.co/",
    "https://chatgpt.com/",
    "https://news.ycombinator.com/",
    "https://www.bing.com/",
];
const QUERIES: [&str; 4] = ["", "", "", "utm_source=newsletter&utm_medium=email&utm_campaign=spring"];
const EVENTS: [&str; 4] = ["Add to cart", "Checkout", "Purchase", "Signup"];

impl Site {
    pub fn new() -> Self {
        let page = |n: usize| match n {
            0 => "/".to_owned(),
            n if n % 3 == 0 => format!("/blog/post-{n}"),
            n if n % 3 == 1 => format!("/products/{n}"),
            n => format!("/category/{}/{n}", n % 17),
        };
        Self {
            pages: (0..PAGES).map(page).collect(),
            titles: (0..PAGES).map(|n| format!("Page {n} - Shop")).collect(),
            elements: (0..ELEMENTS).map(|n| format!("#main>section:{}>a:{}", n % 9, n / 9)).collect(),
        }
    }

    /// A day's visits, in the order of visitors and times. `first` numbers the site's visits.
    pub fn day(&self, day: i64, visits: usize, first: usize, chance: &mut Chance) -> Vec<(Visitor, Session<&str>)> {
        let mut sessions: Vec<_> = (0..visits).map(|n| self.visit(day, first + n, chance)).collect();
        sessions.sort_by_key(|(visitor, session)| (*visitor, session.start_ms()));
        sessions
    }

    fn visit<'s>(&'s self, day: i64, number: usize, chance: &mut Chance) -> (Visitor, Session<&'s str>) {
        let who = if chance.share() < 0.3 { chance.below(number.max(1)) } else { number };
        let visitor = Visitor::of_row((who as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(17) >> 11);
        // Two of three visits between 9 and 21 o'clock.
        let hour = if chance.share() < 0.67 { 9 + chance.below(12) } else { chance.below(24) } as i64;
        let mut at_ms = day * DAY_MS + hour * HOUR_MS + chance.below(HOUR_MS as usize) as i64;
        let pages = if chance.share() < 0.4 { 1 } else { 2 + chance.zipf(3) };
        let mut events = Vec::new();
        let mut push = |at_ms: i64, page: usize, kind: Kind<&'s str>| {
            let number = events.len() as u32;
            events.push((at_ms, number, page, kind));
        };
        for n in 0..pages {
            let page = chance.zipf(PAGES);
            let view = Pageview {
                path: self.pages[page].as_str(),
                title: self.titles[page].as_str(),
                referrer: if n == 0 { REFERRERS[chance.zipf(REFERRERS.len())] } else { "" },
                query: if n == 0 { QUERIES[chance.below(QUERIES.len())] } else { "" },
                ..Pageview::default()
            };
            push(at_ms, page, Kind::Pageview(view));
            let stays_ms = 2_000 + (chance.share().powi(2) * 180_000.0) as i64;
            if chance.share() < 0.39 {
                let click = Click {
                    element: self.elements[chance.zipf(ELEMENTS)].as_str(),
                    text: "",
                    x_myriad: chance.below(10_000) as u16,
                    y_myriad: chance.below(10_000) as u16,
                    flags: ClickFlags(0),
                };
                push(at_ms + stays_ms / 3, page, Kind::Click(click));
            }
            if chance.share() < 0.08 {
                let custom = Custom {
                    name: EVENTS[chance.zipf(EVENTS.len())],
                    props: Props(vec![("plan", Value::Text("pro"))]),
                };
                push(at_ms + stays_ms / 2, page, Kind::Custom(custom));
            }
            at_ms += stays_ms;
            let engagement = Engagement { visible_ms: stays_ms as u32, scroll_percent: chance.below(101) as u8 };
            push(at_ms, page, Kind::Engagement(engagement));
        }
        let (browser, browser_version) = BROWSERS[chance.zipf(BROWSERS.len())];
        let (os, os_version, device) = SYSTEMS[chance.zipf(SYSTEMS.len())];
        let client = Client {
            browser,
            browser_version,
            os,
            os_version,
            device,
            country: COUNTRIES[chance.zipf(COUNTRIES.len())],
            language: "en-GB",
            screen: Size(1440, 900),
            ..Client::default()
        };
        let events = events
            .into_iter()
            .map(|(at_ms, number, page, kind)| SessionEvent {
                at_ms,
                tab: 0,
                number: number.into(),
                page: self.pages[page].as_str(),
                user: "",
                kind,
            })
            .collect();
        (visitor, Session { tabs: vec![Tab { id: TabId((number as u64).to_be_bytes()), client }], events })
    }
}

pub fn seeded(seed: u64) -> Chance {
    Chance(seed | 1)
}
