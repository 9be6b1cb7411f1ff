//! The calendar against jiff's, and zones against the time zone database.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use passerby_analytics::calendar::{DAY_MS, Day, HOUR_MS, MINUTE_MS, Zone};

fn every_day_of_400_years() -> impl Iterator<Item = (Day, Date)> {
    let first = date(1826, 1, 1);
    let number = first.duration_until(date(1970, 1, 1)).as_secs() / -86_400;
    (0..).map_while(move |day: i32| {
        let date = first.checked_add(day.days()).ok().filter(|date| date.year() < 2227)?;
        Some((Day(number as i32 + day), date))
    })
}

#[test]
fn a_day_and_its_date_are_each_others_inverse() {
    for (day, date) in every_day_of_400_years() {
        let parts = (i32::from(date.year()), i32::from(date.month()), i32::from(date.day()));
        assert_eq!(day.date(), parts);
        assert_eq!(Day::of_date(parts.0, parts.1, parts.2), day);
    }
}

#[test]
fn a_day_is_written_and_read_as_iso_8601() {
    for (day, date) in every_day_of_400_years() {
        assert_eq!(day.iso(), date.to_string());
        assert_eq!(Day::parse(&day.iso()), Some(day));
    }
}

#[test]
fn a_month_begins_on_its_first_and_a_week_on_its_monday() {
    for (day, date) in every_day_of_400_years() {
        assert_eq!(day.month().iso(), date.first_of_month().to_string());
        let monday = i32::from(date.weekday().to_monday_zero_offset());
        assert_eq!(day.week(), Day(day.0 - monday));
    }
}

#[test]
fn months_are_added_beyond_the_years_end_and_before_its_beginning() {
    for (day, date) in every_day_of_400_years().filter(|(_, date)| [1, 31].contains(&date.day())) {
        for months in [-25, -12, -1, 0, 1, 11, 12, 30] {
            let expected = date.first_of_month().checked_add(months.months()).unwrap();
            assert_eq!(day.add_months(months).iso(), expected.to_string());
        }
    }
}

#[test]
fn a_month_beyond_the_twelfth_is_one_of_a_later_year() {
    assert_eq!(Day::of_date(2026, 13, 1), Day::of_date(2027, 1, 1));
    assert_eq!(Day::of_date(2026, 0, 31), Day::of_date(2025, 12, 31));
}

#[test]
fn what_is_no_date_is_not_read() {
    let wrong = [
        "",
        "2026-07",
        "2026-7-1",
        "2026-07-011",
        "2026/07/01",
        "2026-00-01",
        "2026-13-01",
        "2026-07-00",
        "2026-07-32",
        "2026-02-29",
        "1900-02-29",
        "2100-02-29",
        "2026-04-31",
        "+026-07-01",
        "2026-+7-01",
        "2026-07--1",
        " 2026-7-01",
        "２０２６-07-01",
        "2026-07é1",
        "é26-07-01",
        "day",
        "0x7e-07-01",
    ];
    for text in wrong {
        assert_eq!(Day::parse(text), None, "{text}");
    }
    for text in ["2024-02-29", "2000-02-29", "0000-01-01", "9999-12-31"] {
        assert_eq!(Day::parse(text).map(Day::iso).as_deref(), Some(text));
    }
}

#[test]
fn a_time_before_1970_lies_in_the_day_that_holds_it() {
    assert_eq!(Day::of_utc(-1), Day(-1));
    assert_eq!(Day::of_utc(-DAY_MS), Day(-1));
    assert_eq!(Day::of_utc(DAY_MS - 1), Day(0));
}

const ZONES: &[&str] = &[
    "UTC",
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/Sao_Paulo",
    "America/Havana",
    "America/Caracas",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Seoul",
    "Asia/Pyongyang",
    "Asia/Beirut",
    "Asia/Amman",
    "Africa/Casablanca",
    "Africa/Cairo",
    "Atlantic/Azores",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Chatham",
];

fn ms(text: &str) -> i64 {
    text.parse::<Timestamp>().unwrap().as_millisecond()
}

fn offset_ms(zone: &TimeZone, at_ms: i64) -> i64 {
    i64::from(zone.to_offset(Timestamp::from_millisecond(at_ms).unwrap()).seconds()) * 1000
}

fn probed(zone: &TimeZone, from: &str, to: &str) -> Zone {
    Zone::probe(ms(from), ms(to), |at_ms| offset_ms(zone, at_ms))
}

/// Each zone from 2010 to 2030, with the times at which its clocks change.
fn zones() -> impl Iterator<Item = (&'static str, TimeZone, Zone, Vec<i64>)> {
    ZONES.iter().map(|name| {
        let database = TimeZone::get(name).unwrap();
        let zone = probed(&database, "2010-01-01T00:00:00Z", "2031-01-01T00:00:00Z");
        let from = Timestamp::from_millisecond(ms("2010-01-01T12:00:00Z")).unwrap();
        let later = database.following(from).map(|change| change.timestamp().as_millisecond());
        let changes = later.take_while(|at_ms| *at_ms < ms("2030-12-31T00:00:00Z")).collect();
        (*name, database, zone, changes)
    })
}

#[test]
fn a_probed_zones_clocks_are_those_of_the_database() {
    for (name, database, zone, changes) in zones() {
        for change in changes {
            let near = [-DAY_MS, -HOUR_MS, -MINUTE_MS, -1, 0, 1, MINUTE_MS, HOUR_MS, DAY_MS];
            for at_ms in near.map(|later| change + later) {
                assert_eq!(zone.offset_ms(at_ms), offset_ms(&database, at_ms), "{name} {at_ms}");
            }
        }
        for at_ms in (ms("2010-01-01T00:00:00Z")..ms("2031-01-01T00:00:00Z")).step_by(11 * DAY_MS as usize) {
            assert_eq!(zone.offset_ms(at_ms), offset_ms(&database, at_ms), "{name} {at_ms}");
        }
    }
}

#[test]
fn a_day_begins_at_the_first_instant_of_its_date() {
    for (name, database, zone, changes) in zones() {
        for change in changes {
            let changed = Timestamp::from_millisecond(change).unwrap().to_zoned(database.clone()).date();
            for date in (-2..=2).map(|days: i32| changed.checked_add(days.days()).unwrap()) {
                let day = Day::of_date(date.year().into(), date.month().into(), date.day().into());
                let expected = date.to_zoned(database.clone()).unwrap();
                assert_eq!(zone.start_ms(day), expected.timestamp().as_millisecond(), "{name} {date}");
            }
        }
    }
}

#[test]
fn a_time_lies_in_the_day_whose_date_a_clock_shows() {
    for (name, database, zone, changes) in zones() {
        for change in changes {
            for at_ms in (change - 2 * DAY_MS..change + 2 * DAY_MS).step_by(25 * MINUTE_MS as usize) {
                let date = Timestamp::from_millisecond(at_ms).unwrap().to_zoned(database.clone()).date();
                let day = zone.day(at_ms);
                assert_eq!(day.iso(), date.to_string(), "{name} {at_ms}");
                assert!(zone.start_ms(day) <= at_ms && at_ms < zone.start_ms(Day(day.0 + 1)), "{name} {at_ms}");
            }
        }
    }
}

fn hours(zone: &str, day: &str) -> f64 {
    let zone = probed(&TimeZone::get(zone).unwrap(), "2010-01-01T00:00:00Z", "2031-01-01T00:00:00Z");
    let day = Day::parse(day).unwrap();
    (zone.start_ms(Day(day.0 + 1)) - zone.start_ms(day)) as f64 / HOUR_MS as f64
}

#[test]
fn a_day_has_the_hours_that_its_clocks_give_it() {
    assert_eq!(hours("Europe/Berlin", "2026-03-29"), 23.0);
    assert_eq!(hours("Europe/Berlin", "2026-10-25"), 25.0);
    assert_eq!(hours("America/New_York", "2026-03-08"), 23.0);
    assert_eq!(hours("America/New_York", "2026-11-01"), 25.0);
    assert_eq!(hours("Australia/Lord_Howe", "2026-04-05"), 24.5);
    assert_eq!(hours("Australia/Lord_Howe", "2026-10-04"), 23.5);
    assert_eq!(hours("America/Sao_Paulo", "2018-11-04"), 23.0);
    assert_eq!(hours("America/Sao_Paulo", "2018-02-17"), 25.0);
    assert_eq!(hours("Africa/Casablanca", "2026-02-15"), 25.0);
    assert_eq!(hours("Asia/Kolkata", "2026-03-29"), 24.0);
    assert_eq!(hours("Asia/Seoul", "2026-03-29"), 24.0);
    assert_eq!(hours("UTC", "2026-03-29"), 24.0);
}

#[test]
fn a_day_that_a_zone_skipped_is_empty() {
    assert_eq!(hours("Pacific/Apia", "2011-12-30"), 0.0);
    assert_eq!(hours("Pacific/Apia", "2011-12-29"), 24.0);
    assert_eq!(hours("Pacific/Apia", "2011-12-31"), 24.0);
}

#[test]
fn where_clocks_skip_midnight_the_day_begins_with_the_change() {
    let zone = probed(&TimeZone::get("America/Sao_Paulo").unwrap(), "2018-10-01T00:00:00Z", "2018-12-01T00:00:00Z");
    let day = Day::parse("2018-11-04").unwrap();
    assert_eq!(zone.start_ms(day), ms("2018-11-04T03:00:00Z"));
    assert_eq!(zone.local_ms(zone.start_ms(day)), i64::from(day.0) * DAY_MS + HOUR_MS);
}

#[test]
fn where_midnight_comes_twice_the_day_begins_with_the_first() {
    let zone = probed(&TimeZone::get("Atlantic/Azores").unwrap(), "2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z");
    assert_eq!(zone.start_ms(Day::parse("2026-10-25").unwrap()), ms("2026-10-25T00:00:00Z"));
}

#[test]
fn a_zone_probed_from_any_minute_on_is_the_same() {
    let database = TimeZone::get("Europe/Berlin").unwrap();
    let change = ms("2026-03-29T01:00:00Z");
    for before_ms in [1, MINUTE_MS - 1, MINUTE_MS, 17 * HOUR_MS + 123, DAY_MS, DAY_MS + 1, 3 * DAY_MS] {
        let zone = Zone::probe(change - before_ms, change + 1, |at_ms| offset_ms(&database, at_ms));
        assert_eq!((zone.offset_ms(change - 1), zone.offset_ms(change)), (HOUR_MS, 2 * HOUR_MS), "{before_ms}");
    }
}
