//! One watcher: what it was sent and has not seen, and what it may say.

use serde::{Deserialize, Serialize};

use crate::calendar::MINUTE_MS;
use crate::outcome::RequestError;

/// Watchers of a site at once.
pub const MAX_WATCHERS: usize = 50;

/// Frames that a watcher may be behind: half a minute at four a second. What it was sent waits in the hub's memory until it
/// is taken, and nothing but the watcher's own word says that it was; so whoever takes too long is closed, and comes back
/// to what there is then.
pub const MAX_UNSEEN: u32 = 128;

/// Bytes of the frames that a watcher may be behind: 50 watchers who are all behind take 50 MB.
pub const MAX_UNSEEN_BYTES: u64 = 1024 * 1024;

/// How long a socket stays open: whoever let the watcher in is asked again after that, so a key that is revoked, or a token that
/// was for a short time, opens what happens for no longer.
const MAX_WATCH_MS: i64 = 15 * MINUTE_MS;

/// Bytes of a message from a watcher.
pub const MAX_MESSAGE_BYTES: usize = 256;

/// Messages of a watcher in a second, and wrong ones at all.
const MAX_MESSAGES_A_SECOND: u32 = 20;
const MAX_WRONG: u32 = 3;

/// What a hub remembers of a watcher, with the socket itself, so that it outlives the hub's memory.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watcher {
    /// Whose site it watches.
    pub site: String,
    /// The number of the last frame that it was sent; of one who comes back, the last that it has seen. 0: none.
    pub seq: u64,
    /// When it was let in.
    since_ms: i64,
    unseen: u32,
    unseen_bytes: u64,
    second: i64,
    said: u32,
    wrong: u32,
}

/// What a watcher may say: the number of the last frame that it has seen.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Seen {
    seen: u64,
}

impl Watcher {
    /// One who comes, or comes back.
    #[must_use]
    pub fn of(site: &str, since: Option<u64>, now_ms: i64) -> Self {
        Self { site: site.to_owned(), seq: since.unwrap_or_default(), since_ms: now_ms, ..Self::default() }
    }

    /// Whether it is to come back and show its key again.
    #[must_use]
    pub const fn is_over(&self, now_ms: i64) -> bool {
        now_ms >= self.since_ms + MAX_WATCH_MS
    }

    /// It is sent a frame of so many bytes, up to this number.
    ///
    /// # Errors
    /// It is too far behind.
    pub const fn send(&mut self, seq: u64, bytes: usize) -> Result<(), RequestError> {
        // One frame may be larger than all that may wait.
        if self.unseen >= MAX_UNSEEN || (self.unseen > 0 && self.unseen_bytes + bytes as u64 > MAX_UNSEEN_BYTES) {
            return Err(RequestError::SlowWatcher);
        }
        self.unseen += 1;
        self.unseen_bytes += bytes as u64;
        self.seq = seq;
        Ok(())
    }

    /// It said something; `None` where that is no text.
    ///
    /// # Errors
    /// It may not say that, or not so much.
    pub fn hear(&mut self, text: Option<&str>, now_ms: i64) -> Result<(), RequestError> {
        let second = now_ms.div_euclid(1000);
        self.said = if second == self.second { self.said + 1 } else { 1 };
        self.second = second;
        if self.said > MAX_MESSAGES_A_SECOND {
            return Err(RequestError::TooManyMessages);
        }
        let text = text.filter(|text| text.len() <= MAX_MESSAGE_BYTES);
        let seen = text.and_then(|text| serde_json::from_str(text).ok()).map(|Seen { seen }| seen);
        match seen.and_then(|seen| self.seq.checked_sub(seen)) {
            // Between two logs numbers leap: then all that is known is that it has not seen more than before.
            Some(behind) => {
                let unseen = self.unseen.min(behind.min(MAX_UNSEEN.into()) as u32);
                // How large each is that it has not seen is not kept: as large as all of them are in the mean.
                self.unseen_bytes = self.unseen_bytes * u64::from(unseen) / u64::from(self.unseen.max(1));
                self.unseen = unseen;
            }
            None => {
                self.wrong += 1;
                return Err(RequestError::BadMessage);
            }
        }
        Ok(())
    }

    /// Whether it is to be closed for this.
    #[must_use]
    pub const fn is_closed_for(&self, error: RequestError) -> bool {
        !matches!(error, RequestError::BadMessage) || self.wrong >= MAX_WRONG
    }
}

/// The code with which a socket is closed for this: its HTTP status behind 4000, where a protocol's own codes begin.
#[must_use]
pub const fn close_code(error: RequestError) -> u16 {
    4000 + error.status()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn who_says_what_was_seen_is_sent_more_without_end() {
        let mut watcher = Watcher::of("a", None, 0);
        for seq in 1..10_000 {
            watcher.send(seq, 6_000).unwrap();
            if seq % 100 == 0 {
                watcher.hear(Some(&format!("{{\"seen\":{seq}}}")), seq as i64 * 250).unwrap();
            }
        }
    }

    #[test]
    fn who_never_says_it_is_closed_after_128_frames() {
        let mut watcher = Watcher::of("a", None, 0);
        let sent = (1..1000).take_while(|seq| watcher.send(*seq, 6_000).is_ok()).count();
        assert_eq!(sent as u32, MAX_UNSEEN);
        assert_eq!(watcher.send(5000, 0), Err(RequestError::SlowWatcher));
        assert!(watcher.is_closed_for(RequestError::SlowWatcher));
    }

    #[test]
    fn who_is_a_megabyte_behind_is_closed_and_one_frame_is_never_too_large() {
        let mut watcher = Watcher::of("a", None, 0);
        watcher.send(1, 2 * MAX_UNSEEN_BYTES as usize).unwrap();
        assert_eq!(watcher.send(2, 1), Err(RequestError::SlowWatcher));
        watcher.hear(Some("{\"seen\":1}"), 0).unwrap();
        let sent = (2..1000).take_while(|seq| watcher.send(*seq, 100_000).is_ok()).count();
        assert_eq!(sent, 10);
    }

    #[test]
    fn seeing_a_part_counts_as_that_part() {
        let mut watcher = Watcher::of("a", None, 0);
        (1..=100).for_each(|seq| watcher.send(seq, 6_000).unwrap());
        watcher.hear(Some("{\"seen\":60}"), 0).unwrap();
        let more = (101..1000).take_while(|seq| watcher.send(*seq, 6_000).is_ok()).count();
        assert_eq!(more as u32, MAX_UNSEEN - 40);
    }

    #[test]
    fn what_is_not_understood_is_refused_by_name_and_the_third_time_closes() {
        let long = format!("{{\"seen\":{}1}}", " ".repeat(MAX_MESSAGE_BYTES));
        for wrong in [Some("hello"), Some("{}"), Some("{\"seen\":-1}"), Some("{\"seen\":9}"), Some(&long), None] {
            let mut watcher = Watcher::of("a", Some(8), 0);
            for time in 1..=3 {
                assert_eq!(watcher.hear(wrong, time * 1000), Err(RequestError::BadMessage), "{wrong:?}");
                assert_eq!(watcher.is_closed_for(RequestError::BadMessage), time == 3);
            }
        }
    }

    #[test]
    fn whoever_watches_for_a_quarter_of_an_hour_has_to_come_back() {
        let watcher = Watcher::of("a", None, 1_000);
        assert!(!watcher.is_over(900_999) && watcher.is_over(901_000));
    }

    #[test]
    fn more_than_20_messages_a_second_are_too_many() {
        let mut watcher = Watcher::of("a", Some(8), 0);
        let heard = (0..30).filter(|_| watcher.hear(Some("{\"seen\":8}"), 5).is_ok()).count();
        assert_eq!(heard, 20);
        assert!(watcher.is_closed_for(RequestError::TooManyMessages));
        assert!(watcher.hear(Some("{\"seen\":8}"), 1005).is_ok());
    }
}
