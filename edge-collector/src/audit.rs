//! Who changed what, and when: in the site's own object, and of the account in the directory.

use serde::{Deserialize, Serialize};
use serde_json::json;
use worker::{Env, Response, Result};

use crate::access::Caller;
use crate::objects::{ask_directory, ask_site, unpack};
use crate::problem::Problem;
use crate::sql::{Sql, read, written};
use crate::stats;

/// How many changes are kept, the newest.
const KEPT: i32 = 1000;

/// A change that is made.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Note {
    /// By whom: the key's name and id.
    pub who: String,
    /// What was done: `site.change`.
    pub action: String,
    /// To what.
    pub what: String,
}

/// A change as it is kept.
#[derive(Debug, Serialize, Deserialize)]
pub struct Change {
    at_ms: i64,
    who: String,
    action: String,
    what: String,
}

/// An object's log.
pub struct Audit;

impl Audit {
    /// Makes the table.
    pub fn open(sql: &Sql) -> Result<()> {
        sql.exec("CREATE TABLE IF NOT EXISTS audit (n INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT)", None).map(|_| ())
    }

    /// Adds a change. Not idempotent: each call is one.
    pub fn add(sql: &Sql, note: &Note, at_ms: i64) -> Result<()> {
        let Note { who, action, what } = note.clone();
        sql.exec("INSERT INTO audit (body) VALUES (?)", vec![written(&Change { at_ms, who, action, what })?])?;
        sql.exec("DELETE FROM audit WHERE n <= (SELECT max(n) FROM audit) - ?", vec![KEPT.into()]).map(|_| ())
    }

    /// All that is kept, the newest first.
    pub fn newest(sql: &Sql) -> Result<Vec<Change>> {
        let rows = sql.exec("SELECT body FROM audit ORDER BY n DESC", None)?;
        rows.raw().map(|row| read(row?.into_iter().next())).collect()
    }
}

/// Answers with what was changed of a site.
pub async fn of_site(env: &Env, caller: &Caller, id: &str) -> core::result::Result<Response, Problem> {
    let site = caller.site(env, id).await?;
    answer(&ask_site(env, &site.id, "audit", &[]).await?)
}

/// Answers with what was changed of the account.
pub async fn of_account(env: &Env, caller: &Caller) -> core::result::Result<Response, Problem> {
    caller.account(env).await?;
    answer(&ask_directory(env, "audit", &[]).await?)
}

fn answer(bytes: &[u8]) -> core::result::Result<Response, Problem> {
    stats::json(&json!({ "results": unpack::<Vec<Change>>(bytes)? }))
}
