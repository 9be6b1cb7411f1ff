//! Web vitals: the value that three of four page loads do not exceed, as web.dev asks for.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::scope::Scope;
use super::spread::Spread;
use super::{Report, percent};
use crate::dimension::{Dimension, VisitDimension};
use crate::query::Range;
use crate::segment::{Column, Detail, Segment, kind_number};

/// The vitals by their numbers, each with the greatest value that is good and the greatest that is not yet poor
/// (web.dev/articles/defining-core-web-vitals-thresholds); milliseconds, for CLS ten-thousandths.
const VITALS: [(&str, u64, u64); 5] =
    [("LCP", 2_500, 4_000), ("INP", 200, 500), ("CLS", 1_000, 2_500), ("FCP", 1_800, 3_000), ("TTFB", 800, 1_800)];

/// The report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vitals {
    /// About which page loads.
    pub scope: Scope,
    /// By what they are told apart.
    pub by: By,
    /// How many groups are shown.
    pub limit: usize,
}

/// How page loads are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum By {
    /// Not at all.
    Nothing,
    /// By page.
    Page,
    /// By something of their visits.
    Visit(VisitDimension),
}

/// By group and vital, the values with how often each came: at most as many as page loads.
pub type Partial = BTreeMap<(String, u64), Spread>;

/// A group of the answer.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "VitalsGroup")]
pub struct Group {
    /// The page or the visits' value; empty where they are not told apart.
    pub group: String,
    /// How many values there are, of all vitals.
    pub samples: u64,
    /// Each vital that was measured.
    pub vitals: Vec<Measured>,
}

/// A vital of the answer.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "Vital")]
pub struct Measured {
    /// Its name.
    #[schemars(extend("enum" = ["LCP", "INP", "CLS", "FCP", "TTFB"]))]
    pub name: &'static str,
    /// How often it was measured.
    pub samples: u64,
    /// The value that 75 % do not exceed: milliseconds; of CLS the score itself.
    pub p75: Option<f64>,
    /// The value in the middle.
    pub median: Option<f64>,
    /// Percent that are good.
    pub good: Option<f64>,
    /// Percent that need improvement.
    pub needs_improvement: Option<f64>,
    /// Percent that are poor.
    pub poor: Option<f64>,
    /// What the 75th percentile is: `good`, `needs_improvement` or `poor`.
    #[schemars(extend("enum" = ["good", "needs_improvement", "poor"]))]
    pub rating: &'static str,
}

impl Report for Vitals {
    type Partial = Partial;
    /// Groups with the most values first.
    type Answer = Vec<Group>;

    fn range(&self) -> Range {
        self.scope.range
    }

    fn fold(&self, into: &mut Partial, segment: &Segment) {
        let walk = self.scope.walk(segment);
        let vital = kind_number("vital");
        let (names, values) = (walk.detail(Detail::VitalName), walk.detail(Detail::VitalValue));
        let of_visits = match self.by {
            By::Visit(dimension) => segment.of_visits(Column::Dimension(dimension)),
            By::Nothing | By::Page => Vec::new(),
        };
        let mut found: BTreeMap<(u64, u64), Spread> = BTreeMap::new();
        for visit in walk.visits() {
            for event in walk.taken(visit).filter(|event| walk.kinds[*event] == vital) {
                let group = match self.by {
                    By::Nothing => 0,
                    By::Page => walk.pages[event],
                    By::Visit(_) => of_visits[visit.place],
                };
                found.entry((group, names[event])).or_default().add(values[event]);
            }
        }
        for ((group, vital), spread) in found {
            into.entry((segment.string(group).to_owned(), vital)).or_default().merge(spread);
        }
    }

    fn merge(into: &mut Partial, other: Partial) {
        other.into_iter().for_each(|(group, spread)| into.entry(group).or_default().merge(spread));
    }

    /// There is nobody in it.
    fn seal(_: &mut Partial) {}

    fn finish(&self, partial: Partial) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        for ((group, vital), spread) in partial {
            let Some(measured) = measured(vital, &spread) else { continue };
            if groups.last().is_none_or(|last| last.group != group) {
                groups.push(Group { group, samples: 0, vitals: Vec::new() });
            }
            if let Some(last) = groups.last_mut() {
                last.samples += measured.samples;
                last.vitals.push(measured);
            }
        }
        // Stable: equal ones stay in the order of their names.
        groups.sort_by_key(|group| core::cmp::Reverse(group.samples));
        groups.truncate(self.limit);
        if let By::Visit(dimension) = self.by {
            for group in groups.iter_mut().filter(|group| group.group.is_empty()) {
                Dimension::Visit(dimension).empty().clone_into(&mut group.group);
            }
        }
        groups
    }
}

fn measured(vital: u64, spread: &Spread) -> Option<Measured> {
    let (name, good, fair) = *VITALS.get(usize::try_from(vital).ok()?)?;
    let unit = if name == "CLS" { 10_000.0 } else { 1.0 };
    let (samples, p75) = (spread.count(), spread.percentile(75));
    let at_most = |value| spread.at_most(value);
    let rating = match p75 {
        Some(value) if value <= good => "good",
        Some(value) if value <= fair => "needs_improvement",
        _ => "poor",
    };
    Some(Measured {
        name,
        samples,
        p75: p75.map(|value| value as f64 / unit),
        median: spread.median().map(|value| value / unit),
        good: percent(at_most(good), samples),
        needs_improvement: percent(at_most(fair) - at_most(good), samples),
        poor: percent(samples - at_most(fair), samples),
        rating,
    })
}
