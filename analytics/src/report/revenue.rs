//! Revenue: what was sold, by currency; an order counts once per site, however often and from wherever it is sent.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::Report;
use super::revenue_answer::{Answer, Totals, told};
use super::scope::{Scope, Visit, Walk};
use super::visitors::Visitors;
use crate::calendar::DAY_MS;
use crate::dimension::{Dimension, VisitDimension};
use crate::query::Range;
use crate::segment::{Column, Detail, Segment, kind_number, unzigzag};
use crate::visitor::Visitor;

/// How far before the range orders are looked at: one that is sent again (its thank-you page was opened anew) is known by
/// its id, and so is the total of one that is refunded. Shops take goods back for 14 to 30 days.
pub const LOOK_BACK_MS: i64 = 30 * DAY_MS;

/// The report. An order belongs to the visit that sent it first; a refund counts when it happens, with its order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revenue {
    /// About which visits and orders.
    pub scope: Scope,
    /// By what orders are told apart.
    pub by: By,
    /// How many groups are shown.
    pub limit: usize,
}

/// How orders are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum By {
    /// Not at all.
    Nothing,
    /// By something of their visits.
    Visit(VisitDimension),
    /// By the page they were sent from.
    Page,
    /// By what was bought.
    Product,
}

/// An order as it was first sent. Its id must leave the shard, since another visitor of another shard may send it, too;
/// so must its visitor, since only then is it known who bought. About 150 bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Order {
    pub(super) at_ms: i64,
    pub(super) visitor: Visitor,
    pub(super) minor: i64,
    pub(super) currency: String,
    pub(super) group: String,
    pub(super) items: Vec<Item>,
    /// Whether the filters take it.
    pub(super) meant: bool,
}

/// So many of a product.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Item {
    pub(super) product: String,
    pub(super) quantity: u64,
    /// The price of one.
    pub(super) minor: i64,
    pub(super) currency: String,
}

/// A refund; the same one sent twice is one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Refund {
    pub(super) at_ms: i64,
    /// How much, of which currency; `None`: all of it.
    pub(super) amount: Option<(i64, String)>,
    /// Of its own visit, for when its order is not known.
    pub(super) group: String,
    pub(super) meant: bool,
}

/// The state.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Partial {
    pub(super) visitors: Visitors,
    pub(super) by_group: HashMap<String, Visitors>,
    /// By their ids.
    pub(super) orders: BTreeMap<String, Order>,
    /// By their orders' ids.
    pub(super) refunds: BTreeMap<String, BTreeSet<Refund>>,
}

impl Report for Revenue {
    type Partial = Partial;
    type Answer = Answer;

    /// It reads [`LOOK_BACK_MS`] further than it counts.
    fn range(&self) -> Range {
        Range { from_ms: self.scope.range.from_ms.saturating_sub(LOOK_BACK_MS), to_ms: self.scope.range.to_ms }
    }

    fn fold(&self, into: &mut Partial, segment: &Segment) {
        let walk = self.scope.walk(segment);
        let of_visits = match self.by {
            By::Visit(dimension) => segment.of_visits(Column::Dimension(dimension)),
            _ => Vec::new(),
        };
        let group = |visit: &Visit, event: usize| match self.by {
            By::Visit(_) => of_visits[visit.place],
            By::Page => walk.pages[event],
            By::Nothing | By::Product => 0,
        };
        let mut by_group: HashMap<u64, Visitors> = HashMap::new();
        for visit in walk.visits() {
            for event in walk.taken(visit) {
                into.visitors.see(visit.visitor);
                if matches!(self.by, By::Visit(_) | By::Page) {
                    by_group.entry(group(visit, event)).or_default().see(visit.visitor);
                }
            }
        }
        for (group, visitors) in by_group {
            into.by_group.entry(segment.string(group).to_owned()).or_default().merge(visitors);
        }
        let [order, refund] = ["order", "refund"].map(kind_number);
        if !walk.kinds.iter().any(|kind| *kind == order || *kind == refund) {
            return;
        }
        let meant: BTreeSet<usize> = walk.visits().map(|visit| visit.place).collect();
        let (orders, refunds) = (Orders::of(&walk), Refunds::of(&walk));
        let looked_at = self.range();
        for visit in walk.all_visits() {
            for event in visit.events.clone().filter(|event| looked_at.holds(walk.at_ms[*event])) {
                let about = || About {
                    visit,
                    event,
                    group: segment.string(group(visit, event)).to_owned(),
                    meant: meant.contains(&visit.place) && walk.takes(event),
                };
                if walk.kinds[event] == order {
                    into.place(segment.string(orders.ids[event]).to_owned(), orders.order(&walk, about()));
                } else if walk.kinds[event] == refund {
                    let id = segment.string(refunds.orders[event]).to_owned();
                    into.refunds.entry(id).or_default().insert(refunds.refund(&walk, about()));
                }
            }
        }
    }

    fn merge(into: &mut Partial, other: Partial) {
        into.visitors.merge(other.visitors);
        other.by_group.into_iter().for_each(|(group, v)| into.by_group.entry(group).or_default().merge(v));
        other.orders.into_iter().for_each(|(id, order)| into.place(id, order));
        other.refunds.into_iter().for_each(|(id, refunds)| into.refunds.entry(id).or_default().extend(refunds));
    }

    /// Orders keep their visitors: whose is the first is known only where all shards' are.
    fn seal(partial: &mut Partial) {
        partial.visitors.seal();
        partial.by_group.values_mut().for_each(Visitors::seal);
    }

    fn finish(&self, mut partial: Partial) -> Answer {
        let (mut all, mut groups) = (Totals::default(), HashMap::<String, Totals>::new());
        for (id, order) in &partial.orders {
            let refunds = partial.refunds.remove(id).unwrap_or_default();
            if !order.meant {
                continue;
            }
            let counts = self.scope.range.holds(order.at_ms);
            let refunded = Refunded::of(order, &refunds, self.scope.range);
            let add = |totals: &mut Totals| {
                if counts {
                    totals.order(&order.currency, order.minor, order.visitor);
                }
                totals.refund(&order.currency, refunded.minor);
                refunded.foreign.iter().for_each(|(currency, minor)| totals.refund(currency, *minor));
            };
            add(&mut all);
            match self.by {
                By::Nothing => {}
                By::Visit(_) | By::Page => add(groups.entry(order.group.clone()).or_default()),
                By::Product => {
                    for item in &order.items {
                        let totals = groups.entry(item.product.clone()).or_default();
                        let minor = item.minor.saturating_mul(i64::try_from(item.quantity).unwrap_or(i64::MAX));
                        if counts {
                            totals.item(&item.currency, minor, item.quantity, order.visitor, id);
                        }
                        if refunded.whole {
                            totals.refund(&item.currency, minor);
                        }
                    }
                }
            }
        }
        // Refunds of orders that nobody knows of.
        for refund in partial.refunds.values().flatten() {
            if let Some((minor, currency)) = &refund.amount
                && refund.meant
                && self.scope.range.holds(refund.at_ms)
            {
                all.refund(currency, *minor);
                if matches!(self.by, By::Visit(_) | By::Page) {
                    groups.entry(refund.group.clone()).or_default().refund(currency, *minor);
                }
            }
        }
        let grouped = matches!(self.by, By::Visit(_) | By::Page);
        let mut answer = told(partial.visitors.count(), all, groups, grouped.then_some(partial.by_group), self.limit);
        if let By::Visit(dimension) = self.by {
            for row in answer.rows.iter_mut().filter(|row| row.group.is_empty()) {
                Dimension::Visit(dimension).empty().clone_into(&mut row.group);
            }
        }
        answer
    }
}

impl Partial {
    /// Of an order's sendings, the first counts.
    fn place(&mut self, id: String, order: Order) {
        match self.orders.get_mut(&id) {
            Some(known) if *known <= order => {}
            Some(known) => *known = order,
            None => {
                self.orders.insert(id, order);
            }
        }
    }
}

/// What of an order was paid back in the range.
struct Refunded {
    minor: i64,
    /// Whether all of it was at once.
    whole: bool,
    /// Of other currencies than the order's.
    foreign: Vec<(String, i64)>,
}

impl Refunded {
    fn of(order: &Order, refunds: &BTreeSet<Refund>, range: Range) -> Self {
        // Never more than was paid: what had been paid back until the range's end, less what had before it.
        let until = |end_ms: i64| {
            let mut sum = 0i64;
            for refund in refunds.iter().filter(|refund| refund.at_ms < end_ms) {
                match &refund.amount {
                    None => return (order.minor, true),
                    Some((minor, currency)) if *currency == order.currency => sum = sum.saturating_add(*minor),
                    Some(_) => {}
                }
            }
            (sum.min(order.minor), false)
        };
        let ((after, whole), (before, was_whole)) = (until(range.to_ms), until(range.from_ms));
        let foreign = refunds.iter().filter(|refund| range.holds(refund.at_ms)).filter_map(|refund| {
            let (minor, currency) = refund.amount.clone()?;
            (currency != order.currency).then_some((currency, minor))
        });
        Self { minor: after - before, whole: whole && !was_whole, foreign: foreign.collect() }
    }
}

/// What an order or a refund has in common.
struct About<'v> {
    visit: &'v Visit,
    event: usize,
    group: String,
    meant: bool,
}

/// The columns of orders.
struct Orders {
    ids: Vec<u64>,
    minors: Vec<u64>,
    currencies: Vec<u64>,
    counts: Vec<u64>,
    first_items: Vec<usize>,
    products: Vec<u64>,
    quantities: Vec<u64>,
    prices: Vec<u64>,
    price_currencies: Vec<u64>,
}

impl Orders {
    fn of(walk: &Walk) -> Self {
        let kinds = [Detail::ViewedItems, Detail::AddedItems, Detail::RemovedItems, Detail::OrderItems];
        let first_items = walk.parts(&kinds);
        let items = first_items.last().copied().unwrap_or(0);
        let column = |column| walk.segment.of_some(column, items);
        Self {
            ids: walk.detail(Detail::OrderId),
            minors: walk.detail(Detail::OrderMinor),
            currencies: walk.detail(Detail::OrderCurrency),
            counts: walk.detail(Detail::OrderItems),
            products: column(Column::ItemProduct),
            quantities: column(Column::ItemQuantity),
            prices: column(Column::ItemMinor),
            price_currencies: column(Column::ItemCurrency),
            first_items,
        }
    }

    fn order(&self, walk: &Walk, about: About) -> Order {
        let text = |sym| walk.segment.string(sym).to_owned();
        let first = self.first_items[about.event];
        let item = |place: usize| Item {
            product: text(self.products[place]),
            quantity: self.quantities[place],
            minor: unzigzag(self.prices[place]),
            currency: text(self.price_currencies[place]),
        };
        Order {
            at_ms: walk.at_ms[about.event],
            visitor: about.visit.visitor,
            minor: unzigzag(self.minors[about.event]),
            currency: text(self.currencies[about.event]),
            group: about.group,
            items: (first..first + self.counts[about.event] as usize).map(item).collect(),
            meant: about.meant,
        }
    }
}

/// The columns of refunds.
struct Refunds {
    orders: Vec<u64>,
    partial: Vec<u64>,
    minors: Vec<u64>,
    currencies: Vec<u64>,
}

impl Refunds {
    fn of(walk: &Walk) -> Self {
        Self {
            orders: walk.detail(Detail::RefundedOrder),
            partial: walk.detail(Detail::RefundIsPartial),
            minors: walk.detail(Detail::RefundMinor),
            currencies: walk.detail(Detail::RefundCurrency),
        }
    }

    fn refund(&self, walk: &Walk, about: About) -> Refund {
        let event = about.event;
        let amount = || (unzigzag(self.minors[event]).max(0), walk.segment.string(self.currencies[event]).to_owned());
        Refund {
            at_ms: walk.at_ms[event],
            amount: (self.partial[event] != 0).then(amount),
            group: about.group,
            meant: about.meant,
        }
    }
}
