//! Cohorts that come back.

use passerby_analytics::dimension::TimeDimension;
use passerby_analytics::report::retention::{Of, Retention};
use passerby_analytics::visitor::Visitor;

use super::*;

const DAY_MS: i64 = 86_400_000;

pub fn answer(report: &Retention, about: &About, zone: &TimeZone) -> Json {
    let range = about.range();
    let until = |event: &Happened| event.at_ms < range.to_ms;
    // Whose a visitor is: as whom they were identified first.
    let identified: Vec<&Happened> =
        about.visits.iter().flatten().copied().filter(|event| !event.user.is_empty() && until(event)).collect();
    let who = |visitor: Visitor| match report.of {
        Of::Visitors => Some(format!("{visitor:?}")),
        Of::People | Of::Users => {
            let of_one = identified.iter().filter(|event| event.visitor == visitor);
            let user = of_one.min_by_key(|event| event.at_ms).map(|event| event.user.to_owned());
            user.or_else(|| (report.of == Of::People).then(|| format!("{visitor:?}")))
        }
    };
    let mut meant: Vec<&Happened> = Vec::new();
    for visit in &about.visits {
        meant.extend(visit.iter().filter(|event| until(event) && about.is_meant(visit, event)));
    }
    let mut seen: BTreeMap<String, BTreeSet<i64>> = BTreeMap::new();
    for event in meant.iter().filter(|event| about.in_range(event)) {
        if let Some(who) = who(event.visitor) {
            seen.entry(who).or_default().insert(of_time(report.by, event.at_ms, zone));
        }
    }
    for event in meant.iter().filter(|event| event.at_ms < range.from_ms) {
        if let Some(who) = who(event.visitor) {
            seen.remove(&who);
        }
    }
    let first = |periods: &BTreeSet<i64>| periods.iter().next().copied();
    let Some(begin) = seen.values().filter_map(first).min() else { return json!([]) };
    let end = of_time(report.by, about.range().to_ms - 1, zone);
    // Every period from the first that has a cohort to the range's last, found day by day.
    let days = (0..).map(|day| begin + day * DAY_MS).take_while(|day| *day <= end);
    let midnight = |day: i64| Timestamp::from_millisecond(day).unwrap().to_zoned(TimeZone::UTC).datetime();
    let begins = |day: &i64| match report.by {
        TimeDimension::Week => midnight(*day).weekday().to_monday_zero_offset() == 0,
        TimeDimension::Month => midnight(*day).day() == 1,
        _ => true,
    };
    let periods: Vec<i64> = days.filter(begins).collect();
    let cohort = |(place, cohort): (usize, &i64)| {
        let members: Vec<&BTreeSet<i64>> = seen.values().filter(|of_one| first(of_one) == Some(*cohort)).collect();
        let returned = |period: &i64| members.iter().filter(|of_one| of_one.contains(period)).count() as u64;
        let returned: Vec<u64> = periods[place..].iter().map(returned).collect();
        let rates: Vec<Json> = returned.iter().map(|count| percent(*count, members.len() as u64)).collect();
        let date = midnight(*cohort).date().to_string();
        json!({ "date": date, "visitors": members.len(), "returned": returned, "rates": rates })
    };
    periods.iter().enumerate().map(cohort).collect()
}
