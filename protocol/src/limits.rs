//! What a batch may hold, each number with what binds it. A batch that breaks a limit on the whole is refused whole;
//! an event that breaks a limit of its own is refused alone (see [`Event::check`]).

use alloc::borrow::Cow;

use crate::{Currency, Event, Item, Kind, Money, Product, Props, Reason, Value};

/// Bytes of a request body, either form. Browsers keep a request alive after the page is gone only while all such
/// requests together stay under 64 KiB (Fetch standard, "inflightKeepaliveBytes"), so a larger one could not be sent
/// when leaving.
pub const MAX_BATCH_BYTES: usize = 64 * 1024;

/// Events of a batch. A typical event takes 8 to 40 bytes, so 64 KiB hold 1,600 or more; 1,000 is what a tracker may
/// keep unsent, and keeps one batch's work in a shard under a few milliseconds.
pub const MAX_EVENTS: usize = 1_000;

/// Distinct strings of a batch: two new ones for each event at the most. Bounds the interner, whose look-up is linear.
pub const MAX_STRINGS: usize = 2 * MAX_EVENTS;

/// Bytes of the site's name: a DNS name is at most 253.
pub const MAX_SITE_BYTES: usize = 253;

/// Bytes of a URL, path, query or referrer: what browsers and servers commonly take (2,000), in a round number.
pub const MAX_URL_BYTES: usize = 2_048;

/// Bytes of a page title, an error message, a property's text: what reports can show.
pub const MAX_TEXT_BYTES: usize = 512;

/// Bytes of a name: event, property, form, field, element path, product, order, user.
pub const MAX_NAME_BYTES: usize = 200;

/// Properties of one event. Plausible takes 30.
pub const MAX_PROPS: usize = 30;

/// Items of one order. GA4 takes 200.
pub const MAX_ITEMS: usize = 200;

/// Bytes of a ticket: one 16-byte sealed block today, with room for a longer one.
pub const MAX_TICKET_BYTES: usize = 64;

/// Minor units of one amount: 10 trillion, far below 2^53, so that sums of a billion orders stay exact in JSON.
pub const MAX_AMOUNT_MINOR: i64 = 1_000_000_000_000_000;

/// Characters of a click's text that a tracker sends; more says nothing about where people click.
pub const CLICK_TEXT_CHARS: usize = 40;

type Text<'a> = Cow<'a, str>;
type Checked = Result<(), Reason>;

fn name(text: &str) -> Checked {
    if text.is_empty() {
        return Err(Reason::MissingField);
    }
    at_most(text, MAX_NAME_BYTES)
}

fn at_most(text: &str, bytes: usize) -> Checked {
    if text.len() > bytes {
        return Err(Reason::TextTooLong);
    }
    Ok(())
}

fn amount(minor: i64) -> Checked {
    if minor.checked_abs().is_none_or(|a| a > MAX_AMOUNT_MINOR) {
        return Err(Reason::NumberOutOfRange);
    }
    Ok(())
}

fn props(props: &Props<Text>) -> Checked {
    if props.0.len() > MAX_PROPS {
        return Err(Reason::TooManyProps);
    }
    for (key, value) in &props.0 {
        name(key)?;
        match value {
            Value::Text(text) => at_most(text, MAX_TEXT_BYTES)?,
            Value::Float(number) if !number.is_finite() => return Err(Reason::NumberOutOfRange),
            Value::Money(money) => amount(money.amount_minor)?,
            Value::Float(_) | Value::Int(_) | Value::Bool(_) => {}
        }
    }
    Ok(())
}

fn product(product: &Product<Text>) -> Checked {
    name(&product.id)?;
    at_most(&product.name, MAX_TEXT_BYTES)?;
    for text in [&product.brand, &product.category, &product.variant] {
        at_most(text, MAX_NAME_BYTES)?;
    }
    product.price.map_or(Ok(()), |price| amount(price.amount_minor))
}

fn items(items: &[Item<Text>]) -> Checked {
    if items.len() > MAX_ITEMS {
        return Err(Reason::TooManyItems);
    }
    items.iter().try_for_each(item)
}

fn item(item: &Item<Text>) -> Checked {
    if item.quantity == 0 {
        return Err(Reason::NumberOutOfRange);
    }
    product(&item.product)
}

/// An amount that must be of some currency.
fn money(money: Money) -> Checked {
    if money.currency == Currency::default() {
        return Err(Reason::MissingField);
    }
    amount(money.amount_minor)
}

impl Event<Text<'_>> {
    /// Whether the event keeps its own limits: required names are there, texts fit, numbers are in range.
    ///
    /// # Errors
    /// The first broken limit, by name.
    pub fn check(&self) -> Checked {
        match &self.kind {
            Kind::Pageview(v) => {
                if v.path.is_empty() {
                    return Err(Reason::MissingField);
                }
                for url in [&v.path, &v.query, &v.referrer] {
                    at_most(url, MAX_URL_BYTES)?;
                }
                at_most(&v.host, MAX_SITE_BYTES)?;
                at_most(&v.title, MAX_TEXT_BYTES)?;
                props(&v.props)
            }
            Kind::Engagement(v) if v.scroll_percent > 100 => Err(Reason::NumberOutOfRange),
            Kind::Engagement(_) | Kind::Vital(_) | Kind::Resize(_) => Ok(()),
            Kind::Click(v) => {
                name(&v.element)?;
                at_most(&v.text, MAX_NAME_BYTES)?;
                if v.x_myriad > 10_000 || v.y_myriad > 10_000 {
                    return Err(Reason::NumberOutOfRange);
                }
                Ok(())
            }
            Kind::Outbound(v) => {
                at_most(&v.text, MAX_NAME_BYTES)?;
                url(&v.url)
            }
            Kind::Download(v) => url(&v.url),
            Kind::FormStart(v) | Kind::FormAbandon(v) => {
                name(&v.form)?;
                at_most(&v.field, MAX_NAME_BYTES)
            }
            Kind::FormSubmit(v) => name(&v.form),
            Kind::Search(v) => {
                if v.terms.is_empty() {
                    return Err(Reason::MissingField);
                }
                at_most(&v.terms, MAX_TEXT_BYTES)
            }
            Kind::Custom(v) | Kind::PassiveCustom(v) => {
                name(&v.name)?;
                props(&v.props)
            }
            Kind::ProductView(v) => product(v),
            Kind::CartAdd(v) | Kind::CartRemove(v) => item(v),
            Kind::Checkout(v) => {
                at_most(&v.name, MAX_NAME_BYTES)?;
                v.value.map_or(Ok(()), |value| amount(value.amount_minor))
            }
            Kind::Order(v) => {
                name(&v.id)?;
                at_most(&v.coupon, MAX_NAME_BYTES)?;
                money(v.total)?;
                for minor in [v.tax_minor, v.shipping_minor, v.discount_minor] {
                    amount(minor)?;
                }
                items(&v.items)
            }
            Kind::Refund(v) => {
                name(&v.order)?;
                v.amount.map_or(Ok(()), |money| amount(money.amount_minor))?;
                items(&v.items)
            }
            Kind::Identify(v) => {
                at_most(&v.user, MAX_NAME_BYTES)?;
                props(&v.traits)
            }
            Kind::ScriptError(v) => {
                at_most(&v.message, MAX_TEXT_BYTES)?;
                at_most(&v.source, MAX_URL_BYTES)
            }
        }
    }
}

fn url(text: &str) -> Checked {
    if text.is_empty() {
        return Err(Reason::MissingField);
    }
    at_most(text, MAX_URL_BYTES)
}
