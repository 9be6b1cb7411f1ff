//! What the reports answer, from the types themselves.

use schemars::generate::{SchemaGenerator, SchemaSettings};
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value};

use crate::live::Frame;
use crate::report::Report;
use crate::report::errors::Errors;
use crate::report::exits::Exits;
use crate::report::forms::Forms;
use crate::report::funnel::Funnel;
use crate::report::goals::Goals;
use crate::report::heatmap::Heatmap;
use crate::report::journey::Journey;
use crate::report::links::Links;
use crate::report::properties::Properties;
use crate::report::recent::Recent;
use crate::report::retention::Retention;
use crate::report::revenue::Revenue;
use crate::report::scroll::Scroll;
use crate::report::search::Search;
use crate::report::vitals::Vitals;

/// What the report of this route answers; `None`: it is missing here.
fn answer(report: &str, types: &mut SchemaGenerator) -> Option<Schema> {
    fn of<R: Report<Answer: JsonSchema>>(types: &mut SchemaGenerator) -> Schema {
        R::Answer::json_schema(types)
    }
    Some(match report {
        "funnel" => of::<Funnel>(types),
        "retention" => of::<Retention>(types),
        "journey" => of::<Journey>(types),
        "exits" => of::<Exits>(types),
        "scroll" => of::<Scroll>(types),
        "heatmap" => of::<Heatmap>(types),
        "forms" => of::<Forms>(types),
        "properties" => of::<Properties>(types),
        "goals" => of::<Goals>(types),
        "search" => of::<Search>(types),
        "links" => of::<Links>(types),
        "vitals" => of::<Vitals>(types),
        "errors" => of::<Errors>(types),
        "revenue" => of::<Revenue>(types),
        "events" => of::<Recent>(types),
        _ => return None,
    })
}

/// The name of a report's answer.
pub(super) fn name(report: &str) -> String {
    format!("{}Answer", super::capitalised(report))
}

/// Each report's answer, and the types that they are made of.
pub(super) fn schemas(to: &mut Map<String, Value>) {
    let mut settings = SchemaSettings::draft2020_12().for_serialize();
    settings.definitions_path = "/components/schemas".into();
    let mut types = settings.into_generator();
    let mut answers = Map::new();
    for report in crate::ask::REPORTS {
        let schema = answer(report.name, &mut types).map(Value::from);
        answers.extend(schema.map(|schema| (name(report.name), schema)));
    }
    types.subschema_for::<Frame<'_>>();
    to.extend(types.take_definitions(true));
    to.extend(answers);
}
