//! Browser, operating system and device from a user agent and client hints.
//!
//! One pass over at most a kilobyte: each word is looked up in three small tables, and the surest find of each
//! table stays. So the time is linear in the text, whatever it holds, and there is nothing to compile at start-up.

mod browsers;
mod devices;
mod systems;
pub(super) mod words;

use passerby_protocol::ClientHints;

use self::browsers::Rank;
use self::devices::Kind;
use self::words::{bounded, number, words};
use super::bot;

/// What a user agent says. Empty texts are unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UserAgent<'a> {
    /// "Chrome".
    pub browser: &'a str,
    /// Its major version: "126".
    pub browser_version: &'a str,
    /// "Windows".
    pub os: &'a str,
    /// "14".
    pub os_version: &'a str,
    /// "Desktop", "Mobile", "Tablet", "TV", "Console", "Wearable" or "Bot".
    pub device: &'a str,
}

/// User-agent client hints, as [`ClientHints`] brings them. Empty texts are unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hints<'a> {
    /// "Chrome/126.0.6478.61".
    pub browser: &'a str,
    /// "Windows".
    pub platform: &'a str,
    /// "15.0.0".
    pub platform_version: &'a str,
    /// "Pixel 9".
    pub model: &'a str,
    /// Whether the browser calls itself mobile.
    pub mobile: bool,
}

impl<'a, S: AsRef<str>> From<&'a ClientHints<S>> for Hints<'a> {
    fn from(hints: &'a ClientHints<S>) -> Self {
        Self {
            browser: hints.browser.as_ref(),
            platform: hints.platform.as_ref(),
            platform_version: hints.platform_version.as_ref(),
            model: hints.model.as_ref(),
            mobile: hints.mobile,
        }
    }
}

/// What a user agent and the client hints that came with it say.
#[must_use]
pub fn of<'a>(text: &'a str, hints: Hints<'a>) -> UserAgent<'a> {
    let text = bounded(text);
    let found = Found::of(text);
    let (mut browser, mut browser_version) = found.browser(text);
    if let Some((name, version)) = hinted_browser(hints.browser) {
        // The hint knows better what kind of Chromium it is; an app that shows pages does not appear in it.
        if found.browser.is_none_or(|(.., rank)| rank < Rank::App)
            && (name != "Chrome" || browser == "Chrome" || browser.is_empty())
        {
            (browser, browser_version) = (name, version);
        }
    }
    let (mut os, mut os_version) = found.os(text);
    let (platform, version) = systems::hinted(hints.platform, hints.platform_version);
    if !platform.is_empty() {
        // Without a version the hint adds nothing to a system that the user agent names too.
        os_version = if version.is_empty() && platform == os { os_version } else { version };
        os = platform;
    }
    let told = match (hints.platform, hints.mobile) {
        ("Android", true) => Kind::Mobile.max(found.device),
        ("Android", false) if found.device <= Kind::Mobile => Kind::Tablet,
        _ => found.device,
    };
    let told = told.max(if hints.model.is_empty() { Kind::Unknown } else { kind_of_model(hints.model) });
    // It is made for phones, and leaves "Mobile" out.
    let told = if browser == "Opera Mini" { told.max(Kind::Mobile) } else { told };
    let device = if !text.is_empty() && bot::is_bot(text) { "Bot" } else { devices::kind(told, os).label() };
    UserAgent { browser, browser_version, os, os_version, device }
}

/// Whether a user agent names a system or a kind of device.
pub(super) fn names_a_system(text: &str) -> bool {
    let found = Found::of(text);
    found.system.is_some() || found.device != Kind::Unknown
}

/// The browsers that [`of`] can tell.
pub fn browser_names() -> impl Iterator<Item = &'static str> {
    browsers::BROWSERS.iter().map(|(_, name, _)| *name).chain(["Safari", "Android Browser"])
}

/// The surest find of each table.
#[derive(Debug, Default)]
struct Found<'a> {
    /// The browser, the rest of the text behind its word, and how sure it is.
    browser: Option<(&'static str, &'a str, Rank)>,
    /// The system, the rest of the text behind its word, and how sure it is.
    system: Option<(&'static str, &'a str, u8)>,
    device: Kind,
    /// The rest of the text behind "Version".
    version: Option<&'a str>,
    /// The rest of the text behind "rv", where the engine is Internet Explorer's last.
    trident: bool,
    webkit: bool,
    safari: bool,
    gecko: bool,
}

impl<'a> Found<'a> {
    fn of(text: &'a str) -> Self {
        let lower = text.to_ascii_lowercase();
        let mut found = Self::default();
        let mut before: Option<usize> = None;
        for word in words(&lower) {
            let whole = &lower[word.from..word.to];
            let letters = &lower[word.from..word.letters_to];
            match whole {
                "version" => found.version = Some(&text[word.to..]),
                "trident" => found.trident = true,
                "applewebkit" | "webkit" => found.webkit = true,
                "safari" => found.safari = true,
                "gecko" => found.gecko = true,
                _ => {}
            }
            found.device = found.device.max(devices::of_word(whole));
            if word.letters_to == word.from && word.to - word.from < 5 {
                // A short number, of which there are many; only names that begin with one are longer.
                let two = before.map_or("", |from| &lower[from..word.to]);
                if two == "series 60" && found.system.is_none_or(|(.., surest)| surest < 6) {
                    found.system = Some(("Symbian", &text[word.to..], 6));
                }
                before = None;
                continue;
            }
            let has_number = word.letters_to > word.from && word.letters_to < word.to;
            // "Opera Mini" is one browser, "UC Browser" another.
            let two = before.map_or("", |from| &lower[from..word.letters_to]);
            let at = |key: &str, end: usize| browsers::of_word(key).map(|known| (known, end));
            let known = at(whole, word.to)
                .or_else(|| if has_number { at(letters, word.letters_to) } else { None })
                .or_else(|| if two.is_empty() { None } else { at(two, word.letters_to) });
            if let Some((&(_, name, rank), end)) = known {
                let rest = &text[end..];
                // Of two words of one rank the one with a version: "Build/WHALE" is a telephone, "Whale/1.3" a browser.
                let is_surer = |&(_, other, surest): &(_, &str, Rank)| {
                    (surest, !version_of(other).is_empty()) < (rank, !version_of(rest).is_empty())
                };
                if found.browser.as_ref().is_none_or(is_surer) && (rank > Rank::Base || !version_of(rest).is_empty()) {
                    found.browser = Some((name, rest, rank));
                }
            }
            let at = |key: &str, end: usize| systems::of_word(key).map(|known| (known, end));
            let known = at(whole, word.to).or_else(|| if has_number { at(letters, word.letters_to) } else { None });
            if let Some(((name, rank), end)) = known
                && found.system.is_none_or(|(.., surest)| rank > surest)
            {
                found.system = Some((name, &text[end..], rank));
            }
            let is_first_of_two = matches!(whole, "opera" | "uc" | "mint" | "series");
            before = (is_first_of_two && lower.as_bytes().get(word.to) == Some(&b' ')).then_some(word.from);
        }
        found
    }

    fn browser(&self, text: &'a str) -> (&'a str, &'a str) {
        let version = self.version.map_or("", number);
        let os = self.system.map_or("", |(name, ..)| name);
        let said = match self.browser {
            // Internet Explorer's last versions called themselves anything but that.
            Some((.., Rank::Base)) | None if self.trident => ("Internet Explorer", behind(text, "rv:").unwrap_or("")),
            Some(("Internet Explorer", rest, Rank::Engine)) => {
                ("Internet Explorer", explorer(text).unwrap_or_else(|| number(rest)))
            }
            Some(("Opera", rest, Rank::Engine)) if rest.starts_with("/9.80") => ("Opera", version),
            Some((name @ ("Facebook" | "Facebook Messenger"), ..)) => (name, behind(text, "FBAV/").unwrap_or("")),
            Some(("Weibo", ..)) => ("Weibo", behind(text, "__weibo__").unwrap_or("")),
            Some((name @ ("Brave" | "Iron"), rest, _)) => {
                let own = number(rest);
                (name, if own.is_empty() { behind(text, "Chrome/").unwrap_or("") } else { own })
            }
            Some(("360 Secure Browser", ..)) => ("360 Secure Browser", ""),
            Some(("BlackBerry Browser", ..)) if !version.is_empty() => ("BlackBerry Browser", version),
            Some((name, rest, _)) => (name, version_of(rest)),
            None if os == "BlackBerry OS" => ("BlackBerry Browser", version),
            // Android's own browser, before Chrome was that: its version is the system's.
            None if os == "Android" && self.webkit && self.version.is_some() => ("Android Browser", self.os(text).1),
            None if matches!(os, "iOS" | "macOS") && self.webkit => ("Safari", version),
            None if self.webkit && self.safari => ("Safari", version),
            None => ("", text.strip_prefix("Safari/").map_or("", number)),
        };
        if said.0.is_empty() && !said.1.is_empty() { ("Safari", said.1) } else { said }
    }

    fn os(&self, text: &'a str) -> (&'a str, &'a str) {
        match self.system {
            Some((system, rest, rank)) => match systems::of_television(text) {
                Some(maker) if !matches!(system, "Tizen" | "Android") || rank < 5 => (maker, ""),
                _ => systems::versioned(system, rest, text),
            },
            None if self.device == Kind::Tv => (systems::of_television(text).unwrap_or(""), ""),
            // Firefox OS called itself nothing but mobile.
            None if self.gecko && matches!(self.device, Kind::Mobile | Kind::Tablet) => ("Firefox OS", ""),
            None => ("", ""),
        }
    }
}

/// The number that a rest of text begins with, behind a name's own words for its system: " for iPhone/7", "-Android/12".
fn version_of(rest: &str) -> &str {
    let found = number(rest);
    let words = [
        " for iphone",
        " for ipad",
        " for android tablet",
        " for android",
        "-android",
        "-ios",
        " android",
        " ios",
        "/mini",
        "/int-",
        "/att/",
    ];
    let behind = |word: &&str| rest.get(..word.len()).is_some_and(|is| is.eq_ignore_ascii_case(word));
    if found.is_empty() {
        words.iter().find(|word| behind(word)).map_or("", |word| number(&rest[word.len()..]))
    } else {
        found
    }
}

/// Internet Explorer's version by its engine's: a page in compatibility view reads an old version behind MSIE.
fn explorer(text: &str) -> Option<&'static str> {
    Some(match behind(text, "Trident/")? {
        "4" => "8",
        "5" => "9",
        "6" => "10",
        "7" | "8" => "11",
        _ => return None,
    })
}

/// The number behind a token.
fn behind<'a>(text: &'a str, token: &str) -> Option<&'a str> {
    Some(number(text.split_once(token)?.1))
}

/// The browser of a hint such as "Google Chrome/126.0.6478.61".
fn hinted_browser(hint: &str) -> Option<(&'static str, &str)> {
    let (name, version) = hint.rsplit_once('/')?;
    let name = match name {
        "Google Chrome" | "Chrome" | "Android WebView" => "Chrome",
        "Chromium" => "Chromium",
        "Microsoft Edge" | "Microsoft Edge WebView2" | "Edge" => "Edge",
        "Opera" | "Opera GX" => "Opera",
        "Opera Mini" => "Opera Mini",
        "Brave" => "Brave",
        "Vivaldi" => "Vivaldi",
        "YaBrowser" | "Yandex" => "Yandex Browser",
        "Samsung Internet" => "Samsung Browser",
        "Whale" => "Whale",
        "DuckDuckGo" => "DuckDuckGo",
        "Coc Coc" | "CocCoc" => "Cốc Cốc",
        "HuaweiBrowser" => "Huawei Browser",
        "Avast Secure Browser" => "Avast Secure Browser",
        "AVG Secure Browser" => "AVG Secure Browser",
        "Norton Private Browser" => "Norton Private Browser",
        "Oculus Browser" => "Oculus Browser",
        "Silk" | "Amazon Silk" => "Amazon Silk",
        _ => return None,
    };
    let end = version.bytes().position(|b| !b.is_ascii_digit()).unwrap_or(version.len());
    Some((name, &version[..end]))
}

/// The kind of device that a model's name tells.
fn kind_of_model(model: &str) -> Kind {
    let lower = bounded(model).to_ascii_lowercase();
    words(&lower).map(|word| devices::of_word(&lower[word.from..word.to])).max().unwrap_or_default()
}

#[cfg(test)]
mod tests;
