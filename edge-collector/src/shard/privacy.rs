//! What a shard does about one person, and about days that its site does not keep.

use passerby_analytics::calendar::{DAY_MS, Day, HOUR_MS};
use passerby_analytics::retention::first_kept;
use worker::{Env, Result};

use super::Shard;
use super::store::erasure::{BYTES_OF_A_TURN, Turn};
use crate::alarm;
use crate::objects::{pack, unpack};
use crate::privacy::{Asked, Found, Progress, Told};
use crate::settings::Site;

/// After how long what failed is tried again: what fails for good costs a row and a request in that time.
const AGAIN_AFTER_MS: i64 = HOUR_MS;

impl Shard {
    /// Answers what is asked about a person; `None` to other paths. `whose` and `tell` only read; `erase` is idempotent. Each
    /// reads so many bytes and says how far it came. Nothing is awaited between reading what is stored and writing.
    pub(super) async fn about_person(&self, path: &str, body: &[u8]) -> Result<Option<Vec<u8>>> {
        Ok(Some(match path {
            "/whose" => pack(&self.whose(unpack(body)?)?)?,
            "/tell" => pack(&self.tell(&unpack(body)?)?)?,
            "/rejects_of" => {
                let Asked { person, site_key, .. } = unpack(body)?;
                pack(&self.store.rejects_of(&person, &site_key)?)?
            }
            "/erase" => {
                let Asked { person, site_key, .. } = unpack(body)?;
                let now_ms = person.until_ms;
                let rejects = self.store.begin_erasure(person, &site_key)?;
                let erased = self.erase_on();
                self.live.forget();
                if self.store.erases()? {
                    self.alarm_again(now_ms, erased.is_err()).await?;
                }
                pack(&Progress { rejects, ..erased? })?
            }
            _ => return Ok(None),
        }))
    }

    /// Notes what some days say of who somebody is.
    fn whose(&self, asked: Asked) -> Result<Found> {
        let Asked { mut person, before, .. } = asked;
        let mut read = 0;
        for day in self.store.days_before(before)? {
            read += self.store.recognise(day, &mut person)?;
            if read >= BYTES_OF_A_TURN {
                return Ok(Found { person, next: Some(day) });
            }
        }
        Ok(Found { person, next: None })
    }

    /// What some days hold of somebody.
    fn tell(&self, asked: &Asked) -> Result<Told> {
        let (mut visits, mut read) = (Vec::new(), 0);
        for day in self.store.days_before(asked.before)? {
            let (told, of_day) = self.store.tell(day, &asked.person)?;
            visits.extend(told.iter().map(ToString::to_string));
            read += of_day;
            if read >= BYTES_OF_A_TURN {
                return Ok(Told { visits, next: Some(day) });
            }
        }
        Ok(Told { visits, next: None })
    }

    /// Goes on with an erasure that is under way. Idempotent.
    pub(super) fn erase_on(&self) -> Result<Progress> {
        let mut turn = Turn::default();
        let done = self.store.erase_on(BYTES_OF_A_TURN, &mut turn);
        let mut memory = self.memory.borrow_mut();
        turn.touched.iter().for_each(|day| memory.forget(*day));
        done?;
        Ok(Progress { visits: turn.visits, events: turn.events, rejects: 0, goes_on: turn.goes_on })
    }

    /// Sets the alarm: for a while from now, where something failed; for now, where an erasure is under way; for the next midnight
    /// (UTC), where there are days to be packed or forgotten one day. What is set for a day that needs nothing costs a row and a
    /// request a month.
    pub(super) async fn alarm_again(&self, now_ms: i64, has_failed: bool) -> Result<()> {
        if has_failed {
            return alarm::set(&self.state, now_ms + AGAIN_AFTER_MS).await;
        }
        if self.store.erases()? {
            return alarm::set(&self.state, now_ms).await;
        }
        if self.store.days_before(None)?.is_empty() {
            return Ok(());
        }
        let today = Day::of_utc(now_ms);
        self.alarmed.set(Some(today));
        alarm::set(&self.state, (i64::from(today.0) + 1) * DAY_MS).await
    }

    /// Forgets the days that the site does not keep. Idempotent. What the site keeps is asked for before anything is read.
    pub(super) async fn forget_days(&self, now_ms: i64) -> Result<()> {
        let Some(days) = retention_days(&self.env, self.state.id().name()).await else { return Ok(()) };
        self.store.forget_days(first_kept(now_ms, days), &mut |day| self.memory.borrow_mut().forget(day))
    }
}

/// For how many days the site of the shard of this name keeps its visits. A site that there is no more says nothing.
async fn retention_days(env: &Env, shard: Option<String>) -> Option<u32> {
    let shard = shard?;
    let mut parts = shard.rsplitn(3, '/');
    let site = parts.nth(2)?;
    Site::find(env, site).await.ok()?.retention_days
}
