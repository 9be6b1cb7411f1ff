//! What became of what was sent. Event by event, received = accepted + duplicate + refused (by reason; bots and limited
//! ones among them); a request that is refused whole is counted as one request, by reason.

use passerby_protocol::{DecodeError, Reason};
use serde::{Deserialize, Serialize};

/// What became of an event, or of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Outcome {
    /// An event was counted.
    Accepted,
    /// An event had been counted before.
    Duplicate,
    /// An event was refused.
    Refused(Reason),
    /// A request was refused whole.
    Request(RequestError),
    /// A request passed since it could not be told how many its sender had sent.
    Unlimited,
}

macro_rules! request_errors {
    ($($(#[$doc:meta])* $name:ident = $status:literal, $label:literal, $title:literal,)*) => {
        /// Why a request was refused whole.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(into = "&'static str", try_from = "&str")] // stored by name, so that the list may be put in any order
        pub enum RequestError {
            $($(#[$doc])* $name,)*
        }

        impl RequestError {
            /// Every one there is.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its name in counters and at the end of the problem's type.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self { $(Self::$name => $label,)* }
            }

            /// The HTTP status it is answered with.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }

            /// What it says to a person.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }
        }
    };
}

request_errors! {
    /// The body is no batch.
    Undecodable = 400, "undecodable", "The body is not a batch",
    /// The batch breaks a limit of its whole.
    LimitBroken = 400, "limit_broken", "The batch breaks a limit",
    /// A query parameter is missing, unknown or wrong.
    BadParameter = 400, "bad_parameter", "A query parameter is wrong",
    /// A watcher said something that it may not say.
    BadMessage = 400, "bad_message", "The message is none that a watcher may send",
    /// A read without a key, or with a wrong one.
    Unauthorized = 401, "unauthorized", "A valid key is needed",
    /// A page of another origin asks.
    ForeignOrigin = 403, "foreign_origin", "Pages of this origin may not ask",
    /// A good key, which is for something else.
    Forbidden = 403, "forbidden", "The key is not for this",
    /// No site has this name.
    UnknownSite = 404, "unknown_site", "No such site",
    /// No route has this path.
    NotFound = 404, "not_found", "No such route",
    /// The route exists, with another method.
    MethodNotAllowed = 405, "method_not_allowed", "This route takes another method",
    /// A watcher is too far behind what it was sent.
    SlowWatcher = 408, "slow_watcher", "The watcher takes too long to read what it is sent",
    /// There is one of this name, or it has changed meanwhile.
    Conflict = 409, "conflict", "Something else is there already",
    /// A site of the `SITES` variable is to be changed or deleted.
    OfVariable = 409, "of_variable", "The site stands in wrangler.toml and is changed there",
    /// The body is longer than a batch or a question may be.
    TooLarge = 413, "too_large", "The body is too large",
    /// The route speaks WebSocket, and the request does not.
    UpgradeRequired = 426, "upgrade_required", "This route is a WebSocket",
    /// A watcher says too much.
    TooManyMessages = 429, "too_many_messages", "The watcher sends too many messages",
    /// A site has as many watchers as it may have.
    TooManyWatchers = 429, "too_many_watchers", "The site is watched by too many at once",
    /// Too much was sent, or asked with one key.
    Limited = 429, "limited", "Too many requests; wait",
    /// More waits to be written than can be soon; nothing of this is counted, and it is to be sent again after a while.
    Overloaded = 503, "overloaded", "The collector has too much to do; wait and try again",
    /// Something failed that is not the sender's fault; to be tried again.
    Unavailable = 503, "unavailable", "The collector cannot answer now; try again",
}

impl From<RequestError> for &'static str {
    fn from(error: RequestError) -> Self {
        error.label()
    }
}

impl TryFrom<&str> for RequestError {
    type Error = String;

    fn try_from(label: &str) -> Result<Self, String> {
        let known = Self::ALL.iter().find(|error| error.label() == label);
        known.copied().ok_or_else(|| format!("no request is refused as {label}"))
    }
}

impl From<&DecodeError> for RequestError {
    fn from(error: &DecodeError) -> Self {
        match error {
            DecodeError::Limit {
                name: "max_batch_bytes" | "max_query_bytes" | "max_body_bytes" | "max_inflated_bytes",
                ..
            } => Self::TooLarge,
            DecodeError::Limit { .. } => Self::LimitBroken,
            _ => Self::Undecodable,
        }
    }
}

impl Outcome {
    /// Its name in counters: `accepted`, `refused:too_old`, `request:unknown_site`.
    #[must_use]
    pub fn label(self) -> String {
        match self {
            Self::Accepted => "accepted".into(),
            Self::Duplicate => "duplicate".into(),
            Self::Refused(reason) => format!("refused:{}", reason.label()),
            Self::Request(error) => format!("request:{}", error.label()),
            Self::Unlimited => "unlimited".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_outcome_has_a_name_of_its_own() {
        let events = [Outcome::Accepted, Outcome::Duplicate, Outcome::Unlimited];
        let refused = Reason::ALL.iter().copied().map(Outcome::Refused);
        let requests = RequestError::ALL.iter().copied().map(Outcome::Request);
        let all: Vec<_> = events.into_iter().chain(refused).chain(requests).collect();
        let names: HashSet<_> = all.iter().map(|outcome| outcome.label()).collect();
        assert_eq!(names.len(), all.len());
    }
}
