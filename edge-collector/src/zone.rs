//! The site's time zone, from the runtime's own database.

use js_sys::{Array, Date, Intl, Object, Reflect};
use passerby_analytics::calendar::{HOUR_MS, MINUTE_MS};
use wasm_bindgen::{JsCast, JsValue};

/// Reads a zone's clocks.
pub struct Clocks {
    format: Option<Intl::DateTimeFormat>,
}

impl Clocks {
    /// The clocks of nowhere in particular.
    pub const fn utc() -> Self {
        Self { format: None }
    }

    /// The clocks of an IANA time zone; `None` where the runtime does not know it.
    pub fn of(time_zone: &str) -> Option<Self> {
        if matches!(time_zone, "UTC" | "Etc/UTC") {
            return Some(Self::utc());
        }
        let options = Object::new();
        let set = |name: &str, value: &str| Reflect::set(&options, &name.into(), &value.into());
        let prepared = set("timeZone", time_zone).and(set("timeZoneName", "longOffset"));
        // The constructor throws for a zone it does not know, which wasm-bindgen's binding does not catch.
        let constructor = Reflect::get(&js_sys::global(), &"Intl".into())
            .and_then(|intl| Reflect::get(&intl, &"DateTimeFormat".into()))
            .and_then(|class| class.dyn_into::<js_sys::Function>());
        let format = prepared
            .and(constructor)
            .and_then(|class| Reflect::construct(&class, &Array::of2(&JsValue::from("en-US"), &options)));
        Some(Self { format: Some(format.ok()?.unchecked_into()) })
    }

    /// Milliseconds that they are ahead of UTC at an instant.
    pub fn offset_ms(&self, at_ms: i64) -> i64 {
        let Some(format) = &self.format else { return 0 };
        let parts = format.format_to_parts(&Date::new(&JsValue::from(at_ms as f64)));
        let text = |part: &JsValue, name: &str| Reflect::get(part, &name.into()).ok().and_then(|v| v.as_string());
        let name = parts.iter().find(|part| text(part, "type").as_deref() == Some("timeZoneName"));
        name.and_then(|part| text(&part, "value")).map_or(0, |value| parse(&value))
    }
}

/// `GMT`, `GMT+02:00`, `GMT-03:30`, `GMT+00:53:28`.
fn parse(text: &str) -> i64 {
    let offset = text.strip_prefix("GMT").unwrap_or("");
    let sign = if offset.starts_with('-') { -1 } else { 1 };
    let units = [HOUR_MS, MINUTE_MS, 1000];
    let parts = offset.trim_start_matches(['+', '-', '−']).split(':').zip(units);
    sign * parts.filter_map(|(part, unit)| Some(part.parse::<i64>().ok()? * unit)).sum::<i64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_read() {
        let cases = [("GMT", 0), ("GMT+02:00", 7_200_000), ("GMT-03:30", -12_600_000), ("GMT+00:53:28", 3_208_000)];
        for (text, offset) in cases {
            assert_eq!(parse(text), offset, "{text}");
        }
    }
}
