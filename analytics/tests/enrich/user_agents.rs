//! ua-parser's own cases.
//!
//! Covered is a case whose family our browsers hold, under whatever name (`families.rs`). Left out are, by rule:
//! programs (crawlers, libraries, monitors: the bot rules' matter), mail programs and feed readers, apps that show their
//! own pages only (ArcGIS, Spotify, Luminary…), wallets and game launchers, security products' unnamed shells, and
//! browsers of feature phones and early smart phones that ended before 2015 (NetFront, Obigo, Openwave, Ovi, Dolfin…).

use passerby_analytics::enrich::bot;
use passerby_analytics::enrich::user_agent::{self, Hints};
use proptest::prelude::*;

use crate::families;
use crate::lists::{cases, file};

#[test]
fn browsers_and_their_major_versions_are_told() {
    let Some(yaml) = file("user-agents/test_ua.yaml") else { return };
    let cases = cases(&yaml);
    let covered: Vec<_> = cases.iter().filter_map(|case| Some((case, families::browser(&case.family)?))).collect();
    let is_told = |(case, browser): &&(&crate::lists::Case, &str)| {
        let found = user_agent::of(&case.user_agent, Hints::default());
        (found.browser, found.browser_version) == (*browser, case.major.as_str())
    };
    println!("{} of {} cases are of our browsers", covered.len(), cases.len());
    at_least_of(&covered, is_told);
    assert!(covered.len() >= 390, "a family that was covered is no more");
}

fn at_least_of(covered: &[(&crate::lists::Case, &str)], is_told: impl Fn(&&(&crate::lists::Case, &str)) -> bool) {
    crate::at_least(98.0, "browser and major version", covered.iter().filter(is_told).count(), covered.len());
}

#[test]
fn systems_are_told() {
    let Some(yaml) = file("user-agents/test_os.yaml") else { return };
    let cases = cases(&yaml);
    let os = |case: &crate::lists::Case| {
        let found = user_agent::of(&case.user_agent, Hints::default());
        (found.os.to_owned(), found.os_version.to_owned())
    };
    let told = cases.iter().filter(|case| os(case).0 == families::system(&case.family));
    crate::at_least(98.0, "system", told.count(), cases.len());

    let common = ["Android", "iOS", "Windows", "Mac OS X", "Chrome OS", "Windows Phone"];
    let common: Vec<_> = cases.iter().filter(|case| common.contains(&case.family.as_str())).collect();
    let is_versioned = |case: &&&crate::lists::Case| {
        let version = os(case).1;
        let theirs = if version.contains('.') { [&*case.major, &*case.minor].join(".") } else { case.major.clone() };
        version == theirs.trim_end_matches('.') || version.is_empty()
    };
    crate::at_least(
        95.0,
        "version of the system, or unknown",
        common.iter().filter(is_versioned).count(),
        common.len(),
    );
}

/// Programs that ua-parser calls by a browser's name: a headless Chrome, Google's and Pinterest's fetchers.
const PROGRAMS: &[&str] = &["HeadlessChrome", "Google Web Preview", "Pinterest/0."];

#[test]
fn no_browser_is_taken_for_a_program() {
    let Some(yaml) = file("user-agents/test_ua.yaml") else { return };
    let covered = cases(&yaml).into_iter().filter(|case| families::browser(&case.family).is_some());
    let flagged: Vec<String> = covered.map(|case| case.user_agent).filter(|text| bot::is_bot(text)).collect();
    println!("{} user agents of ua-parser's browsers are programs'", flagged.len());
    let wrong = flagged.iter().filter(|text| !PROGRAMS.iter().any(|program| text.contains(program)));
    assert_eq!(wrong.collect::<Vec<_>>(), Vec::<&String>::new());
}

/// `cargo test --release -p passerby-analytics --test enrich -- --ignored --nocapture time_`
#[test]
#[ignore = "prints a time, holds no rule"]
fn time_of_a_user_agent() {
    let Some(yaml) = file("user-agents/test_ua.yaml") else { return };
    let cases = cases(&yaml);
    let rounds = 20;
    let time = |what: &str, work: &dyn Fn(&str)| {
        let begins = std::time::Instant::now();
        (0..rounds).flat_map(|_| &cases).for_each(|case| work(&case.user_agent));
        println!("{what}: {} ns", begins.elapsed().as_nanos() / (rounds * cases.len()) as u128);
    };
    time("browser, system, device (with the bot rules)", &|text| {
        std::hint::black_box(user_agent::of(text, Hints::default()));
    });
    time("bot rules", &|text| {
        std::hint::black_box(bot::is_bot(text));
    });
}

#[test]
fn naughty_strings_are_only_strings() {
    let Some(json) = file("adversarial/blns.json") else { return };
    let strings: Vec<String> = serde_json::from_str(&json).expect("blns.json is a list of strings");
    strings.iter().for_each(|text| everything(text, text));
}

/// Runs all of enrichment over two texts.
fn everything(text: &str, other: &str) {
    use passerby_analytics::enrich::{network, source, spam};
    let hints = Hints { browser: text, platform: other, platform_version: text, model: other, mobile: true };
    for hints in [Hints::default(), hints] {
        let found = user_agent::of(text, hints);
        assert!(found.browser_version.len() <= text.len().max(other.len()));
    }
    let _ = (bot::is_bot(text), bot::purpose(text), spam::is_spam(text), network::is_data_centre(None, text));
    let _ = (source::of(text, other), source::of(other, text), source::is_internal(text, other));
}

proptest! {
    #[test]
    fn no_text_is_too_odd(text in ".{0,300}", other in any::<String>()) {
        everything(&text, &other);
    }

    #[test]
    fn no_pieces_of_user_agents_are_too_odd(pieces in prop::collection::vec(piece(), 0..20), other in "[a-z./:@?#{}é-]{0,40}") {
        everything(&pieces.concat(), &other);
    }
}

fn piece() -> impl Strategy<Value = String> {
    let words = [
        "Mozilla/5.0",
        "Windows NT",
        "Windows Phone",
        "Mac OS X ",
        "10_15",
        "10.",
        "(",
        ")",
        ";",
        "/",
        " ",
        "é",
        "Chrome/",
        "Version/",
        "Opera Mini",
        "FBAV/",
        "FBCR/",
        "iOS",
        "CPU ",
        "Trident/",
        "rv:",
        "MSIE",
        "BB10",
        "99999999",
        "compatible",
        ".com",
        "@",
        "chrome/1a",
        "HbbTV/",
        "-Android",
        " for iPhone",
    ];
    prop_oneof![prop::sample::select(words.to_vec()).prop_map(str::to_owned), "[ -~]{0,6}"]
}
