//! From sessions to columns.

use std::collections::HashMap;

use passerby_protocol::{Item, Kind, Money, Product, Props, Value};

use super::column::pack;
use super::{Column, Detail, LAYOUT, Segment, Visit, put_varint, zigzag};
use crate::delivery::Client;
use crate::dimension::VisitDimension as V;
use crate::enrich::{screen, source};
use crate::session::Session;
use crate::visitor::Visitor;

/// The order in which [`Builder::add`] comes to the dimensions, and so that of their strings: a segment without some visits
/// is byte by byte the one that never had them.
const IN_ORDER: [V; V::ALL.len()] = [
    V::EntryPage,
    V::ExitPage,
    V::Source,
    V::Channel,
    V::Referrer,
    V::UtmSource,
    V::UtmMedium,
    V::UtmCampaign,
    V::UtmContent,
    V::UtmTerm,
    V::Country,
    V::Region,
    V::City,
    V::Device,
    V::Screen,
    V::Browser,
    V::BrowserVersion,
    V::Os,
    V::OsVersion,
    V::Language,
];

/// Collects sessions into a segment. Any order will do; that of visitors and times packs best.
#[derive(Debug, Default)]
pub struct Builder {
    strings: Strings,
    columns: Columns,
    visits: u64,
    events: u64,
    base_ms: i64,
    span: (i64, i64),
    last_visitor: u64,
}

/// Columns as they grow, by their numbers.
#[derive(Debug)]
struct Columns([Vec<u64>; Column::COUNT]);

impl Default for Columns {
    fn default() -> Self {
        Self([const { Vec::new() }; Column::COUNT])
    }
}

impl Columns {
    fn put(&mut self, column: Column, value: u64) {
        self.0[column.id()].push(value);
    }

    fn detail(&mut self, detail: Detail, value: u64) {
        self.put(Column::Detail(detail), value);
    }
}

/// The string table as it grows. The empty string has place 0 without standing in it, and the kinds' names come first,
/// so that the name of most events follows from their kind.
#[derive(Debug)]
struct Strings {
    places: HashMap<String, u64>,
    in_order: Vec<String>,
}

impl Default for Strings {
    fn default() -> Self {
        let mut strings = Self { places: HashMap::new(), in_order: Vec::new() };
        for label in Kind::<&str>::LABELS {
            strings.sym(label);
        }
        strings
    }
}

impl Strings {
    fn sym(&mut self, text: &str) -> u64 {
        if text.is_empty() {
            return 0;
        }
        if let Some(place) = self.places.get(text) {
            return *place;
        }
        self.in_order.push(text.to_owned());
        let place = self.in_order.len() as u64;
        self.places.insert(text.to_owned(), place);
        place
    }
}

impl Builder {
    /// Adds a session.
    pub fn add(&mut self, visitor: Visitor, session: &Session<&str>) {
        self.begin(session.start_ms(), session.end_ms(), session.events.len());
        let (mut pageviews, mut acted) = (0, false);
        let (mut entry, mut exit, mut host) = ("", "", "");
        let mut last_ms = session.start_ms();
        for event in &session.events {
            if let Kind::Pageview(view) = &event.kind {
                pageviews += 1;
                entry = if pageviews == 1 { event.page } else { entry };
                (exit, host) = (event.page, view.host);
            }
            acted |= matches!(event.kind, Kind::Custom(_));
            self.event(event.at_ms.abs_diff(last_ms), event.page, host, event.user, &event.kind);
            last_ms = event.at_ms;
        }
        let length_ms = session.end_ms().abs_diff(session.start_ms());
        self.visit(visitor, session.start_ms(), length_ms, pageviews, pageviews == 1 && !acted);
        self.dimension(V::EntryPage, entry);
        self.dimension(V::ExitPage, exit);
        let found = acquisition(session);
        self.dimension(V::Source, &found.source);
        self.dimension(V::Channel, found.channel.label());
        self.dimension(V::Referrer, &found.referrer);
        self.dimension(V::UtmSource, &found.utm_source);
        self.dimension(V::UtmMedium, &found.utm_medium);
        self.dimension(V::UtmCampaign, &found.utm_campaign);
        self.dimension(V::UtmContent, &found.utm_content);
        self.dimension(V::UtmTerm, &found.utm_term);
        let unknown = Client::default();
        let client = session.tabs.first().map_or(&unknown, |tab| &tab.client);
        self.dimension(V::Country, client.country);
        self.dimension(V::Region, client.region);
        self.dimension(V::City, client.city);
        self.dimension(V::Device, client.device);
        self.dimension(V::Screen, screen::class(client.screen));
        self.dimension(V::Browser, client.browser);
        self.dimension(V::BrowserVersion, client.browser_version);
        self.dimension(V::Os, client.os);
        self.dimension(V::OsVersion, client.os_version);
        self.dimension(V::Language, client.language);
    }

    /// Adds a visit of another segment: as if its session had been added.
    pub fn add_again(&mut self, visit: &Visit<'_>) {
        self.begin(visit.start_ms, visit.start_ms.saturating_add_unsigned(visit.length_ms), visit.events.len());
        for event in &visit.events {
            self.event(event.after_ms, event.page, event.host, event.user, &event.kind);
        }
        self.visit(visit.visitor, visit.start_ms, visit.length_ms, visit.pageviews, visit.bounced);
        for dimension in IN_ORDER {
            self.dimension(dimension, visit.dimension(dimension));
        }
    }

    fn begin(&mut self, start_ms: i64, end_ms: i64, events: usize) {
        if self.visits == 0 {
            self.base_ms = start_ms;
            self.span = (start_ms, end_ms);
        }
        self.span = (self.span.0.min(start_ms), self.span.1.max(end_ms));
        self.visits += 1;
        self.events += events as u64;
        self.columns.put(Column::Events, events as u64);
    }

    fn event(&mut self, after_ms: u64, page: &str, host: &str, user: &str, kind: &Kind<&str>) {
        self.columns.put(Column::After, after_ms);
        self.columns.put(Column::Kind, kind.number().into());
        self.columns.put(Column::Page, self.strings.sym(page));
        self.columns.put(Column::Host, self.strings.sym(host));
        self.columns.put(Column::User, self.strings.sym(user));
        details(kind, &mut self.strings, &mut self.columns);
    }

    fn visit(&mut self, visitor: Visitor, start_ms: i64, length_ms: u64, pageviews: u64, bounced: bool) {
        self.columns.put(Column::Visitor, visitor.0.wrapping_sub(self.last_visitor));
        self.last_visitor = visitor.0;
        self.columns.put(Column::Start, zigzag(start_ms.wrapping_sub(self.base_ms)));
        self.columns.put(Column::Length, length_ms);
        self.columns.put(Column::Pageviews, pageviews);
        self.columns.put(Column::Bounced, u64::from(bounced));
    }

    fn dimension(&mut self, dimension: V, text: &str) {
        let sym = self.strings.sym(text);
        self.columns.put(Column::Dimension(dimension), sym);
    }

    /// The segment, packed.
    #[must_use]
    pub fn build(self) -> Segment {
        let mut bytes = vec![LAYOUT];
        let strings = &self.strings.in_order;
        let times = [self.base_ms, self.span.0, self.span.1].map(zigzag);
        for number in [&[self.visits, self.events], times.as_slice(), &[strings.len() as u64 + 1]].concat() {
            put_varint(number, &mut bytes);
        }
        put_varint(0, &mut bytes); // the empty string
        for text in strings {
            put_varint(text.len() as u64, &mut bytes);
            bytes.extend_from_slice(text.as_bytes());
        }
        for (id, values) in self.columns.0.iter().enumerate().filter(|(_, values)| values.iter().any(|v| *v != 0)) {
            let mut packed = Vec::new();
            pack(values, &mut packed);
            for number in [id, values.len(), packed.len()] {
                put_varint(number as u64, &mut bytes);
            }
            bytes.extend_from_slice(&packed);
        }
        // What was just written is of this layout.
        Segment::parse(bytes).unwrap_or_default()
    }
}

/// The first known source of a session: that of the first page view which has one.
fn acquisition<'a>(session: &Session<&'a str>) -> source::Acquisition<'a> {
    let pageviews = session.events.iter().filter_map(|event| match &event.kind {
        Kind::Pageview(view) if view.query.is_empty() && view.referrer.is_empty() => None,
        Kind::Pageview(view) => Some(source::of(view.query, view.referrer)),
        _ => None,
    });
    pageviews.into_iter().find(source::Acquisition::is_known).unwrap_or_default()
}

/// What only events of this kind have.
fn details(kind: &Kind<&str>, strings: &mut Strings, to: &mut Columns) {
    use Detail as D;
    match kind {
        Kind::Pageview(v) => props(D::PageviewProps, &v.props, strings, to),
        Kind::Engagement(v) => {
            to.detail(D::EngagedMs, v.visible_ms.into());
            to.detail(D::Scroll, v.scroll_percent.into());
        }
        Kind::Click(v) => {
            to.detail(D::ClickElement, strings.sym(v.element));
            to.detail(D::ClickText, strings.sym(v.text));
            to.detail(D::ClickX, v.x_myriad.into());
            to.detail(D::ClickY, v.y_myriad.into());
            to.detail(D::ClickFlags, v.flags.0.into());
        }
        Kind::Outbound(v) => to.detail(D::OutboundUrl, strings.sym(v.url)),
        Kind::Download(v) => to.detail(D::DownloadUrl, strings.sym(v.url)),
        Kind::FormStart(v) => {
            to.detail(D::StartedForm, strings.sym(v.form));
            to.detail(D::StartedField, strings.sym(v.field));
        }
        Kind::FormSubmit(v) => to.detail(D::SubmittedForm, strings.sym(v.form)),
        Kind::FormAbandon(v) => {
            to.detail(D::AbandonedForm, strings.sym(v.form));
            to.detail(D::AbandonedField, strings.sym(v.field));
        }
        Kind::Search(v) => {
            to.detail(D::SearchTerms, strings.sym(v.terms));
            to.detail(D::SearchResults, v.results.map_or(0, |count| u64::from(count) + 1));
        }
        Kind::Custom(v) => {
            to.detail(D::CustomName, strings.sym(v.name));
            props(D::CustomProps, &v.props, strings, to);
        }
        Kind::PassiveCustom(v) => {
            to.detail(D::PassiveName, strings.sym(v.name));
            props(D::PassiveProps, &v.props, strings, to);
        }
        Kind::ProductView(v) => items(D::ViewedItems, [(v, 1)].into_iter(), strings, to),
        Kind::CartAdd(v) => items(D::AddedItems, [(&v.product, v.quantity)].into_iter(), strings, to),
        Kind::CartRemove(v) => items(D::RemovedItems, [(&v.product, v.quantity)].into_iter(), strings, to),
        Kind::Checkout(v) => {
            to.detail(D::CheckoutStep, v.step.into());
            to.detail(D::CheckoutName, strings.sym(v.name));
        }
        Kind::Order(v) => {
            to.detail(D::OrderId, strings.sym(v.id));
            to.detail(D::OrderMinor, zigzag(v.total.amount_minor));
            to.detail(D::OrderCurrency, strings.sym(v.total.currency.code()));
            items(D::OrderItems, v.items.iter().map(of_item), strings, to);
        }
        Kind::Refund(v) => {
            let amount = v.amount.unwrap_or_default();
            to.detail(D::RefundedOrder, strings.sym(v.order));
            to.detail(D::RefundIsPartial, u64::from(v.amount.is_some()));
            to.detail(D::RefundMinor, zigzag(amount.amount_minor));
            to.detail(D::RefundCurrency, strings.sym(amount.currency.code()));
        }
        Kind::Vital(v) => {
            to.detail(D::VitalName, v.name as u64);
            to.detail(D::VitalValue, v.value.into());
        }
        Kind::ScriptError(v) => {
            to.detail(D::ErrorMessage, strings.sym(v.message));
            to.detail(D::ErrorSource, strings.sym(v.source));
        }
        Kind::Identify(_) | Kind::Resize(_) => {}
    }
}

fn props(count: Detail, props: &Props<&str>, strings: &mut Strings, to: &mut Columns) {
    to.detail(count, props.0.len() as u64);
    for (key, value) in &props.0 {
        let (text, money) = match value {
            Value::Text(text) => (strings.sym(text), None),
            Value::Int(number) => (strings.sym(&number.to_string()), None),
            Value::Float(number) => (strings.sym(&number.to_string()), None),
            Value::Bool(truth) => (strings.sym(if *truth { "true" } else { "false" }), None),
            Value::Money(money) => (strings.sym(&money.amount_minor.to_string()), Some(*money)),
        };
        to.put(Column::PropKey, strings.sym(key));
        to.put(Column::PropText, text);
        amount(Column::PropMinor, Column::PropCurrency, money, strings, to);
    }
}

fn of_item<'i, 'a>(item: &'i Item<&'a str>) -> (&'i Product<&'a str>, u32) {
    (&item.product, item.quantity)
}

fn items<'i, 'a: 'i>(
    count: Detail,
    items: impl ExactSizeIterator<Item = (&'i Product<&'a str>, u32)>,
    strings: &mut Strings,
    to: &mut Columns,
) {
    to.detail(count, items.len() as u64);
    for (product, quantity) in items {
        to.put(Column::ItemProduct, strings.sym(product.id));
        to.put(Column::ItemName, strings.sym(product.name));
        to.put(Column::ItemCategory, strings.sym(product.category));
        to.put(Column::ItemQuantity, quantity.into());
        amount(Column::ItemMinor, Column::ItemCurrency, product.price, strings, to);
    }
}

fn amount(minor: Column, currency: Column, money: Option<Money>, strings: &mut Strings, to: &mut Columns) {
    to.put(minor, zigzag(money.map_or(0, |money| money.amount_minor)));
    to.put(currency, money.map_or(0, |money| strings.sym(money.currency.code())));
}
