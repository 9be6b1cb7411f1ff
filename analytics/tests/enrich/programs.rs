//! Bots by the lists of isbot and crawler-user-agents.

use std::collections::BTreeMap;

use passerby_analytics::enrich::bot::{self, Purpose, Signals, Suspicion, Text};
use passerby_analytics::enrich::table::Table;

use crate::bots::{Browsers, Group, groups, names};
use crate::lists::{crawlers, file, grouped};

fn all(lists: &BTreeMap<String, Vec<String>>) -> Vec<&str> {
    lists.values().flatten().map(String::as_str).collect()
}

#[test]
fn isbots_crawlers_are_programs_and_its_browsers_are_none() {
    let (Some(programs), Some(people)) = (file("bots/isbot-crawlers.yml"), file("bots/isbot-browsers.yml")) else {
        return;
    };
    let (programs, people) = (grouped(&programs), grouped(&people));
    let flagged = all(&programs).into_iter().filter(|text| bot::is_bot(text)).count();
    crate::at_least(99.0, "isbot's crawlers", flagged, all(&programs).len());
    let wrong: Vec<&str> = all(&people).into_iter().filter(|text| bot::is_bot(text)).collect();
    println!("isbot's browsers: {} of {} are taken for programs", wrong.len(), all(&people).len());
    assert_eq!(wrong, Vec::<&str>::new());
}

#[test]
fn crawler_user_agents_are_programs() {
    let Some(json) = file("bots/crawler-user-agents.json") else { return };
    let instances: Vec<String> = crawlers(&json).into_iter().flat_map(|crawler| crawler.instances).collect();
    let flagged = instances.iter().filter(|text| bot::is_bot(text)).count();
    crate::at_least(99.0, "crawler-user-agents' instances", flagged, instances.len());
}

#[test]
fn what_reads_for_a_language_model_is_known_as_that() {
    let Some(json) = file("bots/crawler-user-agents.json") else { return };
    let is_ai = |tags: &[String]| tags.iter().any(|tag| tag == "ai-crawler");
    let (ai, others): (Vec<_>, Vec<_>) = crawlers(&json).into_iter().partition(|crawler| is_ai(&crawler.tags));
    let instances: Vec<String> = ai.into_iter().flat_map(|crawler| crawler.instances).collect();
    let known = instances.iter().filter(|text| bot::purpose(text) == Purpose::Ai).count();
    crate::at_least(90.0, "readers for language models", known, instances.len());
    let strangers: Vec<String> = others.into_iter().flat_map(|crawler| crawler.instances).collect();
    let kept = strangers.iter().filter(|text| bot::purpose(text) != Purpose::Ai).count();
    crate::at_least(99.0, "other readers", kept, strangers.len());
}

/// How the rules and the way the table is made carry over to lists that nobody has seen: the table is made from every
/// other group of both lists, and tried on the groups between them.
#[test]
fn half_of_the_lists_tells_the_other_half() {
    let (Some(isbot), Some(json), Some(people)) =
        (file("bots/isbot-crawlers.yml"), file("bots/crawler-user-agents.json"), file("bots/isbot-browsers.yml"))
    else {
        return;
    };
    let people = grouped(&people);
    let browsers = Browsers::of(all(&people).into_iter());
    let groups = groups(&isbot, crawlers(&json));
    for half in [0, 1] {
        let of_half = |wanted: usize| -> Vec<&Group> {
            groups.iter().enumerate().filter(|(at, _)| at % 2 == wanted).map(|(_, group)| group).collect()
        };
        let (seen, unseen) = (of_half(half), of_half(1 - half));
        let known: std::collections::HashSet<&str> =
            seen.iter().flat_map(|group| &group.user_agents).map(String::as_str).collect();
        let texts: Vec<&str> = unseen.iter().flat_map(|group| &group.user_agents).map(String::as_str).collect();
        let texts: Vec<&str> = texts.into_iter().filter(|text| !known.contains(text)).collect();
        let lines: Vec<String> = names(&seen, &browsers).into_keys().collect();
        let table = lines.join("\n");
        let by_rule = texts.iter().filter(|text| Text::of(text).is_by_rule()).count();
        println!("rules alone on half {half}: {by_rule} of {}", texts.len());
        let is_told = |text: &&&str| {
            let text = Text::of(text);
            text.is_by_rule() || text.listed(Table::new(&table)).is_some()
        };
        crate::at_least(95.0, "unseen half", texts.iter().filter(is_told).count(), texts.len());
    }
}

#[test]
fn programs_of_no_list_are_told_by_rule() {
    for text in [
        "Mozilla/5.0 (compatible; Zorgle/3.1; +https://zorgle.example/about)",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; FrobozzGPT/2.0) Chrome/126.0.0.0 Safari/537.36",
        "frobozz-crawler (admin@frobozz.example)",
        "my-http-client/0.1",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/126.0.0.0 Safari/537.36",
        "python-frobozz/2.31",
        "Frobozz/1.0",
        "x",
        "",
        " ",
    ] {
        assert!(bot::is_bot(text), "{text}");
    }
}

#[test]
fn each_signal_is_a_reason_and_the_surest_is_named() {
    let person = "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0";
    let signals = Signals { user_agent: person, ..Signals::default() };
    assert_eq!(bot::suspicion(signals), None);
    assert_eq!(bot::suspicion(Signals { webdriver: true, ..signals }), Some(Suspicion::Webdriver));
    assert_eq!(bot::suspicion(Signals { asn: Some(16509), ..signals }), Some(Suspicion::DataCentre));
    let all = Signals { user_agent: "curl/8.5.0", webdriver: true, asn: Some(16509), organisation: "" };
    assert_eq!(bot::suspicion(all), Some(Suspicion::UserAgent));
}

#[test]
fn people_whose_browser_only_looks_odd_are_none() {
    for text in [
        "Mozilla/5.0 (Linux; Android 13; SM-S911N; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.0.0 Mobile Safari/537.36;KAKAOTALK 2410700",
        "Mozilla/5.0 (Linux; Android 13; 22101316G Build/TP1A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.0.0 Mobile Safari/537.36 Instagram 334.0.0.42.95 Android (33/13; 440dpi; 1080x2177; Xiaomi/Redmi; 22101316G; ruby; mt6877; en_GB; 612345678)",
        "Mozilla/5.0 (Linux; Android 12; CUBOT X50) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/460.0.0.35.103;FBBV/590000000;FBDV/iPhone15,2;FBSN/iOS;FBSV/17.5;FBCR/bot.telekom.de;FBID/phone]",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 NAVER(inapp; search; 2000; 12.5.1; 15PRO)",
        "Mozilla/5.0 (SMART-TV; LINUX; Tizen 6.5) AppleWebKit/537.36 (KHTML, like Gecko) 85.0.4183.93/6.5 TV Safari/537.36",
        "Mozilla/5.0 (PlayStation; PlayStation 5/9.60) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.4 Safari/605.1.15",
        "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
        "Opera/9.80 (J2ME/MIDP; Opera Mini/9.80 (S60; SymbOS; Opera Mobi/23.348; U; en) Presto/2.5.25 Version/10.54",
    ] {
        assert!(!bot::is_bot(text), "{text}");
    }
}
