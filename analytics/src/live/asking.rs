//! Whether a hub knows all that its shards do. One that begins, or was told to forget, asks them for all they have; what was on
//! its way when it forgot tells of what was, and does not count.

/// What a hub remembers of what it asked.
#[derive(Debug, Default)]
pub struct Asking {
    /// How often all was forgotten, and when last.
    round: u64,
    forgotten_ms: i64,
    is_answered: bool,
    is_whole: bool,
}

/// A question that is on its way.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    round: u64,
    /// Whether shards are to tell all they have.
    pub whole: bool,
}

impl Asking {
    /// Whether shards have answered since all was forgotten: before that there is nothing to show.
    #[must_use]
    pub const fn is_answered(&self) -> bool {
        self.is_answered
    }

    /// All is forgotten.
    pub const fn forget(&mut self, now_ms: i64) {
        *self = Self { round: self.round + 1, forgotten_ms: now_ms, is_answered: false, is_whole: false };
    }

    /// The next question.
    #[must_use]
    pub const fn ask(&self) -> Asked {
        Asked { round: self.round, whole: !self.is_whole }
    }

    /// Shards have answered, all of them or some. Whether that counts; where some did not answer, all are asked for everything
    /// the next time.
    pub const fn answered(&mut self, asked: Asked, all: bool) -> bool {
        if asked.round != self.round {
            return false;
        }
        self.is_answered = true;
        self.is_whole = all;
        true
    }

    /// Whether a shard's report counts that was made while it went by what it was told then.
    #[must_use]
    pub const fn counts(&self, told_ms: i64) -> bool {
        told_ms >= self.forgotten_ms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hub_that_begins_or_forgot_asks_for_everything_until_all_have_answered() {
        let mut asking = Asking::default();
        assert!(asking.ask().whole && !asking.is_answered());
        assert!(asking.answered(asking.ask(), false));
        assert!(asking.ask().whole && asking.is_answered(), "what some tell is shown, and the others are asked again");
        assert!(asking.answered(asking.ask(), true));
        assert!(!asking.ask().whole);
        asking.forget(7);
        assert!(asking.ask().whole && !asking.is_answered());
    }

    #[test]
    fn an_answer_to_what_was_asked_before_all_was_forgotten_does_not_count() {
        let mut asking = Asking::default();
        for whole in [true, false] {
            let asked = asking.ask();
            assert_eq!(asked.whole, whole);
            asking.forget(7);
            assert!(!asking.answered(asked, true));
            assert!(asking.ask().whole && !asking.is_answered(), "an empty room is not taken for whole");
            assert!(asking.answered(asking.ask(), true));
        }
    }

    #[test]
    fn a_report_made_under_an_earlier_word_does_not_count() {
        let mut asking = Asking::default();
        assert!(asking.counts(0));
        asking.forget(7);
        assert!(!asking.counts(6) && asking.counts(7));
    }
}
