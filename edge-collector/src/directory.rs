//! The account's object, one of each collector: which sites were made over the API, the keys that may do everything, and what
//! tokens are signed with.

use passerby_analytics::access::{Digest, Key, TokenSecret};
use serde::{Deserialize, Serialize};
use worker::{Date, DurableObject, Env, Error, Request, Response, Result, SqlStorageValue, State, durable_object};

use crate::audit::{Audit, Note};
use crate::keyring::Keyring;
use crate::objects::{pack, reply, unpack};
use crate::shard::value::{blob, text};
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
            "CREATE TABLE IF NOT EXISTS site (id TEXT PRIMARY KEY, body TEXT)",
            "CREATE TABLE IF NOT EXISTS ingest (digest BLOB PRIMARY KEY, site TEXT)",
            "CREATE TABLE IF NOT EXISTS secret (secret BLOB)",
        ];
        let made = tables.iter().try_for_each(|table| sql.exec(table, None).map(|_| ()));
        if let Err(error) = made.and_then(|()| Keyring::open(&sql)) {
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
                let refused = self.refusal(&id, &entry, is_new)?;
                if refused.is_none() {
                    self.write(&id, &entry)?;
                    Audit::add(&self.sql, &note, now_ms)?;
                }
                reply(pack(&refused)?)
            }
            "/close" => {
                let (id, note): (String, Note) = unpack(&body)?;
                self.write(&id, &Entry { is_closed: true, ..Entry::default() })?;
                self.sql.exec("DELETE FROM ingest WHERE site = ?", vec![id.into()])?;
                Audit::add(&self.sql, &note, now_ms)?;
                reply(Vec::new())
            }
            "/gone" => {
                let id: String = unpack(&body)?;
                self.sql.exec("DELETE FROM site WHERE id = ?", vec![id.into()])?;
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
            sites: self.sites()?,
            ingest,
            keys: Keyring::keys(&self.sql)?,
            token_secret: self.token_secret()?,
        })
    }

    fn sites(&self) -> Result<Vec<(String, Entry)>> {
        let rows = self.sql.exec("SELECT id, body FROM site ORDER BY id", None)?;
        let site = |row: Result<Vec<SqlStorageValue>>| {
            let mut columns = row?.into_iter();
            Ok((text(columns.next())?, read(columns.next())?))
        };
        rows.raw().map(site).collect()
    }

    fn write(&self, id: &str, entry: &Entry) -> Result<()> {
        let row = vec![id.into(), written(entry)?];
        self.sql.exec("INSERT OR REPLACE INTO site (id, body) VALUES (?, ?)", row).map(|_| ())
    }

    /// Why a site cannot be entered so.
    fn refusal(&self, id: &str, entry: &Entry, is_new: bool) -> Result<Option<String>> {
        let sites = self.sites()?;
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
