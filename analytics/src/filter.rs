//! Which visits and events an answer is about.

use serde::{Deserialize, Serialize};

use crate::dimension::{Dimension, EventDimension};
use crate::segment::{Column, Segment};

/// A condition on one dimension. All conditions of a query must hold: those on events for one and the same event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clause {
    /// On what.
    pub dimension: Dimension,
    /// Whether it holds where no pattern matches.
    pub negated: bool,
    /// It holds where one of them matches.
    pub patterns: Vec<Pattern>,
}

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

    /// Whether `value` matches, in time linear in its length for each piece.
    #[must_use]
    pub fn matches(&self, value: &str) -> bool {
        let pieces = match self {
            Self::Is(wanted) => return wanted == value,
            Self::Pieces(pieces) => pieces.as_slice(),
        };
        let [first, middle @ .., last] = pieces else { return pieces.first().is_none_or(|only| only == value) };
        let Some(mut rest) = value.strip_prefix(first.as_str()) else { return false };
        for piece in middle {
            // The leftmost place leaves the most for what follows, so no other needs to be tried.
            let Some((_, behind)) = rest.split_once(piece.as_str()) else { return false };
            rest = behind;
        }
        rest.ends_with(last.as_str())
    }
}

/// A query's clauses for one segment: each string is compared once, not once for each visit that has it.
pub struct Filter {
    /// A column of the visits, and by symbol whether the clause holds.
    visit: Vec<(Vec<u64>, Vec<bool>)>,
    event: Vec<(EventDimension, Vec<bool>)>,
}

impl Filter {
    /// Compares the segment's strings with the clauses.
    #[must_use]
    pub fn of(clauses: &[Clause], segment: &Segment) -> Self {
        let mut filter = Self { visit: Vec::new(), event: Vec::new() };
        for clause in clauses {
            let holds = |value: &str| {
                let value = if value.is_empty() { clause.dimension.empty() } else { value };
                clause.patterns.iter().any(|pattern| pattern.matches(value)) != clause.negated
            };
            let table = || segment.strings().map(holds).collect();
            match clause.dimension {
                Dimension::Visit(dimension) => {
                    filter.visit.push((segment.of_visits(Column::Dimension(dimension)), table()));
                }
                Dimension::Event(dimension) => filter.event.push((dimension, table())),
                Dimension::Time(_) => {}
            }
        }
        filter
    }

    /// Whether the visit at this place is meant.
    #[must_use]
    pub fn takes_visit(&self, place: usize) -> bool {
        self.visit.iter().all(|(column, table)| holds(table, column[place]))
    }

    /// Whether some clause is about events.
    #[must_use]
    pub fn is_about_events(&self) -> bool {
        !self.event.is_empty()
    }

    /// Whether an event on this page with this name is meant.
    #[must_use]
    pub fn takes_event(&self, page: u64, name: u64) -> bool {
        self.event.iter().all(|(dimension, table)| match dimension {
            EventDimension::Page => holds(table, page),
            EventDimension::Name => holds(table, name),
        })
    }
}

fn holds(table: &[bool], sym: u64) -> bool {
    usize::try_from(sym).ok().and_then(|place| table.get(place)).copied().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything() {
        let matches = |pattern, value| Pattern::with_wildcards(pattern).matches(value);
        assert!(matches("/blog/*", "/blog/") && matches("/blog/*", "/blog/a/b") && !matches("/blog/*", "/blog"));
        assert!(matches("*a*b*", "xxaxxbxx") && !matches("*a*b*", "b then a"));
        assert!(matches("a*a", "aa") && !matches("a*a", "a"));
        assert!(matches("*", "") && matches("**", "x"));
        assert!(matches("/a", "/a") && !matches("/a", "/ab"));
    }
}
