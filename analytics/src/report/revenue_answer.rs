//! What [`super::revenue`] answers.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use schemars::JsonSchema;
use serde::Serialize;

use super::percent;
use super::visitors::Visitors;
use crate::visitor::Visitor;

/// The answer. Amounts are minor units, and never added across currencies.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Answer {
    /// How many visitors there were under the filters.
    pub visitors: u64,
    /// Revenue of each currency.
    pub currencies: Vec<CurrencyRevenue>,
    /// The groups: those with the most orders first.
    pub rows: Vec<Group>,
    /// How many groups there are in all.
    pub total: usize,
}

/// A source, a page, a product.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "RevenueGroup")]
pub struct Group {
    /// Its name.
    pub group: String,
    /// How many visitors it had; of a product, all there were.
    pub visitors: u64,
    /// Revenue of each currency.
    pub currencies: Vec<CurrencyRevenue>,
}

/// Revenue of a currency.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct CurrencyRevenue {
    /// The currency.
    pub currency: String,
    /// What was sold less what was paid back.
    pub revenue_minor: i64,
    /// What was sold.
    pub gross_minor: i64,
    /// What was paid back.
    pub refunded_minor: i64,
    /// How many orders.
    pub orders: u64,
    /// Of a product: how many of it.
    pub quantity: u64,
    /// By how many visitors.
    pub buyers: u64,
    /// What was sold ÷ orders.
    pub average_order_minor: Option<f64>,
    /// Percent of the visitors who bought.
    pub conversion_rate: Option<f64>,
    /// Revenue ÷ visitors.
    pub revenue_per_visitor_minor: Option<f64>,
}

/// Sums by currency.
#[derive(Clone, Debug, Default)]
pub(super) struct Totals(BTreeMap<String, Total>);

#[derive(Clone, Debug, Default)]
struct Total {
    gross_minor: i64,
    refunded_minor: i64,
    orders: u64,
    quantity: u64,
    buyers: BTreeSet<Visitor>,
    last_order: String,
}

impl Totals {
    fn of(&mut self, currency: &str) -> &mut Total {
        self.0.entry(currency.to_owned()).or_default()
    }

    pub(super) fn order(&mut self, currency: &str, minor: i64, visitor: Visitor) {
        let total = self.of(currency);
        total.gross_minor = total.gross_minor.saturating_add(minor);
        total.orders += 1;
        total.buyers.insert(visitor);
    }

    /// Orders come one after another, so an order that has a product twice is one.
    pub(super) fn item(&mut self, currency: &str, minor: i64, quantity: u64, visitor: Visitor, order: &str) {
        let total = self.of(currency);
        if total.orders == 0 || total.last_order != order {
            order.clone_into(&mut total.last_order);
            total.orders += 1;
        }
        total.gross_minor = total.gross_minor.saturating_add(minor);
        total.quantity = total.quantity.saturating_add(quantity);
        total.buyers.insert(visitor);
    }

    pub(super) fn refund(&mut self, currency: &str, minor: i64) {
        if minor != 0 {
            let total = self.of(currency);
            total.refunded_minor = total.refunded_minor.saturating_add(minor);
        }
    }

    fn orders(&self) -> u64 {
        self.0.values().map(|total| total.orders).sum()
    }

    fn told(self, visitors: u64) -> Vec<CurrencyRevenue> {
        let share = |part: i64, whole: u64| (whole > 0).then(|| (part as f64 * 100.0 / whole as f64).round() / 100.0);
        let revenue = |(currency, total): (String, Total)| {
            let revenue_minor = total.gross_minor.saturating_sub(total.refunded_minor);
            CurrencyRevenue {
                currency,
                revenue_minor,
                gross_minor: total.gross_minor,
                refunded_minor: total.refunded_minor,
                orders: total.orders,
                quantity: total.quantity,
                buyers: total.buyers.len() as u64,
                average_order_minor: share(total.gross_minor, total.orders),
                conversion_rate: percent(total.buyers.len() as u64, visitors),
                revenue_per_visitor_minor: share(revenue_minor, visitors),
            }
        };
        self.0.into_iter().map(revenue).collect()
    }
}

/// The answer of what was summed; `by_group`: the groups' own visitors, if they have any.
pub(super) fn told(
    visitors: u64,
    all: Totals,
    groups: HashMap<String, Totals>,
    by_group: Option<HashMap<String, Visitors>>,
    limit: usize,
) -> Answer {
    // Orders of before the range leave a group without money, unless they were paid back in it.
    let mut groups: Vec<(String, Totals)> = groups.into_iter().filter(|(_, totals)| !totals.0.is_empty()).collect();
    groups.sort_by(|a, b| b.1.orders().cmp(&a.1.orders()).then_with(|| a.0.cmp(&b.0)));
    let total = groups.len();
    let mut by_group = by_group;
    let row = |(group, totals): (String, Totals)| {
        let visitors = match &mut by_group {
            Some(by_group) => by_group.get_mut(&group).map_or(0, Visitors::count),
            None => visitors,
        };
        Group { group, visitors, currencies: totals.told(visitors) }
    };
    let rows = groups.into_iter().take(limit).map(row).collect();
    Answer { visitors, currencies: all.told(visitors), rows, total }
}
