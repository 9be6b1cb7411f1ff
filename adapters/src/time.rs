//! Times as other clients write them.

use serde_json::Value;

use crate::said::Said;

/// Milliseconds since 1970 of an ISO 8601 text (`2026-11-21T11:52:20.044+00:00`, to any fraction), or of a number of
/// milliseconds.
pub(crate) fn ms(said: Said<'_>) -> Option<i64> {
    match said.0 {
        Value::String(text) => iso(text),
        Value::Number(_) => said.number().map(|ms| ms as i64),
        _ => None,
    }
}

fn iso(text: &str) -> Option<i64> {
    let (date, time) = text.trim().split_once(['T', 't', ' '])?;
    let [year, month, day] = parts(date, '-')?;
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || !(1..=9999).contains(&year) {
        return None;
    }
    let zone = time.find(['Z', 'z', '+', '-', '−']).unwrap_or(time.len());
    let (clock, zone) = time.split_at(zone);
    let (clock, fraction) = clock.split_once(['.', ',']).unwrap_or((clock, ""));
    let [hour, minute, second] = parts(clock, ':')?;
    // A leap second is written as 60.
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let thousandths: String = fraction.chars().chain("000".chars()).take(3).collect();
    let seconds = (days(year, month, day) * 24 + hour) * 3600 + minute * 60 + second - offset_s(zone)?;
    Some(seconds * 1000 + digits(&thousandths)?)
}

fn parts(text: &str, between: char) -> Option<[i64; 3]> {
    let mut parts = text.split(between).map(digits);
    let found = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(found)
}

fn digits(text: &str) -> Option<i64> {
    let is_number = !text.is_empty() && text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

/// Seconds that a zone is ahead of UTC; without one, UTC is meant.
fn offset_s(zone: &str) -> Option<i64> {
    let mut letters = zone.chars();
    let sign = match letters.next() {
        None | Some('Z' | 'z') => return letters.next().is_none().then_some(0),
        Some('+') => 1,
        Some(_) => -1,
    };
    let clock: String = letters.filter(|letter| *letter != ':').collect();
    let (hours, minutes) = (clock.get(..2)?, clock.get(2..).filter(|minutes| !minutes.is_empty()).unwrap_or("0"));
    Some(sign * (digits(hours)? * 3600 + digits(minutes)? * 60))
}

/// Days since 1970 of a date: Howard Hinnant's `days_from_civil`, for years from 1.
fn days(year: i64, month: i64, day: i64) -> i64 {
    // Years that begin in March, so that the leap day is the last.
    let year = if month <= 2 { year - 1 } else { year };
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clients_own_ways_to_write_a_time_are_read() {
        let cases = [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2026-11-21T11:52:20.044Z", Some(1_795_261_940_044)),
            ("2026-11-21T11:52:20.044123+00:00", Some(1_795_261_940_044)),
            ("2026-11-21T12:52:20.044+01:00", Some(1_795_261_940_044)),
            ("2026-11-21T07:22:20,0440-0430", Some(1_795_261_940_044)),
            ("2026-11-21 11:52:20", Some(1_795_261_940_000)),
            ("2024-02-29T23:59:60Z", Some(1_709_251_200_000)),
            ("2026-13-21T11:52:20Z", None),
            ("2026-11-21T11:52:20Z!", None),
            ("2026-11-21", None),
            ("yesterday", None),
            ("", None),
            ("99999999999999999999-01-01T00:00:00Z", None),
            ("2026-11-21T11:52:20+é0:00", None),
        ];
        for (text, expected) in cases {
            assert_eq!(ms(Said(&Value::from(text))), expected, "{text}");
        }
        assert_eq!(ms(Said(&Value::from(1_795_261_940_044_i64))), Some(1_795_261_940_044));
    }
}
