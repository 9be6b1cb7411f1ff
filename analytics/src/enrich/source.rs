//! Where a visit came from: campaign parameters first, then the referrer.

use std::borrow::Cow;

/// Where a page view came from. Empty texts are unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Acquisition<'a> {
    /// "Google", "newsletter", "example.org"; empty: direct.
    pub source: Cow<'a, str>,
    /// The referrer without scheme and `www.`.
    pub referrer: Cow<'a, str>,
    /// `utm_source` as it came.
    pub utm_source: Cow<'a, str>,
    /// `utm_medium` as it came.
    pub utm_medium: Cow<'a, str>,
    /// `utm_campaign` as it came.
    pub utm_campaign: Cow<'a, str>,
    /// `utm_content` as it came.
    pub utm_content: Cow<'a, str>,
    /// `utm_term` as it came.
    pub utm_term: Cow<'a, str>,
}

/// Hosts (and their subdomains) whose visits go by a name. A `.` at the end stands for any top-level domain.
const NAMES: &[(&str, &str)] = &[
    ("google.", "Google"),
    ("bing.com", "Bing"),
    ("duckduckgo.com", "DuckDuckGo"),
    ("yahoo.com", "Yahoo!"),
    ("yandex.", "Yandex"),
    ("baidu.com", "Baidu"),
    ("ecosia.org", "Ecosia"),
    ("search.brave.com", "Brave"),
    ("naver.com", "Naver"),
    ("facebook.com", "Facebook"),
    ("instagram.com", "Instagram"),
    ("t.co", "Twitter"),
    ("twitter.com", "Twitter"),
    ("x.com", "Twitter"),
    ("linkedin.com", "LinkedIn"),
    ("lnkd.in", "LinkedIn"),
    ("reddit.com", "Reddit"),
    ("youtube.com", "YouTube"),
    ("pinterest.", "Pinterest"),
    ("tiktok.com", "TikTok"),
    ("news.ycombinator.com", "Hacker News"),
    ("github.com", "GitHub"),
    ("wikipedia.org", "Wikipedia"),
    ("chatgpt.com", "ChatGPT"),
    ("claude.ai", "Claude"),
    ("perplexity.ai", "Perplexity"),
];

/// Where a page view with this query and this referrer came from.
#[must_use]
pub fn of<'a>(query: &'a str, referrer: &'a str) -> Acquisition<'a> {
    let mut found = Acquisition::default();
    let mut tagged = Cow::Borrowed("");
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match &*name {
            "utm_source" => found.utm_source = value,
            "utm_medium" => found.utm_medium = value,
            "utm_campaign" => found.utm_campaign = value,
            "utm_content" => found.utm_content = value,
            "utm_term" => found.utm_term = value,
            "ref" | "source" if tagged.is_empty() => tagged = value,
            _ => {}
        }
    }
    let bare = bare(referrer);
    found.referrer = Cow::Borrowed(bare);
    found.source = [&found.utm_source, &tagged].into_iter().find(|s| !s.is_empty()).cloned().unwrap_or_else(|| {
        let host = host(bare);
        Cow::Borrowed(name_of(host).unwrap_or(host))
    });
    found
}

/// Whether a referrer lies on the page's own host: then it says nothing about where the visit came from.
#[must_use]
pub fn is_internal(referrer: &str, own_host: &str) -> bool {
    let own = own_host.strip_prefix("www.").unwrap_or(own_host);
    !referrer.is_empty() && host(bare(referrer)).eq_ignore_ascii_case(host(own))
}

/// An address without scheme, user info and `www.`, and without its query and fragment.
fn bare(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let rest = rest.split(['?', '#']).next().unwrap_or(rest);
    // Names and passwords stand before the host, so an @ further behind is none of theirs.
    let host_ends = rest.find('/').unwrap_or(rest.len());
    let rest = rest[..host_ends].rfind('@').map_or(rest, |at| &rest[at + 1..]);
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    rest.strip_suffix('/').unwrap_or(rest)
}

/// The host of a bare address, without port.
fn host(bare: &str) -> &str {
    let host = bare.split('/').next().unwrap_or(bare);
    // An IPv6 address stands in brackets and has colons of its own.
    let ends = host.rfind(']').unwrap_or(0);
    host[ends..].find(':').map_or(host, |port| &host[..ends + port])
}

fn name_of(host: &str) -> Option<&'static str> {
    let is = |pattern: &str| {
        let labels_end = |rest: &str| rest.is_empty() || rest.ends_with('.');
        match pattern.strip_suffix('.') {
            None => host.strip_suffix(pattern).is_some_and(labels_end),
            // "google." matches google.de and www.google.co.uk, not google.example.com: what follows is at most a
            // country's second level.
            Some(name) => host.rmatch_indices(name).next().is_some_and(|(at, _)| {
                let tail = &host[at + name.len()..];
                labels_end(&host[..at]) && tail.starts_with('.') && tail.len() <= 7 && tail.matches('.').count() <= 2
            }),
        }
    };
    NAMES.iter().find(|(pattern, _)| is(pattern)).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_campaign_comes_before_the_referrer() {
        let found = of("utm_source=news+letter&utm_medium=email", "https://www.google.com/");
        assert_eq!(found.source, "news letter");
        assert_eq!(found.utm_medium, "email");
        assert_eq!(found.referrer, "google.com");
    }

    #[test]
    fn a_known_host_and_its_subdomains_go_by_name() {
        for referrer in ["https://google.com", "https://www.google.co.uk/", "https://news.google.de/x?y"] {
            assert_eq!(of("", referrer).source, "Google", "{referrer}");
        }
        assert_eq!(of("", "https://en.wikipedia.org/wiki/Passerby").source, "Wikipedia");
    }

    #[test]
    fn a_host_that_only_looks_alike_does_not() {
        for referrer in ["notwikipedia.org", "google.example.com", "wikipedia.org.example", "mygoogle.com"] {
            assert_eq!(of("", &format!("https://{referrer}/")).source, referrer);
        }
    }

    #[test]
    fn nothing_known_is_direct() {
        assert_eq!(of("", ""), Acquisition::default());
    }

    #[test]
    fn the_own_host_is_internal() {
        assert!(is_internal("https://www.example.com/a?b", "example.com"));
        assert!(is_internal("http://localhost:8787/demo/", "localhost"));
        assert!(!is_internal("https://example.org/", "example.com"));
        assert!(!is_internal("", "example.com"));
        assert!(is_internal("http://[::1]:8787/", "[::1]:80") && !is_internal("http://[::2]/", "[::1]"));
    }

    #[test]
    fn a_password_in_a_referrer_is_left_out() {
        let found = of("", "https://me:secret@example.org:8080/@me?q");
        assert_eq!((&*found.referrer, &*found.source), ("example.org:8080/@me", "example.org"));
        assert_eq!(of("", "https://me@home:secret@example.org/").referrer, "example.org");
    }
}
