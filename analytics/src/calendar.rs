//! Days, months and time zones. Times are milliseconds since 1970 in UTC, days are numbered from 1970-01-01.

use serde::{Deserialize, Serialize};

/// Milliseconds of a day in UTC.
pub const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Milliseconds of an hour.
pub const HOUR_MS: i64 = 60 * 60 * 1000;
/// Milliseconds of a minute.
pub const MINUTE_MS: i64 = 60 * 1000;

/// A day of the Gregorian calendar, numbered from 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Day(pub i32);

impl Day {
    /// The day in UTC that holds this time.
    #[must_use]
    pub const fn of_utc(at_ms: i64) -> Self {
        Self(at_ms.div_euclid(DAY_MS) as i32)
    }

    /// The day with this date; months count from 1, and a month beyond 12 is one of a later year. After Howard
    /// Hinnant, "chrono-Compatible Low-Level Date Algorithms" (days_from_civil).
    #[must_use]
    pub const fn of_date(year: i32, month: i32, day: i32) -> Self {
        let (year, month) = (year + (month - 1).div_euclid(12), (month - 1).rem_euclid(12) + 1);
        let year = if month <= 2 { year - 1 } else { year };
        let era = year.div_euclid(400);
        let of_era = year.rem_euclid(400);
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        Self(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
    }

    /// Its year, month (from 1) and day of the month (from 1): the inverse of [`Day::of_date`].
    #[must_use]
    pub const fn date(self) -> (i32, i32, i32) {
        let shifted = self.0 + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        (year_of_era + era * 400 + (month <= 2) as i32, month, day)
    }

    /// `YYYY-MM-DD`.
    #[must_use]
    pub fn iso(self) -> String {
        let (year, month, day) = self.date();
        format!("{year:04}-{month:02}-{day:02}")
    }

    /// Reads `YYYY-MM-DD`; a day that its month does not have is `None`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return None;
        }
        let number = |part: &str| part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().ok()).flatten();
        let date = (number(text.get(..4)?)?, number(text.get(5..7)?)?, number(text.get(8..)?)?);
        let day = Self::of_date(date.0, date.1, date.2);
        (day.date() == date).then_some(day)
    }

    /// The first day of its month.
    #[must_use]
    pub const fn month(self) -> Self {
        let (year, month, _) = self.date();
        Self::of_date(year, month, 1)
    }

    /// The first day of the month that lies so many months later.
    #[must_use]
    pub const fn add_months(self, months: i32) -> Self {
        let (year, month, _) = self.date();
        Self::of_date(year, month + months, 1)
    }

    /// The Monday of its week.
    #[must_use]
    pub const fn week(self) -> Self {
        Self(self.0 - (self.0 + 3).rem_euclid(7)) // day 0 was a Thursday
    }
}

/// A time zone over some stretch of time: from each instant on, its clocks are so far ahead of UTC. Whoever has a time
/// zone database (the Worker's runtime does) makes it, so that none needs to be shipped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Zone {
    /// The offset before the first change, in milliseconds east of UTC.
    first_offset_ms: i64,
    /// (from when in UTC, offset), ascending.
    changes: Vec<(i64, i64)>,
}

impl Zone {
    /// Coordinated Universal Time.
    #[must_use]
    pub const fn utc() -> Self {
        Self { first_offset_ms: 0, changes: Vec::new() }
    }

    /// The zone between two times, from a function that gives the offset in milliseconds at an instant. Finds each
    /// change to the minute; no zone changes twice within a day.
    pub fn probe(from_ms: i64, to_ms: i64, offset_at: impl Fn(i64) -> i64) -> Self {
        let mut at = from_ms.div_euclid(MINUTE_MS) * MINUTE_MS;
        let mut offset = offset_at(at);
        let mut zone = Self { first_offset_ms: offset, changes: Vec::new() };
        while at < to_ms {
            let next = at + DAY_MS;
            let next_offset = offset_at(next);
            if next_offset != offset {
                let (mut before, mut after) = (at, next);
                while after - before > MINUTE_MS {
                    let middle = before + (after - before) / 2 / MINUTE_MS * MINUTE_MS;
                    if offset_at(middle) == offset { before = middle } else { after = middle }
                }
                zone.changes.push((after, next_offset));
            }
            (at, offset) = (next, next_offset);
        }
        zone
    }

    /// Milliseconds that clocks are ahead of UTC.
    #[must_use]
    pub fn offset_ms(&self, at_ms: i64) -> i64 {
        let before = self.changes.partition_point(|(from, _)| *from <= at_ms);
        before.checked_sub(1).map_or(self.first_offset_ms, |last| self.changes[last].1)
    }

    /// What a clock shows, as if it were UTC.
    #[must_use]
    pub fn local_ms(&self, at_ms: i64) -> i64 {
        at_ms + self.offset_ms(at_ms)
    }

    /// The local day that holds this time.
    #[must_use]
    pub fn day(&self, at_ms: i64) -> Day {
        Day::of_utc(self.local_ms(at_ms))
    }

    /// When a local day begins: the first instant of that date. Where clocks skip midnight, that is the change itself.
    #[must_use]
    pub fn start_ms(&self, day: Day) -> i64 {
        let midnight = i64::from(day.0) * DAY_MS;
        let candidates = self.changes.iter().map(|(_, offset)| midnight - offset);
        let by_offset = candidates.chain([midnight - self.first_offset_ms]).filter(|at| self.local_ms(*at) == midnight);
        let skipped = self.changes.iter().map(|(from, _)| *from).filter(|from| self.local_ms(*from) > midnight);
        by_offset.min().or_else(|| skipped.min()).unwrap_or(midnight - self.first_offset_ms)
    }
}
