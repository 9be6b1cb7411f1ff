//! Visits and events to groups: what every query counts.

use core::ops::Range as Places;
use std::cell::OnceCell;

use super::groups::Groups;
use super::pages::add_pages;
use super::revenue::add_revenue;
use super::{Key, Tally, bucket_ms};
use crate::dimension::{Dimension, EventDimension};
use crate::filter::Filter;
use crate::goal::KINDS;
use crate::query::{MAX_DIMENSIONS, Metric, Query};
use crate::segment::{Column, Segment, kind_number};
use crate::visitor::Visitor;

/// The columns that a query needs of one segment.
pub(super) struct Fold<'q> {
    pub(super) query: &'q Query,
    pub(super) segment: &'q Segment,
    pub(super) filter: Filter<'q>,
    /// A breakdown or a filter by page: bounces are then those of the visits that entered there.
    page_scoped: bool,
    /// Some dimension or filter is about events.
    event_scoped: bool,
    /// Some dimension is about time.
    by_time: bool,
    /// Some metric is about visits, not events.
    asks_of_visits: bool,
    /// All of the segment lies in the range.
    inside: bool,
    /// The columns of the visits' dimensions, in the places of the query's.
    dimensions: [Vec<u64>; MAX_DIMENSIONS],
    /// Empty where no metric asks for them, as sorting them is what an aggregate costs.
    visitors: Vec<u64>,
    starts_ms: Vec<i64>,
    lengths_ms: Vec<u64>,
    events: Vec<u64>,
    pageviews: Vec<u64>,
    bounced: Vec<u64>,
    /// Read when a visit is met that needs its events one by one.
    hits: OnceCell<Hits<'q>>,
}

/// The columns of a segment's events.
pub(super) struct Hits<'q> {
    pub(super) after_ms: Vec<u64>,
    pub(super) kinds: Vec<u64>,
    /// Those of the events' dimensions, in the places of the query's.
    dimensions: [Vec<u64>; MAX_DIMENSIONS],
    goals: Option<Goals<'q>>,
}

/// Which goals events reach.
enum Goals<'q> {
    /// Those that the query names.
    Named(Vec<Filter<'q>>),
    /// For each event its name where that is a goal by its kind, else 0.
    ByKind(Vec<u64>),
}

/// A visit of the segment.
pub(super) struct Visit {
    pub(super) place: usize,
    pub(super) start_ms: i64,
    pub(super) events: Places<usize>,
}

/// The number of the kind "pageview", which is the protocol's first.
pub(super) const PAGEVIEW: u64 = 0;

/// The metrics for which visits are counted.
const OF_VISITS: [Metric; 4] = [Metric::Visits, Metric::ViewsPerVisit, Metric::BounceRate, Metric::VisitDuration];

fn asks(query: &Query, metrics: &[Metric]) -> bool {
    query.metrics.iter().any(|metric| metrics.contains(metric))
}

impl<'q> Fold<'q> {
    pub(super) fn of(query: &'q Query, segment: &'q Segment) -> Self {
        let by_page = |d: &Dimension| *d == Dimension::Event(EventDimension::Page);
        let filter = Filter::of(&query.filters, segment);
        let mut dimensions = [const { Vec::new() }; MAX_DIMENSIONS];
        for (column, dimension) in dimensions.iter_mut().zip(&query.dimensions) {
            if let Dimension::Visit(dimension) = dimension {
                *column = segment.of_visits(Column::Dimension(*dimension));
            }
        }
        let on_page = query.filters.iter().flat_map(|filter| filter.clauses()).any(|c| by_page(&c.dimension));
        let (first_ms, last_ms) = segment.span_ms();
        Self {
            query,
            page_scoped: on_page || query.dimensions.iter().any(by_page),
            event_scoped: query.dimensions.iter().any(Dimension::is_of_events) || filter.is_about_events(),
            by_time: query.dimensions.iter().any(|d| matches!(d, Dimension::Time(_))),
            asks_of_visits: asks(query, &OF_VISITS),
            inside: query.range.holds(first_ms) && query.range.holds(last_ms),
            filter,
            dimensions,
            visitors: if asks(query, &[Metric::Visitors]) { segment.visitors() } else { Vec::new() },
            starts_ms: segment.starts_ms(),
            lengths_ms: segment.of_visits(Column::Length),
            events: segment.of_visits(Column::Events),
            pageviews: segment.of_visits(Column::Pageviews),
            bounced: segment.of_visits(Column::Bounced),
            hits: OnceCell::new(),
            segment,
        }
    }

    pub(super) fn groups(&self) -> Groups {
        let (mut groups, mut of_visit) = (Groups::of(self.segment.strings().len()), Vec::new());
        for visit in self.visits() {
            match self.whole(&visit) {
                Some(key) => {
                    let group = groups.number(key);
                    self.add_whole(visit.place, groups.tally(group));
                }
                None => self.add_by_events(&visit, &mut groups, &mut of_visit),
            }
        }
        let asks = |metrics: &[Metric]| asks(self.query, metrics);
        if asks(&[Metric::ScrollDepth, Metric::TimeOnPage]) {
            add_pages(self, &mut groups);
        }
        if asks(&[Metric::AverageRevenue, Metric::TotalRevenue]) {
            add_revenue(self, &mut groups);
        }
        groups
    }

    /// The visits that the filters take as a whole.
    pub(super) fn visits(&self) -> impl Iterator<Item = Visit> {
        let mut end = 0;
        let visit = move |place: usize| {
            let first = end;
            end += self.events[place] as usize;
            Visit { place, start_ms: self.starts_ms[place], events: first..end }
        };
        (0..self.segment.visits()).map(visit).filter(|visit| self.filter.takes_visit(visit.place))
    }

    /// The group of a visit all of whose events fall into one; most do, and then no event needs to be read.
    fn whole(&self, visit: &Visit) -> Option<Key> {
        let end_ms = visit.start_ms + self.lengths_ms[visit.place] as i64;
        let inside = self.inside || self.query.range.holds(visit.start_ms) && self.query.range.holds(end_ms);
        if self.event_scoped || !inside {
            return None;
        }
        let key = self.key(visit.place, None, visit.start_ms);
        // Where clocks are set back between two equal times, what lies between them may have another.
        let is_of_one = || {
            let zone = &self.query.zone;
            zone.offset_ms(visit.start_ms) == zone.offset_ms(end_ms) && key == self.key(visit.place, None, end_ms)
        };
        (!self.by_time || is_of_one()).then_some(key)
    }

    fn add_whole(&self, place: usize, group: &mut Tally) {
        self.see(place, group);
        group.events += self.events[place];
        group.pageviews += self.pageviews[place];
        self.add_visit(place, group);
        self.add_entry(place, group);
    }

    /// `of_visit` is room for the groups that the visit counts in, so that not each visit needs its own.
    fn add_by_events(&self, visit: &Visit, groups: &mut Groups, of_visit: &mut Vec<usize>) {
        let hits = self.hits();
        let began_in_range = self.query.range.holds(visit.start_ms);
        let mut entry = None;
        let mut at_ms = visit.start_ms;
        of_visit.clear();
        for event in visit.events.clone() {
            at_ms += hits.after_ms[event] as i64;
            let is_pageview = hits.kinds[event] == PAGEVIEW;
            let taken = self.filter.takes_event(event);
            if is_pageview && entry.is_none() {
                entry = Some((event, taken));
            }
            if !taken {
                continue;
            }
            let in_range = self.query.range.holds(at_ms);
            if in_range {
                self.each_key(visit.place, event, at_ms, |key| {
                    let number = groups.number(key);
                    let group = groups.tally(number);
                    self.see(visit.place, group);
                    group.events += 1;
                    group.pageviews += u64::from(is_pageview);
                    // Without time its group is that of when the visit began.
                    if began_in_range && !self.by_time && self.asks_of_visits {
                        of_visit.push(number);
                    }
                });
            }
            // A visit counts where it began, whole: so the answers of days add up to that of the days together.
            if began_in_range && (self.by_time || !in_range) {
                self.each_key(visit.place, event, visit.start_ms, |key| of_visit.push(groups.number(key)));
            }
        }
        of_visit.sort_unstable();
        of_visit.dedup();
        for number in of_visit.iter() {
            let group = groups.tally(*number);
            self.add_visit(visit.place, group);
            if !self.page_scoped {
                self.add_entry(visit.place, group);
            }
        }
        if let Some((event, true)) = entry
            && self.page_scoped
            && began_in_range
        {
            self.each_key(visit.place, event, visit.start_ms, |key| {
                let number = groups.number(key);
                self.add_entry(visit.place, groups.tally(number));
            });
        }
    }

    fn see(&self, place: usize, group: &mut Tally) {
        if let Some(visitor) = self.visitors.get(place) {
            group.see(Visitor(*visitor));
        }
    }

    fn add_visit(&self, place: usize, group: &mut Tally) {
        group.visits += 1;
        // A bounce counts as no time, whatever was measured meanwhile.
        group.duration_ms += if self.bounced[place] == 0 { self.lengths_ms[place] } else { 0 };
    }

    fn add_entry(&self, place: usize, group: &mut Tally) {
        group.entries += 1;
        group.bounces += self.bounced[place];
    }

    /// The groups of an event at a time: one for each goal that it reaches, if they are by goals.
    pub(super) fn each_key(&self, place: usize, event: usize, at_ms: i64, mut then: impl FnMut(Key)) {
        let mut key = self.key(place, Some(event), at_ms);
        let by_goal = self.hits().goals.as_ref();
        let Some(goals) = by_goal else { return then(key) };
        let mut reached = |goal: i64| {
            let places = key.iter_mut().zip(&self.query.dimensions);
            places.filter(|(_, d)| **d == Dimension::Goal).for_each(|(value, _)| *value = goal);
            then(key);
        };
        match goals {
            Goals::Named(filters) => {
                let places = (0..).zip(filters).filter(|(_, goal)| goal.takes_event(event));
                places.for_each(|(place, _)| reached(place));
            }
            Goals::ByKind(names) if names[event] != 0 => reached(names[event] as i64),
            Goals::ByKind(_) => {}
        }
    }

    /// The group of a visit, or of one of its events, at a time; without its goal.
    fn key(&self, place: usize, event: Option<usize>, at_ms: i64) -> Key {
        let mut key = [0; MAX_DIMENSIONS];
        for (at, (value, dimension)) in key.iter_mut().zip(&self.query.dimensions).enumerate() {
            *value = match dimension {
                Dimension::Visit(_) => self.dimensions[at][place] as i64,
                Dimension::Time(by) => bucket_ms(*by, at_ms, &self.query.zone),
                Dimension::Event(_) | Dimension::Property(_) => {
                    event.map_or(0, |event| self.hits().dimensions[at][event] as i64)
                }
                Dimension::Goal => 0,
            };
        }
        key
    }

    pub(super) fn hits(&self) -> &Hits<'q> {
        self.hits.get_or_init(|| Hits::of(self.query, self.segment))
    }
}

impl<'q> Hits<'q> {
    fn of(query: &'q Query, segment: &'q Segment) -> Self {
        let mut dimensions = [const { Vec::new() }; MAX_DIMENSIONS];
        for (column, dimension) in dimensions.iter_mut().zip(&query.dimensions) {
            if matches!(dimension, Dimension::Event(_) | Dimension::Property(_)) {
                *column = dimension.of_events(segment);
            }
        }
        let kinds = segment.of_events(Column::Kind);
        let goals = query.dimensions.contains(&Dimension::Goal).then(|| Goals::of(query, segment, &kinds));
        Self { after_ms: segment.of_events(Column::After), kinds, dimensions, goals }
    }
}

impl<'q> Goals<'q> {
    fn of(query: &Query, segment: &'q Segment, kinds: &[u64]) -> Self {
        if !query.goals.is_empty() {
            let filter = |goal: &crate::goal::Goal| Filter::of(&[goal.reached(false)], segment);
            return Self::Named(query.goals.iter().map(filter).collect());
        }
        let are_goals = KINDS.map(kind_number);
        let mut names = segment.names(kinds);
        for (name, kind) in names.iter_mut().zip(kinds) {
            *name = if are_goals.contains(kind) { *name } else { 0 };
        }
        Self::ByKind(names)
    }
}
