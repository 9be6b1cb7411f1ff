//! The reports' own questions.

use serde_json::{Map, Value, json};

use super::schema::{object, one_of, reference};
use crate::ask::{MAX_BRANCHES, MAX_LIMIT, MAX_PATTERNS, REPORTS};
use crate::dimension::VisitDimension;
use crate::report::funnel::STEPS;
use crate::report::heatmap::{MAX_COLUMNS, MAX_ROWS};
use crate::report::journey::MAX_DEPTH;
use crate::report::target::MAX_TARGETS;

/// Options without which there is no question.
const NEEDED: [(&str, &str); 1] = [("heatmap", "page")];

pub(super) fn schemas(to: &mut Map<String, Value>) {
    let text = json!({ "type": "string" });
    let patterns = json!({ "anyOf": [text, { "type": "array", "items": text, "maxItems": MAX_PATTERNS }] });
    to.insert("Patterns".to_owned(), patterns);
    let wanted = json!({ "anyOf": [reference("Patterns"), { "type": "number" }, { "type": "boolean" }] });
    let target = json!({
        "page": reference("Patterns"),
        "event": reference("Patterns"),
        "goal": { "type": "string", "description": "One of the site's goals, instead of page and event." },
        "props": { "type": "object", "additionalProperties": wanted },
        "filters": reference("Filters"),
        "name": { "type": "string" },
    });
    to.insert("Target".to_owned(), object(&[], target));
    for report in REPORTS {
        let mut properties = json!({
            "site_id": { "type": "string" },
            "date_range": reference("DateRange"),
            "filters": reference("Filters"),
        });
        report.options.iter().for_each(|option| properties[*option] = option_of(report.name, option));
        let needed = NEEDED.iter().filter(|(name, _)| *name == report.name).map(|(_, option)| *option);
        let required: Vec<&str> = ["site_id", "date_range"].into_iter().chain(needed).collect();
        to.insert(format!("{}Question", super::capitalised(report.name)), object(&required, properties));
    }
}

fn option_of(report: &str, option: &str) -> Value {
    let whole = |most: u64| json!({ "type": "integer", "minimum": 1, "maximum": most });
    let targets = |least: usize, most: usize| json!({ "type": "array", "items": reference("Target"), "minItems": least, "maxItems": most });
    let with_visits = |names: &[&'static str]| {
        one_of(names.iter().copied().chain(VisitDimension::ALL.iter().map(|dimension| dimension.label())))
    };
    match (report, option) {
        ("funnel", "funnel") => {
            json!({ "type": "string", "description": "One that is saved, instead of steps, order, by and window." })
        }
        ("funnel", "steps") => targets(*STEPS.start(), *STEPS.end()),
        ("funnel", "order") => one_of(["ordered", "strict"]),
        ("funnel", "by") => one_of(["visitor", "session"]),
        ("funnel", "window") => json!({ "type": "string", "description": "30m, 24h, 14d" }),
        ("retention", "by") => one_of(["day", "week", "month"]),
        ("retention", "of") => one_of(["visitors", "people", "users"]),
        ("journey", "from") => reference("Target"),
        ("journey", "direction") => one_of(["after", "before"]),
        ("journey", "depth") => whole(MAX_DEPTH as u64),
        ("journey", "steps") => one_of(["pages", "events", "all"]),
        ("journey", "limit") => whole(MAX_BRANCHES),
        ("heatmap", "page") | ("properties", "event") => reference("Patterns"),
        ("heatmap", "columns") => whole(MAX_COLUMNS),
        ("heatmap", "rows") => whole(MAX_ROWS),
        ("properties", "key") => json!({ "type": "string" }),
        ("goals", "goals") => targets(1, MAX_TARGETS),
        ("links", "kind") => one_of(["all", "outbound", "download"]),
        ("vitals", "by") => with_visits(&["nothing", "event:page"]),
        ("revenue", "by") => with_visits(&["nothing", "product", "event:page"]),
        ("events", "visitor") => json!({ "type": "string", "description": "A visitor's handle, as answers have it." }),
        (_, "limit") => whole(MAX_LIMIT),
        _ => json!({}),
    }
}
