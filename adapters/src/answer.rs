//! What each API's clients expect to hear, and what became of each event where there is room to say it.

use passerby_protocol::{Reason, Refusal, Ticket};
use serde_json::{Value, json};

use crate::route::Api;

/// What became of a request's events.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    /// How many events the request held.
    pub events: usize,
    /// Those that will never be counted, by their place in the request.
    pub refused: Vec<Refusal>,
    /// Keeps a visitor whom nobody named; empty where there is nothing to keep.
    pub ticket: Ticket,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// What the body is.
    pub content_type: &'static str,
    /// A header that says more.
    pub header: Option<(&'static str, &'static str)>,
    /// The body.
    pub body: String,
}

impl Answer {
    fn json(status: u16, body: Value) -> Self {
        Self { status, content_type: "application/json", header: None, body: body.to_string() }
    }
}

/// What to say to a client of this API.
#[must_use]
pub fn answer(api: Api, verdict: &Verdict) -> Answer {
    let first = verdict.refused.first().map(|refusal| refusal.reason);
    match api {
        // Plausible's own answers: 202 for what is counted or left out, 400 for what is no event.
        Api::Plausible => match first {
            Some(reason @ (Reason::Malformed | Reason::MissingField)) => {
                Answer::json(400, json!({ "errors": { "event": [reason.label()] } }))
            }
            first => Answer {
                status: 202,
                content_type: "text/plain",
                header: first.map(|_| ("X-Plausible-Dropped", "1")),
                body: "ok".to_owned(),
            },
        },
        Api::Umami => match first {
            Some(Reason::Bot) => Answer::json(200, json!({ "beep": "boop" })),
            Some(reason @ (Reason::Malformed | Reason::MissingField)) => Answer::json(400, error(reason)),
            _ => Answer::json(200, with_refused(json!({ "cache": verdict.ticket }), verdict)),
        },
        Api::UmamiBatch => {
            let details = verdict
                .refused
                .iter()
                .map(|refusal| json!({ "index": refusal.index, "response": error(refusal.reason) }));
            let details: Vec<Value> = details.collect();
            let (size, errors) = (verdict.events, details.len());
            let processed = size.saturating_sub(errors);
            let body = json!({ "size": size, "processed": processed, "errors": errors, "details": details, "cache": verdict.ticket });
            Answer::json(200, body)
        }
        Api::PostHog => Answer::json(200, with_refused(json!({ "status": "Ok" }), verdict)),
        Api::Segment => Answer::json(200, with_refused(json!({ "success": true }), verdict)),
        Api::Ga4 | Api::Ga4Debug => Answer { status: 204, content_type: "", header: None, body: String::new() },
    }
}

fn error(reason: Reason) -> Value {
    json!({ "error": { "message": reason.label(), "code": reason.label(), "status": 400 } })
}

/// The answer with what was refused, each by its place in the request; without the member where nothing was.
fn with_refused(mut body: Value, verdict: &Verdict) -> Value {
    if let (Some(body), false) = (body.as_object_mut(), verdict.refused.is_empty()) {
        body.insert("refused".to_owned(), json!(verdict.refused));
    }
    body
}
