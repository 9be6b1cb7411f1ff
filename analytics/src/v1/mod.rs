//! Plausible's Stats API v1: questions as query strings. Form and meaning after its public documentation
//! (plausible.io/docs/stats-api-v1), so that what speaks to it can speak to this.

mod answer;
mod outcomes;
mod period;
mod question;

pub use answer::Answer;
pub use outcomes::{INTERVALS as OUTCOME_INTERVALS, Outcomes, PARAMETERS as OUTCOME_PARAMETERS};
pub use period::{Period, Span};
pub use question::Request;

/// The routes, by the last parts of their paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// `aggregate`: one row.
    Aggregate,
    /// `timeseries`: a row for each day, hour or month.
    Timeseries,
    /// `breakdown`: a row for each value of a property.
    Breakdown,
    /// `realtime/visitors`: one number.
    CurrentVisitors,
}

impl Endpoint {
    /// The routes' paths below `/api/v1/stats/`.
    pub const PATHS: &'static [(&'static str, Self)] = &[
        ("aggregate", Self::Aggregate),
        ("timeseries", Self::Timeseries),
        ("breakdown", Self::Breakdown),
        ("realtime/visitors", Self::CurrentVisitors),
    ];

    /// The route with this path.
    #[must_use]
    pub fn of_path(path: &str) -> Option<Self> {
        Self::PATHS.iter().find(|(known, _)| *known == path).map(|(_, endpoint)| *endpoint)
    }

    /// The parameters it takes.
    #[must_use]
    pub const fn parameters(self) -> &'static [&'static str] {
        match self {
            Self::Aggregate => &["site_id", "period", "date", "metrics", "filters", "compare", "with_imported"],
            Self::Timeseries => &["site_id", "period", "date", "metrics", "filters", "interval", "with_imported"],
            Self::Breakdown => {
                &["site_id", "period", "date", "metrics", "filters", "property", "limit", "page", "with_imported"]
            }
            Self::CurrentVisitors => &["site_id"],
        }
    }
}

/// How long back a visitor counts as current.
pub const CURRENT_MS: i64 = 5 * 60 * 1000;

/// A parameter that is missing or wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{parameter}: {problem}")]
pub struct BadParameter {
    /// Its name.
    pub parameter: String,
    /// What is wrong with it.
    pub problem: String,
    /// What it may be, where that can be listed.
    pub allowed: Vec<String>,
}

impl BadParameter {
    fn new(parameter: &str, problem: impl Into<String>) -> Self {
        Self { parameter: parameter.to_owned(), problem: problem.into(), allowed: Vec::new() }
    }

    fn not_among<'a>(parameter: &str, found: &str, allowed: impl IntoIterator<Item = &'a str>) -> Self {
        let allowed = allowed.into_iter().map(str::to_owned).collect();
        Self { allowed, ..Self::new(parameter, format!("\"{found}\" is not one of the values it may have")) }
    }
}
