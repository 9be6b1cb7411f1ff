//! Operating systems by the words of user agents and client hints.

use super::words::{number, two_numbers};

/// A word in lower case, the system, and which of several words decides: the greatest. Sorted by the word.
///
/// Many systems also name the one they come from or want to be taken for (Android: Linux; Windows Phone: Android and
/// iPhone; every iPhone: Mac OS X), so those stand lower. Linux's distributions are Linux.
const SYSTEMS: &[(&str, &str, u8)] = &[
    ("adr", "Android", 5),
    ("aix", "AIX", 3),
    ("amiga", "AmigaOS", 3),
    ("amigaos", "AmigaOS", 3),
    ("andr0id", "Android", 5),
    ("android", "Android", 5),
    ("bada", "Bada", 6),
    ("bb", "BlackBerry OS", 6),
    ("beos", "BeOS", 3),
    ("blackberry", "BlackBerry OS", 6),
    ("bmp", "BREW", 6),
    ("brew", "BREW", 6),
    ("bsd", "BSD", 2),
    ("centos", "Linux", 1),
    ("crios", "iOS", 4),
    ("crkey", "Chromecast", 8),
    ("cros", "ChromeOS", 5),
    ("cygwin_nt", "Windows", 2),
    ("darwin", "Darwin", 1),
    ("debian", "Linux", 1),
    ("dragonfly", "DragonFly", 3),
    ("edgios", "iOS", 4),
    ("fedora", "Linux", 1),
    ("freebsd", "FreeBSD", 3),
    ("fuchsia", "Fuchsia", 3),
    ("fxios", "iOS", 4),
    ("gentoo", "Linux", 1),
    ("googletv", "Google TV", 6),
    ("haiku", "Haiku", 3),
    ("harmonyos", "HarmonyOS", 7),
    ("hpwos", "webOS", 6),
    ("ios", "iOS", 4),
    ("ipad", "iOS", 5),
    ("ipados", "iOS", 5),
    ("iph", "iOS", 5),
    ("iphone", "iOS", 5),
    ("ipod", "iOS", 5),
    ("irix", "IRIX", 3),
    ("jolla", "Sailfish", 6),
    ("juc", "Android", 5),
    ("kaios", "KaiOS", 7),
    ("kindle", "Kindle", 2),
    ("linux", "Linux", 1),
    ("mac", "macOS", 2),
    ("mac_powerpc", "macOS", 2),
    ("macintosh", "macOS", 2),
    ("macos", "macOS", 2),
    ("macosx", "macOS", 2),
    ("maemo", "Maemo", 5),
    ("mandriva", "Linux", 1),
    ("meego", "MeeGo", 5),
    ("morphos", "MorphOS", 3),
    ("netbsd", "NetBSD", 3),
    ("netcast", "webOS", 7),
    ("nintendo", "Nintendo", 2),
    ("openbsd", "OpenBSD", 3),
    ("openharmony", "HarmonyOS", 7),
    ("os2", "OS/2", 3),
    ("palmos", "Palm OS", 3),
    ("playbook", "BlackBerry OS", 6),
    ("playstation", "PlayStation", 6),
    ("quest", "Android", 5),
    ("redhat", "Linux", 1),
    ("rim", "BlackBerry OS", 6),
    ("roku", "Roku OS", 6),
    ("s60", "Symbian", 6),
    ("s60v3", "Symbian", 6),
    ("s60v5", "Symbian", 6),
    ("sailfish", "Sailfish", 6),
    ("serenityos", "SerenityOS", 3),
    ("series30plus", "Series 30+", 6),
    ("series40", "Series 40", 6),
    ("series60", "Symbian", 6),
    ("silk", "Android", 3),
    ("slackware", "Linux", 1),
    ("solaris", "Solaris", 3),
    ("sunos", "Solaris", 3),
    ("suse", "Linux", 1),
    ("symbian", "Symbian", 6),
    ("symbianos", "Symbian", 6),
    ("symbos", "Symbian", 6),
    ("tizen", "Tizen", 7),
    ("tvos", "tvOS", 7),
    ("ubuntu", "Linux", 1),
    ("vre", "VRE", 2),
    ("watchos", "watchOS", 7),
    ("wds", "Windows Phone", 6),
    ("web0s", "webOS", 7),
    ("webos", "webOS", 7),
    ("webtv", "WebTV", 3),
    ("win", "Windows", 3),
    ("windows", "Windows", 3),
    ("windowsce", "Windows", 3),
    ("winnt", "Windows", 3),
    ("x11", "Linux", 0),
    ("zunewp", "Windows Phone", 6),
];

/// Which systems' versions people tell by their major number; the others' stay unknown.
const BY_MAJOR: &[&str] =
    &["Android", "iOS", "iPadOS", "HarmonyOS", "KaiOS", "Tizen", "tvOS", "watchOS", "webOS", "Roku OS", "Bada"];

/// A system that a word tells, and which of several decides.
#[must_use]
pub fn of_word(word: &str) -> Option<(&'static str, u8)> {
    SYSTEMS.binary_search_by(|(known, ..)| (*known).cmp(word)).ok().map(|at| (SYSTEMS[at].1, SYSTEMS[at].2))
}

/// The name and version of a system whose word ends where `rest` begins.
#[must_use]
pub fn versioned<'a>(system: &'static str, rest: &'a str, text: &'a str) -> (&'static str, &'a str) {
    if let Some((_, version)) = text.split_once("Windows Phone") {
        return ("Windows Phone", number(version.strip_prefix(" OS").unwrap_or(version)));
    }
    if text.contains("Windows Mobile") {
        return ("Windows Mobile", "");
    }
    match system {
        // A console's system has no name that people know; the kind of device tells it.
        "PlayStation" | "Nintendo" => ("", ""),
        "Windows" => {
            windows(text.split_once("Windows NT").map_or(rest, |(before, _)| &text[before.len() + "Windows".len()..]))
        }
        "macOS" | "iOS" if text.contains("Apple TV") => ("tvOS", apple_mobile(text)),
        "macOS" => ("macOS", mac(text)),
        "iOS" => ("iOS", apple_mobile(text)),
        "Darwin" => (if text.contains("x86_64") || text.contains("i386") { "macOS" } else { "iOS" }, ""),
        // Other words than its name tell Android too, but not its version.
        "Android" => (
            "Android",
            ["ndroid", "NDROID"].iter().find_map(|token| text.split_once(token)).map_or("", |(_, rest)| number(rest)),
        ),
        _ if BY_MAJOR.contains(&system) => (system, number(rest)),
        _ => (system, ""),
    }
}

/// The maker of a television that follows HbbTV, by which its own system goes: before Tizen and webOS they had no name.
#[must_use]
pub fn of_television(text: &str) -> Option<&'static str> {
    let makers = [
        ("Samsung", "Samsung"),
        ("Maple", "Samsung"),
        ("LGE", "LG"),
        ("Sony", "Sony"),
        ("Philips", "Philips"),
        ("Panasonic", "Panasonic"),
    ];
    let (_, told) = text.split_once("HbbTV/")?;
    makers.iter().find(|(word, _)| told.contains(word)).map(|(_, maker)| *maker)
}

/// Windows by its kernel's number. 10.0 is Windows 10 and 11, which only a client hint tells apart.
fn windows(rest: &str) -> (&'static str, &str) {
    let rest = rest.strip_prefix([' ', '/']).unwrap_or(rest);
    let begins = |word: &str| rest.get(..word.len()).is_some_and(|is| is.eq_ignore_ascii_case(word));
    let nt = rest.strip_prefix("NT").unwrap_or("");
    let version = match two_numbers(nt) {
        ("10", _) | ("6", "4") => "10",
        ("6", "3") => "8.1",
        ("6", "2") => "8",
        ("6", "1") => "7",
        ("6", _) => "Vista",
        ("5", "0") => "2000",
        ("5", _) => "XP",
        ("4", _) => "NT",
        _ => ["XP", "Vista", "2000", "ME", "CE", "95", "98", "7", "8.1", "8", "10", "11"]
            .into_iter()
            .find(|name| begins(name) && !rest[name.len()..].starts_with(|c: char| c.is_ascii_digit()))
            .unwrap_or(""),
    };
    ("Windows", version)
}

/// macOS as "10.15" or "14". Browsers have said 10.15 ever since, so it means that or later unless a client hint tells.
fn mac(text: &str) -> &str {
    let rest = ["Mac OS X ", "Mac+OS+X+", "Mac OS X/", "OS X ", "MacOS X ", "macOS "]
        .iter()
        .find_map(|token| text.split_once(token));
    let rest = rest.map_or("", |(_, rest)| rest.strip_prefix("Version ").unwrap_or(rest));
    let version = match two_numbers(rest) {
        ("10", minor) => &rest[..if minor.is_empty() { 2 } else { 3 + minor.len() }],
        (major, _) => major,
    };
    MACS.iter().find(|(said, _)| *said == version).map_or(version, |(_, name)| name)
}

/// The versions below 11 as they are said, and as people write them.
const MACS: &[(&str, &str)] = &[
    ("10_15", "10.15"),
    ("10_14", "10.14"),
    ("10_13", "10.13"),
    ("10_12", "10.12"),
    ("10_11", "10.11"),
    ("10_10", "10.10"),
    ("10_9", "10.9"),
    ("10_8", "10.8"),
    ("10_7", "10.7"),
    ("10_6", "10.6"),
    ("10_5", "10.5"),
    ("10_4", "10.4"),
];

/// "CPU iPhone OS 17_5", "CPU OS 17_5", "iPhone OS 17.5", "iOS 17.5".
fn apple_mobile(text: &str) -> &str {
    let said = [" OS ", "+OS+", "iOS/", "iOS ", "iOS;", "CPU iPhone ", "CPU "].iter().find_map(|token| {
        let version = number(text.split_once(token)?.1.trim_start());
        (!version.is_empty()).then_some(version)
    });
    said.unwrap_or("")
}

/// The name and version of a system as client hints tell it. A name that is not known goes as it came.
#[must_use]
pub fn hinted<'a>(platform: &'a str, version: &'a str) -> (&'a str, &'a str) {
    let (major, minor) = two_numbers(version);
    match platform {
        // https://learn.microsoft.com/microsoft-edge/web-platform/how-to-detect-win11
        "Windows" => match (major.parse().unwrap_or(0_u32), minor) {
            (13.., _) => ("Windows", "11"),
            (1.., _) => ("Windows", "10"),
            (0, "3") => ("Windows", "8.1"),
            (0, "2") => ("Windows", "8"),
            (0, "1") => ("Windows", "7"),
            _ => ("Windows", ""),
        },
        "macOS" | "Mac OS X" | "Mac OS" if major == "10" => ("macOS", version.get(..3 + minor.len()).unwrap_or("10")),
        "macOS" | "Mac OS X" | "Mac OS" => ("macOS", major),
        "Chrome OS" | "Chromium OS" | "ChromeOS" => ("ChromeOS", ""),
        "Linux" => ("Linux", ""),
        "Android" | "iOS" => (platform, major),
        "Fuchsia" => ("Fuchsia", ""),
        "" | "Unknown" => ("", ""),
        _ => (platform, major),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_sorted_and_in_lower_case() {
        assert!(SYSTEMS.is_sorted_by(|a, b| a.0 < b.0));
        assert!(SYSTEMS.iter().all(|(word, ..)| !word.contains(|c: char| c.is_ascii_uppercase())));
    }

    #[test]
    fn windows_11_is_what_says_13_or_more() {
        for (said, version) in
            [("15.0.0", "11"), ("13.0.0", "11"), ("10.0.0", "10"), ("0.1.0", "7"), ("", ""), ("x", "")]
        {
            assert_eq!(hinted("Windows", said), ("Windows", version), "{said}");
        }
    }
}
