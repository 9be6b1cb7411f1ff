//! A second, naive implementation of the definitions: from raw events, with no session stored, no partial, no shard and
//! no clever step. It shares types with the crate and no code; local times are the time zone database's.

use std::collections::BTreeSet;
use std::ptr;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Unit};
use passerby_analytics::dimension::{Dimension, EventDimension, TimeDimension, VisitDimension as V};
use passerby_analytics::filter::{Clause, Expr, Pattern};
use passerby_analytics::goal::Goal;
use passerby_analytics::query::{Metric, Query};
use passerby_analytics::report::stats::{Label, Row};
use passerby_protocol::{Kind, Money, Props, Value};

use super::random::{CAME, Came, Happened};

/// One visitor's events with no gap of more than 30 minutes, in order.
pub type Visit<'a> = Vec<&'a Happened>;

pub fn visits(happened: &[Happened]) -> Vec<Visit<'_>> {
    let mut events: Vec<&Happened> = happened.iter().collect();
    events.sort_by_key(|e| (e.visitor, e.at_ms, e.tab, e.number));
    let mut visits: Vec<Visit> = Vec::new();
    for event in events {
        match visits.last_mut().and_then(|visit| visit.last().copied().map(|last| (visit, last))) {
            Some((visit, last)) if last.visitor == event.visitor && event.at_ms - last.at_ms <= 1_800_000 => {
                visit.push(event);
            }
            _ => visits.push(vec![event]),
        }
    }
    visits
}

fn is_pageview(event: &Happened) -> bool {
    matches!(event.kind, Kind::Pageview(_))
}

pub fn pageviews<'a>(visit: &Visit<'a>) -> Vec<&'a Happened> {
    visit.iter().copied().filter(|event| is_pageview(event)).collect()
}

fn bounced(visit: &Visit) -> bool {
    pageviews(visit).len() == 1 && !visit.iter().any(|event| matches!(event.kind, Kind::Custom(_)))
}

fn duration_ms(visit: &Visit) -> i64 {
    if bounced(visit) { 0 } else { visit[visit.len() - 1].at_ms - visit[0].at_ms }
}

fn came(visit: &Visit) -> Came {
    let meanings = visit.iter().filter_map(|event| match &event.kind {
        Kind::Pageview(view) => CAME.iter().find(|c| c.query == view.query && c.referrer == view.referrer),
        _ => None,
    });
    meanings.copied().find(|came| !came.source.is_empty()).unwrap_or_default()
}

fn of_visit(dimension: V, visit: &Visit) -> &'static str {
    let client = &visit[0].client;
    match dimension {
        V::EntryPage => pageviews(visit).first().map_or("", |event| event.page),
        V::ExitPage => pageviews(visit).last().map_or("", |event| event.page),
        V::Source => came(visit).source,
        V::Channel => Some(came(visit).channel).filter(|channel| !channel.is_empty()).unwrap_or("Direct"),
        V::Referrer => came(visit).bare_referrer,
        V::UtmSource => came(visit).utm[0],
        V::UtmMedium => came(visit).utm[1],
        V::UtmCampaign => came(visit).utm[2],
        V::UtmContent => came(visit).utm[3],
        V::UtmTerm => came(visit).utm[4],
        V::Country => client.country,
        V::Region => client.region,
        V::City => client.city,
        V::Device => client.device,
        V::Screen => "",
        V::Browser => client.browser,
        V::BrowserVersion => client.browser_version,
        V::Os => client.os,
        V::OsVersion => client.os_version,
        V::Language => client.language,
    }
}

pub fn of_event(dimension: EventDimension, visit: &Visit, event: &Happened) -> &'static str {
    match (dimension, &event.kind) {
        (EventDimension::Hostname, _) => {
            let so_far = visit.iter().take_while(|other| !ptr::eq(**other, event)).chain([&event]);
            let hosts = so_far.filter_map(|e| if let Kind::Pageview(view) = &e.kind { Some(view.host) } else { None });
            hosts.last().unwrap_or("")
        }
        (EventDimension::Page, _) => event.page,
        (EventDimension::Name, Kind::Custom(it) | Kind::PassiveCustom(it)) => it.name,
        (EventDimension::Name, Kind::Pageview(_)) => "pageview",
        (EventDimension::Name, Kind::Engagement(_)) => "engagement",
        (EventDimension::Name, Kind::Order(_)) => "order",
        (EventDimension::Name, other) => panic!("no stream has {other:?}"),
    }
}

fn props(event: &Happened) -> &Props<&'static str> {
    static NONE: Props<&'static str> = Props(Vec::new());
    match &event.kind {
        Kind::Pageview(it) => &it.props,
        Kind::Custom(it) | Kind::PassiveCustom(it) => &it.props,
        _ => &NONE,
    }
}

fn property(key: &str, event: &Happened) -> String {
    let found = props(event).0.iter().find(|(k, _)| *k == key);
    found.map_or(String::new(), |(_, value)| match value {
        Value::Text(text) => (*text).to_owned(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        Value::Money(money) => money.amount_minor.to_string(),
    })
}

/// The event's amount; an order's comes with its id.
fn amount(event: &Happened) -> Option<(&'static str, Money)> {
    if let Kind::Order(order) = &event.kind {
        return Some((order.id, order.total));
    }
    let amounts = props(event).0.iter().filter_map(|(_, v)| if let Value::Money(m) = v { Some(*m) } else { None });
    amounts.map(|money| ("", money)).next()
}

fn reaches(goal: &Goal, event: &Happened) -> bool {
    match goal.0.strip_prefix("Visit ") {
        Some(page) => is_pageview(event) && matches(&Pattern::with_wildcards(page), event.page),
        None => of_event(EventDimension::Name, &vec![event], event) == goal.0,
    }
}

fn goals(query: &Query, event: &Happened) -> Vec<String> {
    if query.goals.is_empty() {
        let is_one = matches!(event.kind, Kind::Custom(_) | Kind::PassiveCustom(_) | Kind::Order(_));
        let name = || of_event(EventDimension::Name, &vec![event], event).to_owned();
        return is_one.then(name).into_iter().collect();
    }
    query.goals.iter().filter(|goal| reaches(goal, event)).map(|goal| goal.0.clone()).collect()
}

pub fn of_time(dimension: TimeDimension, at_ms: i64, zone: &TimeZone) -> i64 {
    let clock: DateTime = Timestamp::from_millisecond(at_ms).unwrap().to_zoned(zone.clone()).datetime();
    let midnight = clock.date().to_datetime(jiff::civil::Time::midnight());
    let begins = match dimension {
        TimeDimension::Minute => midnight + i64::from(clock.hour()).hours() + i64::from(clock.minute()).minutes(),
        TimeDimension::Hour => midnight + i64::from(clock.hour()).hours(),
        TimeDimension::Day => midnight,
        TimeDimension::Week => midnight - i64::from(clock.weekday().to_monday_zero_offset()).days(),
        TimeDimension::Month => midnight.first_of_month(),
    };
    let since = begins.since((Unit::Day, DateTime::constant(1970, 1, 1, 0, 0, 0, 0))).unwrap();
    ((i64::from(since.get_days()) * 24 + i64::from(since.get_hours())) * 60 + since.get_minutes()) * 60_000
}

fn matches(pattern: &Pattern, value: &str) -> bool {
    fn glob(pieces: &[String], value: &str) -> bool {
        match pieces {
            [] => false,
            [last] => last == value,
            [first, rest @ ..] => {
                let Some(behind) = value.strip_prefix(first.as_str()) else { return false };
                (0..=behind.len()).any(|skipped| behind.get(skipped..).is_some_and(|behind| glob(rest, behind)))
            }
        }
    }
    match pattern {
        Pattern::Is(wanted) => wanted == value,
        Pattern::Pieces(pieces) => glob(pieces, value),
        Pattern::Contains(part) => (0..=value.len()).any(|at| value.as_bytes()[at..].starts_with(part.as_bytes())),
        Pattern::Matches(text) => match text.as_str() {
            "^/blog/.$" => value.len() == 7 && value.starts_with("/blog/"),
            other => panic!("no query has {other}"),
        },
    }
}

fn clause_holds(clause: &Clause, visit: &Visit, event: &Happened) -> bool {
    let value = match &clause.dimension {
        Dimension::Visit(dimension) => of_visit(*dimension, visit).to_owned(),
        Dimension::Event(dimension) => of_event(*dimension, visit, event).to_owned(),
        Dimension::Property(key) => property(key, event),
        Dimension::Time(_) | Dimension::Goal => return true,
    };
    let value = match (value.as_str(), &clause.dimension) {
        ("", Dimension::Visit(V::Source | V::Referrer)) => "(Direct / None)",
        ("", Dimension::Property(_)) => "(none)",
        ("", Dimension::Event(EventDimension::Hostname)) => "",
        ("", _) => "(not set)",
        (value, _) => value,
    };
    clause.patterns.iter().any(|pattern| matches(pattern, value)) != clause.negated
}

fn holds(expr: &Expr, visit: &Visit, event: &Happened) -> bool {
    match expr {
        Expr::Clause(clause) => clause_holds(clause, visit, event),
        Expr::All(parts) => parts.iter().all(|part| holds(part, visit, event)),
        Expr::Any(parts) => parts.iter().any(|part| holds(part, visit, event)),
        Expr::Not(part) => !holds(part, visit, event),
        Expr::Done(part) => visit.iter().any(|other| holds(part, visit, other)),
    }
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
        amounts.sort_by_key(|(at_ms, _, money)| (*at_ms, money.amount_minor));
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
