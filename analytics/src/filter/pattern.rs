//! What a value is compared with.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::Clause;

/// What a value is compared with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Pattern {
    /// The very value.
    Is(String),
    /// These pieces in this order, with anything between them: `/blog/*` is `/blog/` and an empty piece.
    Pieces(Vec<String>),
}

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

    /// Whether `value` matches, in time linear in its length.
    #[must_use]
    pub fn matches(&self, value: &str) -> bool {
        match self {
            Self::Is(wanted) => wanted == value,
            Self::Pieces(pieces) => pieces_match(pieces, value),
        }
    }

    fn lowercase(&self) -> Self {
        match self {
            Self::Is(text) => Self::Is(text.to_lowercase()),
            Self::Pieces(pieces) => Self::Pieces(pieces.iter().map(|piece| piece.to_lowercase()).collect()),
        }
    }
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
pub(super) struct Matcher {
    negated: bool,
    any_case: bool,
    empty: &'static str,
    values: HashSet<String>,
    patterns: Vec<Pattern>,
}

impl Matcher {
    pub(super) fn of(clause: &Clause) -> Self {
        let mut matcher = Self {
            negated: clause.negated,
            any_case: clause.any_case,
            empty: clause.dimension.empty(),
            values: HashSet::new(),
            patterns: Vec::new(),
        };
        for pattern in &clause.patterns {
            match if clause.any_case { pattern.lowercase() } else { pattern.clone() } {
                Pattern::Is(text) => {
                    matcher.values.insert(text);
                }
                other => matcher.patterns.push(other),
            }
        }
        matcher
    }

    /// Whether the clause holds for a value; an empty one has a name.
    pub(super) fn holds(&self, value: &str) -> bool {
        let value = if value.is_empty() { self.empty } else { value };
        if self.any_case { self.found(&value.to_lowercase()) } else { self.found(value) }
    }

    fn found(&self, folded: &str) -> bool {
        let found = self.values.contains(folded) || self.patterns.iter().any(|pattern| pattern.matches(folded));
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
    fn capital_and_small_letters_are_the_same_on_demand() {
        let holds = |any_case, pattern: Pattern, value| {
            let dimension = Dimension::Event(EventDimension::Page);
            Matcher::of(&Clause { dimension, negated: false, any_case, patterns: vec![pattern] }).holds(value)
        };
        for pattern in [Pattern::Is("ÜBER".into()), Pattern::with_wildcards("Ü*R")] {
            assert!(holds(true, pattern.clone(), "über"), "{pattern:?}");
            assert!(!holds(false, pattern.clone(), "über"), "{pattern:?}");
        }
    }
}
