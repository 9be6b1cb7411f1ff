//! Questions that Plausible's language cannot say, each with its own route: `POST /api/v1/<report>` with a JSON body of
//! `site_id`, `date_range`, optionally `filters`, and the report's own options.

mod fields;
mod reports;
mod scope;
mod target;

use serde_json::Value;

pub use fields::{BadField, Field, Object, Read};
pub use reports::{MAX_BRANCHES, MAX_LIMIT, REPORTS, funnel_of};
pub use scope::MAX_PATTERNS;
use scope::Setting;
pub use target::target;

use crate::known::Known;
use crate::report::Question;
use crate::visitor::Key;

/// Bytes of a body: room for the longest filters and steps, and a bound on what is parsed.
pub const MAX_BODY_BYTES: usize = 64 * 1024;

/// A body that was asked of a report.
#[derive(Clone, Debug)]
pub struct Ask {
    report: &'static reports::Reader,
    body: Value,
}

/// Fields of every body.
const OF_ALL: [&str; 3] = ["site_id", "date_range", "filters"];

impl Ask {
    /// Whether there is a report of this name.
    #[must_use]
    pub fn knows(report: &str) -> bool {
        REPORTS.iter().any(|reader| reader.name == report)
    }

    /// Reads a body as a question to the report of this name.
    ///
    /// # Errors
    /// There is no such report, or the body is no JSON.
    pub fn read(report: &str, body: &[u8]) -> Read<Self> {
        let whole = |problem: String| BadField { path: String::new(), problem, allowed: Vec::new() };
        let found = REPORTS.iter().find(|reader| reader.name == report);
        let report = found.ok_or_else(|| whole(format!("no report is called {report}")))?;
        if body.len() > MAX_BODY_BYTES {
            return Err(whole(format!("longer than {MAX_BODY_BYTES} bytes")));
        }
        let body = serde_json::from_slice(body).map_err(|error| whole(format!("no JSON: {error}")))?;
        Ok(Self { report, body })
    }

    /// The site it is about.
    ///
    /// # Errors
    /// The body does not say.
    pub fn site_id(&self) -> Read<&str> {
        self.object()?.need("site_id")?.text(passerby_protocol::limits::MAX_SITE_BYTES)
    }

    /// What is asked about the site that is `known`. `offset_at` gives the site's clocks' milliseconds ahead of UTC at an instant, `key` turns visitors
    /// into handles.
    ///
    /// # Errors
    /// The field that is unknown, missing or wrong.
    pub fn question(&self, now_ms: i64, offset_at: &dyn Fn(i64) -> i64, key: &Key, known: Known) -> Read<Question> {
        let body = self.object()?;
        let setting = Setting { now_ms, offset_at, key: *key, known };
        let scope = scope::scope(&body, &setting)?;
        (self.report.read)(&body, scope, &setting)
    }

    fn object(&self) -> Read<Object<'_>> {
        let known: Vec<&str> = OF_ALL.iter().chain(self.report.options).copied().collect();
        Field::body(&self.body).object(&known)
    }
}
