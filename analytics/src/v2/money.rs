//! Amounts as people read them.

use passerby_protocol::Currency;
use serde_json::{Value, json};

/// Signs that stand for one currency everywhere.
const SIGNS: [(&str, &str); 6] = [("USD", "$"), ("EUR", "€"), ("GBP", "£"), ("JPY", "¥"), ("KRW", "₩"), ("INR", "₹")];

/// An amount of minor units: its value, its currency, and two ways to write it.
pub(super) fn money(minor: f64, currency: &str) -> Value {
    let digits = digits(currency);
    let value = minor / 10f64.powi(digits);
    let sign = SIGNS.iter().find(|(code, _)| *code == currency).map(|(_, sign)| (*sign).to_owned());
    let sign = sign.unwrap_or_else(|| format!("{currency} "));
    let minus = if value < 0.0 { "-" } else { "" };
    let (short, unit) = match value.abs() {
        amount if amount >= 999_950_000.0 => (amount / 1e9, "B"),
        amount if amount >= 999_950.0 => (amount / 1e6, "M"),
        amount if amount >= 1e3 => (amount / 1e3, "K"),
        amount => (amount, ""),
    };
    let short = if unit.is_empty() { grouped(short, digits as usize) } else { format!("{short:.1}") };
    let long = grouped(value.abs(), digits as usize);
    json!({
        "value": super::answer::number(Some(value)),
        "currency": currency,
        "short": format!("{minus}{sign}{short}{unit}"),
        "long": format!("{minus}{sign}{long}"),
    })
}

fn digits(currency: &str) -> i32 {
    Currency::new(currency).unwrap_or_default().minor_digits().into()
}

/// Thousands apart: `1,234.50`.
fn grouped(amount: f64, digits: usize) -> String {
    let plain = format!("{amount:.digits$}");
    let (whole, fraction) = plain.split_at(plain.find('.').unwrap_or(plain.len()));
    let mut text = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text + fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_in_the_currency_s_units() {
        let written = |minor, currency: &str| {
            let money = money(minor, currency);
            (money["value"].to_string(), money["short"].as_str().map(str::to_owned), money["long"].to_string())
        };
        let texts = |value: &str, short: &str, long: &str| (value.into(), Some(short.into()), format!("\"{long}\""));
        assert_eq!(written(1999.0, "EUR"), texts("19.99", "€19.99", "€19.99"));
        assert_eq!(written(123_456_789.0, "USD"), texts("1234567.89", "$1.2M", "$1,234,567.89"));
        assert_eq!(written(-1500.0, "KRW"), texts("-1500", "-₩1.5K", "-₩1,500"));
        assert_eq!(written(1500.0, "KWD"), texts("1.5", "KWD 1.500", "KWD 1.500"));
    }
}
