//! Orders and refunds, one after another as they happened.

use passerby_analytics::report::revenue::{By, LOOK_BACK_MS, Revenue};
use passerby_analytics::visitor::Visitor;

use super::*;

/// What became of money of one currency, in one group.
#[derive(Default)]
struct Sum {
    gross: i64,
    refunded: i64,
    quantity: u64,
    orders: BTreeSet<&'static str>,
    buyers: BTreeSet<Visitor>,
}

/// By group and currency; no group: all of it.
type Sums = BTreeMap<(Option<String>, String), Sum>;

/// An order that was sent for the first time.
struct Sold<'a> {
    event: &'a Happened,
    order: passerby_protocol::Order<&'static str>,
    group: Option<String>,
    is_meant: bool,
    /// What of it was not paid back yet.
    left: i64,
}

pub fn answer(report: &Revenue, about: &About) -> Json {
    let range = about.range();
    let group = |visit: &Visit, event: &Happened| match report.by {
        By::Visit(dimension) => Some(of_visit(dimension, visit).to_owned()),
        By::Page => Some(event.page.to_owned()),
        By::Nothing | By::Product => None,
    };
    let mut events: Vec<(&Visit, &Happened)> =
        about.visits.iter().flat_map(|visit| visit.iter().map(move |event| (visit, *event))).collect();
    events.retain(|(_, event)| range.from_ms - LOOK_BACK_MS <= event.at_ms && event.at_ms < range.to_ms);
    events.sort_by_key(|(_, event)| (event.at_ms, event.visitor));

    let (mut sums, mut sold) = (Sums::new(), BTreeMap::<&str, Sold>::new());
    for (visit, event) in &events {
        let Kind::Order(order) = &event.kind else { continue };
        if sold.contains_key(order.id) {
            continue;
        }
        let (group, is_meant) = (group(visit, event), about.is_meant(visit, event));
        if is_meant && about.in_range(event) {
            let mut add = |group: Option<String>, money: Money, quantity: u32| {
                let sum = sums.entry((group, money.currency.code().to_owned())).or_default();
                sum.gross += money.amount_minor;
                sum.quantity += u64::from(quantity);
                sum.orders.insert(order.id);
                sum.buyers.insert(event.visitor);
            };
            add(None, order.total, 0);
            if group.is_some() {
                add(group.clone(), order.total, 0);
            }
            if report.by == By::Product {
                for item in &order.items {
                    add(Some(item.product.id.to_owned()), worth(item), item.quantity);
                }
            }
        }
        let left = order.total.amount_minor;
        sold.insert(order.id, Sold { event, order: order.clone(), group, is_meant, left });
    }

    let mut gone: BTreeSet<&str> = BTreeSet::new();
    for (visit, event) in &events {
        let Kind::Refund(refund) = &event.kind else { continue };
        let mut paid_back = |group: Option<String>, money: Money| {
            if about.in_range(event) && money.amount_minor != 0 {
                for group in BTreeSet::from([None, group]) {
                    let sum = sums.entry((group, money.currency.code().to_owned())).or_default();
                    sum.refunded += money.amount_minor;
                }
            }
        };
        match (sold.get_mut(refund.order), refund.amount) {
            (Some(sold), _) if !sold.is_meant => {}
            (Some(sold), Some(money)) if money.currency != sold.order.total.currency => {
                paid_back(sold.group.clone(), money);
            }
            (Some(sold), amount) => {
                let minor = amount.map_or(sold.left, |money| money.amount_minor.min(sold.left));
                sold.left -= minor;
                paid_back(sold.group.clone(), Money { amount_minor: minor, ..sold.order.total });
                if amount.is_none() && gone.insert(refund.order) && report.by == By::Product && about.in_range(event) {
                    for item in sold.order.items.iter().filter(|item| worth(item).amount_minor != 0) {
                        let group = Some(item.product.id.to_owned());
                        let currency = worth(item).currency.code().to_owned();
                        sums.entry((group, currency)).or_default().refunded += worth(item).amount_minor;
                    }
                }
            }
            (None, Some(money)) if about.is_meant(visit, event) => paid_back(group(visit, event), money),
            (None, _) => {}
        }
    }

    let visitors = people(about.events().map(|(_, event)| event));
    let by_group = grouped(about.events().map(|(visit, event)| (group(visit, event), event)));
    let currencies = |group: &Option<String>, visitors: u64| -> Vec<Json> {
        sums.iter()
            .filter(|((of, _), _)| of == group)
            .map(|((_, currency), sum)| told(currency, sum, visitors))
            .collect()
    };
    let row = |group: &String| {
        let of_group = Some(group.clone());
        let visitors = match report.by {
            By::Product => visitors,
            _ => by_group.get(&of_group).map_or(0, |events| people(events.iter().copied())),
        };
        let name = match report.by {
            By::Visit(dimension) => shown(&Dimension::Visit(dimension), group),
            _ => group,
        };
        let orders = sums.iter().filter(|((of, _), _)| *of == of_group).map(|(_, sum)| sum.orders.len() as u64);
        let row = json!({ "group": name, "visitors": visitors, "currencies": currencies(&of_group, visitors) });
        (orders.sum(), row)
    };
    let groups: BTreeSet<&String> = sums.keys().filter_map(|(group, _)| group.as_ref()).collect();
    let rows = listed(groups.into_iter().map(row).collect(), report.limit);
    json!({
        "visitors": visitors,
        "currencies": currencies(&None, visitors),
        "rows": rows["rows"],
        "total": rows["total"],
    })
}

fn worth(item: &passerby_protocol::Item<&'static str>) -> Money {
    let price = item.product.price.unwrap();
    Money { amount_minor: price.amount_minor * i64::from(item.quantity), ..price }
}

fn told(currency: &str, sum: &Sum, visitors: u64) -> Json {
    let (orders, buyers) = (sum.orders.len() as u64, sum.buyers.len() as u64);
    json!({
        "currency": currency,
        "revenue_minor": sum.gross - sum.refunded,
        "gross_minor": sum.gross,
        "refunded_minor": sum.refunded,
        "orders": orders,
        "quantity": sum.quantity,
        "buyers": buyers,
        "average_order_minor": quotient(sum.gross, orders),
        "conversion_rate": percent(buyers, visitors),
        "revenue_per_visitor_minor": quotient(sum.gross - sum.refunded, visitors),
    })
}
