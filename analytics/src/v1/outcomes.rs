//! What became of what was sent: of which time, and by which steps.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::question::{Parameters, day_ms, known};
use super::{BadParameter, Period};
use crate::calendar::{DAY_MS, Day, MINUTE_MS, Zone};
use crate::dimension::TimeDimension;
use crate::ledger::{Counts, Ledger};
use crate::report::stats::bucket_ms;
use crate::v2::date;

/// The parameters, of which none is needed: without a site, the requests that belong to none.
pub const PARAMETERS: &[&str] = &["site_id", "period", "date", "interval"];

/// The steps there are.
pub const INTERVALS: [(&str, TimeDimension); 3] =
    [("minute", TimeDimension::Minute), ("hour", TimeDimension::Hour), ("day", TimeDimension::Day)];

/// A question about outcomes.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcomes {
    minutes: (i64, i64),
    interval: Option<TimeDimension>,
    zone: Zone,
}

impl Outcomes {
    /// Reads a question. `offset_at` gives the site's clocks' milliseconds ahead of UTC at an instant. Without a period it
    /// is about all that is kept.
    ///
    /// # Errors
    /// The parameter that is unknown or wrong.
    pub fn parse(
        parameters: &[(String, String)],
        now_ms: i64,
        offset_at: impl Fn(i64) -> i64,
    ) -> Result<Self, BadParameter> {
        known(parameters, PARAMETERS)?;
        let given = Parameters(parameters);
        let interval = given.get("interval").map(interval).transpose()?;
        let today = Day::of_utc(now_ms + offset_at(now_ms));
        let span = Period::parse(given.get("period").unwrap_or("6mo"))?.span(given.get("date"), today)?;
        let zone = Zone::probe(day_ms(span.first) - DAY_MS, day_ms(span.last) + 3 * DAY_MS, offset_at);
        let range = span.range(&zone);
        Ok(Self { minutes: (range.from_ms.div_euclid(MINUTE_MS), range.to_ms.div_euclid(MINUTE_MS)), interval, zone })
    }

    /// The minutes that it is about, since 1970 in UTC: from one up to another.
    #[must_use]
    pub const fn minutes(&self) -> (i64, i64) {
        self.minutes
    }

    /// The answer: the sum, and each step in which something came about.
    #[must_use]
    pub fn answer(&self, ledger: &Ledger) -> Value {
        let mut answer = written(&ledger.total());
        if let Some(by) = self.interval {
            let mut steps = BTreeMap::<i64, Counts>::new();
            for (minute, counts) in ledger.minutes() {
                steps.entry(bucket_ms(by, minute * MINUTE_MS, &self.zone)).or_default().add(counts);
            }
            let step = |(at_ms, counts): (&i64, &Counts)| {
                let mut step = written(counts);
                step.insert("date".to_owned(), date(by, *at_ms).into());
                Value::Object(step)
            };
            answer.insert("series".to_owned(), steps.iter().map(step).collect());
        }
        answer.into()
    }
}

fn interval(name: &str) -> Result<TimeDimension, BadParameter> {
    let found = INTERVALS.iter().find(|(known, _)| *known == name).map(|(_, interval)| *interval);
    found.ok_or_else(|| BadParameter::not_among("interval", name, INTERVALS.map(|(known, _)| known)))
}

/// `received` is what the counts of events add up to; requests that were refused whole stand beside it.
fn written(counts: &Counts) -> Map<String, Value> {
    let results: Map<String, Value> = counts.by_name().map(|(name, count)| (name, count.into())).collect();
    let mut written = Map::new();
    written.insert("results".to_owned(), results.into());
    written.insert("received".to_owned(), json!(counts.received()));
    written
}
