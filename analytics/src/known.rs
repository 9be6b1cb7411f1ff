//! What is known of a site when its questions are read: its name, and the goals and segments that its settings keep by name,
//! each in the form in which a question has them.

use serde_json::{Map, Value};

use crate::ask::{BadField, Field, Read, funnel_of, target};
use crate::filter::Expr;
use crate::goal::Goal;
use crate::report::target::Target;
use crate::v2;

/// A site, as questions may name it and what is saved of it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'s> {
    /// The site's name, which is also that of its host.
    pub site: &'s str,
    /// `{"Newsletter": {"event": "Signup", "props": {"list": "news"}}}`: each a page or an event, as a funnel's steps are.
    pub goals: Option<&'s Map<String, Value>>,
    /// `{"Buyers": [["has_done", ["is", "event:name", ["order"]]]]}`: each a list of filters.
    pub segments: Option<&'s Map<String, Value>>,
    /// `{"Checkout": {"steps": [{"page": "/cart"}, {"event": "order"}]}}`: each as a question about a funnel has it.
    pub funnels: Option<&'s Map<String, Value>>,
    /// Filters of every question: a list as a question has it.
    pub filters: Option<&'s Value>,
}

impl<'s> Known<'s> {
    /// The names of the saved goals.
    pub fn goal_names(self) -> impl Iterator<Item = &'s str> {
        self.goals.into_iter().flat_map(|goals| goals.keys().map(String::as_str))
    }

    /// The names of the saved segments.
    pub fn segment_names(self) -> impl Iterator<Item = &'s str> {
        self.segments.into_iter().flat_map(|segments| segments.keys().map(String::as_str))
    }

    /// The saved segment of this name.
    #[must_use]
    pub fn segment(self, name: &str) -> Option<&'s Value> {
        self.segments?.get(name)
    }

    /// What all questions about the site are asked with, too.
    ///
    /// # Errors
    /// The settings have something else than filters; so nothing can be answered.
    pub fn filters(self) -> Read<Vec<Expr>> {
        let Some(filters) = self.filters else { return Ok(Vec::new()) };
        let read = v2::filters(&Field::body(filters), Self { filters: None, ..self });
        let wrong = |error: BadField| Field::body(filters).wrong(format!("the settings' filters are wrong: {error}"));
        Ok(read.map_err(wrong)?.all)
    }

    /// The saved funnel that a field names.
    ///
    /// # Errors
    /// There is none of this name, or the settings have it wrong.
    pub fn funnel(self, asked: &Field) -> Read<(Vec<Target>, bool, bool, i64)> {
        let name = asked.text(passerby_protocol::limits::MAX_NAME_BYTES)?;
        let names = self.funnels.into_iter().flat_map(|funnels| funnels.keys().map(String::as_str));
        let saved = self.funnels.and_then(|funnels| funnels.get(name)).ok_or_else(|| asked.not_among(names))?;
        let read = funnel_of(&Field::body(saved), Self { filters: None, ..self });
        read.map_err(|error| asked.wrong(format!("the settings' funnel \"{name}\" is wrong: {error}")))
    }

    /// The goal of this name: a saved one, or what its name says.
    ///
    /// # Errors
    /// The settings have it, but not as a page or an event; so what `asked` names cannot be answered.
    pub fn goal(self, name: &str, asked: &Field) -> Read<Goal> {
        let saved = self.target(name, asked)?.map(|target| Expr::All(target.exprs()));
        Ok(Goal { name: name.to_owned(), saved })
    }

    /// The saved goal of this name, as a report's target.
    ///
    /// # Errors
    /// As [`Known::goal`].
    pub fn target(self, name: &str, asked: &Field) -> Read<Option<Target>> {
        let Some(goal) = self.goals.and_then(|goals| goals.get(name)) else { return Ok(None) };
        // Goals are made of no other goals, and of no segments.
        let read = target(&Field::body(goal), Known { site: self.site, ..Self::default() });
        let found = read.map_err(|error| asked.wrong(format!("the settings' goal \"{name}\" is wrong: {error}")))?;
        Ok(Some(Target { name: name.to_owned(), ..found }))
    }
}
