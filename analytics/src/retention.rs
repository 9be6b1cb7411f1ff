//! Which days a site still keeps.

use crate::calendar::Day;

/// The first day that is kept, where a site keeps so many days: that many are over, and today. A day is one of UTC, and holds
/// the visits that began in it; so an event is kept so many days after its own, and at most two days more.
#[must_use]
pub const fn first_kept(now_ms: i64, days: u32) -> Day {
    let today = Day::of_utc(now_ms).0;
    let days = if days > i32::MAX as u32 { i32::MAX } else { days as i32 };
    Day(today.saturating_sub(days))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::DAY_MS;

    #[test]
    fn a_day_is_kept_until_as_many_days_are_over_after_it() {
        assert_eq!(first_kept(100 * DAY_MS, 30), Day(70));
        assert_eq!(first_kept(101 * DAY_MS - 1, 30), Day(70), "until the last millisecond");
        assert_eq!(first_kept(101 * DAY_MS, 30), Day(71));
        assert_eq!(first_kept(100 * DAY_MS, 0), Day(100));
        assert!(first_kept(0, u32::MAX) < Day(-1_000_000));
    }
}
