//! Reports: folds over sessions whose partial results merge.
//!
//! A report touches no other file but the list of [`Question`]s. A shard folds its segments and seals what it has; the
//! collector merges the shards' partials and finishes. As each visitor lives in one shard, sums over shards are exact.

pub mod errors;
pub mod exits;
mod facts;
pub mod forms;
pub mod funnel;
pub mod goals;
pub mod heatmap;
pub mod journey;
pub mod links;
pub mod properties;
pub mod ranking;
pub mod recent;
mod recent_detail;
pub mod retention;
pub mod revenue;
pub mod revenue_answer;
pub mod scope;
pub mod scroll;
pub mod search;
pub mod spread;
pub mod stats;
mod tally;
pub mod target;
mod visitors;
pub mod vitals;

use std::ops::Deref;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::query::Range;
use crate::segment::Segment;
pub use tally::Tally;

/// A fold over segments.
pub trait Report {
    /// Its mergeable state. Merging is commutative and associative, and the default is its neutral element.
    type Partial: Default + Serialize + DeserializeOwned;
    /// What it answers.
    type Answer;

    /// What time it is about: a shard reads the days that this touches.
    fn range(&self) -> Range;

    /// Adds a segment's visits. Segments are disjoint, and may hold visits out of the range.
    fn fold(&self, into: &mut Self::Partial, segment: &Segment);

    /// Adds another partial of the same report: of other sessions.
    fn merge(into: &mut Self::Partial, other: Self::Partial);

    /// Gives up what only this shard needs (its visitors' identities): from now on the partial merges with other
    /// shards' only.
    fn seal(partial: &mut Self::Partial);

    /// The answer.
    fn finish(&self, partial: Self::Partial) -> Self::Answer;
}

/// A partial that is not of the report's form: its shard runs another version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a shard's answer cannot be read")]
pub struct BadPartial;

/// A report's state as bytes between objects.
#[must_use]
pub fn sealed<R: Report>(mut partial: R::Partial) -> Vec<u8> {
    R::seal(&mut partial);
    written(&partial)
}

fn written<P: Serialize>(partial: &P) -> Vec<u8> {
    // Writing into a Vec cannot fail, and every sequence knows its length.
    postcard::to_allocvec(partial).unwrap_or_default()
}

fn folded<R: Report>(
    report: &R,
    base: Option<&[u8]>,
    segments: impl Iterator<Item = impl Deref<Target = Segment>>,
) -> Result<R::Partial, BadPartial> {
    let mut partial = base.map_or(Ok(R::Partial::default()), postcard::from_bytes).map_err(|_| BadPartial)?;
    segments.for_each(|segment| report.fold(&mut partial, &segment));
    Ok(partial)
}

/// Merges the shards' partials and finishes.
///
/// # Errors
/// A partial cannot be read.
pub fn answer<R: Report>(report: &R, shards: &[Vec<u8>]) -> Result<R::Answer, BadPartial> {
    let mut merged = R::Partial::default();
    for bytes in shards {
        R::merge(&mut merged, postcard::from_bytes(bytes).map_err(|_| BadPartial)?);
    }
    Ok(report.finish(merged))
}

/// A part of a whole in percent, to two decimals; `None` of nothing.
#[must_use]
pub fn percent(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| (part as f64 * 10_000.0 / whole as f64).round() / 100.0)
}

macro_rules! questions {
    ($($(#[$doc:meta])* $name:ident($report:ty),)*) => {
        /// The list of reports, as a shard is asked.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        pub enum Question {
            $($(#[$doc])* $name($report),)*
        }

        impl Question {
            /// The reports' names, in the order of the list.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($name),)*];

            /// What time it is about.
            #[must_use]
            pub fn range(&self) -> Range {
                match self { $(Self::$name(report) => report.range(),)* }
            }

            /// The answer as JSON: the shards' partials, merged and finished.
            ///
            /// # Errors
            /// A partial cannot be read.
            pub fn answer(&self, shards: &[Vec<u8>]) -> Result<serde_json::Value, BadPartial> {
                match self {
                    $(Self::$name(report) => serde_json::to_value(answer(report, shards)?).map_err(|_| BadPartial),)*
                }
            }

            /// The partial of some segments, on top of that of others, for this shard's own use.
            ///
            /// # Errors
            /// `base` is not a partial of this question.
            pub fn partial(
                &self,
                base: Option<&[u8]>,
                segments: impl Iterator<Item = impl Deref<Target = Segment>>,
            ) -> Result<Vec<u8>, BadPartial> {
                match self { $(Self::$name(report) => folded(report, base, segments).map(|p| written(&p)),)* }
            }

            /// A shard's whole part of the answer, sealed: some segments on top of a partial of others.
            ///
            /// # Errors
            /// `base` is not a partial of this question.
            pub fn fold(
                &self,
                base: Option<&[u8]>,
                segments: impl Iterator<Item = impl Deref<Target = Segment>>,
            ) -> Result<Vec<u8>, BadPartial> {
                match self { $(Self::$name(report) => folded(report, base, segments).map(sealed::<$report>),)* }
            }
        }
    };
}

questions! {
    /// Metrics, grouped by dimensions.
    Stats(stats::Stats),
    /// Steps in order.
    Funnel(funnel::Funnel),
    /// Cohorts that come back.
    Retention(retention::Retention),
    /// Ways through the site.
    Journey(journey::Journey),
    /// Pages where visits end.
    Exits(exits::Exits),
    /// How far down pages are seen.
    Scroll(scroll::Scroll),
    /// Where visitors click.
    Heatmap(heatmap::Heatmap),
    /// What becomes of forms.
    Forms(forms::Forms),
    /// What events' properties say.
    Properties(properties::Properties),
    /// How many reach goals.
    Goals(goals::Goals),
    /// What is looked for.
    Search(search::Search),
    /// Links followed and files downloaded.
    Links(links::Links),
    /// How fast pages are.
    Vitals(vitals::Vitals),
    /// Scripts that failed.
    Errors(errors::Errors),
    /// What is sold.
    Revenue(revenue::Revenue),
    /// The newest events.
    Recent(recent::Recent),
}
