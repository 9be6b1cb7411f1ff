//! Which sites were made over the API, in the account's object: a row each.

use serde::{Deserialize, Serialize};
use worker::{Result, SqlStorageValue};

use crate::shard::value::text;
use crate::sql::{Sql, read, written};

/// Most sites: a bound on what each isolate keeps.
const MAX_SITES: usize = 2000;

/// What the directory knows of a site that was made over the API.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Entry {
    /// What other analytics' clients call it.
    pub aliases: Vec<String>,
    /// Whose pages may read it.
    pub origins: Vec<String>,
    /// Whether it was deleted, and its objects are being emptied.
    pub is_closed: bool,
}

/// The table.
pub struct Roll;

impl Roll {
    /// Makes it.
    pub fn open(sql: &Sql) -> Result<()> {
        sql.exec("CREATE TABLE IF NOT EXISTS site (id TEXT PRIMARY KEY, body TEXT)", None).map(|_| ())
    }

    /// A site's name is free again. Idempotent.
    pub fn strike(sql: &Sql, id: &str) -> Result<()> {
        sql.exec("DELETE FROM site WHERE id = ?", vec![id.into()]).map(|_| ())
    }

    /// All of them, by name.
    pub fn sites(sql: &Sql) -> Result<Vec<(String, Entry)>> {
        let rows = sql.exec("SELECT id, body FROM site ORDER BY id", None)?;
        let site = |row: Result<Vec<SqlStorageValue>>| {
            let mut columns = row?.into_iter();
            Ok((text(columns.next())?, read(columns.next())?))
        };
        rows.raw().map(site).collect()
    }

    /// Enters a site, or changes what is entered. Idempotent.
    pub fn write(sql: &Sql, id: &str, entry: &Entry) -> Result<()> {
        let row = vec![id.into(), written(entry)?];
        sql.exec("INSERT OR REPLACE INTO site (id, body) VALUES (?, ?)", row).map(|_| ())
    }

    /// Why a site cannot be entered so.
    pub fn refusal(sql: &Sql, id: &str, entry: &Entry, is_new: bool) -> Result<Option<String>> {
        let sites = Self::sites(sql)?;
        let there = sites.iter().find(|(known, _)| known == id).map(|(_, entry)| entry.is_closed);
        let calls =
            |name: &str, other: &(String, Entry)| other.0 == name || other.1.aliases.iter().any(|of| of == name);
        let of_another = |name: &String| sites.iter().find(|other| other.0 != id && calls(name, other));
        let taken = core::iter::once(&id.to_owned())
            .chain(&entry.aliases)
            .find_map(|name| Some((name.clone(), of_another(name)?)));
        Ok(match (there, is_new, taken) {
            (Some(true), ..) => Some(format!("the site {id} was deleted and is being emptied; wait a minute")),
            (Some(false), true, _) => Some(format!("there is a site {id} already")),
            (None, false, _) => Some(format!("there is no site {id} any more")),
            (_, _, Some((name, (other, _)))) => Some(format!("\"{name}\" names the site {other} already")),
            (None, ..) if sites.len() >= MAX_SITES => Some(format!("there are {MAX_SITES} sites already")),
            _ => None,
        })
    }
}
