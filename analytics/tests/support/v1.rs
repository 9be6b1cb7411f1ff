//! Questions of v1, asked at noon of 1 July 2026.

use jiff::tz::TimeZone;
use passerby_analytics::v1::{BadParameter, Endpoint, Request};

use super::NOON;
use super::random::offset_ms;

pub fn parse_in(zone: &str, endpoint: Endpoint, query: &str) -> Result<Request, BadParameter> {
    let zone = TimeZone::get(zone).unwrap();
    // "+" is no space here, so that filters can be written as they are.
    let pair = |pair: &str| pair.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned())).unwrap();
    let parameters: Vec<_> = query.split('&').filter(|pair| !pair.is_empty()).map(pair).collect();
    Request::parse(endpoint, &parameters, NOON, |at_ms| offset_ms(&zone, at_ms))
}

pub fn parse(endpoint: Endpoint, query: &str) -> Result<Request, BadParameter> {
    parse_in("UTC", endpoint, query)
}
