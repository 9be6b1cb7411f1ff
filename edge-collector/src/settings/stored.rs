//! Settings as a site's object keeps them: all of a site that was made over the API; of a site of the variable what is saved of it
//! besides, by names.

use passerby_analytics::saved::KINDS;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use worker::{Env, Error, Result};

use super::Site;
use crate::account::Settled;
use crate::objects::{ask_site, unpack};

/// Settings as they are stored.
#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Stored {
    /// When the site was made; 0: it is, or was, one of the variable.
    pub made_ms: i64,
    /// What was given.
    pub settings: Map<String, Value>,
}

impl Stored {
    /// What is stored of a site now, not as this isolate remembers it; first as it is written.
    pub async fn of(env: &Env, id: &str) -> Result<(Option<String>, Self)> {
        let Settled { settings: written, .. } = unpack(&ask_site(env, id, "settled", &[]).await?)?;
        let stored = written.as_deref().map(|written| Self::read(id, written)).transpose()?;
        Ok((written, stored.unwrap_or_default()))
    }

    /// As it is written.
    pub fn written(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|error| Error::RustError(error.to_string()))
    }

    fn read(id: &str, written: &str) -> Result<Self> {
        serde_json::from_str(written).map_err(|error| wrong(id, &error))
    }
}

impl Site {
    /// The site that its object keeps these settings of. None: it is one of the variable no more.
    pub fn of_stored(env: &Env, id: &str, written: &str) -> Result<Option<Self>> {
        let Stored { made_ms, settings } = Stored::read(id, written)?;
        if let Some(declared) = Self::in_variable(env, id)? {
            return Ok(Some(declared.and_saved(settings)));
        }
        let site = (made_ms != 0).then(|| serde_json::from_value(settings.into()));
        let site: Option<Self> = site.transpose().map_err(|error| wrong(id, &error))?;
        Ok(site.map(|site| Self { id: id.to_owned(), made_ms, ..site }))
    }

    /// What it saves of a kind, by name.
    pub fn saved(&self, kind: &str) -> &Map<String, Value> {
        match kind {
            "goals" => &self.goals,
            "segments" => &self.segments,
            "funnels" => &self.funnels,
            _ => &self.annotations,
        }
    }

    /// It with what else is saved. Of two of a name, its own stays.
    fn and_saved(&self, mut more: Map<String, Value>) -> Self {
        let mut site = self.clone();
        let own = [&mut site.goals, &mut site.segments, &mut site.funnels, &mut site.annotations];
        for (kind, own) in KINDS.into_iter().zip(own) {
            if let Some(Value::Object(mut all)) = more.remove(kind) {
                all.append(own);
                *own = all;
            }
        }
        site
    }
}

fn wrong(id: &str, error: &serde_json::Error) -> Error {
    Error::RustError(format!("the settings of {id}: {error}"))
}
