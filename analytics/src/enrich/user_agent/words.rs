//! A user agent as words and the numbers behind them.

/// Bytes of a user agent that are looked at; real ones seldom pass 400.
pub const MAX_BYTES: usize = 1024;

/// A text's beginning, of at most [`MAX_BYTES`].
#[must_use]
pub fn bounded(text: &str) -> &str {
    let mut end = text.len().min(MAX_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// A word: letters, digits and `_`, as long as it goes.
#[derive(Clone, Copy, Debug)]
pub struct Word {
    /// Where it begins.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
    /// Where its letters end: "ucbrowser8" is also "ucbrowser" with a number behind it.
    pub letters_to: usize,
}

/// The words of a text, in one pass.
pub fn words(text: &str) -> impl Iterator<Item = Word> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        let is_part = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
        let from = at + bytes.get(at..)?.iter().position(is_part)?;
        let to = bytes[from..].iter().position(|b| !is_part(b)).map_or(bytes.len(), |n| from + n);
        let letters_to = bytes[from..to].iter().position(u8::is_ascii_digit).map_or(to, |n| from + n);
        at = to;
        Some(Word { from, to, letters_to })
    })
}

/// The number that a rest of text begins with, behind at most one of `/ :@-=` and perhaps a v: "126" in "/v126.0.1".
#[must_use]
pub fn number(rest: &str) -> &str {
    let rest = rest.strip_prefix(['/', ' ', ':', '@', '-', '=', '(']).unwrap_or(rest);
    let rest = rest.strip_prefix(['v', 'V']).unwrap_or(rest).trim_start_matches(' ');
    let end = rest.bytes().position(|b| !b.is_ascii_digit()).unwrap_or(rest.len());
    // A number with more digits is a build or an id.
    if end > 6 { "" } else { &rest[..end] }
}

/// The first two numbers of such a rest, as they stand: "10_15", "8.1".
#[must_use]
pub fn two_numbers(rest: &str) -> (&str, &str) {
    let first = number(rest);
    let behind = rest.find(first).map_or("", |at| &rest[at + first.len()..]);
    let second = behind
        .strip_prefix(['.', '_'])
        .map_or("", |rest| if rest.starts_with(|c: char| c.is_ascii_digit()) { number(rest) } else { "" });
    (first, if first.is_empty() { "" } else { second })
}
