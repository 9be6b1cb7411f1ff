//! PostHog's capture API: one event, a list of them, or a batch; plain, packed, or as its oldest clients write it.

mod autocapture;
mod event;

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use passerby_protocol::DecodeError;

use crate::call::Call;
use crate::route::Asked;
use crate::said::{Body, Said};
use crate::time;

/// What the browser client asks of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setup {
    /// `/flags` and, before it, `/decide`: which feature flags are on.
    Flags,
    /// `/array/<key>/config`: what else is on.
    Config,
    /// `/array/<key>/config.js`: the same as a script, asked for first. An empty one makes the client ask for the other.
    Script,
}

/// What a project has switched on that a client can do: nothing but to count. Without an answer it would ask again, and
/// wait with what it captures.
const CONFIG: &str = r#"{"supportedCompression":["gzip","gzip-js"],"analytics":{"endpoint":"/i/v0/e/"},"hasFeatureFlags":false,"elementsChainAsString":false,"defaultIdentifiedOnly":true,"autocapture_opt_out":false,"autocaptureExceptions":false,"captureDeadClicks":false,"capturePerformance":false,"heatmaps":false,"surveys":false,"sessionRecording":false,"siteApps":[],"toolbarParams":{},"isAuthenticated":false}"#;

/// No flags.
const FLAGS: &str = r#"{"flags":{},"featureFlags":{},"featureFlagPayloads":{},"errorsWhileComputingFlags":false,"requestId":"","supportedCompression":["gzip","gzip-js"],"sessionRecording":false,"siteApps":[],"toolbarParams":{},"isAuthenticated":false}"#;

impl Setup {
    /// The answer's content type and body.
    #[must_use]
    pub const fn answer(self) -> (&'static str, &'static str) {
        match self {
            Self::Flags => ("application/json", FLAGS),
            Self::Config => ("application/json", CONFIG),
            Self::Script => ("text/javascript", ""),
        }
    }
}

/// Whether a body that is no batch of ours is PostHog's: some clients leave out the slash of `/e/`.
#[must_use]
pub fn is_its(body: &[u8]) -> bool {
    let keyed = |body: &[u8]| {
        Body::read(body, Some("batch"))
            .is_ok_and(|body| body.envelope.is_null() || !Said(&body.envelope).any(&["api_key", "token"]).is_nothing())
    };
    body.starts_with(&[0x1f, 0x8b]) || body.starts_with(b"data=") || keyed(body)
}

/// Reads a request. An event's `uuid` is its name; the libraries keep it when they send again.
pub(crate) fn read(asked: &Asked<'_>) -> Result<Call, DecodeError> {
    let plain = plain(asked)?;
    let body = Body::read(&plain, Some("batch"))?;
    let envelope = Said(&body.envelope);
    let mut site = envelope.any(&["api_key", "token"]).id();
    if site.is_empty() {
        // A bare list names the project in each event.
        let token =
            |event: Said<'_>| Ok([event, event.at("properties")].map(|said| said.any(&["api_key", "token"]).id()));
        site = body.each(token).into_iter().flatten().flatten().find(|token| !token.is_empty()).unwrap_or_default();
    }
    let sent_at_ms = time::ms(envelope.at("sent_at"));
    let events = body.each(|said| event::arrival(said, sent_at_ms));
    Ok(Call { key: site.clone(), site, sent_at_ms, events })
}

/// The JSON of a body: as it is, in a form's field `data`, or in base64.
fn plain<'a>(asked: &Asked<'a>) -> Result<Cow<'a, [u8]>, DecodeError> {
    let wrong = |_| DecodeError::Malformed;
    if asked.body.starts_with(b"data=") {
        let data = form_urlencoded::parse(asked.body).next().map(|(_, data)| data).unwrap_or_default();
        return match data.trim_start().as_bytes() {
            [b'{' | b'[', ..] => Ok(data.into_owned().into_bytes().into()),
            // In a form a plus is a space, and not every client writes it otherwise.
            _ => STANDARD.decode(data.replace(' ', "+")).map(Cow::Owned).map_err(wrong),
        };
    }
    match asked.body.trim_ascii_start() {
        [b'{' | b'[', ..] => Ok(asked.body.into()),
        packed if asked.parameter("compression") == "base64" => {
            STANDARD.decode(packed.trim_ascii_end()).map(Cow::Owned).map_err(wrong)
        }
        _ => Ok(asked.body.into()),
    }
}
