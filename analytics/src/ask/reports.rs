//! The reports' routes and their own options.

use super::fields::{Field, Object, Read};
use super::scope::{Setting, patterns};
use super::target::target;
use crate::calendar::{DAY_MS, HOUR_MS, MINUTE_MS};
use crate::dimension::{TimeDimension, VisitDimension};
use crate::known::Known;
use crate::report::Question;
use crate::report::errors::Errors;
use crate::report::exits::Exits;
use crate::report::forms::Forms;
use crate::report::funnel::{Funnel, STEPS};
use crate::report::goals::Goals;
use crate::report::heatmap::{Heatmap, MAX_COLUMNS, MAX_ROWS};
use crate::report::journey::{Journey, MAX_DEPTH, Steps};
use crate::report::links::{LinkKind, Links};
use crate::report::properties::Properties;
use crate::report::recent::Recent;
use crate::report::retention::{MAX_COHORTS, Of, Retention};
use crate::report::revenue::{self, Revenue};
use crate::report::scope::Scope;
use crate::report::scroll::Scroll;
use crate::report::search::Search;
use crate::report::target::{MAX_TARGETS, Target};
use crate::report::vitals::{self, Vitals};
use crate::visitor::Handle;

/// How a report's options are read.
#[derive(Debug)]
pub struct Reader {
    /// Its name: the last part of its path.
    pub name: &'static str,
    /// The names of its options.
    pub options: &'static [&'static str],
    pub(super) read: fn(&Object, Scope, &Setting) -> Read<Question>,
}

/// Every report with a route of its own.
pub const REPORTS: &[Reader] = &[
    Reader { name: "funnel", options: &["funnel", "steps", "order", "by", "window", "limit"], read: funnel },
    Reader { name: "retention", options: &["by", "of"], read: retention },
    Reader { name: "journey", options: &["from", "direction", "depth", "steps", "limit"], read: journey },
    Reader { name: "exits", options: &["limit"], read: exits },
    Reader { name: "scroll", options: &["limit"], read: scroll },
    Reader { name: "heatmap", options: &["page", "columns", "rows", "limit"], read: heatmap },
    Reader { name: "forms", options: &["limit"], read: forms },
    Reader { name: "properties", options: &["event", "key", "limit"], read: properties },
    Reader { name: "goals", options: &["goals"], read: goals },
    Reader { name: "search", options: &["limit"], read: search },
    Reader { name: "links", options: &["kind", "limit"], read: links },
    Reader { name: "vitals", options: &["by", "limit"], read: vitals },
    Reader { name: "errors", options: &["limit"], read: errors },
    Reader { name: "revenue", options: &["by", "limit"], read: revenue },
    Reader { name: "events", options: &["visitor", "limit"], read: events },
];

/// Bytes of a name that a question gives.
const MAX_NAME_BYTES: usize = passerby_protocol::limits::MAX_NAME_BYTES;

/// Most rows of an answer's list.
pub const MAX_LIMIT: u64 = 1_000;

/// Most branches of a journey's step.
pub const MAX_BRANCHES: u64 = 50;

/// The longest window of a funnel: as long as the longest range.
const MAX_WINDOW_MS: i64 = 3_653 * DAY_MS;

fn limit(body: &Object, default: u64) -> Read<usize> {
    body.whole_or("limit", default, 1..=MAX_LIMIT).map(|limit| limit as usize)
}

/// What a funnel is: the fields of a question about one, and of one that is saved.
const OF_FUNNEL: [&str; 4] = ["steps", "order", "by", "window"];

/// A funnel as it is asked for or saved: its steps, whether they are strict, whether by session, its window.
type Way = (Vec<Target>, bool, bool, i64);

fn way(body: &Object, known: Known) -> Read<Way> {
    let steps = body.need("steps")?.list(STEPS)?;
    Ok((
        steps.iter().map(|field| target(field, known)).collect::<Read<_>>()?,
        body.choice("order", &[("ordered", false), ("strict", true)])?,
        body.choice("by", &[("visitor", false), ("session", true)])?,
        body.get("window").map_or(Ok(MAX_WINDOW_MS), |field| duration_ms(&field))?,
    ))
}

/// Reads a funnel as settings save it: `{"steps": [{"page": "/cart"}, {"event": "order"}], "window": "1d"}`.
///
/// # Errors
/// The field that is missing or wrong.
pub fn funnel_of(field: &Field, known: Known) -> Read<Way> {
    way(&field.object(&OF_FUNNEL)?, known)
}

/// By its steps, or by the name under which the site's settings save it.
fn funnel(body: &Object, scope: Scope, setting: &Setting) -> Read<Question> {
    let (steps, strict, by_session, window_ms) = match body.get("funnel") {
        None => way(body, setting.known)?,
        Some(name) => {
            if let Some(also) = OF_FUNNEL.iter().find_map(|field| body.get(field)) {
                return Err(also.wrong("the funnel that is named has its own"));
            }
            setting.known.funnel(&name)?
        }
    };
    Ok(Question::Funnel(Funnel { scope, steps, strict, by_session, window_ms, limit: limit(body, 5)? }))
}

fn retention(body: &Object, scope: Scope, _: &Setting) -> Read<Question> {
    let by = [("day", TimeDimension::Day), ("week", TimeDimension::Week), ("month", TimeDimension::Month)];
    let of = [("visitors", Of::Visitors), ("people", Of::People), ("users", Of::Users)];
    let report = Retention { scope, by: body.choice("by", &by)?, of: body.choice("of", &of)? };
    if report.cohorts() > MAX_COHORTS {
        let range = body.need("date_range")?;
        return Err(range.wrong(format!("more than {MAX_COHORTS} cohorts: ask by week or month, or of fewer days")));
    }
    Ok(Question::Retention(report))
}

fn journey(body: &Object, scope: Scope, setting: &Setting) -> Read<Question> {
    Ok(Question::Journey(Journey {
        scope,
        from: body.get("from").map(|field| target(&field, setting.known)).transpose()?,
        before: body.choice("direction", &[("after", false), ("before", true)])?,
        depth: body.whole_or("depth", 5, 1..=MAX_DEPTH as u64)? as usize,
        steps: body.choice("steps", &[("pages", Steps::Pages), ("events", Steps::Events), ("all", Steps::All)])?,
        limit: body.whole_or("limit", 5, 1..=MAX_BRANCHES)? as usize,
    }))
}

fn exits(body: &Object, scope: Scope, _: &Setting) -> Read<Question> {
    Ok(Question::Exits(Exits { scope, limit: limit(body, 100)? }))
}

fn scroll(body: &Object, scope: Scope, _: &Setting) -> Read<Question> {
    Ok(Question::Scroll(Scroll { scope, limit: limit(body, 20)? }))
}

fn heatmap(body: &Object, scope: Scope, _: &Setting) -> Read<Question> {
    Ok(Question::Heatmap(Heatmap {
        scope,
        page: patterns(&body.need("page")?)?,
        columns: body.whole_or("columns", 50, 1..=MAX_COLUMNS)?,
        rows: body.whole_or("rows", 100, 1..=MAX_ROWS)?,
        limit: limit(body, 50)?,
    }))
}

fn forms(body: &Object, scope: Scope, _: &Setting) -> Read<Question> {
    Ok(Question::Forms(Forms { scope, limit: limit(body, 100)? }))
}

fn properties(body: &Object, scope: Scope, _: &Setting) -> Read<Question> {
    let key = body.get("key").map(|field| field.text(MAX_NAME_BYTES).map(str::to_owned)).transpose()?;
    let event = body.get("event").map_or(Ok(Vec::new()), |field| patterns(&field))?;
    Ok(Question::Properties(Properties { scope, event, key, limit: limit(body, 100)? }))
}

/// Those that are asked about, or all that the site's settings have.
fn goals(body: &Object, scope: Scope, setting: &Setting) -> Read<Question> {
    let known = setting.known;
    let goals: Vec<Target> = match (body.get("goals"), known.goal_names().next()) {
        (None, Some(_)) => {
            let site = body.need("site_id")?;
            let saved = known.goal_names().take(MAX_TARGETS);
            saved.filter_map(|name| known.target(name, &site).transpose()).collect::<Read<_>>()?
        }
        _ => body.need("goals")?.list(1..=MAX_TARGETS)?.iter().map(|f| target(f, known)).collect::<Read<_>>()?,
    };
    Ok(Question::Goals(Goals { scope, goals }))
}

fn search(body: &Object, scope: Scope, _: &Setting) -> Read<Question> {
    Ok(Question::Search(Search { scope, limit: limit(body, 100)? }))
}

fn links(body: &Object, scope: Scope, _: &Setting) -> Read<Question> {
    let kinds = [("all", None), ("outbound", Some(LinkKind::Outbound)), ("download", Some(LinkKind::Download))];
    Ok(Question::Links(Links { scope, only: body.choice("kind", &kinds)?, limit: limit(body, 100)? }))
}

fn vitals(body: &Object, scope: Scope, _: &Setting) -> Read<Question> {
    let choices = [("nothing", vitals::By::Nothing), ("event:page", vitals::By::Page)];
    let by = body.choice("by", &with_visits(&choices, vitals::By::Visit))?;
    Ok(Question::Vitals(Vitals { scope, by, limit: limit(body, 100)? }))
}

fn errors(body: &Object, scope: Scope, _: &Setting) -> Read<Question> {
    Ok(Question::Errors(Errors { scope, limit: limit(body, 100)? }))
}

fn revenue(body: &Object, scope: Scope, _: &Setting) -> Read<Question> {
    let choices =
        [("nothing", revenue::By::Nothing), ("product", revenue::By::Product), ("event:page", revenue::By::Page)];
    let by = body.choice("by", &with_visits(&choices, revenue::By::Visit))?;
    Ok(Question::Revenue(Revenue { scope, by, limit: limit(body, 100)? }))
}

fn events(body: &Object, scope: Scope, setting: &Setting) -> Read<Question> {
    let handle = |field: Field| {
        let wrong = || field.wrong("a visitor's handle is needed, as answers have it: 16 hexadecimal digits");
        field.value().as_str().and_then(Handle::parse).ok_or_else(wrong)
    };
    let visitor = body.get("visitor").map(handle).transpose()?;
    Ok(Question::Recent(Recent { scope, key: setting.key, visitor, limit: limit(body, 100)? }))
}

/// These choices, and every dimension of visits.
fn with_visits<T: Copy>(choices: &[(&'static str, T)], of: fn(VisitDimension) -> T) -> Vec<(&'static str, T)> {
    let visits = VisitDimension::ALL.iter().map(|dimension| (dimension.label(), of(*dimension)));
    choices.iter().copied().chain(visits).collect()
}

/// `30m`, `24h`, `14d`.
fn duration_ms(field: &Field) -> Read<i64> {
    let wrong = || field.wrong("a number of minutes, hours or days is needed: 30m, 24h, 14d");
    let text = field.value().as_str().ok_or_else(wrong)?;
    let units = [('m', MINUTE_MS), ('h', HOUR_MS), ('d', DAY_MS)];
    let (count, unit_ms) =
        units.iter().find_map(|(unit, ms)| Some((text.strip_suffix(*unit)?, *ms))).ok_or_else(wrong)?;
    let count: u32 = count.parse().map_err(|_| wrong())?;
    let length_ms = i64::from(count) * unit_ms;
    if (1..=MAX_WINDOW_MS).contains(&length_ms) { Ok(length_ms) } else { Err(field.wrong("1 minute to 3,653 days")) }
}
