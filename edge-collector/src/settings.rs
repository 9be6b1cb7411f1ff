//! The sites that this collector counts: those of the `SITES` variable of wrangler.toml, which change with a deployment, and
//! those that were made over the API.

mod stored;

use std::cell::OnceCell;
use std::collections::HashMap;
use std::rc::Rc;

use passerby_analytics::access::{Key, Kind, is_key};
use passerby_analytics::calendar::Day;
use passerby_analytics::known::Known;
use passerby_analytics::outcome::RequestError;
use passerby_analytics::query::Range;
use passerby_analytics::retention::first_kept;
use passerby_analytics::settings::SHARDS;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use worker::Env;

use crate::account;
use crate::keys;
use crate::problem::Problem;
pub use stored::Stored;

/// What the owner decided about a site.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Site {
    /// Its name, as trackers send it; in `SITES`, the key.
    #[serde(skip)]
    pub id: String,
    /// When it was made over the API: another site of the same name is another. 0: of the variable.
    #[serde(skip)]
    pub made_ms: i64,
    /// Hosts whose pages count, `*.example.com` for all below one, `*` for any; none: any but a developer's own machine.
    pub hosts: Vec<String>,
    /// The IANA time zone whose days and hours its reports are in.
    #[serde(default = "utc")]
    pub time_zone: String,
    /// Whether programs (crawlers, automated browsers) are counted like people.
    pub count_bots: bool,
    /// What other analytics' clients call it: a website's id, a project's key, a write key, a measurement id.
    pub aliases: Vec<String>,
    /// Whose word counts about others: the SHA-256 of each key, in hex. Only in `SITES`; over the API keys are made for it.
    #[serde(skip_serializing)]
    pub server_keys: Vec<String>,
    /// How many shards keep its visitors: one of [`SHARDS`]. What it was first is what it stays.
    #[serde(default = "one")]
    shards: u32,
    /// How many batches a minute an isolate takes of one address: in one go, and as many again over each minute.
    #[serde(default = "of_an_address")]
    pub batches_per_minute_of_address: u32,
    /// The same of all addresses together.
    #[serde(default = "of_a_site")]
    pub batches_per_minute: u32,
    /// For how many days its visits are kept; without: for good.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention_days: Option<u32>,
    /// What all its questions are asked with, too: a list of filters.
    filters: Value,
    /// Goals by name, each a page or an event: `{"Newsletter": {"event": "Signup", "props": {"list": "news"}}}`.
    goals: Map<String, Value>,
    /// Segments by name, each a list of filters: `{"Buyers": [["has_done", ["is", "event:name", ["order"]]]]}`.
    segments: Map<String, Value>,
    /// Funnels by name: `{"Checkout": {"steps": [{"page": "/cart"}, {"event": "order"}]}}`.
    funnels: Map<String, Value>,
    /// What happened when, by ids: `{"k3x9": {"at": "2026-11-02", "text": "Newsletter sent"}}`.
    annotations: Map<String, Value>,
    /// Origins whose pages may read it, with a key.
    pub origins: Vec<String>,
    /// Whether anybody may look at its reports.
    pub public: bool,
}

/// Two people at once behind each of a thousand phones of one network's address, and as much as an isolate can take in.
const fn of_an_address() -> u32 {
    6_000
}

const fn of_a_site() -> u32 {
    600_000
}

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
fn of_variable<T>(env: &Env, read: impl FnOnce(&HashMap<String, Rc<Site>>) -> T) -> worker::Result<T> {
    VARIABLE.with(|variable| {
        if let Some(sites) = variable.get() {
            return Ok(read(sites));
        }
        let sites: HashMap<String, Site> = match env.object_var("SITES") {
            // Who makes all sites over the API has no such variable.
            Err(_) if env.var("SITES").is_err() => HashMap::new(),
            sites => sites?,
        };
        let named = sites.into_iter().map(|(id, site)| (id.clone(), Rc::new(Site { id, ..site })));
        Ok(read(variable.get_or_init(|| named.collect())))
    })
}

impl Site {
    /// The site of this name.
    pub async fn find(env: &Env, id: &str) -> Result<Rc<Self>, Problem> {
        if let Some(site) = Self::in_variable(env, id)? {
            return site.checked();
        }
        // Asked first, since it is asked of any name, and a name that is none must not become an object.
        if account::listing(env).await?.site(id).is_none() {
            return Err(unknown(id));
        }
        account::of_site(env, id).await?.site.clone().ok_or_else(|| unknown(id))
    }

    /// The site that another analytics' client calls so: by its own name, an alias, or one of its server keys.
    pub async fn of_client(env: &Env, name: &str) -> Result<Rc<Self>, Problem> {
        let calls_it = |site: &Self| {
            site.id == name || site.aliases.iter().any(|alias| alias == name) || keys::is_server_key(site, name)
        };
        let found = of_variable(env, |sites| sites.values().find(|site| calls_it(site)).cloned())?;
        if let Some(site) = found.filter(|_| !name.is_empty()) {
            return site.checked();
        }
        let listing = account::listing(env).await?;
        let id = match is_key(name, Kind::Ingest) {
            true => listing.of_ingest_key(&Key::new(name, Kind::Ingest, "", 0, None).digest),
            false => listing.called(name),
        };
        // An alias or a key may be told to the log; a key must not.
        let shown = if is_key(name, Kind::Ingest) { "the key" } else { name };
        Self::find(env, id.ok_or_else(|| unknown(shown))?).await
    }

    /// The site of this name in the variable.
    pub fn in_variable(env: &Env, id: &str) -> worker::Result<Option<Rc<Self>>> {
        of_variable(env, |sites| sites.get(id).cloned())
    }

    /// Those of the variable, in the order of their names.
    pub fn all_in_variable(env: &Env) -> worker::Result<Vec<Rc<Self>>> {
        let mut sites: Vec<_> = of_variable(env, |sites| sites.values().cloned().collect())?;
        sites.sort_by(|one: &Rc<Self>, other| one.id.cmp(&other.id));
        Ok(sites)
    }

    /// As the API tells it.
    pub fn told(&self) -> Value {
        let mut told = serde_json::to_value(self).unwrap_or_default();
        told["site_id"] = self.id.as_str().into();
        told["origin"] = if self.made_ms == 0 { "variable" } else { "api" }.into();
        if self.filters.is_null() {
            told["filters"] = Value::Array(Vec::new());
        }
        told
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
    pub fn known(&self) -> Known<'_> {
        Known {
            site: self.id.as_str(),
            goals: Some(&self.goals),
            segments: Some(&self.segments),
            funnels: Some(&self.funnels),
            filters: Some(&self.filters).filter(|filters| !filters.is_null()),
        }
    }

    /// The first day that it keeps, where it is asked about time before that.
    pub fn kept_from(&self, ranges: impl IntoIterator<Item = Range>, now_ms: i64) -> Option<Day> {
        let first = first_kept(now_ms, self.retention_days?);
        let earliest_ms = ranges.into_iter().map(|range| range.from_ms).min()?;
        (Day::of_utc(earliest_ms) < first).then_some(first)
    }

    /// How many shards its settings give it, as a power of two.
    pub const fn shard_bits(&self) -> u32 {
        self.shards.trailing_zeros()
    }
}
