//! What was kept elsewhere.

use passerby_protocol::Reason;
use serde_json::{Map, Value, json};

use super::schema::{object, one_of, reference};
use super::{asked, privacy};
use crate::import::{MAX_DAYS, MAX_RECORDS};

pub(super) fn schemas(to: &mut Map<String, Value>) {
    let text = |description: &str| json!({ "type": "string", "description": description });
    let request = json!({
        "user_agent": text("The header."),
        "country": text("ISO 3166-1: KR."),
        "region": text("ISO 3166-2: KR-11."),
        "city": text("Seoul."),
    });
    let record = object(&["batch"], json!({ "request": object(&[], request), "batch": reference("Batch") }));
    to.insert("ImportRecord".to_owned(), record);
    let records = json!({ "type": "array", "items": reference("ImportRecord"), "maxItems": MAX_RECORDS });
    to.insert("Import".to_owned(), object(&["records"], json!({ "records": records })));
    let whole = json!({ "type": "integer" });
    let reason = one_of(Reason::ALL.iter().map(|reason| reason.label()));
    let refusal = object(&["record", "index", "reason"], json!({ "record": whole, "index": whole, "reason": reason }));
    let imported = json!({ "accepted": whole, "duplicate": whole, "refused": { "type": "array", "items": refusal } });
    to.insert("Imported".to_owned(), object(&["accepted", "duplicate", "refused"], imported));
}

pub(super) fn operation() -> Value {
    let summary =
        "Takes in batches that were kept elsewhere, each of whose events counts once however often it is sent";
    let mut operation = asked("import", summary, "Import", reference("Imported"));
    let description = format!(
        "A batch is as it was sent, at `sent_at_ms`; `visitor` is needed, `site` and `ticket` count for nothing. \
         Events may be as old as the site keeps visits, and at most {MAX_DAYS} days. A day takes events in until nothing \
         of it came for three days; then it is packed, and what comes for it is refused as too_old."
    );
    operation["description"] = description.into();
    operation["parameters"] = json!([privacy::named("site", "path", "The site's name.")]);
    operation
}
