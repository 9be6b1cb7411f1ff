//! Referrer spam: hosts that send visits for the sake of their own name in a report.

use super::host::{bare, domains, host};
use super::table::Table;

const HOSTS: Table = Table::new(include_str!("../../data/spam.txt"));

/// Whether a referrer's host, or a domain above it, is known for referrer spam.
#[must_use]
pub fn is_spam(referrer: &str) -> bool {
    let host = host(bare(referrer)).trim_end_matches('.').to_ascii_lowercase();
    host.contains('.') && domains(&host).any(|domain| HOSTS.get(domain).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listed_host_and_those_below_it_are_spam() {
        for referrer in ["semalt.com", "https://SEMALT.com/x", "http://a.b.semalt.com:80/?u", "semalt.com."] {
            assert!(is_spam(referrer), "{referrer}");
        }
    }

    #[test]
    fn a_host_that_only_looks_alike_is_not() {
        for referrer in ["", "not-semalt.com", "semalt.com.example.org", "example.org/semalt.com", "com", "."] {
            assert!(!is_spam(referrer), "{referrer}");
        }
    }
}
