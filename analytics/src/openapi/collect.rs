//! What trackers send, and what becomes of it.

use passerby_protocol::{Batch, Context, Event, Kind, Reason, Reply};
use serde_json::{Map, Value, json};

use super::schema::{inferred, object, of_default, one_of, reference};
use crate::outcome::{Outcome, RequestError};

/// Fields without which an event says nothing.
const NEEDED: [(&str, &[&str]); 3] = [("pageview", &["path"]), ("custom", &["name"]), ("passive_custom", &["name"])];

pub(super) fn schemas(to: &mut Map<String, Value>) {
    let mut put = |name: &str, schema: Value| to.insert(name.to_owned(), schema);
    let money =
        json!({ "amount_minor": { "type": "integer" }, "currency": { "type": "string", "description": "ISO 4217" } });
    put("Money", object(&["amount_minor", "currency"], money));
    let value = json!({ "anyOf": [
        { "type": "string" }, { "type": "number" }, { "type": "boolean" }, reference("Money"),
    ] });
    put("Props", json!({ "type": "object", "additionalProperties": value }));
    put("Size", json!({ "type": "array", "items": { "type": "integer" }, "minItems": 2, "maxItems": 2 }));
    put("Product", of_kind("product_view"));
    put("Item", of_kind("cart_add"));
    put("Event", event());
    let context: Context<String> = Context::default();
    put("Context", of_default(&context, &[], known));
    let batch: Batch<String> = Batch::default();
    put("Batch", of_default(&batch, &["site", "tab", "events"], known));
    let reply = of_default(&Reply::default(), &["flush_after_ms", "ticket", "accepted", "duplicate", "refused"], known);
    put("Reply", reply);
    put("Outcomes", outcome_counts());
    put("OutcomesAnswer", outcomes());
    put("Reject", reject());
    put("RejectsAnswer", rejects());
    put("StorageAnswer", storage());
}

/// What a default does not show.
fn known(field: &str) -> Option<Value> {
    let nullable = |schema: Value| Some(json!({ "anyOf": [schema, { "type": "null" }] }));
    match field {
        "props" | "traits" => Some(reference("Props")),
        "price" | "value" | "amount" => nullable(reference("Money")),
        "total" => Some(reference("Money")),
        "product" => Some(reference("Product")),
        "items" => Some(json!({ "type": "array", "items": reference("Item") })),
        "results" => nullable(json!({ "type": "integer" })),
        "screen" | "viewport" => Some(reference("Size")),
        "visitor" => nullable(json!({ "type": "string" })),
        "context" => nullable(reference("Context")),
        "hints" => nullable(json!({ "type": "object" })),
        "events" => Some(json!({ "type": "array", "items": reference("Event") })),
        "refused" => {
            let reasons = Reason::ALL.iter().map(|reason| reason.label());
            let refusal = json!({ "index": { "type": "integer" }, "reason": one_of(reasons) });
            Some(json!({ "type": "array", "items": object(&["index", "reason"], refusal) }))
        }
        _ => None,
    }
}

/// The schema of what events of a kind hold, from the kind with nothing given.
fn of_kind(label: &str) -> Value {
    let event: Option<Event<String>> = serde_json::from_value(json!({ label: {} })).ok();
    let value = event.and_then(|event| serde_json::to_value(event).ok()).unwrap_or_default();
    let required = NEEDED.iter().find(|(kind, _)| *kind == label).map_or(&[][..], |(_, needed)| needed);
    match label {
        "resize" => reference("Size"),
        // Its value is a number, whatever else is called so.
        "vital" => inferred(&value[label], required, |_| None),
        _ => inferred(&value[label], required, known),
    }
}

/// What events of a kind hold.
pub(super) fn kind(label: &str) -> Value {
    match label {
        "product_view" => reference("Product"),
        "cart_add" | "cart_remove" => reference("Item"),
        label => of_kind(label),
    }
}

/// One kind of event, and when.
fn event() -> Value {
    let kinds = Kind::<&str>::LABELS
        .iter()
        .map(|label| object(&[label], json!({ "after_ms": { "type": "integer" }, *label: kind(label) })));
    json!({ "oneOf": kinds.collect::<Vec<_>>() })
}

pub(super) fn operation() -> Value {
    let reply = json!({ "application/json": { "schema": reference("Reply") } });
    let content = json!({ "schema": reference("Batch") });
    json!({
        "operationId": "collect",
        "summary": "Takes a batch of events, each of which counts once however often it is sent",
        "security": [],
        "requestBody": {
            "required": true,
            "description": "JSON, or the compact form of protocol/SPEC.md as application/octet-stream.",
            "content": { "application/json": content.clone(), "text/plain": content },
        },
        "responses": {
            "200": { "description": "What became of each event", "content": reply },
            "default": super::problems(),
        },
    })
}

/// How many events, and requests, came to what.
fn outcome_counts() -> Value {
    let labels = [Outcome::Accepted, Outcome::Duplicate, Outcome::Unlimited].map(Outcome::label).into_iter();
    let refused = Reason::ALL.iter().map(|reason| Outcome::Refused(*reason).label());
    let requests = RequestError::ALL.iter().map(|error| Outcome::Request(*error).label());
    let counts = labels.chain(refused).chain(requests).map(|label| (label, json!({ "type": "integer" })));
    object(&[], counts.collect::<Map<_, _>>().into())
}

fn outcomes() -> Value {
    let results = reference("Outcomes");
    let received = json!({ "type": "integer", "description": "Events: accepted, duplicate and refused." });
    let step = json!({ "date": { "type": "string" }, "results": results, "received": received });
    let series = json!({ "type": "array", "items": object(&["date", "results", "received"], step) });
    let whole = json!({ "results": results, "received": received, "series": series, "meta": super::query::meta() });
    object(&["results", "received"], whole)
}

fn storage() -> Value {
    let names = ["shard", "since_ms", "batches", "rows_written", "bytes"];
    let fields: Map<String, Value> =
        names.map(|name| (name.to_owned(), json!({ "type": "integer" }))).into_iter().collect();
    let results = json!({ "type": "array", "items": object(&names, fields.into()) });
    object(&["results"], json!({ "results": results, "meta": super::query::meta() }))
}

/// An event that was refused.
fn reject() -> Value {
    let event = json!({ "type": "string", "description": "The event as JSON; only its beginning where it is long." });
    let reason = one_of(Reason::ALL.iter().map(|reason| reason.label()));
    object(&["at_ms", "reason", "event"], json!({ "at_ms": { "type": "integer" }, "reason": reason, "event": event }))
}

fn rejects() -> Value {
    let results = json!({ "type": "array", "items": reference("Reject") });
    object(&["results"], json!({ "results": results, "meta": super::query::meta() }))
}
