//! The rules: what a program's user agent has that no browser's has.

use super::super::table::{Needles, Table};
use super::super::user_agent;
use super::super::user_agent::words::{bounded, words};

/// A user agent, laid out for looking up.
#[derive(Debug)]
pub struct Text {
    /// In lower case.
    lower: String,
    /// The same with a space for everything but letters and digits.
    plain: String,
}

/// Parts of words that only programs' names have.
const PARTS: Needles = Needles::new(include_str!("../../../data/bot_parts.txt"));

/// Parts of user agents of browsers that name no system.
const HOMES: Needles = Needles::new(include_str!("../../../data/browser_homes.txt"));

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
            || PARTS.are_in(&self.lower)
            || ["agent", "-google"].iter().any(|end| self.lower.ends_with(end))
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
    /// no bracket holds, a name where engines say what they are like, a browser's version that runs into a word, or one
    /// word alone.
    fn is_misshapen(&self) -> bool {
        let mut depth = 0_i32;
        // KakaoTalk and others put their name right behind one, without a space.
        let is_loose = |pair: &[u8]| {
            match pair[0] {
                b'(' | b'[' | b'{' => depth += 1,
                b')' | b']' | b'}' => depth -= 1,
                _ => {}
            }
            depth == 0 && pair == b"; "
        };
        let of_mozilla = self.lower.starts_with("mozilla/");
        let glued = self.lower.split_once("chrome/").is_some_and(|(_, rest)| {
            rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.')
                .starts_with(|c: char| c.is_ascii_alphabetic())
                && rest.starts_with(|c: char| c.is_ascii_digit())
        });
        let is_blob = !self.lower.contains(['(', ' ', '[']) && self.lower.len() > 50;
        let is_word = !self.lower.contains(['(', '/', '[']);
        // Engines write "(KHTML, like Gecko)"; only Safari's first kin put more into it, and that was Safari.
        let like = self.lower.split_once("like gecko").map_or("", |(_, rest)| rest);
        let is_padded = like.starts_with("; ") || like.starts_with(", ") && !like.starts_with(", safari");
        glued
            || is_padded
            || is_blob
            || is_word
            || self.lower.starts_with('<')
            || self.lower.contains(", mozilla/")
            || self.lower.contains("|mozilla/")
            || of_mozilla && self.lower.as_bytes().windows(2).any(is_loose)
    }

    /// Whether it names no system that a browser could run on.
    fn runs_nowhere(&self) -> bool {
        !HOMES.are_in(&self.lower) && !user_agent::names_a_system(&self.lower)
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
