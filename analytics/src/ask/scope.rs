//! What every report is asked: `date_range` and `filters`.

use passerby_protocol::limits::MAX_SITE_BYTES;

use super::fields::{Field, Object, Read};
use crate::calendar::Day;
use crate::filter::Pattern;
use crate::report::scope::{Filters, Scope};
use crate::v2;

/// Most values of one condition, which bound the work of one question.
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
    let today = Day::of_utc(clock.now_ms + (clock.offset_at)(clock.now_ms));
    let period = v2::dates(&body.need("date_range")?, today)?;
    let zone = period.zone(clock.offset_at);
    let site = body.need("site_id")?.text(MAX_SITE_BYTES)?;
    let filters = body.get("filters").map_or(Ok(Vec::new()), |field| filters(&field, site))?;
    Ok(Scope { range: period.range(&zone), zone, filters })
}

/// Filters as v2 has them: `[["is", "visit:source", ["Google"]], ["or", [...]]]`; all must hold. `site` is the site's
/// name, which is that of its own host.
///
/// # Errors
/// The condition that is wrong.
pub fn filters(field: &Field, site: &str) -> Read<Filters> {
    Ok(v2::filters(field, site)?.all)
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
