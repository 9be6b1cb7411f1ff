//! Ways to ask any report.

use std::collections::BTreeSet;

use passerby_analytics::calendar::Zone;
use passerby_analytics::filter::{Expr, Pattern};
use passerby_analytics::report::scope::Scope;
use passerby_analytics::report::target::Target;
use passerby_analytics::report::{Report, answer, sealed};
use passerby_analytics::segment::Segment;
use passerby_protocol::{
    Click, ClickFlags, Currency, Custom, Download, Engagement, FormField, FormSubmit, Item, Kind, Money, Order,
    Outbound, Pageview, Product, Props, Refund, ScriptError, Search, Value, Vital, VitalName,
};

use super::random::{Happened, Rng, on_their_pages, stream};
use super::{Text, query};

/// 1 July 2026 in UTC, everything.
pub fn scope() -> Scope {
    Scope { range: query().range, zone: Zone::utc(), filters: Vec::new() }
}

pub fn scope_of(filters: &[Expr]) -> Scope {
    Scope { filters: filters.to_vec(), ..scope() }
}

pub fn page(path: &str) -> Target {
    Target { name: path.to_owned(), page: vec![Pattern::with_wildcards(path)], ..Target::default() }
}

pub fn event(name: &str) -> Target {
    Target { name: name.to_owned(), event: vec![Pattern::with_wildcards(name)], ..Target::default() }
}

/// What the shards answer together, as bytes between objects.
pub fn asked<R: Report>(report: &R, shards: &[Segment]) -> R::Answer {
    let partial = |shard: &Segment| {
        let mut partial = R::Partial::default();
        report.fold(&mut partial, shard);
        sealed::<R>(partial)
    };
    answer(report, &shards.iter().map(partial).collect::<Vec<_>>()).unwrap()
}

/// A stream with events of every kind.
pub fn everything(rng: &mut Rng, instants: &[i64]) -> Vec<Happened> {
    let mut happened = stream(rng, instants);
    for event in &mut happened {
        if rng.below(3) > 0 {
            event.kind = any_kind(rng, event.page);
        }
    }
    on_their_pages(&mut happened);
    // Which of two orders with one id came first must not be a matter of taste, nor whether two refunds are one.
    let mut taken = BTreeSet::new();
    happened.retain(|event| match &event.kind {
        Kind::Order(Order { id, .. }) | Kind::Refund(Refund { order: id, .. }) => taken.insert((event.at_ms, *id)),
        _ => true,
    });
    happened
}

const CURRENCIES: [&str; 2] = ["EUR", "KRW"];

fn money(rng: &mut Rng) -> Money {
    let currency = Currency::new(rng.pick(&CURRENCIES)).unwrap();
    Money { amount_minor: rng.below(5_000) as i64, currency }
}

fn product(rng: &mut Rng) -> Product<Text> {
    Product { id: rng.pick(&["p1", "p2", "p3"]), price: Some(money(rng)), ..Product::default() }
}

fn any_kind(rng: &mut Rng, page: Text) -> Kind<Text> {
    let (form, field) = (rng.pick(&["contact", "login"]), rng.pick(&["", "name", "mail"]));
    let amount = money(rng);
    let values = [Value::Text("pro"), Value::Int(3), Value::Float(0.5), Value::Bool(true), Value::Money(amount)];
    let props = Props((0..rng.below(3)).zip(["plan", "seats"]).map(|(_, key)| (key, rng.pick(&values))).collect());
    let number = rng.below(101);
    match rng.below(20) {
        0..3 => Kind::Pageview(Pageview { path: page, props, ..Pageview::default() }),
        3 => Kind::Engagement(Engagement { visible_ms: 1_000, scroll_percent: number as u8 }),
        4 | 5 => Kind::Click(Click {
            element: rng.pick(&["#buy", "nav>a"]),
            text: rng.pick(&["Buy", "Kaufen", ""]),
            x_myriad: number as u16 * 100,
            y_myriad: rng.below(10_001) as u16,
            flags: ClickFlags(rng.below(8) as u8),
        }),
        6 => Kind::Outbound(Outbound { url: rng.pick(&["https://a.example/", "https://b.example/"]), text: "" }),
        7 => Kind::Download(Download { url: "/file.pdf" }),
        8 => Kind::FormStart(FormField { form, field }),
        9 => Kind::FormSubmit(FormSubmit { form }),
        10 => Kind::FormAbandon(FormField { form, field }),
        11 => Kind::Search(Search {
            terms: rng.pick(&["shoes", "Shoes ", "hats"]),
            results: rng.pick(&[None, Some(0), Some(3)]),
        }),
        12 => Kind::Custom(Custom { name: "Signup", props }),
        13 => Kind::PassiveCustom(Custom { name: "Impression", props }),
        14 | 15 => {
            let items = (0..rng.below(3)).map(|_| Item { product: product(rng), quantity: 1 + rng.below(3) as u32 });
            let items = items.collect();
            Kind::Order(Order { id: rng.pick(&["1", "2", "3", "4"]), total: money(rng), items, ..Order::default() })
        }
        16 => Kind::Refund(Refund {
            order: rng.pick(&["1", "2", "9"]),
            amount: rng.pick(&[None, Some(amount)]),
            items: Vec::new(),
        }),
        17 => Kind::Vital(Vital { name: rng.pick(&[VitalName::Lcp, VitalName::Cls]), value: number as u32 * 40 }),
        18 => {
            Kind::ScriptError(ScriptError { message: rng.pick(&["x is undefined", "boom"]), ..ScriptError::default() })
        }
        _ => Kind::CartAdd(Item { product: product(rng), quantity: 1 }),
    }
}
