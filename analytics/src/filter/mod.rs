//! Which visits and events an answer is about.

mod masks;
mod pattern;

use serde::{Deserialize, Serialize};

use crate::dimension::Dimension;
pub use masks::Filter;
pub(crate) use pattern::Matcher;
pub use pattern::{BadPattern, MAX_PATTERN_BYTES, Pattern};

/// A condition on one dimension.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clause {
    /// On what.
    pub dimension: Dimension,
    /// Whether it holds where no pattern matches.
    pub negated: bool,
    /// Whether capital and small letters are the same.
    pub any_case: bool,
    /// It holds where one of them matches.
    pub patterns: Vec<Pattern>,
}

/// What must be true of an event and its visit. All expressions of a query must hold: those on events for one and the
/// same event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Expr {
    /// A condition on one dimension.
    Clause(Clause),
    /// All of them hold; true of none.
    All(Vec<Expr>),
    /// One of them holds; false of none.
    Any(Vec<Expr>),
    /// It does not hold.
    Not(Box<Expr>),
    /// It holds for some event of the visit, whichever.
    Done(Box<Expr>),
}

impl From<Clause> for Expr {
    fn from(clause: Clause) -> Self {
        Self::Clause(clause)
    }
}

impl Expr {
    /// Whether it can hold for one event of a visit and not for another.
    #[must_use]
    pub fn is_about_events(&self) -> bool {
        self.clauses().any(|clause| clause.dimension.is_of_events())
    }

    /// The conditions on the event itself and its visit: those within [`Expr::Done`] are about any event.
    pub fn clauses(&self) -> impl Iterator<Item = &Clause> {
        let mut open = vec![self];
        core::iter::from_fn(move || {
            while let Some(expr) = open.pop() {
                match expr {
                    Self::Clause(clause) => return Some(clause),
                    Self::All(parts) | Self::Any(parts) => open.extend(parts),
                    Self::Not(part) => open.push(part),
                    Self::Done(_) => {}
                }
            }
            None
        })
    }
}
