//! A batch's events, checked one by one and given absolute times. One bad event costs no other.

use std::borrow::Cow;

use passerby_protocol::limits::{MAX_NAME_BYTES, MAX_URL_BYTES};
use passerby_protocol::{Batch, Event, Kind, Reason, Refusal};

use crate::calendar::{DAY_MS, MINUTE_MS};
use crate::delivery::{Hit, written_bytes};
use crate::enrich::source;

type Text<'a> = Cow<'a, str>;

/// How old an event may be. A phone that was offline over a long weekend's nights still counts; a salt of the day lives
/// 48 hours, and tickets carry a tab beyond it.
pub const MAX_AGE_MS: i64 = 3 * DAY_MS;

/// How far after its batch's sending an event may claim to lie: what a clock that jumps meanwhile may do.
pub const MAX_AHEAD_MS: i64 = MINUTE_MS;

/// Bytes of a batch with every text written out, as a shard stores it: four times what a body may have. Strings stand in
/// a body once, however often they are used, so without this bound 64 KiB could become 100 MB.
pub const MAX_WRITTEN_BYTES: usize = 256 * 1024;

/// What the site itself decides about its events.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a> {
    /// Hosts whose pages count beside the site's own name, in lower or upper case; `*.example.com` is that one and all below it,
    /// `*` is any. None: any but those of a developer's own machine.
    pub hosts: &'a [String],
}

impl Rules<'_> {
    /// Whether a page of this host counts. One of the site's own name does, and one without a name is taken for that.
    fn check(self, host: &str, site: &str) -> Result<(), Reason> {
        let host = host.to_ascii_lowercase();
        let matches = |pattern: &String| match pattern.to_ascii_lowercase().strip_prefix("*.") {
            Some(parent) => host.strip_suffix(parent).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')),
            None => pattern == "*" || host.eq_ignore_ascii_case(pattern),
        };
        match self.hosts {
            _ if host.is_empty() || host.eq_ignore_ascii_case(site) => Ok(()),
            [] if is_local(&host) => Err(Reason::LocalHost),
            [] => Ok(()),
            hosts if hosts.iter().any(matches) => Ok(()),
            _ => Err(Reason::HostNotAllowed),
        }
    }
}

/// Names and addresses by which a machine reaches itself (RFC 6761, 6.3; RFC 1122, 3.2.1.3; RFC 4291, 2.5.3).
fn is_local(host: &str) -> bool {
    let is_loopback =
        host.strip_prefix("127.").is_some_and(|rest| rest.bytes().all(|b| b == b'.' || b.is_ascii_digit()));
    is_loopback || host == "localhost" || host.ends_with(".localhost") || host == "[::1]" || host == "0.0.0.0"
}

/// The host of an `Origin` header (RFC 6454, 7): browsers name in it whose page sends. Empty where they do not tell.
#[must_use]
pub fn host_of_origin(origin: &str) -> &str {
    let Some((_, authority)) = origin.split_once("://") else { return "" };
    match authority.rfind(':') {
        Some(colon) if !authority[colon..].contains(']') => &authority[..colon],
        _ => authority,
    }
}

/// The events of a batch that may be counted, and the others with their reasons. Their order is that of the batch.
///
/// Times count back from the sending, and the sending is taken for the receiving: so a wrong clock costs nothing, and
/// an event is late only by the way of its request.
///
/// `page_host` is that of the page on which the batch begins, empty where nobody told; page views name their own.
pub fn take_apart<'a>(
    batch: Batch<Text<'a>>,
    received_ms: i64,
    page_host: &str,
    rules: Rules<'_>,
) -> (Vec<Hit<Text<'a>>>, Vec<Refusal>) {
    let Batch { first, user, page, events, site, .. } = batch;
    // Every event keeps a copy of both, so a text that is too long counts as unknown: it would be stored a thousand times.
    let (mut user, mut page) = (at_most(user, MAX_NAME_BYTES), at_most(page, MAX_URL_BYTES));
    let (mut hits, mut refused) = (Vec::with_capacity(events.len()), Vec::new());
    let mut at_ms = received_ms;
    // Whether the page that events now happen on is one that counts.
    let mut page_counts = rules.check(page_host, &site);
    let mut written = 0usize;
    for (index, mut event) in (0u32..).zip(events) {
        at_ms = at_ms.saturating_add(i64::from(event.after_ms));
        if let Kind::Pageview(view) = &mut event.kind {
            page = at_most(view.path.clone(), MAX_URL_BYTES);
            page_counts = rules.check(&view.host, &site);
            let host = if view.host.is_empty() { &site } else { &view.host };
            if source::is_internal(&view.referrer, host) {
                view.referrer = Cow::Borrowed("");
            }
        }
        // The batch says whose its beginning is.
        if let Kind::Identify(identified) = &event.kind {
            user = at_most(identified.user.clone(), MAX_NAME_BYTES);
        }
        let number = first.checked_add(index);
        match (check(&event, at_ms, received_ms).and(page_counts), number) {
            (Ok(()), Some(number)) => {
                let (page, user) = (page.clone(), user.clone());
                let hit =
                    Hit { index, number: number.into(), at_ms: at_ms.min(received_ms), page, user, kind: event.kind };
                written = written.saturating_add(written_bytes(&hit));
                if written <= MAX_WRITTEN_BYTES {
                    hits.push(hit);
                } else {
                    refused.push(Refusal { index, reason: Reason::TooHeavy });
                }
            }
            (Ok(()), None) => refused.push(Refusal { index, reason: Reason::NumberOutOfRange }),
            (Err(reason), _) => refused.push(Refusal { index, reason }),
        }
    }
    (hits, refused)
}

fn at_most(text: Text<'_>, bytes: usize) -> Text<'_> {
    if text.len() > bytes { Cow::Borrowed("") } else { text }
}

fn check(event: &Event<Text>, at_ms: i64, received_ms: i64) -> Result<(), Reason> {
    event.check()?;
    if at_ms < received_ms - MAX_AGE_MS {
        return Err(Reason::TooOld);
    }
    if at_ms > received_ms + MAX_AHEAD_MS {
        return Err(Reason::InFuture);
    }
    Ok(())
}
