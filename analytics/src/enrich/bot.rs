//! Programs: by their user agent, by the browser's own word, by the network they come from.
//!
//! Rules come first, since next year's programs are on no list: most programs name themselves a bot, leave an address to
//! complain to, or do not claim to run on any system. The list holds the names of those that do none of it.

mod text;

pub use self::text::Text;
use super::network;
use super::table::Table;

const NAMES: Table = Table::new(include_str!("../../data/bots.txt"));

/// Whole user agents that break a rule and yet are counted among browsers.
const BROWSERS: Table = Table::new(include_str!("../../data/not_bots.txt"));

/// What is known of a sender.
#[derive(Clone, Copy, Debug, Default)]
pub struct Signals<'a> {
    /// Its user agent.
    pub user_agent: &'a str,
    /// Whether the page saw `navigator.webdriver`.
    pub webdriver: bool,
    /// The number of its autonomous system, where the platform tells.
    pub asn: Option<u32>,
    /// The name of its network's owner, where the platform tells; else empty.
    pub organisation: &'a str,
}

/// Why a sender is taken for a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Suspicion {
    /// Its user agent says so.
    UserAgent,
    /// Its browser says that a program steers it.
    Webdriver,
    /// Its address is that of a rented computer, on which nobody sits.
    DataCentre,
}

impl Suspicion {
    /// Its name in counters.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::UserAgent => "user_agent",
            Self::Webdriver => "webdriver",
            Self::DataCentre => "data_centre",
        }
    }
}

/// Why a sender is taken for a program, if it is: the surest reason.
#[must_use]
pub fn suspicion(signals: Signals<'_>) -> Option<Suspicion> {
    if is_bot(signals.user_agent) { Some(Suspicion::UserAgent) } else { beyond_the_user_agent(signals) }
}

/// The same of a sender whose user agent is known to raise none.
#[must_use]
pub fn beyond_the_user_agent(signals: Signals<'_>) -> Option<Suspicion> {
    if signals.webdriver {
        Some(Suspicion::Webdriver)
    } else if network::is_data_centre(signals.asn, signals.organisation) {
        Some(Suspicion::DataCentre)
    } else {
        None
    }
}

/// What a program is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Unknown, or one of many.
    #[default]
    Other,
    /// It reads for a language model, to train it or to answer a question.
    Ai,
    /// It reads for a search engine.
    Search,
}

/// Whether a user agent says that it is a program. An empty one does: every browser has one.
#[must_use]
pub fn is_bot(user_agent: &str) -> bool {
    let text = Text::of(user_agent);
    (text.is_by_rule() || text.listed(NAMES).is_some()) && !text.is_one_of(BROWSERS)
}

/// What the program of a user agent is for, where the list says.
#[must_use]
pub fn purpose(user_agent: &str) -> Purpose {
    match Text::of(user_agent).listed(NAMES) {
        Some((_, "a")) => Purpose::Ai,
        Some((_, "s")) => Purpose::Search,
        _ => Purpose::Other,
    }
}
