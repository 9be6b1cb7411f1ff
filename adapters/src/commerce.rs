//! Products, carts and orders, where Segment's names and GA4's differ only in a prefix.

use passerby_protocol::{Checkout, Currency, Item, Kind, Order, Product, Reason, Refund};

use crate::call::Text;
use crate::money::{currency, minor, money};
use crate::said::Said;

fn text(said: Said<'_>) -> Text {
    said.id().into()
}

/// A product; a client may give one no id, and then it goes by its name.
pub(crate) fn product(said: Said<'_>, of: Currency) -> Result<Product<Text>, Reason> {
    let name = said.any(&["item_name", "name"]).short();
    let id = said.any(&["product_id", "item_id", "sku", "id"]).id();
    Ok(Product {
        id: if id.is_empty() { name.clone() } else { id }.into(),
        name: name.into(),
        brand: text(said.any(&["item_brand", "brand"])),
        category: text(said.any(&["item_category", "category"])),
        variant: text(said.any(&["item_variant", "variant"])),
        price: money(said.at("price"), currency(said.at("currency")).unwrap_or(of))?,
    })
}

/// So many of a product: one, where nothing else is said.
pub(crate) fn item(said: Said<'_>, of: Currency) -> Result<Item<Text>, Reason> {
    Ok(Item { product: product(said, of)?, quantity: said.at("quantity").whole().unwrap_or(1) })
}

/// The products of an order.
pub(crate) fn items(said: Said<'_>, of: Currency) -> Result<Vec<Item<Text>>, Reason> {
    said.any(&["products", "items"]).items().map(|product| item(product, of)).collect()
}

/// An order that was placed.
pub(crate) fn order(said: Said<'_>, of: Currency) -> Result<Kind<Text>, Reason> {
    let total = money(said.any(&["total", "revenue", "value"]), of)?.ok_or(Reason::MissingField)?;
    let part = |name: &str| said.at(name).number().map_or(Ok(0), |amount| minor(amount, of));
    Ok(Kind::Order(Order {
        id: text(said.any(&["order_id", "transaction_id", "orderId"])),
        total,
        tax_minor: part("tax")?,
        shipping_minor: part("shipping")?,
        discount_minor: part("discount")?,
        coupon: text(said.at("coupon")),
        items: items(said, of)?,
    }))
}

/// An order that was paid back.
pub(crate) fn refund(said: Said<'_>, of: Currency) -> Result<Kind<Text>, Reason> {
    Ok(Kind::Refund(Refund {
        order: text(said.any(&["order_id", "transaction_id", "orderId"])),
        amount: money(said.any(&["total", "revenue", "value"]), of)?,
        items: items(said, of)?,
    }))
}

/// A step of the checkout.
pub(crate) fn checkout(said: Said<'_>, step: u8, name: &str, of: Currency) -> Result<Kind<Text>, Reason> {
    let said_step = said.at("step").whole().and_then(|step| u8::try_from(step).ok());
    Ok(Kind::Checkout(Checkout {
        step: said_step.unwrap_or(step),
        name: name.to_owned().into(),
        value: money(said.any(&["value", "total", "revenue"]), of)?,
    }))
}
