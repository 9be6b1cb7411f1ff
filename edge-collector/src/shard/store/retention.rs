//! Days that are older than a site keeps them.

use passerby_analytics::calendar::Day;
use worker::Result;

use super::{Store, table};
use crate::book::Book;

impl Store {
    /// Drops all days before one, with everything that was made of them; what became of their batches stays counted. A day
    /// at a time, each whole or not at all. Idempotent. Answers which there were.
    pub fn forget_days(&self, first_kept: Day) -> Result<Vec<Day>> {
        let old = self.days(Day(i32::MIN), Day(first_kept.0.saturating_sub(1)))?;
        for (day, packed) in &old {
            let counts = if *packed { None } else { Some(self.counts_of(*day)?) };
            self.transactions.atomically(&mut || {
                self.partials.drop_of(&[*day])?;
                self.drafts.drop_of(&[*day])?;
                if let Some(counts) = &counts {
                    Book::add(&self.sql, counts.clone())?;
                    self.sql.exec(&format!("DROP TABLE {}", table(*day)), None)?;
                }
                self.sql.exec("DELETE FROM segment WHERE day = ?", vec![day.0.into()])?;
                self.sql.exec("DELETE FROM day WHERE day = ?", vec![day.0.into()]).map(|_| ())
            })?;
            *self.days.borrow_mut() = None;
            *self.open_counts.borrow_mut() = None;
        }
        Ok(old.into_iter().map(|(day, _)| day).collect())
    }
}
