//! What v2 measures, and what goes with what.

use super::Filters;
use crate::ask::{Field, Read};
use crate::dimension::{Dimension, EventDimension};
use crate::query::Metric;

/// A metric of v2: one of the sessions', or one that compares two answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Read off the sessions.
    Metric(Metric),
    /// Percent of all visitors under the same filters.
    Percentage,
    /// Percent of all visitors under the same filters but those on goals.
    ConversionRate,
    /// The same, of the visitors in the same group.
    GroupConversionRate,
}

impl Measure {
    /// Every one there is.
    pub fn all() -> impl Iterator<Item = Self> {
        let derived = [Self::Percentage, Self::ConversionRate, Self::GroupConversionRate];
        Metric::ALL.iter().copied().map(Self::Metric).chain(derived)
    }

    /// Its name in queries.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Metric(metric) => metric.label(),
            Self::Percentage => "percentage",
            Self::ConversionRate => "conversion_rate",
            Self::GroupConversionRate => "group_conversion_rate",
        }
    }

    /// Whether it is an amount of money.
    #[must_use]
    pub const fn is_revenue(self) -> bool {
        matches!(self, Self::Metric(metric) if metric.is_revenue())
    }

    /// Whether its change is a difference rather than a percentage.
    pub(super) const fn is_percent(self) -> bool {
        match self {
            Self::Metric(metric) => matches!(metric, Metric::BounceRate | Metric::ScrollDepth),
            _ => true,
        }
    }
}

/// Reads the list of metrics and checks that they go with dimensions and filters.
pub(super) fn metrics(field: &Field, dimensions: &[Dimension], filters: &Filters) -> Read<Vec<Measure>> {
    let items = field.list(1..=Measure::all().count())?;
    let mut measures = Vec::new();
    for item in &items {
        let known = || item.not_among(Measure::all().map(Measure::label));
        let name = item.value().as_str().ok_or_else(known)?;
        let measure = Measure::all().find(|measure| measure.label() == name).ok_or_else(known)?;
        if measures.contains(&measure) {
            return Err(item.wrong("given twice"));
        }
        if let Some(problem) = misfit(measure, dimensions, filters) {
            return Err(item.wrong(problem));
        }
        measures.push(measure);
    }
    Ok(measures)
}

fn misfit(measure: Measure, dimensions: &[Dimension], filters: &Filters) -> Option<&'static str> {
    let by_page = filters.by_page || dimensions.contains(&Dimension::Event(EventDimension::Page));
    let by_goal = filters.by_goal || dimensions.contains(&Dimension::Goal);
    match measure {
        Measure::Metric(Metric::BounceRate | Metric::ViewsPerVisit | Metric::VisitDuration)
            if dimensions.iter().any(Dimension::is_of_events) =>
        {
            Some("it is about whole visits, so it does not go with a dimension event:…")
        }
        Measure::Metric(Metric::ViewsPerVisit) if filters.by_page => {
            Some("it is about whole visits, so it does not go with a filter on event:page")
        }
        Measure::Metric(Metric::ScrollDepth | Metric::TimeOnPage) if !by_page => {
            Some("it needs event:page as a dimension or in a filter")
        }
        Measure::Percentage if dimensions.is_empty() => Some("it needs a dimension"),
        Measure::ConversionRate | Measure::GroupConversionRate if !by_goal => {
            Some("it needs event:goal as a dimension or in a filter")
        }
        _ => None,
    }
}
