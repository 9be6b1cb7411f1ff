//! The socket.

use serde_json::{Value, json};

use super::schema::reference;
use super::{problems, query};
use crate::live::{CURRENT_MS, FRAME_EVERY_MS, MAX_UNSEEN, MAX_WATCHERS};

/// OpenAPI knows no sockets: the request that opens one, and in words what is said on it.
pub(super) fn operation() -> Value {
    let description = format!(
        "A WebSocket. Each message of the collector is a LiveFrame as JSON: first a scene, then what changes, at most {} a \
         second; a scene again takes the place of all before it. Visitors count for {} minutes. The watcher says which frame \
         it has seen last, {{\"seen\": 1764262800000}}, at least every {MAX_UNSEEN} frames, or is closed as too slow; \
         \"ping\" is answered \"pong\". A site may have {MAX_WATCHERS} watchers at once. A browser, which can set no headers, \
         shows the key as the subprotocol passerby.key.<its bytes in hex>, behind passerby.live. Pages of origins that \
         the site does not name are refused. A socket is closed with 4000 + the status of the refusal, and its name; after 15 \
         minutes with 1000, to be opened again with a key that is still good.",
        1000 / FRAME_EVERY_MS,
        CURRENT_MS / 60_000,
    );
    let since = json!({ "name": "since", "in": "query", "schema": { "type": "integer", "minimum": 0 },
        "description": "The number of the last frame seen, to be sent what was missed." });
    json!({
        "operationId": "live",
        "summary": "What happens now",
        "description": description,
        "security": [{ "key": [] }],
        "parameters": [query::v1_parameter("site_id"), since],
        "responses": {
            "101": {
                "description": "The socket is open",
                "content": { "application/json": { "schema": reference("LiveFrame") } },
            },
            "default": problems(),
        },
    })
}
