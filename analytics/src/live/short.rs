//! Texts as watchers are shown them: what somebody sends may be ten times as long as fits a line, and stands in every frame.

use passerby_protocol::limits::MAX_NAME_BYTES;

use crate::report::recent;

/// The text, or its beginning.
pub(super) fn short(text: &str) -> String {
    if text.len() <= MAX_NAME_BYTES {
        return text.to_owned();
    }
    format!("{}…", &text[..text.floor_char_boundary(MAX_NAME_BYTES - '…'.len_utf8())])
}

/// Shortens all that is told of an event.
pub(super) fn shorten(event: &mut recent::Event) {
    let pairs = event.details.iter_mut().chain(&mut event.visit);
    let texts = pairs.flat_map(|(name, value)| [name, value]);
    for text in texts.chain([&mut event.name, &mut event.page, &mut event.user]) {
        if text.len() > MAX_NAME_BYTES {
            *text = short(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_at_most_200_bytes_and_is_cut_between_two_characters() {
        let fits = "ü".repeat(MAX_NAME_BYTES / 2);
        assert_eq!(short(&fits), fits);
        let cut = short(&format!("{fits}x"));
        assert_eq!(cut, format!("{}…", "ü".repeat(98)));
        assert!(cut.len() <= MAX_NAME_BYTES);
    }
}
