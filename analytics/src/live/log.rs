//! The last frames, for watchers that come back.

use std::collections::VecDeque;
use std::rc::Rc;

/// Frames that are kept: 16 s at four a second, which is longer than a connection takes to come back.
const MAX_FRAMES: usize = 64;
/// Bytes that they may take.
const MAX_BYTES: usize = 512 * 1024;

/// Numbers frames and keeps the last ones.
#[derive(Debug)]
pub struct Log {
    seq: u64,
    frames: VecDeque<Rc<str>>,
    bytes: usize,
}

/// What a watcher missed.
#[derive(Debug, PartialEq, Eq)]
pub enum Missed {
    /// These frames; none where it missed nothing.
    Frames(Vec<Rc<str>>),
    /// Nobody knows: it needs to be shown all that there is.
    Unknown,
}

impl Log {
    /// A log without frames. Its numbers begin at the time: there are fewer frames than milliseconds, so they are greater
    /// than those of any log before it.
    #[must_use]
    pub const fn starting(now_ms: i64) -> Self {
        Self { seq: now_ms.unsigned_abs(), frames: VecDeque::new(), bytes: 0 }
    }

    /// The number of the last frame.
    #[must_use]
    pub const fn seq(&self) -> u64 {
        self.seq
    }

    /// Keeps the next frame: what differs from the one before. It is made with its number.
    pub fn push(&mut self, make: impl FnOnce(u64) -> String) -> Rc<str> {
        self.seq += 1;
        let frame: Rc<str> = make(self.seq).into();
        self.bytes += frame.len();
        self.frames.push_back(Rc::clone(&frame));
        while self.frames.len() > MAX_FRAMES || self.bytes > MAX_BYTES {
            let Some(oldest) = self.frames.pop_front() else { break };
            self.bytes -= oldest.len();
        }
        frame
    }

    /// What came after the frame of this number.
    #[must_use]
    pub fn since(&self, seq: u64) -> Missed {
        match self.seq.checked_sub(seq).and_then(|missed| self.frames.len().checked_sub(missed as usize)) {
            Some(known) => Missed::Frames(self.frames.iter().skip(known).cloned().collect()),
            None => Missed::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(frames: usize, text: &str) -> Log {
        let mut log = Log::starting(1000);
        (0..frames).for_each(|_| drop(log.push(|seq| format!("{seq} {text}"))));
        log
    }

    fn numbers(missed: Missed) -> Option<Vec<u64>> {
        let Missed::Frames(frames) = missed else { return None };
        frames.iter().map(|frame| frame.split(' ').next()?.parse().ok()).collect()
    }

    #[test]
    fn who_comes_back_gets_the_frames_that_were_missed_and_no_others() {
        let log = filled(5, "");
        assert_eq!(numbers(log.since(1003)), Some(vec![1004, 1005]));
        assert_eq!(numbers(log.since(1005)), Some(vec![]));
        assert_eq!(numbers(log.since(1000)), Some((1001..=1005).collect()));
    }

    #[test]
    fn of_a_number_that_is_not_known_nobody_knows_what_was_missed() {
        let log = filled(5, "");
        for seq in [0, 999, 1006, u64::MAX] {
            assert_eq!(log.since(seq), Missed::Unknown, "{seq}");
        }
    }

    #[test]
    fn frames_are_kept_within_their_number_and_their_bytes() {
        let log = filled(MAX_FRAMES + 1, "");
        assert_eq!(log.since(1000), Missed::Unknown);
        assert_eq!(numbers(log.since(1001)).map(|frames| frames.len()), Some(MAX_FRAMES));
        let log = filled(10, &"x".repeat(MAX_BYTES / 4));
        assert_eq!(numbers(log.since(1007)).map(|frames| frames.len()), Some(3));
        assert_eq!(log.since(1006), Missed::Unknown);
    }

    #[test]
    fn numbers_of_a_later_log_are_greater() {
        assert!(Log::starting(1000 + 250 * 64).seq() > filled(64, "").seq());
    }
}
