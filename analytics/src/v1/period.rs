//! Periods: which days are meant.

use super::BadParameter;
use crate::calendar::{Day, Zone};
use crate::query::Range;

/// The values of `period`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// One day.
    Day,
    /// So many days up to the date, which is one of them.
    Days(i32),
    /// The calendar month that holds the date.
    Month,
    /// So many calendar months, the last of which holds the date.
    Months(i32),
    /// From one date to another, both included.
    Custom,
}

const NAMES: [(&str, Period); 7] = [
    ("day", Period::Day),
    ("7d", Period::Days(7)),
    ("30d", Period::Days(30)),
    ("month", Period::Month),
    ("6mo", Period::Months(6)),
    ("12mo", Period::Months(12)),
    ("custom", Period::Custom),
];

/// The longest custom range: ten years. Bounds the rows of a daily time series.
const MAX_DAYS: i32 = 3_653;

/// Days from one to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first day.
    pub first: Day,
    /// The last day.
    pub last: Day,
}

impl Period {
    /// Their names.
    pub fn names() -> impl Iterator<Item = &'static str> {
        NAMES.into_iter().map(|(name, _)| name)
    }

    /// The period of this name.
    ///
    /// # Errors
    /// There is none.
    pub fn parse(name: &str) -> Result<Self, BadParameter> {
        let found = NAMES.iter().find(|(n, _)| *n == name).map(|(_, period)| *period);
        found.ok_or_else(|| BadParameter::not_among("period", name, NAMES.map(|(n, _)| n)))
    }

    /// Which days are meant, with `date` as the request has it.
    ///
    /// # Errors
    /// The date cannot be read, or does not fit the period.
    pub fn span(self, date: Option<&str>, today: Day) -> Result<Span, BadParameter> {
        let wrong = |problem: &str| BadParameter::new("date", problem);
        if self == Self::Custom {
            let (first, last) = date
                .and_then(|text| text.split_once(','))
                .ok_or_else(|| wrong("period=custom needs two dates: YYYY-MM-DD,YYYY-MM-DD"))?;
            let day = |text: &str| Day::parse(text).ok_or_else(|| wrong("not a date of the form YYYY-MM-DD"));
            let span = Span { first: day(first)?, last: day(last)? };
            return match span.days() {
                1..=MAX_DAYS => Ok(span),
                ..1 => Err(wrong("the first date lies after the last")),
                _ => Err(wrong("more than 3,653 days")),
            };
        }
        let date = match date {
            Some(text) => Day::parse(text).ok_or_else(|| wrong("not a date of the form YYYY-MM-DD"))?,
            None => today,
        };
        let last_of_month = Day(date.add_months(1).0 - 1);
        Ok(match self {
            Self::Day | Self::Custom => Span { first: date, last: date },
            Self::Days(days) => Span { first: Day(date.0 - days + 1), last: date },
            Self::Month => Span { first: date.month(), last: last_of_month },
            Self::Months(months) => Span { first: date.add_months(1 - months), last: last_of_month },
        })
    }
}

impl Span {
    /// How many days.
    #[must_use]
    pub const fn days(self) -> i32 {
        self.last.0 - self.first.0 + 1
    }

    /// As many days right before it.
    #[must_use]
    pub const fn previous(self) -> Self {
        Self { first: Day(self.first.0 - self.days()), last: Day(self.first.0 - 1) }
    }

    /// From the first day's beginning to the last one's end, on the zone's clocks.
    #[must_use]
    pub fn range(self, zone: &Zone) -> Range {
        Range { from_ms: zone.start_ms(self.first), to_ms: zone.start_ms(Day(self.last.0 + 1)) }
    }
}
