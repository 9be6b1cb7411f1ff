//! What every report is asked: `date_range` and `filters`.

use super::fields::{Field, Object, Read};
use crate::calendar::{DAY_MS, Day, Zone};
use crate::dimension::Dimension;
use crate::filter::{Clause, Expr, Pattern};
use crate::report::scope::{Filters, Scope};
use crate::v1::{Period, Span};

/// Most conditions, and most values of one: both bound the work of one question.
const MAX_CLAUSES: usize = 50;
const MAX_VALUES: usize = 100;
/// Bytes of a value: the longest that an event can have.
const MAX_VALUE_BYTES: usize = passerby_protocol::limits::MAX_URL_BYTES;

/// When it is asked, and what the site's clocks show.
pub struct Clock<'c> {
    /// Now.
    pub now_ms: i64,
    /// Milliseconds that the site's clocks are ahead of UTC at an instant.
    pub offset_at: &'c dyn Fn(i64) -> i64,
}

/// Reads what every report is asked.
///
/// # Errors
/// The field that is missing or wrong.
pub fn scope(body: &Object, clock: &Clock) -> Read<Scope> {
    let span = span(&body.need("date_range")?, clock)?;
    let day_ms = |day: Day| i64::from(day.0) * DAY_MS;
    let zone = Zone::probe(day_ms(span.first) - DAY_MS, day_ms(span.last) + 3 * DAY_MS, clock.offset_at);
    let filters = body.get("filters").map_or(Ok(Vec::new()), |field| filters(&field))?;
    Ok(Scope { range: span.range(&zone), zone, filters })
}

/// A preset (`"7d"`), or the first and the last day (`["2026-07-01", "2026-07-31"]`).
fn span(field: &Field, clock: &Clock) -> Read<Span> {
    let today = Day::of_utc(clock.now_ms + (clock.offset_at)(clock.now_ms));
    let bad = |error: crate::v1::BadParameter| {
        let mut bad = field.wrong(error.problem);
        bad.allowed = error.allowed.into_iter().filter(|name| name != "custom").collect();
        bad
    };
    if let Some(name) = field.value().as_str() {
        let period =
            if name == "custom" { Err(field.wrong("two dates are needed")) } else { Period::parse(name).map_err(bad) };
        return period?.span(None, today).map_err(bad);
    }
    let dates = field.list(2..=2)?;
    let dates = [dates[0].text(10)?, dates[1].text(10)?].join(",");
    Period::Custom.span(Some(&dates), today).map_err(bad)
}

/// `[["is", "visit:source", ["Google", "Bing"]], ["contains_not", "event:page", ["/blog"]]]`: all must hold.
///
/// # Errors
/// The condition that is wrong.
pub fn filters(field: &Field) -> Read<Filters> {
    field.list(0..=MAX_CLAUSES)?.iter().map(clause).collect()
}

fn clause(field: &Field) -> Read<Expr> {
    let parts = field.list(3..=3)?;
    let (contains, negated) = parts[0].choice(&[
        ("is", (false, false)),
        ("is_not", (false, true)),
        ("contains", (true, false)),
        ("contains_not", (true, true)),
    ])?;
    let name = parts[1].text(MAX_VALUE_BYTES)?;
    let dimension = Dimension::property(name).ok_or_else(|| parts[1].not_among(Dimension::properties()))?;
    let pattern = |field: &Field| {
        let text = field.text(MAX_VALUE_BYTES)?.to_owned();
        Ok(if contains { Pattern::Pieces(vec![String::new(), text, String::new()]) } else { Pattern::Is(text) })
    };
    let patterns = parts[2].list(1..=MAX_VALUES)?.iter().map(pattern).collect::<Read<_>>()?;
    Ok(Expr::from(Clause { dimension, negated, any_case: false, patterns }))
}

/// One pattern, or a list of them; `*` stands for anything.
///
/// # Errors
/// It is neither.
pub fn patterns(field: &Field) -> Read<Vec<Pattern>> {
    let pattern = |field: &Field| field.text(MAX_VALUE_BYTES).map(Pattern::with_wildcards);
    if field.value().is_array() {
        return field.list(1..=MAX_VALUES)?.iter().map(pattern).collect();
    }
    Ok(vec![pattern(field)?])
}
