//! What a shard says of the visits that it has: to whoever asks once, and to whoever watches.

use passerby_analytics::calendar::Day;
use passerby_analytics::live::{FEED_MS, MAX_FEED, Report, Watch};
use passerby_analytics::report::Question;
use worker::{Date, Result};

use super::Shard;

impl Shard {
    /// Somebody watches the site, or nobody does any more. Answers with all that happens now, where that is asked for.
    pub(super) fn watch(&self, watch: Watch, whole: bool) -> Result<Report> {
        let now_ms = Date::now().as_millis() as i64;
        let mut report = Report::default();
        if whole {
            for day in self.store.days_with_events_in(now_ms - FEED_MS, now_ms)? {
                let segment = self.memory.borrow_mut().load(&self.store, day)?;
                report.join(Report::of_segment(&watch, &segment, now_ms));
            }
            report.events.truncate(MAX_FEED);
        }
        self.live.watch(watch, now_ms)?;
        Ok(report)
    }

    /// This shard's part of an answer. Changes nothing but what is kept of answers.
    pub(super) fn answer(&self, question: &Question) -> Result<Vec<u8>> {
        let range = question.range();
        let days = self.store.days_with_events_in(range.from_ms, range.to_ms)?;
        let today = Day::of_utc(Date::now().as_millis() as i64);
        self.memory.borrow_mut().answer(&self.store, question, &days, today)
    }
}
