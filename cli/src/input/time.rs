//! Times as logs write them.

use passerby_analytics::calendar::{DAY_MS, Day, HOUR_MS, MINUTE_MS};

/// From this number on an epoch counts milliseconds, and below it seconds: as seconds it would lie in the year 5138, as
/// milliseconds in 1973.
const FIRST_MS: i64 = 100_000_000_000;

/// Milliseconds since 1970 in UTC of `2026-01-31T10:00:00.123+02:00`, `2026-01-31 10:00:00`, `2026-01-31`, seconds or
/// milliseconds since 1970. A time without an offset is one of the site's clocks.
pub fn parse_ms(text: &str, site_offset_ms: i64) -> Option<i64> {
    let text = text.trim();
    if let Ok(number) = text.parse::<i64>() {
        return if number.unsigned_abs() < FIRST_MS as u64 { number.checked_mul(1000) } else { Some(number) };
    }
    if let Some(seconds) = text.parse::<f64>().ok().filter(|number| number.is_finite()) {
        return (seconds.abs() < FIRST_MS as f64).then_some((seconds * 1000.0).round() as i64);
    }
    let day = Day::parse(text.get(..10)?)?;
    let midnight_ms = i64::from(day.0) * DAY_MS;
    let Some(rest) = text.get(10..).filter(|rest| !rest.is_empty()) else {
        return Some(midnight_ms - site_offset_ms);
    };
    let rest = rest.strip_prefix(['T', 't', ' '])?;
    let (of_day_ms, rest) = clock_ms(rest)?;
    let offset_ms = if rest.is_empty() { site_offset_ms } else { offset_ms(rest.trim_start())? };
    Some(midnight_ms + of_day_ms - offset_ms)
}

/// Milliseconds since 1970 in UTC of an access log's `17/May/2015:10:05:03 +0000`.
pub fn parse_access_ms(text: &str) -> Option<i64> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (date, rest) = (text.get(..11)?, text.get(11..)?.strip_prefix(':')?);
    let mut parts = date.split('/');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let month = MONTHS.iter().position(|name| *name == month)? + 1;
    let day = Day::parse(&format!("{year}-{month:02}-{day}"))?;
    let (of_day_ms, rest) = clock_ms(rest)?;
    Some(i64::from(day.0) * DAY_MS + of_day_ms - offset_ms(rest.strip_prefix(' ')?)?)
}

/// `10:05`, `10:05:03`, `10:05:03.123456`: milliseconds of the day, and what follows.
fn clock_ms(text: &str) -> Option<(i64, &str)> {
    let (hours, rest) = two(text)?;
    let (minutes, rest) = two(rest.strip_prefix(':')?)?;
    let (seconds, rest) = rest.strip_prefix(':').map_or(Some((0, rest)), two)?;
    let (mut ms, mut behind) = (0, rest);
    if let Some(fraction) = rest.strip_prefix(['.', ',']) {
        let end = fraction.bytes().position(|b| !b.is_ascii_digit()).unwrap_or(fraction.len());
        let thousandths: String = fraction[..end].chars().chain("000".chars()).take(3).collect();
        (ms, behind) = (thousandths.parse().ok().filter(|_| end > 0)?, &fraction[end..]);
    }
    // 60 is a leap second: a clock that has none shows the next one.
    let valid = hours < 24 && minutes < 60 && seconds <= 60;
    valid.then_some((hours * HOUR_MS + minutes * MINUTE_MS + seconds * 1000 + ms, behind))
}

/// `Z`, `UTC`, `+0200`, `+02:00`, `-03`: milliseconds ahead of UTC.
fn offset_ms(text: &str) -> Option<i64> {
    if matches!(text, "Z" | "z" | "UTC" | "GMT") {
        return Some(0);
    }
    let (sign, rest) = match text.strip_prefix('+') {
        Some(rest) => (1, rest),
        None => (-1, text.strip_prefix('-')?),
    };
    let (hours, rest) = two(rest)?;
    let (minutes, rest) = if rest.is_empty() { (0, "") } else { two(rest.strip_prefix(':').unwrap_or(rest))? };
    (rest.is_empty() && hours < 24 && minutes < 60).then_some(sign * (hours * HOUR_MS + minutes * MINUTE_MS))
}

fn two(text: &str) -> Option<(i64, &str)> {
    let (digits, rest) = text.split_at_checked(2)?;
    let number = digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok()).flatten()?;
    Some((number, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_the_forms_that_logs_have() {
        let at = Some(1_710_325_274_000); // 2024-03-13T10:21:14Z
        for text in [
            "2024-03-13 10:21:14",
            "2024-03-13T10:21:14Z",
            "2024-03-13T12:21:14+02:00",
            "2024-03-13 06:51:14.000 -0330",
            "1710325274",
            "1710325274000",
            "1710325274.0",
        ] {
            assert_eq!(parse_ms(text, 0), at, "{text}");
        }
        assert_eq!(parse_ms("2024-03-13 12:21:14", 2 * HOUR_MS), at);
        assert_eq!(parse_ms("2024-03-13T10:21:14.5Z", 0), at.map(|ms| ms + 500));
        assert_eq!(parse_access_ms("13/Mar/2024:10:21:14 +0000"), at);
        assert_eq!(parse_access_ms("13/Mar/2024:05:21:14 -0500"), at);
        assert_eq!(parse_ms("2024-03-13", 0), Some(1_710_288_000_000));
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in
            ["", "x", "2024-02-30", "2024-03-13T25:00", "2024-03-13 10:21:14 CET", "2024-03-13T10", "é2024-03-1"]
        {
            assert_eq!(parse_ms(text, 0), None, "{text}");
        }
        for text in ["", "31/Feb/2024:00:00:00 +0000", "13/Mar/2024 10:21:14", "13/Mar/2024:10:21:14"] {
            assert_eq!(parse_access_ms(text), None, "{text}");
        }
    }
}
