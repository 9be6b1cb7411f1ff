//! The API's routes and who may use each: the one table by which the Worker finds its way and lets in, and which the API's
//! description must equal.

use crate::ask::REPORTS;
use crate::v1::Endpoint;

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// Anybody.
    Nothing,
    /// Whoever may look at the site's reports; a share link is enough.
    Look,
    /// Whoever may read all that there is of the site: also what was refused, and how much its batches cost.
    Read,
    /// Whoever owns the account.
    Admin,
}

/// What is at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Takes batches.
    Batch,
    /// The API's description.
    Description,
    /// A question in the form of Plausible's Stats API v2.
    Query,
    /// A question in the form of its v1.
    Stats(Endpoint),
    /// A report's question.
    Report(&'static str),
    /// A socket that tells what happens now.
    Live,
    /// What became of what was sent.
    Outcomes,
    /// Events that were refused.
    Rejects,
    /// How large a site's shards are.
    Storage,
    /// The sites.
    Sites,
    /// A site.
    Site,
    /// A site's keys and share links.
    SiteKeys,
    /// One of them.
    SiteKey,
    /// Goals, segments, funnels and annotations that a site saves.
    Saved,
    /// One of them.
    SavedEntry,
    /// What was changed of a site, and by whom.
    SiteAudit,
    /// Takes in what was kept elsewhere.
    SiteImport,
    /// The account's keys.
    Keys,
    /// One of them.
    Key,
    /// What was changed of the account: its keys, and which sites there are.
    Audit,
    /// Gives a token for a key.
    Token,
    /// What is kept of the visitor with an id of their own.
    Visitor,
    /// What is kept of one of the site's users.
    Visitors,
}

/// Paths; `{…}` stands for one part of a path. Those of reports and of v1's questions are listed with them.
const PATHS: &[(&str, Place)] = &[
    ("/e", Place::Batch),
    ("/api/openapi.json", Place::Description),
    ("/api/v2/query", Place::Query),
    ("/api/v1/live", Place::Live),
    ("/api/v1/outcomes", Place::Outcomes),
    ("/api/v1/rejects", Place::Rejects),
    ("/api/v1/storage", Place::Storage),
    ("/api/v1/sites", Place::Sites),
    ("/api/v1/sites/{site}", Place::Site),
    ("/api/v1/sites/{site}/keys", Place::SiteKeys),
    ("/api/v1/sites/{site}/keys/{key}", Place::SiteKey),
    ("/api/v1/sites/{site}/saved", Place::Saved),
    ("/api/v1/sites/{site}/saved/{kind}/{name}", Place::SavedEntry),
    ("/api/v1/sites/{site}/audit", Place::SiteAudit),
    ("/api/v1/sites/{site}/import", Place::SiteImport),
    ("/api/v1/keys", Place::Keys),
    ("/api/v1/keys/{key}", Place::Key),
    ("/api/v1/audit", Place::Audit),
    ("/api/v1/token", Place::Token),
    ("/api/v1/visitors", Place::Visitors),
    ("/api/v1/visitors/{id}", Place::Visitor),
];

impl Place {
    /// Every one, with its path.
    pub fn all() -> impl Iterator<Item = (String, Self)> {
        let fixed = PATHS.iter().map(|(path, place)| ((*path).to_owned(), *place));
        let reports = REPORTS.iter().map(|report| (format!("/api/v1/{}", report.name), Self::Report(report.name)));
        let stats = Endpoint::PATHS.iter().map(|(path, it)| (format!("/api/v1/stats/{path}"), Self::Stats(*it)));
        fixed.chain(reports).chain(stats)
    }

    /// What is at a path, and the parts of it that stand where its own path has `{…}`, as they are.
    #[must_use]
    pub fn of(path: &str) -> Option<(Self, Vec<&str>)> {
        if let Some(fixed) = PATHS.iter().find_map(|(known, place)| Some((*place, parts(known, path)?))) {
            return Some(fixed);
        }
        let below = path.strip_prefix("/api/v1/")?;
        let report = REPORTS.iter().find(|report| report.name == below).map(|report| Self::Report(report.name));
        let stats = || below.strip_prefix("stats/").and_then(Endpoint::of_path).map(Self::Stats);
        Some((report.or_else(stats)?, Vec::new()))
    }

    /// Its methods, and who may use each.
    #[must_use]
    pub const fn methods(self) -> &'static [(&'static str, Need)] {
        match self {
            Self::Batch => &[("POST", Need::Nothing)],
            Self::Description => &[("GET", Need::Nothing)],
            Self::Query | Self::Report(_) => &[("POST", Need::Look)],
            Self::Stats(_) | Self::Live => &[("GET", Need::Look)],
            Self::Outcomes | Self::Rejects | Self::Storage => &[("GET", Need::Read)],
            Self::Sites | Self::SiteKeys | Self::Keys => &[("GET", Need::Admin), ("POST", Need::Admin)],
            Self::Site => &[("GET", Need::Read), ("PATCH", Need::Admin), ("DELETE", Need::Admin)],
            // Whoever may look sees by them; to save something changes what all others see.
            Self::Saved => &[("GET", Need::Look)],
            Self::SavedEntry => &[("PUT", Need::Admin), ("DELETE", Need::Admin)],
            Self::SiteKey | Self::Key => &[("DELETE", Need::Admin)],
            Self::SiteImport => &[("POST", Need::Admin)],
            Self::SiteAudit | Self::Audit => &[("GET", Need::Admin)],
            // The key that is exchanged says how far the token reaches; a public site gives one without.
            Self::Token => &[("POST", Need::Nothing)],
            Self::Visitor | Self::Visitors => &[("GET", Need::Admin), ("DELETE", Need::Admin)],
        }
    }

    /// Who may use a method of it; `None` where it has no such method. Whatever can be got has a head.
    #[must_use]
    pub fn need(self, method: &str) -> Option<Need> {
        let method = if method == "HEAD" { "GET" } else { method };
        self.methods().iter().find(|(known, _)| *known == method).map(|(_, need)| *need)
    }

    /// Its methods as the header `Allow` lists them.
    #[must_use]
    pub fn allow(self) -> String {
        let names = self.methods().iter().map(|(name, _)| if *name == "GET" { "GET, HEAD" } else { name });
        names.collect::<Vec<_>>().join(", ")
    }
}

/// What stands in a path where its pattern has `{…}`; `None` where the path is another.
fn parts<'p>(pattern: &str, path: &'p str) -> Option<Vec<&'p str>> {
    let mut found = Vec::new();
    let mut rest = path.split('/');
    for known in pattern.split('/') {
        let part = rest.next()?;
        match known.starts_with('{') {
            true if part.is_empty() => return None,
            true => found.push(part),
            false if part != known => return None,
            false => {}
        }
    }
    rest.next().is_none().then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_leads_to_its_own_place_and_has_a_method() {
        let all: Vec<_> = Place::all().collect();
        assert!(all.len() > 20);
        for (path, place) in all {
            let filled = path.replace("{site}", "shop.example").replace("{key}", "k").replace("{id}", "i");
            let filled = filled.replace("{kind}", "goals").replace("{name}", "n");
            assert_eq!(Place::of(&filled).map(|(found, _)| found), Some(place), "{path}");
            assert!(!place.methods().is_empty());
        }
    }

    #[test]
    fn nothing_is_beside_the_paths() {
        for path in
            ["", "/", "/api", "/api/v1/", "/api/v1/stats/", "/api/v1/stats/everything", "/api/v1/outcomes/", "/e/x"]
        {
            assert_eq!(Place::of(path), None, "{path}");
        }
    }

    #[test]
    fn a_part_of_a_path_is_as_it_stands_there() {
        assert_eq!(parts("/a/{b}/c", "/a/x%2Fy/c"), Some(vec!["x%2Fy"]));
        assert_eq!(parts("/a/{b}", "/a/"), None);
        assert_eq!(parts("/a/{b}", "/a/b/c"), None);
    }

    #[test]
    fn a_head_is_asked_as_a_get_is() {
        assert_eq!(Place::Outcomes.need("HEAD"), Some(Need::Read));
        assert_eq!(Place::Outcomes.need("POST"), None);
        assert_eq!(Place::Outcomes.allow(), "GET, HEAD");
    }
}
