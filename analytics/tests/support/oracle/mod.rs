//! A second, naive implementation of the definitions: from raw events, with no session stored, no partial, no shard and
//! no clever step. It shares types with the crate and no code; local times are the time zone database's.

mod errors;
mod funnel;
mod journey;
mod lists;
mod pages;
mod recent;
mod retention;
mod revenue;
mod stats;

use std::collections::{BTreeMap, BTreeSet};
use std::ptr;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Unit};
use passerby_analytics::dimension::{Dimension, EventDimension, TimeDimension, VisitDimension as V};
use passerby_analytics::filter::{Clause, Expr, Pattern};
use passerby_analytics::query::Range;
use passerby_analytics::report::Question;
use passerby_analytics::report::scope::Scope;
use passerby_analytics::report::target::Target;
use passerby_protocol::{Kind, Money, Props, Value};
use serde_json::{Value as Json, json};

use super::random::{CAME, Came, Happened};

/// What the crate should answer to any question. A new report is a line here, or this does not compile.
pub fn answer(question: &Question, happened: &[Happened], zone: &TimeZone) -> Json {
    let about = |scope| About::of(scope, happened);
    match question {
        Question::Stats(report) => json!(stats::answer(happened, &report.0, zone)),
        Question::Funnel(report) => funnel::answer(report, &about(&report.scope)),
        Question::Retention(report) => retention::answer(report, &about(&report.scope), zone),
        Question::Journey(report) => journey::answer(report, &about(&report.scope)),
        Question::Exits(report) => pages::exits(report, &about(&report.scope)),
        Question::Scroll(report) => pages::scroll(report, &about(&report.scope)),
        Question::Heatmap(report) => pages::heatmap(report, &about(&report.scope)),
        Question::Forms(report) => lists::forms(report, &about(&report.scope)),
        Question::Properties(report) => lists::properties(report, &about(&report.scope)),
        Question::Goals(report) => lists::goals(report, &about(&report.scope)),
        Question::Search(report) => lists::search(report, &about(&report.scope)),
        Question::Links(report) => lists::links(report, &about(&report.scope)),
        Question::Vitals(report) => errors::vitals(report, &about(&report.scope)),
        Question::Errors(report) => errors::errors(report, &about(&report.scope)),
        Question::Revenue(report) => revenue::answer(report, &about(&report.scope)),
        Question::Recent(report) => recent::answer(report, &about(&report.scope), zone),
    }
}

/// Every visit, and which of them a report is about.
pub struct About<'w> {
    scope: &'w Scope,
    visits: Vec<Visit<'w>>,
}

impl<'w> About<'w> {
    fn of(scope: &'w Scope, happened: &'w [Happened]) -> Self {
        Self { scope, visits: visits(happened) }
    }

    fn range(&self) -> Range {
        self.scope.range
    }

    fn in_range(&self, event: &Happened) -> bool {
        self.range().from_ms <= event.at_ms && event.at_ms < self.range().to_ms
    }

    fn is_meant(&self, visit: &Visit, event: &Happened) -> bool {
        self.scope.filters.iter().all(|expr| holds(expr, visit, event))
    }

    /// The visits with an event that is meant, whenever they began.
    fn meant(&self) -> impl Iterator<Item = &Visit<'w>> {
        self.visits.iter().filter(|visit| visit.iter().any(|event| self.is_meant(visit, event)))
    }

    /// Those of them that began in the range.
    fn begun(&self) -> impl Iterator<Item = &Visit<'w>> {
        self.meant().filter(|visit| self.in_range(visit[0]))
    }

    /// The events that are meant and happened in the range, with their visits.
    fn events(&self) -> impl Iterator<Item = (&Visit<'w>, &'w Happened)> {
        let all = self.visits.iter().flat_map(|visit| visit.iter().map(move |event| (visit, *event)));
        all.filter(|(visit, event)| self.in_range(event) && self.is_meant(visit, event))
    }
}

/// Things by what they are told apart by.
fn grouped<K: Ord, T>(things: impl Iterator<Item = (K, T)>) -> BTreeMap<K, Vec<T>> {
    let mut groups: BTreeMap<K, Vec<T>> = BTreeMap::new();
    things.for_each(|(key, thing)| groups.entry(key).or_default().push(thing));
    groups
}

/// Rows in the order of their keys, each with its greatness: the greatest first, and what is known of the rest.
fn listed(rows: Vec<(u64, Json)>, limit: usize) -> Json {
    let mut rows = rows;
    rows.sort_by_key(|row| std::cmp::Reverse(row.0));
    let other: u64 = rows.iter().skip(limit).map(|row| row.0).sum();
    let shown: Vec<&Json> = rows.iter().take(limit).map(|row| &row.1).collect();
    json!({ "rows": shown, "total": rows.len(), "other": other })
}

fn people<'a>(events: impl IntoIterator<Item = &'a Happened>) -> u64 {
    events.into_iter().map(|event| event.visitor).collect::<BTreeSet<_>>().len() as u64
}

/// Percent, to two decimals.
fn percent(part: u64, whole: u64) -> Json {
    if whole == 0 { Json::Null } else { json!((part as f64 * 10_000.0 / whole as f64).round() / 100.0) }
}

/// A quotient, to two decimals.
fn quotient(sum: i64, count: u64) -> Json {
    if count == 0 { Json::Null } else { json!((sum as f64 * 100.0 / count as f64).round() / 100.0) }
}

fn is_target(target: &Target, visit: &Visit, event: &Happened) -> bool {
    let any = |patterns: &[Pattern], value: &str| patterns.iter().any(|pattern| matches(pattern, value));
    let named = if target.event.is_empty() { is_pageview(event) } else { any(&target.event, name(event)) };
    let there = target.page.is_empty() || any(&target.page, event.page);
    named && there && target.filters.iter().all(|expr| holds(expr, visit, event))
}

/// A page view, or something that the visitor did: not what is measured meanwhile.
fn is_act(event: &Happened) -> bool {
    matches!(
        event.kind,
        Kind::Pageview(_)
            | Kind::Outbound(_)
            | Kind::Download(_)
            | Kind::FormSubmit(_)
            | Kind::Search(_)
            | Kind::Custom(_)
            | Kind::CartAdd(_)
            | Kind::CartRemove(_)
            | Kind::Checkout(_)
            | Kind::Order(_)
    )
}

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
        V::Screen => match client.screen.0 {
            0 => "",
            390 => "Mobile",
            1440 => "Desktop",
            other => panic!("no screen is {other} wide"),
        },
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
        (EventDimension::Name, _) => name(event),
    }
}

fn name(event: &Happened) -> &'static str {
    match &event.kind {
        Kind::Custom(it) | Kind::PassiveCustom(it) => it.name,
        other => other.label(),
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

fn written(value: &Value<&str>) -> String {
    match value {
        Value::Text(text) => (*text).to_owned(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        Value::Money(money) => money.amount_minor.to_string(),
    }
}

fn property(key: &str, event: &Happened) -> String {
    props(event).0.iter().find(|(k, _)| *k == key).map_or(String::new(), |(_, value)| written(value))
}

/// What an event's properties say is paid.
fn amounts(event: &Happened) -> impl Iterator<Item = Money> {
    props(event).0.iter().filter_map(|(_, value)| if let Value::Money(money) = value { Some(*money) } else { None })
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

/// A value as answers and filters name it.
fn shown<'v>(dimension: &Dimension, value: &'v str) -> &'v str {
    match (value, dimension) {
        ("", Dimension::Visit(V::Source | V::Referrer)) => "(Direct / None)",
        ("", Dimension::Property(_)) => "(none)",
        ("", Dimension::Event(EventDimension::Hostname)) => "",
        ("", _) => "(not set)",
        (value, _) => value,
    }
}

fn clause_holds(clause: &Clause, visit: &Visit, event: &Happened) -> bool {
    let value = match &clause.dimension {
        Dimension::Visit(dimension) => of_visit(*dimension, visit).to_owned(),
        Dimension::Event(dimension) => of_event(*dimension, visit, event).to_owned(),
        Dimension::Property(key) => property(key, event),
        Dimension::Time(_) | Dimension::Goal => return true,
    };
    let value = shown(&clause.dimension, &value);
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
