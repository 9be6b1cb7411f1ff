//! Links to other sites that were followed, and files that were downloaded.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Report;
use super::ranking::{Listed, Ranking};
use super::scope::Scope;
use crate::query::Range;
use crate::segment::{Detail, Segment, kind_number};

/// The report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Links {
    /// About which clicks.
    pub scope: Scope,
    /// Only links to other sites, or only downloads.
    pub only: Option<LinkKind>,
    /// How many are shown.
    pub limit: usize,
}

/// What a link leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LinkKind {
    /// Another site.
    Outbound,
    /// A file.
    Download,
}

/// A link of the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "FollowedLink")]
pub struct Link {
    /// What it leads to.
    pub kind: LinkKind,
    /// Its address.
    pub url: String,
    /// How often it was followed.
    pub clicks: u64,
    /// By how many visitors.
    pub visitors: u64,
}

impl Report for Links {
    type Partial = Ranking<(LinkKind, String)>;
    type Answer = Listed<Link>;

    fn range(&self) -> Range {
        self.scope.range
    }

    fn fold(&self, into: &mut Self::Partial, segment: &Segment) {
        let walk = self.scope.walk(segment);
        let kinds = [(LinkKind::Outbound, Detail::OutboundUrl), (LinkKind::Download, Detail::DownloadUrl)];
        for (kind, detail) in kinds.into_iter().filter(|(kind, _)| self.only.is_none_or(|only| only == *kind)) {
            let (number, urls) = (kind_number(detail.kind()), walk.detail(detail));
            let mut found: Ranking<u64> = Ranking::default();
            for visit in walk.visits() {
                for event in walk.taken(visit).filter(|event| walk.kinds[*event] == number) {
                    found.of(urls[event]).see(visit.visitor);
                }
            }
            into.merge(found.renamed(|url| (kind, segment.string(url).to_owned())));
        }
    }

    fn merge(into: &mut Self::Partial, other: Self::Partial) {
        into.merge(other);
    }

    fn seal(partial: &mut Self::Partial) {
        partial.seal();
    }

    fn finish(&self, partial: Self::Partial) -> Self::Answer {
        partial.listed(self.limit, |(kind, url), clicks, visitors| Link { kind, url, clicks, visitors })
    }
}
