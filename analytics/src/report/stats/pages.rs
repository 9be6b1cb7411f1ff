//! How long pages were looked at, and how far down.

use std::collections::BTreeMap;

use super::Key;
use super::fold::{Fold, Groups, PAGEVIEW};
use crate::segment::{Column, Detail, kind_number};

/// A page in a visit, in one group.
#[derive(Default)]
struct Seen {
    engaged_ms: u64,
    /// The greatest percent, where any was measured.
    scroll: Option<u64>,
}

/// Adds the pages of the visits that began in the range: whole, so that days add up.
pub(super) fn add_pages(fold: &Fold, groups: &mut Groups) {
    let (hits, engagement) = (fold.hits(), kind_number(Detail::Scroll.kind()));
    let measured = hits.kinds.iter().filter(|kind| **kind == engagement).count();
    let column = |detail| fold.segment.of_some(Column::Detail(detail), measured);
    let (times_ms, depths) = (column(Detail::EngagedMs), column(Detail::Scroll));
    // For each event, how many measurements stand before it.
    let mut place = 0;
    let places: Vec<usize> = hits
        .kinds
        .iter()
        .map(|kind| {
            let before = place;
            place += usize::from(*kind == engagement);
            before
        })
        .collect();
    let pages = fold.segment.of_events(Column::Page);
    let mut seen: BTreeMap<(Key, u64), Seen> = BTreeMap::new();
    for visit in fold.visits().filter(|visit| fold.query.range.holds(visit.start_ms)) {
        for event in visit.events.clone() {
            let is_measured = hits.kinds[event] == engagement;
            if !(is_measured || hits.kinds[event] == PAGEVIEW) || !fold.filter.takes_event(event) {
                continue;
            }
            fold.each_key(visit.place, event, visit.start_ms, |key| {
                let page = seen.entry((key, pages[event])).or_default();
                if is_measured {
                    page.engaged_ms += times_ms[places[event]];
                    page.scroll = page.scroll.max(Some(depths[places[event]]));
                }
            });
        }
        for ((key, _), page) in core::mem::take(&mut seen) {
            let group = groups.entry(key).or_default();
            group.pages += 1;
            group.engaged_ms += page.engaged_ms;
            group.scrolled += u64::from(page.scroll.is_some());
            group.scroll_percent += page.scroll.unwrap_or(0);
        }
    }
}
