//! `include.comparisons`: the same question about another time.

use super::dates::Period;
use super::{Measure, dates};
use crate::ask::{Field, Read};
use crate::calendar::Day;

const MODES: [&str; 3] = ["previous_period", "year_over_year", "custom"];

/// Reads which time a period is compared with.
pub(super) fn comparison(field: &Field, period: Period, today: Day) -> Read<Period> {
    let given = field.object(&["mode", "date_range", "match_day_of_week"])?;
    let same_weekdays = given.truth("match_day_of_week")?;
    let mode = given.need("mode")?;
    let range = given.get("date_range");
    match (mode.value().as_str(), range) {
        (Some("custom"), _) => dates(&given.need("date_range")?, today),
        (Some("previous_period" | "year_over_year"), Some(range)) => Err(range.wrong("it goes with mode custom only")),
        (Some("previous_period"), None) => Ok(period.previous(same_weekdays)),
        (Some("year_over_year"), None) => Ok(period.year_before(same_weekdays)),
        _ => Err(mode.not_among(MODES)),
    }
}

/// The change from one value to another: in percent, or in points where they are percentages themselves; `None` where
/// one of them is missing.
pub(super) fn change(measure: Measure, before: Option<f64>, now: Option<f64>) -> Option<f64> {
    let (before, now) = (before?, now?);
    let change = match before {
        _ if measure.is_percent() => return Some(((now - before) * 10.0).round() / 10.0),
        0.0 if now == 0.0 => 0.0,
        0.0 => 100.0,
        before => (now - before) / before * 100.0,
    };
    Some(change.round())
}
