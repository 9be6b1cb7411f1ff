//! Properties of events: keys, values, numbers and amounts.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use passerby_analytics::filter::Pattern;
use passerby_analytics::report::properties::{Answer, Numeric, Properties};
use passerby_protocol::{Currency, Custom, Kind, Money, Props, Value};
use support::reports::{asked, scope};
use support::*;

fn with(name: Text, props: &[(Text, Value<Text>)]) -> Kind<Text> {
    Kind::Custom(Custom { name, props: Props(props.to_vec()) })
}

fn properties(event: &str, key: Option<&str>) -> Properties {
    let event = vec![Pattern::with_wildcards(event)];
    Properties { scope: scope(), event, key: key.map(str::to_owned), limit: 10 }
}

fn told(key: Option<&str>, visits: &[Visited]) -> Answer {
    asked(&properties("Buy", key), &store(visits).shards(2))
}

fn rows(answer: &Answer) -> Vec<(&str, u64, u64)> {
    answer.listed.rows.iter().map(|row| (row.value.as_str(), row.events, row.visitors)).collect()
}

#[test]
fn without_a_key_the_keys_are_told() {
    let anna =
        [(NOON, with("Buy", &[("plan", Value::Text("pro")), ("seats", Value::Int(3))])), (NOON, with("Buy", &[]))];
    let ben = [(NOON, with("Buy", &[("plan", Value::Text("free"))])), (NOON, with("Other", &[("x", Value::Int(1))]))];
    let answer = told(None, &[(ANNA, &anna), (BEN, &ben)]);
    assert_eq!(rows(&answer), [("plan", 2, 2), ("seats", 1, 1)]);
    assert_eq!((answer.events, answer.visitors, answer.numeric), (2, 2, None));
}

#[test]
fn values_are_counted_with_their_visitors() {
    let plan = |plan: Text| with("Buy", &[("plan", Value::Text(plan))]);
    let anna = [(NOON, plan("pro")), (NOON + 1, plan("pro")), (NOON + 2, plan("free"))];
    let answer = told(Some("plan"), &[(ANNA, &anna), (BEN, &[(NOON, plan("pro"))])]);
    assert_eq!(rows(&answer), [("pro", 3, 2), ("free", 1, 1)]);
    assert_eq!((answer.events, answer.visitors, answer.numeric), (4, 2, None));
}

#[test]
fn numbers_are_summed_if_all_values_are_numbers() {
    let seats = |value| with("Buy", &[("seats", value)]);
    let visit = [(NOON, seats(Value::Int(3))), (NOON, seats(Value::Float(0.5))), (NOON, seats(Value::Int(3)))];
    let answer = told(Some("seats"), &[(ANNA, &visit)]);
    let expected = Numeric { sum: 6.5, average: 6.5 / 3.0, min: 0.5, max: 3.0 };
    assert_eq!(answer.numeric, Some(expected));
    let mixed = [(NOON, seats(Value::Int(3))), (NOON, seats(Value::Text("many")))];
    assert_eq!(told(Some("seats"), &[(ANNA, &mixed)]).numeric, None);
    assert_eq!(told(Some("nothing"), &[(ANNA, &mixed)]).numeric, None);
}

#[test]
fn amounts_are_summed_by_currency() {
    let price = |amount_minor, code| {
        with("Buy", &[("price", Value::Money(Money { amount_minor, currency: Currency::new(code).unwrap() }))])
    };
    let visit = [(NOON, price(100, "EUR")), (NOON, price(100, "EUR")), (NOON, price(100, "KRW"))];
    let answer = told(Some("price"), &[(ANNA, &visit)]);
    let amounts: Vec<_> = answer.amounts.iter().map(|a| (a.currency.as_str(), a.sum_minor, a.events)).collect();
    assert_eq!(amounts, [("EUR", 200, 2), ("KRW", 100, 1)]);
    assert_eq!(rows(&answer), [("100 EUR", 2, 1), ("100 KRW", 1, 1)]);
}
