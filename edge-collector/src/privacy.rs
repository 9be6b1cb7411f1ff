//! One person's data: `GET /api/v1/visitors/{id}` tells what is kept, `DELETE` erases it; the same without the id by the site's
//! own id of a user.
//!
//! Shards are asked who somebody is first: a visitor whom the site identified, and the tabs, which may have begun as another
//! visitor of another shard. Then each tells or erases by itself. Each call reads so many bytes; telling asks on until all
//! days are told, erasing goes on by itself in the shard.

use std::collections::BTreeSet;

use futures_util::future::try_join_all;
use passerby_analytics::calendar::Day;
use passerby_analytics::person::Person;
use passerby_analytics::v1::BadParameter;
use passerby_analytics::visitor::{Key, Visitor};
use passerby_protocol::VisitorId;
use passerby_protocol::limits::MAX_NAME_BYTES;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use worker::{Date, Env, Method, Request, Response};

use crate::access::Caller;
use crate::audit::Note;
use crate::identity::Keys;
use crate::objects::{ask_hub, ask_shard, ask_site, pack, unpack};
use crate::problem::Problem;
use crate::rejects::Reject;
use crate::settings::Site;
use crate::{shards, stats};

/// What a shard is asked about somebody.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Asked {
    /// Whom.
    pub person: Person,
    /// The site's key, by which events that are kept apart from visits say whose they are.
    pub site_key: Key,
    /// Days before this one only.
    pub before: Option<Day>,
}

/// Who somebody is, as far as a shard has read.
#[derive(Debug, Serialize, Deserialize)]
pub struct Found {
    /// The same person, with what was found.
    pub person: Person,
    /// Where to go on.
    pub next: Option<Day>,
}

/// What a shard keeps of somebody, as far as it has read.
#[derive(Debug, Serialize, Deserialize)]
pub struct Told {
    /// Their visits as JSON, of the newest day first.
    pub visits: Vec<String>,
    /// Where to go on.
    pub next: Option<Day>,
}

/// What a shard has erased with this call.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Progress {
    /// Visits that are gone, in whole or in part.
    pub visits: u64,
    /// Events that are gone.
    pub events: u64,
    /// Refused events that are gone.
    pub rejects: u64,
    /// Whether the shard has more to do, which it does by itself.
    pub goes_on: bool,
}

/// Answers about the visitor with this id, or about a user.
pub async fn handle(request: &Request, env: &Env, caller: &Caller, id: Option<&str>) -> Result<Response, Problem> {
    let parameters: Vec<(String, String)> = request.url()?.query_pairs().into_owned().collect();
    let site = stats::site_of(env, caller, &parameters).await?;
    let keys = shards::keys(env, &site).await?;
    let mut person = Person { until_ms: Date::now().as_millis() as i64, ..Person::default() };
    match id {
        Some(id) => {
            no_others(&parameters, &["site_id"])?;
            person.visitors.insert(Visitor::of_id(&keys.visitor_key, &site.id, visitor_id(id)?));
        }
        None => {
            no_others(&parameters, &["site_id", "user_id"])?;
            person.user = user_id(&parameters)?;
            // Other analytics' clients may send under it before the site has identified anybody.
            person.visitors.insert(Visitor::of_person(&keys.visitor_key, &site.id, &person.user));
        }
    }
    let shards = Shards { env, site: &site, keys: &keys };
    let person = shards.recognise(person).await.map_err(|problem| problem.of_site(&site.id))?;
    let note = |action: &str, what: String| Note { who: caller.who(), action: action.to_owned(), what };
    let answer = match request.method() {
        Method::Delete => shards.erase(person, &|what| note("visitor.erase", what)).await,
        _ => shards.tell(person, &|what| note("visitor.tell", what)).await,
    };
    answer.map_err(|problem| problem.of_site(&site.id))
}

fn visitor_id(text: &str) -> Result<VisitorId, BadParameter> {
    serde_json::from_value(Value::String(text.to_owned()))
        .map_err(|_| bad("id", "no visitor's id: 32 hex digits, as the tracker keeps it at passerby.id"))
}

fn user_id(parameters: &[(String, String)]) -> Result<String, BadParameter> {
    let user = parameters.iter().find(|(name, value)| name == "user_id" && !value.is_empty());
    let user = user.map(|(_, user)| user).ok_or_else(|| bad("user_id", "missing: which user?"))?;
    match user.len() > MAX_NAME_BYTES {
        true => Err(bad("user_id", "longer than any that is taken in")),
        false => Ok(user.clone()),
    }
}

fn bad(parameter: &str, problem: &str) -> BadParameter {
    BadParameter { parameter: parameter.to_owned(), problem: problem.to_owned(), allowed: Vec::new() }
}

fn no_others(parameters: &[(String, String)], known: &[&str]) -> Result<(), BadParameter> {
    match parameters.iter().find(|(name, _)| !known.contains(&name.as_str())) {
        None => Ok(()),
        Some((name, _)) => Err(BadParameter {
            allowed: known.iter().map(|name| (*name).to_owned()).collect(),
            ..bad(name, "no such parameter")
        }),
    }
}

/// A site's shards. All must answer: who asks about a person wants all of it, and may ask again.
struct Shards<'a> {
    env: &'a Env,
    site: &'a Site,
    keys: &'a Keys,
}

impl Shards<'_> {
    fn all(&self) -> impl Iterator<Item = u32> {
        0..1 << self.keys.shard_bits
    }

    async fn ask<T: DeserializeOwned>(&self, shard: u32, path: &str, asked: &Asked) -> Result<T, Problem> {
        let answer = ask_shard(self.env, &self.site.id, self.keys.shard_bits, shard, path, &pack(asked)?).await?;
        Ok(unpack(&answer)?)
    }

    fn asked(&self, person: Person) -> Asked {
        Asked { person, site_key: self.keys.visitor_key, before: None }
    }

    /// Who somebody is, by all that the shards know.
    async fn recognise(&self, person: Person) -> Result<Person, Problem> {
        // A visitor lives in one shard; a user's visitors may live in any.
        let lives_in: BTreeSet<u32> = match person.user.is_empty() {
            true => person.visitors.iter().map(|visitor| visitor.shard(self.keys.shard_bits)).collect(),
            false => self.all().collect(),
        };
        let found = try_join_all(lives_in.into_iter().map(|shard| self.recognise_in(shard, person.clone()))).await?;
        Ok(found.into_iter().fold(person, |mut person, found| {
            person.known_as.extend(found.known_as);
            person.tabs.extend(found.tabs);
            person
        }))
    }

    async fn recognise_in(&self, shard: u32, person: Person) -> Result<Person, Problem> {
        let mut asked = self.asked(person);
        loop {
            let Found { person, next } = self.ask(shard, "whose", &asked).await?;
            asked = Asked { person, before: next, ..asked };
            if next.is_none() {
                return Ok(asked.person);
            }
        }
    }

    async fn tell(&self, person: Person, note: &dyn Fn(String) -> Note) -> Result<Response, Problem> {
        let asked = self.asked(person);
        let visits = try_join_all(self.all().map(|shard| self.tell_of(shard, asked.clone()))).await?;
        let visits: Result<Vec<Box<RawValue>>, _> = visits.into_iter().flatten().map(RawValue::from_string).collect();
        let visits = visits.map_err(|error| worker::Error::RustError(error.to_string()))?;
        let of_shards = self.all().map(|shard| self.ask::<Vec<Reject>>(shard, "rejects_of", &asked));
        let mut rejects = try_join_all(of_shards).await?.concat();
        let marks = asked.person.marks(&self.keys.visitor_key);
        rejects.extend(unpack::<Vec<Reject>>(&ask_site(self.env, &self.site.id, "rejects_of", &pack(&marks)?).await?)?);
        let note = note(format!("{} visits", visits.len()));
        ask_site(self.env, &self.site.id, "audit/add", &pack(&note)?).await?;
        #[derive(Serialize)]
        struct Export {
            visits: Vec<Box<RawValue>>,
            rejects: Vec<Value>,
        }
        #[derive(Serialize)]
        struct Answer {
            results: Export,
        }
        stats::json(&Answer { results: Export { visits, rejects: rejects.iter().map(Reject::told).collect() } })
    }

    async fn tell_of(&self, shard: u32, mut asked: Asked) -> Result<Vec<String>, Problem> {
        let mut all = Vec::new();
        loop {
            let Told { visits, next } = self.ask(shard, "tell", &asked).await?;
            all.extend(visits);
            asked.before = next;
            if next.is_none() {
                return Ok(all);
            }
        }
    }

    async fn erase(&self, person: Person, note: &dyn Fn(String) -> Note) -> Result<Response, Problem> {
        let marks = person.marks(&self.keys.visitor_key);
        let asked = self.asked(person);
        let done: Vec<Progress> = try_join_all(self.all().map(|shard| self.ask(shard, "erase", &asked))).await?;
        let sum = |number: fn(&Progress) -> u64| done.iter().map(number).sum::<u64>();
        // The log says that it was done, and not whom it was about.
        let note = note(format!("{} visits, {} events", sum(|it| it.visits), sum(|it| it.events)));
        let of_site: u64 = unpack(&ask_site(self.env, &self.site.id, "erase_rejects", &pack(&(marks, note))?).await?)?;
        // Watchers are shown what is left.
        ask_hub(self.env, &self.site.id, "forget", &[]).await?;
        let goes_on = done.iter().any(|progress| progress.goes_on);
        let answer = stats::json(&json!({ "results": {
            "visits": sum(|progress| progress.visits),
            "events": sum(|progress| progress.events),
            "rejects": sum(|progress| progress.rejects) + of_site,
            "goes_on": goes_on,
        } }))?;
        Ok(if goes_on { answer.with_status(202) } else { answer })
    }
}
