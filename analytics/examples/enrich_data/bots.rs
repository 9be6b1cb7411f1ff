//! The names of programs that no rule tells, out of isbot's and crawler-user-agents' lists.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use passerby_analytics::enrich::bot::Text;

use super::lists::{Crawler, grouped};

/// A named group of user agents of one program.
#[derive(Debug)]
pub struct Group {
    /// What the list calls it: for crawler-user-agents a pattern.
    pub name: String,
    pub user_agents: Vec<String>,
    /// "a" for a language model's reader, "s" for a search engine's, else empty.
    pub purpose: &'static str,
}

/// The groups of both lists.
pub fn groups(isbot: &str, crawlers: Vec<Crawler>) -> Vec<Group> {
    let of_isbot = grouped(isbot).into_iter().map(|(name, user_agents)| Group { name, user_agents, purpose: "" });
    let of_crawlers = crawlers.into_iter().map(|crawler| {
        let tagged = |tag: &str| crawler.tags.iter().any(|known| known == tag);
        let purpose = if tagged("ai-crawler") {
            "a"
        } else if tagged("search-engine") {
            "s"
        } else {
            ""
        };
        Group { name: crawler.pattern, user_agents: crawler.instances, purpose }
    });
    of_isbot.chain(of_crawlers).collect()
}

/// What browsers say: every word of theirs, and their user agents, to hold candidates against.
#[derive(Debug, Default)]
pub struct Browsers {
    words: HashSet<String>,
    texts: Vec<String>,
}

impl Browsers {
    pub fn of<'a>(user_agents: impl Iterator<Item = &'a str>) -> Self {
        let texts: Vec<String> = user_agents.map(|text| format!(" {} ", Text::of(text).plain())).collect();
        let words = texts.iter().flat_map(|text| text.split(' ').map(str::to_owned)).collect();
        Self { words, texts }
    }

    /// Whether a browser's user agent holds these words in a row.
    fn say(&self, phrase: &str) -> bool {
        let phrase = format!(" {phrase} ");
        self.texts.iter().any(|text| text.contains(&phrase))
    }
}

/// The lines of the table: a name, in words, and the purpose.
///
/// A name is the list's own pattern where that is plain text, else the first word of the user agent that no browser says,
/// those of the list's name for it before others. Only groups with a user agent that no rule tells need one, and those
/// whose purpose is known.
pub fn names(groups: &[&Group], browsers: &Browsers) -> BTreeMap<String, &'static str> {
    let mut names: BTreeMap<String, &'static str> = BTreeMap::new();
    for group in groups {
        for user_agent in &group.user_agents {
            let text = Text::of(user_agent);
            if text.is_by_rule() && group.purpose.is_empty() {
                continue;
            }
            let is_told = |name: &String| format!(" {} ", text.plain()).contains(&format!(" {name} "));
            if let Some(name) = pattern(&group.name).filter(is_told).filter(|name| !browsers.say(name)) {
                names.insert(name, group.purpose);
            } else if !text.is_by_rule()
                && !names.keys().any(is_told)
                && let Some(word) = own_word(&text, &group.name, browsers)
            {
                names.insert(word, group.purpose);
            }
        }
    }
    // A table is looked up by the beginning of a text: of two names that begin alike, the shorter one is enough.
    let known: BTreeSet<String> = names.keys().cloned().collect();
    let is_longer = |name: &String| name.match_indices(' ').any(|(at, _)| known.contains(&name[..at]));
    names.retain(|name, _| !is_longer(name));
    names
}

/// A regular expression as plain words, where it is no more than that.
fn pattern(regex: &str) -> Option<String> {
    let regex =
        regex.trim_start_matches('^').trim_end_matches('$').replace("\\/", "/").replace("\\.", ".").replace("\\-", "-");
    if regex.contains(['\\', '[', '(', '|', '?', '*', '+', '^', '{']) {
        return None;
    }
    let name = Text::of(&regex).plain().to_owned();
    (name.len() >= 3).then_some(name)
}

fn own_word(text: &Text, group: &str, browsers: &Browsers) -> Option<String> {
    let group = Text::of(group);
    let of_name: HashSet<&str> = group.plain().split(' ').collect();
    let is_own = |word: &&str| {
        word.len() >= 4
            && word.chars().any(|c| c.is_ascii_alphabetic())
            && word.chars().filter(char::is_ascii_digit).count() <= 2
            && !browsers.words.contains(*word)
    };
    let words: Vec<&str> = text.plain().split(' ').filter(is_own).collect();
    let best = words.iter().find(|word| of_name.contains(**word)).or(words.first());
    best.map(|word| (*word).to_owned())
}
