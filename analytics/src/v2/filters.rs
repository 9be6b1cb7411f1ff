//! Filters: `["is", "visit:source", ["Google"]]`, `["or", [...]]`, `["has_done", ...]`.

use core::ops::RangeInclusive;

use super::countries::{COUNTRY_NAME, codes};
use super::{MAX_CONDITIONS, MAX_DEPTH, MAX_EXPRESSIONS, MAX_VALUE_BYTES, MAX_VALUES};
use crate::ask::{BadField, Field, Read};
use crate::dimension::{Dimension, EventDimension, TimeDimension};
use crate::filter::{Clause, Expr, Matcher, Pattern};
use crate::goal::Goal;
use crate::known::Known;

/// A question's filters, all of which must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filters {
    /// Them.
    pub all: Vec<Expr>,
    /// Those of them that do not say what a visitor did for a goal: what conversions are measured against.
    pub without_goals: Vec<Expr>,
    /// The goals that they name.
    pub goals: Vec<Goal>,
    /// Whether some are about goals.
    pub by_goal: bool,
    /// Whether some are about the event's page.
    pub by_page: bool,
}

/// Every operator, as refusals list them.
pub const OPERATORS: [&str; 11] = [
    "is",
    "is_not",
    "contains",
    "contains_not",
    "matches",
    "matches_not",
    "and",
    "or",
    "not",
    "has_done",
    "has_not_done",
];

/// What saved segments are named by.
const SEGMENT: &str = "segment";

/// Names of dimensions that only v2 has.
pub const MORE: [&str; 3] = ["event:goal", COUNTRY_NAME, "visit:city_name"];

/// Reads a list of filters about the site that is `known`.
///
/// # Errors
/// What is not known or too much, with its place.
pub fn filters(field: &Field, known: Known) -> Read<Filters> {
    let mut reader =
        Reader { known, in_segment: false, conditions: 0, values: 0, expressions: 0, found: Filters::default() };
    for item in list(field, 0..=MAX_CONDITIONS, "max_conditions")? {
        let mut about_goals = false;
        let expr = reader.expr(&item, 1, false, &mut about_goals)?;
        if !about_goals {
            reader.found.without_goals.push(expr.clone());
        }
        reader.found.all.push(expr);
    }
    Ok(reader.found)
}

/// A list; one that is too long breaks the limit of this name.
fn list<'j>(field: &Field<'j>, count: RangeInclusive<usize>, limit: &str) -> Read<Vec<Field<'j>>> {
    let is_too_long = field.value().as_array().is_some_and(|list| list.len() > *count.end());
    let named = |error: BadField| BadField { problem: format!("{limit}: {}", error.problem), ..error };
    field.list(count).map_err(|error| if is_too_long { named(error) } else { error })
}

struct Reader<'s> {
    known: Known<'s>,
    /// Whether a saved segment is being read.
    in_segment: bool,
    conditions: usize,
    values: usize,
    expressions: usize,
    found: Filters,
}

impl Reader<'_> {
    /// `within`: in has_done. `about_goals` becomes true where a condition is on goals or properties.
    fn expr(&mut self, field: &Field, depth: usize, within: bool, about_goals: &mut bool) -> Read<Expr> {
        if depth > MAX_DEPTH {
            return Err(field.wrong(format!("max_depth: nested more than {MAX_DEPTH} deep")));
        }
        let parts = field.list(2..=4)?;
        let [operator, operands @ ..] = parts.as_slice() else { return Err(field.wrong("an operator is needed")) };
        let count = |needed: usize| {
            let is_right = operands.len() == needed;
            is_right.then_some(()).ok_or_else(|| field.wrong(format!("this operator takes {needed} operand(s)")))
        };
        let name = operator.value().as_str().ok_or_else(|| operator.not_among(OPERATORS))?;
        match name {
            "and" | "or" => {
                count(1)?;
                let items = list(&operands[0], 1..=MAX_CONDITIONS, "max_conditions")?;
                let parts = items.iter().map(|item| self.expr(item, depth + 1, within, about_goals));
                let parts = parts.collect::<Result<_, _>>()?;
                Ok(if name == "and" { Expr::All(parts) } else { Expr::Any(parts) })
            }
            "not" => {
                count(1)?;
                Ok(Expr::Not(Box::new(self.expr(&operands[0], depth + 1, within, about_goals)?)))
            }
            "has_done" | "has_not_done" => {
                count(1)?;
                if within {
                    return Err(operator.wrong("has_done and has_not_done cannot be nested"));
                }
                // What else a visit did neither makes a goal of the question nor scopes it to a page.
                let outer = (self.found.by_goal, self.found.by_page, self.found.goals.len());
                let inner = self.expr(&operands[0], depth + 1, true, &mut false)?;
                (self.found.by_goal, self.found.by_page) = (outer.0, outer.1);
                self.found.goals.truncate(outer.2);
                if !inner.is_about_events() {
                    return Err(operands[0].wrong("what was done is an event: a dimension event:… is needed"));
                }
                let done = Expr::Done(Box::new(inner));
                Ok(if name == "has_done" { done } else { Expr::Not(Box::new(done)) })
            }
            _ if OPERATORS.contains(&name) => self.condition(field, name, operator, operands, about_goals),
            _ => Err(operator.not_among(OPERATORS)),
        }
    }

    fn condition(
        &mut self,
        field: &Field,
        name: &str,
        operator: &Field,
        operands: &[Field],
        about_goals: &mut bool,
    ) -> Read<Expr> {
        self.conditions += 1;
        if self.conditions > MAX_CONDITIONS {
            return Err(field.wrong(format!("max_conditions: more than {MAX_CONDITIONS}")));
        }
        let (dimension, values, modifiers) = match operands {
            [dimension, values] => (dimension, values, None),
            [dimension, values, modifiers] => (dimension, values, Some(modifiers)),
            _ => return Err(field.wrong("a condition is [operator, dimension, values]")),
        };
        let label = dimension.text(MAX_VALUE_BYTES)?;
        let (kind, negated) = name.strip_suffix("_not").map_or((name, false), |kind| (kind, true));
        let any_case = match modifiers {
            None => false,
            Some(modifiers) if kind == "matches" => {
                return Err(modifiers.wrong("matches takes no modifiers; begin the expression with (?i)"));
            }
            Some(modifiers) => {
                let given = modifiers.object(&["case_sensitive"])?;
                !given.get("case_sensitive").map_or(Ok(true), |field| field.truth())?
            }
        };
        if label == "event:goal" {
            if !matches!(name, "is" | "contains") {
                return Err(operator.not_among(["is", "contains"]));
            }
            let values = self.texts(values)?;
            *about_goals = true;
            return self.goals(kind, &values, any_case);
        }
        if label == SEGMENT {
            return self.segments(field, operator, dimension, values, about_goals);
        }
        let subject = subject(dimension, label)?;
        let mut patterns = Vec::new();
        for (text, at) in self.texts(values)? {
            patterns.push(match kind {
                "is" => Pattern::Is(text.to_owned()),
                "contains" => Pattern::Contains(text.to_owned()),
                _ => {
                    self.expressions += 1;
                    if self.expressions > MAX_EXPRESSIONS {
                        return Err(at.wrong(format!("max_expressions: more than {MAX_EXPRESSIONS}")));
                    }
                    Pattern::regex(text).map_err(|error| at.wrong(format!("no regular expression: {error}")))?
                }
            });
        }
        *about_goals |= matches!(subject, Dimension::Property(_));
        self.found.by_page |= subject == Dimension::Event(EventDimension::Page);
        let mut clause = Clause { dimension: subject, negated, any_case, patterns };
        if label == COUNTRY_NAME {
            clause = Clause { patterns: codes(&clause), any_case: false, ..clause };
        }
        let by_host = clause.dimension == Dimension::Event(EventDimension::Hostname);
        // The site's own host is stored as nothing.
        if by_host && Matcher::of(&Clause { negated: false, ..clause.clone() }).holds(self.known.site) {
            clause.patterns.push(Pattern::Is(String::new()));
        }
        Ok(Expr::Clause(clause))
    }

    fn goals(&mut self, kind: &str, names: &[(&str, Field)], any_case: bool) -> Read<Expr> {
        self.found.by_goal = true;
        let known = self.known;
        let mut reached = Vec::new();
        for (name, at) in names {
            if kind == "is" {
                let goal = known.goal(name, at)?;
                reached.push(goal.reached(any_case));
                self.found.goals.push(goal);
            } else {
                let folded = |text: &str| if any_case { text.to_lowercase() } else { text.to_owned() };
                let part = folded(name);
                for saved in known.goal_names().filter(|goal| folded(goal).contains(&part)) {
                    reached.push(known.goal(saved, at)?.reached(any_case));
                }
                reached.push(Goal::reached_containing(name, any_case));
            }
        }
        Ok(Expr::Any(reached))
    }

    /// Some of the site's segments: `["is", "segment", ["Buyers"]]`.
    fn segments(
        &mut self,
        field: &Field,
        operator: &Field,
        dimension: &Field,
        names: &Field,
        about_goals: &mut bool,
    ) -> Read<Expr> {
        if operator.value().as_str() != Some("is") {
            return Err(operator.not_among(["is"]));
        }
        if self.in_segment {
            return Err(field.wrong("a segment is made of no other segments"));
        }
        if self.known.segment_names().next().is_none() {
            return Err(dimension.wrong("this site's settings have no segments"));
        }
        let mut any = Vec::new();
        for asked in list(names, 1..=MAX_CONDITIONS, "max_conditions")? {
            // Plausible numbers its segments.
            let name = match asked.value().as_u64() {
                Some(number) => number.to_string(),
                None => asked.text(MAX_VALUE_BYTES)?.to_owned(),
            };
            let saved = self.known.segment(&name).ok_or_else(|| asked.not_among(self.known.segment_names()))?;
            self.in_segment = true;
            let parts = Field::body(saved).list(0..=MAX_CONDITIONS);
            let parts =
                parts.and_then(|parts| parts.iter().map(|part| self.expr(part, 2, false, about_goals)).collect());
            self.in_segment = false;
            let wrong = |error| asked.wrong(format!("the settings' segment \"{name}\" is wrong: {error}"));
            any.push(Expr::All(parts.map_err(wrong)?));
        }
        Ok(Expr::Any(any))
    }

    /// The values of a condition, and where they stand.
    fn texts<'j>(&mut self, field: &Field<'j>) -> Read<Vec<(&'j str, Field<'j>)>> {
        let items = list(field, 1..=MAX_VALUES, "max_values")?;
        self.values += items.len();
        if self.values > MAX_VALUES {
            return Err(field.wrong(format!("max_values: more than {MAX_VALUES} in all")));
        }
        items.into_iter().map(|item| Ok((item.text(MAX_VALUE_BYTES)?, item))).collect()
    }
}

fn subject(field: &Field, label: &str) -> Read<Dimension> {
    if label == "time" || TimeDimension::ALL.iter().any(|known| known.label() == label) {
        return Err(field.wrong("time is no dimension to filter by; use date_range"));
    }
    refuse_region_name(field, label)?;
    named(label).ok_or_else(|| field.not_among(Dimension::properties().chain(MORE).chain(["event:props:…"])))
}

/// Plausible's regions have names, too. Ours do not: that takes a table of thousands in the Worker.
pub(super) fn refuse_region_name(field: &Field, label: &str) -> Read<()> {
    if label == "visit:region_name" {
        return Err(field.wrong("regions are known by their codes (ISO 3166-2): use visit:region"));
    }
    Ok(())
}

/// The dimension of a visit or event with this name, as v2 has them.
pub(super) fn named(label: &str) -> Option<Dimension> {
    Dimension::property(match label {
        COUNTRY_NAME => "visit:country",
        // A city is known by its name alone.
        "visit:city_name" => "visit:city",
        label => label,
    })
}
