//! Metrics, grouped by any dimensions: the aggregate (by none), the time series (by time), the breakdown (by a property).

use std::cell::OnceCell;
use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::{Report, Tally};
use crate::calendar::{DAY_MS, Day, HOUR_MS, Zone};
use crate::dimension::{Dimension, EventDimension, TimeDimension};
use crate::filter::{Expr, Filter};
use crate::query::{MAX_DIMENSIONS, Query, Range};
use crate::segment::{Column, Segment};
use crate::visitor::Visitor;

/// The report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stats(pub Query);

/// A group's value in one dimension.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Label {
    /// Of a property.
    Text(String),
    /// Of time: what a clock of the site shows when it begins, as milliseconds as if in UTC.
    Time(i64),
}

/// One row of the answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// The group, one label for each dimension.
    pub labels: Vec<Label>,
    /// The metrics, in the query's order.
    pub values: Vec<Option<f64>>,
}

/// A group's key within one segment: a symbol or a time for each dimension.
type Key = [i64; MAX_DIMENSIONS];

impl Report for Stats {
    type Partial = HashMap<Vec<Label>, Tally>;
    type Answer = Vec<Row>;

    fn range(&self) -> Range {
        self.0.range
    }

    fn fold(&self, into: &mut Self::Partial, segment: &Segment) {
        let fold = Fold::of(&self.0, segment);
        for (key, tally) in fold.groups() {
            let label = |(dimension, value): (&Dimension, i64)| match dimension {
                Dimension::Time(_) => Label::Time(value),
                _ => Label::Text(segment.string(value as u64).to_owned()),
            };
            into.entry(self.0.dimensions.iter().zip(key).map(label).collect()).or_default().merge(tally);
        }
    }

    fn merge(into: &mut Self::Partial, other: Self::Partial) {
        for (labels, tally) in other {
            into.entry(labels).or_default().merge(tally);
        }
    }

    fn seal(partial: &mut Self::Partial) {
        partial.values_mut().for_each(Tally::seal);
    }

    /// The rows with the first metric's greatest first; equal ones by their labels.
    fn finish(&self, partial: Self::Partial) -> Vec<Row> {
        let row = |(labels, mut tally): (Vec<Label>, Tally)| Row {
            labels,
            values: self.0.metrics.iter().map(|metric| tally.value(*metric)).collect(),
        };
        let mut rows: Vec<Row> = partial.into_iter().map(row).collect();
        let rank = |row: &Row| row.values.first().copied().flatten().unwrap_or(f64::NEG_INFINITY);
        rows.sort_by(|a, b| rank(b).total_cmp(&rank(a)).then_with(|| a.labels.cmp(&b.labels)));
        rows
    }
}

/// The columns that a query needs of one segment.
struct Fold<'q> {
    query: &'q Query,
    filter: Filter<'q>,
    /// A breakdown or a filter by page: bounces are then those of the visits that entered there.
    page_scoped: bool,
    /// Some dimension or filter is about events.
    event_scoped: bool,
    /// The columns of the visits' dimensions, in the places of the query's.
    dimensions: [Vec<u64>; MAX_DIMENSIONS],
    visitors: Vec<u64>,
    starts_ms: Vec<i64>,
    lengths_ms: Vec<u64>,
    events: Vec<u64>,
    pageviews: Vec<u64>,
    bounced: Vec<u64>,
    /// Read when a visit is met that needs its events one by one.
    hits: OnceCell<Hits>,
    segment: &'q Segment,
}

/// The columns of a segment's events.
struct Hits {
    after_ms: Vec<u64>,
    kinds: Vec<u64>,
    pages: Vec<u64>,
    names: Vec<u64>,
}

/// An event of a visit.
#[derive(Clone, Copy)]
struct Hit {
    is_pageview: bool,
    page: u64,
    name: u64,
}

impl<'q> Fold<'q> {
    fn of(query: &'q Query, segment: &'q Segment) -> Self {
        let by_page = |d: &Dimension| *d == Dimension::Event(EventDimension::Page);
        let filters: Vec<Expr> = query.filters.iter().cloned().map(Expr::from).collect();
        let filter = Filter::of(&filters, segment);
        let mut dimensions = [const { Vec::new() }; MAX_DIMENSIONS];
        for (column, dimension) in dimensions.iter_mut().zip(&query.dimensions) {
            if let Dimension::Visit(dimension) = dimension {
                *column = segment.of_visits(Column::Dimension(*dimension));
            }
        }
        let by_event = |d: &Dimension| matches!(d, Dimension::Event(_));
        Self {
            query,
            page_scoped: query.dimensions.iter().any(by_page) || query.filters.iter().any(|c| by_page(&c.dimension)),
            event_scoped: query.dimensions.iter().any(by_event) || filter.is_about_events(),
            filter,
            dimensions,
            visitors: segment.visitors(),
            starts_ms: segment.starts_ms(),
            lengths_ms: segment.of_visits(Column::Length),
            events: segment.of_visits(Column::Events),
            pageviews: segment.of_visits(Column::Pageviews),
            bounced: segment.of_visits(Column::Bounced),
            hits: OnceCell::new(),
            segment,
        }
    }

    fn groups(&self) -> HashMap<Key, Tally> {
        let mut groups = HashMap::new();
        let mut first_hit = 0;
        for place in 0..self.visitors.len() {
            let hits = first_hit..first_hit + self.events[place] as usize;
            first_hit = hits.end;
            if !self.filter.takes_visit(place) {
                continue;
            }
            match self.whole(place) {
                Some(key) => self.add_whole(place, groups.entry(key).or_default()),
                None => self.add_by_events(place, hits, &mut groups),
            }
        }
        groups
    }

    /// The group of a visit all of whose events fall into one; most do, and then no event needs to be read.
    fn whole(&self, place: usize) -> Option<Key> {
        let start_ms = self.starts_ms[place];
        let end_ms = start_ms + self.lengths_ms[place] as i64;
        let inside = self.query.range.holds(start_ms) && self.query.range.holds(end_ms);
        if self.event_scoped || !inside {
            return None;
        }
        let key = self.key(place, None, start_ms);
        let by_time = self.query.dimensions.iter().any(|d| matches!(d, Dimension::Time(_)));
        (!by_time || key == self.key(place, None, end_ms)).then_some(key)
    }

    fn add_whole(&self, place: usize, group: &mut Tally) {
        group.see(Visitor(self.visitors[place]));
        group.events += self.events[place];
        group.pageviews += self.pageviews[place];
        self.add_visit(place, group);
        self.add_entry(place, group);
    }

    fn add_by_events(&self, place: usize, hits: core::ops::Range<usize>, groups: &mut HashMap<Key, Tally>) {
        let columns = self.hits.get_or_init(|| Hits::of(self.segment));
        let start_ms = self.starts_ms[place];
        let began_in_range = self.query.range.holds(start_ms);
        let (mut of_visit, mut entry) = (Vec::new(), None);
        let mut at_ms = start_ms;
        for event_place in hits {
            at_ms += columns.after_ms[event_place] as i64;
            let is_pageview = columns.kinds[event_place] == PAGEVIEW;
            let hit = Hit { is_pageview, page: columns.pages[event_place], name: columns.names[event_place] };
            let taken = self.filter.takes_event(event_place);
            if hit.is_pageview && entry.is_none() {
                entry = Some((hit, taken));
            }
            if !taken {
                continue;
            }
            if self.query.range.holds(at_ms) {
                let group: &mut Tally = groups.entry(self.key(place, Some(hit), at_ms)).or_default();
                group.see(Visitor(self.visitors[place]));
                group.events += 1;
                group.pageviews += u64::from(hit.is_pageview);
            }
            // A visit counts where it began, whole: so the answers of days add up to that of the days together.
            if began_in_range {
                of_visit.push(self.key(place, Some(hit), start_ms));
            }
        }
        of_visit.sort_unstable();
        of_visit.dedup();
        for key in of_visit {
            let group = groups.entry(key).or_default();
            self.add_visit(place, group);
            if !self.page_scoped {
                self.add_entry(place, group);
            }
        }
        if let Some((hit, true)) = entry
            && self.page_scoped
            && began_in_range
        {
            self.add_entry(place, groups.entry(self.key(place, Some(hit), start_ms)).or_default());
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

    /// The group of a visit, or of one of its events, at a time.
    fn key(&self, place: usize, hit: Option<Hit>, at_ms: i64) -> Key {
        let mut key = [0; MAX_DIMENSIONS];
        for ((value, dimension), column) in key.iter_mut().zip(&self.query.dimensions).zip(&self.dimensions) {
            *value = match dimension {
                Dimension::Visit(_) => column[place] as i64,
                Dimension::Event(EventDimension::Page) => hit.map_or(0, |hit| hit.page as i64),
                Dimension::Event(EventDimension::Name) => hit.map_or(0, |hit| hit.name as i64),
                Dimension::Time(by) => bucket_ms(*by, at_ms, &self.query.zone),
            };
        }
        key
    }
}

/// The number of the kind "pageview", which is the protocol's first.
const PAGEVIEW: u64 = 0;

impl Hits {
    fn of(segment: &Segment) -> Self {
        let kinds = segment.of_events(Column::Kind);
        Self {
            after_ms: segment.of_events(Column::After),
            pages: segment.of_events(Column::Page),
            names: segment.names(&kinds),
            kinds,
        }
    }
}

/// What a clock of the zone showed when the hour, day, week or month began that holds this instant.
#[must_use]
pub fn bucket_ms(dimension: TimeDimension, at_ms: i64, zone: &Zone) -> i64 {
    let local_ms = zone.local_ms(at_ms);
    let day = Day::of_utc(local_ms);
    let day = match dimension {
        TimeDimension::Hour => return local_ms.div_euclid(HOUR_MS) * HOUR_MS,
        TimeDimension::Day => day,
        TimeDimension::Week => day.week(),
        TimeDimension::Month => day.month(),
    };
    i64::from(day.0) * DAY_MS
}
