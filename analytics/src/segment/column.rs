//! A column of numbers in few bits: blocks of 128, each with its least value and as many bits as its widest difference
//! needs (frame of reference). It reads at about a nanosecond a value, which a general compressor does not.

/// Values of a block: enough to share a header of 2 bytes, few enough that one wide value costs little.
const BLOCK: usize = 128;

/// Appends a column.
pub fn pack(values: &[u64], out: &mut Vec<u8>) {
    for block in values.chunks(BLOCK) {
        let least = block.iter().copied().min().unwrap_or(0);
        let widest = block.iter().map(|value| value - least).max().unwrap_or(0);
        let bits = u64::BITS - widest.leading_zeros();
        out.push(bits as u8);
        put_varint(least, out);
        let (mut pending, mut held) = (0u128, 0);
        for value in block {
            pending |= u128::from(value - least) << held;
            held += bits;
            while held >= 8 {
                out.push(pending as u8);
                pending >>= 8;
                held -= 8;
            }
        }
        if held > 0 {
            out.push(pending as u8);
        }
    }
}

/// Reads a column of so many values; `None` where the bytes do not hold them.
pub fn unpack(mut bytes: &[u8], count: usize) -> Option<Vec<u64>> {
    let mut values = Vec::with_capacity(count.min(bytes.len().saturating_mul(BLOCK)));
    // A block's bits, with room behind them so that each value can be read as a window of whole bytes.
    let mut buffer = [0u8; BLOCK * 8 + 16];
    while values.len() < count {
        let (&bits, rest) = bytes.split_first()?;
        let (least, rest) = take_varint(rest)?;
        let (bits, in_block) = (usize::from(bits), BLOCK.min(count - values.len()));
        if bits > 64 {
            return None;
        }
        let (packed, rest) = rest.split_at_checked((bits * in_block).div_ceil(8))?;
        bytes = rest;
        if bits == 0 {
            values.resize(values.len() + in_block, least);
            continue;
        }
        buffer[..packed.len()].copy_from_slice(packed);
        let mask = u64::MAX >> (64 - bits);
        let bit = |place: usize| place * bits;
        // Up to here a value lies within the 8 bytes that begin where it does: all columns but that of the visitors.
        if bits <= 57 {
            let value = |place: usize| (u64::from_le_bytes(window(&buffer, bit(place) / 8)) >> (bit(place) % 8)) & mask;
            values.extend((0..in_block).map(|place| least.wrapping_add(value(place))));
        } else {
            let wide = |place: usize| u128::from_le_bytes(window(&buffer, bit(place) / 8)) >> (bit(place) % 8);
            values.extend((0..in_block).map(|place| least.wrapping_add(wide(place) as u64 & mask)));
        }
    }
    bytes.is_empty().then_some(values)
}

/// Bytes from a place on; zeros where that is too far on, which it never is.
fn window<const LENGTH: usize>(bytes: &[u8], place: usize) -> [u8; LENGTH] {
    bytes.get(place..).and_then(|rest| rest.first_chunk()).copied().unwrap_or([0; LENGTH])
}

/// Appends a number in 7 bits a byte, least first.
pub fn put_varint(mut number: u64, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Reads such a number.
pub fn take_varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let (mut number, mut shift) = (0u64, 0);
    for (place, byte) in bytes.iter().enumerate().take(10) {
        number |= u64::from(byte & 0x7F).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some((number, &bytes[place + 1..]));
        }
        shift += 7;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_packed_is_read(values in prop::collection::vec(prop_oneof![0..4u64, 0..1_000_000u64, any::<u64>()], 0..400)) {
            let mut bytes = Vec::new();
            pack(&values, &mut bytes);
            prop_assert_eq!(unpack(&bytes, values.len()), Some(values));
        }

        #[test]
        fn damaged_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), count in 0usize..1000) {
            let _ = unpack(&bytes, count);
        }
    }

    #[test]
    fn a_column_of_one_value_takes_two_bytes_a_block() {
        let mut bytes = Vec::new();
        pack(&[7; 1280], &mut bytes);
        assert_eq!(bytes.len(), 20);
    }
}
