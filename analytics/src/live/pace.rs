//! How often everybody speaks while somebody watches. A click is shown after at most a tracker's wait, a shard's and a
//! hub's, 750 ms together and less on average, and what lies on the way between.

/// How long a tracker buffers while nobody watches.
pub const USUAL_FLUSH_MS: u32 = 60_000;

/// How long it buffers while somebody does, as long as that is few batches.
const LIVE_FLUSH_MS: u32 = 250;

/// Batches a second that a shard takes before its trackers are asked to wait longer: twice as long for each so many more.
/// So a shard is at 450 a second when they wait a minute again; whoever watches a busy site costs it no more than that, and
/// up to 100 a second a click takes no second to be seen.
const BATCHES_A_STEP: u32 = 50;

/// The least time between two frames to watchers.
pub const FRAME_EVERY_MS: i64 = 250;

/// Reports a second that a hub takes of all shards together: a quarter of what one object can do.
const REPORTS_A_SECOND: i64 = 256;

/// The least time between two reports of one of 2^`bits` shards.
#[must_use]
pub const fn report_every_ms(bits: u32) -> i64 {
    let every_ms = (1000 << bits) / REPORTS_A_SECOND;
    if every_ms < FRAME_EVERY_MS { FRAME_EVERY_MS } else { every_ms }
}

/// How many batches come.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pace {
    second: i64,
    in_this: u32,
    in_last: u32,
}

impl Pace {
    /// A batch came.
    pub const fn count(&mut self, now_ms: i64) {
        let second = now_ms.div_euclid(1000);
        if second != self.second {
            self.in_last = if second == self.second + 1 { self.in_this } else { 0 };
            self.in_this = 0;
            self.second = second;
        }
        self.in_this = self.in_this.saturating_add(1);
    }

    /// How long trackers should buffer, if somebody watches.
    #[must_use]
    pub fn flush_after_ms(&self) -> u32 {
        let steps = self.in_this.max(self.in_last) / BATCHES_A_STEP;
        LIVE_FLUSH_MS.saturating_mul(1 << steps.min(16)).min(USUAL_FLUSH_MS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(batches: u32) -> u32 {
        let mut pace = Pace::default();
        (0..batches).for_each(|_| pace.count(5_000));
        pace.count(6_000);
        pace.flush_after_ms()
    }

    #[test]
    fn trackers_wait_twice_as_long_for_every_50_batches_a_second_and_never_more_than_usual() {
        let waits = [0, 49, 50, 99, 100, 350, 400, 5_000].map(after);
        assert_eq!(waits, [250, 250, 500, 500, 1000, 32_000, 60_000, 60_000]);
    }

    #[test]
    fn a_quiet_second_is_forgotten() {
        let mut pace = Pace::default();
        (0..400).for_each(|_| pace.count(5_000));
        pace.count(7_000);
        assert_eq!(pace.flush_after_ms(), 250);
    }

    #[test]
    fn a_hub_is_told_no_more_often_by_more_shards() {
        assert_eq!([0, 2, 4, 6, 8].map(report_every_ms), [250, 250, 250, 250, 1000]);
    }
}
