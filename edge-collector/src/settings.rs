//! The sites that this collector counts: those of the `SITES` variable of wrangler.toml.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::rc::Rc;

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
    /// For how many days its visits are kept; without: for good.
    /// For how many days its visits are kept; without: for good.
    #[serde(default)]
    #[allow(dead_code)] // settled here, read by what forgets
    pub retention_days: Option<u32>,
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

thread_local! {
    /// What the variable says; it changes with a deployment, which is another isolate.
    static VARIABLE: OnceCell<HashMap<String, Rc<Site>>> = const { OnceCell::new() };
}

/// Reads the variable once.
fn of_variable<T>(env: &Env, read: impl FnOnce(&HashMap<String, Rc<Site>>) -> T) -> Result<T, Problem> {
    VARIABLE.with(|variable| {
        if let Some(sites) = variable.get() {
            return Ok(read(sites));
        }
        let sites: HashMap<String, Site> = env.object_var("SITES")?;
        let named = sites.into_iter().map(|(id, site)| (id.clone(), Rc::new(Site { id, ..site })));
        Ok(read(variable.get_or_init(|| named.collect())))
    })
}

impl Site {
    /// The site of this name.
    pub async fn find(env: &Env, id: &str) -> Result<Rc<Self>, Problem> {
        of_variable(env, |sites| sites.get(id).cloned())?.ok_or_else(|| unknown(id))?.checked()
    }

    /// The site that another analytics' client calls so: by its own name, an alias, or one of its server keys.
    pub async fn of_client(env: &Env, name: &str) -> Result<Rc<Self>, Problem> {
        let calls_it = |site: &Self| {
            site.id == name || site.aliases.iter().any(|alias| alias == name) || keys::is_server_key(site, name)
        };
        let found = of_variable(env, |sites| sites.values().find(|site| calls_it(site)).cloned())?;
        found.filter(|_| !name.is_empty()).ok_or_else(|| unknown(name))?.checked()
    }

    fn checked(self: Rc<Self>) -> Result<Rc<Self>, Problem> {
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
