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
}

fn utc() -> String {
    "Etc/UTC".to_owned()
}

impl Site {
    /// The site of this name.
    pub fn find(env: &Env, id: &str) -> Result<Self, Problem> {
        let mut sites: HashMap<String, Self> = env.object_var("SITES")?;
        let unknown =
            || Problem::new(RequestError::UnknownSite).detail(format!("\"{id}\" is none of this collector's"));
        let site = sites.remove(id).ok_or_else(unknown)?;
        Ok(Self { id: id.to_owned(), ..site })
    }

    /// How many shards it has, as a power of two. Fixed when a site is made, since a visitor's shard follows from it.
    pub const fn shard_bits(&self) -> u32 {
        0
    }
}
