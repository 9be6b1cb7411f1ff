//! Revenue: what orders and events with an amount bring.

use std::hash::Hasher;

use siphasher::sip::SipHasher24;

use super::fold::Fold;
use super::groups::Groups;
use crate::report::tally::Amount;
use crate::segment::{Column, Detail, kind_number, unzigzag};

/// An event with an amount.
struct Paid {
    /// Its place among the segment's events.
    event: usize,
    /// In minor units.
    minor: i64,
    /// As a symbol.
    currency: u64,
    /// The order's id as a symbol; 0: no order.
    order: u64,
}

/// Adds the amounts of events in the range.
pub(super) fn add_revenue(fold: &Fold, groups: &mut Groups) {
    let all = paid(fold);
    let mut rest = all.as_slice();
    if rest.is_empty() {
        return;
    }
    let before = |rest: &[Paid], end: usize| rest.iter().take_while(|paid| paid.event < end).count();
    for visit in fold.visits() {
        rest = &rest[before(rest, visit.events.start)..]; // without those of visits that are not meant
        let (of_visit, behind) = rest.split_at(before(rest, visit.events.end));
        rest = behind;
        let (mut at_ms, mut next) = (visit.start_ms, visit.events.start);
        for paid in of_visit {
            at_ms += fold.hits().after_ms[next..=paid.event].iter().sum::<u64>() as i64;
            next = paid.event + 1;
            if !fold.query.range.holds(at_ms) || !fold.filter.takes_event(paid.event) {
                continue;
            }
            let text = |sym: u64| fold.segment.string(sym);
            let amount = Amount { at_ms, minor: paid.minor, currency: text(paid.currency).to_owned() };
            let order = (paid.order != 0).then(|| hash(text(paid.order)));
            fold.each_key(visit.place, paid.event, at_ms, |key| {
                let number = groups.number(key);
                groups.tally(number).revenue.add(order, amount.clone());
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

/// The events of a segment that have an amount, in their order: orders, and others with an amount among their properties.
fn paid(fold: &Fold) -> Vec<Paid> {
    let segment = fold.segment;
    let mut all = Vec::new();
    if segment.has(Column::Detail(Detail::OrderCurrency)) {
        let order = kind_number(Detail::OrderId.kind());
        let events = (0..).zip(&fold.hits().kinds).filter(|(_, kind)| **kind == order);
        let events: Vec<usize> = events.map(|(event, _)| event).collect();
        let column = |detail| segment.of_some(Column::Detail(detail), events.len());
        let (ids, minors, currencies) =
            (column(Detail::OrderId), column(Detail::OrderMinor), column(Detail::OrderCurrency));
        all.extend(events.into_iter().enumerate().map(|(at, event)| Paid {
            event,
            minor: unzigzag(minors[at]),
            currency: currencies[at],
            order: ids[at],
        }));
    }
    if segment.has(Column::PropCurrency) {
        let places: Vec<_> = segment.properties().collect();
        let count = places.last().map_or(0, |last| last.end);
        let (minors, currencies) =
            (segment.of_some(Column::PropMinor, count), segment.of_some(Column::PropCurrency, count));
        for (event, place) in places.into_iter().enumerate() {
            let amount = place.into_iter().find(|at| currencies[*at] != 0);
            all.extend(amount.map(|at| Paid {
                event,
                minor: unzigzag(minors[at]),
                currency: currencies[at],
                order: 0,
            }));
        }
        all.sort_by_key(|paid| paid.event);
    }
    all.retain(|paid| paid.currency != 0);
    all
}
