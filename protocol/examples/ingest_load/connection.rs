//! One connection that is kept alive, and one request on it at a time. Opened again where it broke.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// Longer than a collector may hold an answer back.
const PATIENCE: Duration = Duration::from_secs(20);

/// See above.
pub struct Connection {
    at: String,
    stream: Option<TcpStream>,
    read: Vec<u8>,
}

impl Connection {
    /// Opens it with the first request.
    pub fn to(at: &str) -> Self {
        Self { at: at.to_owned(), stream: None, read: Vec::with_capacity(4096) }
    }

    /// Sends a request and waits for the answer's status and body. `None`: there was none.
    pub fn post(&mut self, request: &[u8]) -> Option<(u16, &[u8])> {
        match self.exchange(request) {
            Ok((status, start, end)) => Some((status, &self.read[start..end])),
            Err(_) => {
                self.stream = None;
                None
            }
        }
    }

    fn exchange(&mut self, request: &[u8]) -> std::io::Result<(u16, usize, usize)> {
        let stream = match &mut self.stream {
            Some(stream) => stream,
            none => {
                let stream = TcpStream::connect(&self.at)?;
                stream.set_nodelay(true)?;
                stream.set_read_timeout(Some(PATIENCE))?;
                none.insert(stream)
            }
        };
        stream.write_all(request)?;
        self.read.clear();
        let mut chunk = [0; 4096];
        loop {
            let count = stream.read(&mut chunk)?;
            if count == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            self.read.extend_from_slice(&chunk[..count]);
            if let Some(head) = find(&self.read, b"\r\n\r\n") {
                let (start, length) = (head + 4, body_bytes(&self.read[..head]));
                if self.read.len() >= start + length {
                    let status = std::str::from_utf8(&self.read[9..12]).ok().and_then(|digits| digits.parse().ok());
                    return Ok((status.ok_or(ErrorKind::InvalidData)?, start, start + length));
                }
            }
        }
    }
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

/// workerd says how long each body is that it knows whole.
fn body_bytes(head: &[u8]) -> usize {
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    length.and_then(|value| value.trim().parse().ok()).unwrap_or(0)
}
