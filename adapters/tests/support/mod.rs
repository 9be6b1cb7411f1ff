//! Requests as their clients send them, and what they are read as, in the JSON form of our own contract.
#![allow(dead_code)]

use passerby_adapters::{Api, Arrival, Asked, Call, read};
use passerby_protocol::{DecodeError, Reason};
use serde_json::{Value, json};

pub fn asked(body: &[u8]) -> Asked<'_> {
    Asked { body, ..Asked::default() }
}

pub fn try_call(api: Api, body: &Value) -> Result<Call, DecodeError> {
    read(api, "", &asked(body.to_string().as_bytes()))
}

pub fn call(api: Api, body: &Value) -> Call {
    try_call(api, body).unwrap()
}

/// The only event of a request.
pub fn only(api: Api, body: &Value) -> Result<Arrival, Reason> {
    let mut events = call(api, body).events;
    assert_eq!(events.len(), 1, "{body}");
    events.remove(0)
}

/// What happened, each as the JSON form has it.
pub fn happened(arrival: &Arrival) -> Vec<Value> {
    arrival.batch.events.iter().map(|event| serde_json::to_value(event).unwrap()).collect()
}

/// What one event became.
pub fn one(arrival: &Result<Arrival, Reason>) -> Value {
    let happened = happened(arrival.as_ref().unwrap());
    assert_eq!(happened.len(), 1, "{happened:?}");
    happened[0].clone()
}

/// Holds `found` to every field that `expected` names, in all depths.
pub fn assert_holds(found: &Value, expected: &Value) {
    fn holds(found: &Value, expected: &Value) -> bool {
        match (found, expected) {
            (Value::Object(found), Value::Object(expected)) => {
                expected.iter().all(|(name, value)| found.get(name).is_some_and(|found| holds(found, value)))
            }
            (Value::Array(found), Value::Array(expected)) => {
                found.len() == expected.len() && found.iter().zip(expected).all(|(a, b)| holds(a, b))
            }
            _ => found == expected,
        }
    }
    assert!(holds(found, expected), "expected of it {expected:#}\nbut it is {found:#}");
}

pub fn euro(amount_minor: i64) -> Value {
    json!({ "amount_minor": amount_minor, "currency": "EUR" })
}
