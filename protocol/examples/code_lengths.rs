//! Prints the lengths of version 1's string code as `src/strings.rs` holds them: a Huffman code of at most 15 bits
//! over `data/strings.txt`. `tests/code.rs` holds the two together. The sample and this rule are frozen with version 1;
//! better lengths are for a version 2.

use std::ops::RangeInclusive;

/// What batches typically hold, one string a line.
const SAMPLE: &[u8] = include_bytes!("../data/strings.txt");

/// The bytes, and the end of a string.
const SYMBOLS: usize = 257;
const END: usize = 256;

/// Longer codes would need a wider window when reading, and save less than one bit in a thousand.
const MAX_BITS: usize = 15;

/// How much more one occurrence counts than the weights given to symbols that never occur.
const OCCURRENCE: u64 = 16;

const ASCII_TEXT: RangeInclusive<usize> = 0x20..=0x7E;
const UTF8_CONTINUATION: RangeInclusive<usize> = 0x80..=0xBF;

/// How often each symbol occurs. One that never does still needs a code: rather a short one for what texts can hold
/// than for control characters.
fn weights() -> [u64; SYMBOLS] {
    let mut weights = [0; SYMBOLS];
    for line in SAMPLE.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        for byte in line {
            weights[usize::from(*byte)] += OCCURRENCE;
        }
        weights[END] += OCCURRENCE;
    }
    for (symbol, weight) in weights.iter_mut().enumerate().filter(|(_, weight)| **weight == 0) {
        *weight = match symbol {
            s if ASCII_TEXT.contains(&s) => 4,
            s if UTF8_CONTINUATION.contains(&s) => 3,
            _ => 1,
        };
    }
    weights
}

/// A coin of the package-merge algorithm: its weight and the symbols it stands for.
type Coin = (u64, Vec<usize>);

/// Bits of each symbol's code, by package-merge (Larmore and Hirschberg 1990). Of equal weights the lower symbol goes
/// first, and a single symbol before a pair: with that, the lengths are the same wherever this is computed.
#[must_use]
pub fn lengths() -> [u8; SYMBOLS] {
    let mut singles: Vec<Coin> = weights().into_iter().enumerate().map(|(symbol, w)| (w, vec![symbol])).collect();
    singles.sort();
    let mut coins: Vec<Coin> = Vec::new();
    for _ in 0..MAX_BITS {
        let pairs = coins.chunks_exact(2).map(|pair| (pair[0].0 + pair[1].0, [&*pair[0].1, &*pair[1].1].concat()));
        coins = singles.iter().cloned().chain(pairs).collect();
        coins.sort_by_key(|(weight, _)| *weight);
    }
    let mut lengths = [0; SYMBOLS];
    for symbol in coins.iter().take(2 * SYMBOLS - 2).flat_map(|(_, symbols)| symbols) {
        lengths[*symbol] += 1;
    }
    lengths
}

fn main() {
    for row in lengths().chunks(16) {
        let row: Vec<String> = row.iter().map(ToString::to_string).collect();
        println!("    {},", row.join(", "));
    }
}
