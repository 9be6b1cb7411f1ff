//! What a value is compared with.

use std::collections::HashSet;

use regex_lite::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};

use super::Clause;

/// What a value is compared with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Pattern {
    /// The very value.
    Is(String),
    /// These pieces in this order, with anything between them: `/blog/*` is `/blog/` and an empty piece.
    Pieces(Vec<String>),
    /// A part of the value.
    Contains(String),
    /// A regular expression, found anywhere in the value: RE2's syntax, but for classes of Unicode (`\p{…}`).
    Matches(String),
}

/// Most bytes of a regular expression.
pub const MAX_PATTERN_BYTES: usize = 500;

/// Most bytes of a compiled one: about 700 states. A value of 2 KB then takes 1.4 million steps at worst.
const MAX_COMPILED_BYTES: usize = 32 * 1024;

/// A regular expression that cannot be used, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadPattern(String);

impl Pattern {
    /// Reads a value in which `*` stands for anything.
    #[must_use]
    pub fn with_wildcards(text: &str) -> Self {
        if text.contains('*') {
            Self::Pieces(text.split('*').map(str::to_owned).collect())
        } else {
            Self::Is(text.to_owned())
        }
    }

    /// A regular expression.
    ///
    /// # Errors
    /// It is none, or too large.
    pub fn regex(text: &str) -> Result<Self, BadPattern> {
        if text.len() > MAX_PATTERN_BYTES {
            return Err(BadPattern(format!("max_pattern_bytes: longer than {MAX_PATTERN_BYTES} bytes")));
        }
        compile(text, false).map_err(|error| BadPattern(error.to_string()))?;
        Ok(Self::Matches(text.to_owned()))
    }

    /// Whether `value` matches, in time linear in its length.
    #[must_use]
    pub fn matches(&self, value: &str) -> bool {
        match self {
            Self::Is(wanted) => wanted == value,
            Self::Pieces(pieces) => pieces_match(pieces, value),
            Self::Contains(part) => value.contains(part.as_str()),
            Self::Matches(text) => compile(text, false).is_ok_and(|regex| regex.is_match(value)),
        }
    }

    fn lowercase(&self) -> Self {
        match self {
            Self::Is(text) => Self::Is(text.to_lowercase()),
            Self::Pieces(pieces) => Self::Pieces(pieces.iter().map(|piece| piece.to_lowercase()).collect()),
            Self::Contains(text) => Self::Contains(text.to_lowercase()),
            Self::Matches(text) => Self::Matches(text.clone()),
        }
    }
}

fn compile(text: &str, any_case: bool) -> Result<Regex, regex_lite::Error> {
    RegexBuilder::new(text).size_limit(MAX_COMPILED_BYTES).case_insensitive(any_case).build()
}

fn pieces_match(pieces: &[String], value: &str) -> bool {
    let [first, middle @ .., last] = pieces else { return pieces.first().is_none_or(|only| only == value) };
    let Some(mut rest) = value.strip_prefix(first.as_str()) else { return false };
    for piece in middle {
        // The leftmost place leaves the most for what follows, so no other needs to be tried.
        let Some((_, behind)) = rest.split_once(piece.as_str()) else { return false };
        rest = behind;
    }
    rest.ends_with(last.as_str())
}

/// A clause made ready for many values: regular expressions compiled, a long list of values in a set.
pub(crate) struct Matcher {
    negated: bool,
    any_case: bool,
    empty: &'static str,
    values: HashSet<String>,
    patterns: Vec<Pattern>,
    regexes: Vec<Regex>,
}

impl Matcher {
    pub(crate) fn of(clause: &Clause) -> Self {
        let mut matcher = Self {
            negated: clause.negated,
            any_case: clause.any_case,
            empty: clause.dimension.empty(),
            values: HashSet::new(),
            patterns: Vec::new(),
            regexes: Vec::new(),
        };
        for pattern in &clause.patterns {
            match if clause.any_case { pattern.lowercase() } else { pattern.clone() } {
                Pattern::Is(text) => {
                    matcher.values.insert(text);
                }
                Pattern::Matches(text) => matcher.regexes.extend(compile(&text, clause.any_case).ok()),
                other => matcher.patterns.push(other),
            }
        }
        matcher
    }

    /// Whether the clause holds for a value; an empty one has a name.
    pub(crate) fn holds(&self, value: &str) -> bool {
        let value = if value.is_empty() { self.empty } else { value };
        if self.any_case { self.found(value, &value.to_lowercase()) } else { self.found(value, value) }
    }

    fn found(&self, value: &str, folded: &str) -> bool {
        let found = self.values.contains(folded)
            || self.patterns.iter().any(|pattern| pattern.matches(folded))
            || self.regexes.iter().any(|regex| regex.is_match(value));
        found != self.negated
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dimension::{Dimension, EventDimension};

    #[test]
    fn a_star_stands_for_anything() {
        let matches = |pattern, value| Pattern::with_wildcards(pattern).matches(value);
        assert!(matches("/blog/*", "/blog/") && matches("/blog/*", "/blog/a/b") && !matches("/blog/*", "/blog"));
        assert!(matches("*a*b*", "xxaxxbxx") && !matches("*a*b*", "b then a"));
        assert!(matches("a*a", "aa") && !matches("a*a", "a"));
        assert!(matches("*", "") && matches("**", "x"));
        assert!(matches("/a", "/a") && !matches("/a", "/ab"));
    }

    #[test]
    fn a_regular_expression_is_found_anywhere_unless_it_is_anchored() {
        let matches = |pattern, value| Pattern::regex(pattern).is_ok_and(|pattern| pattern.matches(value));
        assert!(matches("a+b", "xaabx") && !matches("^a+b", "xaabx"));
        assert!(matches(r"^/user/\d+$", "/user/42") && !matches(r"^/user/\d+$", "/user/4x"));
        assert!(matches("(?i)BLOG", "/blog") && matches("^(?:a|b)?$", ""));
    }

    #[test]
    fn a_regular_expression_that_is_none_or_too_large_is_refused() {
        for wrong in ["(", "a{2", "[z-a]", r"\1", "(?=a)", "((((a{99}){99}){99}){99})", &"a".repeat(501)] {
            assert!(Pattern::regex(wrong).is_err(), "{wrong}");
        }
        assert!(Pattern::regex(&"a".repeat(500)).is_ok());
    }

    /// What takes an engine that goes back time beyond any bound, in the length of the value: with one, this would not end.
    #[test]
    fn no_pattern_takes_longer_than_the_value_is_long_times_the_pattern() {
        let value = format!("{}!", "a".repeat(2_047));
        let optional = format!("{}{}", "a?".repeat(60), "a".repeat(60));
        let stars = format!("{}b", "a*".repeat(100));
        for pattern in
            ["(a*)*b", "(a+)+$b", "(a|a)*b", "(a|aa)+$", "(.*)(.*)(.*)(.*)b", "^(([a-z])+.)+[A-Z]$", &optional, &stars]
        {
            _ = Pattern::regex(pattern).is_ok_and(|pattern| pattern.matches(&value));
        }
        let pieces = Pattern::with_wildcards(&format!("{}b", "*a".repeat(1_000)));
        assert!(!pieces.matches(&value));
    }

    #[test]
    fn capital_and_small_letters_are_the_same_on_demand() {
        let holds = |any_case, pattern: Pattern, value| {
            let dimension = Dimension::Event(EventDimension::Page);
            Matcher::of(&Clause { dimension, negated: false, any_case, patterns: vec![pattern] }).holds(value)
        };
        for pattern in [
            Pattern::Is("ÜBER".into()),
            Pattern::Contains("BE".into()),
            Pattern::with_wildcards("Ü*R"),
            Pattern::Matches("^.BER".into()),
        ] {
            assert!(holds(true, pattern.clone(), "über"), "{pattern:?}");
            assert!(!holds(false, pattern.clone(), "über"), "{pattern:?}");
        }
    }
}
