//! What the page's side hands over: texts and numbers, in the order in which they are read. What is missing is empty
//! or 0, so nothing that a page can do makes reading fail.

use passerby_protocol::{Currency, Money, Props, Value, limits};

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

    /// Whether the next number is not 0.
    pub fn is_true(&mut self) -> bool {
        self.number() != 0.0
    }

    /// All numbers that are left, which are bytes.
    pub fn bytes(&mut self) -> Vec<u8> {
        self.numbers.iter().map(|byte| *byte as u8).collect()
    }

    /// Typed properties, until the numbers end: of each its name, its text or currency, its type and its number. What
    /// lies beyond the contract's limits is left out: better an event without a property than none.
    pub fn props(&mut self) -> Props {
        let mut props = Vec::<(String, Value)>::new();
        while !self.numbers.is_empty() {
            let name = self.text(limits::MAX_NAME_BYTES);
            let text = self.text(limits::MAX_TEXT_BYTES);
            let kind = self.number() as u8;
            let number = self.number();
            let value = match kind {
                0 => Some(Value::Text(text)),
                1 if number.is_finite() => Some(int(number).map_or(Value::Float(number), Value::Int)),
                2 => Some(Value::Bool(number != 0.0)),
                3 => money(number, &text).map(Value::Money),
                _ => None,
            };
            let is_new = !name.is_empty() && props.iter().all(|(known, _)| *known != name);
            if let Some(value) = value.filter(|_| is_new && props.len() < limits::MAX_PROPS) {
                props.push((name, value));
            }
        }
        Props(props)
    }
}

fn money(number: f64, currency: &str) -> Option<Money> {
    Some(Money { amount_minor: int(number)?, currency: Currency::new(currency)? })
}

/// Whole numbers below 2^53: beyond, JavaScript's numbers skip some.
fn int(number: f64) -> Option<i64> {
    let int = number as i64;
    (int as f64 == number && int.unsigned_abs() < 1 << 53).then_some(int)
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
    fn properties_keep_their_types_and_what_has_none_is_left_out() {
        let texts =
            "plan\0pro\0seats\0\0rate\0\0trial\0\0price\0EUR\0bad\0euro\0nan\0\0half\0EUR\0\0nameless\0plan\0twice";
        let numbers = [0., 0., 1., 3., 1., 1.5, 2., 0., 3., 1_999., 3., 1., 1., f64::NAN, 3., 0.5, 0., 0., 0., 0.];
        let Props(props) = Given::new(texts, &numbers).props();
        let price = Money { amount_minor: 1_999, currency: Currency::new("EUR").unwrap_or_default() };
        let expected = [
            ("plan", Value::Text("pro".into())),
            ("seats", Value::Int(3)),
            ("rate", Value::Float(1.5)),
            ("trial", Value::Bool(false)),
            ("price", Value::Money(price)),
        ];
        assert_eq!(props, expected.map(|(name, value)| (name.to_owned(), value)));
    }

    #[test]
    fn more_properties_than_the_contract_allows_are_left_out() {
        let names: Vec<String> = (0..40).map(|i| format!("{i}\0x")).collect();
        assert_eq!(Given::new(&names.join("\0"), &[0.0; 80]).props().0.len(), limits::MAX_PROPS);
    }

    #[test]
    fn numbers_that_javascript_cannot_count_with_stay_fractions() {
        assert_eq!(int(9_007_199_254_740_991.0), Some(9_007_199_254_740_991));
        assert_eq!((int(9_007_199_254_740_992.0), int(f64::NAN), int(0.5)), (None, None, None));
    }
}
