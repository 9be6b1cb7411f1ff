//! The account's object, one of each collector: which sites were made over the API, the keys that may do everything, and what
//! tokens are signed with.

mod roll;

use passerby_analytics::access::{Digest, Key, TokenSecret};
use serde::{Deserialize, Serialize};
use worker::{Date, DurableObject, Env, Error, Request, Response, Result, SqlStorageValue, State, durable_object};

use crate::audit::{Audit, Note};
use crate::keyring::Keyring;
use crate::objects::{pack, reply, unpack};
use crate::shard::value::{blob, text};
use crate::sql::Sql;
pub use roll::Entry;
use roll::Roll;

/// All of it that isolates keep for a moment.
#[derive(Debug, Serialize, Deserialize)]
pub struct Listing {
    /// The sites by name.
    pub sites: Vec<(String, Entry)>,
    /// Which site's ingest keys name it, for clients that have no other name for it.
    pub ingest: Vec<(Digest, String)>,
    /// The keys that may do everything.
    pub keys: Vec<Key>,
    /// What tokens are signed with.
    pub token_secret: TokenSecret,
}

/// The object. What it knows is in its storage; it keeps nothing in memory.
#[durable_object]
pub struct Directory {
    sql: Sql,
}

impl DurableObject for Directory {
    fn new(state: State, _env: Env) -> Self {
        let sql = Sql::of(&state);
        let tables = [
            "CREATE TABLE IF NOT EXISTS ingest (digest BLOB PRIMARY KEY, site TEXT)",
            "CREATE TABLE IF NOT EXISTS secret (secret BLOB)",
        ];
        let made = tables.iter().try_for_each(|table| sql.exec(table, None).map(|_| ()));
        if let Err(error) = made.and_then(|()| Roll::open(&sql)).and_then(|()| Keyring::open(&sql)) {
            worker::console_error!("the directory's tables: {error}");
        }
        Self { sql }
    }

    /// Nothing is awaited once the body is read, so each request is one transaction. `enter`, `close`, `gone` and `ingest` are
    /// idempotent but for the log.
    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let body = request.bytes().await?;
        let now_ms = Date::now().as_millis() as i64;
        let path = request.path();
        if let Some(answer) = Keyring::answer(&self.sql, &path, &body, now_ms)? {
            return reply(answer);
        }
        match path.as_str() {
            "/list" => reply(pack(&self.listing()?)?),
            "/enter" => {
                let (id, entry, is_new, note): (String, Entry, bool, Note) = unpack(&body)?;
                let refused = Roll::refusal(&self.sql, &id, &entry, is_new)?;
                if refused.is_none() {
                    Roll::write(&self.sql, &id, &entry)?;
                    Audit::add(&self.sql, &note, now_ms)?;
                }
                reply(pack(&refused)?)
            }
            "/close" => {
                let (id, note): (String, Note) = unpack(&body)?;
                Roll::write(&self.sql, &id, &Entry { is_closed: true, ..Entry::default() })?;
                self.sql.exec("DELETE FROM ingest WHERE site = ?", vec![id.into()])?;
                Audit::add(&self.sql, &note, now_ms)?;
                reply(Vec::new())
            }
            "/gone" => {
                let id: String = unpack(&body)?;
                Roll::strike(&self.sql, &id)?;
                reply(Vec::new())
            }
            "/ingest" => {
                let (digest, site): (Digest, Option<String>) = unpack(&body)?;
                let digest = SqlStorageValue::Blob(digest.to_vec());
                match site {
                    Some(site) => {
                        let write = "INSERT OR REPLACE INTO ingest (digest, site) VALUES (?, ?)";
                        self.sql.exec(write, vec![digest, site.into()])?
                    }
                    None => self.sql.exec("DELETE FROM ingest WHERE digest = ?", vec![digest])?,
                };
                reply(Vec::new())
            }
            path => Response::error(format!("no {path}"), 404),
        }
    }
}

impl Directory {
    fn listing(&self) -> Result<Listing> {
        let mut ingest = Vec::new();
        for row in self.sql.exec("SELECT digest, site FROM ingest", None)?.raw() {
            let mut columns = row?.into_iter();
            ingest.push((fixed(columns.next())?, text(columns.next())?));
        }
        Ok(Listing {
            sites: Roll::sites(&self.sql)?,
            ingest,
            keys: Keyring::keys(&self.sql)?,
            token_secret: self.token_secret()?,
        })
    }

    /// The secret that tokens are signed with, made when it is first asked for.
    fn token_secret(&self) -> Result<TokenSecret> {
        if let Some(row) = self.sql.exec("SELECT secret FROM secret", None)?.raw().next() {
            return fixed(row?.into_iter().next());
        }
        let mut secret = TokenSecret::default();
        getrandom::fill(&mut secret).map_err(|error| Error::RustError(error.to_string()))?;
        self.sql.exec("INSERT INTO secret (secret) VALUES (?)", vec![secret.to_vec().into()])?;
        Ok(secret)
    }
}

fn fixed<const N: usize>(column: Option<SqlStorageValue>) -> Result<[u8; N]> {
    blob(column)?.try_into().map_err(|_| Error::RustError("stored bytes have another length".to_owned()))
}
