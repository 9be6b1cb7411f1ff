//! Networks of rented computers: a hint that nobody sits in front of one.

use super::table::Table;

const DATA_CENTRES: Table = Table::new(include_str!("../../data/data_centres.txt"));

/// Whether an address belongs to a data centre, by its autonomous system or the name of the network's owner. Not so for
/// networks through which people browse: relays, virtual private networks, companies' gateways.
#[must_use]
pub fn is_data_centre(asn: Option<u32>, organisation: &str) -> bool {
    let listed = asn.is_some_and(|asn| DATA_CENTRES.get(&asn.to_string()).is_some());
    let organisation = organisation.to_ascii_lowercase();
    listed || asn.is_none() && !organisation.is_empty() && DATA_CENTRES.lines().any(|line| names(line, &organisation))
}

/// Whether a line's name stands in an owner's, as whole words.
fn names(line: &str, organisation: &str) -> bool {
    let name = line.split_once('\t').map_or("", |(_, name)| name);
    !name.is_empty()
        && organisation.match_indices(name).any(|(at, _)| {
            let is_part = |c: char| c.is_ascii_alphanumeric();
            !organisation[..at].ends_with(is_part) && !organisation[at + name.len()..].starts_with(is_part)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cloud_is_a_data_centre_and_a_providers_line_is_none() {
        assert!(is_data_centre(Some(16509), "") && is_data_centre(Some(24940), "Hetzner Online GmbH"));
        assert!(!is_data_centre(Some(3320), "Deutsche Telekom AG") && !is_data_centre(None, ""));
    }

    #[test]
    fn an_owner_decides_only_where_the_number_is_unknown() {
        assert!(is_data_centre(None, "DIGITALOCEAN-ASN"));
        assert!(!is_data_centre(Some(3320), "OVH SAS"));
        assert!(!is_data_centre(None, "Stovhaus"));
    }

    #[test]
    fn a_relay_of_people_is_none() {
        for (asn, relay) in [(13335, "Cloudflare"), (395_747, "Cloudflare"), (36183, "Akamai"), (54113, "Fastly")] {
            assert!(!is_data_centre(Some(asn), relay), "{relay}");
        }
    }
}
