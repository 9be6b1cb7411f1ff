//! Revenue: what orders and events with an amount bring.

use std::hash::Hasher;

use siphasher::sip::SipHasher24;

use super::fold::{Fold, Groups};
use crate::report::tally::Amount;
use crate::segment::{Column, Detail, kind_number, unzigzag};

/// For each event of a segment its amount, where it has one, and its order's id.
struct Amounts {
    /// In minor units, by event.
    minor: Vec<i64>,
    /// As a symbol, by event; 0: no amount.
    currency: Vec<u64>,
    /// As a symbol, by event; 0: no order.
    order: Vec<u64>,
}

/// Adds the amounts of events in the range.
pub(super) fn add_revenue(fold: &Fold, groups: &mut Groups) {
    let (amounts, hits) = (Amounts::of(fold), fold.hits());
    for visit in fold.visits() {
        let mut at_ms = visit.start_ms;
        for event in visit.events.clone() {
            at_ms += hits.after_ms[event] as i64;
            if amounts.currency[event] == 0 || !fold.query.range.holds(at_ms) || !fold.filter.takes_event(event) {
                continue;
            }
            let text = |sym: u64| fold.segment.string(sym);
            let currency = text(amounts.currency[event]).to_owned();
            let amount = Amount { at_ms, minor: amounts.minor[event], currency };
            let order = (amounts.order[event] != 0).then(|| hash(text(amounts.order[event])));
            fold.each_key(visit.place, event, at_ms, |key| {
                groups.entry(key).or_default().revenue.add(order, amount.clone());
            });
        }
    }
}

/// The same for the same order in every shard.
fn hash(order: &str) -> u64 {
    let mut hasher = SipHasher24::new();
    hasher.write(order.as_bytes());
    hasher.finish()
}

impl Amounts {
    fn of(fold: &Fold) -> Self {
        let (segment, kinds) = (fold.segment, &fold.hits().kinds);
        let mut amounts =
            Self { minor: vec![0; kinds.len()], currency: vec![0; kinds.len()], order: vec![0; kinds.len()] };
        let order = kind_number(Detail::OrderId.kind());
        let places: Vec<usize> = (0..kinds.len()).filter(|event| kinds[*event] == order).collect();
        let column = |detail| segment.of_some(Column::Detail(detail), places.len());
        let columns = (column(Detail::OrderId), column(Detail::OrderMinor), column(Detail::OrderCurrency));
        for (at, event) in places.into_iter().enumerate() {
            amounts.order[event] = columns.0[at];
            amounts.minor[event] = unzigzag(columns.1[at]);
            amounts.currency[event] = columns.2[at];
        }
        let props: Vec<_> = segment.properties().collect();
        let count = props.last().map_or(0, |last| last.end);
        let (minors, currencies) =
            (segment.of_some(Column::PropMinor, count), segment.of_some(Column::PropCurrency, count));
        for (event, place) in props.into_iter().enumerate() {
            if let Some(at) = place.into_iter().find(|at| currencies[*at] != 0) {
                amounts.minor[event] = unzigzag(minors[at]);
                amounts.currency[event] = currencies[at];
            }
        }
        amounts
    }
}
