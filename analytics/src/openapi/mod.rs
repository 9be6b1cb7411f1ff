//! The HTTP API as an OpenAPI 3.1 document, and as types of TypeScript, read off the types and lists that the collector
//! itself works with. Made when the project is built (`make api`) and served as it is, so the Worker holds no code of
//! this.

mod account;
mod answers;
mod collect;
mod import;
mod live;
mod options;
mod privacy;
mod query;
mod saved;
mod schema;
mod typescript;

use serde_json::{Map, Value, json};

use crate::ask::REPORTS;
use crate::outcome::RequestError;
use crate::v1::{Endpoint, OUTCOME_INTERVALS, OUTCOME_PARAMETERS};
use schema::{object, one_of, reference};
pub use typescript::types;

/// The document.
#[must_use]
pub fn document() -> Value {
    let mut schemas = Map::new();
    collect::schemas(&mut schemas);
    query::schemas(&mut schemas);
    answers::schemas(&mut schemas);
    account::schemas(&mut schemas);
    saved::schemas(&mut schemas);
    import::schemas(&mut schemas);
    privacy::schemas(&mut schemas);
    schemas.insert("Problem".to_owned(), problem());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Passerby",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Web analytics at the edge: batches of events in, answers about them out.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "paths": paths(),
        "components": {
            "schemas": schemas,
            "securitySchemes": { "key": { "type": "http", "scheme": "bearer" } },
        },
    })
}

fn paths() -> Map<String, Value> {
    let mut paths = Map::new();
    paths.insert("/e".to_owned(), json!({ "post": collect::operation() }));
    paths.insert(
        "/api/v2/query".to_owned(),
        json!({ "post": asked("query", "A question in Plausible's Stats API v2", "Query", reference("Answer")) }),
    );
    for report in REPORTS {
        let name = format!("{}Question", capitalised(report.name));
        let operation =
            asked(report.name, &format!("The report \"{}\"", report.name), &name, results(&answers::name(report.name)));
        paths.insert(format!("/api/v1/{}", report.name), json!({ "post": operation }));
    }
    for (path, endpoint) in Endpoint::PATHS {
        let answer = query::v1_answer(*endpoint);
        let parameters: Vec<Value> = endpoint.parameters().iter().map(|name| query::v1_parameter(name)).collect();
        let mut operation =
            operation(&format!("stats_{}", path.replace('/', "_")), "A question in Plausible's Stats API v1", answer);
        operation["parameters"] = parameters.into();
        paths.insert(format!("/api/v1/stats/{path}"), json!({ "get": operation }));
    }
    let mut outcomes =
        operation("outcomes", "What became of what was sent, counted by name", reference("OutcomesAnswer"));
    let mut parameters: Vec<Value> = OUTCOME_PARAMETERS.iter().map(|name| query::v1_parameter(name)).collect();
    parameters[0] = json!({ "name": "site_id", "in": "query", "schema": { "type": "string" },
        "description": "Without it, the requests that belong to no site." });
    parameters[3]["schema"] = one_of(OUTCOME_INTERVALS.map(|(name, _)| name));
    outcomes["parameters"] = parameters.into();
    paths.insert("/api/v1/outcomes".to_owned(), json!({ "get": outcomes }));
    paths.insert("/api/v1/live".to_owned(), json!({ "get": live::operation() }));
    let mut rejects =
        operation("rejects", "Events that were refused in the last seven days", reference("RejectsAnswer"));
    rejects["parameters"] = json!([query::v1_parameter("site_id")]);
    paths.insert("/api/v1/rejects".to_owned(), json!({ "get": rejects }));
    let mut storage =
        operation("storage", "How large a site's shards are, and how many rows they wrote", reference("StorageAnswer"));
    storage["parameters"] = json!([query::v1_parameter("site_id")]);
    paths.insert("/api/v1/storage".to_owned(), json!({ "get": storage }));
    account::paths(&mut paths);
    saved::paths(&mut paths);
    paths.insert("/api/v1/sites/{site}/import".to_owned(), json!({ "post": import::operation() }));
    let id =
        privacy::named("id", "path", "The visitor's own id: 32 hex digits, as the tracker keeps it at passerby.id.");
    let of_visitor = privacy::operations("visitor", "the visitor with an id of their own", &id);
    paths.insert("/api/v1/visitors/{id}".to_owned(), of_visitor);
    let user = privacy::named("user_id", "query", "The site's own id of the user.");
    paths.insert("/api/v1/visitors".to_owned(), privacy::operations("user", "one of the site's users", &user));
    let document = json!({ "type": "object" });
    let mut this = operation("openapi", "This document", document);
    this["security"] = json!([]);
    paths.insert("/api/openapi.json".to_owned(), json!({ "get": this }));
    paths
}

/// A report's answer.
fn results(answer: &str) -> Value {
    object(&["results"], json!({ "results": reference(answer), "meta": query::meta_of_days() }))
}

/// A read with the key, answered by JSON or a problem.
fn operation(id: &str, summary: &str, answer: Value) -> Value {
    json!({
        "operationId": id,
        "summary": summary,
        "security": [{ "key": [] }],
        "responses": {
            "200": { "description": "The answer", "content": { "application/json": { "schema": answer } } },
            "default": problems(),
        },
    })
}

fn asked(id: &str, summary: &str, question: &str, answer: Value) -> Value {
    let mut operation = operation(id, summary, answer);
    let content = json!({ "application/json": { "schema": reference(question) } });
    operation["requestBody"] = json!({ "required": true, "content": content });
    operation
}

fn problems() -> Value {
    let content = json!({ "application/problem+json": { "schema": reference("Problem") } });
    json!({ "description": "A refusal, after RFC 9457", "content": content })
}

fn problem() -> Value {
    let types: Vec<String> =
        RequestError::ALL.iter().map(|error| format!("urn:passerby:problem:{}", error.label())).collect();
    let mut statuses: Vec<u16> = RequestError::ALL.iter().map(|error| error.status()).collect();
    statuses.sort_unstable();
    statuses.dedup();
    let text = |description: &str| json!({ "type": "string", "description": description });
    let limit = object(
        &["name", "allowed", "found"],
        json!({ "name": { "type": "string" }, "allowed": { "type": "integer" }, "found": { "type": "integer" } }),
    );
    object(
        &["type", "title", "status"],
        json!({
            "type": { "type": "string", "enum": types },
            "title": { "type": "string" },
            "status": { "type": "integer", "enum": statuses },
            "detail": text("What is wrong with this very request."),
            "parameter": text("The query parameter that is wrong."),
            "path": text("The place in the body that is wrong: filters[0][1]."),
            "allowed": { "type": "array", "items": { "type": "string" }, "description": "What it may be." },
            "limit": limit,
        }),
    )
}

fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}
