//! Revenue: an order counts once, refunds are subtracted, currencies are kept apart.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use passerby_analytics::calendar::DAY_MS;
use passerby_analytics::dimension::VisitDimension;
use passerby_analytics::report::revenue::{By, LOOK_BACK_MS, Revenue};
use passerby_analytics::report::revenue_answer::{Answer, CurrencyRevenue};
use passerby_protocol::{Currency, Item, Kind, Money, Order, Product, Refund};
use support::reports::{asked, scope, scope_of};
use support::*;

fn money(amount_minor: i64, code: &str) -> Money {
    Money { amount_minor, currency: Currency::new(code).unwrap() }
}

fn order(id: Text, minor: i64, currency: &str) -> Kind<Text> {
    Kind::Order(Order { id, total: money(minor, currency), ..Order::default() })
}

fn refund(order: Text, amount: Option<Money>) -> Kind<Text> {
    Kind::Refund(Refund { order, amount, items: Vec::new() })
}

fn revenue(by: By) -> Revenue {
    Revenue { scope: scope(), by, limit: 10 }
}

fn told(visits: &[Visited]) -> Answer {
    asked(&revenue(By::Nothing), &store(visits).shards(2))
}

fn sums(revenue: &[CurrencyRevenue]) -> Vec<(&str, i64, u64)> {
    revenue.iter().map(|r| (r.currency.as_str(), r.revenue_minor, r.orders)).collect()
}

#[test]
fn an_order_id_counts_once_whoever_sends_it() {
    let anna = [(NOON, order("1", 500, "EUR")), (NOON + 1, order("1", 500, "EUR")), (NOON + 2, order("2", 100, "EUR"))];
    let ben = [(NOON + 3, order("1", 900, "EUR"))];
    assert_ne!(ANNA.shard(2), BEN.shard(2), "they live in two shards");
    let answer = told(&[(ANNA, &anna), (BEN, &ben)]);
    assert_eq!(sums(&answer.currencies), [("EUR", 600, 2)]);
    let euros = &answer.currencies[0];
    assert_eq!((answer.visitors, euros.buyers, euros.conversion_rate), (2, 1, Some(50.0)));
    assert_eq!((euros.average_order_minor, euros.revenue_per_visitor_minor), (Some(300.0), Some(300.0)));
}

#[test]
fn currencies_are_never_added() {
    let visit = [(NOON, order("1", 500, "EUR")), (NOON, order("2", 7_000, "KRW"))];
    assert_eq!(sums(&told(&[(ANNA, &visit)]).currencies), [("EUR", 500, 1), ("KRW", 7_000, 1)]);
}

#[test]
fn refunds_are_subtracted_and_never_exceed_the_order() {
    let paid_back = |refunds: &[Kind<Text>]| {
        let refunds = (1..).zip(refunds).map(|(after, refund)| (NOON + after, refund.clone()));
        let visit: Vec<_> = [(NOON, order("1", 500, "EUR"))].into_iter().chain(refunds).collect();
        let answer = told(&[(ANNA, &visit)]);
        (answer.currencies[0].gross_minor, answer.currencies[0].refunded_minor)
    };
    let part = |minor| refund("1", Some(money(minor, "EUR")));
    assert_eq!(paid_back(&[refund("1", None)]), (500, 500));
    assert_eq!(paid_back(&[part(200), part(100)]), (500, 300));
    assert_eq!(paid_back(&[part(400), part(400)]), (500, 500));
    assert_eq!(paid_back(&[part(200), refund("1", None), refund("1", None)]), (500, 500));
    assert_eq!(paid_back(&[refund("9", None)]), (500, 0), "nobody knows what that order came to");
    assert_eq!(paid_back(&[refund("9", Some(money(50, "EUR")))]), (500, 50));
}

#[test]
fn an_order_sent_again_on_a_later_day_is_still_the_first_days() {
    let visits: [Visited; 2] =
        [(ANNA, &[(NOON - DAY_MS, order("1", 500, "EUR"))]), (ANNA, &[(NOON, order("1", 500, "EUR"))])];
    let answer = told(&visits);
    assert_eq!((answer.visitors, sums(&answer.currencies)), (1, vec![]));
}

#[test]
fn a_refund_counts_when_it_happens_with_an_order_of_the_last_30_days() {
    let first = scope().range.from_ms - LOOK_BACK_MS;
    let of = |at_ms| {
        let visits: [Visited; 2] = [(ANNA, &[(at_ms, order("1", 500, "EUR"))]), (ANNA, &[(NOON, refund("1", None))])];
        told(&visits).currencies.first().map(|euros| (euros.revenue_minor, euros.orders))
    };
    assert_eq!(of(first), Some((-500, 0)));
    assert_eq!(of(first - 1), None);
}

#[test]
fn by_source_an_order_belongs_to_the_visit_that_sent_it_first() {
    let anna = [(NOON, view_from("/", "", "https://www.google.com/")), (NOON + 1, order("1", 500, "EUR"))];
    let ben = [(NOON + 2, view("/")), (NOON + 3, order("1", 500, "EUR"))];
    let answer = asked(&revenue(By::Visit(VisitDimension::Source)), &store(&[(ANNA, &anna), (BEN, &ben)]).shards(2));
    assert_eq!((answer.rows.len(), answer.rows[0].group.as_str(), answer.rows[0].visitors), (1, "Google", 1));
    assert_eq!(answer.rows[0].currencies[0].conversion_rate, Some(100.0));
    let scope = scope_of(&[clause("visit:source", true, &["Google"])]);
    let filtered = asked(&Revenue { scope, ..revenue(By::Nothing) }, &store(&[(ANNA, &anna), (BEN, &ben)]).shards(2));
    assert_eq!((filtered.visitors, filtered.currencies.len()), (1, 0), "a later sending does not take its place");
}

#[test]
fn by_product_it_is_price_times_quantity() {
    let item = |id: Text, quantity, minor| Item {
        product: Product { id, price: Some(money(minor, "EUR")), ..Product::default() },
        quantity,
    };
    let items = vec![item("hat", 2, 100), item("shoe", 1, 300), item("hat", 1, 100)];
    let order = Kind::Order(Order { id: "1", total: money(600, "EUR"), items, ..Order::default() });
    let visit = [(NOON, Kind::CartAdd(item("sock", 1, 5))), (NOON + 1, order)];
    let answer = asked(&revenue(By::Product), &store(&[(ANNA, &visit)]).shards(0));
    let rows: Vec<_> =
        answer.rows.iter().map(|r| (r.group.as_str(), r.currencies[0].quantity, r.currencies[0].gross_minor)).collect();
    assert_eq!(rows, [("hat", 3, 300), ("shoe", 1, 300)]);
    assert_eq!(answer.rows[0].currencies[0].orders, 1);
}

#[test]
fn a_group_without_an_order_in_the_range_is_no_row() {
    let visits: [Visited; 2] =
        [(ANNA, &[(NOON - DAY_MS, order("1", 500, "EUR"))]), (BEN, &[(NOON, order("2", 100, "EUR"))])];
    let answer = asked(&revenue(By::Visit(VisitDimension::EntryPage)), &store(&visits).shards(0));
    assert_eq!((answer.rows.len(), answer.total), (1, 1));
    let before = store(&visits[..1]).shards(0);
    assert_eq!(asked(&revenue(By::Page), &before).rows, [], "an order of the day before is looked at, not shown");
}
