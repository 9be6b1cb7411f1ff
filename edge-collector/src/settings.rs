//! The sites that this collector counts: the `SITES` variable of wrangler.toml.

use std::collections::HashMap;

use passerby_analytics::known::Known;
use passerby_analytics::outcome::RequestError;
use serde::Deserialize;
use serde_json::{Map, Value};
use worker::Env;

use crate::keys;
use crate::problem::Problem;

/// What the owner decided about a site.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// Its name, as trackers send it; in `SITES`, the key.
    #[serde(skip)]
    pub id: String,
    /// Hosts whose pages count, `*.example.com` for all below one; none: any.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// The IANA time zone whose days and hours its reports are in.
    #[serde(default = "utc")]
    pub time_zone: String,
    /// Whether programs (crawlers, automated browsers) are counted like people.
    #[serde(default)]
    pub count_bots: bool,
    /// What other analytics' clients call it: a website's id, a project's key, a write key, a measurement id.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Whose word counts about others: the SHA-256 of each key, in hex.
    #[serde(default)]
    pub server_keys: Vec<String>,
    /// Goals by name, each a page or an event: `{"Newsletter": {"event": "Signup", "props": {"list": "news"}}}`.
    #[serde(default)]
    goals: Map<String, Value>,
    /// Segments by name, each a list of filters: `{"Buyers": [["has_done", ["is", "event:name", ["order"]]]]}`.
    #[serde(default)]
    segments: Map<String, Value>,
    /// How many shards keep its visitors: one of [`SHARDS`]. What it was first is what it stays.
    #[serde(default = "one")]
    shards: u32,
}

/// How many shards a site may have. One takes some hundred batches a second; each step is four times the last.
const SHARDS: [u32; 5] = [1, 4, 16, 64, 256];

fn utc() -> String {
    "Etc/UTC".to_owned()
}

const fn one() -> u32 {
    1
}

fn unknown(name: &str) -> Problem {
    Problem::new(RequestError::UnknownSite).detail(format!("\"{name}\" is none of this collector's"))
}

impl Site {
    /// The site of this name.
    pub fn find(env: &Env, id: &str) -> Result<Self, Problem> {
        let mut sites: HashMap<String, Self> = env.object_var("SITES")?;
        let site = sites.remove(id).ok_or_else(|| unknown(id))?;
        Self { id: id.to_owned(), ..site }.checked()
    }

    /// The site that another analytics' client calls so: by its own name, an alias, or one of its server keys.
    pub fn of_client(env: &Env, name: &str) -> Result<Self, Problem> {
        let sites: HashMap<String, Self> = env.object_var("SITES")?;
        let calls_it = |id: &str, site: &Self| {
            id == name || site.aliases.iter().any(|alias| alias == name) || keys::is_server_key(site, name)
        };
        let found = sites.into_iter().find(|(id, site)| !name.is_empty() && calls_it(id, site));
        let (id, site) = found.ok_or_else(|| unknown(name))?;
        Self { id, ..site }.checked()
    }

    fn checked(self) -> Result<Self, Problem> {
        if SHARDS.contains(&self.shards) {
            return Ok(self);
        }
        let detail = format!(
            "wrangler.toml gives the site {} {} shards; there may be 1, 4, 16, 64 or 256",
            self.id, self.shards
        );
        Err(Problem::new(RequestError::Unavailable).of_site(&self.id).detail(detail))
    }

    /// What its questions may take for known.
    pub const fn known(&self) -> Known<'_> {
        Known { site: self.id.as_str(), goals: Some(&self.goals), segments: Some(&self.segments) }
    }

    /// How many shards its settings give it, as a power of two.
    pub const fn shard_bits(&self) -> u32 {
        self.shards.trailing_zeros()
    }
}
