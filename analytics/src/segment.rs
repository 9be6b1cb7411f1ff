//! Sessions laid out for reading: strings once, numbers in rows, everything that reports need of a visit derived.

use std::collections::HashMap;
use std::ops::Range;

use passerby_protocol::Kind;

use crate::dimension::VisitDimension as V;
use crate::enrich::source;
use crate::session::Session;
use crate::visitor::Visitor;

/// A string by its place in the segment's table. 0 is the empty string.
pub type Sym = u32;

/// A set of sessions, read-only.
#[derive(Debug, Default)]
pub struct Segment {
    strings: Vec<String>,
    visits: Vec<Visit>,
    hits: Vec<SegmentHit>,
}

/// A session as reports see it.
#[derive(Debug)]
pub struct Visit {
    /// Whose it is.
    pub visitor: Visitor,
    /// When its first event happened.
    pub start_ms: i64,
    /// When its last event happened.
    pub end_ms: i64,
    /// One page view and no interactive custom event.
    pub bounced: bool,
    /// Its dimensions, by their numbers.
    pub dimensions: [Sym; V::ALL.len()],
    /// Its events' places among the segment's.
    hits: Range<usize>,
}

/// An event as reports see it.
#[derive(Debug)]
pub struct SegmentHit {
    /// When it happened.
    pub at_ms: i64,
    /// The path of the page it happened on.
    pub page: Sym,
    /// "pageview", the name of a custom event, or the kind of another.
    pub name: Sym,
    /// Whether it is a page view.
    pub is_pageview: bool,
}

impl Visit {
    /// How long it took: from the first event to the last. A bounce counts as none, whatever was measured meanwhile.
    #[must_use]
    pub const fn duration_ms(&self) -> u64 {
        if self.bounced { 0 } else { self.end_ms.abs_diff(self.start_ms) }
    }
}

impl Segment {
    /// Its strings, by their places.
    #[must_use]
    pub fn strings(&self) -> &[String] {
        &self.strings
    }

    /// Its visits, each with its events.
    pub fn visits(&self) -> impl Iterator<Item = (&Visit, &[SegmentHit])> {
        self.visits.iter().map(|visit| (visit, &self.hits[visit.hits.clone()]))
    }
}

/// Collects sessions into a segment.
#[derive(Debug)]
pub struct Builder {
    segment: Segment,
    places: HashMap<String, Sym>,
}

impl Default for Builder {
    fn default() -> Self {
        let mut builder = Self { segment: Segment::default(), places: HashMap::new() };
        builder.sym(""); // takes place 0
        builder
    }
}

impl Builder {
    fn sym(&mut self, text: &str) -> Sym {
        if let Some(place) = self.places.get(text) {
            return *place;
        }
        let place = self.segment.strings.len() as Sym; // fewer strings than bytes of storage
        self.segment.strings.push(text.to_owned());
        self.places.insert(text.to_owned(), place);
        place
    }

    /// Adds a session.
    pub fn add(&mut self, visitor: Visitor, session: &Session<&str>) {
        let first = self.segment.hits.len();
        let (mut pageviews, mut acted) = (0, false);
        let (mut entry, mut exit) = ("", "");
        for event in &session.events {
            let name = match &event.kind {
                Kind::Custom(custom) => {
                    acted = true;
                    custom.name
                }
                Kind::PassiveCustom(custom) => custom.name,
                kind => kind.label(),
            };
            let is_pageview = matches!(event.kind, Kind::Pageview(_));
            if is_pageview {
                pageviews += 1;
                entry = if pageviews == 1 { event.page } else { entry };
                exit = event.page;
            }
            let (page, name) = (self.sym(event.page), self.sym(name));
            self.segment.hits.push(SegmentHit { at_ms: event.at_ms, page, name, is_pageview });
        }
        let mut dimensions = [0; V::ALL.len()];
        let mut set = |dimension: V, text: &str| dimensions[dimension as usize] = self.sym(text);
        set(V::EntryPage, entry);
        set(V::ExitPage, exit);
        let found = acquisition(session);
        set(V::Source, &found.source);
        set(V::Referrer, &found.referrer);
        set(V::UtmSource, &found.utm_source);
        set(V::UtmMedium, &found.utm_medium);
        set(V::UtmCampaign, &found.utm_campaign);
        set(V::UtmContent, &found.utm_content);
        set(V::UtmTerm, &found.utm_term);
        if let Some(tab) = session.tabs.first() {
            set(V::Country, tab.client.country);
            set(V::Region, tab.client.region);
            set(V::City, tab.client.city);
            set(V::Device, tab.client.device);
            set(V::Browser, tab.client.browser);
            set(V::BrowserVersion, tab.client.browser_version);
            set(V::Os, tab.client.os);
            set(V::OsVersion, tab.client.os_version);
            set(V::Language, tab.client.language);
        }
        self.segment.visits.push(Visit {
            visitor,
            start_ms: session.start_ms(),
            end_ms: session.end_ms(),
            bounced: pageviews == 1 && !acted,
            dimensions,
            hits: first..self.segment.hits.len(),
        });
    }

    /// The segment.
    #[must_use]
    pub fn build(self) -> Segment {
        self.segment
    }
}

/// The first known source of a session: that of the first page view which has one.
fn acquisition<'a>(session: &Session<&'a str>) -> source::Acquisition<'a> {
    let pageviews = session.events.iter().filter_map(|event| match &event.kind {
        Kind::Pageview(view) => Some(source::of(view.query, view.referrer)),
        _ => None,
    });
    pageviews.into_iter().find(|found| !found.source.is_empty()).unwrap_or_default()
}
