//! Web vitals: the 75th percentile and its rating.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use passerby_analytics::report::vitals::{By, Group, Vitals};
use passerby_protocol::{Kind, Vital, VitalName};
use support::reports::{asked, scope};
use support::*;

fn vital(name: VitalName, value: u32) -> Kind<Text> {
    Kind::Vital(Vital { name, value })
}

fn told(by: By, visits: &[Visited]) -> Vec<Group> {
    asked(&Vitals { scope: scope(), by, limit: 10 }, &store(visits).shards(2))
}

#[test]
fn three_of_four_do_not_exceed_it() {
    let lcp = |values: &[u32]| {
        let visit: Vec<_> = values.iter().map(|value| (NOON, vital(VitalName::Lcp, *value))).collect();
        let told = told(By::Nothing, &[(ANNA, &visit)]);
        (told[0].vitals[0].p75, told[0].vitals[0].rating)
    };
    assert_eq!(lcp(&[1_000, 2_000, 2_500, 9_000]), (Some(2_500.0), "good"));
    assert_eq!(lcp(&[1_000, 2_000, 2_501, 9_000]), (Some(2_501.0), "needs_improvement"));
    assert_eq!(lcp(&[4_001]), (Some(4_001.0), "poor"));
}

#[test]
fn a_layout_shift_is_a_score() {
    let told = told(By::Nothing, &[(ANNA, &[(NOON, vital(VitalName::Cls, 1_000))])]);
    assert_eq!(
        (told[0].vitals[0].name, told[0].vitals[0].p75, told[0].vitals[0].good),
        ("CLS", Some(0.1), Some(100.0))
    );
}

#[test]
fn pages_are_told_apart() {
    let hits =
        vec![on("/a", hit(0, NOON, vital(VitalName::Inp, 100))), on("/b", hit(1, NOON, vital(VitalName::Inp, 600)))];
    let mut store = Store::default();
    store.take(delivery(ANNA, 1, hits));
    let groups = asked(&Vitals { scope: scope(), by: By::Page, limit: 10 }, &store.shards(0));
    let told: Vec<_> = groups.iter().map(|g| (g.group.as_str(), g.vitals[0].rating)).collect();
    assert_eq!(told, [("/a", "good"), ("/b", "poor")]);
}
