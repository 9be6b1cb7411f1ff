//! A segment's visits as they were put in, as far as a segment keeps them: what reports have no use for (titles, variants
//! of products) is gone. For whoever needs a visit whole: to tell a person what is kept of them, and to leave visits out.

use std::collections::HashMap;

use passerby_protocol::limits::MAX_ITEMS;
use passerby_protocol::{
    Checkout, Click, ClickFlags, Currency, Custom, Download, Engagement, FormField, FormSubmit, Identify, Item, Kind,
    Money, Order, Outbound, Pageview, Product, Props, Refund, ScriptError, Search, Size, Value, Vital, VitalName,
};

use super::{Builder, Column, Detail, Segment, kind_number, unzigzag};
use crate::dimension::VisitDimension;
use crate::visitor::Visitor;

/// A visit.
#[derive(Clone, Debug, PartialEq)]
pub struct Visit<'a> {
    /// Whose.
    pub visitor: Visitor,
    /// When it began: milliseconds since 1970 in UTC.
    pub start_ms: i64,
    /// Milliseconds from its first event to its last.
    pub length_ms: u64,
    /// How many of its events are page views.
    pub pageviews: u64,
    /// Whether it is a bounce.
    pub bounced: bool,
    /// Its events, in the order of their times.
    pub events: Vec<Event<'a>>,
    dimensions: Vec<&'a str>,
}

/// An event of a visit.
#[derive(Clone, Debug, PartialEq)]
pub struct Event<'a> {
    /// Milliseconds since the visit's event before.
    pub after_ms: u64,
    /// The path of the page.
    pub page: &'a str,
    /// The page's host; empty where it is the site's name.
    pub host: &'a str,
    /// The identified user.
    pub user: &'a str,
    /// What happened.
    pub kind: Kind<&'a str>,
}

impl<'a> Visit<'a> {
    /// What it has in a dimension; empty where nothing is known.
    #[must_use]
    pub fn dimension(&self, dimension: VisitDimension) -> &'a str {
        self.dimensions.get(dimension as usize).copied().unwrap_or("")
    }
}

impl Segment {
    /// Its visits, in their order.
    pub fn visits_again(&self) -> impl Iterator<Item = Visit<'_>> {
        let mut reader = Reader::of(self);
        (0..self.visits()).map(move |_| reader.visit())
    }

    /// Whose each visit is, when it began, and the users that its events name, as symbols.
    pub fn owners(&self) -> impl Iterator<Item = (Visitor, i64, Vec<u64>)> {
        let mut users = if self.has(Column::User) { self.of_events(Column::User) } else { Vec::new() }.into_iter();
        let visits = self.visitors().into_iter().zip(self.starts_ms()).zip(self.of_visits(Column::Events));
        visits.map(move |((visitor, start_ms), events)| {
            (Visitor(visitor), start_ms, users.by_ref().take(events as usize).collect())
        })
    }

    /// The same without the visits at these places, which are in order: as if they had never been put in.
    #[must_use]
    pub fn without(&self, left_out: &[usize]) -> Self {
        let mut left_out = left_out.iter().copied().peekable();
        let mut builder = Builder::default();
        for (place, visit) in self.visits_again().enumerate() {
            if left_out.next_if_eq(&place).is_none() {
                builder.add_again(&visit);
            }
        }
        builder.build()
    }
}

/// Reads a segment's columns value by value, each from its beginning.
struct Reader<'a> {
    segment: &'a Segment,
    kinds: Vec<u64>,
    columns: HashMap<usize, std::vec::IntoIter<u64>>,
    visitor: u64,
    event: usize,
}

impl<'a> Reader<'a> {
    fn of(segment: &'a Segment) -> Self {
        let kinds = segment.of_events(Column::Kind);
        let mut reader = Self { segment, kinds, columns: HashMap::new(), visitor: 0, event: 0 };
        let properties = segment.properties().last().map_or(0, |place| place.end);
        for column in [Column::PropKey, Column::PropText, Column::PropMinor, Column::PropCurrency] {
            reader.open(column, properties);
        }
        let item_counts = [Detail::ViewedItems, Detail::AddedItems, Detail::RemovedItems, Detail::OrderItems];
        let items = item_counts.map(|detail| {
            let counts = segment.of_some(Column::Detail(detail), reader.count(detail));
            counts.into_iter().fold(0usize, |sum, count| sum.saturating_add(count as usize))
        });
        let items =
            items.into_iter().fold(0usize, usize::saturating_add).min(segment.events().saturating_mul(MAX_ITEMS));
        let of_items = [
            Column::ItemProduct,
            Column::ItemName,
            Column::ItemCategory,
            Column::ItemQuantity,
            Column::ItemMinor,
            Column::ItemCurrency,
        ];
        for column in of_items {
            reader.open(column, items);
        }
        reader
    }

    fn count(&self, detail: Detail) -> usize {
        let kind = kind_number(detail.kind());
        self.kinds.iter().filter(|number| **number == kind).count()
    }

    fn open(&mut self, column: Column, count: usize) {
        self.columns.insert(column.id(), self.segment.of_some(column, count).into_iter());
    }

    /// A column's next value.
    fn next(&mut self, column: Column) -> u64 {
        if !self.columns.contains_key(&column.id()) && self.segment.has(column) {
            let values = match column {
                Column::Detail(detail) => self.segment.of_some(column, self.count(detail)),
                Column::After | Column::Kind | Column::Page | Column::Host | Column::User => {
                    self.segment.of_events(column)
                }
                _ => self.segment.of_visits(column),
            };
            self.columns.insert(column.id(), values.into_iter());
        }
        // A column that is not there is all zeros.
        self.columns.get_mut(&column.id()).and_then(Iterator::next).unwrap_or(0)
    }

    fn text(&mut self, column: Column) -> &'a str {
        let sym = self.next(column);
        self.segment.string(sym)
    }

    fn detail(&mut self, detail: Detail) -> u64 {
        self.next(Column::Detail(detail))
    }

    fn detail_text(&mut self, detail: Detail) -> &'a str {
        self.text(Column::Detail(detail))
    }

    fn visit(&mut self) -> Visit<'a> {
        self.visitor = self.visitor.wrapping_add(self.next(Column::Visitor));
        let after = unzigzag(self.next(Column::Start));
        let events = self.next(Column::Events);
        Visit {
            visitor: Visitor(self.visitor),
            start_ms: self.segment.base_ms().wrapping_add(after),
            length_ms: self.next(Column::Length),
            pageviews: self.next(Column::Pageviews),
            bounced: self.next(Column::Bounced) == 1,
            // A damaged count reaches no further than the events there are.
            events: (0..events).map_while(|_| self.event()).collect(),
            dimensions: VisitDimension::ALL.iter().map(|of| self.text(Column::Dimension(*of))).collect(),
        }
    }

    fn event(&mut self) -> Option<Event<'a>> {
        let number = *self.kinds.get(self.event)?;
        self.event += 1;
        let after_ms = self.next(Column::After);
        let (page, host) = (self.text(Column::Page), self.text(Column::Host));
        let user = self.text(Column::User);
        Some(Event { after_ms, page, host, user, kind: self.kind(number, page, host, user) })
    }

    fn kind(&mut self, number: u64, path: &'a str, host: &'a str, user: &'a str) -> Kind<&'a str> {
        use Detail as D;
        let label = usize::try_from(number).ok().and_then(|number| Kind::<&str>::LABELS.get(number));
        match label.copied().unwrap_or_default() {
            "pageview" => {
                Kind::Pageview(Pageview { path, host, props: self.props(D::PageviewProps), ..Pageview::default() })
            }
            "engagement" => Kind::Engagement(Engagement {
                visible_ms: self.detail(D::EngagedMs) as u32,
                scroll_percent: self.detail(D::Scroll) as u8,
            }),
            "click" => Kind::Click(Click {
                element: self.detail_text(D::ClickElement),
                text: self.detail_text(D::ClickText),
                x_myriad: self.detail(D::ClickX) as u16,
                y_myriad: self.detail(D::ClickY) as u16,
                flags: ClickFlags(self.detail(D::ClickFlags) as u8),
            }),
            "outbound" => Kind::Outbound(Outbound { url: self.detail_text(D::OutboundUrl), text: "" }),
            "download" => Kind::Download(Download { url: self.detail_text(D::DownloadUrl) }),
            "form_start" => Kind::FormStart(FormField {
                form: self.detail_text(D::StartedForm),
                field: self.detail_text(D::StartedField),
            }),
            "form_submit" => Kind::FormSubmit(FormSubmit { form: self.detail_text(D::SubmittedForm) }),
            "form_abandon" => Kind::FormAbandon(FormField {
                form: self.detail_text(D::AbandonedForm),
                field: self.detail_text(D::AbandonedField),
            }),
            "search" => Kind::Search(Search {
                terms: self.detail_text(D::SearchTerms),
                results: self.detail(D::SearchResults).checked_sub(1).map(|count| count as u32),
            }),
            "passive_custom" => Kind::PassiveCustom(Custom {
                name: self.detail_text(D::PassiveName),
                props: self.props(D::PassiveProps),
            }),
            "product_view" => Kind::ProductView(self.items(D::ViewedItems).pop().unwrap_or_default().product),
            "cart_add" => Kind::CartAdd(self.items(D::AddedItems).pop().unwrap_or_default()),
            "cart_remove" => Kind::CartRemove(self.items(D::RemovedItems).pop().unwrap_or_default()),
            "checkout" => Kind::Checkout(Checkout {
                step: self.detail(D::CheckoutStep) as u8,
                name: self.detail_text(D::CheckoutName),
                value: None,
            }),
            "order" => Kind::Order(Order {
                id: self.detail_text(D::OrderId),
                total: Money {
                    amount_minor: unzigzag(self.detail(D::OrderMinor)),
                    currency: Currency::new(self.detail_text(D::OrderCurrency)).unwrap_or_default(),
                },
                items: self.items(D::OrderItems),
                ..Order::default()
            }),
            "refund" => {
                let order = self.detail_text(D::RefundedOrder);
                let is_partial = self.detail(D::RefundIsPartial) == 1;
                let amount_minor = unzigzag(self.detail(D::RefundMinor));
                let currency = Currency::new(self.detail_text(D::RefundCurrency)).unwrap_or_default();
                let amount = is_partial.then_some(Money { amount_minor, currency });
                Kind::Refund(Refund { order, amount, items: Vec::new() })
            }
            "identify" => Kind::Identify(Identify { user, traits: Props::default() }),
            "vital" => Kind::Vital(Vital {
                name: match self.detail(D::VitalName) {
                    1 => VitalName::Inp,
                    2 => VitalName::Cls,
                    3 => VitalName::Fcp,
                    4 => VitalName::Ttfb,
                    _ => VitalName::Lcp,
                },
                value: self.detail(D::VitalValue) as u32,
            }),
            "script_error" => Kind::ScriptError(ScriptError {
                message: self.detail_text(D::ErrorMessage),
                source: self.detail_text(D::ErrorSource),
                ..ScriptError::default()
            }),
            "resize" => Kind::Resize(Size::default()),
            _ => Kind::Custom(Custom { name: self.detail_text(D::CustomName), props: self.props(D::CustomProps) }),
        }
    }

    /// Properties: texts, but for amounts.
    fn props(&mut self, count: Detail) -> Props<&'a str> {
        let left = self.left(Column::PropKey);
        let count = (self.detail(count) as usize).min(left);
        let property = |_| {
            let (key, text) = (self.text(Column::PropKey), self.text(Column::PropText));
            let money = self.money(Column::PropMinor, Column::PropCurrency);
            (key, money.map_or(Value::Text(text), Value::Money))
        };
        Props((0..count).map(property).collect())
    }

    fn items(&mut self, count: Detail) -> Vec<Item<&'a str>> {
        let left = self.left(Column::ItemProduct);
        let count = (self.detail(count) as usize).min(left);
        let item = |_| {
            let (id, name) = (self.text(Column::ItemProduct), self.text(Column::ItemName));
            let category = self.text(Column::ItemCategory);
            let quantity = self.next(Column::ItemQuantity) as u32;
            let price = self.money(Column::ItemMinor, Column::ItemCurrency);
            Item { product: Product { id, name, category, price, ..Product::default() }, quantity }
        };
        (0..count).map(item).collect()
    }

    /// How many values of a column were not read yet.
    fn left(&self, column: Column) -> usize {
        self.columns.get(&column.id()).map_or(0, ExactSizeIterator::len)
    }

    fn money(&mut self, minor: Column, currency: Column) -> Option<Money> {
        let amount_minor = unzigzag(self.next(minor));
        Currency::new(self.text(currency)).map(|currency| Money { amount_minor, currency })
    }
}
