//! Telemetry as it comes: an event stream or a WebSocket (`SRIP-05 §4`, `SRIP-08 §4`).
//!
//! Events are numbered by the cycle that they are about. Whoever comes back with `Last-Event-ID` (or
//! `?last_event_id=`) gets what was told meanwhile; `gap` says that some of it is kept no longer.

use crate::exchange::{
    Exchange,
    access::{Asker, Reader},
    fault::Fault,
    hub::{Event, Subscription},
    phase,
    reading::Chosen,
    speak::Shared,
};
use axum::{
    Router,
    body::Body,
    extract::{
        State,
        ws::{
            CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code,
            rejection::WebSocketUpgradeRejection,
        },
    },
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::get,
};
use bytes::Bytes;
use futures_util::stream::{self, Stream};
use serde_json::{json, value::RawValue};
use sigma_interop::RuntimeId;
use std::{convert::Infallible, sync::Arc, time::Duration};
use tokio::{
    sync::broadcast::error::RecvError,
    time::{Instant, sleep, timeout_at},
};

/// A stream ends after this long, and listeners come back by themselves.
const LONGEST: Duration = Duration::from_secs(30 * 60);
/// Milliseconds after which a listener that was let go may come back.
const RETRY_MILLIS: u32 = 2000;
/// What a listener may say to us, in bytes: nothing, really.
const LONGEST_MESSAGE: usize = 1024;
/// Bytes of a WebSocket's read buffer.
const READ_BUFFER: usize = 1024;

pub(crate) fn router() -> Router<Arc<Exchange>> {
    Router::new().route("/phase/telemetry", get(listen).post(phase::told))
}

async fn listen(
    State(exchange): Shared,
    Reader { asker, .. }: Reader,
    chosen: Chosen,
    headers: HeaderMap,
    uri: Uri,
    socket: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Fault> {
    exchange.prime(&chosen.session).await?;
    let after = last_event(&headers, &uri)?;
    let subscription = exchange.hub.listen(&chosen.session, after);
    let subscription = subscription.ok_or_else(|| Fault::too_many("to listen", 5))?;
    let peer = match asker {
        Asker::Peer(peer) => Some(peer.runtime_id),
        _ => None,
    };
    let telling = Telling::new(subscription, Arc::clone(&exchange), peer);
    let mut response = match socket {
        Ok(socket) => socket
            .max_message_size(LONGEST_MESSAGE)
            .max_frame_size(LONGEST_MESSAGE)
            .read_buffer_size(READ_BUFFER)
            .write_buffer_size(0)
            .on_upgrade(move |socket| talk(socket, telling)),
        Err(_) if headers.contains_key(header::UPGRADE) => {
            let detail = "The WebSocket handshake is not one of RFC 6455, version 13.";
            return Err(Fault::new(StatusCode::BAD_REQUEST, detail));
        }
        Err(_) => {
            let media = [
                (
                    header::CONTENT_TYPE,
                    HeaderValue::from_static("text/event-stream"),
                ),
                // told to proxies that would gather events
                (
                    header::HeaderName::from_static("x-accel-buffering"),
                    HeaderValue::from_static("no"),
                ),
            ];
            (media, Body::from_stream(events(telling))).into_response()
        }
    };
    chosen.told(&mut response);
    Ok(response)
}

/// The last event that a listener knows.
fn last_event(headers: &HeaderMap, uri: &Uri) -> Result<Option<u64>, Fault> {
    let query = uri.query().unwrap_or_default();
    let asked = url::form_urlencoded::parse(query.as_bytes())
        .find_map(|(name, value)| (name == "last_event_id").then(|| value.into_owned()));
    let told = headers.get("last-event-id").map(|value| value.to_str());
    let text = match (told, asked) {
        (Some(Ok(text)), _) => text.to_owned(),
        (None, Some(text)) => text,
        (None, None) => return Ok(None),
        (Some(Err(_)), _) => String::from("?"),
    };
    let id = text.parse().map_err(|_| {
        let detail = "`Last-Event-ID` is the number of the last event that was taken.";
        Fault::new(StatusCode::BAD_REQUEST, detail).because("bad_event_id")
    })?;
    Ok(Some(id))
}

struct Telling {
    subscription: Subscription,
    begun: bool,
    until: Instant,
    exchange: Arc<Exchange>,
    /// Who listens, where it is a peer.
    peer: Option<RuntimeId>,
}

/// What comes next on a stream.
enum Next {
    Begin {
        gap: bool,
    },
    Event(Arc<Event>),
    Alive,
    /// The listener fell behind and has lost this many.
    Lagged(u64),
    Over,
}

impl Telling {
    fn new(subscription: Subscription, exchange: Arc<Exchange>, peer: Option<RuntimeId>) -> Self {
        Self {
            subscription,
            begun: false,
            until: Instant::now() + LONGEST,
            exchange,
            peer,
        }
    }

    /// Whether whoever listens may still do so. Asked before anything is told.
    async fn may_still_hear(&self) -> bool {
        match self.peer {
            Some(peer) => self.exchange.may_still_hear(peer).await,
            None => true,
        }
    }

    async fn next(&mut self) -> Next {
        if !self.begun {
            self.begun = true;
            return Next::Begin {
                gap: self.subscription.gap,
            };
        }
        if let Some(event) = self.subscription.backlog.pop_front() {
            return Next::Event(event);
        }
        let now = Instant::now();
        if now >= self.until {
            return Next::Over;
        }
        let deadline = (now + self.exchange.heartbeat).min(self.until);
        match timeout_at(deadline, self.subscription.receiver.recv()).await {
            Ok(Ok(event)) => Next::Event(event),
            Ok(Err(RecvError::Lagged(missed))) => Next::Lagged(missed),
            Ok(Err(RecvError::Closed)) => Next::Over,
            Err(_) => Next::Alive,
        }
    }
}

/// The words of an event stream.
fn events(telling: Telling) -> impl Stream<Item = Result<Bytes, Infallible>> {
    stream::unfold(Some(telling), |telling| async move {
        let mut telling = telling?;
        let next = telling.next().await;
        if !telling.may_still_hear().await {
            return None;
        }
        let (words, goes_on) = match next {
            Next::Begin { gap } => (Bytes::from(beginning(gap)), true),
            Next::Event(event) => (event.sse.clone(), true),
            Next::Alive => (Bytes::from_static(b": alive\n\n"), true),
            Next::Lagged(missed) => {
                let data = json!({ "missed": missed });
                (format!("event: lagged\ndata: {data}\n\n").into(), false)
            }
            Next::Over => return None,
        };
        Some((Ok(words), goes_on.then_some(telling)))
    })
}

fn beginning(gap: bool) -> String {
    let mut words = format!("retry: {RETRY_MILLIS}\n\n");
    if gap {
        words += "event: gap\ndata: {\"kept\":\"from the next event on\"}\n\n";
    }
    words
}

/// The same over a WebSocket, an object a message: `{"id", "event", "data"}`.
async fn talk(mut socket: WebSocket, mut telling: Telling) {
    loop {
        let next = tokio::select! {
            next = telling.next() => next,
            said = socket.recv() => match said {
                // pings are answered by themselves, and nothing else is heard
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
                _ => return,
            },
        };
        if !telling.may_still_hear().await {
            return close(socket, close_code::POLICY, "not granted").await;
        }
        let message = match next {
            Next::Begin { gap: false } => continue,
            Next::Begin { gap: true } => {
                written("gap", None, json!({"kept": "from the next event on"}))
            }
            Next::Event(event) => event_text(&event),
            Next::Alive => Some(Message::Ping(Bytes::new())),
            Next::Lagged(missed) => {
                let told = written("lagged", None, json!({ "missed": missed }));
                if let Some(told) = told {
                    let _ = socket.send(told).await;
                }
                return close(socket, close_code::POLICY, "too slow").await;
            }
            Next::Over => return close(socket, close_code::RESTART, "come back").await,
        };
        let Some(message) = message else { return };
        if socket.send(message).await.is_err() {
            return;
        }
    }
}

async fn close(mut socket: WebSocket, code: u16, reason: &'static str) {
    let frame = CloseFrame {
        code,
        reason: reason.into(),
    };
    let _ = socket.send(Message::Close(Some(frame))).await;
    // the other side closes, or is left
    tokio::select! {
        () = sleep(Duration::from_secs(1)) => {}
        _ = socket.recv() => {}
    }
}

fn event_text(event: &Event) -> Option<Message> {
    let data = RawValue::from_string(event.data.clone()).ok()?;
    written(event.kind, Some(event.id), data)
}

fn written(event: &str, id: Option<u64>, data: impl serde::Serialize) -> Option<Message> {
    #[derive(serde::Serialize)]
    struct Told<'a, D> {
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<u64>,
        event: &'a str,
        data: D,
    }
    let text = serde_json::to_string(&Told { id, event, data }).ok()?;
    Some(Message::Text(text.into()))
}
