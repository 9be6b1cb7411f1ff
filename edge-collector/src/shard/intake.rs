//! Batches that come to a shard, each on its own or several in one call: each waits in the queue for itself, and is answered
//! for itself.

use futures_util::future::join_all;
use passerby_analytics::calendar::{DAY_MS, Day};
use passerby_analytics::tabs::Seen;
use worker::{Response, Result};

use super::Shard;
use crate::alarm;
use crate::delivery::{Answer, Label, Taken};
use crate::objects::{is_overloaded, overloaded, pack, reply, unpack, unpack_beginning};

/// How many of one call wait at once, to be written together.
const AT_ONCE: usize = 256;

impl Shard {
    /// Takes batches in, and says of each what became of it.
    pub(super) async fn deliver(&self, body: &[u8]) -> Result<Response> {
        let parcels: Vec<&[u8]> = unpack(body)?;
        // A call of several is taken in as a whole or refused as one. Where it is one sender's, that one sends all of it again,
        // and of events without names those that had been taken in would count twice.
        let is_of_many = parcels.len() > 1;
        if is_of_many && self.queue.is_full(0) {
            return reply(pack(&parcels.iter().map(|_| Taken::Overloaded).collect::<Vec<_>>())?);
        }
        let (mut all, mut newest_ms) = (Vec::with_capacity(parcels.len()), None);
        for some in parcels.chunks(AT_ONCE) {
            for taken in join_all(some.iter().map(|parcel| self.take(parcel.to_vec(), is_of_many))).await {
                all.push(match taken {
                    Ok((answer, received_ms)) => {
                        newest_ms = newest_ms.max(Some(received_ms));
                        Taken::In(answer)
                    }
                    Err(error) if is_overloaded(&error) => Taken::Overloaded,
                    Err(error) => {
                        worker::console_error!("a batch was not taken in: {error}");
                        Taken::Failed
                    }
                });
            }
        }
        if let Some(received_ms) = newest_ms {
            self.alarm_daily(received_ms).await?;
            self.live.send(&self.state, received_ms);
        }
        reply(pack(&all)?)
    }

    /// Takes a batch in, unless this is only the home of its tab, and says whose it is, and when it was received. Where too much
    /// waits already it is refused at once, untouched: the sender has it still, and is told to wait. But not where its call is
    /// admitted, unless it waits for its tab's home first: trackers' batches do, and those are each one sender's.
    async fn take(&self, body: Vec<u8>, is_admitted: bool) -> Result<(Answer, i64)> {
        let (home, _, received_ms, mut visitor, tab): Label = unpack_beginning(&body)?;
        let is_admitted = is_admitted && home.is_none();
        if let Some(home) = home {
            let first = self.homes.first(&self.store, &home, Seen { since_ms: received_ms, tab, visitor }).await?;
            // Another's batch goes to that one's shard; and that one's shard knows what a tab sent before it had consent.
            if first.shard(home.bits) != home.shard || (home.by_id && first != visitor) {
                return Ok(((first, None), received_ms));
            }
            visitor = first;
        }
        if !is_admitted && self.queue.is_full(body.len()) {
            return Err(overloaded("more batches wait at the shard than it can write"));
        }
        let written = async || self.store.on_disk().await;
        let receipt = self.queue.put(visitor, body, |group| self.write(&group), written).await?;
        Ok(((visitor, Some((receipt, self.live.hint_ms(received_ms)))), received_ms))
    }

    /// Sets the alarm for the next midnight (UTC) on the first delivery of a day, but not in place of another: one that is due just now
    /// would never come, nor one that an erasure waits for. Each sets the next.
    async fn alarm_daily(&self, received_ms: i64) -> Result<()> {
        let today = Day::of_utc(received_ms);
        let is_first = self.alarmed.replace(Some(today)) != Some(today);
        if is_first && self.state.storage().get_alarm().await?.is_none() {
            alarm::set(&self.state, (i64::from(today.0) + 1) * DAY_MS).await?;
        }
        Ok(())
    }
}
