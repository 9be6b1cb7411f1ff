//! What every answer of the Worker tells browsers, whatever it is. The static files' headers stand in `_headers`.

use worker::{Headers, Result};

/// Answers are data: no browser may guess another type, run, frame or embed them, or tell others where it was.
pub const OF_ALL: [(&str, &str); 4] = [
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
];

/// Adds them.
pub fn secure(headers: &Headers) -> Result<()> {
    OF_ALL.iter().try_for_each(|(name, value)| headers.set(name, value))
}
