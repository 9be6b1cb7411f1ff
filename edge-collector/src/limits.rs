//! How many batches an address may send to a site, and all together: as an isolate remembers it, or, of addresses, as the
//! platform's own limiter does where one is bound.
//!
//! Where that cannot be told, the batch passes, and it is counted that it did: an event that is turned away may be lost for
//! good, and one too many costs a hundred-thousandth of a cent. A limiter of the platform's that fails leaves it to the
//! isolate's memory. Addresses are remembered as hashes under a key that is nowhere but in this memory.

use std::cell::RefCell;
use std::collections::HashMap;

use passerby_analytics::bucket::{Buckets, Level, Rate, Taken};
use passerby_analytics::outcome::{Outcome, RequestError};
use passerby_analytics::visitor::{Key, Visitor};
use worker::{Date, Env, RateLimiter};

use crate::ingest::chance;
use crate::outcomes;
use crate::problem::Problem;
use crate::settings::Site;

/// The platform's limiter. Its own settings say how much it lets pass.
const LIMITER: &str = "INGEST_LIMITER";

const MINUTE_MS: u32 = 60_000;

/// Addresses of a site that are told apart: 3 MB.
const MAX_ADDRESSES: usize = 50_000;

/// What is said of whom nothing bounds.
const PASSED: Taken = Taken::Passed(Level { remaining: u32::MAX, full_in_ms: 0 });

/// A site's buckets, and what they were made for.
struct OfSite {
    rates: (u32, u32),
    addresses: Buckets<u64>,
    all: Buckets<()>,
}

impl OfSite {
    fn new(rates: (u32, u32)) -> Self {
        let rate = |quota| Rate { quota, window_ms: MINUTE_MS };
        Self { rates, addresses: Buckets::new(rate(rates.0), MAX_ADDRESSES), all: Buckets::new(rate(rates.1), 1) }
    }
}

thread_local! {
    static KEY: RefCell<Option<Key>> = RefCell::default();
    static SITES: RefCell<HashMap<String, OfSite>> = RefCell::default();
}

/// Lets a request with so many events pass, or refuses it whole. `address` is none where a server speaks for others.
pub async fn check(env: &Env, site: &Site, address: Option<&str>, events: usize) -> Result<(), Problem> {
    let now_ms = Date::now().as_millis() as i64;
    let rates = (site.batches_per_minute_of_address, site.batches_per_minute);
    let address = match address {
        Some(address) if rates.0 > 0 => Some(hashed(site, address)?),
        _ => None,
    };
    let limiter = env.get_binding::<RateLimiter>(LIMITER).ok();
    let mut by_address = address;
    if let (Some(limiter), Some(address)) = (limiter, address) {
        match limiter.limit(format!("{address:016x}")).await {
            Ok(outcome) if !outcome.success => return Err(limited(site, "address", events, 1000)),
            Ok(_) => by_address = None,
            Err(error) => {
                worker::console_error!("the limiter failed: {error}");
                outcomes::note(&site.id, Outcome::Unlimited, 1);
            }
        }
    }
    let (taken, whose) = SITES.with_borrow_mut(|sites| {
        let buckets = sites.entry(site.id.clone()).or_insert_with(|| OfSite::new(rates));
        if buckets.rates != rates {
            *buckets = OfSite::new(rates);
        }
        let of_address = by_address.map(|address| buckets.addresses.take(address, 1, now_ms));
        match of_address {
            Some(taken @ Taken::Limited { .. }) => (taken, "address"),
            Some(Taken::Unknown) => (Taken::Unknown, "address"),
            _ if rates.1 > 0 => (buckets.all.take((), 1, now_ms), "site"),
            passed => (passed.unwrap_or(PASSED), "site"),
        }
    });
    match taken {
        Taken::Passed(_) => Ok(()),
        Taken::Limited { wait_ms } => Err(limited(site, whose, events, wait_ms)),
        Taken::Unknown => {
            outcomes::note(&site.id, Outcome::Unlimited, 1);
            Ok(())
        }
    }
}

fn limited(site: &Site, whose: &str, events: usize, wait_ms: u64) -> Problem {
    let detail = format!("the {whose} sends more batches than the site takes of one; see batches_per_minute");
    let problem = Problem::new(RequestError::Limited).of_site(&site.id).detail(detail).of_events(events);
    problem.after_s(wait_ms.div_ceil(1000).max(1))
}

fn hashed(site: &Site, address: &str) -> Result<u64, Problem> {
    let known = KEY.with_borrow(|key| *key);
    let key = match known {
        Some(key) => key,
        None => {
            let key = chance()?;
            KEY.with_borrow_mut(|kept| *kept.get_or_insert(key))
        }
    };
    Ok(Visitor::of_the_day(&key, &site.id, address, "").0)
}
