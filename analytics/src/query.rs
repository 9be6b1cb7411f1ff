//! What can be asked of sessions.

use serde::{Deserialize, Serialize};

use crate::calendar::Zone;
use crate::dimension::Dimension;
use crate::filter::Expr;
use crate::goal::Goal;

/// A stretch of time, in milliseconds since 1970 in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Range {
    /// Its first millisecond.
    pub from_ms: i64,
    /// The first one after it.
    pub to_ms: i64,
}

impl Range {
    /// Whether it holds this instant.
    #[must_use]
    pub const fn holds(&self, at_ms: i64) -> bool {
        self.from_ms <= at_ms && at_ms < self.to_ms
    }
}

macro_rules! metrics {
    ($($(#[$doc:meta])* $name:ident = $label:literal,)*) => {
        /// What is measured.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Metric {
            $($(#[$doc])* $name,)*
        }

        impl Metric {
            /// Every one there is.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its name in queries.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self { $(Self::$name => $label,)* }
            }
        }
    };
}

metrics! {
    /// Distinct visitors with an event.
    Visitors = "visitors",
    /// Sessions, counted where they began.
    Visits = "visits",
    /// Page view events.
    Pageviews = "pageviews",
    /// Page views ÷ visits.
    ViewsPerVisit = "views_per_visit",
    /// Percent of visits with one page view and no interactive custom event; by page, of those that entered there.
    BounceRate = "bounce_rate",
    /// Mean seconds from a visit's first event to its last; a bounce counts with 0.
    VisitDuration = "visit_duration",
    /// All events.
    Events = "events",
    /// Mean percent of a page that was seen, over visits and their pages.
    ScrollDepth = "scroll_depth",
    /// Mean seconds that a page was visible and had the focus, over visits and their pages.
    TimeOnPage = "time_on_page",
    /// Revenue ÷ events with revenue, in minor units; `None` where it is of more than one currency.
    AverageRevenue = "average_revenue",
    /// Revenue, in minor units; `None` where it is of more than one currency.
    TotalRevenue = "total_revenue",
}

impl Metric {
    /// Whether it is an amount of money.
    #[must_use]
    pub const fn is_revenue(self) -> bool {
        matches!(self, Self::AverageRevenue | Self::TotalRevenue)
    }

    /// Whether it is a count, which is 0 where there is nothing. Of the others there then is none.
    #[must_use]
    pub const fn is_count(self) -> bool {
        matches!(self, Self::Visitors | Self::Visits | Self::Pageviews | Self::Events)
    }
}

/// A question whose answer is a table: metrics, grouped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Query {
    /// About when.
    pub range: Range,
    /// In whose days and hours.
    pub zone: Zone,
    /// Grouped by what; at most [`MAX_DIMENSIONS`].
    pub dimensions: Vec<Dimension>,
    /// What is measured.
    pub metrics: Vec<Metric>,
    /// About which visits and events.
    pub filters: Vec<Expr>,
    /// The goals that [`Dimension::Goal`] groups by; none: whatever is one by its kind.
    pub goals: Vec<Goal>,
}

/// How many dimensions a query may group by.
pub const MAX_DIMENSIONS: usize = 4;
