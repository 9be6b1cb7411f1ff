//! Bodies that were packed: gzip and zlib, which no sender may use to fill the memory.

use miniz_oxide::inflate::{
    DecompressError, TINFLStatus, decompress_to_vec_with_limit, decompress_to_vec_zlib_with_limit,
};
use passerby_protocol::DecodeError;

/// Bytes of a request's body, as it comes and unpacked. Segment's clients send at most 500 KB, PostHog's pack batches of
/// up to 1 MB, GA4's 130 KB; a body is in memory twice while it is read, of a Worker's 128 MB.
pub const MAX_BODY_BYTES: usize = 1024 * 1024;

/// How many times its size a body may become. Batches of a thousand like events take about 60; deflate can do 1,032.
const MAX_RATIO: usize = 200;

/// Unpacks a body that begins as gzip or zlib does; any other is returned as it is. A bomb is let go of at the limit.
///
/// # Errors
/// It is damaged, or becomes larger than a body may.
pub fn inflate(body: Vec<u8>) -> Result<Vec<u8>, DecodeError> {
    let limit = MAX_BODY_BYTES.min(body.len().saturating_mul(MAX_RATIO));
    match body.as_slice() {
        [0x1f, 0x8b, ..] => gunzip(&body, limit),
        [first, second, ..] if is_zlib(*first, *second) => {
            decompress_to_vec_zlib_with_limit(&body, limit).map_err(|error| refused(&error, limit))
        }
        _ => Ok(body),
    }
}

/// RFC 1950: the method deflate with a window of at most 32 KB, and both bytes together a multiple of 31. No JSON begins
/// so.
fn is_zlib(first: u8, second: u8) -> bool {
    first & 0x0f == 8 && first >> 4 < 8 && u16::from_be_bytes([first, second]).is_multiple_of(31)
}

fn refused(error: &DecompressError, limit: usize) -> DecodeError {
    match error.status {
        TINFLStatus::HasMoreOutput => DecodeError::Limit { name: "max_inflated_bytes", limit, found: limit + 1 },
        _ => DecodeError::Malformed,
    }
}

/// RFC 1952: a header, deflated bytes, their checksum and their length.
fn gunzip(packed: &[u8], limit: usize) -> Result<Vec<u8>, DecodeError> {
    let (rest, trailer) = deflated(packed).ok_or(DecodeError::Malformed)?;
    let plain = decompress_to_vec_with_limit(rest, limit).map_err(|error| refused(&error, limit))?;
    let expected = [crc32(&plain).to_le_bytes(), (plain.len() as u32).to_le_bytes()].concat();
    if *trailer == expected[..] { Ok(plain) } else { Err(DecodeError::Malformed) }
}

/// What lies between header and trailer, and the trailer.
fn deflated(packed: &[u8]) -> Option<(&[u8], &[u8; 8])> {
    const EXTRA: u8 = 4;
    const NAME: u8 = 8;
    const COMMENT: u8 = 16;
    const CHECKSUM: u8 = 2;
    let (header, mut rest) = packed.split_first_chunk::<10>()?;
    let [_, _, method, flags, ..] = *header;
    if method != 8 {
        return None;
    }
    if flags & EXTRA != 0 {
        let (length, after) = rest.split_first_chunk::<2>()?;
        rest = after.get(usize::from(u16::from_le_bytes(*length))..)?;
    }
    for _ in [NAME, COMMENT].iter().filter(|text| flags & **text != 0) {
        let end = rest.iter().position(|byte| *byte == 0)?;
        rest = rest.get(end + 1..)?;
    }
    if flags & CHECKSUM != 0 {
        rest = rest.get(2..)?;
    }
    rest.split_last_chunk::<8>()
}

/// The checksum of RFC 1952, half a byte at a time: its table has 16 entries.
fn crc32(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 16] = {
        let mut table = [0; 16];
        let mut at = 0;
        while at < 16 {
            let (mut entry, mut bit) = (at as u32, 0);
            while bit < 4 {
                entry = if entry & 1 == 1 { entry >> 1 ^ 0xedb8_8320 } else { entry >> 1 };
                bit += 1;
            }
            table[at] = entry;
            at += 1;
        }
        table
    };
    let step = |sum: u32, half: u8| sum >> 4 ^ TABLE[((sum as u8 ^ half) & 15) as usize];
    !bytes.iter().fold(!0, |sum, byte| step(step(sum, byte & 15), byte >> 4))
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::{GzEncoder, ZlibEncoder};
    use std::io::Write;

    type Packed = Result<Vec<u8>, std::io::Error>;

    fn gzip(plain: &[u8]) -> Packed {
        let mut packer = GzEncoder::new(Vec::new(), Compression::default());
        packer.write_all(plain).and_then(|()| packer.finish())
    }

    fn zlib(plain: &[u8]) -> Packed {
        let mut packer = ZlibEncoder::new(Vec::new(), Compression::default());
        packer.write_all(plain).and_then(|()| packer.finish())
    }

    #[test]
    fn packed_bodies_are_unpacked_and_others_left_as_they_are() -> Result<(), std::io::Error> {
        let plain = br#"{"api_key":"x","batch":[]}"#;
        for body in [gzip(plain)?, zlib(plain)?, plain.to_vec()] {
            assert_eq!(inflate(body), Ok(plain.to_vec()));
        }
        assert_eq!(inflate(Vec::new()), Ok(Vec::new()));
        let all = flate2::GzBuilder::new().filename("name").comment("comment").extra(vec![1, 2, 3]);
        let mut packer = all.write(Vec::new(), Compression::fast());
        packer.write_all(plain)?;
        assert_eq!(inflate(packer.finish()?), Ok(plain.to_vec()));
        Ok(())
    }

    #[test]
    fn a_bomb_is_let_go_of_at_the_limit() -> Result<(), std::io::Error> {
        let bomb = gzip(&vec![b'0'; 64 * MAX_BODY_BYTES])?;
        assert!(bomb.len() < 128 * 1024);
        let limit = MAX_BODY_BYTES;
        let found = limit + 1;
        assert_eq!(inflate(bomb), Err(DecodeError::Limit { name: "max_inflated_bytes", limit, found }));
        let small = gzip(&vec![b'0'; 100_000])?;
        let limit = small.len() * MAX_RATIO;
        assert!(limit < 100_000, "small enough for the ratio to bind");
        assert!(matches!(inflate(small), Err(DecodeError::Limit { limit: named, .. }) if named == limit));
        Ok(())
    }

    #[test]
    fn what_is_cut_or_changed_is_refused() -> Result<(), std::io::Error> {
        let plain = r#"{"api_key":"x","batch":[{"event":"a","distinct_id":"b"}]}"#;
        let packed = gzip(plain.as_bytes())?;
        for end in 2..packed.len() {
            assert_eq!(inflate(packed[..end].to_vec()), Err(DecodeError::Malformed), "cut at {end}");
        }
        let mut changed = packed.clone();
        changed[packed.len() - 6] ^= 1; // within the checksum
        assert_eq!(inflate(changed), Err(DecodeError::Malformed));
        Ok(())
    }
}
