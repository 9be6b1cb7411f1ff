//! Browsers, apps and programs as they call themselves today, which no list here is made from.

use passerby_analytics::enrich::bot;
use passerby_analytics::enrich::user_agent::{self, Hints};

/// What each is, a tab, and its user agent.
const CURRENT: &str = include_str!("current.txt");

fn lines() -> impl Iterator<Item = (&'static str, &'static str)> {
    CURRENT.lines().filter_map(|line| line.split_once('\t'))
}

#[test]
fn browsers_and_apps_of_today_are_told_and_are_no_programs() {
    let browsers: Vec<_> = lines().filter(|(what, _)| what.contains('|')).collect();
    for (what, text) in &browsers {
        let found = user_agent::of(text, Hints::default());
        let with = |name: &str, version: &str| format!("{name} {version}").trim_end().to_owned();
        let told =
            [with(found.browser, found.browser_version), with(found.os, found.os_version), found.device.to_owned()];
        assert_eq!(told.join("|"), *what, "{text}");
        assert!(!bot::is_bot(text), "{text}");
    }
    assert!(browsers.len() > 50, "{}", browsers.len());
}

#[test]
fn programs_of_today_are_told() {
    let programs: Vec<_> = lines().filter(|(what, _)| !what.contains('|')).collect();
    for (_, text) in &programs {
        assert!(bot::is_bot(text), "{text}");
    }
    assert!(programs.len() > 40, "{}", programs.len());
}
