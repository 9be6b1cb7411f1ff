//! Programs: by their user agent, by the browser's own word, by the network they come from.
//!
//! Rules come first, since next year's programs are on no list: most programs name themselves a bot, leave an address to
//! complain to, or do not claim to run on any system. The list holds the names of those that do none of it.

use super::network;
use super::table::Table;
use super::user_agent::{
    self,
    words::{bounded, words},
};

const NAMES: Table = Table::new(include_str!("../../data/bots.txt"));

/// Whole user agents that break a rule and yet are counted among browsers.
const BROWSERS: Table = Table::new(include_str!("../../data/not_bots.txt"));

/// What is known of a sender.
#[derive(Clone, Copy, Debug, Default)]
pub struct Signals<'a> {
    /// Its user agent.
    pub user_agent: &'a str,
    /// Whether the page saw `navigator.webdriver`.
    pub webdriver: bool,
    /// The number of its autonomous system, where the platform tells.
    pub asn: Option<u32>,
    /// The name of its network's owner, where the platform tells; else empty.
    pub organisation: &'a str,
}

/// Why a sender is taken for a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Suspicion {
    /// Its user agent says so.
    UserAgent,
    /// Its browser says that a program steers it.
    Webdriver,
    /// Its address is that of a rented computer, on which nobody sits.
    DataCentre,
}

impl Suspicion {
    /// Its name in counters.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::UserAgent => "user_agent",
            Self::Webdriver => "webdriver",
            Self::DataCentre => "data_centre",
        }
    }
}

/// Why a sender is taken for a program, if it is: the surest reason.
#[must_use]
pub fn suspicion(signals: Signals<'_>) -> Option<Suspicion> {
    if is_bot(signals.user_agent) {
        Some(Suspicion::UserAgent)
    } else if signals.webdriver {
        Some(Suspicion::Webdriver)
    } else if network::is_data_centre(signals.asn, signals.organisation) {
        Some(Suspicion::DataCentre)
    } else {
        None
    }
}

/// What a program is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Unknown, or one of many.
    #[default]
    Other,
    /// It reads for a language model, to train it or to answer a question.
    Ai,
    /// It reads for a search engine.
    Search,
}

/// Whether a user agent says that it is a program. An empty one does: every browser has one.
#[must_use]
pub fn is_bot(user_agent: &str) -> bool {
    let text = Text::of(user_agent);
    (text.is_by_rule() || text.listed(NAMES).is_some()) && !text.is_one_of(BROWSERS)
}

/// What the program of a user agent is for, where the list says.
#[must_use]
pub fn purpose(user_agent: &str) -> Purpose {
    match Text::of(user_agent).listed(NAMES) {
        Some((_, "a")) => Purpose::Ai,
        Some((_, "s")) => Purpose::Search,
        _ => Purpose::Other,
    }
}

/// A user agent, laid out for looking up.
#[derive(Debug)]
pub struct Text {
    /// In lower case.
    lower: String,
    /// The same with a space for everything but letters and digits.
    plain: String,
}

/// Parts of words that only programs' names have.
const PARTS: &[&str] = &[
    "bot",
    "crawl",
    "spider",
    "scrap",
    "slurp",
    "headless",
    "phantomjs",
    "fetch",
    "archive",
    "lighthouse",
    "monitor",
    "preview",
    "validator",
    "checker",
    "scan",
    "indexer",
    "harvest",
    "proxy",
    "feed",
    "transcoder",
    "httrack",
    "wget",
    "curl",
    "python",
    "libwww",
    "okhttp",
    "urllib",
    "guzzle",
    "axios",
    "selenium",
    "puppeteer",
    "playwright",
    "webdriver",
    "cypress",
    "screenshot",
    "thumbnail",
    "pingdom",
    "uptime",
    "nagios",
    "insights",
    "webmaster",
    "analyzer",
    "analyser",
    "audit",
    "search engine",
    "searchengine",
    "search console",
    "favicon",
    "probe",
    "inspect",
    "verif",
    "sitemap",
    "linkcheck",
    "snapshot",
    "http",
    "www.",
    "agent",
    "synthetic",
    "classifier",
    "extract",
    "exploit",
    "security",
    "healthcheck",
    "health check",
    "-user/",
    "external",
    "webhook",
    "download",
    "java/",
    "perl",
    "ruby",
    "mozilla/5.0/",
    "user_agent",
    "'+",
];

/// What looks like a part of a program's name and is none: makers of telephones, text browsers, apps.
const INNOCENT: &[&str] =
    &["cubot", "caboto", "turbotab", "fubotv", "botswana", "libwww-fm", "libwww/2", "libhttp/", "camscanner"];

/// Words before which a dot ends a host's name.
const ZONES: &[&str] = &[
    "com", "net", "org", "io", "ai", "app", "dev", "co", "eu", "info", "me", "gy", "ly", "ch", "nu", "de", "ru", "fr",
    "uk", "cz", "jp",
];

impl Text {
    /// A user agent, up to the length that is looked at.
    #[must_use]
    pub fn of(user_agent: &str) -> Self {
        let lower = bounded(user_agent.trim()).to_ascii_lowercase();
        // Facebook's app writes down whose network the telephone is in: a name like any other.
        let carrier = lower.find("fbcr/").map(|at| at..lower[at..].find(';').map_or(lower.len(), |end| at + end));
        let lower =
            carrier.map_or_else(|| lower.clone(), |carrier| [&lower[..carrier.start], &lower[carrier.end..]].concat());
        let lower = INNOCENT.iter().fold(lower, |lower, word| match lower.contains(word) {
            true => lower.replace(word, " "),
            false => lower,
        });
        let plain = lower.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect();
        Self { lower, plain }
    }

    /// Whether the rules alone tell a program.
    #[must_use]
    pub fn is_by_rule(&self) -> bool {
        self.lower.is_empty()
            || PARTS.iter().any(|part| self.lower.contains(part))
            || self.names_a_host()
            || self.is_compatible_with_nothing()
            || self.is_misshapen()
            || self.runs_nowhere()
    }

    /// Whether it leaves an address: "(example.com)", "me@example.org". An app's package ("com.example.app") is none,
    /// nor is a name with an @ and a number ("Ecosia ios@9").
    fn names_a_host(&self) -> bool {
        let bytes = self.lower.as_bytes();
        self.lower.match_indices('.').any(|(at, _)| {
            let rest = &self.lower[at + 1..];
            let zone = &rest[..rest.bytes().position(|b| !b.is_ascii_alphanumeric()).unwrap_or(rest.len())];
            let behind = rest.as_bytes().get(zone.len());
            let label = bytes[..at].iter().rev().take_while(|b| b.is_ascii_alphanumeric() || **b == b'-');
            let is_name = label.clone().count() >= 2 && label.clone().any(u8::is_ascii_alphabetic);
            let before = at.checked_sub(label.count() + 1).map(|at| bytes[at]);
            let is_product =
                behind == Some(&b'/') && rest.as_bytes().get(zone.len() + 1).is_some_and(u8::is_ascii_digit);
            is_name
                && !is_product
                && ZONES.contains(&zone)
                && !matches!(behind, Some(b'.' | b'-'))
                && !(before == Some(b'.') && zone == "app")
        })
    }

    /// Whether it calls itself compatible, but is none of the browsers that did.
    fn is_compatible_with_nothing(&self) -> bool {
        let known = [
            "msie",
            "konqueror",
            "; u; ",
            "windows nt",
            "googletoolbar",
            "yahoo! slurp",
            "series60",
            "netscape",
            "opera",
            "iemobile",
            "amiga",
            "beos",
            "ms-office",
        ];
        self.lower.contains("compatible") && !known.iter().any(|browser| self.lower.contains(browser))
    }

    /// Whether it is put together as no browser does it: more than one user agent in one, a part behind a semicolon that
    /// no bracket holds, a browser's version that runs into a word, or one word alone.
    fn is_misshapen(&self) -> bool {
        let mut depth = 0_i32;
        let is_loose = |byte| {
            match byte {
                b'(' | b'[' | b'{' => depth += 1,
                b')' | b']' | b'}' => depth -= 1,
                _ => {}
            }
            depth == 0 && byte == b';'
        };
        let of_mozilla = self.lower.starts_with("mozilla/");
        let glued = self.lower.split_once("chrome/").is_some_and(|(_, rest)| {
            rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.')
                .starts_with(|c: char| c.is_ascii_alphabetic())
                && rest.starts_with(|c: char| c.is_ascii_digit())
        });
        let is_blob = !self.lower.contains(['(', ' ', '[']) && self.lower.len() > 50;
        let is_word = !self.lower.contains(['(', '/', '[']);
        glued
            || is_blob
            || is_word
            || self.lower.starts_with('<')
            || self.lower.contains(", mozilla/")
            || self.lower.contains("|mozilla/")
            || of_mozilla && self.lower.bytes().any(is_loose)
    }

    /// Whether it names no system that a browser could run on.
    fn runs_nowhere(&self) -> bool {
        let homes = [
            "midp",
            "cldc",
            "dalvik",
            "cfnetwork",
            "up.browser",
            "nokia",
            "samsung",
            "sec-",
            "mot-",
            "sie-",
            "lg",
            "obigo",
            "netfront",
            "j2me",
            "docomo",
            "j-phone",
            "kddi",
            "vodafone",
            "lynx",
            "links",
            "w3m",
            "elinks",
            "mosaic",
            "aliapp",
            "fban",
            "fbav",
            "outlook",
            "webtv",
            "syllable",
            "dreamcast",
            "inferno",
            "opera mini",
            "series 60",
            "mqqbrowser",
            "safari/",
            "firefox/",
            "mozacfetch",
            "googleapp",
            "htc",
        ];
        user_agent::system(&self.lower).is_none() && !homes.iter().any(|home| self.lower.contains(home))
    }

    /// Whether it is, but for what is neither letter nor digit, a line of a list.
    #[must_use]
    pub fn is_one_of(&self, list: Table<'_>) -> bool {
        list.get(self.plain.trim()).is_some()
    }

    /// The same with a space for everything but letters and digits.
    #[must_use]
    pub fn plain(&self) -> &str {
        self.plain.trim()
    }

    /// The name of a list that is one of its words, and what belongs to it.
    #[must_use]
    pub fn listed<'a>(&self, names: Table<'a>) -> Option<(&'a str, &'a str)> {
        words(&self.plain).find_map(|word| names.beginning(&self.plain[word.from..]))
    }
}
