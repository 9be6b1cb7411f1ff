//! Which paths are whose.

use passerby_protocol::DecodeError;

use crate::call::Call;
use crate::{ga4, plausible, posthog, segment, umami};

/// Whose API a path is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Api {
    /// Plausible's events API.
    Plausible,
    /// Umami's, one event.
    Umami,
    /// Umami's, many.
    UmamiBatch,
    /// PostHog's capture.
    PostHog,
    /// Segment's HTTP tracking API.
    Segment,
    /// GA4's Measurement Protocol.
    Ga4,
    /// Its validation server: nothing is counted.
    Ga4Debug,
}

/// What a path takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// A `POST` of events. Segment's single calls say by their path what they are.
    Events(Api, &'static str),
    /// What PostHog's browser client asks before it works.
    Setup(posthog::Setup),
}

/// Each path, without a slash at its end: clients write it either way.
const ROUTES: &[(&str, Route)] = &[
    ("/api/event", Route::Events(Api::Plausible, "")),
    ("/api/send", Route::Events(Api::Umami, "")),
    ("/api/batch", Route::Events(Api::UmamiBatch, "")),
    ("/batch", Route::Events(Api::PostHog, "")),
    ("/capture", Route::Events(Api::PostHog, "")),
    ("/i/v0/e", Route::Events(Api::PostHog, "")),
    ("/flags", Route::Setup(posthog::Setup::Flags)),
    ("/decide", Route::Setup(posthog::Setup::Flags)),
    ("/v1/batch", Route::Events(Api::Segment, "")),
    ("/v1/import", Route::Events(Api::Segment, "")),
    ("/v1/track", Route::Events(Api::Segment, "track")),
    ("/v1/t", Route::Events(Api::Segment, "track")),
    ("/v1/page", Route::Events(Api::Segment, "page")),
    ("/v1/p", Route::Events(Api::Segment, "page")),
    ("/v1/screen", Route::Events(Api::Segment, "screen")),
    ("/v1/s", Route::Events(Api::Segment, "screen")),
    ("/v1/identify", Route::Events(Api::Segment, "identify")),
    ("/v1/i", Route::Events(Api::Segment, "identify")),
    ("/v1/alias", Route::Events(Api::Segment, "alias")),
    ("/v1/a", Route::Events(Api::Segment, "alias")),
    ("/v1/group", Route::Events(Api::Segment, "group")),
    ("/v1/g", Route::Events(Api::Segment, "group")),
    ("/mp/collect", Route::Events(Api::Ga4, "")),
    ("/debug/mp/collect", Route::Events(Api::Ga4Debug, "")),
];

/// What this path takes; `None` where it is none of theirs. Our own `/e` is not, though PostHog's `/e/` is.
#[must_use]
pub fn route(path: &str) -> Option<Route> {
    if path == "/e/" {
        return Some(Route::Events(Api::PostHog, ""));
    }
    if let Some(rest) = path.strip_prefix("/array/") {
        return match rest.split_once('/')?.1 {
            "config" => Some(Route::Setup(posthog::Setup::Config)),
            "config.js" => Some(Route::Setup(posthog::Setup::Script)),
            _ => None,
        };
    }
    let path = path.strip_suffix('/').unwrap_or(path);
    ROUTES.iter().find(|(known, _)| *known == path).map(|(_, route)| *route)
}

/// A request, as far as it says something beside its body.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked<'a> {
    /// The address's query, without `?`.
    pub query: &'a str,
    /// The `Authorization` header.
    pub authorization: &'a str,
    /// The `X-Forwarded-For` header.
    pub forwarded_for: &'a str,
    /// The `X-Umami-Cache` header.
    pub umami_cache: &'a str,
    /// The body, unpacked.
    pub body: &'a [u8],
}

impl<'a> Asked<'a> {
    /// A parameter of the query; empty where it is missing.
    pub(crate) fn parameter(&self, name: &str) -> String {
        let mut pairs = form_urlencoded::parse(self.query.as_bytes());
        pairs.find(|(known, _)| known == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
    }
}

/// Reads a request of this API; `kind` is what the path says of it.
///
/// # Errors
/// The body is not even JSON of the outermost form, or holds too many events.
pub fn read(api: Api, kind: &str, asked: &Asked<'_>) -> Result<Call, DecodeError> {
    match api {
        Api::Plausible => plausible::read(asked),
        Api::Umami | Api::UmamiBatch => umami::read(asked),
        Api::PostHog => posthog::read(asked),
        Api::Segment => segment::read(asked, kind),
        Api::Ga4 | Api::Ga4Debug => ga4::read(asked),
    }
}

/// Whether a request comes from a library on a server, which speaks for visitors: its own user agent and address say nothing
/// of them, nor that they are programs. Their names are the libraries' own: `posthog-python/7.9`, `analytics-node-next/latest`.
#[must_use]
pub fn is_library(api: Api, user_agent: &str) -> bool {
    match api {
        Api::Plausible => false,
        Api::Umami | Api::UmamiBatch => user_agent.starts_with("Mozilla/5.0 Umami/"),
        Api::PostHog => user_agent.starts_with("posthog-"),
        Api::Segment => user_agent.starts_with("analytics-"),
        // Only servers and apps speak it; pages of Google's speak another.
        Api::Ga4 | Api::Ga4Debug => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slash_at_the_end_makes_no_difference_but_for_our_own_path() {
        for (path, expected) in ROUTES {
            assert_eq!(route(path), Some(*expected));
            assert_eq!(route(&format!("{path}/")), Some(*expected));
            assert_eq!(route(&format!("{path}/x")), None);
        }
        assert_eq!(route("/e"), None);
        assert_eq!(route("/e/"), Some(Route::Events(Api::PostHog, "")));
        assert_eq!(route("/array/phc_x/config"), Some(Route::Setup(posthog::Setup::Config)));
        assert_eq!(route("/array/phc_x/surveys.js"), None);
    }
}
