//! One request of a client that is not a tracker of ours may hold events of many visitors: each on a page of its own, each
//! with a name of its own. They are gathered by visitor, into the deliveries that a tracker's batches become, too.

use std::borrow::Cow;
use std::collections::HashMap;

use passerby_protocol::{Batch, Kind, Refusal};

use crate::delivery::{Client, Delivery, Hit, written_bytes};
use crate::validate::{MAX_WRITTEN_BYTES, Rules, take_apart};
use crate::visitor::{Key, Visitor};

type Text<'a> = Cow<'a, str>;

/// What a client says with one event of its own, and whose it is.
#[derive(Debug)]
pub struct Letter<'a> {
    /// The event's place in the request, from 0.
    pub index: u32,
    /// Whose it is.
    pub visitor: Visitor,
    /// The number of its first event in the visitor's tab ([`Visitor::tab`]); the others' follow.
    pub number: u64,
    /// The host it happened on; empty where unknown.
    pub host: Text<'a>,
    /// What is known of the browser.
    pub client: Client<Text<'a>>,
    /// What happened: mostly one event.
    pub batch: Batch<Text<'a>>,
}

/// The deliveries of a request's events, each event checked by itself. Refusals name the event by its place in the request.
/// A visitor has more than one delivery only where one would be heavier than a shard takes at a time.
pub fn gather<'a>(
    letters: Vec<Letter<'a>>,
    received_ms: i64,
    rules: Rules<'_>,
    site_key: &Key,
) -> Vec<Delivery<Text<'a>>> {
    let mut deliveries: Vec<(Delivery<Text<'a>>, usize)> = Vec::new();
    let mut open: HashMap<Visitor, usize> = HashMap::new();
    for letter in letters {
        let (visitor, client, hits, refused) = checked(letter, received_ms, rules);
        let written: usize = hits.iter().map(written_bytes).sum();
        let fits = |place: &&usize| deliveries.get(**place).is_some_and(|(_, sum)| sum + written <= MAX_WRITTEN_BYTES);
        let place = open.get(&visitor).filter(fits).copied().unwrap_or_else(|| {
            let delivery = Delivery {
                received_ms,
                visitor,
                tab: visitor.tab(site_key),
                client: Client::default(),
                hits: Vec::new(),
                refused: Vec::new(),
            };
            deliveries.push((delivery, 0));
            deliveries.len() - 1
        });
        open.insert(visitor, place);
        if let Some((delivery, sum)) = deliveries.get_mut(place) {
            *sum += written;
            delivery.client.learn(client);
            delivery.hits.extend(hits);
            delivery.refused.extend(refused);
        }
    }
    deliveries.into_iter().map(|(delivery, _)| delivery).collect()
}

type Checked<'a> = (Visitor, Client<Text<'a>>, Vec<Hit<Text<'a>>>, Vec<Refusal>);

/// A letter's events that may be counted, and the others.
fn checked<'a>(letter: Letter<'a>, received_ms: i64, rules: Rules<'_>) -> Checked<'a> {
    let Letter { index, visitor, number, host, client, mut batch } = letter;
    for event in &mut batch.events {
        if let Kind::Pageview(view) = &mut event.kind
            && view.host == batch.site
        {
            view.host = Cow::Borrowed("");
        }
    }
    let (mut hits, mut refused) = take_apart(batch, received_ms, &host, rules);
    for hit in &mut hits {
        hit.number = number.wrapping_add(hit.index.into());
        hit.index = index;
    }
    refused.iter_mut().for_each(|refusal| refusal.index = index);
    (visitor, client, hits, refused)
}
