//! Hosts of referrers by Matomo's lists and GA4's.

use passerby_analytics::enrich::source::{Category, of, site_of};
use passerby_analytics::enrich::spam::is_spam;

use crate::lists::{file, ga4_sources, grouped};

#[test]
fn every_spam_host_and_those_below_it_are_spam_and_no_other() {
    let Some(hosts) = file("referrers/spammers.txt") else { return };
    for host in hosts.lines() {
        assert!(is_spam(&format!("https://{host}/")) && is_spam(&format!("http://a.b.{host}/x?y")), "{host}");
        let others =
            [format!("not-{host}"), format!("not{host}"), format!("{host}.example.org"), format!("example.org/{host}")];
        // A subdomain of a listed host may be listed too, and then "not-" makes only another subdomain.
        let above = host.split_once('.').is_some_and(|(_, above)| is_spam(above));
        assert!(above || !others.iter().any(|other| is_spam(other)), "{others:?}");
    }
    println!("spam hosts: all of {}", hosts.lines().count());
}

/// The hosts of a list, with three countries where it leaves the country open.
fn hosts(yaml: &str) -> Vec<String> {
    let hosts = grouped(yaml).into_values().flatten();
    hosts
        .flat_map(|host| {
            ["de", "co.uk", "fr"].map(|country| {
                host.replace(
                    "{}",
                    if host.starts_with("{}") || host.contains(".{}.") { &country[..2] } else { country },
                )
            })
        })
        .collect()
}

#[test]
fn every_engine_network_and_assistant_of_the_lists_is_one() {
    let lists = [
        (
            "SearchEngines.yml",
            &[Category::Search, Category::Shopping, Category::Video, Category::Social, Category::Assistant][..],
        ),
        ("Socials.yml", &[Category::Social, Category::Video]),
        ("AIAssistants.yml", &[Category::Assistant]),
    ];
    for (name, allowed) in lists {
        let Some(yaml) = file(&format!("referrers/{name}")) else { return };
        let hosts = hosts(&yaml);
        let mut changed = Vec::new();
        for host in &hosts {
            let found = site_of(&format!("https://{host}/a/b/c?d"));
            assert!(found.is_some_and(|(_, category)| allowed.contains(&category)), "{name}: {host} is {found:?}");
            if found.is_some_and(|(_, category)| category != allowed[0]) {
                changed.push(host);
            }
        }
        println!("{name}: all of {} hosts; GA4 counts {changed:?} otherwise", hosts.len());
    }
}

#[test]
fn every_source_of_ga4_has_its_category() {
    let Some(csv) = file("referrers/ga4_source_categories.csv") else { return };
    let sources = ga4_sources(&csv);
    let mut changed = Vec::new();
    for (source, category) in &sources {
        let query = format!("utm_source={}", source.replace('+', "%2B"));
        let found = of(&query, "");
        let expected = match category.as_str() {
            "SEARCH" => "Organic Search",
            "SOCIAL" => "Organic Social",
            "VIDEO" => "Organic Video",
            _ => "Organic Shopping",
        };
        if found.channel.label() != expected {
            changed.push(format!("{source}: {}", found.channel.label()));
        }
    }
    println!("GA4's sources: {} of {}; otherwise {changed:?}", sources.len() - changed.len(), sources.len());
    assert!(changed.len() * 100 <= sources.len(), "{changed:?}");
}

#[test]
fn no_host_that_looks_alike_is_one() {
    for name in ["SearchEngines.yml", "Socials.yml", "AIAssistants.yml"] {
        let Some(yaml) = file(&format!("referrers/{name}")) else { return };
        for host in hosts(&yaml) {
            let bare = host.split('/').next().unwrap_or("");
            let below = site_of(bare.split_once('.').map_or("", |(_, above)| above)).is_some();
            assert!(below || site_of(&format!("https://not-{host}")).is_none(), "not-{host}");
            assert_eq!(site_of(&format!("https://{bare}.example.com/")), None, "{bare}.example.com");
        }
    }
}
