//! Walking through a JSON value with one's place in mind, for refusals that name it.

use serde_json::{Map, Value};

use super::BadParameter;

/// A value and where it stands: `filters[0][1]`.
#[derive(Clone, Debug)]
pub struct Field<'j> {
    /// The value.
    pub value: &'j Value,
    /// Its place; empty for the whole.
    pub path: String,
}

impl<'j> Field<'j> {
    /// The whole value.
    #[must_use]
    pub const fn whole(value: &'j Value) -> Self {
        Self { value, path: String::new() }
    }

    /// Refuses it.
    #[must_use]
    pub fn wrong(&self, problem: impl Into<String>) -> BadParameter {
        let parameter = if self.path.is_empty() { "(the whole)" } else { &self.path };
        BadParameter { parameter: parameter.to_owned(), problem: problem.into(), allowed: Vec::new() }
    }

    /// Refuses it in favour of what it may be.
    #[must_use]
    pub fn not_among<'a>(&self, allowed: impl IntoIterator<Item = &'a str>) -> BadParameter {
        let found = match self.value {
            Value::String(text) => format!("\"{}\"", text.chars().take(60).collect::<String>()),
            Value::Array(_) => "a list".to_owned(),
            Value::Object(_) => "an object".to_owned(),
            other => other.to_string(),
        };
        let allowed = allowed.into_iter().map(str::to_owned).collect();
        BadParameter { allowed, ..self.wrong(format!("{found} is not one of the values it may have")) }
    }

    /// A text.
    ///
    /// # Errors
    /// It is none.
    pub fn text(&self) -> Result<&'j str, BadParameter> {
        self.value.as_str().ok_or_else(|| self.wrong("a text is needed"))
    }

    /// True or false.
    ///
    /// # Errors
    /// It is neither.
    pub fn truth(&self) -> Result<bool, BadParameter> {
        self.value.as_bool().ok_or_else(|| self.wrong("true or false is needed"))
    }

    /// A whole number within bounds.
    ///
    /// # Errors
    /// It is none, or beyond them.
    pub fn number(&self, least: usize, most: usize) -> Result<usize, BadParameter> {
        let number = self.value.as_u64().and_then(|number| usize::try_from(number).ok());
        let number = number.filter(|number| (least..=most).contains(number));
        number.ok_or_else(|| self.wrong(format!("a whole number from {least} to {most} is needed")))
    }

    /// The items of a list.
    ///
    /// # Errors
    /// It is none, or too long.
    pub fn items(&self, most: usize) -> Result<Vec<Self>, BadParameter> {
        let items = self.value.as_array().ok_or_else(|| self.wrong("a list is needed"))?;
        if items.len() > most {
            return Err(self.wrong(format!("more than {most} items")));
        }
        let item = |(at, value)| Self { value, path: format!("{}[{at}]", self.path) };
        Ok(items.iter().enumerate().map(item).collect())
    }

    /// A member of an object that may be left out; null is nothing.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<Self> {
        let value = self.value.get(name).filter(|value| !value.is_null())?;
        let path = if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) };
        Some(Self { value, path })
    }

    /// A member that may not.
    ///
    /// # Errors
    /// It is missing.
    pub fn needed(&self, name: &str) -> Result<Self, BadParameter> {
        let null = Self { value: &Value::Null, path: self.path.clone() };
        let missing = || {
            let path = if null.path.is_empty() { name.to_owned() } else { format!("{}.{name}", null.path) };
            Self { path, ..null.clone() }.wrong("missing")
        };
        self.member(name).ok_or_else(missing)
    }

    /// That it is an object with no members but these.
    ///
    /// # Errors
    /// It is none, or has another.
    pub fn object(&self, known: &[&str]) -> Result<&'j Map<String, Value>, BadParameter> {
        let object = self.value.as_object().ok_or_else(|| self.wrong("an object is needed"))?;
        match object.keys().find(|name| !known.contains(&name.as_str())) {
            None => Ok(object),
            Some(name) => {
                let path = if self.path.is_empty() { name.clone() } else { format!("{}.{name}", self.path) };
                let unknown = Self { value: self.value, path };
                let allowed = known.iter().map(|name| (*name).to_owned()).collect();
                Err(BadParameter { allowed, ..unknown.wrong("no such field") })
            }
        }
    }
}
