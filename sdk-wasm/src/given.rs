//! What the page's side hands over: texts and numbers, in the order in which they are read. What is missing is empty
//! or 0, so nothing that a page can do makes reading fail.

use passerby_protocol::VisitorId;

use crate::tracker::{Piece, Told};

/// What stands for a text, and in front of a number with a fraction.
const TEXT: f64 = -2.0;
const FLOAT: f64 = -1.0;

/// Texts and numbers that belong to one call.
pub struct Given<'a> {
    texts: &'a str,
    numbers: &'a [f64],
}

impl<'a> Given<'a> {
    /// Texts are separated by U+0000.
    #[must_use]
    pub fn new(texts: &'a str, numbers: &'a [f64]) -> Self {
        Self { texts, numbers }
    }

    /// The next text, cut to `max_bytes` between characters.
    #[inline(never)]
    pub fn text(&mut self, max_bytes: usize) -> String {
        let end = self.texts.bytes().position(|byte| byte == 0).unwrap_or(self.texts.len());
        let text = self.texts.get(..end).unwrap_or_default();
        self.texts = self.texts.get(end + 1..).unwrap_or_default();
        let mut end = end.min(max_bytes);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.get(..end).unwrap_or_default().into()
    }

    /// The next number.
    #[inline(never)]
    pub fn number(&mut self) -> f64 {
        let Some((first, rest)) = self.numbers.split_first() else { return 0.0 };
        self.numbers = rest;
        *first
    }

    /// All numbers that are left, as the bytes of a visitor's id; none, if they are not as many.
    pub fn visitor(&mut self) -> Option<VisitorId> {
        self.bytes().try_into().ok().map(VisitorId)
    }

    /// Whether the next number is not 0.
    pub fn is_true(&mut self) -> bool {
        self.number() != 0.0
    }

    /// All numbers that are left, which are bytes.
    pub fn bytes(&mut self) -> Vec<u8> {
        self.numbers.iter().map(|byte| *byte as u8).collect()
    }

    /// An event, until the numbers end: each stands for itself, but for those that say what follows, which no field of
    /// the contract is: -2 a text, -1 a number with a fraction.
    pub fn told(&mut self) -> Told {
        let mut pieces = Vec::with_capacity(self.numbers.len());
        while !self.numbers.is_empty() {
            let number = self.number();
            pieces.push(if number == TEXT {
                Piece::Text(self.text(usize::MAX))
            } else if number == FLOAT {
                Piece::Float(self.number())
            } else {
                Piece::Number(number as u64)
            });
        }
        Told(pieces)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_empty() {
        let mut given = Given::new("a\0\0c", &[1.0]);
        assert_eq!([(); 4].map(|()| given.text(9)), ["a", "", "c", ""]);
        assert_eq!([(); 2].map(|()| given.number()), [1.0, 0.0]);
    }

    #[test]
    fn texts_are_cut_between_characters() {
        let mut given = Given::new("héllo\0é", &[]);
        assert_eq!((given.text(2), given.text(9)), ("h".into(), "é".into()));
    }

    #[test]
    fn an_event_is_its_fields_in_their_order() {
        let Told(pieces) = Given::new("Signup\0rate", &[9., TEXT, 1., TEXT, 2., FLOAT, 1.5]).told();
        let expected = [
            Piece::Number(9),
            Piece::Text("Signup".into()),
            Piece::Number(1),
            Piece::Text("rate".into()),
            Piece::Number(2),
            Piece::Float(1.5),
        ];
        assert_eq!(pieces, expected);
    }

    #[test]
    fn a_visitors_id_has_sixteen_bytes() {
        assert_eq!(Given::new("", &[7.0; 16]).visitor(), Some(VisitorId([7; 16])));
        assert_eq!(Given::new("", &[]).visitor(), None);
    }
}
