//! Metrics, grouped by any dimensions: the aggregate (by none), the time series (by time), the breakdown (by a property).

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::{Report, Tally};
use crate::calendar::{DAY_MS, Day, HOUR_MS, Zone};
use crate::dimension::{Dimension, EventDimension, TimeDimension};
use crate::filter::Filter;
use crate::query::{MAX_DIMENSIONS, Query, Range};
use crate::segment::{Segment, SegmentHit, Visit};

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
#[derive(Clone, Debug, PartialEq)]
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
        let query = &self.0;
        let filter = Filter::of(&query.filters, segment);
        let by_page = |d: &Dimension| *d == Dimension::Event(EventDimension::Page);
        let page_scoped = query.dimensions.iter().any(by_page) || query.filters.iter().any(|c| by_page(&c.dimension));
        let mut groups: HashMap<Key, Tally> = HashMap::new();
        let mut of_visit: Vec<Key> = Vec::new();
        for (visit, hits) in segment.visits() {
            if !filter.takes_visit(&visit.dimensions) {
                continue;
            }
            let taken = |hit: &SegmentHit| filter.takes_event(hit.page, hit.name);
            let began_in_range = query.range.holds(visit.start_ms);
            let key = |hit: &SegmentHit, at_ms| self.key(visit, hit, at_ms);
            of_visit.clear();
            for hit in hits.iter().filter(|hit| taken(hit)) {
                if query.range.holds(hit.at_ms) {
                    let group = groups.entry(key(hit, hit.at_ms)).or_default();
                    group.see(visit.visitor);
                    group.events += 1;
                    group.pageviews += u64::from(hit.is_pageview);
                }
                // A visit counts where it began, whole: so the answers of days add up to that of the days together.
                if began_in_range {
                    of_visit.push(key(hit, visit.start_ms));
                }
            }
            of_visit.sort_unstable();
            of_visit.dedup();
            for key in &of_visit {
                let group = groups.entry(*key).or_default();
                group.visits += 1;
                group.duration_ms += visit.duration_ms();
                group.entries += u64::from(!page_scoped);
                group.bounces += u64::from(!page_scoped && visit.bounced);
            }
            let entry =
                hits.iter().find(|hit| hit.is_pageview).filter(|hit| page_scoped && began_in_range && taken(hit));
            if let Some(entry) = entry {
                let group = groups.entry(key(entry, visit.start_ms)).or_default();
                group.entries += 1;
                group.bounces += u64::from(visit.bounced);
            }
        }
        for (key, tally) in groups {
            let label = |(dimension, value): (&Dimension, i64)| match dimension {
                Dimension::Time(_) => Label::Time(value),
                _ => Label::Text(segment.strings()[value as usize].clone()),
            };
            into.entry(query.dimensions.iter().zip(key).map(label).collect()).or_default().merge(tally);
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
        let row = |(labels, tally): (Vec<Label>, Tally)| Row {
            labels,
            values: self.0.metrics.iter().map(|metric| tally.value(*metric)).collect(),
        };
        let mut rows: Vec<Row> = partial.into_iter().map(row).collect();
        let rank = |row: &Row| row.values.first().copied().flatten().unwrap_or(f64::NEG_INFINITY);
        rows.sort_by(|a, b| rank(b).total_cmp(&rank(a)).then_with(|| a.labels.cmp(&b.labels)));
        rows
    }
}

impl Stats {
    fn key(&self, visit: &Visit, hit: &SegmentHit, at_ms: i64) -> Key {
        let mut key = [0; MAX_DIMENSIONS];
        for (place, dimension) in key.iter_mut().zip(&self.0.dimensions) {
            *place = match dimension {
                Dimension::Visit(d) => i64::from(visit.dimensions[*d as usize]),
                Dimension::Event(EventDimension::Page) => i64::from(hit.page),
                Dimension::Event(EventDimension::Name) => i64::from(hit.name),
                Dimension::Time(d) => bucket_ms(*d, at_ms, &self.0.zone),
            };
        }
        key
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
