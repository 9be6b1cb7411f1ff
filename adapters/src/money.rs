//! Amounts as other clients write them: decimal numbers, and a currency beside them.

use passerby_protocol::limits::MAX_AMOUNT_MINOR;
use passerby_protocol::{Currency, Money, Props, Reason, Value as Property};

use crate::call::Text;
use crate::said::Said;

/// The currency of this code, in any case.
pub(crate) fn currency(code: Said<'_>) -> Option<Currency> {
    Currency::new(&code.text().trim().to_ascii_uppercase())
}

/// So much of a currency, in its minor units.
///
/// # Errors
/// It is more than any amount may be.
pub(crate) fn minor(amount: f64, currency: Currency) -> Result<i64, Reason> {
    let minor = (amount * 10f64.powi(currency.minor_digits().into())).round();
    if minor.abs() <= MAX_AMOUNT_MINOR as f64 { Ok(minor as i64) } else { Err(Reason::NumberOutOfRange) }
}

/// An amount, where one is said.
pub(crate) fn money(amount: Said<'_>, currency: Currency) -> Result<Option<Money>, Reason> {
    let money = |amount| Ok(Money { amount_minor: minor(amount, currency)?, currency });
    amount.number().map(money).transpose()
}

/// Puts an event's revenue, where it names one, among its properties, in the place of the number.
pub(crate) fn add_revenue(
    props: &mut Props<Text>,
    name: &str,
    amount: Said<'_>,
    currency: Option<Currency>,
) -> Result<(), Reason> {
    let Some(currency) = currency else { return Ok(()) };
    let Some(money) = money(amount, currency)? else { return Ok(()) };
    props.0.retain(|(known, _)| known != name && known != "currency");
    props.0.push((name.to_owned().into(), Property::Money(money)));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn amounts_are_rounded_to_the_minor_unit_of_their_currency() {
        let cases = [
            (json!(13.29), "USD", 1329),
            (json!("19.99"), "eur", 1999),
            (json!(1000), "JPY", 1000),
            (json!(1.2345), "KWD", 1235),
            (json!(-5.005), "EUR", -501),
            (json!(1.005e3), "EUR", 100_500),
        ];
        for (amount, code, expected) in cases {
            let code = json!(code);
            let currency = currency(Said(&code)).unwrap_or_default();
            let found = money(Said(&amount), currency).map(|money| money.map(|money| money.amount_minor));
            assert_eq!(found, Ok(Some(expected)), "{amount} {code}");
        }
        let euro = Currency::new("EUR").unwrap_or_default();
        assert_eq!(money(Said(&json!(1e300)), euro), Err(Reason::NumberOutOfRange));
        assert_eq!(money(Said(&json!("much")), euro), Ok(None));
    }
}
