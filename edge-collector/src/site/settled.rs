//! A site's settings, in its own object: JSON, as the API took it.

use serde::{Deserialize, Serialize};
use worker::Result;

use super::emptying::Emptying;
use crate::account::Settled;
use crate::audit::{Audit, Note};
use crate::keyring::Keyring;
use crate::shard::value::text;
use crate::sql::Sql;

/// A change of the settings.
#[derive(Debug, Serialize, Deserialize)]
pub struct Change {
    /// What they were when the change was worked out; none: there is no such site yet.
    pub old: Option<String>,
    /// What they are to be.
    pub new: String,
    /// What it is.
    pub note: Note,
}

/// What is kept of the settings.
pub struct Settings;

impl Settings {
    /// Makes the table.
    pub fn open(sql: &Sql) -> Result<()> {
        sql.exec("CREATE TABLE IF NOT EXISTS settings (body TEXT)", None).map(|_| ())
    }

    /// What isolates keep for a moment.
    pub fn settled(sql: &Sql) -> Result<Settled> {
        Ok(Settled { settings: Self::read(sql)?, keys: Keyring::keys(sql)? })
    }

    /// Changes the settings, unless somebody else did meanwhile, or the site is being emptied. Whether it did.
    pub fn change(sql: &Sql, change: &Change, now_ms: i64) -> Result<bool> {
        if Self::read(sql)? != change.old || Emptying::read(sql)?.is_some() {
            return Ok(false);
        }
        sql.exec("DELETE FROM settings", None)?;
        sql.exec("INSERT INTO settings (body) VALUES (?)", vec![change.new.as_str().into()])?;
        Audit::add(sql, &change.note, now_ms)?;
        Ok(true)
    }

    fn read(sql: &Sql) -> Result<Option<String>> {
        let row = sql.exec("SELECT body FROM settings", None)?.raw().next().transpose()?;
        row.map(|row| text(row.into_iter().next())).transpose()
    }
}
