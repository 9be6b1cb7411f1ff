//! Plausible's Stats API v2: one question as a JSON object. Form and meaning after its public documentation
//! (plausible.io/docs/stats-api), so that what speaks to it can speak to this. What is not known is refused with its
//! place in the object.

mod answer;
mod compare;
mod countries;
mod dates;
mod filters;
mod labels;
mod metrics;
mod money;
mod other;
mod question;

pub use answer::Answer;
pub(crate) use answer::number;
pub(crate) use dates::instant;
pub use dates::{NAMES as DATE_RANGES, Period, dates};
pub use filters::{Filters, MORE as MORE_DIMENSIONS, OPERATORS, filters};
pub(crate) use labels::{buckets, date};
pub use metrics::Measure;
pub use question::Request;

/// Most bytes of a question: the rest need not be read.
pub const MAX_QUERY_BYTES: usize = 64 * 1024;
/// Most conditions of a question's filters, however they are nested. Each is a pass over a column.
pub const MAX_CONDITIONS: usize = 100;
/// Most values that all conditions compare with.
pub const MAX_VALUES: usize = 2_000;
/// Most regular expressions: each is compared with every value of its column.
pub const MAX_EXPRESSIONS: usize = 20;
/// How deep filters may be nested.
pub const MAX_DEPTH: usize = 8;
/// Most bytes of a value to compare with: more than any path that is stored.
pub const MAX_VALUE_BYTES: usize = 2_000;
/// Most rows of an answer.
pub const MAX_ROWS: usize = 10_000;
