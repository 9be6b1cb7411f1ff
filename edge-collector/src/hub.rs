//! A site's hub: the sockets of those who watch it, and what they are told.

mod desk;
mod shards;

use std::rc::Rc;

use passerby_analytics::live::{MAX_WATCHERS, Report, Watcher};
use worker::{
    Date, DurableObject, Env, Error, Request, Response, Result, State, WebSocket, WebSocketIncomingMessage,
    WebSocketPair, WebSocketRequestResponsePair, durable_object,
};

use crate::objects::{pack, reply, unpack};
use desk::Desk;

/// The object. It stores nothing but its alarm. Sockets outlive its memory; what else it knows is asked of the shards anew.
#[durable_object]
pub struct Hub {
    desk: Rc<Desk>,
}

impl DurableObject for Hub {
    fn new(state: State, env: Env) -> Self {
        // Answered by the runtime, without waking this object.
        match WebSocketRequestResponsePair::new("ping", "pong") {
            Ok(pair) => state.set_websocket_auto_response(&pair),
            Err(_) => worker::console_error!("pings are not answered"),
        }
        Self { desk: Rc::new(Desk::new(state, env)) }
    }

    /// `report` is idempotent: a report joins what is known; so is `forget`. `watch` adds a watcher each time. `dismiss` is
    /// idempotent: who may come back does.
    async fn fetch(&self, mut request: Request) -> Result<Response> {
        match request.path().as_str() {
            "/watch" => self.watch(&request).await,
            "/report" => {
                let body = request.bytes().await?;
                let (told_ms, report): (i64, Report) = unpack(&body)?;
                reply(pack(&self.desk.take(told_ms, report))?)
            }
            "/dismiss" => {
                self.desk.dismiss();
                reply(Vec::new())
            }
            "/forget" => {
                self.desk.forget();
                reply(Vec::new())
            }
            path => Response::error(format!("no {path}"), 404),
        }
    }

    /// Idempotent.
    async fn alarm(&self) -> Result<Response> {
        self.desk.renew().await;
        Response::empty()
    }

    async fn websocket_message(&self, socket: WebSocket, message: WebSocketIncomingMessage) -> Result<()> {
        let text = match &message {
            WebSocketIncomingMessage::String(text) => Some(text.as_str()),
            WebSocketIncomingMessage::Binary(_) => None,
        };
        self.desk.hear(&socket, text);
        Ok(())
    }

    async fn websocket_close(&self, socket: WebSocket, _code: usize, _reason: String, _clean: bool) -> Result<()> {
        self.desk.leave(&socket).await;
        Ok(())
    }

    async fn websocket_error(&self, socket: WebSocket, _error: Error) -> Result<()> {
        self.desk.leave(&socket).await;
        Ok(())
    }
}

impl Hub {
    /// Takes a watcher in, whom the Worker has let pass.
    async fn watch(&self, request: &Request) -> Result<Response> {
        let url = request.url()?;
        let of = |wanted: &str| url.query_pairs().find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned());
        if self.desk.watchers().len() >= MAX_WATCHERS {
            return Ok(Response::empty()?.with_status(429));
        }
        let since = of("since").and_then(|since| since.parse().ok());
        let pair = WebSocketPair::new()?;
        let now_ms = Date::now().as_millis() as i64;
        self.desk.enter(&pair.server, &Watcher::of(&of("site").unwrap_or_default(), since, now_ms))?;
        let mut response = Response::from_websocket(pair.client)?;
        if let Some(protocol) = request.headers().get("Sec-WebSocket-Protocol")? {
            response.headers_mut().set("Sec-WebSocket-Protocol", &protocol)?;
        }
        Ok(response)
    }
}
