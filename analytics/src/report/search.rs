//! What visitors look for with the site's own search.

use std::collections::HashMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Report;
use super::ranking::{Listed, Ranking};
use super::scope::Scope;
use crate::query::Range;
use crate::segment::{Detail, Segment, kind_number};

/// The report. Terms that differ in capitals or in spaces around them are one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Search {
    /// About which searches.
    pub scope: Scope,
    /// How many terms are shown.
    pub limit: usize,
}

/// The state.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Partial {
    terms: Ranking<String>,
    /// How often a term was looked for in vain.
    in_vain: HashMap<String, u64>,
}

/// Terms of the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "SearchTerms")]
pub struct Terms {
    /// What was looked for.
    pub terms: String,
    /// How often.
    pub searches: u64,
    /// By how many visitors.
    pub visitors: u64,
    /// How often without a result, as far as the page said.
    pub without_results: u64,
}

impl Report for Search {
    type Partial = Partial;
    type Answer = Listed<Terms>;

    fn range(&self) -> Range {
        self.scope.range
    }

    fn fold(&self, into: &mut Partial, segment: &Segment) {
        let walk = self.scope.walk(segment);
        let search = kind_number("search");
        let (terms, results) = (walk.detail(Detail::SearchTerms), walk.detail(Detail::SearchResults));
        for visit in walk.visits() {
            for event in walk.taken(visit).filter(|event| walk.kinds[*event] == search) {
                let text = segment.string(terms[event]).trim().to_lowercase();
                // One more than the number of results; 0: not known.
                if results[event] == 1 {
                    *into.in_vain.entry(text.clone()).or_default() += 1;
                }
                into.terms.of(text).see(visit.visitor);
            }
        }
    }

    fn merge(into: &mut Partial, other: Partial) {
        into.terms.merge(other.terms);
        other.in_vain.into_iter().for_each(|(terms, count)| *into.in_vain.entry(terms).or_default() += count);
    }

    fn seal(partial: &mut Partial) {
        partial.terms.seal();
    }

    fn finish(&self, partial: Partial) -> Self::Answer {
        let in_vain = partial.in_vain;
        partial.terms.listed(self.limit, |terms, searches, visitors| {
            let without_results = in_vain.get(&terms).copied().unwrap_or(0);
            Terms { terms, searches, visitors, without_results }
        })
    }
}
