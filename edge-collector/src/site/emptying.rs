//! The end of a site: its shards are emptied, then its name is free, then its own object is emptied.
//!
//! Not at once: isolates that have not heard of it yet go on for some seconds with what they know, those that cannot reach the
//! directory for a minute, and what they send a shard that was emptied already would stay there for good.

use futures_util::future::try_join_all;
use serde::{Deserialize, Serialize};
use worker::{Env, Result, State};

use crate::cache::{KEPT_MS, UNREACHED_MS};
use crate::objects::{ask_directory, ask_shard, pack};
use crate::sql::{Sql, read, written};

/// After how long nothing can come any more: what isolates know is older by then, whether or not they could ask anew, and
/// requests that began with it are over.
const AFTER_MS: i64 = UNREACHED_MS + KEPT_MS;

/// How many shards are emptied at once.
const AT_ONCE: usize = 16;

/// What is to be emptied, and from when on.
#[derive(Debug, Serialize, Deserialize)]
pub struct Emptying {
    site: String,
    shard_bits: u32,
    /// When it is due.
    pub at_ms: i64,
}

impl Emptying {
    /// Makes the table.
    pub fn open(sql: &Sql) -> Result<()> {
        sql.exec("CREATE TABLE IF NOT EXISTS emptying (body TEXT)", None).map(|_| ())
    }

    /// What is to be emptied, once the site was deleted.
    pub fn read(sql: &Sql) -> Result<Option<Self>> {
        let row = sql.exec("SELECT body FROM emptying", None)?.raw().next().transpose()?;
        row.map(|row| read(row.into_iter().next())).transpose()
    }

    /// Writes down what is to be emptied. When that is due.
    pub fn begin(sql: &Sql, site: String, shard_bits: u32, now_ms: i64) -> Result<i64> {
        let emptying = Self { site, shard_bits, at_ms: now_ms + AFTER_MS };
        sql.exec("DELETE FROM emptying", None)?;
        sql.exec("INSERT INTO emptying (body) VALUES (?)", vec![written(&emptying)?])?;
        Ok(emptying.at_ms)
    }

    /// Empties. Idempotent: where something fails, the platform calls the alarm again, and what is empty stays so. Until the last
    /// step this object takes no new settings, so nothing of a site that is made anew can be lost with it.
    pub async fn run(&self, env: &Env, state: &State) -> Result<()> {
        let shards: Vec<u32> = (0..1 << self.shard_bits).collect();
        for some in shards.chunks(AT_ONCE) {
            let each = some.iter().map(|shard| ask_shard(env, &self.site, self.shard_bits, *shard, "empty", &[]));
            try_join_all(each).await?;
            // What a shard still knows in memory goes with its instance. That may break the call off: its answer says nothing.
            for shard in some {
                _ = ask_shard(env, &self.site, self.shard_bits, *shard, "end", &[]).await;
            }
        }
        ask_directory(env, "gone", &pack(&self.site)?).await?;
        state.storage().delete_alarm().await?;
        state.storage().delete_all().await
    }
}
