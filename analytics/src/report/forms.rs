//! Forms: how often each is begun, sent and given up, and at which field.

use std::collections::HashMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ranking::{Count, Listed};
use super::scope::Scope;
use super::{Report, percent};
use crate::query::Range;
use crate::segment::{Detail, Segment, kind_number};

/// The report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forms {
    /// About which events.
    pub scope: Scope,
    /// How many forms are shown.
    pub limit: usize,
}

/// What happened to a form.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Tally {
    started: Count,
    submitted: Count,
    abandoned: Count,
    /// How often each field was the last.
    last_fields: HashMap<String, u64>,
}

/// A form of the answer.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Form {
    /// Its name.
    pub form: String,
    /// How often its first field was touched.
    pub starts: u64,
    /// By how many visitors.
    pub visitors: u64,
    /// How often it went through.
    pub submits: u64,
    /// For how many visitors.
    pub submitters: u64,
    /// How often it was touched and left.
    pub abandons: u64,
    /// Percent of the visitors who began it for whom it went through.
    pub completion_rate: Option<f64>,
    /// Percent of its starts that were given up.
    pub abandon_rate: Option<f64>,
    /// The fields at which it was given up, most frequent first.
    pub last_fields: Vec<LastField>,
}

/// A field at which a form was given up.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct LastField {
    /// Its name; empty where it must not be named.
    pub field: String,
    /// How often.
    pub abandons: u64,
    /// Percent of the form's.
    pub share: Option<f64>,
}

impl Tally {
    fn merge(&mut self, other: Self) {
        self.started.merge(other.started);
        self.submitted.merge(other.submitted);
        self.abandoned.merge(other.abandoned);
        other.last_fields.into_iter().for_each(|(field, count)| *self.last_fields.entry(field).or_default() += count);
    }
}

impl Report for Forms {
    type Partial = HashMap<String, Tally>;
    /// Forms with the most starts first. `other` counts starts.
    type Answer = Listed<Form>;

    fn range(&self) -> Range {
        self.scope.range
    }

    fn fold(&self, into: &mut Self::Partial, segment: &Segment) {
        let walk = self.scope.walk(segment);
        let [start, submit, abandon] = ["form_start", "form_submit", "form_abandon"].map(kind_number);
        let (started, submitted) = (walk.detail(Detail::StartedForm), walk.detail(Detail::SubmittedForm));
        let (abandoned, fields) = (walk.detail(Detail::AbandonedForm), walk.detail(Detail::AbandonedField));
        for visit in walk.visits() {
            for event in walk.taken(visit) {
                let kind = walk.kinds[event];
                let form = match kind {
                    kind if kind == start => started[event],
                    kind if kind == submit => submitted[event],
                    kind if kind == abandon => abandoned[event],
                    _ => continue,
                };
                let tally = into.entry(segment.string(form).to_owned()).or_default();
                if kind == start {
                    tally.started.see(visit.visitor);
                } else if kind == submit {
                    tally.submitted.see(visit.visitor);
                } else {
                    tally.abandoned.see(visit.visitor);
                    *tally.last_fields.entry(segment.string(fields[event]).to_owned()).or_default() += 1;
                }
            }
        }
    }

    fn merge(into: &mut Self::Partial, other: Self::Partial) {
        other.into_iter().for_each(|(form, tally)| into.entry(form).or_default().merge(tally));
    }

    fn seal(partial: &mut Self::Partial) {
        for tally in partial.values_mut() {
            for count in [&mut tally.started, &mut tally.submitted, &mut tally.abandoned] {
                count.visitors.seal();
            }
        }
    }

    fn finish(&self, partial: Self::Partial) -> Self::Answer {
        let mut forms: Vec<(String, Tally)> = partial.into_iter().collect();
        forms.sort_by(|a, b| b.1.started.events.cmp(&a.1.started.events).then_with(|| a.0.cmp(&b.0)));
        let (total, other) = (forms.len(), forms.iter().skip(self.limit).map(|form| form.1.started.events).sum());
        let row = |(form, mut tally): (String, Tally)| {
            let mut fields: Vec<(String, u64)> = tally.last_fields.into_iter().collect();
            fields.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            let (starts, abandons) = (tally.started.events, tally.abandoned.events);
            let (visitors, submitters) = (tally.started.visitors.count(), tally.submitted.visitors.count());
            let field = |(field, count)| LastField { field, abandons: count, share: percent(count, abandons) };
            Form {
                form,
                starts,
                visitors,
                submits: tally.submitted.events,
                submitters,
                abandons,
                completion_rate: percent(submitters, visitors),
                abandon_rate: percent(abandons, starts),
                last_fields: fields.into_iter().take(self.limit).map(field).collect(),
            }
        };
        Listed { rows: forms.into_iter().take(self.limit).map(row).collect(), total, other }
    }
}
