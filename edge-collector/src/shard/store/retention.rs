//! Days that are older than a site keeps them.

use passerby_analytics::calendar::Day;
use worker::Result;

use super::{Store, rows};
use crate::book::Book;

impl Store {
    /// Drops all days before one, with everything that was made of them; what became of their batches stays counted. Each day
    /// is dropped whole or not at all, and one that fails keeps no other. Idempotent. `forgotten` learns which were.
    pub fn forget_days(&self, first_kept: Day, forgotten: &mut dyn FnMut(Day)) -> Result<()> {
        let old = self.days(Day(i32::MIN), Day(first_kept.0.saturating_sub(1)))?;
        let done = old.into_iter().map(|(day, packed)| self.forget_day(day, packed).map(|()| forgotten(day)));
        done.fold(Ok(()), Result::and)
    }

    fn forget_day(&self, day: Day, packed: bool) -> Result<()> {
        let counts = if packed { None } else { Some(self.counts_of(day)?) };
        self.transactions.atomically(&mut || {
            self.partials.drop_of(&[day])?;
            self.drafts.drop_of(&[day])?;
            if let Some(counts) = &counts {
                Book::add(&self.sql, counts.clone())?;
                rows::drop(&self.sql, day)?;
            }
            self.sql.exec("DELETE FROM segment WHERE day = ?", vec![day.0.into()])?;
            self.sql.exec("DELETE FROM day WHERE day = ?", vec![day.0.into()]).map(|_| ())
        })?;
        *self.days.borrow_mut() = None;
        *self.open_counts.borrow_mut() = None;
        Ok(())
    }
}
