//! One table of sources out of four lists.

use std::collections::BTreeMap;

use super::lists::{ga4_sources, grouped};

/// The lines of the table, sorted.
pub fn merged(engines: &str, socials: &str, assistants: &str, ga4: &str, own: &str) -> Vec<String> {
    // Host or word → category's letter, name.
    let mut table: BTreeMap<String, (char, String)> = BTreeMap::new();
    for (letter, list) in [('s', engines), ('o', socials), ('a', assistants)] {
        for (name, hosts) in grouped(list) {
            for host in hosts {
                table.insert(key(&host), (letter, name.clone()));
            }
        }
    }
    let matomo = table.clone();
    for (source, category) in ga4_sources(ga4) {
        let letter = match category.as_str() {
            "SEARCH" => 's',
            "SOCIAL" => 'o',
            "VIDEO" => 'v',
            "SHOPPING" => 'p',
            _ => continue,
        };
        let name = name_of(&matomo, &source);
        let found = table.entry(key(&source)).or_insert((letter, name));
        if found.0 != 'a' {
            found.0 = letter;
        }
    }
    for line in own.lines().filter(|line| !line.starts_with('#')) {
        let Some((letter, rest)) = line.split_at_checked(1) else { continue };
        let Some((name, keys)) = rest.trim_start().split_once(": ") else { continue };
        let letter = letter.chars().next().unwrap_or('-');
        for host in keys.split_whitespace() {
            table.insert(key(host), (letter, name.to_owned()));
        }
    }
    // A host below another of the same name and category says nothing more.
    let is_said = |host: &str, value: &(char, String)| {
        let above = host
            .match_indices('.')
            .find_map(|(at, _)| table.get(&host[at + 1..]).filter(|_| host[at + 1..].contains('.')));
        !host.contains('/') && above == Some(value)
    };
    table
        .iter()
        .filter(|(host, value)| !is_said(host, value))
        .map(|(host, (letter, name))| format!("{host}\t{letter}{name}"))
        .collect()
}

/// A host as it is looked up: lower case, no `www.`, two parts of a path at most, no slash behind.
fn key(host: &str) -> String {
    let host = host.trim().to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    let end = host.match_indices('/').nth(2).map_or(host.len(), |(at, _)| at);
    host[..end].trim_end_matches('/').to_owned()
}

/// The name of a source: that of the domain above it, or of the host that the word begins; else the source itself, its
/// first letter large.
fn name_of(known: &BTreeMap<String, (char, String)>, source: &str) -> String {
    let host = key(source);
    let above = host.match_indices('.').map(|(at, _)| &host[at + 1..]).find_map(|domain| known.get(domain));
    let begun = || ["com", "net", "org", "{}"].iter().find_map(|zone| known.get(&format!("{host}.{zone}")));
    above
        .or_else(begun)
        .map_or_else(|| if source.contains('.') { host.clone() } else { large(source) }, |(_, name)| name.clone())
}

fn large(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
