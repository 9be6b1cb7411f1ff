//! A request's body, read no further than it may be long.

use futures_util::StreamExt;
use passerby_analytics::outcome::RequestError;
use worker::Request;

use crate::problem::Problem;

/// The body, of at most so many bytes.
pub async fn read(request: &mut Request, most: usize) -> Result<Vec<u8>, Problem> {
    let too_large =
        || Problem::new(RequestError::TooLarge).detail(format!("max_query_bytes: longer than {most} bytes"));
    let declared = request.headers().get("Content-Length")?.and_then(|length| length.parse::<usize>().ok());
    if declared.is_some_and(|length| length > most) {
        return Err(too_large());
    }
    let mut body = Vec::with_capacity(declared.unwrap_or(0));
    // A request without a body has no stream.
    let Ok(mut chunks) = request.stream() else { return Ok(body) };
    while let Some(chunk) = chunks.next().await {
        body.extend_from_slice(&chunk?);
        if body.len() > most {
            return Err(too_large());
        }
    }
    Ok(body)
}
