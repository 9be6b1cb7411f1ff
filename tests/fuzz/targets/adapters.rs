//! Any bytes as a request of another analytics' client: no panic, from the reading to the deliveries and the answer. The input
//! is a byte for the API, and then, each behind a line's end: the query, the headers, the body, packed or not.
#![no_main]

use libfuzzer_sys::fuzz_target;
use passerby_adapters::inflate::inflate;
use passerby_adapters::{Api, Asked, Verdict, answer, ga4, read};
use passerby_analytics::delivery::Client;
use passerby_analytics::gather::{Letter, gather};
use passerby_analytics::validate::Rules;
use passerby_analytics::visitor::{Visitor, number_of_name};
use passerby_protocol::Refusal;

const APIS: [(Api, &str); 11] = [
    (Api::Plausible, ""),
    (Api::Umami, ""),
    (Api::UmamiBatch, ""),
    (Api::PostHog, ""),
    (Api::Segment, ""),
    (Api::Segment, "track"),
    (Api::Segment, "page"),
    (Api::Segment, "identify"),
    (Api::Segment, "alias"),
    (Api::Ga4, ""),
    (Api::Ga4Debug, ""),
];

/// Noon in UTC of Wednesday, 1 July 2026.
const RECEIVED_MS: i64 = 1_782_907_200_000;

fuzz_target!(|input: &[u8]| {
    let Some((choice, rest)) = input.split_first() else { return };
    let (api, kind) = APIS[usize::from(*choice) % APIS.len()];
    let mut parts = rest.splitn(5, |byte| *byte == b'\n');
    let mut part = || parts.next().unwrap_or_default();
    let texts = [part(), part(), part(), part()].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    let Ok(body) = inflate(part().to_vec()) else { return };
    let [query, authorization, forwarded_for, umami_cache] = texts.each_ref().map(String::as_str);
    let asked = Asked { query, authorization, forwarded_for, umami_cache, body: &body };
    let said = read(api, kind, &asked);
    if api == Api::Ga4Debug {
        _ = ga4::validation(&said);
    }
    let Ok(mut call) = said else { return };
    call.settle_times(RECEIVED_MS, choice & 128 != 0);
    let events = call.events.len();
    let (mut letters, mut refused) = (Vec::new(), Vec::new());
    for (index, arrival) in (0u32..).zip(call.events) {
        match arrival {
            Ok(arrival) => letters.push(Letter {
                index,
                visitor: Visitor(u64::from(arrival.person.len() as u32)),
                number: number_of_name(&[7; 16], &arrival.id),
                host: arrival.host.into(),
                client: Client::default(),
                batch: arrival.batch,
            }),
            Err(reason) => refused.push(Refusal { index, reason }),
        }
    }
    for delivery in gather(letters, RECEIVED_MS, Rules { hosts: &[] }, &[7; 16]) {
        refused.extend(delivery.refused);
    }
    assert!(refused.iter().all(|refusal| (refusal.index as usize) < events), "a refusal names an event of the request");
    _ = answer(api, &Verdict { events, refused, ..Verdict::default() });
});
