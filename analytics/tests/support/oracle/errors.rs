//! Scripts that failed, and how fast pages were.

use passerby_analytics::report::errors::Errors;
use passerby_analytics::report::vitals::{By, Vitals};
use passerby_protocol::VitalName;

use super::*;

pub fn errors(report: &Errors, about: &About) -> Json {
    let failed = about.events().filter_map(|(_, event)| match &event.kind {
        Kind::ScriptError(it) => Some(((it.message, it.source), event)),
        _ => None,
    });
    let row = |((message, source), events): ((&str, &str), Vec<&Happened>)| {
        let pages: BTreeSet<&str> = events.iter().map(|event| event.page).collect();
        let times = || events.iter().map(|event| event.at_ms);
        let row = json!({
            "message": message,
            "source": source,
            "events": events.len(),
            "visitors": people(events.iter().copied()),
            "first_ms": times().min(),
            "last_ms": times().max(),
            "pages": pages.into_iter().take(10).collect::<Vec<_>>(),
        });
        (events.len() as u64, row)
    };
    listed(grouped(failed).into_iter().map(row).collect(), report.limit)
}

pub fn vitals(report: &Vitals, about: &About) -> Json {
    let measured = about.events().filter_map(|(visit, event)| {
        let Kind::Vital(vital) = &event.kind else { return None };
        let group = match report.by {
            By::Nothing => "",
            By::Page => event.page,
            By::Visit(dimension) => of_visit(dimension, visit),
        };
        Some((group, (vital.name, vital.value)))
    });
    let group = |(group, values): (&str, Vec<(VitalName, u32)>)| {
        let vitals = grouped(values.iter().map(|(name, value)| (*name as u32, (*name, *value))));
        let vitals = vitals.into_values().map(|values| vital(values[0].0, values.iter().map(|it| it.1).collect()));
        let group = match report.by {
            By::Visit(dimension) => shown(&Dimension::Visit(dimension), group),
            _ => group,
        };
        (values.len() as u64, json!({ "group": group, "samples": values.len(), "vitals": vitals.collect::<Vec<_>>() }))
    };
    listed(grouped(measured).into_iter().map(group).collect(), report.limit)["rows"].clone()
}

fn vital(name: VitalName, mut values: Vec<u32>) -> Json {
    let (label, unit, good, fair) = match name {
        VitalName::Lcp => ("LCP", 1.0, 2_500, 4_000),
        VitalName::Inp => ("INP", 1.0, 200, 500),
        VitalName::Cls => ("CLS", 10_000.0, 1_000, 2_500),
        VitalName::Fcp => ("FCP", 1.0, 1_800, 3_000),
        VitalName::Ttfb => ("TTFB", 1.0, 800, 1_800),
    };
    values.sort_unstable();
    let count = values.len();
    // The least that three quarters of them do not exceed.
    let p75 = *values.iter().find(|v| values.iter().filter(|w| w <= v).count() * 4 >= count * 3).unwrap();
    let median = f64::from(values[(count - 1) / 2] + values[count / 2]) / 2.0;
    let share = |from: u32, to: u32| {
        percent(values.iter().filter(|value| from <= **value && **value <= to).count() as u64, count as u64)
    };
    json!({
        "name": label,
        "samples": count,
        "p75": f64::from(p75) / unit,
        "median": median / unit,
        "good": share(0, good),
        "needs_improvement": share(good + 1, fair),
        "poor": share(fair + 1, u32::MAX),
        "rating": if p75 <= good { "good" } else if p75 <= fair { "needs_improvement" } else { "poor" },
    })
}
