//! Site search: terms, and those that found nothing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use passerby_analytics::report::search::Search;
use passerby_protocol::{Kind, Search as Searched};
use support::reports::{asked, scope};
use support::*;

fn search(terms: Text, results: Option<u32>) -> Kind<Text> {
    Kind::Search(Searched { terms, results })
}

#[test]
fn terms_that_differ_in_capitals_and_spaces_are_one() {
    let anna =
        [(NOON, search("Red shoes", Some(3))), (NOON, search(" red Shoes ", Some(0))), (NOON, search("hats", None))];
    let visits: [Visited; 2] = [(ANNA, &anna), (BEN, &[(NOON, search("red shoes", None))])];
    let listed = asked(&Search { scope: scope(), limit: 1 }, &store(&visits).shards(2));
    let terms = &listed.rows[0];
    assert_eq!((terms.terms.as_str(), terms.searches, terms.visitors, terms.without_results), ("red shoes", 3, 2, 1));
    assert_eq!((listed.rows.len(), listed.total, listed.other), (1, 2, 1));
}
