//! Arbitrary batches: every kind, every field, within the limits of events and beyond them. Boxed, since unboxed they
//! overflow the stack of a test's thread.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use passerby_protocol::*;

/// Strings as pages have them, so that some repeat, and strings as they do not.
fn text() -> BoxedStrategy<String> {
    prop_oneof![
        2 => Just(String::new()),
        4 => prop::sample::select(vec!["/", "/pricing", "Add to cart", "#nav>a:2", "size", "M", "한국어", "🛒"])
            .prop_map(String::from),
        3 => "[a-z/.-]{1,24}",
        2 => "\\PC{1,12}",
        1 => any::<String>(),
    ]
    .boxed()
}

fn size() -> impl Strategy<Value = Size> {
    any::<(u16, u16)>().prop_map(|(width, height)| Size(width, height))
}

fn money() -> impl Strategy<Value = Money> {
    ("[A-Z]{3}", any::<i64>()).prop_map(|(code, amount_minor)| Money {
        amount_minor,
        currency: Currency::new(&code).expect("three capitals"),
    })
}

fn value() -> BoxedStrategy<Value> {
    use prop::num::f64::{NEGATIVE, NORMAL, POSITIVE, SUBNORMAL, ZERO};
    prop_oneof![
        text().prop_map(Value::Text),
        any::<i64>().prop_map(Value::Int),
        // JSON has no infinite numbers and no NaN; of the latter, none equals itself either.
        (POSITIVE | NEGATIVE | NORMAL | SUBNORMAL | ZERO).prop_map(Value::Float),
        any::<bool>().prop_map(Value::Bool),
        money().prop_map(Value::Money),
    ]
    .boxed()
}

fn props() -> BoxedStrategy<Props> {
    vec((text(), value()), 0..5)
        .prop_map(|mut props| {
            let mut seen = Vec::new();
            props.retain(|(key, _)| {
                !seen.contains(key) && {
                    seen.push(key.clone());
                    true
                }
            });
            Props(props)
        })
        .boxed()
}

fn product() -> BoxedStrategy<Product> {
    (text(), text(), text(), text(), text(), option::of(money()))
        .prop_map(|(id, name, brand, category, variant, price)| Product { id, name, brand, category, variant, price })
        .boxed()
}

fn item() -> BoxedStrategy<Item> {
    (product(), any::<u32>()).prop_map(|(product, quantity)| Item { product, quantity }).boxed()
}

fn form_field() -> impl Strategy<Value = FormField> {
    (text(), text()).prop_map(|(form, field)| FormField { form, field })
}

fn custom() -> BoxedStrategy<Custom> {
    (text(), props()).prop_map(|(name, props)| Custom { name, props }).boxed()
}

fn page_view() -> BoxedStrategy<Pageview> {
    use Trigger::{Hash, Load, Manual, Pop, Push, Replace, Restore};
    let trigger = prop::sample::select(vec![Load, Push, Replace, Pop, Hash, Restore, Manual]);
    (text(), text(), text(), text(), text(), trigger, props())
        .prop_map(|(path, host, query, title, referrer, trigger, props)| Pageview {
            path,
            host,
            query,
            title,
            referrer,
            trigger,
            props,
        })
        .boxed()
}

fn order() -> BoxedStrategy<Order> {
    (text(), money(), any::<[i64; 3]>(), text(), vec(item(), 0..4))
        .prop_map(|(id, total, [tax_minor, shipping_minor, discount_minor], coupon, items)| Order {
            id,
            total,
            tax_minor,
            shipping_minor,
            discount_minor,
            coupon,
            items,
        })
        .boxed()
}

fn vital() -> impl Strategy<Value = Vital> {
    use VitalName::{Cls, Fcp, Inp, Lcp, Ttfb};
    (prop::sample::select(vec![Lcp, Inp, Cls, Fcp, Ttfb]), any::<u32>()).prop_map(|(name, value)| Vital { name, value })
}

fn on_the_page() -> BoxedStrategy<Kind> {
    prop_oneof![
        page_view().prop_map(Kind::Pageview),
        any::<(u32, u8)>()
            .prop_map(|(visible_ms, scroll_percent)| { Kind::Engagement(Engagement { visible_ms, scroll_percent }) }),
        (text(), text(), any::<(u16, u16, u8)>()).prop_map(|(element, text, (x_myriad, y_myriad, flags))| {
            Kind::Click(Click { element, text, x_myriad, y_myriad, flags: ClickFlags(flags) })
        }),
        (text(), text()).prop_map(|(url, text)| Kind::Outbound(Outbound { url, text })),
        text().prop_map(|url| Kind::Download(Download { url })),
        form_field().prop_map(Kind::FormStart),
        text().prop_map(|form| Kind::FormSubmit(FormSubmit { form })),
        form_field().prop_map(Kind::FormAbandon),
        (text(), any::<Option<u32>>()).prop_map(|(terms, results)| Kind::Search(Search { terms, results })),
        size().prop_map(Kind::Resize),
    ]
    .boxed()
}

fn from_the_site() -> BoxedStrategy<Kind> {
    prop_oneof![
        custom().prop_map(Kind::Custom),
        custom().prop_map(Kind::PassiveCustom),
        product().prop_map(Kind::ProductView),
        item().prop_map(Kind::CartAdd),
        item().prop_map(Kind::CartRemove),
        (any::<u8>(), text(), option::of(money())).prop_map(|(step, name, value)| Kind::Checkout(Checkout {
            step,
            name,
            value
        })),
        order().prop_map(Kind::Order),
        (text(), option::of(money()), vec(item(), 0..4)).prop_map(|(order, amount, items)| Kind::Refund(Refund {
            order,
            amount,
            items
        })),
        (text(), props()).prop_map(|(user, traits)| Kind::Identify(Identify { user, traits })),
        vital().prop_map(Kind::Vital),
        (text(), text(), any::<(u32, u32)>()).prop_map(|(message, source, (line, column))| {
            Kind::ScriptError(ScriptError { message, source, line, column })
        }),
    ]
    .boxed()
}

pub fn event() -> BoxedStrategy<Event> {
    let kind = prop_oneof![on_the_page(), from_the_site()];
    (any::<i32>(), kind).prop_map(|(after_ms, kind)| Event { after_ms, kind }).boxed()
}

fn context() -> BoxedStrategy<Context> {
    let hints = (text(), text(), text(), text(), any::<bool>()).prop_map(
        |(browser, platform, platform_version, model, mobile)| ClientHints {
            browser,
            platform,
            platform_version,
            model,
            mobile,
        },
    );
    (size(), text(), text(), option::of(hints))
        .prop_map(|(screen, language, time_zone, hints)| Context { screen, language, time_zone, hints })
        .boxed()
}

/// Batches that are within the limits of the whole, so that they decode.
pub fn batch() -> BoxedStrategy<Batch> {
    let ids = (any::<[u8; 8]>(), any::<Option<[u8; 16]>>(), vec(any::<u8>(), 0..=limits::MAX_TICKET_BYTES));
    let site = "[a-z0-9.-]{0,40}";
    let texts = (site, text(), text());
    let numbers = any::<(u32, u64, bool)>();
    (ids, texts, numbers, size(), option::of(context()), vec(event(), 0..12))
        .prop_map(
            |(
                (tab, visitor, ticket),
                (site, user, page),
                (first, sent_at_ms, automated),
                viewport,
                context,
                events,
            )| {
                let (tab, visitor, ticket) = (TabId(tab), visitor.map(VisitorId), Ticket(ticket));
                Batch {
                    site,
                    tab,
                    first,
                    sent_at_ms,
                    automated,
                    visitor,
                    ticket,
                    user,
                    page,
                    viewport,
                    context,
                    events,
                }
            },
        )
        .boxed()
}

pub fn reply() -> impl Strategy<Value = Reply> {
    let refusal =
        (any::<u32>(), prop::sample::select(Reason::ALL)).prop_map(|(index, reason)| Refusal { index, reason });
    (any::<[u32; 3]>(), vec(any::<u8>(), 0..=limits::MAX_TICKET_BYTES), vec(refusal, 0..8)).prop_map(
        |([flush_after_ms, accepted, duplicate], ticket, refused)| {
            let ticket = Ticket(ticket);
            Reply { flush_after_ms, ticket, accepted, duplicate, refused }
        },
    )
}
