//! What kind of device a user agent comes from.

/// A word in lower case and the kind of device it tells. Sorted by the word.
const KINDS: &[(&str, Kind)] = &[
    ("appletv", Kind::Tv),
    ("aquosbrowser", Kind::Tv),
    ("bravia", Kind::Tv),
    ("crkey", Kind::Tv),
    ("desktop", Kind::Desktop),
    ("dtv", Kind::Tv),
    ("glass", Kind::Wearable),
    ("googletv", Kind::Tv),
    ("hbbtv", Kind::Tv),
    ("inettvbrowser", Kind::Tv),
    ("ipad", Kind::Tablet),
    ("iphone", Kind::Mobile),
    ("ipod", Kind::Mobile),
    ("kindle", Kind::Tablet),
    ("mobi", Kind::Mobile),
    ("mobile", Kind::Mobile),
    ("netcast", Kind::Tv),
    ("nettv", Kind::Tv),
    ("nintendo", Kind::Console),
    ("nintendobrowser", Kind::Console),
    ("oculusbrowser", Kind::Wearable),
    ("phone", Kind::Mobile),
    ("playbook", Kind::Tablet),
    ("playstation", Kind::Console),
    ("psp", Kind::Console),
    ("quest", Kind::Wearable),
    ("roku", Kind::Tv),
    ("smart_tv", Kind::Tv),
    ("smarttv", Kind::Tv),
    ("tablet", Kind::Tablet),
    ("touchpad", Kind::Tablet),
    ("tv", Kind::Tv),
    ("tvos", Kind::Tv),
    ("viera", Kind::Tv),
    ("watch", Kind::Wearable),
    ("watchos", Kind::Wearable),
    ("web0s", Kind::Tv),
    ("xbox", Kind::Console),
];

/// A kind of device. Of several the last in this order decides: a television also says "Mobile" or "Tablet".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Nothing says.
    #[default]
    Unknown,
    /// A personal computer.
    Desktop,
    /// A telephone.
    Mobile,
    /// A tablet, or a reader of books.
    Tablet,
    /// What people wear: a watch, glasses.
    Wearable,
    /// A console for games.
    Console,
    /// A television, or what is plugged into one.
    Tv,
}

impl Kind {
    /// Its name in answers.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Unknown => "",
            Self::Desktop => "Desktop",
            Self::Mobile => "Mobile",
            Self::Tablet => "Tablet",
            Self::Wearable => "Wearable",
            Self::Console => "Console",
            Self::Tv => "TV",
        }
    }
}

/// The kind of device that a word tells.
#[must_use]
pub fn of_word(word: &str) -> Kind {
    match KINDS.binary_search_by(|(known, _)| (*known).cmp(word)) {
        Ok(at) => KINDS[at].1,
        // Amazon's television sticks and tablets are known by their models: AFTT, KFTHWI.
        Err(_) if word.len() >= 4 && word.starts_with("aft") => Kind::Tv,
        Err(_) if word.len() >= 4 && word.starts_with("kf") => Kind::Tablet,
        Err(_) => Kind::Unknown,
    }
}

/// The kind of a device by its words and its system.
#[must_use]
pub fn kind(told: Kind, os: &str) -> Kind {
    match (told, os) {
        (Kind::Unknown, "") => Kind::Unknown,
        (Kind::Tv | Kind::Console | Kind::Wearable, _) => told,
        (_, "Chromecast" | "Google TV" | "Roku OS" | "tvOS") => Kind::Tv,
        (_, "watchOS") => Kind::Wearable,
        (_, "PlayStation" | "Nintendo") => Kind::Console,
        // A phone's browser says "Mobile", a tablet's does not.
        (Kind::Unknown, "Android") => Kind::Tablet,
        (Kind::Tablet, _) => Kind::Tablet,
        (Kind::Unknown, "webOS") => Kind::Tv,
        (_, "ChromeOS" | "macOS") => Kind::Desktop,
        // A touch screen's Windows 8 called itself a tablet, not a phone.
        (_, "Windows") => Kind::Desktop,
        (Kind::Mobile | Kind::Desktop, _) => told,
        (_, "iOS" | "Windows Phone" | "Windows Mobile" | "Symbian" | "BlackBerry OS" | "KaiOS" | "Tizen") => {
            Kind::Mobile
        }
        (
            _,
            "HarmonyOS" | "Bada" | "BREW" | "Series 40" | "Sailfish" | "MeeGo" | "Maemo" | "Palm OS" | "Firefox OS",
        ) => Kind::Mobile,
        (_, "Kindle") => Kind::Tablet,
        (Kind::Unknown, _) => Kind::Desktop,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_sorted_and_in_lower_case() {
        assert!(KINDS.is_sorted_by(|a, b| a.0 < b.0));
        assert!(KINDS.iter().all(|(word, _)| !word.contains(|c: char| c.is_ascii_uppercase())));
    }
}
