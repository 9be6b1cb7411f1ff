//! Reviewed data files as they are compiled in: text, read in place, nothing built at start-up.

/// Lines sorted by the bytes of their keys; behind a key and a tab stands what belongs to it. Lines that begin with `#`
/// come first and say where the rest is from.
#[derive(Clone, Copy, Debug)]
pub struct Table<'a>(&'a str);

impl<'a> Table<'a> {
    /// The table of a file.
    #[must_use]
    pub const fn new(file: &'a str) -> Self {
        Self(without_comments(file))
    }

    /// Its lines, without the comments.
    pub fn lines(self) -> impl Iterator<Item = &'a str> {
        self.0.lines()
    }

    /// What belongs to a key.
    #[must_use]
    pub fn get(self, key: &str) -> Option<&'a str> {
        let (found, value) = self.at_most(key)?;
        (found == key).then_some(value)
    }

    /// What belongs to the key that a text begins with; behind it the text ends or goes on with a space.
    ///
    /// Exact as long as no key is another's beginning up to a space: then nothing but the key itself sorts between it
    /// and a text that begins with it.
    #[must_use]
    pub fn beginning(self, text: &str) -> Option<(&'a str, &'a str)> {
        let found = self.at_most(text)?;
        let rest = text.strip_prefix(found.0)?;
        (rest.is_empty() || rest.starts_with(' ')).then_some(found)
    }

    /// The last line whose key is not greater than `key`: about log₂ of the file's bytes in steps.
    fn at_most(self, key: &str) -> Option<(&'a str, &'a str)> {
        let bytes = self.0.as_bytes();
        let (mut low, mut high, mut best) = (0, bytes.len(), None);
        while low < high {
            let middle = low + (high - low) / 2;
            let from = bytes[low..middle].iter().rposition(|b| *b == b'\n').map_or(low, |at| low + at + 1);
            let to = bytes[middle..high].iter().position(|b| *b == b'\n').map_or(high, |at| middle + at);
            // Both ends lie beside a line break, which is no part of a longer character.
            let line = self.0.get(from..to)?;
            let (found, value) = line.split_once('\t').unwrap_or((line, ""));
            if found <= key {
                best = Some((found, value));
                low = to + 1;
            } else {
                high = from;
            }
        }
        best
    }
}

/// Sorted lines, each looked for anywhere in a text.
#[derive(Clone, Copy, Debug)]
pub struct Needles<'a> {
    lines: &'a str,
    /// Where the lines begin whose first byte is this one or greater.
    starts: [u16; 257],
}

impl<'a> Needles<'a> {
    /// The lines of a file of less than 64 KiB.
    #[must_use]
    pub const fn new(file: &'a str) -> Self {
        let lines = without_comments(file);
        let bytes = lines.as_bytes();
        let (mut starts, mut next, mut at) = ([0; 257], 0, 0);
        while at < bytes.len() {
            while next <= bytes[at] as usize {
                starts[next] = at as u16;
                next += 1;
            }
            while at < bytes.len() && bytes[at] != b'\n' {
                at += 1;
            }
            at += 1;
        }
        while next < starts.len() {
            starts[next] = bytes.len() as u16;
            next += 1;
        }
        Self { lines, starts }
    }

    /// Whether one of them is in a text: at each byte only the lines that begin with it are tried.
    #[must_use]
    pub fn are_in(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        bytes.iter().enumerate().any(|(at, first)| {
            let first = usize::from(*first);
            let lines = &self.lines.as_bytes()[usize::from(self.starts[first])..usize::from(self.starts[first + 1])];
            !lines.is_empty()
                && lines.split(|b| *b == b'\n').any(|line| !line.is_empty() && bytes[at..].starts_with(line))
        })
    }
}

/// A file from its first line on that does not begin with `#`.
const fn without_comments(file: &str) -> &str {
    let bytes = file.as_bytes();
    let mut at = 0;
    while at < bytes.len() && bytes[at] == b'#' {
        while at < bytes.len() && bytes[at] != b'\n' {
            at += 1;
        }
        at += 1;
    }
    if at < bytes.len() { file.split_at(at).1 } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRUIT: Table = Table::new("# from a garden\n# in May\napple\tred\napricot\npear tree\tgreen\nplum\tblue\n");

    #[test]
    fn every_line_is_found_and_nothing_between_them() {
        assert_eq!(FRUIT.get("apple"), Some("red"));
        assert_eq!(FRUIT.get("apricot"), Some(""));
        assert_eq!(FRUIT.get("plum"), Some("blue"));
        for absent in ["", "a", "appl", "apples", "pear", "zucchini", "# from a garden", "apple\tred", "é"] {
            assert_eq!(FRUIT.get(absent), None, "{absent}");
        }
    }

    #[test]
    fn a_text_begins_with_whole_words_only() {
        assert_eq!(FRUIT.beginning("pear tree 7"), Some(("pear tree", "green")));
        assert_eq!(FRUIT.beginning("plum"), Some(("plum", "blue")));
        assert_eq!(FRUIT.beginning("pear trees"), None);
    }

    #[test]
    fn needles_are_found_anywhere() {
        let needles = Needles::new("# sharp\nbot\nbrush\nét\n");
        for text in ["bot", "a robot", "xbrush", "été"] {
            assert!(needles.are_in(text), "{text}");
        }
        for text in ["", "b", "bo", "brus", "sharp", "e"] {
            assert!(!needles.are_in(text), "{text}");
        }
        assert!(!Needles::new("").are_in("a"));
    }

    #[test]
    fn a_file_of_comments_holds_nothing() {
        assert_eq!(Table::new("# nothing\n").get(""), None);
        assert_eq!(Table::new("# nothing").lines().count(), 0);
        assert_eq!(Table::new("").get("a"), None);
    }
}
