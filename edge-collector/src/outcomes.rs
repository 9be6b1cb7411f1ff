//! What became of what was sent, counted by name, and `GET /api/v1/outcomes`, which tells.

use std::collections::BTreeMap;

use passerby_analytics::outcome::{Outcome, RequestError};
use worker::{Env, Request, Response, SqlStorage};

use crate::objects::{ask_site, pack, unpack};
use crate::problem::Problem;
use crate::shards::{self, Answers};
use crate::{keys, stats};

/// Counts by name.
pub type Counts = BTreeMap<String, u64>;

/// Counts a request that was refused whole, with its site's own object, or with that of no site. A count that cannot be
/// stored is lost: it must not keep an answer.
pub async fn count_request(env: &Env, site: &str, error: RequestError) {
    let label = Outcome::Request(error).label();
    if let Err(error) = count(env, site, &Counts::from([(label.clone(), 1)])).await {
        worker::console_error!("{label} was not counted: {error}");
    }
}

/// Counts with a site's own object what never reaches a shard.
pub async fn count(env: &Env, site: &str, counts: &Counts) -> worker::Result<()> {
    ask_site(env, site, "count", &pack(counts)?).await.map(|_| ())
}

/// The counts of a site, or without `site_id` those of requests that belong to none.
pub async fn handle(request: &Request, env: &Env) -> Result<Response, Problem> {
    keys::check_read(request, env)?;
    let parameters: Vec<(String, String)> = request.url()?.query_pairs().into_owned().collect();
    let mut answers = Answers::default();
    if parameters.is_empty() {
        answers.bytes.push(ask_site(env, "", "counts", &[]).await?);
    } else {
        let site = stats::site_of(env, &parameters)?;
        answers = shards::ask_all(env, &site, "counts", &[]).await?;
        answers.bytes.push(ask_site(env, &site.id, "counts", &[]).await?);
    }
    let mut total = BTreeMap::<String, u64>::new();
    for answer in &answers.bytes {
        for (name, count) in unpack::<Counts>(answer)? {
            *total.entry(name).or_default() += count;
        }
    }
    shards::respond(&serde_json::json!({ "results": total }), answers.failed)
}

/// How long counts are kept: 90 days, about as long as somebody asks what became of a batch.
const KEPT_MINUTES: i64 = 90 * 24 * 60;

/// Where an object keeps its counts: a row for each minute and name.
pub struct Ledger;

impl Ledger {
    /// Makes the table.
    pub fn open(sql: &SqlStorage) -> worker::Result<()> {
        let table = "CREATE TABLE IF NOT EXISTS outcome (minute INTEGER, name TEXT, count INTEGER, \
                     PRIMARY KEY (minute, name)) WITHOUT ROWID";
        sql.exec(table, None).map(|_| ())
    }

    /// Adds counts of one minute.
    pub fn add(sql: &SqlStorage, minute: i64, counts: &Counts) -> worker::Result<()> {
        let upsert = "INSERT INTO outcome (minute, name, count) VALUES (?, ?, ?) \
                      ON CONFLICT DO UPDATE SET count = count + excluded.count";
        for (name, count) in counts {
            let row = vec![minute.into(), name.as_str().into(), (*count as i64).into()];
            sql.exec(upsert, row)?;
        }
        Ok(())
    }

    /// Forgets what is older than [`KEPT_MINUTES`]. Idempotent.
    pub fn forget(sql: &SqlStorage, minute: i64) -> worker::Result<()> {
        sql.exec("DELETE FROM outcome WHERE minute < ?", vec![(minute - KEPT_MINUTES).into()]).map(|_| ())
    }

    /// All counts that are kept.
    pub fn total(sql: &SqlStorage) -> worker::Result<Counts> {
        #[derive(serde::Deserialize)]
        struct Row {
            name: String,
            total: u64,
        }
        let rows = sql.exec("SELECT name, SUM(count) AS total FROM outcome GROUP BY name", None)?;
        Ok(rows.to_array::<Row>()?.into_iter().map(|row| (row.name, row.total)).collect())
    }
}
