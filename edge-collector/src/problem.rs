//! The one place where an error becomes an answer: `application/problem+json` (RFC 9457).

use passerby_analytics::ask::BadField;
use passerby_analytics::outcome::RequestError;
use passerby_analytics::v1::BadParameter;
use passerby_protocol::DecodeError;
use serde_json::{Map, Value, json};
use worker::{Headers, Response, Result};

use crate::objects;

/// Characters of a text that quotes what was sent: enough for any sentence of ours, not for a body sent to be quoted.
const MAX_QUOTED_CHARS: usize = 400;

/// The beginning of a text that may quote what was sent. In JSON nothing of it can end a line or a string.
fn bounded(text: &str) -> Value {
    Value::from(text.char_indices().nth(MAX_QUOTED_CHARS).map_or(text, |(end, _)| &text[..end]))
}

/// How long whoever finds an object overloaded should wait, in seconds: ten times what a full queue takes.
const OVERLOADED_S: u64 = 2;

/// A request that is refused whole.
#[derive(Debug)]
pub struct Problem {
    /// Why.
    pub error: RequestError,
    /// The site it was for; empty where that is not known.
    pub site: String,
    members: Map<String, Value>,
    allow: Option<String>,
    after_s: Option<u64>,
    /// How many events it held that are refused with it; none, where that is not known.
    pub events: usize,
}

impl Problem {
    /// A problem that says no more than its name.
    pub fn new(error: RequestError) -> Self {
        Self { error, site: String::new(), members: Map::new(), allow: None, after_s: None, events: 0 }
    }

    /// Says what is wrong in this very request; the beginning of it, since it may quote what was sent.
    pub fn detail(mut self, text: impl Into<String>) -> Self {
        self.members.insert("detail".to_owned(), bounded(&text.into()));
        self
    }

    /// Counts for this site.
    pub fn of_site(mut self, site: &str) -> Self {
        site.clone_into(&mut self.site);
        self
    }

    /// Names the methods that the route takes.
    pub fn allow(mut self, methods: &str) -> Self {
        self.allow = Some(methods.to_owned());
        self
    }

    /// Says after how many seconds the same may be asked again.
    pub fn after_s(mut self, seconds: u64) -> Self {
        self.after_s = Some(seconds);
        self
    }

    /// Counts so many events as refused with it.
    pub fn of_events(mut self, events: usize) -> Self {
        self.events = events;
        self
    }

    /// The answer. `open`: whether a page of any origin may read it.
    pub fn response(self, open: bool) -> Result<Response> {
        let mut body = json!({
            "type": format!("urn:passerby:problem:{}", self.error.label()),
            "title": self.error.title(),
            "status": self.error.status(),
        });
        if let Some(object) = body.as_object_mut() {
            object.extend(self.members);
        }
        let headers = Headers::new();
        headers.set("Content-Type", "application/problem+json")?;
        headers.set("Cache-Control", "no-store")?;
        if open {
            headers.set("Access-Control-Allow-Origin", "*")?;
            headers.set("Access-Control-Expose-Headers", "Retry-After")?;
        }
        match self.error {
            RequestError::Unauthorized => headers.set("WWW-Authenticate", "Bearer")?,
            RequestError::Unavailable | RequestError::Limited | RequestError::Overloaded => {
                headers.set("Retry-After", &self.after_s.unwrap_or(1).to_string())?;
            }
            _ => {}
        }
        if let Some(methods) = self.allow {
            headers.set("Allow", &methods)?;
        }
        Ok(Response::from_bytes(body.to_string().into_bytes())?.with_status(self.error.status()).with_headers(headers))
    }
}

impl From<DecodeError> for Problem {
    fn from(error: DecodeError) -> Self {
        let mut problem = Self::new(RequestError::from(&error)).detail(error.to_string());
        if let DecodeError::Limit { name, limit, found } = error {
            problem.members.insert("limit".to_owned(), json!({ "name": name, "allowed": limit, "found": found }));
        }
        problem
    }
}

impl From<BadParameter> for Problem {
    fn from(error: BadParameter) -> Self {
        let mut problem = Self::new(RequestError::BadParameter).detail(error.to_string());
        problem.members.insert("parameter".to_owned(), bounded(&error.parameter));
        if !error.allowed.is_empty() {
            problem.members.insert("allowed".to_owned(), error.allowed.into());
        }
        problem
    }
}

impl From<BadField> for Problem {
    fn from(error: BadField) -> Self {
        let mut problem = Self::new(RequestError::BadParameter).detail(error.to_string());
        problem.members.insert("path".to_owned(), bounded(&error.path));
        if !error.allowed.is_empty() {
            problem.members.insert("allowed".to_owned(), error.allowed.into());
        }
        problem
    }
}

/// Something of the platform's failed: storage, an object, a request that broke off. Whoever asked may ask again; of what has
/// too much to do, after a while.
impl From<worker::Error> for Problem {
    fn from(error: worker::Error) -> Self {
        if objects::is_overloaded(&error) {
            return Self::new(RequestError::Overloaded).after_s(OVERLOADED_S);
        }
        worker::console_error!("unavailable: {error}");
        Self::new(RequestError::Unavailable)
    }
}
