//! The public lists that enrichment learns from and is tested against, read from the folder beside the repository.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// Where the lists are: `PASSERBY_DATA`, else `shared/data` beside the repository.
pub fn folder() -> PathBuf {
    std::env::var_os("PASSERBY_DATA")
        .map_or_else(|| [env!("CARGO_MANIFEST_DIR"), "..", "..", "shared", "data"].iter().collect(), PathBuf::from)
}

/// A file of the folder; none, with a message, where the folder is missing.
pub fn file(name: &str) -> Option<String> {
    let path = folder().join(name);
    let text = std::fs::read_to_string(&path).ok();
    if text.is_none() {
        eprintln!("skipped: no {}; set PASSERBY_DATA to the folder of lists", path.display());
    }
    text
}

/// A case of ua-parser: the user agent, the family, the major version and the minor one.
#[derive(Debug)]
pub struct Case {
    pub user_agent: String,
    pub family: String,
    pub major: String,
    pub minor: String,
}

/// The cases of a ua-parser test file.
pub fn cases(yaml: &str) -> Vec<Case> {
    let mut found: Vec<Case> = Vec::new();
    for line in yaml.lines() {
        let Some((key, value)) = line.trim_start_matches(['-', ' ']).split_once(':') else { continue };
        let value = scalar(value);
        if key == "user_agent_string" {
            let empty = String::new;
            found.push(Case { user_agent: value, family: empty(), major: empty(), minor: empty() });
        } else if let Some(case) = found.last_mut() {
            match key {
                "family" => case.family = value,
                "major" => case.major = value,
                "minor" => case.minor = value,
                _ => {}
            }
        }
    }
    found
}

/// The values below each key at the left edge; deeper keys are taken for marks, not for names.
pub fn grouped(yaml: &str) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let (mut key, mut mark) = (String::new(), String::new());
    for line in yaml.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        let text = line.trim();
        if !line.starts_with([' ', '-']) {
            key = scalar(text.trim_end_matches(':'));
            mark.clear();
        } else if let Some(name) = text.strip_prefix("- ").and_then(|text| text.strip_suffix(':')) {
            mark = name.to_owned();
        } else if let Some(value) = text.strip_prefix("- ") {
            if mark.is_empty() || mark == "urls" {
                found.entry(key.clone()).or_default().push(scalar(value));
            }
        } else if let Some(name) = text.strip_suffix(':') {
            mark = name.to_owned();
        }
    }
    found
}

fn scalar(text: &str) -> String {
    let text = text.trim();
    let inner = |quote: char| text.strip_prefix(quote).and_then(|text| text.strip_suffix(quote));
    if let Some(text) = inner('\'') {
        text.replace("''", "'")
    } else if let Some(text) = inner('"') {
        text.replace("\\\"", "\"")
    } else {
        text.to_owned()
    }
}

/// An entry of crawler-user-agents: the pattern, its instances and its tags.
#[derive(Debug)]
pub struct Crawler {
    pub pattern: String,
    pub instances: Vec<String>,
    pub tags: Vec<String>,
}

/// The entries of crawler-user-agents.
pub fn crawlers(json: &str) -> Vec<Crawler> {
    let entries: serde_json::Value = serde_json::from_str(json).unwrap_or_default();
    let texts = |value: &serde_json::Value| {
        let texts = value.as_array().into_iter().flatten();
        texts.filter_map(|text| text.as_str().map(str::to_owned)).collect()
    };
    let entries = entries.as_array().into_iter().flatten();
    let crawler = |entry: &serde_json::Value| Crawler {
        pattern: entry["pattern"].as_str().unwrap_or_default().to_owned(),
        instances: texts(&entry["instances"]),
        tags: texts(&entry["tags"]),
    };
    entries.map(crawler).collect()
}

/// The sources of GA4 and their categories: "SEARCH", "SOCIAL", "SHOPPING", "VIDEO".
pub fn ga4_sources(csv: &str) -> Vec<(String, String)> {
    let rows = csv.lines().skip(1).filter_map(|line| line.split_once(','));
    rows.map(|(source, category)| (source.to_owned(), category.replace("SOURCE_CATEGORY_", ""))).collect()
}
