//! When to try again. Exponential with full jitter (Brooker, "Exponential Backoff And Jitter", AWS 2015): a collector
//! that comes back is not met by all tabs at once.

/// The first wait is up to this long; each failure after it doubles that.
const BASE_MS: u64 = 1_000;

/// Doublings: up to 2^8 s, about four minutes, between two tries.
const MAX_DOUBLINGS: u32 = 8;

/// The longest pause that `Retry-After` can ask for. Beyond an hour a tab is as good as silenced.
const MAX_RETRY_AFTER_MS: u64 = 60 * 60_000;

pub struct Backoff {
    failures: u32,
    failed_ms: u64,
    until_ms: u64,
    random: u32,
}

impl Backoff {
    pub fn new(seed: u32) -> Self {
        // Xorshift stands still at 0.
        Self { failures: 0, failed_ms: 0, until_ms: 0, random: seed | 1 }
    }

    /// The last request failed.
    pub fn failing(&self) -> bool {
        self.failures > 0
    }

    /// Nothing is sent before, except when leaving.
    pub fn until_ms(&self) -> u64 {
        self.until_ms
    }

    /// A request that was sent at `sent_ms` failed. `retry_after_ms` is what the collector asked for, or 0.
    ///
    /// Requests that were under way together fail together: only the first of them lengthens the wait, or seven of them would
    /// make a minute of a second.
    pub fn fail(&mut self, sent_ms: u64, now_ms: u64, retry_after_ms: u64) {
        if self.failing() && sent_ms < self.failed_ms {
            self.until_ms = self.until_ms.max(now_ms + retry_after_ms.min(MAX_RETRY_AFTER_MS));
            return;
        }
        self.failed_ms = now_ms;
        let longest_ms = BASE_MS << self.failures.min(MAX_DOUBLINGS);
        self.failures = self.failures.saturating_add(1);
        // Marsaglia's xorshift32: even enough for jitter, at a few instructions.
        self.random ^= self.random << 13;
        self.random ^= self.random >> 17;
        self.random ^= self.random << 5;
        let jitter_ms = u64::from(self.random) % longest_ms;
        self.until_ms = now_ms + retry_after_ms.min(MAX_RETRY_AFTER_MS) + jitter_ms;
    }

    /// A request was answered.
    pub fn succeed(&mut self) {
        self.failures = 0;
        self.until_ms = 0;
    }

    /// The network is back: the next try need not wait. Browsers say so a moment before requests get through, so those
    /// after it wait no longer than after a first failure.
    pub fn hurry(&mut self) {
        self.failures = self.failures.min(1);
        self.until_ms = 0;
    }
}
