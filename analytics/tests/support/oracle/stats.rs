//! Metrics, grouped: row by row.

use std::collections::BTreeSet;
use std::ptr;

use jiff::tz::TimeZone;
use passerby_analytics::dimension::{Dimension, EventDimension};
use passerby_analytics::filter::{Expr, Pattern};
use passerby_analytics::goal::Goal;
use passerby_analytics::query::{Metric, Query};
use passerby_analytics::report::stats::{Label, Row};
use passerby_protocol::{Kind, Money};

use super::*;

fn bounced(visit: &Visit) -> bool {
    pageviews(visit).len() == 1 && !visit.iter().any(|event| matches!(event.kind, Kind::Custom(_)))
}

fn duration_ms(visit: &Visit) -> i64 {
    if bounced(visit) { 0 } else { visit[visit.len() - 1].at_ms - visit[0].at_ms }
}

/// The event's amount; an order's comes with its id.
fn amount(event: &Happened) -> Option<(&'static str, Money)> {
    if let Kind::Order(order) = &event.kind {
        return Some((order.id, order.total));
    }
    amounts(event).next().map(|money| ("", money))
}

fn reaches(goal: &Goal, event: &Happened) -> bool {
    match goal.name.strip_prefix("Visit ") {
        Some(page) => is_pageview(event) && matches(&Pattern::with_wildcards(page), event.page),
        None => name(event) == goal.name,
    }
}

fn goals(query: &Query, event: &Happened) -> Vec<String> {
    if query.goals.is_empty() {
        let is_one = matches!(
            event.kind,
            Kind::Custom(_)
                | Kind::PassiveCustom(_)
                | Kind::Outbound(_)
                | Kind::Download(_)
                | Kind::FormSubmit(_)
                | Kind::Search(_)
                | Kind::CartAdd(_)
                | Kind::Order(_)
        );
        return is_one.then(|| name(event).to_owned()).into_iter().collect();
    }
    query.goals.iter().filter(|goal| reaches(goal, event)).map(|goal| goal.name.clone()).collect()
}

fn is_on_page(expr: &Expr) -> bool {
    match expr {
        Expr::Clause(clause) => clause.dimension == Dimension::Event(EventDimension::Page),
        Expr::All(parts) | Expr::Any(parts) => parts.iter().any(is_on_page),
        Expr::Not(part) => is_on_page(part),
        Expr::Done(_) => false,
    }
}

/// What the crate should answer, row by row.
pub fn answer(happened: &[Happened], query: &Query, zone: &TimeZone) -> Vec<Row> {
    let visits = visits(happened);
    let all = visits.iter().flat_map(|visit| visit.iter().map(move |event| (visit, *event)));
    let meant: Vec<(&Visit, &Happened)> =
        all.filter(|(visit, event)| query.filters.iter().all(|expr| holds(expr, visit, event))).collect();

    let in_range = |at_ms: i64| query.range.from_ms <= at_ms && at_ms < query.range.to_ms;
    let labels = |visit: &Visit, event: &Happened, at_ms: i64| -> Vec<Vec<Label>> {
        let label = |dimension: &Dimension, goal: &str| match dimension {
            Dimension::Visit(dimension) => Label::Text(of_visit(*dimension, visit).to_owned()),
            Dimension::Event(dimension) => Label::Text(of_event(*dimension, visit, event).to_owned()),
            Dimension::Property(key) => Label::Text(property(key, event)),
            Dimension::Time(dimension) => Label::Time(of_time(*dimension, at_ms, zone)),
            Dimension::Goal => Label::Text(goal.to_owned()),
        };
        let by_goal = query.dimensions.contains(&Dimension::Goal);
        let goals = if by_goal { goals(query, event) } else { vec![String::new()] };
        goals.iter().map(|goal| query.dimensions.iter().map(|dimension| label(dimension, goal)).collect()).collect()
    };
    // An event counts when it happened, a visit when it began.
    let mut events: Vec<(Vec<Label>, &Happened)> = Vec::new();
    let mut begun: Vec<(Vec<Label>, &Visit, &Happened)> = Vec::new();
    for (visit, event) in meant {
        if in_range(event.at_ms) {
            labels(visit, event, event.at_ms).into_iter().for_each(|labels| events.push((labels, event)));
        }
        if in_range(visit[0].at_ms) {
            let labels = labels(visit, event, visit[0].at_ms);
            labels.into_iter().for_each(|labels| begun.push((labels, visit, event)));
        }
    }

    let page = Dimension::Event(EventDimension::Page);
    let by_page = query.dimensions.contains(&page) || query.filters.iter().any(is_on_page);
    let groups: BTreeSet<&Vec<Label>> = events.iter().map(|e| &e.0).chain(begun.iter().map(|b| &b.0)).collect();
    let row = |group: &Vec<Label>| {
        let events: Vec<&Happened> = events.iter().filter(|e| e.0 == *group).map(|e| e.1).collect();
        let begun = || begun.iter().filter(|b| b.0 == *group);
        let mut visits: Vec<&Visit> = begun().map(|b| b.1).collect();
        visits.dedup_by(|a, b| ptr::eq(*a, *b));
        let is_entry = |visit: &Visit, event| pageviews(visit).first().is_some_and(|first| ptr::eq(*first, event));
        let entered: Vec<&Visit> = begun().filter(|b| is_entry(b.1, b.2)).map(|b| b.1).collect();
        let entered = if by_page { entered } else { visits.clone() };

        let share = |part: i64, whole: usize| (whole > 0).then(|| part as f64 / whole as f64);
        let views = events.iter().filter(|event| is_pageview(event)).count();
        // Pages of visits: (visit, page) with what was measured there.
        let pages: BTreeSet<(usize, &str)> = begun()
            .filter(|b| matches!(b.2.kind, Kind::Pageview(_) | Kind::Engagement(_)))
            .map(|b| (ptr::from_ref(b.1) as usize, b.2.page))
            .collect();
        let measured = |(visit, page): (usize, &str)| {
            let here = begun().filter(move |b| ptr::from_ref(b.1) as usize == visit && b.2.page == page);
            here.filter_map(|b| if let Kind::Engagement(it) = &b.2.kind { Some(it.clone()) } else { None })
                .collect::<Vec<_>>()
        };
        let depths: Vec<i64> = pages
            .iter()
            .filter_map(|page| measured(*page).iter().map(|it| i64::from(it.scroll_percent)).max())
            .collect();
        let engaged: i64 = pages.iter().flat_map(|page| measured(*page)).map(|it| i64::from(it.visible_ms)).sum();
        let mut amounts: Vec<(i64, &str, Money)> =
            events.iter().filter_map(|event| amount(event).map(|(order, money)| (event.at_ms, order, money))).collect();
        amounts.sort_by_key(|(at_ms, _, money)| (*at_ms, money.amount_minor, money.currency));
        let mut orders = BTreeSet::new();
        amounts.retain(|(_, order, _)| order.is_empty() || orders.insert(*order));
        let currencies: BTreeSet<String> = amounts.iter().map(|a| a.2.currency.code().to_owned()).collect();
        let revenue = (currencies.len() == 1).then(|| amounts.iter().map(|a| a.2.amount_minor).sum::<i64>() as f64);
        let value = |metric: &Metric| match metric {
            Metric::Visitors => Some(events.iter().map(|e| e.visitor).collect::<BTreeSet<_>>().len() as f64),
            Metric::Visits => Some(visits.len() as f64),
            Metric::Pageviews => Some(views as f64),
            Metric::Events => Some(events.len() as f64),
            Metric::ViewsPerVisit => share(views as i64, visits.len()).map(|v| (v * 100.0).round() / 100.0),
            Metric::BounceRate => {
                let bounces = entered.iter().filter(|visit| bounced(visit)).count();
                share(bounces as i64, entered.len()).map(|v| (v * 100.0).round())
            }
            Metric::VisitDuration => {
                let sum = visits.iter().map(|visit| duration_ms(visit)).sum();
                share(sum, visits.len()).map(|v| (v / 1000.0).round())
            }
            Metric::ScrollDepth => share(depths.iter().sum(), depths.len()).map(f64::round),
            Metric::TimeOnPage => share(engaged, pages.len()).map(|v| (v / 1000.0).round()),
            Metric::TotalRevenue => revenue,
            Metric::AverageRevenue => revenue.map(|sum| (sum / amounts.len() as f64).round()),
        };
        let values = query.metrics.iter().map(value).collect();
        let asked = query.metrics.iter().any(|metric| metric.is_revenue());
        Row { labels: group.clone(), values, currencies: currencies.iter().filter(|_| asked).cloned().collect() }
    };
    let mut rows: Vec<Row> = groups.into_iter().map(row).collect();
    let greatness = |row: &Row| row.values.first().copied().flatten().unwrap_or(f64::NEG_INFINITY);
    rows.sort_by(|a, b| greatness(b).partial_cmp(&greatness(a)).unwrap().then_with(|| a.labels.cmp(&b.labels)));
    rows
}
