//! Bodies that were packed: gzip and zlib, which no sender may use to fill the memory.

use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::{
    TINFL_FLAG_COMPUTE_ADLER32, TINFL_FLAG_PARSE_ZLIB_HEADER, TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF,
};
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};
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
            unpack(&body, TINFL_FLAG_PARSE_ZLIB_HEADER | TINFL_FLAG_COMPUTE_ADLER32, limit)
        }
        _ => Ok(body),
    }
}

/// RFC 1950: the method deflate with a window of at most 32 KB, and both bytes together a multiple of 31. No JSON begins
/// so.
fn is_zlib(first: u8, second: u8) -> bool {
    first & 0x0f == 8 && first >> 4 < 8 && u16::from_be_bytes([first, second]).is_multiple_of(31)
}

/// What was deflated, of at most `limit` bytes. All of `packed` must belong to it: what stands behind its end would be dropped in
/// silence.
fn unpack(packed: &[u8], flags: u32, limit: usize) -> Result<Vec<u8>, DecodeError> {
    let flags = flags | TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
    let mut state = Box::<DecompressorOxide>::default();
    let mut plain = vec![0; packed.len().saturating_mul(2).min(limit)];
    let (mut read, mut written) = (0, 0);
    loop {
        let rest = packed.get(read..).unwrap_or_default();
        let (status, more_read, more_written) = decompress(&mut state, rest, &mut plain, written, flags);
        (read, written) = (read + more_read, written + more_written);
        match status {
            TINFLStatus::Done if read == packed.len() => {
                plain.truncate(written);
                return Ok(plain);
            }
            TINFLStatus::HasMoreOutput if plain.len() < limit => {
                plain.resize(plain.len().saturating_mul(2).clamp(1, limit), 0);
            }
            TINFLStatus::HasMoreOutput => {
                return Err(DecodeError::Limit { name: "max_inflated_bytes", limit, found: limit + 1 });
            }
            _ => return Err(DecodeError::Malformed),
        }
    }
}

/// RFC 1952: a header, deflated bytes, their checksum and their length.
fn gunzip(packed: &[u8], limit: usize) -> Result<Vec<u8>, DecodeError> {
    let (rest, trailer) = deflated(packed).ok_or(DecodeError::Malformed)?;
    let plain = unpack(rest, 0, limit)?;
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
    fn what_stands_behind_the_packed_body_is_refused() -> Result<(), std::io::Error> {
        let plain = br#"{"api_key":"x","batch":[]}"#;
        let (packed, other) = (gzip(plain)?, zlib(plain)?);
        for trailing in [&b"\0"[..], b"{}", &packed, &[0; 1024]] {
            assert_eq!(inflate([&packed[..], trailing].concat()), Err(DecodeError::Malformed));
            let unpacked = inflate([&other[..], trailing].concat());
            assert!(
                unpacked == Err(DecodeError::Malformed) || unpacked.as_deref() == Ok(plain),
                "nothing of it is read"
            );
        }
        Ok(())
    }

    #[test]
    fn what_is_packed_twice_is_unpacked_once() -> Result<(), std::io::Error> {
        let once = gzip(b"{}")?;
        assert_eq!(inflate(gzip(&once)?), Ok(once));
        // A bomb within a bomb: the outer one is small, and what comes out of it is no JSON.
        let bomb = gzip(&gzip(&vec![b'0'; 16 * MAX_BODY_BYTES])?)?;
        assert!(inflate(bomb).is_ok_and(|inner| inner.starts_with(&[0x1f, 0x8b])));
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
