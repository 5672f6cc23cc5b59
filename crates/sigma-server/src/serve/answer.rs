//! Answers in the form of the chat API.

use crate::serve::{Shared, turn::Outcome};
use axum::http::{HeaderMap, HeaderValue};
use serde_json::{Map, Value, json};
use sigma_core::{
    model::Usage,
    tokens::{EstimatedTokens, TokenCounter},
};
use sigma_types::SessionId;
use uuid::Uuid;

/// What all parts of one answer share.
#[derive(Debug, Clone)]
pub(crate) struct Envelope {
    id: String,
    created: i64,
    model: String,
}

impl Envelope {
    pub(crate) fn new(shared: &Shared) -> Self {
        Self {
            id: format!("chatcmpl-{}", Uuid::now_v7().simple()),
            created: shared.service.clock.now().millis() / 1000,
            model: shared.service.model.name().into(),
        }
    }

    /// The whole answer as one object.
    pub(crate) fn completion(&self, outcome: &Outcome) -> Value {
        let answer = &outcome.answer;
        let mut message = Map::new();
        message.insert("role".into(), "assistant".into());
        let silent = answer.text.is_empty() && answer.wants_tools();
        message.insert(
            "content".into(),
            if silent {
                Value::Null
            } else {
                answer.text.clone().into()
            },
        );
        message.insert("refusal".into(), Value::Null);
        message.extend(answer.extra.clone());
        json!({
            "id": self.id,
            "object": "chat.completion",
            "created": self.created,
            "model": if answer.model.is_empty() { &self.model } else { &answer.model },
            "choices": [{
                "index": 0,
                "message": message,
                "logprobs": null,
                "finish_reason": answer.finish_reason,
            }],
            "usage": usage(outcome),
        })
    }

    /// One piece of a stream. With `counted`, every piece but the last has `usage: null`.
    pub(crate) fn chunk(
        &self,
        delta: &Map<String, Value>,
        finish: Option<&str>,
        counted: bool,
    ) -> Value {
        let choice = json!({"index": 0, "delta": delta, "logprobs": null, "finish_reason": finish});
        let mut chunk = self.chunk_of(&json!([choice]));
        if counted {
            chunk["usage"] = Value::Null;
        }
        chunk
    }

    /// The last piece of a stream that is to end with token counts.
    pub(crate) fn usage_chunk(&self, outcome: &Outcome) -> Value {
        let mut chunk = self.chunk_of(&json!([]));
        chunk["usage"] = usage(outcome);
        chunk
    }

    fn chunk_of(&self, choices: &Value) -> Value {
        json!({
            "id": self.id,
            "object": "chat.completion.chunk",
            "created": self.created,
            "model": self.model,
            "choices": choices,
        })
    }
}

/// Tokens as the model counted them, or an estimate where it did not.
fn usage(outcome: &Outcome) -> Value {
    let estimated = || Usage {
        prompt_tokens: outcome
            .report
            .as_ref()
            .map_or(0, |report| report.prompt.tokens as u64),
        completion_tokens: EstimatedTokens.count(&outcome.answer.text) as u64,
    };
    let usage = outcome.answer.usage.unwrap_or_else(estimated);
    json!({
        "prompt_tokens": usage.prompt_tokens,
        "completion_tokens": usage.completion_tokens,
        "total_tokens": usage.prompt_tokens + usage.completion_tokens,
    })
}

/// The headers that tell of the session, and of the cycle where it is known.
pub(crate) fn headers(session: &SessionId, outcome: Option<&Outcome>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let mut put = |name: &'static str, value: String| {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    };
    put("x-session-id", session.to_string());
    if let Some(report) = outcome.and_then(|outcome| outcome.report.as_ref()) {
        put("x-sigma-cycle", report.cycle.to_string());
        put(
            "x-sigma-drift",
            format!("{:.4}", report.drift.grounded.di_raw.get()),
        );
    }
    headers
}
