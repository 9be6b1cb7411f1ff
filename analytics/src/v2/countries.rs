//! Countries by name: visits hold their codes.

use crate::enrich::table::Table;
use crate::filter::{Clause, Matcher, Pattern};

/// The dimension's name.
pub(super) const COUNTRY_NAME: &str = "visit:country_name";

const NAMES: Table = Table::new(include_str!("../../data/countries.txt"));

/// The name of a country; its code where it has none.
pub(super) fn name(code: &str) -> &str {
    NAMES.get(code).unwrap_or(code)
}

/// The codes of the countries for whose names a clause holds; also, where it does, of no country.
pub(super) fn codes(clause: &Clause) -> Vec<Pattern> {
    let matcher = Matcher::of(&Clause { negated: false, ..clause.clone() });
    let named = NAMES.lines().filter_map(|line| line.split_once('\t'));
    let codes = named.filter(|(_, name)| matcher.holds(name)).map(|(code, _)| code);
    let nowhere = clause.dimension.empty();
    codes.chain(matcher.holds(nowhere).then_some(nowhere)).map(|code| Pattern::Is(code.to_owned())).collect()
}
