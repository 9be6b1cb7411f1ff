//! A hub's word to the shards of its site.

use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, join_all, select};
use passerby_analytics::calendar::{DAY_MS, Day, Zone};
use passerby_analytics::live::{Report, Watch};
use worker::{Delay, Env, Error, Result};

use crate::objects::{ask_shard, pack, unpack};
use crate::problem::Problem;
use crate::settings::Site;
use crate::zone::Clocks;
use crate::{identity, stats};

/// How long a shard may take: what the others say is shown without it.
const PATIENCE: Duration = Duration::from_secs(5);

/// Tells all shards that somebody watches until then, and answers with what they have now, if that is wanted, and with
/// the numbers of those that failed. Idempotent.
pub async fn tell(
    env: &Env,
    site: &str,
    told_ms: i64,
    until_ms: i64,
    whole: bool,
) -> core::result::Result<(Vec<Report>, Vec<u32>), Problem> {
    let site = Site::find(env, site).await?;
    let keys = identity::keys(env, &site, Day::of_utc(told_ms)).await?;
    let clocks = stats::clocks(&site).unwrap_or_else(|_| Clocks::utc());
    let zone = Zone::probe(told_ms - DAY_MS, told_ms + DAY_MS, |at_ms| clocks.offset_ms(at_ms));
    let (bits, key) = (keys.shard_bits, keys.visitor_key);
    let watch = |shard| Watch { site: site.id.clone(), shard, bits, told_ms, until_ms, key, zone: zone.clone() };
    let answers = join_all((0..1 << bits).map(|shard| ask(env, watch(shard), whole))).await;
    let (mut reports, mut failed) = (Vec::new(), Vec::new());
    for (shard, answer) in (0..).zip(answers) {
        match answer {
            Ok(report) => reports.push(report),
            Err(error) => {
                worker::console_error!("shard {shard} of {} does not know who watches: {error}", site.id);
                failed.push(shard);
            }
        }
    }
    Ok((reports, failed))
}

async fn ask(env: &Env, watch: Watch, whole: bool) -> Result<Report> {
    let body = pack(&(&watch, whole))?;
    let asked = pin!(ask_shard(env, &watch.site, watch.bits, watch.shard, "watch", &body));
    match select(asked, Delay::from(PATIENCE)).await {
        Either::Left((answer, _)) => unpack(&answer?),
        Either::Right(_) => Err(Error::from("it takes too long")),
    }
}
