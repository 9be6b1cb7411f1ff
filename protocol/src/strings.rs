//! The strings of a batch in a prefix code fixed for version 1, as HPACK does for headers (RFC 7541, appendix B). Half
//! of a batch is short texts (paths, addresses, element paths, names), and this code takes a third off them, where a
//! general compressor cannot: it would have to learn the text first.
//!
//! The code is canonical, so its lengths say all. They are those of a Huffman code of at most 15 bits over
//! `data/strings.txt`; `cargo run -p passerby-protocol --example code_lengths` prints them.

use alloc::{string::String, vec::Vec};
use serde::{Deserialize, Serialize};

/// The longest code, in bits.
const MAX_BITS: usize = 15;

/// Ends a string; the other symbols are bytes.
const END: usize = 256;

/// Bits of each symbol's code.
#[rustfmt::skip]
pub(crate) const LENGTHS: [u8; 257] = [
    15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15,
    15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15,
    5, 14, 14, 8, 14, 14, 9, 10, 11, 11, 14, 11, 12, 6, 6, 5,
    9, 9, 7, 9, 8, 11, 10, 11, 9, 12, 6, 14, 14, 8, 6, 14,
    14, 8, 9, 8, 9, 9, 11, 10, 10, 10, 14, 11, 9, 9, 10, 10,
    9, 12, 9, 7, 10, 10, 11, 9, 12, 11, 14, 14, 14, 14, 14, 8,
    13, 4, 6, 5, 5, 4, 7, 6, 6, 5, 10, 7, 5, 5, 4, 4,
    5, 10, 4, 5, 4, 5, 7, 6, 8, 7, 11, 13, 11, 13, 13, 15,
    14, 14, 14, 14, 14, 14, 14, 14, 14, 14, 14, 14, 14, 14, 14, 14,
    14, 14, 14, 14, 14, 14, 14, 14, 14, 14, 14, 14, 14, 14, 14, 14,
    14, 14, 14, 14, 14, 14, 14, 14, 14, 14, 14, 14, 14, 14, 14, 14,
    14, 14, 14, 14, 14, 14, 14, 14, 14, 14, 14, 14, 14, 14, 14, 14,
    15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15,
    15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15,
    15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15,
    15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 14,
    4,
];

/// The table on the wire: in the code, or plain where that is no longer (other scripts than Latin, mostly).
#[derive(Serialize, Deserialize)]
pub(crate) enum Strings<'a> {
    Plain(#[serde(borrow)] Vec<&'a str>),
    Coded(&'a [u8]),
}

/// Of each length, the first code and the place of its symbol in `symbols`.
struct Canonical {
    first_code: [u16; MAX_BITS + 1],
    first_place: [u16; MAX_BITS + 1],
    count: [u16; MAX_BITS + 1],
    symbols: [u16; 257],
}

/// Canonical codes: shorter before longer, of one length in the order of the symbols (RFC 1951, 3.2.2).
const fn canonical() -> Canonical {
    let mut c = Canonical {
        first_code: [0; MAX_BITS + 1],
        first_place: [0; MAX_BITS + 1],
        count: [0; MAX_BITS + 1],
        symbols: [0; 257],
    };
    let (mut code, mut place, mut bits) = (0u16, 0u16, 1);
    while bits <= MAX_BITS {
        c.first_code[bits] = code;
        c.first_place[bits] = place;
        let mut symbol = 0;
        while symbol < LENGTHS.len() {
            if LENGTHS[symbol] as usize == bits {
                c.symbols[place as usize] = symbol as u16;
                place += 1;
                code += 1;
            }
            symbol += 1;
        }
        c.count[bits] = code - c.first_code[bits];
        code = code.wrapping_shl(1);
        bits += 1;
    }
    c
}

/// The codes' values, in the order of the symbols.
pub(crate) fn codes() -> [u16; 257] {
    let c = canonical();
    let mut codes = [0; 257];
    for (place, symbol) in c.symbols.iter().enumerate() {
        let bits = usize::from(LENGTHS[usize::from(*symbol)]);
        codes[usize::from(*symbol)] = c.first_code[bits] + (place as u16 - c.first_place[bits]);
    }
    codes
}

/// The table's coded form: each string's bytes and an end, most significant bit first, filled up with ones.
pub(crate) fn code(strings: &[impl AsRef<str>]) -> Vec<u8> {
    let codes = codes();
    let mut out = Vec::new();
    let (mut pending, mut held) = (0u32, 0);
    let mut put = |symbol: usize| {
        let bits = u32::from(LENGTHS[symbol]);
        pending = pending << bits | u32::from(codes[symbol]);
        held += bits;
        while held >= 8 {
            held -= 8;
            out.push((pending >> held) as u8);
        }
    };
    for text in strings {
        for byte in text.as_ref().bytes() {
            put(usize::from(byte));
        }
        put(END);
    }
    if held > 0 {
        out.push((pending << (8 - held)) as u8 | 0xFF >> held);
    }
    out
}

/// The coded strings' texts, written into `text` one after another, and where each ends. A code has at least 4 bits,
/// so the text is at most twice as long as the bytes. `None` where the bytes are no such table.
pub(crate) fn read(bytes: &[u8], text: &mut String) -> Option<Vec<usize>> {
    const CANONICAL: Canonical = canonical();
    let c = &CANONICAL;
    let (mut out, mut ends) = (Vec::with_capacity(bytes.len() * 3 / 2), Vec::new());
    let (mut code, mut bits) = (0u16, 0);
    for byte in bytes {
        for shift in (0..8).rev() {
            code = code << 1 | u16::from(byte >> shift & 1);
            bits += 1;
            // Underflow is "not yet a code of this length": codes of a length are consecutive numbers.
            let offset = code.wrapping_sub(c.first_code[bits]);
            if offset < c.count[bits] {
                match c.symbols[usize::from(c.first_place[bits] + offset)] {
                    256 => ends.push(out.len()),
                    byte => out.push(byte as u8),
                }
                (code, bits) = (0, 0);
            } else if bits == MAX_BITS {
                return None;
            }
        }
    }
    let padding = (1u16 << bits) - 1;
    let whole = ends.last().copied().unwrap_or(0) == out.len() && bits < 8 && code == padding;
    *text = String::from_utf8(out).ok().filter(|_| whole)?;
    ends.iter().all(|end| text.is_char_boundary(*end)).then_some(ends)
}
