//! Everything a tracker can see.

use alloc::borrow::Cow;
use core::{fmt, marker::PhantomData};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser::SerializeMap};

use crate::batch::Size;
use crate::commerce::{Checkout, Item, Order, Product, Refund};
use crate::resolve::{Resolve, Sym, Table, Unresolved, textless, wire_struct};
use crate::value::Props;

/// Something that happened in a tab. In JSON an object with the kind as its key: `{"after_ms": 120, "custom":
/// {"name": "Signup"}}`.
#[derive(Clone, Debug, PartialEq)]
pub struct Event<S = alloc::string::String> {
    /// Milliseconds since the batch's previous event; for the first one, since the sending, so zero or negative. Later
    /// ones are negative where something is known only after other events, as a dead click is.
    pub after_ms: i32,
    /// What happened.
    pub kind: Kind<S>,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident($type:ty) = $label:literal,)*) => {
        /// What happened. Only ever appended to: the variant's number is on the wire.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(bound(deserialize = "S: Deserialize<'de> + Default + PartialEq"))]
        pub enum Kind<S = alloc::string::String> {
            $($(#[$doc])* $name($type),)*
        }

        impl<S> Kind<S> {
            /// Every kind's name, in the order of their numbers.
            pub const LABELS: &'static [&'static str] = &[$($label,)*];

            /// Its number on the wire, which is its label's place in [`Kind::LABELS`].
            #[must_use]
            pub const fn number(&self) -> u8 {
                enum Number {
                    $($name,)*
                }
                match self {
                    $(Self::$name(_) => Number::$name as u8,)*
                }
            }

            /// Its name in JSON and in reports.
            #[must_use]
            pub const fn label(&self) -> &'static str {
                match self {
                    $(Self::$name(_) => $label,)*
                }
            }
        }

        impl<S: Serialize> Kind<S> {
            fn serialize_entry<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
                match self {
                    $(Self::$name(v) => map.serialize_entry($label, v),)*
                }
            }
        }

        impl<'de, S: Deserialize<'de> + Default + PartialEq> Kind<S> {
            fn next_value<A: de::MapAccess<'de>>(label: &str, map: &mut A) -> Result<Self, A::Error> {
                match label {
                    $($label => map.next_value().map(Self::$name),)*
                    _ => Err(de::Error::unknown_field(label, Self::LABELS)),
                }
            }
        }

        impl Resolve for Kind<Sym> {
            type Text<'a> = Kind<Cow<'a, str>>;
            fn resolve<'a>(self, table: Table<'_, 'a>) -> Result<Self::Text<'a>, Unresolved> {
                Ok(match self {
                    $(Self::$name(v) => Kind::$name(v.resolve(table)?),)*
                })
            }
        }
    };
}

kinds! {
    /// A page was shown.
    Pageview(Pageview<S>) = "pageview",
    /// Time spent on the current page and how far it was seen, since the last such event.
    Engagement(Engagement) = "engagement",
    /// A click or tap.
    Click(Click<S>) = "click",
    /// A link to another site was followed.
    Outbound(Outbound<S>) = "outbound",
    /// A file was downloaded.
    Download(Download<S>) = "download",
    /// A form's first field was touched.
    FormStart(FormField<S>) = "form_start",
    /// A form went through.
    FormSubmit(FormSubmit<S>) = "form_submit",
    /// A form was touched and left; `field` is the last one.
    FormAbandon(FormField<S>) = "form_abandon",
    /// The site's own search was used.
    Search(Search<S>) = "search",
    /// An event that the site's owner named.
    Custom(Custom<S>) = "custom",
    /// The same, but no act of the visitor's: it does not keep a visit from being a bounce.
    PassiveCustom(Custom<S>) = "passive_custom",
    /// A product was looked at.
    ProductView(Product<S>) = "product_view",
    /// Something was put into the cart.
    CartAdd(Item<S>) = "cart_add",
    /// Something was taken out of the cart.
    CartRemove(Item<S>) = "cart_remove",
    /// A step of the checkout was reached.
    Checkout(Checkout<S>) = "checkout",
    /// An order was placed.
    Order(Order<S>) = "order",
    /// An order was paid back.
    Refund(Refund<S>) = "refund",
    /// The site says who this is.
    Identify(Identify<S>) = "identify",
    /// A web vital of this page load.
    Vital(Vital) = "vital",
    /// A script failed.
    ScriptError(ScriptError<S>) = "script_error",
    /// The window now has this size. [`crate::Batch::viewport`] holds until then.
    Resize(Size) = "resize",
}

impl<S: Serialize> Serialize for Event<S> {
    fn serialize<T: Serializer>(&self, to: T) -> Result<T::Ok, T::Error> {
        if !to.is_human_readable() {
            return (self.after_ms, &self.kind).serialize(to);
        }
        let mut map = to.serialize_map(Some(2))?;
        map.serialize_entry("after_ms", &self.after_ms)?;
        self.kind.serialize_entry(&mut map)?;
        map.end()
    }
}

impl<'de, S: Deserialize<'de> + Default + PartialEq> Deserialize<'de> for Event<S> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        if from.is_human_readable() {
            return from.deserialize_map(EventVisitor(PhantomData));
        }
        let (after_ms, kind) = Deserialize::deserialize(from)?;
        Ok(Self { after_ms, kind })
    }
}

struct EventVisitor<S>(PhantomData<S>);

impl<'de, S: Deserialize<'de> + Default + PartialEq> de::Visitor<'de> for EventVisitor<S> {
    type Value = Event<S>;
    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an event: an object with one kind as its key, and optionally after_ms")
    }
    fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Event<S>, A::Error> {
        let (mut after_ms, mut kind) = (None, None);
        while let Some(key) = map.next_key::<alloc::string::String>()? {
            if key == "after_ms" {
                if after_ms.replace(map.next_value()?).is_some() {
                    return Err(de::Error::duplicate_field("after_ms"));
                }
            } else if kind.replace(Kind::next_value(&key, &mut map)?).is_some() {
                return Err(de::Error::custom("an event has more than one kind"));
            }
        }
        let kind = kind.ok_or_else(|| de::Error::custom("an event has no kind"))?;
        Ok(Event { after_ms: after_ms.unwrap_or(0), kind })
    }
}

impl Resolve for Event<Sym> {
    type Text<'a> = Event<Cow<'a, str>>;
    fn resolve<'a>(self, table: Table<'_, 'a>) -> Result<Self::Text<'a>, Unresolved> {
        Ok(Event { after_ms: self.after_ms, kind: self.kind.resolve(table)? })
    }
}

/// What led to a page view. Only ever appended to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// The page was loaded.
    #[default]
    Load,
    /// `history.pushState`.
    Push,
    /// `history.replaceState`.
    Replace,
    /// Back or forward within the document.
    Pop,
    /// The fragment changed, on sites that route by it.
    Hash,
    /// The page came back from the back/forward cache.
    Restore,
    /// The site asked for it.
    Manual,
}

wire_struct! {
    /// A page was shown. Only `path` is required.
    pub struct Pageview {
        /// Its path, from the first `/`.
        pub path: S,
        /// Its host, where that is not the site's name.
        pub host: S,
        /// The query's parameters that may be sent, without `?`: `utm_source=x&gclid=y`.
        pub query: S,
        /// The document's title.
        pub title: S,
        /// Where the visitor came from: an address; empty where unknown, or within the site.
        pub referrer: S,
        /// What led here.
        pub trigger: Trigger,
        /// The site's own dimensions of the page.
        pub props: Props<S>,
    }
}

/// Time spent on a page and how far it was seen, both since the last such event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Engagement {
    /// Milliseconds in which the page was visible and had the focus.
    pub visible_ms: u32,
    /// The greatest part of the page seen so far, 0 to 100.
    pub scroll_percent: u8,
}

/// What is known about a click, as bits: 1 fixed, 2 rage, 4 dead.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClickFlags(pub u8);

impl ClickFlags {
    /// The element does not scroll with the page; `y_myriad` is then a fraction of the viewport.
    pub const FIXED: u8 = 1;
    /// The third or a later click in quick succession at one place.
    pub const RAGE: u8 = 2;
    /// Nothing happened after it.
    pub const DEAD: u8 = 4;

    /// Whether this flag is set.
    #[must_use]
    pub const fn has(self, flag: u8) -> bool {
        self.0 & flag != 0
    }
}

wire_struct! {
    /// A click or tap.
    pub struct Click {
        /// A path to the element that stays the same from load to load: `#cart>li:3>button`.
        pub element: S,
        /// The beginning of its text.
        pub text: S,
        /// Place across the page, in ten-thousandths of its width.
        pub x_myriad: u16,
        /// Place down the page, in ten-thousandths of its height.
        pub y_myriad: u16,
        /// What else is known.
        pub flags: ClickFlags,
    }
}

wire_struct! {
    /// A link to another site was followed.
    pub struct Outbound {
        /// Its address.
        pub url: S,
        /// The beginning of its text.
        pub text: S,
    }
}

wire_struct! {
    /// A file was downloaded.
    pub struct Download {
        /// Its address, without query.
        pub url: S,
    }
}

wire_struct! {
    /// A form and one field of it, by name. Never a value.
    pub struct FormField {
        /// The form's id, name or path.
        pub form: S,
        /// The field's name; empty where it must not be named.
        pub field: S,
    }
}

wire_struct! {
    /// A form went through.
    pub struct FormSubmit {
        /// The form's id, name or path.
        pub form: S,
    }
}

wire_struct! {
    /// The site's own search was used.
    pub struct Search {
        /// What was looked for.
        pub terms: S,
        /// How many results it gave, where the page says so.
        pub results: Option<u32>,
    }
}

wire_struct! {
    /// An event that the site's owner named.
    pub struct Custom {
        /// Its name.
        pub name: S,
        /// Its properties. One that is an amount counts as revenue.
        pub props: Props<S>,
    }
}

wire_struct! {
    /// The site says who this is.
    pub struct Identify {
        /// The site's own id of the user; empty: from now on nobody is known.
        pub user: S,
        /// What else the site says of them.
        pub traits: Props<S>,
    }
}

/// Which web vital. Only ever appended to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum VitalName {
    /// Largest Contentful Paint.
    #[default]
    Lcp,
    /// Interaction to Next Paint.
    Inp,
    /// Cumulative Layout Shift.
    Cls,
    /// First Contentful Paint.
    Fcp,
    /// Time to First Byte.
    Ttfb,
}

/// A web vital, as web.dev defines it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Vital {
    /// Which one.
    pub name: VitalName,
    /// Milliseconds; for CLS, ten-thousandths.
    pub value: u32,
}

wire_struct! {
    /// A script failed.
    pub struct ScriptError {
        /// The error's message.
        pub message: S,
        /// The script's address, without query.
        pub source: S,
        /// Line, from 1; 0 where unknown.
        pub line: u32,
        /// Column, from 1; 0 where unknown.
        pub column: u32,
    }
}

textless!(Engagement, ClickFlags, Trigger, Vital);
