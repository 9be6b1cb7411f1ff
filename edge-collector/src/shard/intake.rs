//! Batches that come to a shard, each on its own or several in one call: those of a call wait in the queue together, and each is
//! answered for itself.

use futures_util::future::join_all;
use passerby_analytics::calendar::{DAY_MS, Day};
use passerby_analytics::tabs::Seen;
use passerby_analytics::visitor::Visitor;
use worker::{Error, Response, Result};

use super::Shard;
use crate::alarm;
use crate::delivery::{Label, Taken};
use crate::objects::{pack, reply, unpack, unpack_beginning};

/// How many of one call wait at once, to be written together.
const AT_ONCE: usize = 256;

/// Whose a batch is, and where it goes.
struct Addressed {
    visitor: Visitor,
    received_ms: i64,
    /// Whether it is to be taken in here; else this is only its tab's home.
    is_here: bool,
    /// Whether its tab's home was asked.
    by_home: bool,
}

impl Shard {
    /// Takes batches in, and says of each what became of it.
    pub(super) async fn deliver(&self, body: &[u8]) -> Result<Response> {
        let parcels: Vec<&[u8]> = unpack(body)?;
        // A call of several is taken in as a whole or refused as one. Where it is one sender's, that one sends all of it again,
        // and of events without names those that had been taken in would count twice.
        let is_of_many = parcels.len() > 1;
        if is_of_many && self.queue.is_full(&[], 0) {
            return reply(pack(&parcels.iter().map(|_| Taken::Overloaded).collect::<Vec<_>>())?);
        }
        let (mut all, mut newest_ms) = (Vec::with_capacity(parcels.len()), None);
        for some in parcels.chunks(AT_ONCE) {
            all.extend(self.take(some, is_of_many, &mut newest_ms).await);
        }
        if let Some(received_ms) = newest_ms {
            self.alarm_daily(received_ms).await?;
            self.live.send(&self.state, received_ms);
        }
        reply(pack(&all)?)
    }

    /// Takes batches of a call in, but for those of whose tabs this is only the home, and says whose each is. Where too much
    /// waits already a batch is refused at once, untouched: the sender has it still, and is told to wait. But not where its call is
    /// admitted, unless its tab's home was asked first: trackers' batches do, and those are each one sender's.
    async fn take(&self, parcels: &[&[u8]], is_admitted: bool, newest_ms: &mut Option<i64>) -> Vec<Taken> {
        let mut all = Vec::with_capacity(parcels.len());
        let (mut here, mut batches) = (Vec::with_capacity(parcels.len()), Vec::with_capacity(parcels.len()));
        let addressed = join_all(parcels.iter().map(|parcel| self.addressed(parcel))).await;
        for (parcel, addressed) in parcels.iter().zip(addressed) {
            let Addressed { visitor, received_ms, is_here, by_home } = match addressed {
                Ok(addressed) => addressed,
                Err(error) => {
                    all.push(failed(&error));
                    continue;
                }
            };
            let may_be_refused = is_here && (!is_admitted || by_home);
            if may_be_refused && self.queue.is_full(&batches, parcel.len()) {
                all.push(Taken::Overloaded);
                continue;
            }
            *newest_ms = (*newest_ms).max(Some(received_ms));
            if is_here {
                here.push((all.len(), visitor, received_ms));
                batches.push((visitor, parcel.to_vec()));
            }
            // What is to be taken in here has failed until it is told otherwise.
            all.push(if is_here { Taken::Failed } else { Taken::In((visitor, None)) });
        }
        match self.queue.put(batches, |group| self.write(&group), async || self.store.on_disk().await).await {
            Ok(receipts) => {
                for ((place, visitor, received_ms), receipt) in here.into_iter().zip(receipts) {
                    all[place] = match receipt {
                        Ok(receipt) => Taken::In((visitor, Some((receipt, self.live.hint_ms(received_ms))))),
                        Err(error) => failed(&error),
                    };
                }
            }
            Err(error) => _ = failed(&error),
        }
        all
    }

    /// Whose a batch is, and whether it is to be taken in here.
    async fn addressed(&self, parcel: &[u8]) -> Result<Addressed> {
        let (home, _, received_ms, visitor, tab): Label = unpack_beginning(parcel)?;
        let Some(home) = home else { return Ok(Addressed { visitor, received_ms, is_here: true, by_home: false }) };
        let first = self.homes.first(&self.store, &home, Seen { since_ms: received_ms, tab, visitor }).await?;
        // Another's batch goes to that one's shard; and that one's shard knows what a tab sent before it had consent.
        let is_here = first.shard(home.bits) == home.shard && !(home.by_id && first != visitor);
        Ok(Addressed { visitor: first, received_ms, is_here, by_home: true })
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

/// What a sender is told of a batch that something kept from being taken in.
fn failed(error: &Error) -> Taken {
    worker::console_error!("a batch was not taken in: {error}");
    Taken::Failed
}
