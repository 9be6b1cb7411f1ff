//! Addresses of pages, and values in their queries.

use std::borrow::Cow;

use crate::log::Text;

/// A page's address, taken apart.
#[derive(Debug, Default)]
pub struct Address<'a> {
    pub host: Text<'a>,
    pub path: Text<'a>,
    pub query: Text<'a>,
}

/// `https://host/path?query#fragment`, or from the path on.
pub fn parts(text: Text<'_>) -> Address<'_> {
    match text {
        Cow::Borrowed(text) => {
            let (host, path, query) = split(text);
            Address { host: host.into(), path: path.into(), query: query.into() }
        }
        Cow::Owned(text) => {
            let (host, path, query) = split(&text);
            let owned = |text: &str| Cow::Owned(text.to_owned());
            Address { host: owned(host), path: owned(path), query: owned(query) }
        }
    }
}

fn split(text: &str) -> (&str, &str, &str) {
    let text = text.split_once('#').map_or(text, |(before, _)| before);
    let (address, query) = text.split_once('?').unwrap_or((text, ""));
    let Some((_, rest)) = address.split_once("://").filter(|(scheme, _)| !scheme.contains('/')) else {
        return ("", address, query);
    };
    match rest.find('/') {
        Some(at) => (&rest[..at], &rest[at..], query),
        None => (rest, "/", query),
    }
}

/// A value as it stands in a query.
pub fn escaped(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.') {
            out.push(byte as char);
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_apart_wherever_it_begins() {
        assert_eq!(split("https://example.com/a/b?c=d#e"), ("example.com", "/a/b", "c=d"));
        assert_eq!(split("https://example.com"), ("example.com", "/", ""));
        assert_eq!(split("/a?next=https://b/c"), ("", "/a", "next=https://b/c"));
        assert_eq!(split("/go/https://b/c"), ("", "/go/https://b/c", ""));
    }

    #[test]
    fn a_value_in_a_query_reads_as_it_was() {
        assert_eq!(escaped("a b&c=ü"), "a%20b%26c%3D%C3%BC");
    }
}
