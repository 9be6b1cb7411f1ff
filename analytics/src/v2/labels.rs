//! How times are written in answers.

use crate::calendar::{DAY_MS, Day, HOUR_MS, MINUTE_MS, Zone};
use crate::dimension::TimeDimension;
use crate::query::Range;
use crate::report::stats::bucket_ms;

/// Every bucket of a range, empty ones too, by what a clock shows when it begins; no more than `most`.
pub(crate) fn buckets(by: TimeDimension, range: Range, zone: &Zone, most: usize) -> Vec<i64> {
    let step_ms = match by {
        TimeDimension::Minute => Some(MINUTE_MS),
        TimeDimension::Hour => Some(HOUR_MS),
        TimeDimension::Day | TimeDimension::Week | TimeDimension::Month => None,
    };
    let mut buckets: Vec<i64> = match step_ms {
        Some(step_ms) => {
            let from_ms = range.from_ms - zone.local_ms(range.from_ms).rem_euclid(step_ms);
            let steps = (from_ms..range.to_ms).step_by(step_ms as usize).take(most);
            steps.map(|at_ms| bucket_ms(by, at_ms, zone)).collect()
        }
        None if range.from_ms >= range.to_ms => Vec::new(),
        None => {
            let (first, last) = (zone.day(range.from_ms), zone.day(range.to_ms - 1));
            (first.0..=last.0).map(|day| bucket_ms(by, zone.start_ms(Day(day)), zone)).collect()
        }
    };
    buckets.dedup();
    buckets.truncate(most);
    buckets
}

/// A bucket's name: its date, or with the time of day where it is shorter than a day.
pub(crate) fn date(by: TimeDimension, bucket_ms: i64) -> String {
    let day = Day::of_utc(bucket_ms).iso();
    let of_day = bucket_ms.rem_euclid(DAY_MS);
    match by {
        TimeDimension::Minute | TimeDimension::Hour => {
            format!("{day} {:02}:{:02}:00", of_day / HOUR_MS, of_day % HOUR_MS / MINUTE_MS)
        }
        _ => day,
    }
}

/// What `time` stands for: about as many points as a chart can show.
pub(super) fn fitting(range: Range) -> TimeDimension {
    match (range.to_ms - range.from_ms + DAY_MS / 2) / DAY_MS {
        ..=2 => TimeDimension::Hour,
        3..=40 => TimeDimension::Day,
        41..=364 => TimeDimension::Week,
        _ => TimeDimension::Month,
    }
}
