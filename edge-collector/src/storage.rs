//! `GET /api/v1/storage`: how large a site's shards are, and how many rows its batches cost.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use worker::{Env, Request, Response};

use crate::access::Caller;
use crate::objects::unpack;
use crate::problem::Problem;
use crate::{shards, stats};

/// What a shard says of its storage.
#[derive(Debug, Serialize, Deserialize)]
pub struct Storage {
    /// Since when it counts: it was started then.
    pub since_ms: i64,
    /// Batches that it took in.
    pub batches: u64,
    /// Rows that it wrote, by the storage's own count.
    pub rows_written: u64,
    /// How large its database is.
    pub bytes: u64,
}

/// Answers with what each shard says.
pub async fn handle(request: &Request, env: &Env, caller: &Caller) -> Result<Response, Problem> {
    let parameters: Vec<(String, String)> = request.url()?.query_pairs().into_owned().collect();
    let site = stats::site_of(env, caller, &parameters).await?;
    stats::no_more_than_site(&parameters)?;
    let answers = shards::ask_all(env, &site, "storage", &[]).await?;
    let answered = (0..).filter(|shard| !answers.failed.contains(shard));
    let shard = |(shard, bytes): (u32, &Vec<u8>)| -> worker::Result<Value> {
        let Storage { since_ms, batches, rows_written, bytes } = unpack(bytes)?;
        Ok(
            json!({ "shard": shard, "since_ms": since_ms, "batches": batches, "rows_written": rows_written, "bytes": bytes }),
        )
    };
    let results = answered.zip(&answers.bytes).map(shard).collect::<worker::Result<Vec<_>>>()?;
    shards::respond(&json!({ "results": results }), answers.failed, None)
}
