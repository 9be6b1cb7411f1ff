//! What is known of an event beside its name and page, as texts.

use passerby_protocol::Kind;

use super::scope::{Props, Walk};
use crate::segment::{Detail, unzigzag};

/// The details that are texts, by their names.
const TEXTS: [(&str, Detail); 13] = [
    ("element", Detail::ClickElement),
    ("text", Detail::ClickText),
    ("url", Detail::OutboundUrl),
    ("url", Detail::DownloadUrl),
    ("form", Detail::StartedForm),
    ("form", Detail::SubmittedForm),
    ("form", Detail::AbandonedForm),
    ("field", Detail::AbandonedField),
    ("terms", Detail::SearchTerms),
    ("order", Detail::OrderId),
    ("order", Detail::RefundedOrder),
    ("message", Detail::ErrorMessage),
    ("step", Detail::CheckoutName),
];

/// A segment's details.
pub(super) struct Details<'w> {
    walk: &'w Walk<'w>,
    texts: Vec<(&'static str, Vec<u64>)>,
    total: (Vec<u64>, Vec<u64>),
    props: Props,
}

impl<'w> Details<'w> {
    pub(super) fn of(walk: &'w Walk<'w>) -> Self {
        Self {
            texts: TEXTS.iter().map(|(name, detail)| (*name, walk.detail(*detail))).collect(),
            total: (walk.detail(Detail::OrderMinor), walk.detail(Detail::OrderCurrency)),
            props: walk.props(),
            walk,
        }
    }

    /// An event's kind.
    pub(super) fn kind(&self, event: usize) -> &'static str {
        usize::try_from(self.walk.kinds[event]).ok().and_then(|kind| Kind::<&str>::LABELS.get(kind)).unwrap_or(&"")
    }

    pub(super) fn of_event(&self, event: usize) -> Vec<(String, String)> {
        let text = |sym: u64| self.walk.segment.string(sym);
        let amount = |minor: i64, currency: u64| format!("{minor} {}", text(currency));
        let texts = self.texts.iter().filter(|(_, column)| column[event] != 0);
        let texts = texts.map(|(name, column)| ((*name).to_owned(), text(column[event]).to_owned()));
        let (minors, currencies) = &self.total;
        let total = (currencies[event] != 0)
            .then(|| ("total_minor".to_owned(), amount(unzigzag(minors[event]), currencies[event])));
        let props = self.props.of(event).map(|prop| {
            let value = if prop.currency == 0 { text(prop.text).to_owned() } else { amount(prop.minor, prop.currency) };
            (text(prop.key).to_owned(), value)
        });
        texts.chain(total).chain(props).collect()
    }
}
