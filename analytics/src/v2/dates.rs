//! `date_range`: a name, two dates, or two instants.

use crate::ask::{Field, Read};
use crate::calendar::{DAY_MS, Day, HOUR_MS, MINUTE_MS, Zone};
use crate::query::Range;
use crate::v1::Span;

/// Which time is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// Whole days of the site's.
    Days(Span),
    /// From one instant to another.
    Instants(Range),
}

/// The names of `date_range`.
pub const NAMES: [&str; 10] = ["day", "7d", "28d", "30d", "91d", "month", "6mo", "12mo", "year", "all"];

/// The longest range, ten years; what "all" goes back to.
const MAX_DAYS: i32 = 3_653;

/// Most bytes of a date or time.
const MAX_BYTES: usize = 40;

/// Reads a range of dates. `today` is the site's.
///
/// # Errors
/// What is no range, with its place.
pub fn dates(field: &Field, today: Day) -> Read<Period> {
    if let Some(name) = field.value().as_str() {
        let span = named(name, today).ok_or_else(|| field.not_among(NAMES))?;
        return Ok(Period::Days(span));
    }
    if !field.value().is_array() {
        return Err(field.not_among(NAMES));
    }
    let items = field.list(2..=2)?;
    let [from, to] = items.as_slice() else { return Err(field.wrong("two dates are needed: the first and the last")) };
    let period = if from.text(MAX_BYTES)?.len() == 10 {
        let day = |field: &Field| {
            let wrong = || field.wrong("not a date of the form YYYY-MM-DD, as the first is");
            Day::parse(field.text(MAX_BYTES)?).ok_or_else(wrong)
        };
        Period::Days(Span { first: day(from)?, last: day(to)? })
    } else {
        let instant = |field: &Field| {
            let wrong =
                || field.wrong("neither a date (YYYY-MM-DD) nor a time with its offset (YYYY-MM-DDThh:mm:ss+hh:mm)");
            instant(field.text(MAX_BYTES)?).ok_or_else(wrong)
        };
        // The last second belongs to the range, as the last day does.
        Period::Instants(Range { from_ms: instant(from)?, to_ms: instant(to)? + 1000 })
    };
    match period.days() {
        ..1 => Err(field.wrong("it ends before it begins")),
        1..=MAX_DAYS => Ok(period),
        _ => Err(field.wrong(format!("max_days: longer than {MAX_DAYS} days"))),
    }
}

fn named(name: &str, today: Day) -> Option<Span> {
    let back = |days: i32| Some(Span { first: Day(today.0 - days + 1), last: today });
    let end_of_month = Day(today.add_months(1).0 - 1);
    match name {
        "day" => back(1),
        "7d" => back(7),
        "28d" => back(28),
        "30d" => back(30),
        "91d" => back(91),
        "month" => Some(Span { first: today.month(), last: end_of_month }),
        "6mo" => Some(Span { first: today.add_months(-5), last: end_of_month }),
        "12mo" => Some(Span { first: today.add_months(-11), last: end_of_month }),
        "year" => {
            let (year, ..) = today.date();
            Some(Span { first: Day::of_date(year, 1, 1), last: Day::of_date(year, 12, 31) })
        }
        "all" => back(MAX_DAYS),
        _ => None,
    }
}

/// Reads `YYYY-MM-DDThh:mm:ss` with `Z` or an offset, after RFC 3339 without fractions.
pub fn instant(text: &str) -> Option<i64> {
    let (date, rest) = text.split_at_checked(10)?;
    let (clock, offset) = rest.strip_prefix(['T', 't'])?.split_at_checked(8)?;
    let pair = |text: &str, most: i64| {
        let is_number = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| text.parse::<i64>().ok()).flatten().filter(|number| *number <= most)
    };
    let mut parts = clock.split(':');
    let (hours, minutes, seconds) = (pair(parts.next()?, 23)?, pair(parts.next()?, 59)?, pair(parts.next()?, 59)?);
    let offset_ms = match offset {
        "Z" | "z" => 0,
        _ => {
            let sign = match offset.as_bytes().first()? {
                b'+' => 1,
                b'-' => -1,
                _ => return None,
            };
            let (hours, minutes) = offset.get(1..)?.split_once(':')?;
            sign * (pair(hours, 23)? * HOUR_MS + pair(minutes, 59)? * MINUTE_MS)
        }
    };
    let clock_ms = hours * HOUR_MS + minutes * MINUTE_MS + seconds * 1000;
    Some(i64::from(Day::parse(date)?.0) * DAY_MS + clock_ms - offset_ms)
}

/// An instant as a clock of the zone shows it, with its offset.
pub(super) fn iso(at_ms: i64, zone: &Zone) -> String {
    let (local_ms, offset_ms) = (zone.local_ms(at_ms), zone.offset_ms(at_ms));
    let of_day = local_ms.rem_euclid(DAY_MS);
    let (hours, minutes, seconds) = (of_day / HOUR_MS, of_day % HOUR_MS / MINUTE_MS, of_day % MINUTE_MS / 1000);
    let (sign, ahead) = (if offset_ms < 0 { '-' } else { '+' }, offset_ms.abs() / MINUTE_MS);
    let date = Day::of_utc(local_ms).iso();
    format!("{date}T{hours:02}:{minutes:02}:{seconds:02}{sign}{:02}:{:02}", ahead / 60, ahead % 60)
}

/// The same date a year before; of 29 February the 28th.
fn year_before(day: Day) -> Day {
    let (year, month, date) = day.date();
    let same = Day::of_date(year - 1, month, date);
    if same.date().1 == month { same } else { Day(same.0 - 1) }
}

impl Period {
    /// How many days, begun ones too.
    pub(super) const fn days(self) -> i32 {
        match self {
            Self::Days(span) => span.days(),
            Self::Instants(range) => (range.to_ms - range.from_ms + DAY_MS - 1).div_euclid(DAY_MS) as i32,
        }
    }

    /// Its bounds on some zone's clocks at the latest: for finding out when they change.
    pub(super) fn outline(self) -> Range {
        match self {
            Self::Days(span) => {
                Range { from_ms: i64::from(span.first.0 - 1) * DAY_MS, to_ms: i64::from(span.last.0 + 3) * DAY_MS }
            }
            Self::Instants(range) => Range { from_ms: range.from_ms - DAY_MS, to_ms: range.to_ms + DAY_MS },
        }
    }

    /// The site's clocks around it.
    #[must_use]
    pub fn zone(self, offset_at: impl Fn(i64) -> i64) -> Zone {
        let Range { from_ms, to_ms } = self.outline();
        Zone::probe(from_ms, to_ms, offset_at)
    }

    /// Its instants.
    #[must_use]
    pub fn range(self, zone: &Zone) -> Range {
        match self {
            Self::Days(span) => span.range(zone),
            Self::Instants(range) => range,
        }
    }

    /// As much time right before it; with `same_weekdays`, so that it begins on the same day of the week.
    pub(super) const fn previous(self, same_weekdays: bool) -> Self {
        match self {
            Self::Days(span) if same_weekdays => {
                self.back(span.days().div_euclid(7) * 7 + if span.days() % 7 == 0 { 0 } else { 7 })
            }
            Self::Days(span) => Self::Days(span.previous()),
            Self::Instants(Range { from_ms, to_ms }) => {
                Self::Instants(Range { from_ms: from_ms - (to_ms - from_ms), to_ms: from_ms })
            }
        }
    }

    /// The same dates a year before; with `same_weekdays`, 52 weeks.
    pub(super) fn year_before(self, same_weekdays: bool) -> Self {
        match self {
            _ if same_weekdays => self.back(52 * 7),
            Self::Days(span) => Self::Days(Span { first: year_before(span.first), last: year_before(span.last) }),
            Self::Instants(range) => {
                let day = Day::of_utc(range.from_ms);
                self.back(day.0 - year_before(day).0)
            }
        }
    }

    const fn back(self, days: i32) -> Self {
        let ms = days as i64 * DAY_MS;
        match self {
            Self::Days(Span { first, last }) => {
                Self::Days(Span { first: Day(first.0 - days), last: Day(last.0 - days) })
            }
            Self::Instants(Range { from_ms, to_ms }) => {
                Self::Instants(Range { from_ms: from_ms - ms, to_ms: to_ms - ms })
            }
        }
    }
}
