//! Answers in pieces, as server-sent events.

use crate::serve::{
    Fault, Shared,
    answer::Envelope,
    turn::{Outcome, Prepared},
};
use axum::response::{
    IntoResponse, Response,
    sse::{Event, KeepAlive, Sse},
};
use futures_util::stream;
use serde_json::{Map, Value, json};
use sigma_core::model::Delta;
use std::{convert::Infallible, sync::Arc, time::Duration};
use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot};

/// Pieces that may wait for a slow reader before the model has to.
const WAITING: usize = 64;
/// A comment is sent when nothing else was for so long.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// What is still to be sent.
enum State {
    /// The first piece, which names the speaker, and the first delta or the outcome.
    Opening(Parts, First),
    /// Pieces of the answer.
    Answering(Parts),
    /// The last pieces, in reverse.
    Closing(Vec<String>),
}

/// What came first.
enum First {
    Delta(Delta),
    Outcome(Box<Outcome>),
}

struct Parts {
    envelope: Envelope,
    counted: bool,
    deltas: mpsc::Receiver<Delta>,
    outcome: oneshot::Receiver<Result<Outcome, Fault>>,
    /// A piece that was taken off the channel already.
    ahead: Option<String>,
}

/// The stream of one turn. When the reader goes away, the turn is given up.
///
/// # Errors
/// A turn that fails before its first piece is an error like that of a whole answer.
pub(crate) async fn events(
    shared: Arc<Shared>,
    prepared: Prepared,
    envelope: Envelope,
    counted: bool,
    permit: OwnedSemaphorePermit,
) -> Result<Response, Fault> {
    let (sender, deltas) = mpsc::channel(WAITING);
    let (tell, outcome) = oneshot::channel();
    tokio::spawn(async move {
        let outcome = Box::pin(prepared.take(&shared, Some(&sender))).await;
        drop((sender, permit));
        // nobody listens any more: the turn is committed or given up all the same
        let _ = tell.send(outcome);
    });
    let mut parts = Parts {
        envelope,
        counted,
        deltas,
        outcome,
        ahead: None,
    };
    let first = match parts.deltas.recv().await {
        Some(delta) => First::Delta(delta),
        None => First::Outcome(Box::new(parts.outcome().await?)),
    };
    let events = stream::unfold(State::Opening(parts, first), |state| async move {
        let (text, state) = next(state).await?;
        Some((Ok::<_, Infallible>(Event::default().data(text)), state))
    });
    Ok(Sse::new(events)
        .keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
        .into_response())
}

impl Parts {
    async fn outcome(&mut self) -> Result<Outcome, Fault> {
        (&mut self.outcome)
            .await
            .unwrap_or_else(|_| Err(Fault::internal()))
    }

    fn chunk(&self, delta: Delta) -> String {
        self.envelope
            .chunk(&fields(delta), None, self.counted)
            .to_string()
    }
}

async fn next(state: State) -> Option<(String, State)> {
    match state {
        State::Opening(parts, first) => {
            let delta = object(json!({"role": "assistant", "content": "", "refusal": null}));
            let opening = parts
                .envelope
                .chunk(&delta, None, parts.counted)
                .to_string();
            let rest = match first {
                First::Delta(delta) => {
                    let chunk = parts.chunk(delta);
                    State::Answering(Parts {
                        ahead: Some(chunk),
                        ..parts
                    })
                }
                First::Outcome(outcome) => State::Closing(closing(&parts, Ok(*outcome), false)),
            };
            Some((opening, rest))
        }
        State::Answering(mut parts) => {
            if let Some(chunk) = parts.ahead.take() {
                return Some((chunk, State::Answering(parts)));
            }
            if let Some(delta) = parts.deltas.recv().await {
                return Some((parts.chunk(delta), State::Answering(parts)));
            }
            let outcome = parts.outcome().await;
            let mut closing = closing(&parts, outcome, true);
            closing.pop().map(|first| (first, State::Closing(closing)))
        }
        State::Closing(mut rest) => rest.pop().map(|text| (text, State::Closing(rest))),
    }
}

/// The last pieces, the first to be sent at the end.
///
/// A recorded answer comes without pieces; then it is one piece here.
fn closing(parts: &Parts, outcome: Result<Outcome, Fault>, spoke: bool) -> Vec<String> {
    let outcome = match outcome {
        Ok(outcome) => outcome,
        Err(fault) => return vec![fault.stream_body().to_string()],
    };
    let (envelope, answer) = (&parts.envelope, &outcome.answer);
    let mut pieces = Vec::new();
    if !spoke && (!answer.text.is_empty() || answer.wants_tools()) {
        let delta = Delta {
            content: answer.text.clone(),
            extra: answer.extra.clone(),
        };
        pieces.push(
            envelope
                .chunk(&fields(delta), None, parts.counted)
                .to_string(),
        );
    }
    let finish = Some(answer.finish_reason.as_str());
    pieces.push(
        envelope
            .chunk(&Map::new(), finish, parts.counted)
            .to_string(),
    );
    if parts.counted {
        pieces.push(envelope.usage_chunk(&outcome).to_string());
    }
    pieces.push("[DONE]".into());
    pieces.reverse();
    pieces
}

fn fields(delta: Delta) -> Map<String, Value> {
    let mut fields = delta.extra;
    if !delta.content.is_empty() || fields.is_empty() {
        fields.insert("content".into(), delta.content.into());
    }
    fields
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}
