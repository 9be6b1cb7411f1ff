//! Each limit at its boundary and one past it, with the name under which it is reported.
#![allow(clippy::expect_used, clippy::panic)] // A panic is how a test fails, in its functions too.

use std::borrow::Cow;

use passerby_protocol::limits::*;
use passerby_protocol::*;

fn text(len: usize) -> Cow<'static, str> {
    Cow::Owned("a".repeat(len))
}

type Text = Cow<'static, str>;

/// The event passes with a text of this length, and is refused as too long with one byte more.
fn longest(bytes: usize, kind: impl Fn(Text) -> Kind<Text>) {
    let check = |len| Event { after_ms: 0, kind: kind(text(len)) }.check();
    let label = kind(text(1)).label();
    assert_eq!(check(bytes), Ok(()), "{label}");
    assert_eq!(check(bytes + 1), Err(Reason::TextTooLong), "{label}");
}

/// The event is refused when this text is empty.
fn required(kind: impl Fn(Text) -> Kind<Text>) {
    let check = |text: &'static str| Event { after_ms: 0, kind: kind(text.into()) }.check();
    assert_eq!(check("a"), Ok(()), "{}", kind("".into()).label());
    assert_eq!(check(""), Err(Reason::MissingField), "{}", kind("".into()).label());
}

/// The event passes with these numbers and is refused with those.
fn range(good: &[i64], bad: &[i64], kind: impl Fn(i64) -> Kind<Text>) {
    let check = |number| Event { after_ms: 0, kind: kind(number) }.check();
    for number in good {
        assert_eq!(check(*number), Ok(()), "{} {number}", kind(0).label());
    }
    for number in bad {
        assert_eq!(check(*number), Err(Reason::NumberOutOfRange), "{} {number}", kind(0).label());
    }
}

fn a() -> Text {
    text(1)
}

fn product() -> Product<Text> {
    Product { id: a(), ..Product::default() }
}

fn item(product: Product<Text>) -> Item<Text> {
    Item { product, quantity: 1 }
}

fn order() -> Order<Text> {
    Order { id: a(), total: euros(0), ..Order::default() }
}

fn refund() -> Refund<Text> {
    Refund { order: a(), ..Refund::default() }
}

fn euros(amount_minor: i64) -> Money {
    Money { amount_minor, currency: Currency::new("EUR").expect("three capitals") }
}

fn custom(props: Vec<(Text, Value<Text>)>) -> Kind<Text> {
    Kind::Custom(Custom { name: a(), props: Props(props) })
}

#[test]
fn texts_of_a_page_view() {
    let page = || Pageview { path: a(), ..Pageview::default() };
    required(|path| Kind::Pageview(Pageview { path, ..page() }));
    longest(MAX_URL_BYTES, |path| Kind::Pageview(Pageview { path, ..page() }));
    longest(MAX_URL_BYTES, |query| Kind::Pageview(Pageview { query, ..page() }));
    longest(MAX_URL_BYTES, |referrer| Kind::Pageview(Pageview { referrer, ..page() }));
    longest(MAX_SITE_BYTES, |host| Kind::Pageview(Pageview { host, ..page() }));
    longest(MAX_TEXT_BYTES, |title| Kind::Pageview(Pageview { title, ..page() }));
    longest(MAX_NAME_BYTES, |key| Kind::Pageview(Pageview { props: Props(vec![(key, Value::Bool(true))]), ..page() }));
}

#[test]
fn texts_of_clicks_links_forms_and_searches() {
    let click = || Click { element: a(), ..Click::default() };
    required(|element| Kind::Click(Click { element, ..click() }));
    longest(MAX_NAME_BYTES, |element| Kind::Click(Click { element, ..click() }));
    longest(MAX_NAME_BYTES, |text| Kind::Click(Click { text, ..click() }));
    required(|url| Kind::Outbound(Outbound { url, text: a() }));
    longest(MAX_URL_BYTES, |url| Kind::Outbound(Outbound { url, text: a() }));
    longest(MAX_NAME_BYTES, |text| Kind::Outbound(Outbound { url: a(), text }));
    required(|url| Kind::Download(Download { url }));
    longest(MAX_URL_BYTES, |url| Kind::Download(Download { url }));
    for kind in [Kind::FormStart, Kind::FormAbandon] {
        required(|form| kind(FormField { form, field: a() }));
        longest(MAX_NAME_BYTES, |form| kind(FormField { form, field: a() }));
        longest(MAX_NAME_BYTES, |field| kind(FormField { form: a(), field }));
    }
    required(|form| Kind::FormSubmit(FormSubmit { form }));
    longest(MAX_NAME_BYTES, |form| Kind::FormSubmit(FormSubmit { form }));
    required(|terms| Kind::Search(Search { terms, results: None }));
    longest(MAX_TEXT_BYTES, |terms| Kind::Search(Search { terms, results: None }));
}

#[test]
fn texts_that_the_site_gives() {
    for kind in [Kind::Custom, Kind::PassiveCustom] {
        required(|name| kind(Custom { name, ..Custom::default() }));
        longest(MAX_NAME_BYTES, |name| kind(Custom { name, ..Custom::default() }));
        required(|key| kind(Custom { name: a(), props: Props(vec![(key, Value::Int(1))]) }));
        longest(MAX_NAME_BYTES, |key| kind(Custom { name: a(), props: Props(vec![(key, Value::Int(1))]) }));
        longest(MAX_TEXT_BYTES, |v| kind(Custom { name: a(), props: Props(vec![(a(), Value::Text(v))]) }));
    }
    longest(MAX_NAME_BYTES, |user| Kind::Identify(Identify { user, ..Identify::default() }));
    longest(MAX_TEXT_BYTES, |v| Kind::Identify(Identify { user: text(0), traits: Props(vec![(a(), Value::Text(v))]) }));
    longest(MAX_TEXT_BYTES, |message| Kind::ScriptError(ScriptError { message, ..ScriptError::default() }));
    longest(MAX_URL_BYTES, |source| Kind::ScriptError(ScriptError { source, ..ScriptError::default() }));
}

#[test]
fn texts_of_a_shop() {
    let wrappers: [fn(Product<Text>) -> Kind<Text>; 5] = [
        Kind::ProductView,
        |product| Kind::CartAdd(item(product)),
        |product| Kind::CartRemove(item(product)),
        |product| Kind::Order(Order { items: vec![item(product)], ..order() }),
        |product| Kind::Refund(Refund { items: vec![item(product)], ..refund() }),
    ];
    for kind in wrappers {
        required(|id| kind(Product { id, ..product() }));
        longest(MAX_NAME_BYTES, |id| kind(Product { id, ..product() }));
        longest(MAX_TEXT_BYTES, |name| kind(Product { name, ..product() }));
        longest(MAX_NAME_BYTES, |brand| kind(Product { brand, ..product() }));
        longest(MAX_NAME_BYTES, |category| kind(Product { category, ..product() }));
        longest(MAX_NAME_BYTES, |variant| kind(Product { variant, ..product() }));
        amounts(|minor| kind(Product { price: Some(euros(minor)), ..product() }));
    }
    longest(MAX_NAME_BYTES, |name| Kind::Checkout(Checkout { name, ..Checkout::default() }));
    required(|id| Kind::Order(Order { id, ..order() }));
    longest(MAX_NAME_BYTES, |id| Kind::Order(Order { id, ..order() }));
    longest(MAX_NAME_BYTES, |coupon| Kind::Order(Order { coupon, ..order() }));
    required(|order| Kind::Refund(Refund { order, ..refund() }));
    longest(MAX_NAME_BYTES, |order| Kind::Refund(Refund { order, ..refund() }));
}

fn amounts(kind: impl Fn(i64) -> Kind<Text>) {
    let most = MAX_AMOUNT_MINOR;
    range(&[0, -1, most, -most], &[most + 1, -most - 1, i64::MAX, i64::MIN], kind);
}

#[test]
fn numbers() {
    range(&[0, 100], &[101, 255], |percent| {
        Kind::Engagement(Engagement { visible_ms: u32::MAX, scroll_percent: percent as u8 })
    });
    range(&[0, 10_000], &[10_001, 65_535], |x| {
        Kind::Click(Click { element: a(), x_myriad: x as u16, ..Click::default() })
    });
    range(&[0, 10_000], &[10_001, 65_535], |y| {
        Kind::Click(Click { element: a(), y_myriad: y as u16, ..Click::default() })
    });
    amounts(|minor| custom(vec![(a(), Value::Money(euros(minor)))]));
    amounts(|minor| Kind::Checkout(Checkout { value: Some(euros(minor)), ..Checkout::default() }));
    amounts(|minor| Kind::Order(Order { total: euros(minor), ..order() }));
    amounts(|tax_minor| Kind::Order(Order { tax_minor, ..order() }));
    amounts(|shipping_minor| Kind::Order(Order { shipping_minor, ..order() }));
    amounts(|discount_minor| Kind::Order(Order { discount_minor, ..order() }));
    amounts(|minor| Kind::Refund(Refund { amount: Some(euros(minor)), ..refund() }));
    for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let event = Event { after_ms: 0, kind: custom(vec![(a(), Value::Float(number))]) };
        assert_eq!(event.check(), Err(Reason::NumberOutOfRange), "{number}");
    }
    let event =
        Event { after_ms: 0, kind: custom(vec![(a(), Value::Float(f64::MAX)), ("b".into(), Value::Int(i64::MIN))]) };
    assert_eq!(event.check(), Ok(()), "a property may be any finite number");
}

#[test]
fn counts_of_properties_and_items() {
    let props = |count: usize| (0..count).map(|i| (Text::from(i.to_string()), Value::Bool(true))).collect::<Vec<_>>();
    let items = |count: usize| vec![item(product()); count];
    let check = |kind: Kind<Text>| Event { after_ms: 0, kind }.check();
    let with_props: [fn(Props<Text>) -> Kind<Text>; 4] = [
        |props| Kind::Custom(Custom { name: a(), props }),
        |props| Kind::PassiveCustom(Custom { name: a(), props }),
        |props| Kind::Pageview(Pageview { path: a(), props, ..Pageview::default() }),
        |traits| Kind::Identify(Identify { user: a(), traits }),
    ];
    for kind in with_props {
        assert_eq!(check(kind(Props(props(MAX_PROPS)))), Ok(()));
        assert_eq!(check(kind(Props(props(MAX_PROPS + 1)))), Err(Reason::TooManyProps));
    }
    for kind in [|items| Kind::Order(Order { items, ..order() }), |items| Kind::Refund(Refund { items, ..refund() })]
        as [fn(Vec<Item<Text>>) -> Kind<Text>; 2]
    {
        assert_eq!(check(kind(items(MAX_ITEMS))), Ok(()));
        assert_eq!(check(kind(items(MAX_ITEMS + 1))), Err(Reason::TooManyItems));
    }
}

fn limit(name: &'static str, limit: usize, found: usize) -> Option<DecodeError> {
    Some(DecodeError::Limit { name, limit, found })
}

/// Why both forms of the batch are refused, if they are.
fn refused(batch: &Batch) -> [Option<DecodeError>; 2] {
    [decode(&encode(batch), &mut String::new()).err(), decode_json(&encode_json(batch)).err()]
}

#[test]
fn limits_of_the_whole_batch() {
    let site = |len| Batch { site: "a".repeat(len), ..Batch::default() };
    assert_eq!(refused(&site(MAX_SITE_BYTES)), [None, None]);
    let too_long = limit("max_site_bytes", MAX_SITE_BYTES, MAX_SITE_BYTES + 1);
    assert_eq!(refused(&site(MAX_SITE_BYTES + 1)), [too_long.clone(), too_long]);

    let event = |terms: String| Event { after_ms: 0, kind: Kind::Search(Search { terms, results: None }) };
    let events = |count| Batch { events: vec![event(String::new()); count], ..Batch::default() };
    assert_eq!(refused(&events(MAX_EVENTS)), [None, None]);
    let too_many = limit("max_events", MAX_EVENTS, MAX_EVENTS + 1);
    assert_eq!(refused(&events(MAX_EVENTS + 1)), [too_many.clone(), too_many]);

    // The JSON form has no table, so no limit on it.
    let pair = |i: usize| FormField { form: (2 * i).to_string(), field: (2 * i + 1).to_string() };
    let forms = (0..MAX_EVENTS).map(|i| Event { after_ms: 0, kind: Kind::FormStart(pair(i)) });
    let mut strings = Batch { events: forms.collect(), ..Batch::default() };
    assert_eq!(refused(&strings), [None, None]);
    strings.site = "one more".to_owned();
    assert_eq!(refused(&strings), [limit("max_strings", MAX_STRINGS, MAX_STRINGS + 1), None]);
}

#[test]
fn a_body_of_64_kib_is_read_and_one_byte_more_is_not() {
    let json = |len: usize| {
        let empty = r#"{"events":[{"search":{"terms":""}}]}"#.len();
        format!(r#"{{"events":[{{"search":{{"terms":"{}"}}}}]}}"#, "a".repeat(len - empty)).into_bytes()
    };
    let too_large = limit("max_batch_bytes", MAX_BATCH_BYTES, MAX_BATCH_BYTES + 1);
    assert!(decode_json(&json(MAX_BATCH_BYTES)).is_ok());
    assert_eq!(decode_json(&json(MAX_BATCH_BYTES + 1)).err(), too_large);

    // Characters beyond ASCII stand plain: 3 bytes each, and so few others that lengths keep their size.
    let batch = |latin: usize| {
        let terms = "한".repeat((MAX_BATCH_BYTES - 60) / 3) + &"a".repeat(latin);
        let kind = Kind::Search(Search { terms, results: None });
        encode(&Batch { events: vec![Event { after_ms: 0, kind }], ..Batch::default() })
    };
    let missing = MAX_BATCH_BYTES - batch(0).len();
    assert!(decode(&batch(missing), &mut String::new()).is_ok());
    assert_eq!(decode(&batch(missing + 1), &mut String::new()).err(), too_large);
}

#[test]
fn every_reason_has_one_label_and_its_place_is_its_number() {
    for (place, reason) in Reason::ALL.iter().enumerate() {
        assert_eq!(serde_json::to_string(reason).expect("a JSON form"), format!("\"{}\"", reason.label()));
        let refused = vec![Refusal { index: 0, reason: *reason }];
        let bytes = encode_reply(&Reply { refused, ..Reply::default() });
        assert_eq!(bytes.last().copied().map(usize::from), Some(place), "{reason:?}");
        let same = Reason::ALL.iter().filter(|other| other.label() == reason.label());
        assert_eq!(same.count(), 1, "{reason:?}");
    }
}

#[test]
fn every_kind_has_one_label_and_its_place_is_its_number() {
    for (place, label) in Kind::<String>::LABELS.iter().enumerate() {
        let nothing = if *label == "resize" { "[0, 0]" } else { "{}" };
        let json = format!(r#"{{"events": [{{"{label}": {nothing}}}]}}"#);
        let batch = decode_json(json.as_bytes()).expect("a batch of one event");
        assert_eq!(batch.events[0].kind.label(), *label);
        let empty = encode(&Batch::<String>::default()).len();
        assert_eq!(usize::from(encode(&batch)[empty + 1]), place, "{label}: behind the count and the time");
    }
}

#[test]
fn an_order_needs_a_currency_and_an_item_a_quantity() {
    let check = |kind: Kind<Text>| Event { after_ms: 0, kind }.check();
    let of_nothing = Order { total: Money::default(), ..order() };
    assert_eq!(check(Kind::Order(of_nothing)), Err(Reason::MissingField));
    for kind in [Kind::CartAdd, Kind::CartRemove] as [fn(Item<Text>) -> Kind<Text>; 2] {
        let none = Item { quantity: 0, ..item(Product { id: a(), ..Product::default() }) };
        assert_eq!(check(kind(none)), Err(Reason::NumberOutOfRange));
    }
}
