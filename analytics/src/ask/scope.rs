//! What every report is asked: `date_range` and `filters`, as v2 has them.

use super::fields::{Field, Object, Read};
use crate::calendar::Day;
use crate::filter::Pattern;
use crate::known::Known;
use crate::report::scope::{Filters, Scope};
use crate::v2::{self, MAX_VALUE_BYTES};

/// Most patterns of one list.
pub const MAX_PATTERNS: usize = 100;

/// When it is asked, what the site's clocks show, and what is known of it.
pub struct Setting<'c> {
    /// Now.
    pub now_ms: i64,
    /// Milliseconds that the site's clocks are ahead of UTC at an instant.
    pub offset_at: &'c dyn Fn(i64) -> i64,
    /// Turns visitors into handles.
    pub key: crate::visitor::Key,
    /// The site.
    pub known: Known<'c>,
}

/// Reads what every report is asked.
///
/// # Errors
/// The field that is missing or wrong.
pub fn scope(body: &Object, setting: &Setting) -> Read<Scope> {
    let today = Day::of_utc(setting.now_ms + (setting.offset_at)(setting.now_ms));
    let period = v2::dates(&body.need("date_range")?, today)?;
    let zone = period.zone(setting.offset_at);
    let mut filters = body.get("filters").map_or(Ok(Vec::new()), |field| filters(&field, setting.known))?;
    filters.extend(setting.known.filters()?);
    Ok(Scope { range: period.range(&zone), zone, filters })
}

/// `[["is", "visit:source", ["Google", "Bing"]], ["contains_not", "event:page", ["/blog"]]]`: all must hold.
///
/// # Errors
/// The condition that is wrong.
pub fn filters(field: &Field, known: Known) -> Read<Filters> {
    v2::filters(field, known).map(|filters| filters.all)
}

/// One pattern, or a list of them; `*` stands for anything.
///
/// # Errors
/// It is neither.
pub fn patterns(field: &Field) -> Read<Vec<Pattern>> {
    let pattern = |field: &Field| field.text(MAX_VALUE_BYTES).map(Pattern::with_wildcards);
    if field.value().is_array() {
        return field.list(1..=MAX_PATTERNS)?.iter().map(pattern).collect();
    }
    Ok(vec![pattern(field)?])
}
