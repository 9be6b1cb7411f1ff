//! What answers can be grouped and filtered by. Names are those of Plausible's Stats API.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

macro_rules! dimensions {
    ($(#[$doc:meta])* $enum:ident { $($(#[$variant_doc:meta])* $name:ident = $label:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum $enum {
            $($(#[$variant_doc])* $name,)*
        }

        impl $enum {
            /// Every one there is, in the order of their numbers.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its name in queries.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self { $(Self::$name => $label,)* }
            }
        }
    };
}

dimensions! {
    /// What holds for a whole visit. Only ever appended to: the number stands in stored segments.
    VisitDimension {
        /// The first page.
        EntryPage = "visit:entry_page",
        /// The last page.
        ExitPage = "visit:exit_page",
        /// The first known source.
        Source = "visit:source",
        /// The referrer that came with the source.
        Referrer = "visit:referrer",
        /// `utm_source` that came with the source.
        UtmSource = "visit:utm_source",
        /// `utm_medium` that came with the source.
        UtmMedium = "visit:utm_medium",
        /// `utm_campaign` that came with the source.
        UtmCampaign = "visit:utm_campaign",
        /// `utm_content` that came with the source.
        UtmContent = "visit:utm_content",
        /// `utm_term` that came with the source.
        UtmTerm = "visit:utm_term",
        /// ISO 3166-1.
        Country = "visit:country",
        /// ISO 3166-2.
        Region = "visit:region",
        /// The city's name.
        City = "visit:city",
        /// Desktop, Mobile, Tablet, TV, Console, Wearable, Bot.
        Device = "visit:device",
        /// The browser's name.
        Browser = "visit:browser",
        /// Its major version.
        BrowserVersion = "visit:browser_version",
        /// The operating system's name.
        Os = "visit:os",
        /// Its version.
        OsVersion = "visit:os_version",
        /// The preferred language.
        Language = "visit:language",
        /// The channel of the source.
        Channel = "visit:channel",
        /// The class of the screen's width: Mobile, Tablet, Laptop, Desktop.
        Screen = "visit:screen",
    }
}

dimensions! {
    /// What holds for one event.
    EventDimension {
        /// The path of the page it happened on.
        Page = "event:page",
        /// "pageview", the name of a custom event, or the kind of another.
        Name = "event:name",
        /// The host of the page; empty where it is the site's name.
        Hostname = "event:hostname",
    }
}

dimensions! {
    /// When, in the site's time zone. An event counts where it happened, a visit where it began.
    TimeDimension {
        /// By the minute.
        Minute = "time:minute",
        /// By the hour.
        Hour = "time:hour",
        /// By the day.
        Day = "time:day",
        /// By the week, from Monday.
        Week = "time:week",
        /// By the month.
        Month = "time:month",
    }
}

/// How the name of a custom property's dimension begins.
const PROPERTY: &str = "event:props:";

/// Most bytes of a custom property's key, as in a batch.
const MAX_KEY_BYTES: usize = 300;

/// What answers can be grouped by.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Dimension {
    /// Of the visit.
    Visit(VisitDimension),
    /// Of the event.
    Event(EventDimension),
    /// Of time.
    Time(TimeDimension),
    /// A custom property of the event, by its key.
    Property(String),
    /// The goals that the event reaches, of those that a query names. Only to group by: a filter says it in terms of the
    /// others.
    Goal,
}

impl Dimension {
    /// The dimension of a visit or an event with this name.
    #[must_use]
    pub fn property(label: &str) -> Option<Self> {
        if let Some(key) = label.strip_prefix(PROPERTY) {
            return (1..=MAX_KEY_BYTES).contains(&key.len()).then(|| Self::Property(key.to_owned()));
        }
        let visit = VisitDimension::ALL.iter().find(|d| d.label() == label).map(|d| Self::Visit(*d));
        visit.or_else(|| EventDimension::ALL.iter().find(|d| d.label() == label).map(|d| Self::Event(*d)))
    }

    /// The names that [`Dimension::property`] knows, but for those of custom properties.
    pub fn properties() -> impl Iterator<Item = &'static str> {
        VisitDimension::ALL.iter().map(|d| d.label()).chain(EventDimension::ALL.iter().map(|d| d.label()))
    }

    /// Its name in queries.
    #[must_use]
    pub fn label(&self) -> Cow<'static, str> {
        match self {
            Self::Visit(d) => d.label().into(),
            Self::Event(d) => d.label().into(),
            Self::Time(d) => d.label().into(),
            Self::Property(key) => format!("{PROPERTY}{key}").into(),
            Self::Goal => "event:goal".into(),
        }
    }

    /// Whether it tells events of one visit apart.
    #[must_use]
    pub const fn is_of_events(&self) -> bool {
        matches!(self, Self::Event(_) | Self::Property(_) | Self::Goal)
    }

    /// What an empty value is called. An empty host is the site's name, which only the question knows.
    #[must_use]
    pub const fn empty(&self) -> &'static str {
        match self {
            Self::Visit(VisitDimension::Source | VisitDimension::Referrer) => "(Direct / None)",
            Self::Event(EventDimension::Hostname) => "",
            Self::Property(_) => "(none)",
            _ => "(not set)",
        }
    }
}
