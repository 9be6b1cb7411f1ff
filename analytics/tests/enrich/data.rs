//! What the lookups take for granted of the data files.

use std::path::Path;

const FILES: &[&str] = &[
    "bot_parts.txt",
    "bots.txt",
    "browser_homes.txt",
    "countries.txt",
    "data_centres.txt",
    "not_bots.txt",
    "own_sources.txt",
    "sources.txt",
    "spam.txt",
];

fn file(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name);
    std::fs::read_to_string(path).unwrap_or_default()
}

fn keys(text: &str) -> Vec<&str> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split('\t').next().unwrap_or("")).collect()
}

#[test]
fn each_file_says_where_it_is_from() {
    for name in FILES {
        let text = file(name);
        assert!(!text.is_empty(), "{name} is missing");
        let head: Vec<&str> = text.lines().take_while(|line| line.starts_with('#')).collect();
        let head = head.join(" ");
        let is_ours = head.contains("by hand");
        assert!(
            is_ours || ["https://", "taken 2026", "make data"].iter().all(|word| head.to_lowercase().contains(word)),
            "{name}"
        );
    }
    let listed =
        std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("data")).expect("the folder of data").count();
    assert_eq!(listed, FILES.len(), "a file of data/ is not held to this");
}

#[test]
fn keys_are_sorted_by_their_bytes_and_told_once() {
    for name in FILES.iter().filter(|name| **name != "own_sources.txt") {
        let text = file(name);
        for pair in keys(&text).windows(2) {
            assert!(pair[0] < pair[1], "{name}: {pair:?}");
        }
        assert!(text.len() < usize::from(u16::MAX), "{name} is too long for its index");
    }
}

#[test]
fn no_name_of_a_program_is_anothers_beginning() {
    let text = file("bots.txt");
    let keys = keys(&text);
    for key in &keys {
        let longer = keys.iter().find(|other| other.strip_prefix(key).is_some_and(|rest| rest.starts_with(' ')));
        assert_eq!(longer, None, "{key}");
    }
}
