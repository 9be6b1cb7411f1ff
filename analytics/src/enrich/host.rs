//! Hosts of addresses, and the parts of a host that a list may know.

/// An address without scheme, user info and `www.`, and without its query and fragment.
#[must_use]
pub fn bare(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let rest = rest.split(['?', '#']).next().unwrap_or(rest);
    // Names and passwords stand before the host, so an @ further behind is none of theirs.
    let host_ends = rest.find('/').unwrap_or(rest.len());
    let rest = rest[..host_ends].rfind('@').map_or(rest, |at| &rest[at + 1..]);
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    rest.strip_suffix('/').unwrap_or(rest)
}

/// The host of a bare address, without port.
#[must_use]
pub fn host(bare: &str) -> &str {
    let host = bare.split('/').next().unwrap_or(bare);
    // An IPv6 address stands in brackets and has colons of its own.
    let ends = host.rfind(']').unwrap_or(0);
    host[ends..].find(':').map_or(host, |port| &host[..ends + port])
}

/// Labels of a host that are looked at, from the right. DNS allows 127; names that lists know have fewer.
const MAX_LABELS: usize = 8;

/// A host and the domains above it, the longest first: `a.b.c`, `b.c`, `c`.
pub fn domains(host: &str) -> impl Iterator<Item = &str> {
    let starts = host.rmatch_indices('.').take(MAX_LABELS).map(|(at, _)| at + 1);
    let mut starts: Vec<usize> = starts.collect();
    if starts.len() < MAX_LABELS {
        starts.push(0);
    }
    starts.into_iter().rev().map(move |at| &host[at..])
}

/// The domain with its country written `{}`: `google.{}` for `google.de` and `google.co.uk`, `{}.bing.com` for
/// `de.bing.com`, `images.{}.ask.com` for `images.de.ask.com`. None where it names none.
#[must_use]
pub fn without_country(domain: &str) -> Option<String> {
    let is_country = |label: &str| label.len() == 2 && label.bytes().all(|b| b.is_ascii_alphabetic());
    if let Some((rest, country)) = domain.rsplit_once('.')
        && is_country(country)
    {
        // Countries that sell below a second level of kinds: co.uk, com.au, ne.jp.
        let second = ["com", "co", "org", "net", "ne", "or", "edu", "it"];
        let name = rest.rsplit_once('.').filter(|(_, kind)| second.contains(kind)).map_or(rest, |(name, _)| name);
        return Some(format!("{name}.{{}}"));
    }
    let mut labels = domain.split('.');
    let (first, second) = (labels.next()?, labels.next()?);
    labels.next()?;
    let rest = &domain[first.len() + 1..];
    if is_country(first) {
        return Some(format!("{{}}.{rest}"));
    }
    let rest = rest.get(second.len() + 1..)?;
    (is_country(second) && rest.contains('.')).then(|| format!("{first}.{{}}.{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_a_last_label_of_two_letters_or_a_first_one() {
        let pairs = [
            ("google.de", Some("google.{}")),
            ("google.co.uk", Some("google.{}")),
            ("yandex.com.tr", Some("yandex.{}")),
            ("de.search.yahoo.com", Some("{}.search.yahoo.com")),
            ("images.de.ask.com", Some("images.{}.ask.com")),
            ("google.com", None),
            ("google.example.com", None),
            ("de", None),
        ];
        for (domain, expected) in pairs {
            assert_eq!(without_country(domain).as_deref(), expected, "{domain}");
        }
    }

    #[test]
    fn a_host_lies_below_its_domains() {
        assert_eq!(domains("a.b.c").collect::<Vec<_>>(), ["a.b.c", "b.c", "c"]);
        assert_eq!(domains("").collect::<Vec<_>>(), [""]);
        assert_eq!(domains(&"a.".repeat(300)).count(), MAX_LABELS);
    }
}
