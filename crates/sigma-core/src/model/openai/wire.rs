//! Reading what an OpenAI-compatible endpoint sends back.

use futures_util::StreamExt as _;
use http_body_util::BodyExt as _;
use serde::Deserialize;
use serde_json::{Map, Value};
use sigma_text::Embedding;
use sse_stream::SseStream;
use std::pin::pin;
use tokio::time::timeout;

use super::http_client::Reply;
use super::{DeltaSender, ModelAnswer, ModelError, ProtocolFault};
use crate::model::{Delta, Usage};

#[derive(Deserialize)]
struct Completion {
    #[serde(default)]
    model: Option<String>,
    #[serde(default)]
    choices: Vec<Choice>,
    #[serde(default)]
    usage: Option<UsageWire>,
}

#[derive(Deserialize)]
struct Choice {
    #[serde(default, alias = "delta")]
    message: Option<Map<String, Value>>,
    #[serde(default)]
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct UsageWire {
    #[serde(default)]
    prompt_tokens: u64,
    #[serde(default)]
    completion_tokens: u64,
}

#[derive(Deserialize)]
struct StreamError {
    error: Value,
}

impl From<UsageWire> for Usage {
    fn from(wire: UsageWire) -> Self {
        Self {
            prompt_tokens: wire.prompt_tokens,
            completion_tokens: wire.completion_tokens,
        }
    }
}

/// Takes the text out of a message or delta and leaves the rest.
fn take_content(message: &mut Map<String, Value>) -> String {
    message.remove("role");
    match message.remove("content") {
        Some(Value::String(text)) => text,
        Some(Value::Array(parts)) => parts
            .iter()
            .filter_map(|part| part.get("text").and_then(Value::as_str))
            .collect::<Vec<_>>()
            .join("\n"),
        _ => String::new(),
    }
}

pub(super) async fn read_plain(reply: Reply, asked: &str) -> Result<ModelAnswer, ModelError> {
    let bytes = reply.bytes().await?;
    let completion: Completion =
        serde_json::from_slice(&bytes).map_err(|_| ModelError::Protocol(ProtocolFault::NotJson))?;
    let choice = completion
        .choices
        .into_iter()
        .next()
        .ok_or(ModelError::Protocol(ProtocolFault::NoChoice))?;
    let mut message = choice
        .message
        .ok_or(ModelError::Protocol(ProtocolFault::NoChoice))?;
    let text = take_content(&mut message);
    message.retain(|_, value| !value.is_null());
    Ok(ModelAnswer {
        text,
        finish_reason: choice.finish_reason.unwrap_or_else(|| "stop".into()),
        usage: completion.usage.map(Usage::from),
        model: completion.model.unwrap_or_else(|| asked.to_owned()),
        extra: message,
    })
}

/// Puts an answer together from the pieces of a stream.
struct Assembly {
    answer: ModelAnswer,
    finished: bool,
    tool_calls: Vec<Value>,
}

impl Assembly {
    fn add(&mut self, chunk: Completion) -> Option<Delta> {
        if let Some(usage) = chunk.usage {
            self.answer.usage = Some(usage.into());
        }
        if let Some(model) = chunk.model.filter(|m| !m.is_empty()) {
            self.answer.model = model;
        }
        let choice = chunk.choices.into_iter().next()?;
        if let Some(reason) = choice.finish_reason {
            self.answer.finish_reason = reason;
            self.finished = true;
        }
        let mut delta = choice.message.unwrap_or_default();
        let content = take_content(&mut delta);
        delta.retain(|_, value| !value.is_null());
        self.answer.text.push_str(&content);
        self.merge(&delta);
        (!content.is_empty() || !delta.is_empty()).then_some(Delta {
            content,
            extra: delta,
        })
    }

    fn merge(&mut self, delta: &Map<String, Value>) {
        for (name, value) in delta {
            match (name.as_str(), value) {
                ("tool_calls", Value::Array(calls)) => {
                    calls
                        .iter()
                        .for_each(|call| merge_call(&mut self.tool_calls, call));
                }
                (_, Value::String(more)) => match self.answer.extra.get_mut(name) {
                    Some(Value::String(sofar)) => sofar.push_str(more),
                    _ => drop(self.answer.extra.insert(name.clone(), value.clone())),
                },
                _ => drop(self.answer.extra.insert(name.clone(), value.clone())),
            }
        }
    }

    fn finish(mut self) -> ModelAnswer {
        if !self.tool_calls.is_empty() {
            self.answer
                .extra
                .insert("tool_calls".into(), Value::Array(self.tool_calls));
        }
        self.answer
    }
}

/// Most tool calls of one answer; further ones are left out.
const MAX_TOOL_CALLS: usize = 128;

/// Tool calls arrive in pieces that name their index; their argument texts are joined.
fn merge_call(calls: &mut Vec<Value>, piece: &Value) {
    let at = piece
        .get("index")
        .and_then(Value::as_u64)
        .unwrap_or(calls.len() as u64) as usize;
    if at >= MAX_TOOL_CALLS {
        return;
    }
    while calls.len() <= at {
        calls.push(Value::Object(Map::new()));
    }
    join(&mut calls[at], piece);
}

fn join(into: &mut Value, piece: &Value) {
    match (into, piece) {
        (Value::Object(into), Value::Object(piece)) => {
            for (name, value) in piece {
                match into.get_mut(name) {
                    Some(there) => join(there, value),
                    None => drop(into.insert(name.clone(), value.clone())),
                }
            }
        }
        (Value::String(into), Value::String(piece)) if into != piece => into.push_str(piece),
        _ => {}
    }
}

/// The body of a stream could not be read to its end.
#[derive(Debug, thiserror::Error)]
#[error("the body broke off")]
struct BodyBroke(#[source] Box<dyn std::error::Error + Send + Sync>);

pub(super) async fn read_stream(
    reply: Reply,
    asked: &str,
    deltas: &DeltaSender,
) -> Result<ModelAnswer, ModelError> {
    let Reply { body, idle } = reply;
    let mut events = pin!(SseStream::new(body.map_err(BodyBroke)));
    let mut assembly = Assembly {
        answer: ModelAnswer::text("", asked),
        finished: false,
        tool_calls: Vec::new(),
    };
    while let Some(event) = timeout(idle, events.next())
        .await
        .map_err(|_| ModelError::Timeout(idle))?
    {
        let event = event.map_err(|_| ModelError::Protocol(ProtocolFault::BrokenStream))?;
        let Some(data) = event.data else { continue };
        if data.trim() == "[DONE]" {
            return Ok(assembly.finish());
        }
        if let Some(delta) = assembly.add(parse_chunk(&data)?) {
            deltas
                .send(delta)
                .await
                .map_err(|_| ModelError::Cancelled)?;
        }
    }
    // some servers close without `[DONE]`; a finish reason says that the answer is whole
    if assembly.finished {
        Ok(assembly.finish())
    } else {
        Err(ModelError::Protocol(ProtocolFault::BrokenStream))
    }
}

fn parse_chunk(data: &str) -> Result<Completion, ModelError> {
    if let Ok(StreamError { error }) = serde_json::from_str(data) {
        let status = error.get("code").and_then(Value::as_u64).unwrap_or(502);
        return Err(ModelError::Upstream {
            status: u16::try_from(status)
                .ok()
                .filter(|s| (400..600).contains(s))
                .unwrap_or(502),
            body: data.to_owned(),
            content_type: Some("application/json".into()),
            retry_after: None,
        });
    }
    serde_json::from_str(data).map_err(|_| ModelError::Protocol(ProtocolFault::NotJson))
}

#[derive(Deserialize)]
struct EmbeddingList {
    data: Vec<EmbeddingWire>,
}

#[derive(Deserialize)]
struct EmbeddingWire {
    #[serde(default)]
    index: Option<usize>,
    embedding: Vec<f32>,
}

pub(super) async fn read_embeddings(
    reply: Reply,
    wanted: usize,
) -> Result<Vec<Option<Embedding>>, ModelError> {
    let bytes = reply.bytes().await?;
    let list: EmbeddingList =
        serde_json::from_slice(&bytes).map_err(|_| ModelError::Protocol(ProtocolFault::NotJson))?;
    let mut all = vec![None; wanted];
    if list.data.len() != wanted {
        return Err(ModelError::Protocol(ProtocolFault::BadEmbeddings));
    }
    for (position, item) in list.data.into_iter().enumerate() {
        let at = item.index.unwrap_or(position);
        let slot = all
            .get_mut(at)
            .ok_or(ModelError::Protocol(ProtocolFault::BadEmbeddings))?;
        *slot = Some(
            Embedding::new(item.embedding)
                .map_err(|_| ModelError::Protocol(ProtocolFault::BadEmbeddings))?,
        );
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn tool_calls_are_put_together_from_their_pieces() {
        let mut calls = Vec::new();
        merge_call(
            &mut calls,
            &json!({"index": 0, "id": "c1", "function": {"name": "f", "arguments": "{\"a\""}}),
        );
        merge_call(
            &mut calls,
            &json!({"index": 0, "function": {"arguments": ":1}"}}),
        );
        merge_call(&mut calls, &json!({"index": u64::MAX, "function": {}}));
        assert_eq!(
            calls,
            vec![
                json!({"index": 0, "id": "c1", "function": {"name": "f", "arguments": "{\"a\":1}"}})
            ]
        );
    }
}
