//! What is kept of one person.

use passerby_protocol::Kind;
use serde_json::{Map, Value, json};

use super::schema::{object, reference};

/// The names of the kinds, each with what its events hold.
fn event() -> Value {
    let text = json!({ "type": "string" });
    let mut fields = Map::from_iter([("at_ms".to_owned(), json!({ "type": "integer" }))]);
    fields.insert("page".to_owned(), text.clone());
    fields.insert("user".to_owned(), text.clone());
    fields.insert("tab".to_owned(), json!({ "type": "string", "description": "Of days that are not packed." }));
    fields.insert("number".to_owned(), json!({ "type": "integer", "description": "Its number in the tab." }));
    fields.extend(Kind::<&str>::LABELS.iter().map(|label| ((*label).to_owned(), super::collect::kind(label))));
    object(&["at_ms", "page", "user"], fields.into())
}

pub(super) fn schemas(to: &mut Map<String, Value>) {
    to.insert("KeptEvent".to_owned(), event());
    let texts = json!({ "type": "object", "additionalProperties": { "type": "string" } });
    let client = json!({ "type": "object", "additionalProperties": {} });
    let visit = object(
        &["start_ms", "visit", "events"],
        json!({
            "start_ms": { "type": "integer" },
            "visit": texts,
            "tabs": { "type": "object", "additionalProperties": client, "description": "Browsers, by the tab's id." },
            "events": { "type": "array", "items": reference("KeptEvent") },
        }),
    );
    to.insert("KeptVisit".to_owned(), visit);
    let kept = object(
        &["visits", "rejects"],
        json!({
            "visits": { "type": "array", "items": reference("KeptVisit") },
            "rejects": { "type": "array", "items": reference("Reject") },
        }),
    );
    to.insert("Kept".to_owned(), kept);
    let number = json!({ "type": "integer" });
    let goes_on =
        json!({ "type": "boolean", "description": "Whether the rest follows by itself; the status is 202 then." });
    let fields = json!({ "visits": number, "events": number, "rejects": number, "goes_on": goes_on });
    to.insert("Erased".to_owned(), object(&["visits", "events", "rejects", "goes_on"], fields));
}

/// The operations at a path: what is kept, and to erase it. `by` is how the person is named.
pub(super) fn operations(id: &str, whose: &str, by: &Value) -> Value {
    let answer = |schema: &str| object(&["results"], json!({ "results": reference(schema) }));
    let site = super::query::v1_parameter("site_id");
    let mut get = super::operation(&format!("kept_of_{id}"), &format!("All that is kept of {whose}"), answer("Kept"));
    let mut delete = super::operation(&format!("erase_{id}"), &format!("Erases {whose} for good"), answer("Erased"));
    for operation in [&mut get, &mut delete] {
        operation["parameters"] = json!([site, by]);
    }
    delete["responses"]["202"] = delete["responses"]["200"].clone();
    delete["responses"]["202"]["description"] = json!("Begun; the rest follows by itself");
    json!({ "get": get, "delete": delete })
}

/// A parameter that says who is meant.
pub(super) fn named(name: &str, place: &str, description: &str) -> Value {
    json!({ "name": name, "in": place, "required": true, "schema": { "type": "string" }, "description": description })
}
