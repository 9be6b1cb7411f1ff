//! A request's body, read no further than it may be long.

use futures_util::StreamExt;
use passerby_protocol::DecodeError;
use worker::Request;

use crate::problem::Problem;

/// The body, of at most so many bytes; `name` is the limit's.
pub async fn read(request: &mut Request, name: &'static str, limit: usize) -> Result<Vec<u8>, Problem> {
    let too_large = |found| DecodeError::Limit { name, limit, found };
    let declared = request.headers().get("Content-Length")?.and_then(|length| length.parse::<usize>().ok());
    if let Some(found) = declared.filter(|length| *length > limit) {
        return Err(too_large(found).into());
    }
    if declared.is_some() {
        // It is no longer than it says, or the connection breaks: to be read at once, which costs a third of the chunks.
        return Ok(request.bytes().await?);
    }
    let mut body = Vec::new();
    // A request without a body has no stream; what is not there is read as nothing, and refused as that.
    let Ok(mut chunks) = request.stream() else { return Ok(body) };
    while let Some(chunk) = chunks.next().await {
        body.extend_from_slice(&chunk?);
        if body.len() > limit {
            return Err(too_large(body.len()).into());
        }
    }
    Ok(body)
}
