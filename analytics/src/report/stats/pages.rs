//! How long pages were looked at, and how far down.

use super::fold::{Fold, PAGEVIEW};
use super::groups::Groups;
use crate::segment::{Column, Detail, kind_number};

/// A page in a visit, in one group: once for each time it was viewed or measured.
struct Seen {
    group: usize,
    page: u64,
    engaged_ms: u64,
    /// In percent, where it was measured.
    depth: Option<u64>,
}

/// Adds the pages of the visits that began in the range: whole, so that days add up.
pub(super) fn add_pages(fold: &Fold, groups: &mut Groups) {
    let (hits, engagement) = (fold.hits(), kind_number(Detail::Scroll.kind()));
    // For each event, how many measurements stand before it.
    let mut measured = 0;
    let count = |kind: &u64| {
        let before = measured;
        measured += usize::from(*kind == engagement);
        before
    };
    let places: Vec<usize> = hits.kinds.iter().map(count).collect();
    let column = |detail| fold.segment.of_some(Column::Detail(detail), measured);
    let (times_ms, depths) = (column(Detail::EngagedMs), column(Detail::Scroll));
    let pages = fold.segment.of_events(Column::Page);
    let mut seen: Vec<Seen> = Vec::new();
    for visit in fold.visits().filter(|visit| fold.query.range.holds(visit.start_ms)) {
        seen.clear();
        for event in visit.events.clone() {
            let is_measured = hits.kinds[event] == engagement;
            if !(is_measured || hits.kinds[event] == PAGEVIEW) || !fold.filter.takes_event(event) {
                continue;
            }
            let engaged_ms = if is_measured { times_ms[places[event]] } else { 0 };
            let depth = is_measured.then(|| depths[places[event]]);
            fold.each_key(visit.place, event, visit.start_ms, |key| {
                seen.push(Seen { group: groups.number(key), page: pages[event], engaged_ms, depth });
            });
        }
        seen.sort_unstable_by_key(|seen| (seen.group, seen.page));
        for of_page in seen.chunk_by(|a, b| (a.group, a.page) == (b.group, b.page)) {
            let group = groups.tally(of_page[0].group);
            let depth = of_page.iter().filter_map(|seen| seen.depth).max();
            group.pages += 1;
            group.engaged_ms += of_page.iter().map(|seen| seen.engaged_ms).sum::<u64>();
            group.scrolled += u64::from(depth.is_some());
            group.scroll_percent += depth.unwrap_or(0);
        }
    }
}
