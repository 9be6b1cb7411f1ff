//! Goals: what a site's owner wants visitors to do. By convention, as in Plausible's: `Visit /path*` is a page that is
//! seen, any other name an event's.

use serde::{Deserialize, Serialize};

use crate::dimension::{Dimension, EventDimension};
use crate::filter::{Clause, Expr, Pattern};

/// How the name of a page's goal begins.
const VISIT: &str = "Visit ";

/// The name of page views.
const PAGEVIEW: &str = "pageview";

/// Kinds whose events are goals without being named: what a visitor does, not what is measured meanwhile.
pub const KINDS: [&str; 8] =
    ["custom", "passive_custom", "outbound", "download", "form_submit", "search", "cart_add", "order"];

/// A goal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Goal {
    /// Its name.
    pub name: String,
    /// Which events reach it, where the site's settings say so; otherwise its name does.
    pub saved: Option<Expr>,
}

impl Goal {
    /// The one of this name that is not saved.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self { name: name.to_owned(), saved: None }
    }

    /// The page that it is about, by its name.
    #[must_use]
    pub fn page_of(name: &str) -> Option<&str> {
        name.strip_prefix(VISIT)
    }

    /// Which events reach it.
    #[must_use]
    pub fn reached(&self, any_case: bool) -> Expr {
        if let Some(saved) = &self.saved {
            return saved.clone();
        }
        match Self::page_of(&self.name) {
            Some(page) => {
                Expr::All(vec![is_pageview(), clause(EventDimension::Page, any_case, Pattern::with_wildcards(page))])
            }
            None => clause(EventDimension::Name, any_case, Pattern::Is(self.name.clone())),
        }
    }

    /// Which events reach a goal whose name contains this text.
    #[must_use]
    pub fn reached_containing(text: &str, any_case: bool) -> Expr {
        let of_events = Expr::All(vec![
            Expr::Not(Box::new(is_pageview())),
            clause(EventDimension::Name, any_case, Pattern::Contains(text.to_owned())),
        ]);
        // "Visit /blog" contains "sit /b": what is left of it behind "Visit " begins the page.
        let page = match (0..VISIT.len()).find_map(|at| text.strip_prefix(&VISIT[at..])) {
            Some(rest) => Pattern::Pieces(vec![rest.to_owned(), String::new()]),
            None if VISIT.contains(text) => Pattern::Contains(String::new()),
            None => Pattern::Contains(text.to_owned()),
        };
        Expr::Any(vec![of_events, Expr::All(vec![is_pageview(), clause(EventDimension::Page, any_case, page)])])
    }
}

fn is_pageview() -> Expr {
    clause(EventDimension::Name, false, Pattern::Is(PAGEVIEW.to_owned()))
}

fn clause(dimension: EventDimension, any_case: bool, pattern: Pattern) -> Expr {
    let dimension = Dimension::Event(dimension);
    Expr::Clause(Clause { dimension, negated: false, any_case, patterns: vec![pattern] })
}
