//! The columns of a segment. Their numbers are stored, and only ever appended to; a column that a segment does not have
//! is all zeros.

use passerby_protocol::Kind;

use crate::dimension::VisitDimension;

/// A column. Those of visits have a value for each visit; those of events one for each event of these visits, in the order
/// of times within the visit; those of a kind one for each event of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// The visitor, as the (wrapping) difference to the visit's before.
    Visitor,
    /// When the visit began, in milliseconds after the segment's base, in zigzag.
    Start,
    /// Milliseconds from the first event to the last.
    Length,
    /// How many events it has.
    Events,
    /// How many of them are page views.
    Pageviews,
    /// 1: one page view and no interactive custom event.
    Bounced,
    /// A dimension, as a symbol.
    Dimension(VisitDimension),
    /// Milliseconds since the visit's event before.
    After,
    /// The kind's number.
    Kind,
    /// The path of the page, as a symbol.
    Page,
    /// The host of the page, as a symbol; 0: the site's name.
    Host,
    /// The identified user, as a symbol.
    User,
    /// Something that only events of one kind have.
    Detail(Detail),
    /// A property's key, as a symbol; there are as many as the events' `Props` say, in their order.
    PropKey,
    /// Its value as text, as a symbol.
    PropText,
    /// If it is an amount: minor units, in zigzag.
    PropMinor,
    /// If it is an amount: the currency, as a symbol.
    PropCurrency,
    /// An item's product id, as a symbol; there are as many as the events' `Items` say, in their order.
    ItemProduct,
    /// Its name, as a symbol.
    ItemName,
    /// Its category, as a symbol.
    ItemCategory,
    /// How many of it.
    ItemQuantity,
    /// The price of one in minor units, in zigzag.
    ItemMinor,
    /// The price's currency, as a symbol.
    ItemCurrency,
}

/// Numbers below are for the plain columns.
const FIRST_DIMENSION: usize = 32;
/// Numbers between are for the dimensions: there is room for 96.
const FIRST_DETAIL: usize = 128;

impl Column {
    /// How many columns there can be.
    pub(super) const COUNT: usize = FIRST_DETAIL + Detail::COUNT;

    /// The number under which it is stored.
    pub(super) const fn id(self) -> usize {
        match self {
            Self::Visitor => 0,
            Self::Start => 1,
            Self::Length => 2,
            Self::Events => 3,
            Self::Pageviews => 4,
            Self::Bounced => 5,
            Self::After => 6,
            Self::Kind => 7,
            Self::Page => 8,
            Self::Host => 9,
            Self::User => 10,
            Self::PropKey => 11,
            Self::PropText => 12,
            Self::PropMinor => 13,
            Self::PropCurrency => 14,
            Self::ItemProduct => 15,
            Self::ItemName => 16,
            Self::ItemCategory => 17,
            Self::ItemQuantity => 18,
            Self::ItemMinor => 19,
            Self::ItemCurrency => 20,
            Self::Dimension(dimension) => FIRST_DIMENSION + dimension as usize,
            Self::Detail(detail) => FIRST_DETAIL + detail as usize,
        }
    }
}

macro_rules! details {
    ($($kind:literal { $($(#[$doc:meta])* $name:ident,)* })*) => {
        /// What only events of one kind have. Texts are symbols, amounts minor units in zigzag. Only appended to, at the
        /// end, whatever the kind.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Detail {
            $($($(#[$doc])* $name,)*)*
        }

        impl Detail {
            /// How many there are.
            pub(super) const COUNT: usize = [$($(stringify!($name),)*)*].len();

            /// The kind whose events have it.
            #[must_use]
            pub const fn kind(self) -> &'static str {
                match self { $($(Self::$name => $kind,)*)* }
            }
        }
    };
}

details! {
    "engagement" {
        /// Milliseconds visible and focused.
        EngagedMs,
        /// Percent of the page seen.
        Scroll,
    }
    "click" {
        /// The element's path.
        ClickElement,
        /// The beginning of its text.
        ClickText,
        /// Ten-thousandths of the page's width.
        ClickX,
        /// Ten-thousandths of the page's height.
        ClickY,
        /// Its flags.
        ClickFlags,
    }
    "outbound" {
        /// The address.
        OutboundUrl,
    }
    "download" {
        /// The file's address.
        DownloadUrl,
    }
    "form_start" {
        /// The form.
        StartedForm,
        /// Its first field touched.
        StartedField,
    }
    "form_submit" {
        /// The form.
        SubmittedForm,
    }
    "form_abandon" {
        /// The form.
        AbandonedForm,
        /// Its last field touched.
        AbandonedField,
    }
    "search" {
        /// What was looked for.
        SearchTerms,
        /// How many results, plus one; 0: unknown.
        SearchResults,
    }
    "pageview" {
        /// How many properties it has.
        PageviewProps,
    }
    "custom" {
        /// Its name.
        CustomName,
        /// How many properties it has.
        CustomProps,
    }
    "passive_custom" {
        /// Its name.
        PassiveName,
        /// How many properties it has.
        PassiveProps,
    }
    "product_view" {
        /// How many items: one.
        ViewedItems,
    }
    "cart_add" {
        /// How many items: one.
        AddedItems,
    }
    "cart_remove" {
        /// How many items: one.
        RemovedItems,
    }
    "checkout" {
        /// Which step.
        CheckoutStep,
        /// What the shop calls it.
        CheckoutName,
    }
    "order" {
        /// Its id.
        OrderId,
        /// What the customer pays.
        OrderMinor,
        /// Of which currency.
        OrderCurrency,
        /// How many items.
        OrderItems,
    }
    "refund" {
        /// The order's id.
        RefundedOrder,
        /// 1: `RefundMinor` says how much; 0: all of it.
        RefundIsPartial,
        /// How much.
        RefundMinor,
        /// Of which currency.
        RefundCurrency,
    }
    "vital" {
        /// Which one, by its number.
        VitalName,
        /// Its value.
        VitalValue,
    }
    "script_error" {
        /// The message.
        ErrorMessage,
        /// The script's address.
        ErrorSource,
    }
}

/// The number of a kind: its place among the protocol's, which is fixed.
#[must_use]
pub fn kind_number(label: &str) -> u64 {
    Kind::<&str>::LABELS.iter().position(|known| *known == label).unwrap_or(0) as u64
}

/// An amount as an unsigned number: 0, -1, 1, -2 become 0, 1, 2, 3.
#[must_use]
pub const fn zigzag(amount: i64) -> u64 {
    (amount << 1 ^ amount >> 63) as u64
}

/// The amount again.
#[must_use]
pub const fn unzigzag(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}
