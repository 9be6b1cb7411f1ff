//! The sites that this collector counts: the `SITES` variable of wrangler.toml.

use std::collections::HashMap;

use passerby_analytics::outcome::RequestError;
use serde::Deserialize;
use worker::Env;

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

impl Site {
    /// The site of this name.
    pub fn find(env: &Env, id: &str) -> Result<Self, Problem> {
        let mut sites: HashMap<String, Self> = env.object_var("SITES")?;
        let unknown =
            || Problem::new(RequestError::UnknownSite).detail(format!("\"{id}\" is none of this collector's"));
        let site = Self { id: id.to_owned(), ..sites.remove(id).ok_or_else(unknown)? };
        if !SHARDS.contains(&site.shards) {
            let detail =
                format!("wrangler.toml gives the site {id} {} shards; there may be 1, 4, 16, 64 or 256", site.shards);
            return Err(Problem::new(RequestError::Unavailable).of_site(id).detail(detail));
        }
        Ok(site)
    }

    /// How many shards its settings give it, as a power of two.
    pub const fn shard_bits(&self) -> u32 {
        self.shards.trailing_zeros()
    }
}
