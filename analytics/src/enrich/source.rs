//! Where a visit came from: campaign parameters first, then click ids of advertisements, then the referrer.

use std::borrow::Cow;

use super::channel::{self, Channel};
use super::click_id;
use super::host::{bare, domains, host, without_country};
use super::table::Table;

/// Where a page view came from. Empty texts are unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Acquisition<'a> {
    /// "Google", "newsletter", "example.org"; empty: direct.
    pub source: Cow<'a, str>,
    /// `utm_medium`, else "paid" for an advertisement's click id, else what the source is: "search", "social",
    /// "email", "ai assistant", "video", "shopping" or "referral".
    pub medium: Cow<'a, str>,
    /// The channel of both.
    pub channel: Channel,
    /// The referrer without scheme and `www.`.
    pub referrer: Cow<'a, str>,
    /// `utm_source`, like all five in lower case, decoded, without spaces around it.
    pub utm_source: Cow<'a, str>,
    /// `utm_medium`.
    pub utm_medium: Cow<'a, str>,
    /// `utm_campaign`.
    pub utm_campaign: Cow<'a, str>,
    /// `utm_content`.
    pub utm_content: Cow<'a, str>,
    /// `utm_term`.
    pub utm_term: Cow<'a, str>,
}

impl Acquisition<'_> {
    /// Whether it says anything.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.channel != Channel::Direct
    }
}

/// What a source is, by the lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Category {
    /// On no list, or only by its name.
    #[default]
    Other,
    /// A search engine.
    Search,
    /// A social network.
    Social,
    /// A site where people read their mail.
    Email,
    /// An assistant that answers.
    Assistant,
    /// A site of videos.
    Video,
    /// A shop.
    Shopping,
}

impl Category {
    /// Its letter in the data file.
    fn of_letter(letter: u8) -> Self {
        match letter {
            b's' => Self::Search,
            b'o' => Self::Social,
            b'e' => Self::Email,
            b'a' => Self::Assistant,
            b'v' => Self::Video,
            b'p' => Self::Shopping,
            _ => Self::Other,
        }
    }

    /// The medium of its free links.
    #[must_use]
    pub const fn medium(self) -> &'static str {
        match self {
            Self::Other => "referral",
            Self::Search => "search",
            Self::Social => "social",
            Self::Email => "email",
            Self::Assistant => "ai assistant",
            Self::Video => "video",
            Self::Shopping => "shopping",
        }
    }
}

const SOURCES: Table = Table::new(include_str!("../../data/sources.txt"));

/// Where a page view with this query and this referrer came from.
#[must_use]
pub fn of<'a>(query: &'a str, referrer: &'a str) -> Acquisition<'a> {
    let mut found = Acquisition::default();
    let (mut tagged, mut click) = (Cow::Borrowed(""), None);
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match &*name.to_ascii_lowercase() {
            "utm_source" => found.utm_source = normal(value),
            "utm_medium" => found.utm_medium = normal(value),
            "utm_campaign" => found.utm_campaign = normal(value),
            "utm_content" => found.utm_content = normal(value),
            "utm_term" => found.utm_term = normal(value),
            "ref" | "source" if tagged.is_empty() => tagged = normal(value),
            name if click.is_none() && !value.is_empty() => click = click_id::of(name),
            _ => {}
        }
    }
    let bare = bare(referrer);
    found.referrer = Cow::Borrowed(bare);
    let referred = site_of(bare);
    let click = click.filter(|id| found.utm_source.is_empty() || id.is_paid());
    // An advertisement on some site is the advertiser's; one that a listed source shows, that source's.
    let clicked = click.filter(|id| bare.is_empty() || id.is_paid() && referred.is_none());

    let named = |source: &str| source_named(source).unwrap_or(("", Category::Other));
    let (name, category) = if !found.utm_source.is_empty() {
        let (name, category) = named(&found.utm_source);
        (if name.is_empty() { found.utm_source.clone() } else { name.into() }, category)
    } else if let Some(id) = clicked {
        (id.source.into(), named(&id.source.to_ascii_lowercase()).1)
    } else if !tagged.is_empty() {
        let (name, category) = named(&tagged);
        (if name.is_empty() { tagged } else { name.into() }, category)
    } else {
        let (name, category) = referred.unwrap_or((host(bare), Category::Other));
        (name.into(), category)
    };
    found.source = name;

    found.medium = if !found.utm_medium.is_empty() {
        found.utm_medium.clone()
    } else if let Some(id) = click.filter(|id| id.is_paid() || clicked.is_some()) {
        id.medium.into()
    } else if found.source.is_empty() || !found.utm_source.is_empty() && category == Category::Other {
        Cow::Borrowed("")
    } else {
        category.medium().into()
    };
    let source = if found.utm_source.is_empty() { &found.source } else { &found.utm_source };
    found.channel = channel::of(source, &found.medium, &found.utm_campaign, category);
    found
}

/// Whether a referrer lies on the page's own host: then it says nothing about where the visit came from.
#[must_use]
pub fn is_internal(referrer: &str, own_host: &str) -> bool {
    let own = own_host.strip_prefix("www.").unwrap_or(own_host);
    !referrer.is_empty() && host(bare(referrer)).eq_ignore_ascii_case(host(own))
}

/// The name and the category of a referrer's site, where a list has it: by its host or a domain above that, by the
/// first two parts of its path where only a part of a site is meant, and by any country's domain where the list says so.
#[must_use]
pub fn site_of(address: &str) -> Option<(&'static str, Category)> {
    let bare = bare(address).to_ascii_lowercase();
    let host = host(&bare).trim_end_matches('.');
    let path = bare.find('/').map_or("", |at| &bare[at..]);
    let paths =
        [path.match_indices('/').nth(2), path.match_indices('/').nth(1)].map(|end| end.map(|(at, _)| &path[..at]));
    domains(host).find_map(|domain| {
        let any_country = without_country(domain);
        [Some(domain), any_country.as_deref()].into_iter().flatten().find_map(|domain| {
            let with_path = |path: &str| if path.is_empty() { None } else { SOURCES.get(&[domain, path].concat()) };
            let listed = [Some(path), paths[0], paths[1]].into_iter().flatten().find_map(with_path);
            listed.or_else(|| if domain.contains('.') { SOURCES.get(domain) } else { None }).map(read)
        })
    })
}

/// The name and the category of a source that a campaign names, by word or by host.
fn source_named(source: &str) -> Option<(&'static str, Category)> {
    if source.contains('.') { site_of(source) } else { SOURCES.get(source).map(read) }
}

fn read(value: &'static str) -> (&'static str, Category) {
    let (letter, name) = value.split_at_checked(1).unwrap_or(("", value));
    (name, Category::of_letter(letter.bytes().next().unwrap_or(0)))
}

/// A parameter as it should have been written: in lower case, encoded once, single spaces between its words.
fn normal(value: Cow<'_, str>) -> Cow<'_, str> {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-' | b'.' | b'/');
    if value.bytes().all(plain) {
        return value;
    }
    // Some tools encode twice: what was `%2520` is now `%20`.
    let again = value.contains('%') && !value.contains(['&', '=', '+']);
    let decoded =
        if again { form_urlencoded::parse(value.as_bytes()).next().map(|(name, _)| name.into_owned()) } else { None };
    let words = decoded.as_deref().unwrap_or(&value).to_lowercase();
    let mut joined = String::with_capacity(words.len());
    for word in words.split_whitespace() {
        if !joined.is_empty() {
            joined.push(' ');
        }
        joined.push_str(word);
    }
    Cow::Owned(joined)
}

#[cfg(test)]
mod tests;
