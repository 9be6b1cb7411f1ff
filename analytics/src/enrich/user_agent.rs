//! Browser, operating system and device from a user agent, by the tokens that vendors put there.

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
    /// "Desktop", "Mobile", "Tablet".
    pub device: &'a str,
}

/// Tokens and the browsers they belong to. The first that is there decides: nearly all browsers also call themselves
/// Chrome or Safari, so those come last.
const BROWSERS: &[(&str, &str)] = &[
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Browser"),
    ("YaBrowser/", "Yandex Browser"),
    ("Vivaldi/", "Vivaldi"),
    ("UCBrowser/", "UC Browser"),
    ("DuckDuckGo/", "DuckDuckGo"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Version/", "Safari"),
];

const SYSTEMS: &[(&str, &str)] = &[
    ("Windows NT ", "Windows"),
    ("Android ", "Android"),
    ("iPhone OS ", "iOS"),
    ("CPU OS ", "iPadOS"),
    ("Mac OS X ", "macOS"),
    ("CrOS ", "ChromeOS"),
    ("Linux", "Linux"),
];

/// Parts of names that only programs have.
const PROGRAMS: &[&str] =
    &["bot", "crawl", "spider", "headless", "preview", "curl/", "wget/", "python", "http-client", "lighthouse"];

/// What a user agent says.
#[must_use]
pub fn of(text: &str) -> UserAgent<'_> {
    let (browser, browser_version) =
        BROWSERS.iter().find_map(|(token, name)| Some((*name, number_after(text, token)?))).unwrap_or_default();
    let browser = if browser == "Safari" && !text.contains("Safari/") { "" } else { browser };
    let (os, os_version) =
        SYSTEMS.iter().find_map(|(token, name)| Some((*name, number_after(text, token)?))).unwrap_or_default();
    UserAgent { browser, browser_version, os, os_version: system_version(os, os_version), device: device(text, os) }
}

/// Whether a user agent says that it is a program. An empty one does: every browser has one.
#[must_use]
pub fn is_bot(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    text.is_empty() || PROGRAMS.iter().any(|part| lower.contains(part))
}

fn device(text: &str, os: &str) -> &'static str {
    match os {
        "iPadOS" => "Tablet",
        "iOS" => "Mobile",
        "Android" if !text.contains("Mobile") => "Tablet",
        "Android" => "Mobile",
        "" => "",
        _ if text.contains("Mobile") => "Mobile",
        _ => "Desktop",
    }
}

/// The number behind a token, up to its first dot or underscore; empty where none follows.
fn number_after<'a>(text: &'a str, token: &str) -> Option<&'a str> {
    let rest = text.split_once(token)?.1;
    let end = rest.bytes().position(|b| !b.is_ascii_digit()).unwrap_or(rest.len());
    Some(&rest[..end])
}

/// Windows 10 and 11 both say 10.0, macOS from 11 on says 10_15: then the version is unknown rather than wrong.
fn system_version<'a>(os: &str, version: &'a str) -> &'a str {
    match os {
        "Windows" | "macOS" | "ChromeOS" | "Linux" => "",
        _ => version,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> [&str; 5] {
        let ua = of(text);
        [ua.browser, ua.browser_version, ua.os, ua.os_version, ua.device]
    }

    #[test]
    fn common_browsers_are_told_apart() {
        let safari = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1";
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0";
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0";
        let samsung = "Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36";
        assert_eq!(said(safari), ["Safari", "17", "iOS", "17", "Mobile"]);
        assert_eq!(said(edge), ["Edge", "126", "Windows", "", "Desktop"]);
        assert_eq!(said(firefox), ["Firefox", "127", "Linux", "", "Desktop"]);
        assert_eq!(said(samsung), ["Samsung Browser", "25", "Android", "14", "Mobile"]);
    }

    #[test]
    fn a_program_is_a_bot() {
        assert!(is_bot("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"));
        assert!(is_bot("curl/8.5.0") && is_bot(""));
        assert!(!is_bot("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0"));
    }

    #[test]
    fn nothing_is_unknown() {
        assert_eq!(of(""), UserAgent::default());
    }
}
