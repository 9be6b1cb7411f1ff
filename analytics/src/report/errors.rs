//! Scripts that failed: with what message, how often, for whom, on which pages.

use std::collections::{BTreeSet, HashMap};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Report;
use super::ranking::{Listed, Ranking};
use super::scope::Scope;
use crate::query::Range;
use crate::segment::{Detail, Segment, kind_number};

/// Most pages that are named of one error.
const MAX_PAGES: usize = 10;

/// The report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Errors {
    /// About which failures.
    pub scope: Scope,
    /// How many errors are shown.
    pub limit: usize,
}

/// An error: its message and its script.
pub type Key = (String, String);

/// The state.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Partial {
    errors: Ranking<Key>,
    known: HashMap<Key, Known>,
}

/// What else is known of an error.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Known {
    first_ms: i64,
    last_ms: i64,
    /// The first of them by the alphabet.
    pages: BTreeSet<String>,
}

/// An error of the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ScriptFailure")]
pub struct Failure {
    /// The message.
    pub message: String,
    /// The script's address.
    pub source: String,
    /// How often.
    pub events: u64,
    /// For how many visitors.
    pub visitors: u64,
    /// First in the range: milliseconds since 1970 in UTC.
    pub first_ms: i64,
    /// Last in the range.
    pub last_ms: i64,
    /// Pages it happened on, ten of them at the most.
    pub pages: Vec<String>,
}

impl Known {
    fn merge(&mut self, other: Self) {
        self.first_ms = self.first_ms.min(other.first_ms);
        self.last_ms = self.last_ms.max(other.last_ms);
        self.pages.extend(other.pages);
        while self.pages.len() > MAX_PAGES {
            self.pages.pop_last();
        }
    }
}

impl Report for Errors {
    type Partial = Partial;
    type Answer = Listed<Failure>;

    fn range(&self) -> Range {
        self.scope.range
    }

    fn fold(&self, into: &mut Partial, segment: &Segment) {
        let walk = self.scope.walk(segment);
        let failed = kind_number("script_error");
        let (messages, sources) = (walk.detail(Detail::ErrorMessage), walk.detail(Detail::ErrorSource));
        for visit in walk.visits() {
            for event in walk.taken(visit).filter(|event| walk.kinds[*event] == failed) {
                let text = |sym| segment.string(sym).to_owned();
                let key = (text(messages[event]), text(sources[event]));
                into.errors.of(key.clone()).see(visit.visitor);
                let at_ms = walk.at_ms[event];
                let pages = BTreeSet::from([text(walk.pages[event])]);
                into.know(key, Known { first_ms: at_ms, last_ms: at_ms, pages });
            }
        }
    }

    fn merge(into: &mut Partial, other: Partial) {
        into.errors.merge(other.errors);
        other.known.into_iter().for_each(|(key, known)| into.know(key, known));
    }

    fn seal(partial: &mut Partial) {
        partial.errors.seal();
    }

    fn finish(&self, partial: Partial) -> Self::Answer {
        let mut known = partial.known;
        partial.errors.listed(self.limit, |key, events, visitors| {
            let found = known.remove(&key);
            let (first_ms, last_ms) = found.as_ref().map_or((0, 0), |known| (known.first_ms, known.last_ms));
            let pages = found.map_or_else(Vec::new, |known| known.pages.into_iter().collect());
            let (message, source) = key;
            Failure { message, source, events, visitors, first_ms, last_ms, pages }
        })
    }
}

impl Partial {
    fn know(&mut self, key: Key, known: Known) {
        match self.known.get_mut(&key) {
            Some(before) => before.merge(known),
            None => {
                self.known.insert(key, known);
            }
        }
    }
}
