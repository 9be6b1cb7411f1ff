//! Steps in order, by trying every event as the first one.

use passerby_analytics::report::funnel::Funnel;

use super::*;

type Acted<'a> = (&'a Visit<'a>, &'a Happened);

pub fn answer(report: &Funnel, about: &About) -> Json {
    // The events of each visitor, or of each session.
    let mut groups: Vec<Vec<Acted>> = Vec::new();
    for visit in about.meant().filter(|visit| !report.by_session || about.in_range(visit[0])) {
        let events = visit.iter().filter(|event| report.by_session || about.in_range(event));
        let events: Vec<Acted> = events.map(|event| (visit, *event)).collect();
        let Some(first) = events.first() else { continue };
        match groups.last_mut().filter(|group| !report.by_session && group[0].1.visitor == first.1.visitor) {
            Some(group) => group.extend(events),
            None => groups.push(events),
        }
    }
    let ways: Vec<Vec<Acted>> = groups.iter().map(|events| furthest(report, events)).collect();
    let reached = |place: usize| ways.iter().filter(|way| way.len() > place).count() as u64;
    let step = |(place, step): (usize, &Target)| {
        let count = reached(place);
        let drop_off = if place + 1 == report.steps.len() { 0 } else { count - reached(place + 1) };
        let mut after: Vec<i64> = ways
            .iter()
            .filter(|way| place > 0 && way.len() > place)
            .map(|way| way[place].1.at_ms - way[place - 1].1.at_ms)
            .collect();
        after.sort_unstable();
        let middle = || (after[(after.len() - 1) / 2] + after[after.len() / 2]) as f64 / 2.0;
        let mean = || (after.iter().sum::<i64>() as f64 / after.len() as f64).round();
        let dropped = ways.iter().filter(|way| drop_off > 0 && way.len() == place + 1);
        json!({
            "name": step.name,
            "count": count,
            "conversion_rate": percent(count, reached(0)),
            "step_rate": percent(count, if place == 0 { count } else { reached(place - 1) }),
            "drop_off": drop_off,
            "drop_off_rate": percent(drop_off, count),
            "median_ms": (!after.is_empty()).then(middle),
            "average_ms": (!after.is_empty()).then(mean),
            "instead": instead(dropped.map(|way| next(&way[place])), report.limit),
        })
    };
    let (entered, converted) = (reached(0), reached(report.steps.len() - 1));
    json!({
        "entered": entered,
        "converted": converted,
        "conversion_rate": percent(converted, entered),
        "steps": report.steps.iter().enumerate().map(step).collect::<Vec<_>>(),
    })
}

/// What a visitor did next in the visit: pages come before events, and those before nothing.
fn next((visit, event): &Acted) -> (usize, &'static str) {
    let later = visit.iter().skip_while(|other| !ptr::eq(**other, *event)).skip(1);
    match later.copied().find(|other| is_act(other)) {
        Some(other) if is_pageview(other) => (0, other.page),
        Some(other) => (1, name(other)),
        None => (2, ""),
    }
}

fn instead(nexts: impl Iterator<Item = (usize, &'static str)>, limit: usize) -> Vec<Json> {
    let row = |((kind, name), times): ((usize, &str), Vec<()>)| {
        let kind = ["page", "event", "left"][kind];
        (times.len() as u64, json!({ "kind": kind, "name": name, "count": times.len() }))
    };
    let found = listed(grouped(nexts.map(|next| (next, ()))).into_iter().map(row).collect(), limit);
    let mut rows = found["rows"].as_array().unwrap().clone();
    if found["other"] != 0 {
        rows.push(json!({ "kind": "other", "name": "(other)", "count": found["other"] }));
    }
    rows
}

fn furthest<'a>(report: &Funnel, events: &[Acted<'a>]) -> Vec<Acted<'a>> {
    let is = |step: &Target, (visit, event): &Acted| is_target(step, visit, event);
    let pages = report.steps.iter().any(Target::is_page);
    let others = report.steps.iter().any(|step| !step.is_page());
    // In a strict funnel, what may not come between two steps.
    let matters = |event: &Acted| {
        let of_sort = if is_pageview(event.1) { pages } else { others && is_act(event.1) };
        of_sort || report.steps.iter().any(|step| is(step, event))
    };
    let mut best: Vec<usize> = Vec::new();
    for first in (0..events.len()).filter(|at| is(&report.steps[0], &events[*at])) {
        let mut way = vec![first];
        for step in &report.steps[1..] {
            let from = way[way.len() - 1] + 1;
            let mut later = (from..events.len()).filter(|at| !report.strict || matters(&events[*at]));
            let next = if report.strict {
                later.next().filter(|at| is(step, &events[*at]))
            } else {
                later.find(|at| is(step, &events[*at]))
            };
            match next {
                Some(at) if events[at].1.at_ms - events[first].1.at_ms <= report.window_ms => way.push(at),
                _ => break,
            }
        }
        let ends = way[way.len() - 1];
        let is_better = best.last().is_none_or(|best_end| {
            let began_later = events[way[0]].1.at_ms > events[best[0]].1.at_ms;
            way.len() > best.len() || way.len() == best.len() && (ends < *best_end || ends == *best_end && began_later)
        });
        if is_better {
            best = way;
        }
    }
    best.into_iter().map(|at| events[at]).collect()
}
