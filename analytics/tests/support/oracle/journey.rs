//! The ways of visits, each as the list of its steps.

use passerby_analytics::report::journey::{Journey, Steps};

use super::*;

/// A step: its kind's place in [`KINDS`], and its name.
type Step = (usize, String);

const KINDS: [&str; 3] = ["page", "event", "other"];

pub fn answer(report: &Journey, about: &About) -> Json {
    let ways: Vec<Vec<Step>> = about.begun().filter_map(|visit| way(report, visit)).collect();
    let (nodes, links) = graph(report, &ways);
    json!({ "tree": branch(report, &ways, &[]), "nodes": nodes, "links": links })
}

fn way(report: &Journey, visit: &Visit) -> Option<Vec<Step>> {
    let step = |event: &&Happened| {
        let meant = match report.steps {
            Steps::Pages => is_pageview(event),
            Steps::Events => !is_pageview(event) && is_act(event),
            Steps::All => is_act(event),
        };
        let step = if is_pageview(event) { (0, event.page.to_owned()) } else { (1, name(event).to_owned()) };
        meant.then_some(step)
    };
    let (anchor, mut events) = match &report.from {
        Some(target) => {
            let at = visit.iter().position(|event| is_target(target, visit, event))?;
            (step(&visit[at]), if report.before { visit[..at].to_vec() } else { visit[at + 1..].to_vec() })
        }
        None => (None, visit.clone()),
    };
    if report.before {
        events.reverse();
    }
    let had_anchor = anchor.is_some();
    let mut steps: Vec<Step> = anchor.into_iter().chain(events.iter().filter_map(step)).collect();
    steps.dedup();
    Some(steps.into_iter().skip(usize::from(had_anchor)).take(report.depth).collect())
}

fn start(report: &Journey) -> (&'static str, String) {
    let end = if report.before { "(exit)" } else { "(entry)" };
    ("start", report.from.as_ref().map_or(end.to_owned(), |from| from.name.clone()))
}

fn branch(report: &Journey, ways: &[Vec<Step>], so_far: &[Step]) -> Json {
    let here: Vec<&Vec<Step>> = ways.iter().filter(|way| way.starts_with(so_far)).collect();
    let goes_on = so_far.len() < report.depth;
    let ended = here.iter().filter(|way| goes_on && way.len() == so_far.len()).count();
    let nexts = grouped(here.iter().filter_map(|way| Some((way.get(so_far.len())?.clone(), ()))));
    let child = |(step, times): (Step, Vec<()>)| {
        (times.len() as u64, branch(report, ways, &[so_far, std::slice::from_ref(&step)].concat()))
    };
    let children = listed(nexts.into_iter().map(child).collect(), report.limit);
    let (kind, name) = match so_far.last() {
        Some((kind, name)) => (KINDS[*kind], name.clone()),
        None => start(report),
    };
    json!({
        "kind": kind,
        "name": name,
        "visits": here.len(),
        "ended": ended,
        "other": children["other"],
        "children": children["rows"],
    })
}

fn graph(report: &Journey, ways: &[Vec<Step>]) -> (Vec<Json>, Vec<Json>) {
    let is_shown = |depth: usize, step: &Step| {
        let there = grouped(ways.iter().filter_map(|way| Some((way.get(depth)?.clone(), ()))));
        let mut steps: Vec<(Step, usize)> = there.into_iter().map(|(step, times)| (step, times.len())).collect();
        steps.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
        steps.iter().take(report.limit).any(|(shown, _)| shown == step)
    };
    // Each way as the nodes that it touches, which are told apart by depth and step.
    let touched: Vec<Vec<(usize, Option<Step>)>> = ways
        .iter()
        .map(|way| {
            let other = || (2, "(other)".to_owned());
            let node =
                |(at, step): (usize, &Step)| (at + 1, Some(if is_shown(at, step) { step.clone() } else { other() }));
            std::iter::once((0, None)).chain(way.iter().enumerate().map(node)).collect()
        })
        .collect();
    let nodes = grouped(touched.iter().flatten().map(|node| (node.clone(), ())));
    let places: Vec<&(usize, Option<Step>)> = nodes.keys().collect();
    let place = |node: &(usize, Option<Step>)| places.iter().position(|other| *other == node).unwrap();
    let links =
        grouped(touched.iter().flat_map(|way| way.windows(2)).map(|two| ((place(&two[0]), place(&two[1])), ())));
    let link = |((source, target), times): ((usize, usize), Vec<()>)| json!({ "source": source, "target": target, "visits": times.len() });
    let node = |(node, times): (&(usize, Option<Step>), &Vec<()>)| {
        let ended = touched.iter().filter(|way| way.last() == Some(node) && way.len() - 1 < report.depth).count();
        let (kind, name) = node.1.clone().map_or_else(|| start(report), |(kind, name)| (KINDS[kind], name));
        json!({ "depth": node.0, "kind": kind, "name": name, "visits": times.len(), "ended": ended })
    };
    (nodes.iter().map(node).collect(), links.into_iter().map(link).collect())
}
