//! Addresses of pages, and what may be kept of them.

use passerby_protocol::limits::MAX_URL_BYTES;

use crate::said::cut;

/// Query parameters that may be kept: campaigns and click ids, those that our own tracker sends.
const KEPT: [&str; 10] =
    ["gclid", "gbraid", "wbraid", "fbclid", "msclkid", "ttclid", "twclid", "li_fat_id", "ref", "source"];

/// Where a page is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Page {
    /// In lower case, without a port; empty where the address names none.
    pub host: String,
    /// From the first `/`.
    pub path: String,
    /// The parameters that may be kept.
    pub query: String,
}

/// Whether a parameter names a campaign or a click.
pub(crate) fn is_kept(name: &str) -> bool {
    let campaign = name
        .strip_prefix("utm_")
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'));
    campaign || KEPT.contains(&name)
}

impl Page {
    /// The page of an address, or of a path; `None` where it is neither.
    pub(crate) fn of(address: &str) -> Option<Self> {
        let address = address.trim();
        let (before, _fragment) = address.split_once('#').unwrap_or((address, ""));
        let (before, query) = before.split_once('?').unwrap_or((before, ""));
        let (host, path) = match before.split_once("://") {
            Some((_scheme, rest)) => rest.split_at(rest.find('/').unwrap_or(rest.len())),
            None if before.starts_with('/') => ("", before),
            None => return None,
        };
        let host = host.rsplit_once('@').map_or(host, |(_user, host)| host);
        // The colons of an address in brackets are no port's.
        let host = match host.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => host,
        };
        let kept = |pair: &&str| pair.split_once('=').is_some_and(|(name, _)| is_kept(name));
        let query: Vec<&str> = query.split('&').filter(kept).collect();
        let path = if path.is_empty() { "/" } else { cut(path, MAX_URL_BYTES) };
        Some(Self {
            host: host.to_ascii_lowercase(),
            path: path.to_owned(),
            query: cut(&query.join("&"), MAX_URL_BYTES).to_owned(),
        })
    }

    /// The page with the fragment of its address, on sites that route by it.
    pub(crate) fn with_fragment(mut self, address: &str) -> Self {
        if let Some((_, fragment)) = address.split_once('#').filter(|(_, fragment)| !fragment.is_empty()) {
            self.path = cut(&format!("{}#{fragment}", self.path), MAX_URL_BYTES).to_owned();
        }
        self
    }
}

/// What may be kept of a referrer: a query may say too much.
pub(crate) fn referrer(address: &str) -> String {
    let end = address.find(['?', '#']).unwrap_or(address.len());
    cut(address.get(..end).unwrap_or_default(), MAX_URL_BYTES).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(address: &str) -> Option<(String, String, String)> {
        Page::of(address).map(|page| (page.host, page.path, page.query))
    }

    #[test]
    fn of_an_address_only_campaigns_are_kept_beside_host_and_path() {
        let cases = [
            (
                "https://Shop.example/a/b?utm_source=x&token=secret&gclid=y#top",
                ("shop.example", "/a/b", "utm_source=x&gclid=y"),
            ),
            ("https://user:word@shop.example:8080", ("shop.example", "/", "")),
            ("http://[::1]:8787/x?utm_=1&utm_a-b=1&ref=z", ("[::1]", "/x", "ref=z")),
            ("app://localhost/login", ("localhost", "/login", "")),
            ("/only/a/path?source=x", ("", "/only/a/path", "source=x")),
            ("https://shop.example?q=http://other.example/", ("shop.example", "/", "")),
        ];
        for (address, (host, path, query)) in cases {
            assert_eq!(parts(address), Some((host.into(), path.into(), query.into())), "{address}");
        }
        for nothing in ["", "about:blank", "shop.example/x", "data:text/html,x"] {
            assert_eq!(parts(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn a_long_path_is_cut_between_characters() {
        let path = Page::of(&format!("/{}", "é".repeat(2000))).map(|page| page.path.len());
        assert_eq!(path, Some(MAX_URL_BYTES - 1));
    }
}
