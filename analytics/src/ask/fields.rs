//! A JSON body's fields, each with its path, so that whatever is wrong can be named.

use core::ops::RangeInclusive;

use serde_json::{Map, Value};

/// A field that is missing or wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {problem}")]
pub struct BadField {
    /// Its path: `steps[2].page`; empty for the body.
    pub path: String,
    /// What is wrong with it.
    pub problem: String,
    /// What it may be, where that can be listed.
    pub allowed: Vec<String>,
}

/// What was read, or the field that is wrong.
pub type Read<T> = Result<T, BadField>;

/// A value of a body, with its path.
#[derive(Clone, Debug)]
pub struct Field<'b> {
    path: String,
    value: &'b Value,
}

/// An object of a body, none of whose fields is unknown.
#[derive(Clone, Debug)]
pub struct Object<'b> {
    path: String,
    fields: &'b Map<String, Value>,
}

fn below(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

impl<'b> Field<'b> {
    /// The body itself.
    #[must_use]
    pub const fn body(value: &'b Value) -> Self {
        Self { path: String::new(), value }
    }

    /// Says what is wrong with it.
    #[must_use]
    pub fn wrong(&self, problem: impl Into<String>) -> BadField {
        BadField { path: self.path.clone(), problem: problem.into(), allowed: Vec::new() }
    }

    /// Says that it is none of these.
    #[must_use]
    pub fn not_among<'a>(&self, allowed: impl IntoIterator<Item = &'a str>) -> BadField {
        let allowed = allowed.into_iter().map(str::to_owned).collect();
        BadField { allowed, ..self.wrong(format!("{} is not one of the values it may have", self.value)) }
    }

    /// Its value.
    #[must_use]
    pub const fn value(&self) -> &'b Value {
        self.value
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// It as an object with no fields but these.
    ///
    /// # Errors
    /// It is none, or has another field.
    pub fn object(&self, known: &[&str]) -> Read<Object<'b>> {
        let fields = self.value.as_object().ok_or_else(|| self.wrong("an object is needed"))?;
        if let Some(name) = fields.keys().find(|name| !known.contains(&name.as_str())) {
            let allowed = known.iter().map(|name| (*name).to_owned()).collect();
            return Err(BadField { path: below(&self.path, name), problem: "no such field".to_owned(), allowed });
        }
        Ok(Object { path: self.path.clone(), fields })
    }

    /// It as an object with any fields: each with its name.
    ///
    /// # Errors
    /// It is none.
    pub fn entries(&self) -> Read<Vec<(&'b str, Self)>> {
        let fields = self.value.as_object().ok_or_else(|| self.wrong("an object is needed"))?;
        let entry =
            |(name, value): (&'b String, &'b Value)| (name.as_str(), Self { path: below(&self.path, name), value });
        Ok(fields.iter().map(entry).collect())
    }

    /// It as a list of so many.
    ///
    /// # Errors
    /// It is none, or has more or fewer.
    pub fn list(&self, count: RangeInclusive<usize>) -> Read<Vec<Self>> {
        let list = self.value.as_array().ok_or_else(|| self.wrong("a list is needed"))?;
        if !count.contains(&list.len()) {
            return Err(self.wrong(format!("{} to {} are needed, not {}", count.start(), count.end(), list.len())));
        }
        let of_list = |(place, value)| Self { path: format!("{}[{place}]", self.path), value };
        Ok(list.iter().enumerate().map(of_list).collect())
    }

    /// It as a text that is not empty and has at most so many bytes.
    ///
    /// # Errors
    /// It is none.
    pub fn text(&self, most: usize) -> Read<&'b str> {
        let text = self.value.as_str().ok_or_else(|| self.wrong("a string is needed"))?;
        match text.len() {
            0 => Err(self.wrong("empty")),
            length if length > most => Err(self.wrong(format!("longer than {most} bytes"))),
            _ => Ok(text),
        }
    }

    /// It as a whole number within a range.
    ///
    /// # Errors
    /// It is none.
    pub fn whole(&self, range: RangeInclusive<u64>) -> Read<u64> {
        let found = self.value.as_u64().filter(|number| range.contains(number));
        found.ok_or_else(|| self.wrong(format!("a whole number from {} to {} is needed", range.start(), range.end())))
    }

    /// It as true or false.
    ///
    /// # Errors
    /// It is neither.
    pub fn truth(&self) -> Read<bool> {
        self.value.as_bool().ok_or_else(|| self.wrong("true or false is needed"))
    }

    /// It as one of these names.
    ///
    /// # Errors
    /// It is none of them.
    pub fn choice<T: Copy>(&self, choices: &[(&'static str, T)]) -> Read<T> {
        let found = choices.iter().find(|(name, _)| self.value.as_str() == Some(name));
        found.map(|(_, choice)| *choice).ok_or_else(|| self.not_among(choices.iter().map(|(name, _)| *name)))
    }
}

impl<'b> Object<'b> {
    /// A field, if it is there.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Field<'b>> {
        self.fields.get(name).map(|value| Field { path: below(&self.path, name), value })
    }

    /// A field that must be there.
    ///
    /// # Errors
    /// It is not.
    pub fn need(&self, name: &str) -> Read<Field<'b>> {
        let missing = || BadField { path: below(&self.path, name), problem: "missing".into(), allowed: Vec::new() };
        self.get(name).ok_or_else(missing)
    }

    /// A whole number within a range, or what it is when absent.
    ///
    /// # Errors
    /// It is something else.
    pub fn whole_or(&self, name: &str, default: u64, range: RangeInclusive<u64>) -> Read<u64> {
        self.get(name).map_or(Ok(default), |field| field.whole(range))
    }

    /// True or false; absent: false.
    ///
    /// # Errors
    /// It is something else.
    pub fn truth(&self, name: &str) -> Read<bool> {
        self.get(name).map_or(Ok(false), |field| field.truth())
    }

    /// One of these names; absent: the first.
    ///
    /// # Errors
    /// It is something else.
    pub fn choice<T: Copy>(&self, name: &str, choices: &[(&'static str, T)]) -> Read<T> {
        match (self.get(name), choices) {
            (None, [(_, first), ..]) => Ok(*first),
            (None, []) => Err(BadField { path: name.to_owned(), problem: "missing".into(), allowed: Vec::new() }),
            (Some(field), _) => field.choice(choices),
        }
    }
}
