//! Rate limits: a token bucket for each key, address or site, in one isolate's memory.
//!
//! A bucket is one number, the instant at which it will be full again (the generic cell rate algorithm): taking a token puts
//! it off by a token's time. So nothing has to be refilled, and a bucket that is full again is the same as none.

use std::collections::BTreeMap;

/// How much may be taken: so many tokens at once, and as many again over each window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Tokens of a full bucket; at least one.
    pub quota: u32,
    /// How long an empty bucket takes to fill; at least a millisecond.
    pub window_ms: u32,
}

/// What is left in a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level {
    /// Tokens.
    pub remaining: u32,
    /// When it will be full.
    pub full_in_ms: u64,
}

/// What became of an attempt to take tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// They were there.
    Passed(Level),
    /// They were not; nothing was taken.
    Limited {
        /// After how long the same will pass.
        wait_ms: u64,
    },
    /// There are more buckets in use than are kept: the limit cannot be told, and the caller decides what that means.
    Unknown,
}

/// Buckets of one rate.
#[derive(Clone, Debug)]
pub struct Buckets<K> {
    rate: Rate,
    most: usize,
    /// By whose they are, when each is full again: microseconds, since a token may take less than a millisecond.
    full_at_us: BTreeMap<K, i64>,
    swept_ms: i64,
}

impl<K: Ord> Buckets<K> {
    /// No buckets yet; at most so many are kept.
    #[must_use]
    pub const fn new(rate: Rate, most: usize) -> Self {
        Self { rate, most, full_at_us: BTreeMap::new(), swept_ms: 0 }
    }

    /// Takes tokens out of somebody's bucket. More than a whole bucket passes where the bucket is full, and is owed.
    pub fn take(&mut self, whose: K, tokens: u32, now_ms: i64) -> Taken {
        let now_us = now_ms.saturating_mul(1000);
        let window_us = i64::from(self.rate.window_ms.max(1)) * 1000;
        let quota = i64::from(self.rate.quota.max(1));
        let each_us = |count: u32| window_us.saturating_mul(i64::from(count)) / quota;
        if !self.full_at_us.contains_key(&whose) && !self.has_room(now_ms) {
            return Taken::Unknown;
        }
        let full_at_us = self.full_at_us.entry(whose).or_insert(now_us);
        let owed_us = full_at_us.saturating_sub(now_us).max(0);
        let over_us = owed_us.saturating_add(each_us(tokens).min(window_us)) - window_us;
        if over_us > 0 {
            return Taken::Limited { wait_ms: (over_us as u64).div_ceil(1000) };
        }
        let owed_us = owed_us.saturating_add(each_us(tokens));
        *full_at_us = now_us.saturating_add(owed_us);
        let left = (window_us - owed_us).max(0).saturating_mul(quota) / window_us;
        Taken::Passed(Level { remaining: left as u32, full_in_ms: (owed_us as u64).div_ceil(1000) })
    }

    /// Makes room for one more: those that are full again are forgotten, at most once a window, so that a crowd does not cost a
    /// walk through all of them each time.
    fn has_room(&mut self, now_ms: i64) -> bool {
        let is_due = now_ms.saturating_sub(self.swept_ms) >= i64::from(self.rate.window_ms);
        if self.full_at_us.len() >= self.most && is_due {
            self.swept_ms = now_ms;
            let now_us = now_ms.saturating_mul(1000);
            self.full_at_us.retain(|_, full_at_us| *full_at_us > now_us);
        }
        self.full_at_us.len() < self.most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate { quota: 10, window_ms: 1000 };
    const NOW: i64 = 1_800_000_000_000;

    fn passes(buckets: &mut Buckets<u32>, tokens: u32, now_ms: i64) -> bool {
        matches!(buckets.take(1, tokens, now_ms), Taken::Passed(_))
    }

    #[test]
    fn as_many_as_the_quota_pass_at_once_and_then_one_for_each_tokens_time() {
        let mut buckets = Buckets::new(RATE, 8);
        assert_eq!(buckets.take(1, 1, NOW), Taken::Passed(Level { remaining: 9, full_in_ms: 100 }));
        assert!((0..9).all(|_| passes(&mut buckets, 1, NOW)));
        assert_eq!(buckets.take(1, 1, NOW), Taken::Limited { wait_ms: 100 });
        assert_eq!(buckets.take(1, 1, NOW + 99), Taken::Limited { wait_ms: 1 });
        assert!(passes(&mut buckets, 1, NOW + 100));
        assert!(!passes(&mut buckets, 1, NOW + 100));
        assert!(passes(&mut buckets, 10, NOW + 1100), "it is full again after a window");
    }

    #[test]
    fn whoever_is_limited_passes_after_the_wait_that_was_said() {
        let mut buckets = Buckets::new(Rate { quota: 7, window_ms: 1000 }, 8);
        assert!(passes(&mut buckets, 7, NOW));
        for tokens in 1..=7 {
            let Taken::Limited { wait_ms } = buckets.take(1, tokens, NOW) else { panic!("{tokens} passed") };
            let mut later = buckets.clone();
            assert!(!passes(&mut later, tokens, NOW + wait_ms as i64 - 1));
            assert!(passes(&mut later, tokens, NOW + wait_ms as i64));
        }
    }

    #[test]
    fn more_than_a_bucket_passes_when_it_is_full_and_is_owed() {
        let mut buckets = Buckets::new(RATE, 8);
        assert_eq!(buckets.take(1, 25, NOW), Taken::Passed(Level { remaining: 0, full_in_ms: 2500 }));
        assert_eq!(buckets.take(1, 25, NOW + 1500), Taken::Limited { wait_ms: 1000 });
        assert_eq!(buckets.take(1, 1, NOW + 1500), Taken::Limited { wait_ms: 100 });
        assert!(passes(&mut buckets, 25, NOW + 2500));
    }

    #[test]
    fn each_has_a_bucket_of_its_own() {
        let mut buckets = Buckets::new(RATE, 8);
        assert!(matches!(buckets.take(1, 10, NOW), Taken::Passed(_)));
        assert!(matches!(buckets.take(2, 10, NOW), Taken::Passed(_)));
    }

    #[test]
    fn when_too_many_are_in_use_it_says_so_and_forgets_those_that_are_full_again() {
        let mut buckets = Buckets::new(RATE, 2);
        assert!(matches!(buckets.take(1, 1, NOW), Taken::Passed(_)));
        assert!(matches!(buckets.take(2, 10, NOW), Taken::Passed(_)));
        assert_eq!(buckets.take(3, 1, NOW), Taken::Unknown);
        assert!(matches!(buckets.take(1, 1, NOW), Taken::Passed(_)), "those that are known go on");
        assert_eq!(buckets.take(3, 1, NOW + 999), Taken::Unknown, "swept once a window");
        assert!(matches!(buckets.take(3, 1, NOW + 1000), Taken::Passed(_)));
    }

    #[test]
    fn a_clock_that_goes_back_neither_panics_nor_gives_more() {
        let mut buckets = Buckets::new(RATE, 8);
        assert!(passes(&mut buckets, 10, NOW));
        assert!(!passes(&mut buckets, 1, NOW - 5000));
        assert!(matches!(buckets.take(2, u32::MAX, i64::MAX), Taken::Passed(_)));
        assert!(matches!(buckets.take(3, u32::MAX, i64::MIN), Taken::Passed(_) | Taken::Limited { .. }));
    }
}
