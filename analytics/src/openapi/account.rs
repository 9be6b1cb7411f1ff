//! Sites, keys, share links, tokens, and who changed what.

use serde_json::{Map, Value, json};

use super::operation;
use super::schema::{object, one_of, reference};
use crate::access::Kind;
use crate::settings::{BATCHES_PER_MINUTE, RETENTION_DAYS, SETTINGS, SHARDS};

/// The kinds of keys that belong to a site.
const OF_SITE: [&str; 3] = [Kind::Read.label(), Kind::Ingest.label(), Kind::Share.label()];

pub(super) fn schemas(to: &mut Map<String, Value>) {
    let mut put = |name: &str, schema: Value| to.insert(name.to_owned(), schema);
    let settings: Map<String, Value> = SETTINGS.iter().map(|name| ((*name).to_owned(), setting(name))).collect();
    let with = |more: Value| {
        let mut all = settings.clone();
        all.extend(more.as_object().cloned().unwrap_or_default());
        Value::Object(all)
    };
    put("Settings", object(&[], settings.clone().into()));
    let id = json!({ "type": "string", "pattern": "^[a-z0-9._-]+$", "maxLength": 253 });
    put("NewSite", object(&["site_id"], with(json!({ "site_id": id }))));
    let origin = json!({ "type": "string", "enum": ["variable", "api"],
        "description": "Of the SITES variable of wrangler.toml, which is changed there; or made over the API." });
    put("Site", object(&["site_id", "origin"], with(json!({ "site_id": { "type": "string" }, "origin": origin }))));
    let change = settings.iter().map(|(name, schema)| {
        (name.clone(), json!({ "anyOf": [schema, { "type": "null", "description": "Takes it back." }] }))
    });
    put("SiteChange", object(&[], change.collect::<Map<_, _>>().into()));
    let at = |what: &str| json!({ "type": ["integer", "null"], "description": format!("{what}: milliseconds since 1970, or never.") });
    let key = json!({
        "id": { "type": "string" },
        "kind": one_of(Kind::ALL.map(|(name, _)| name)),
        "name": { "type": "string" },
        "made_ms": { "type": "integer" },
        "expires_ms": at("When it counts no more"),
        "used_ms": at("When it was last used, to the minute"),
    });
    let names = ["id", "kind", "name", "made_ms", "expires_ms", "used_ms"];
    put("Key", object(&names, key.clone()));
    let mut made = key;
    made["key"] = json!({ "type": "string", "description": "Shown now and never again." });
    made["link"] = json!({ "type": "string", "description": "Of a share link: where it shows the site." });
    put("MadeKey", object(&["key", "id", "kind", "name", "made_ms", "expires_ms", "used_ms"], made));
    let common = json!({ "name": { "type": "string" }, "expires_ms": { "type": "integer" } });
    let mut of_site = common.clone();
    of_site["kind"] = one_of(OF_SITE);
    put("NewSiteKey", object(&["kind", "name"], of_site));
    put("NewKey", object(&["name"], common));
    let text = json!({ "type": "string" });
    let change = json!({ "at_ms": { "type": "integer" }, "who": text, "action": text, "what": text });
    put("Change", object(&["at_ms", "who", "action", "what"], change));
    let reach = one_of(["look", "read", "admin"]);
    let asked = json!({ "site_id": { "type": "string", "description": "Needed unless the reach is \"admin\"." }, "reach": reach });
    put("TokenQuestion", object(&[], asked));
    let given = json!({
        "token": text,
        "expires_ms": { "type": "integer", "description": "Milliseconds since 1970, by the collector's clock." },
        "expires_in_ms": { "type": "integer", "description": "For how long it counts from now on, to the second." },
        "site_id": text,
        "reach": reach,
    });
    put("TokenAnswer", object(&["token", "expires_ms", "expires_in_ms", "site_id", "reach"], given));
}

/// A setting's schema.
fn setting(name: &str) -> Value {
    let texts = json!({ "type": "array", "items": { "type": "string" }, "maxItems": 100 });
    let described = |mut schema: Value, text: &str| {
        schema["description"] = json!(text);
        schema
    };
    let truth = json!({ "type": "boolean" });
    match name {
        "hosts" => described(
            texts,
            "Hosts whose pages count; \"*.example.com\" for all below one, \"*\" for any; none: any but localhost.",
        ),
        "time_zone" => described(json!({ "type": "string" }), "IANA; whose days and hours reports are in."),
        "count_bots" => described(truth, "Whether programs count like people."),
        "aliases" => described(texts, "What other analytics' clients call the site."),
        "shards" => json!({ "type": "integer", "enum": SHARDS, "description": "Settled when the site is made." }),
        "retention_days" => {
            let range = (RETENTION_DAYS.start(), RETENTION_DAYS.end());
            json!({ "type": "integer", "minimum": range.0, "maximum": range.1, "description": "Without: visits are kept." })
        }
        "batches_per_minute" | "batches_per_minute_of_address" => {
            let (least, most) = (BATCHES_PER_MINUTE.start(), BATCHES_PER_MINUTE.end());
            let text = "What an isolate takes; more is answered 429. 0: without bound.";
            json!({ "type": "integer", "minimum": least, "maximum": most, "description": text })
        }
        "filters" => described(
            json!({ "allOf": [reference("Filters")] }),
            "What all questions about the site are asked with, too.",
        ),
        "goals" | "segments" | "funnels" | "annotations" => {
            json!({ "type": "object", "additionalProperties": super::saved::value(name) })
        }
        "origins" => described(texts, "Origins whose pages may read the site with a key: https://dashboard.example."),
        "public" => described(truth, "Whether anybody may look at the site's reports."),
        _ => json!({}),
    }
}

pub(super) fn paths(to: &mut Map<String, Value>) {
    let site = json!({ "name": "site", "in": "path", "required": true, "schema": { "type": "string" } });
    let key = json!({ "name": "key", "in": "path", "required": true, "schema": { "type": "string" } });
    let list = |of: &str| {
        let results = json!({ "results": { "type": "array", "items": reference(of) } });
        object(&["results"], results)
    };
    let get = |id: &str, summary: &str, answer: Value| operation(id, summary, answer);
    let with_body = |mut operation: Value, body: &str| {
        let content = json!({ "application/json": { "schema": reference(body) } });
        operation["requestBody"] = json!({ "required": true, "content": content });
        operation
    };
    let at = |mut operation: Value, status: &str| {
        let answer = operation["responses"]["200"].take();
        operation["responses"] = json!({ status: answer, "default": super::problems() });
        operation
    };
    let nothing = |id: &str, summary: &str| {
        let mut operation = operation(id, summary, json!({}));
        operation["responses"] = json!({ "204": { "description": "Done" }, "default": super::problems() });
        operation
    };
    let mut put = |path: &str, parameters: &[&Value], operations: Value| {
        let mut operations = operations;
        for operation in operations.as_object_mut().into_iter().flat_map(Map::values_mut) {
            if !parameters.is_empty() {
                operation["parameters"] = json!(parameters);
            }
        }
        to.insert(format!("/api/v1/{path}"), operations);
    };
    put(
        "sites",
        &[],
        json!({
            "get": get("sites", "The sites", list("Site")),
            "post": at(with_body(get("make_site", "Makes a site", reference("Site")), "NewSite"), "201"),
        }),
    );
    let deleted =
        object(&["site_id", "state"], json!({ "site_id": { "type": "string" }, "state": one_of(["emptying"]) }));
    let delete = at(
        get("delete_site", "Refuses a site's events from now on, and deletes all that is stored of it", deleted),
        "202",
    );
    put(
        "sites/{site}",
        &[&site],
        json!({
            "get": get("site", "A site's settings", reference("Site")),
            "patch": with_body(get("change_site", "Changes the settings that are given", reference("Site")), "SiteChange"),
            "delete": delete,
        }),
    );
    put(
        "sites/{site}/keys",
        &[&site],
        json!({
            "get": get("site_keys", "A site's keys and share links", list("Key")),
            "post": at(with_body(get("make_site_key", "Makes a key or a share link", reference("MadeKey")), "NewSiteKey"), "201"),
        }),
    );
    put(
        "sites/{site}/keys/{key}",
        &[&site, &key],
        json!({ "delete": nothing("revoke_site_key", "Revokes a key of a site") }),
    );
    put(
        "sites/{site}/audit",
        &[&site],
        json!({
            "get": get("site_audit", "What was changed of a site, the newest first", list("Change")),
        }),
    );
    put(
        "keys",
        &[],
        json!({
            "get": get("keys", "The account's keys", list("Key")),
            "post": at(with_body(get("make_key", "Makes a key that may do everything", reference("MadeKey")), "NewKey"), "201"),
        }),
    );
    put("keys/{key}", &[&key], json!({ "delete": nothing("revoke_key", "Revokes one of the account's keys") }));
    put(
        "audit",
        &[],
        json!({
            "get": get("audit", "What was changed of the account, the newest first", list("Change")),
        }),
    );
    let mut token = with_body(
        get("token", "Exchanges a key or a share link for a token of some minutes", reference("TokenAnswer")),
        "TokenQuestion",
    );
    token["security"] = json!([{ "key": [] }, {}]);
    put("token", &[], json!({ "post": token }));
}
