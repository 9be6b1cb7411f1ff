//! A batch's way to its visitor's shard.
//!
//! One call where the tab shows its ticket. Without one the tab's home says whose it is; where the visitor lives in the
//! home, it takes the batch in at once, so that a site of one shard needs no second call. Once a tab is enough: its reply
//! carries the ticket.

mod coalesce;

use std::rc::Rc;

use passerby_analytics::delivery::{Delivery, Receipt};
use passerby_analytics::live::USUAL_FLUSH_MS;
use passerby_analytics::tabs;
use passerby_analytics::visitor::{Key, Visitor};
use passerby_protocol::TabId;
use serde::{Deserialize, Serialize, Serializer};
use worker::{Context, Env, Error, Result};

use crate::identity::Keys;
use crate::objects::{ask_shard, overloaded, pack, unpack};
use crate::rejects::Reject;

/// Whose a batch says it is.
pub struct Claim {
    /// By the visitor's own id, by the ticket, or else by address.
    pub visitor: Visitor,
    /// Whether it carries the visitor's own id, which says it for certain.
    pub by_id: bool,
    /// As whom its tab began: what the ticket says.
    pub first: Option<Visitor>,
}

/// A batch, as a shard gets it. What decides where it goes stands first: of one that waits no more is read than [`Label`].
#[derive(Debug, Serialize, Deserialize)]
#[serde(bound(deserialize = "S: Deserialize<'de> + Default + PartialEq"))]
pub struct Parcel<S> {
    /// Where its tab has no ticket, and the shard is asked as its home.
    pub home: Option<Home>,
    /// How many of its events had been counted as another visitor's, and were taken out.
    pub taken_out: u32,
    /// The others.
    pub delivery: Delivery<S>,
    /// Some of those that were refused before.
    pub rejects: Vec<Reject>,
}

/// How a [`Parcel`] begins: the home, what was taken out; when it was received, whose it is, and its tab.
pub type Label = (Option<Home>, u32, i64, Visitor, TabId);

/// What a shard needs to be the home of tabs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Home {
    /// The site.
    pub site: String,
    /// How many shards it has, as a power of two.
    pub bits: u32,
    /// Which of them is asked.
    pub shard: u32,
    /// The site's key, by which tabs have their homes.
    pub key: Key,
    /// Whether the batch carries the visitor's own id.
    pub by_id: bool,
}

/// A home's answer: as whom the tab began, and, where the batch is that visitor's and the visitor's shard is this one, what
/// became of it, and how many milliseconds its tracker should buffer from now on.
pub type Answer = (Visitor, Option<(Receipt, u32)>);

/// What became of a batch that was sent to a shard.
#[derive(Debug, Serialize, Deserialize)]
pub enum Taken {
    /// The shard answered.
    In(Answer),
    /// It has too much to do: untouched.
    Overloaded,
    /// Something failed: to be sent again, since what did is not known.
    Failed,
}

impl Taken {
    /// The answer, where it was taken in.
    pub fn answer(self) -> Result<Answer> {
        match self {
            Self::In(answer) => Ok(answer),
            Self::Overloaded => Err(overloaded("the shard has too much to do")),
            Self::Failed => Err(Error::from("the shard did not take a batch in")),
        }
    }
}

/// A message in a message.
struct Packed<'a>(&'a [u8]);

impl Serialize for Packed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> core::result::Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0)
    }
}

/// Sends packed parcels to a shard in one call. Answers what became of each, in their order.
pub async fn send(env: &Env, site: &str, bits: u32, shard: u32, parcels: &[impl AsRef<[u8]>]) -> Result<Vec<Taken>> {
    let body = pack(&parcels.iter().map(|parcel| Packed(parcel.as_ref())).collect::<Vec<_>>())?;
    let taken: Vec<Taken> = unpack(&ask_shard(env, site, bits, shard, "deliver", &body).await?)?;
    match taken.len() == parcels.len() {
        true => Ok(taken),
        false => Err(Error::from("the shard answered for other batches")),
    }
}

/// Has a batch taken in. Answers also as whom its tab began, and how long to buffer.
pub async fn deliver<S: Serialize>(
    env: &Env,
    context: &Context,
    site: &str,
    keys: &Keys,
    delivery: Delivery<S>,
    rejects: Vec<Reject>,
    claim: Claim,
) -> Result<(Visitor, Receipt, u32)> {
    let bits = keys.shard_bits;
    let (tab, received_ms) = (delivery.tab, delivery.received_ms);
    let send = async |shard, parcel: &Parcel<S>| {
        coalesce::deliver(env, context, (Rc::from(site), bits, shard), pack(parcel)?, received_ms).await
    };
    let mut parcel = Parcel { home: None, taken_out: 0, delivery, rejects };
    let first = match claim.first {
        Some(first) => first,
        None => {
            let shard = tabs::home(&keys.visitor_key, tab, bits);
            let (site, key) = (site.to_owned(), keys.visitor_key);
            parcel.home = Some(Home { site, bits, shard, key, by_id: claim.by_id });
            match send(shard, &parcel).await? {
                (first, Some((receipt, flush_after_ms))) => return Ok((first, receipt, flush_after_ms)),
                (first, None) => first,
            }
        }
    };
    parcel.home = None;
    if !claim.by_id {
        parcel.delivery.visitor = first;
    }
    let visitor = parcel.delivery.visitor;
    if first != visitor {
        let seen = ask_shard(env, site, bits, first.shard(bits), "seen", &pack(&(first, tab, received_ms))?).await?;
        parcel.taken_out = parcel.delivery.take_out(&unpack(&seen)?);
    }
    let (_, taken) = send(visitor.shard(bits), &parcel).await?;
    let (receipt, flush_after_ms) = taken.unwrap_or((Receipt::default(), USUAL_FLUSH_MS));
    Ok((first, receipt, flush_after_ms))
}
