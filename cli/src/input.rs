//! Logs in their forms, line by line.

mod access_log;
mod address;
mod csv_rows;
pub mod fields;
mod ndjson;
mod time;

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use crate::Failure;
use crate::args::{Args, Format};
use crate::log::Log;
use crate::tally::Tally;

/// Bytes of a line: many times a batch, which is the longest that a line can be. Bounds what a file without line breaks
/// takes.
const MAX_LINE_BYTES: usize = 1 << 20;

/// Bytes read at a time.
const BUFFER_BYTES: usize = 1 << 16;

/// What gzip begins with (RFC 1952, 2.3.1).
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Reads a whole log.
///
/// # Errors
/// It cannot be opened, reading it breaks off, or a CSV's header cannot be used.
pub fn read(args: &Args, log: &mut Log, tally: &mut Tally) -> Result<(), Failure> {
    let name = args.file.as_deref().filter(|file| *file != Path::new("-"));
    let said = name.map_or("the standard input".to_owned(), |file| file.display().to_string());
    let failed = |error: io::Error| Failure::Input(format!("{said}: {error}"));
    let raw: Box<dyn Read> = match name {
        Some(file) => Box::new(File::open(file).map_err(failed)?),
        None => Box::new(io::stdin().lock()),
    };
    let (head, mut source) = unpacked(raw).map_err(failed)?;
    let format = match args.reading.format {
        Some(format) => format,
        None => form_of(&head),
    };
    let done = match format {
        Format::Ndjson => ndjson::read(&mut source, &args.reading, log, tally),
        Format::Csv => csv_rows::read(&mut source, &args.reading, log, tally),
        Format::Combined => access_log::read(&mut source, &args.reading, log, tally),
    };
    done.map_err(|error| Failure::Input(format!("{said}: after {} lines: {error}", tally.lines)))
}

/// The bytes of a log, unpacked if they begin as gzip does, and the first of them.
fn unpacked(raw: Box<dyn Read>) -> io::Result<(Vec<u8>, Box<dyn BufRead>)> {
    let (head, raw) = with_head(raw)?;
    if head.starts_with(&GZIP) { with_head(Box::new(MultiGzDecoder::new(raw))) } else { Ok((head, raw)) }
}

/// A reader's first bytes, and a reader of all. A pipe may hand out its first byte alone, so they are read, not looked at.
fn with_head(mut raw: Box<dyn Read>) -> io::Result<(Vec<u8>, Box<dyn BufRead>)> {
    let mut head = Vec::new();
    raw.by_ref().take(BUFFER_BYTES as u64).read_to_end(&mut head)?;
    let whole = BufReader::with_capacity(BUFFER_BYTES, io::Cursor::new(head.clone()).chain(raw));
    Ok((head, Box::new(whole)))
}

/// The form of a log that begins like this.
fn form_of(start: &[u8]) -> Format {
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    let line = start.split(|b| *b == b'\n').find(|line| !line.trim_ascii().is_empty()).unwrap_or(&[]);
    let text = String::from_utf8_lossy(line);
    if text.trim_start().starts_with('{') {
        Format::Ndjson
    } else if access_log::parse(text.trim_end()).is_some() {
        Format::Combined
    } else {
        Format::Csv
    }
}

/// Calls for each line with its number, from 1, and without its end. Lines that are too long are left out.
fn each_line(
    from: &mut dyn BufRead,
    tally: &mut Tally,
    mut line: impl FnMut(&[u8], u64, &mut Tally),
) -> io::Result<()> {
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        let length = (&mut *from).take(MAX_LINE_BYTES as u64 + 1).read_until(b'\n', &mut bytes)?;
        if length == 0 {
            return Ok(());
        }
        tally.lines += 1;
        let number = tally.lines;
        if length > MAX_LINE_BYTES {
            skip_line(from, bytes.ends_with(b"\n"))?;
            tally.leave_out("line_too_long", number, "");
            continue;
        }
        let content = bytes.strip_prefix(b"\xef\xbb\xbf".as_slice()).filter(|_| number == 1).unwrap_or(&bytes);
        let content = content.trim_ascii_end();
        if !content.is_empty() {
            line(content, number, tally);
        }
    }
}

/// Reads on to the line's end.
fn skip_line(from: &mut dyn BufRead, mut ended: bool) -> io::Result<()> {
    while !ended {
        let seen = from.fill_buf()?;
        let end = seen.iter().position(|b| *b == b'\n');
        ended = end.is_some() || seen.is_empty();
        let used = end.map_or(seen.len(), |end| end + 1);
        from.consume(used);
    }
    Ok(())
}
