//! Keys in an object's storage, and the log of who changed what: a site's object has its own, the directory the account's.

use passerby_analytics::access::{Key, KeyId};
use serde::{Deserialize, Serialize};
use worker::{Result, SqlStorageValue};

use crate::audit::{Audit, Note};
use crate::objects::{pack, unpack};
use crate::sql::{Sql, read, written};

/// Most keys of an object: a bound on what each isolate keeps, and on how long a key takes to be looked for.
const MAX_KEYS: i32 = 200;

/// A use is written down at most once a minute and key, however many isolates tell of it: a row costs as much as seven
/// requests.
pub const USED_EVERY_MS: i64 = 60_000;

/// A key, and when it was last used.
#[derive(Debug, Serialize, Deserialize)]
pub struct Listed {
    /// The key, as it is kept.
    pub key: Key,
    /// To the minute.
    pub used_ms: Option<i64>,
}

/// What an object has of keys.
pub struct Keyring;

impl Keyring {
    /// Makes the tables.
    pub fn open(sql: &Sql) -> Result<()> {
        sql.exec("CREATE TABLE IF NOT EXISTS access_key (id TEXT PRIMARY KEY, body TEXT, used_ms INTEGER)", None)?;
        Audit::open(sql)
    }

    /// Answers what both kinds of objects are asked; `None` where it is something else. Nothing is awaited, so each change and its
    /// line in the log are written together. `add` and `revoke` are idempotent but for the log; `used` is.
    pub fn answer(sql: &Sql, path: &str, body: &[u8], now_ms: i64) -> Result<Option<Vec<u8>>> {
        Ok(Some(match path {
            "/keyring" => pack(&Self::listed(sql)?)?,
            "/keyring/add" => {
                let (key, note): (Key, Note) = unpack(body)?;
                pack(&Self::add(sql, &key, &note, now_ms)?)?
            }
            "/keyring/revoke" => {
                let (id, note): (String, Note) = unpack(body)?;
                pack(&Self::revoke(sql, &id, &note, now_ms)?)?
            }
            "/keyring/used" => {
                let id: KeyId = unpack(body)?;
                let row = vec![number(now_ms), id.to_string().into(), number(now_ms - USED_EVERY_MS)];
                let unless_just_now =
                    "UPDATE access_key SET used_ms = ? WHERE id = ? AND (used_ms IS NULL OR used_ms <= ?)";
                sql.exec(unless_just_now, row)?;
                Vec::new()
            }
            "/audit" => pack(&Audit::newest(sql)?)?,
            "/audit/add" => {
                Audit::add(sql, &unpack(body)?, now_ms)?;
                Vec::new()
            }
            _ => return Ok(None),
        }))
    }

    /// The keys.
    pub fn keys(sql: &Sql) -> Result<Vec<Key>> {
        Ok(Self::listed(sql)?.into_iter().map(|listed| listed.key).collect())
    }

    fn listed(sql: &Sql) -> Result<Vec<Listed>> {
        let mut listed = Vec::new();
        for row in sql.exec("SELECT body, used_ms FROM access_key ORDER BY rowid", None)?.raw() {
            let mut columns = row?.into_iter();
            let key = read(columns.next())?;
            let used_ms = match columns.next() {
                Some(SqlStorageValue::Integer(at_ms)) => Some(at_ms),
                Some(SqlStorageValue::Float(at_ms)) => Some(at_ms as i64),
                _ => None,
            };
            listed.push(Listed { key, used_ms });
        }
        Ok(listed)
    }

    /// Whether there was room.
    fn add(sql: &Sql, key: &Key, note: &Note, now_ms: i64) -> Result<bool> {
        let row = vec![key.id().to_string().into(), written(key)?, MAX_KEYS.into()];
        let if_there_is_room =
            "INSERT INTO access_key (id, body) SELECT ?, ? WHERE (SELECT count(*) FROM access_key) < ? RETURNING id";
        let is_added = sql.exec(if_there_is_room, row)?.raw().next().transpose()?.is_some();
        if is_added {
            Audit::add(sql, note, now_ms)?;
        }
        Ok(is_added)
    }

    /// The key, where there was one.
    fn revoke(sql: &Sql, id: &str, note: &Note, now_ms: i64) -> Result<Option<Key>> {
        let row = sql.exec("DELETE FROM access_key WHERE id = ? RETURNING body", vec![id.into()])?.raw().next();
        let Some(row) = row.transpose()? else { return Ok(None) };
        let key: Key = read(row.into_iter().next())?;
        let what = format!("{} key \"{}\", {id}", key.kind.label(), key.name);
        Audit::add(sql, &Note { what, ..note.clone() }, now_ms)?;
        Ok(Some(key))
    }
}

/// A time for a column: more than 32 bits.
fn number(value: i64) -> SqlStorageValue {
    SqlStorageValue::Integer(value)
}
