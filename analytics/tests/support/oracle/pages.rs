//! What happens on pages: where visits end, how far down they look, where they click.

use passerby_analytics::report::exits::Exits;
use passerby_analytics::report::heatmap::Heatmap;
use passerby_analytics::report::scroll::Scroll;
use passerby_protocol::ClickFlags;

use super::*;

pub fn exits(report: &Exits, about: &About) -> Json {
    // Of each page view that is meant: its visit, whether it is the visit's last, and whether the only one.
    let views = about.begun().enumerate().flat_map(|(place, visit)| {
        let all = pageviews(visit);
        let count = all.len();
        all.into_iter()
            .enumerate()
            .filter(move |(_, view)| about.is_meant(visit, view))
            .map(move |(at, view)| (view.page, (place, at + 1 == count, count == 1)))
    });
    let mut rows: Vec<(u64, u64, Json)> = Vec::new();
    for (page, views) in grouped(views) {
        let visits = views.iter().map(|view| view.0).collect::<BTreeSet<_>>().len() as u64;
        let exits = views.iter().filter(|view| view.1).count() as u64;
        let row = json!({
            "page": page,
            "visits": visits,
            "pageviews": views.len(),
            "exits": exits,
            "single_page_visits": views.iter().filter(|view| view.1 && view.2).count(),
            "exit_rate": percent(exits, views.len() as u64),
            "visit_exit_rate": percent(exits, visits),
        });
        rows.push((exits, views.len() as u64, row));
    }
    // Of pages with as many exits, those with more views come first.
    rows.sort_by_key(|row| std::cmp::Reverse(row.1));
    listed(rows.into_iter().map(|(exits, _, row)| (exits, row)).collect(), report.limit)
}

pub fn scroll(report: &Scroll, about: &About) -> Json {
    let seen = about.begun().flat_map(|visit| {
        let looks = visit.iter().filter(|event| about.is_meant(visit, event)).filter_map(|event| match &event.kind {
            Kind::Pageview(_) => Some((event.page, 0)),
            Kind::Engagement(it) if it.scroll_percent > 0 => Some((event.page, u64::from(it.scroll_percent))),
            _ => None,
        });
        grouped(looks).into_iter().map(|(page, depths)| (page, depths.into_iter().max().unwrap_or(0)))
    });
    let row = |(page, depths): (&str, Vec<u64>)| {
        let visits = depths.len() as u64;
        let mark = |at: u64| {
            let reached = depths.iter().filter(|depth| **depth >= at).count() as u64;
            json!({ "percent": at, "visits": reached, "share": percent(reached, visits) })
        };
        let row = json!({
            "page": page,
            "visits": visits,
            "scroll_depth": quotient(depths.iter().sum::<u64>() as i64, visits),
            "reached": (1..=20).map(|mark| mark * 5).map(mark).collect::<Vec<_>>(),
        });
        (visits, row)
    };
    listed(grouped(seen).into_iter().map(row).collect(), report.limit)
}

pub fn heatmap(report: &Heatmap, about: &About) -> Json {
    let mut clicks = Vec::new();
    for (visit, event) in about.events() {
        if let Kind::Click(click) = &event.kind
            && report.page.iter().any(|page| matches(page, event.page))
        {
            clicks.push((visit, event, click.clone()));
        }
    }
    type Of<'a> = (&'a Visit<'a>, &'a Happened, passerby_protocol::Click<&'static str>);
    let counted = |clicks: &[&Of]| {
        let with = |flag| clicks.iter().filter(|click| click.2.flags.has(flag)).count();
        json!({ "clicks": clicks.len(), "rage": with(ClickFlags::RAGE), "dead": with(ClickFlags::DEAD) })
    };
    let with = |mut fields: Json, more: Json| {
        fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        fields
    };
    let device = |click: &&Of| of_visit(V::Device, click.0);
    let cell = |click: &&Of| {
        let part = |myriad: u16, cells: u64| (u64::from(myriad) * cells / 10_000).min(cells - 1);
        let fixed = click.2.flags.has(ClickFlags::FIXED);
        (fixed, part(click.2.y_myriad, report.rows), part(click.2.x_myriad, report.columns))
    };
    let all: Vec<&Of> = clicks.iter().collect();
    let element = |(element, clicks): (&str, Vec<&Of>)| {
        let texts = grouped(clicks.iter().map(|click| (click.2.text, ())));
        let most = texts.values().map(Vec::len).max().unwrap_or(0);
        let text = texts.iter().find(|(_, times)| times.len() == most).map_or("", |(text, _)| text);
        let visitors = people(clicks.iter().map(|click| click.1));
        let row = with(counted(&clicks), json!({ "element": element, "text": text, "visitors": visitors }));
        (clicks.len() as u64, row)
    };
    let elements = grouped(all.iter().map(|click| (click.2.element, *click))).into_iter().map(element).collect();
    let elements = listed(elements, report.limit);
    let place = |element: &Json, clicks: &[&Of]| {
        let of_it = |click: &&&Of| click.2.element == element["element"] && !click.2.flags.has(ClickFlags::FIXED);
        let across: Vec<u16> = clicks.iter().filter(of_it).map(|click| click.2.x_myriad).collect();
        let down: Vec<u16> = clicks.iter().filter(of_it).map(|click| click.2.y_myriad).collect();
        Some(json!({
            "element": element["element"],
            "left": across.iter().min()?, "right": across.iter().max()?,
            "top": down.iter().min()?, "bottom": down.iter().max()?,
        }))
    };
    let grid = |(device, clicks): (&str, Vec<&Of>)| {
        let cells = grouped(clicks.iter().map(|click| (cell(click), *click))).into_iter();
        let cells =
            cells.map(|((fixed, y, x), clicks)| with(counted(&clicks), json!({ "x": x, "y": y, "fixed": fixed })));
        let cells: Vec<Json> = cells.collect();
        let device = shown(&Dimension::Visit(V::Device), device);
        let shown = elements["rows"].as_array().unwrap();
        let places: Vec<Json> = shown.iter().filter_map(|element| place(element, &clicks)).collect();
        with(counted(&clicks), json!({ "device": device, "cells": cells, "elements": places }))
    };
    let devices: Vec<Json> = grouped(all.iter().map(|click| (device(click), *click))).into_iter().map(grid).collect();
    let shape = json!({ "columns": report.columns, "rows": report.rows, "devices": devices, "elements": elements });
    with(counted(&all), shape)
}
