//! How values are spread: exact, since each distinct value is kept with its count.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Values with how often each came. It grows with distinct values, of which there are at most as many as events.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spread(BTreeMap<u64, u64>);

impl FromIterator<u64> for Spread {
    fn from_iter<I: IntoIterator<Item = u64>>(values: I) -> Self {
        let mut values: Vec<u64> = values.into_iter().collect();
        values.sort_unstable();
        Self(values.chunk_by(|a, b| a == b).map(|same| (same[0], same.len() as u64)).collect())
    }
}

impl Spread {
    /// Adds a value.
    pub fn add(&mut self, value: u64) {
        *self.0.entry(value).or_default() += 1;
    }

    /// Adds the values of another.
    pub fn merge(&mut self, other: Self) {
        if self.0.is_empty() {
            *self = other;
            return;
        }
        for (value, count) in other.0 {
            *self.0.entry(value).or_default() += count;
        }
    }

    /// How many.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.values().sum()
    }

    /// Their mean.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        let sum: u128 = self.0.iter().map(|(value, count)| u128::from(*value) * u128::from(*count)).sum();
        let count = self.count();
        (count > 0).then(|| sum as f64 / count as f64)
    }

    /// The one in the middle; of an even number, the mean of the two.
    #[must_use]
    pub fn median(&self) -> Option<f64> {
        let count = self.count();
        let (low, high) = (self.at(count.checked_sub(1)? / 2)?, self.at(count / 2)?);
        Some((low as f64 + high as f64) / 2.0)
    }

    /// The least value that so many percent of them do not exceed (the nearest rank).
    #[must_use]
    pub fn percentile(&self, percent: u64) -> Option<u64> {
        self.at((self.count() * percent).div_ceil(100).checked_sub(1)?)
    }

    /// How many are not greater than this.
    #[must_use]
    pub fn at_most(&self, value: u64) -> u64 {
        self.0.range(..=value).map(|(_, count)| count).sum()
    }

    /// The value at a place, in their order.
    fn at(&self, place: u64) -> Option<u64> {
        let mut before = 0;
        self.0.iter().find_map(|(value, count)| {
            before += count;
            (place < before).then_some(*value)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread(values: &[u64]) -> Spread {
        let mut spread = Spread::default();
        values.iter().for_each(|value| spread.add(*value));
        spread
    }

    #[test]
    fn the_median_of_an_even_number_lies_between_the_two_in_the_middle() {
        assert_eq!(spread(&[5, 1, 9]).median(), Some(5.0));
        assert_eq!(spread(&[4, 1, 9, 1]).median(), Some(2.5));
        assert_eq!(spread(&[]).median(), None);
    }

    #[test]
    fn a_percentile_is_the_nearest_rank() {
        assert_eq!(spread(&[1, 2, 3, 4]).percentile(75), Some(3));
        assert_eq!(spread(&[1, 2, 3, 4, 5]).percentile(75), Some(4));
        assert_eq!(spread(&[7]).percentile(75), Some(7));
        assert_eq!(spread(&[]).percentile(75), None);
    }
}
