//! Questions and answers.

use serde_json::{Map, Value, json};

use super::schema::{object, one_of, reference};
use crate::dimension::{Dimension, TimeDimension};
use crate::query::MAX_DIMENSIONS;
use crate::v1::{Endpoint, Period};
use crate::v2::{DATE_RANGES, MAX_CONDITIONS, MAX_ROWS, MAX_VALUES, MORE_DIMENSIONS, Measure, OPERATORS};

pub(super) fn schemas(to: &mut Map<String, Value>) {
    let mut put = |name: &str, schema: Value| to.insert(name.to_owned(), schema);
    put("Metric", one_of(Measure::all().map(Measure::label)));
    put("FilterDimension", json!({ "anyOf": [one_of(Dimension::properties().chain(MORE_DIMENSIONS)), property()] }));
    put("TimeDimension", one_of(TimeDimension::ALL.iter().map(|by| by.label()).chain(["time"])));
    put("Dimension", json!({ "anyOf": [reference("FilterDimension"), reference("TimeDimension")] }));
    put("DateRange", date_range());
    put("Filter", filter());
    put("Filters", json!({ "type": "array", "items": reference("Filter"), "maxItems": MAX_CONDITIONS }));
    put("OrderBy", tuple(&[json!({ "type": "string" }), one_of(["asc", "desc"])], 2));
    put("Comparison", comparison());
    put("Query", query());
    put("Revenue", revenue());
    put("Answer", answer());
    super::options::schemas(to);
}

fn property() -> Value {
    json!({ "type": "string", "pattern": "^event:props:.+" })
}

fn tuple(items: &[Value], least: usize) -> Value {
    json!({ "type": "array", "prefixItems": items, "minItems": least, "maxItems": items.len() })
}

fn date_range() -> Value {
    let text = json!({ "type": "string", "description": "YYYY-MM-DD, or a time with its offset." });
    json!({ "anyOf": [one_of(DATE_RANGES), tuple(&[text.clone(), text], 2)] })
}

fn filter() -> Value {
    let conditions =
        OPERATORS.iter().copied().filter(|name| !matches!(*name, "and" | "or" | "not" | "has_done" | "has_not_done"));
    let values = json!({ "type": "array", "items": { "type": "string" }, "minItems": 1, "maxItems": MAX_VALUES });
    let segments = json!({ "type": "array", "items": { "type": ["string", "integer"] }, "minItems": 1 });
    let modifiers = object(&[], json!({ "case_sensitive": { "type": "boolean" } }));
    json!({ "anyOf": [
        tuple(&[one_of(conditions), reference("FilterDimension"), values, modifiers], 3),
        tuple(&[one_of(["is"]), one_of(["segment"]), segments], 3),
        tuple(&[one_of(["and", "or"]), reference("Filters")], 2),
        tuple(&[one_of(["not", "has_done", "has_not_done"]), reference("Filter")], 2),
    ] })
}

fn comparison() -> Value {
    let modes = one_of(["previous_period", "year_over_year", "custom"]);
    let fields =
        json!({ "mode": modes, "date_range": reference("DateRange"), "match_day_of_week": { "type": "boolean" } });
    object(&["mode"], fields)
}

fn query() -> Value {
    let truth = json!({ "type": "boolean" });
    let include = json!({
        "imports": truth,
        "time_labels": truth,
        "total_rows": truth,
        "comparisons": reference("Comparison"),
        "other": { "type": "boolean", "description": "Not in Plausible's: meta.other is all that is not among the rows shown." },
    });
    let pagination = json!({
        "limit": { "type": "integer", "minimum": 1, "maximum": MAX_ROWS },
        "offset": { "type": "integer", "minimum": 0 },
    });
    let list = |name: &str| json!({ "type": "array", "items": reference(name) });
    let mut dimensions = list("Dimension");
    dimensions["maxItems"] = MAX_DIMENSIONS.into();
    let mut metrics = list("Metric");
    metrics["minItems"] = 1.into();
    object(
        &["site_id", "metrics", "date_range"],
        json!({
            "site_id": { "type": "string" },
            "metrics": metrics,
            "date_range": reference("DateRange"),
            "dimensions": dimensions,
            "filters": reference("Filters"),
            "order_by": list("OrderBy"),
            "include": object(&[], include),
            "pagination": object(&[], pagination),
        }),
    )
}

fn revenue() -> Value {
    let text = json!({ "type": "string" });
    let fields = json!({ "value": { "type": "number" }, "currency": text, "short": text, "long": text });
    object(&["value", "currency", "short", "long"], fields)
}

fn answer() -> Value {
    let text = json!({ "type": "string" });
    let dimensions = json!({ "type": "array", "items": text });
    let cell = json!({ "anyOf": [{ "type": "number" }, reference("Revenue"), { "type": "null" }] });
    let metrics = json!({ "type": "array", "items": cell });
    let change = json!({ "type": "array", "items": { "type": ["number", "null"] } });
    let compared = json!({ "dimensions": dimensions, "metrics": metrics, "change": change });
    let compared = object(&["dimensions", "metrics", "change"], compared);
    let row = json!({ "dimensions": dimensions, "metrics": metrics, "comparison": compared });
    let compared = object(&["metrics", "change"], json!({ "metrics": metrics, "change": change }));
    let warning = object(&["code", "warning"], json!({ "code": text, "warning": text }));
    let warnings = json!({ "type": "object", "additionalProperties": warning });
    let other = json!({ "metrics": metrics, "comparison": compared, "metric_warnings": warnings });
    let meta = json!({
        "imports_included": { "type": "boolean" },
        "imports_skip_reason": text,
        "metric_warnings": warnings,
        "time_labels": { "type": "array", "items": text },
        "total_rows": { "type": "integer" },
        "other": object(&["metrics"], other),
        "failed_shards": failed_shards(),
        "kept_from": kept_from(),
    });
    let rows = json!({ "type": "array", "items": object(&["dimensions", "metrics"], row) });
    let query = json!({ "type": "object", "description": "The question as it was understood, its dates as times." });
    object(&["results", "meta", "query"], json!({ "results": rows, "meta": object(&[], meta), "query": query }))
}

fn failed_shards() -> Value {
    let description = "Shards that did not answer. What their visitors did is missing from the results.";
    json!({ "type": "array", "items": { "type": "integer" }, "description": description })
}

fn kept_from() -> Value {
    let description = "Where the site keeps its visits for some days only, and was asked about time before that: the first day \
                       (UTC) that it keeps. Visits that began before it are forgotten.";
    json!({ "type": "string", "description": description })
}

/// What stands beside the results where they are not whole.
pub(super) fn meta() -> Value {
    object(&[], json!({ "failed_shards": failed_shards() }))
}

/// The same, where they are about days.
pub(super) fn meta_of_days() -> Value {
    object(&[], json!({ "failed_shards": failed_shards(), "kept_from": kept_from() }))
}

pub(super) fn v1_answer(endpoint: Endpoint) -> Value {
    let value = json!({ "type": ["number", "null"] });
    let results = match endpoint {
        Endpoint::CurrentVisitors => return json!({ "type": "integer" }),
        Endpoint::Aggregate => {
            let metric = object(&["value"], json!({ "value": value, "change": value }));
            json!({ "type": "object", "additionalProperties": metric })
        }
        Endpoint::Timeseries | Endpoint::Breakdown => {
            let cell = json!({ "type": ["number", "string", "null"] });
            json!({ "type": "array", "items": { "type": "object", "additionalProperties": cell } })
        }
    };
    object(&["results"], json!({ "results": results, "meta": meta_of_days() }))
}

pub(super) fn v1_parameter(name: &str) -> Value {
    let schema = match name {
        "period" => one_of(Period::names()),
        "property" => json!({ "anyOf": [one_of(Dimension::properties()), property()] }),
        "limit" | "page" => json!({ "type": "integer", "minimum": 1 }),
        "interval" => one_of(["hour", "day", "date", "week", "month"]),
        "compare" => one_of(["previous_period"]),
        _ => json!({ "type": "string" }),
    };
    json!({ "name": name, "in": "query", "required": matches!(name, "site_id" | "property"), "schema": schema })
}
