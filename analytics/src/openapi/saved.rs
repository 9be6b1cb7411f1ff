//! What a site saves by name.

use serde_json::{Map, Value, json};

use super::schema::{object, one_of, reference};
use crate::report::funnel::STEPS;
use crate::saved::KINDS;

pub(super) fn schemas(to: &mut Map<String, Value>) {
    let mut put = |name: &str, schema: Value| to.insert(name.to_owned(), schema);
    let steps =
        json!({ "type": "array", "items": reference("Target"), "minItems": STEPS.start(), "maxItems": STEPS.end() });
    let funnel = json!({
        "steps": steps,
        "order": one_of(["ordered", "strict"]),
        "by": one_of(["visitor", "session"]),
        "window": { "type": "string" },
    });
    put("SavedFunnel", object(&["steps"], funnel));
    let at = json!({ "type": "string", "description": "A day or a minute of the site's clocks: 2026-11-02, 2026-11-02T14:30." });
    put("Annotation", object(&["at", "text"], json!({ "at": at, "text": { "type": "string" } })));
    let origin = json!({ "type": "string", "enum": ["variable", "api"],
        "description": "Of the SITES variable of wrangler.toml, where it is changed; or saved over the API." });
    let entries = KINDS.map(|kind| {
        let fields = json!({ "name": { "type": "string" }, "origin": origin, "value": value(kind) });
        (kind.to_owned(), json!({ "type": "array", "items": object(&["name", "origin", "value"], fields) }))
    });
    put("Saved", object(&KINDS, Map::from_iter(entries).into()));
}

/// The schema of one thing of a kind.
pub(super) fn value(kind: &str) -> Value {
    reference(match kind {
        "goals" => "Target",
        "segments" => "Filters",
        "funnels" => "SavedFunnel",
        _ => "Annotation",
    })
}

pub(super) fn paths(to: &mut Map<String, Value>) {
    let part = |name: &str, schema: Value| json!({ "name": name, "in": "path", "required": true, "schema": schema });
    let text = json!({ "type": "string" });
    let site = part("site", text.clone());
    let answer = object(&["results"], json!({ "results": reference("Saved") }));
    let mut list = super::operation("saved", "The goals, segments, funnels and annotations that a site saves", answer);
    list["parameters"] = json!([site]);
    to.insert("/api/v1/sites/{site}/saved".to_owned(), json!({ "get": list }));

    let done = json!({ "204": { "description": "Done" }, "default": super::problems() });
    let entry = |id: &str, summary: &str| {
        let mut operation = super::operation(id, summary, json!({}));
        operation["parameters"] = json!([site, part("kind", one_of(KINDS)), part("name", text.clone())]);
        operation["responses"] = done.clone();
        operation
    };
    let mut put = entry("save", "Saves a goal, segment, funnel or annotation, in place of one of the same name");
    let any = json!({ "anyOf": KINDS.map(value) });
    put["requestBody"] = json!({ "required": true, "content": { "application/json": { "schema": any } } });
    let delete = entry("remove_saved", "Removes one");
    to.insert("/api/v1/sites/{site}/saved/{kind}/{name}".to_owned(), json!({ "put": put, "delete": delete }));
}
