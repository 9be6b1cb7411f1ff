//! How much is tried. `make test` tries a fixed number of seeds; `make soak` sets other numbers through the environment.

use std::time::{Duration, Instant};

/// Seeds to try.
pub struct Plan {
    seeds: std::ops::Range<u64>,
    until: Option<Instant>,
    told: Instant,
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name}={text} is no number")))
}

impl Plan {
    /// `usual` seeds from 0; or as many as `PASSERBY_SOAK_SECONDS` allow, from `PASSERBY_SOAK_SEED`.
    pub fn of(usual: u64) -> Self {
        let now = Instant::now();
        let first = number("PASSERBY_SOAK_SEED").unwrap_or(0);
        match number("PASSERBY_SOAK_SECONDS") {
            Some(seconds) => {
                Self { seeds: first..u64::MAX, until: Some(now + Duration::from_secs(seconds)), told: now }
            }
            None => Self { seeds: first..first + usual, until: None, told: now },
        }
    }
}

impl Iterator for Plan {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        let now = Instant::now();
        if self.until.is_some_and(|until| now >= until) {
            return None;
        }
        if self.until.is_some() && now - self.told > Duration::from_secs(10) {
            self.told = now;
            eprintln!("seed {}", self.seeds.start);
        }
        self.seeds.next()
    }
}
