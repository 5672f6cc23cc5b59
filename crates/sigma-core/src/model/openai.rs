//! Any endpoint that speaks the OpenAI protocol: Ollama, llama.cpp, vLLM, OpenAI and others.

mod http_client;
mod wire;

use std::{fmt, time::Duration};

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use self::http_client::{Endpoint, Reply};
use super::{DeltaSender, Model, ModelAnswer, ModelError, ModelRequest, ProtocolFault};
use crate::embedding::{EmbeddingSource, EmbeddingSourceError};
use sigma_text::{EmbedderId, EmbedderInfo, Embedding};
use sigma_types::Hash256;

pub use self::http_client::EndpointError;

/// A secret that no log, error or debug output shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The secret itself. Only for the header that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// How often and how patiently a failed call is repeated. Only calls that brought no byte of an
/// answer are repeated: unreachable, 429, 500, 502, 503, 504.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// Calls after the first.
    pub attempts: u32,
    /// Wait before the second call; doubled each time.
    pub first_wait: Duration,
    /// The longest wait, also for what the provider asks in `Retry-After`.
    pub longest_wait: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            attempts: 2,
            first_wait: Duration::from_millis(300),
            longest_wait: Duration::from_secs(20),
        }
    }
}

/// An endpoint and how to talk to it.
#[derive(Debug, Clone)]
pub struct OpenAiConfig {
    /// Base URL up to and including the version: `http://localhost:11434/v1`.
    pub base_url: String,
    /// The model to ask for.
    pub model: String,
    /// Bearer key, if the endpoint wants one.
    pub api_key: Option<Secret>,
    /// Until the first byte of the answer.
    pub first_byte: Duration,
    /// Between two pieces of a stream, and for the rest of a plain answer.
    pub idle: Duration,
    /// Repeating failed calls.
    pub retry: Retry,
}

impl OpenAiConfig {
    /// An endpoint with the usual patience: 120 s to the first byte, 60 s between pieces.
    pub fn new(base_url: impl Into<String>, model: impl Into<String>) -> Self {
        Self {
            base_url: base_url.into(),
            model: model.into(),
            api_key: None,
            first_byte: Duration::from_secs(120),
            idle: Duration::from_secs(60),
            retry: Retry::default(),
        }
    }
}

/// A chat model behind an OpenAI-compatible endpoint.
#[derive(Debug, Clone)]
pub struct OpenAiModel {
    endpoint: Endpoint,
    model: String,
}

impl OpenAiModel {
    /// Prepares the client; no call is made yet.
    ///
    /// # Errors
    /// [`EndpointError`] for a base URL that is no `http` or `https` URL or carries a user name.
    pub fn new(config: OpenAiConfig) -> Result<Self, EndpointError> {
        let model = config.model.clone();
        Ok(Self {
            endpoint: Endpoint::new(config)?,
            model,
        })
    }

    fn body(&self, request: &ModelRequest, stream: bool) -> Value {
        let mut body = request.passthrough.clone();
        body.entry("model").or_insert_with(|| json!(self.model));
        body.insert("messages".into(), json!(request.messages()));
        body.insert("stream".into(), json!(stream));
        if stream {
            body.insert("stream_options".into(), json!({"include_usage": true}));
        } else {
            body.remove("stream_options");
        }
        if let Some(limit) = request.max_tokens {
            lower_limit(&mut body, limit);
        }
        Value::Object(body)
    }
}

/// Keeps the caller's own limit where it is the lower one, under whichever name it came.
fn lower_limit(body: &mut Map<String, Value>, limit: u32) {
    let name = if body.contains_key("max_completion_tokens") {
        "max_completion_tokens"
    } else {
        "max_tokens"
    };
    let asked = body.get(name).and_then(Value::as_u64).unwrap_or(u64::MAX);
    body.insert(name.into(), json!(asked.min(u64::from(limit))));
}

#[async_trait]
impl Model for OpenAiModel {
    fn name(&self) -> &str {
        &self.model
    }

    async fn answer(
        &self,
        request: &ModelRequest,
        deltas: Option<&DeltaSender>,
    ) -> Result<ModelAnswer, ModelError> {
        let body = self.body(request, deltas.is_some());
        let reply = self.endpoint.post("chat/completions", &body).await?;
        match deltas {
            None => wire::read_plain(reply, &self.model).await,
            Some(deltas) => wire::read_stream(reply, &self.model, deltas).await,
        }
    }
}

/// Embeddings from an OpenAI-compatible `/embeddings`.
#[derive(Debug, Clone)]
pub struct OpenAiEmbeddings {
    endpoint: Endpoint,
    info: EmbedderInfo,
}

impl OpenAiEmbeddings {
    /// Texts in one call.
    const BATCH: usize = 64;

    /// Connects and embeds one word, to learn how many components the vectors have.
    ///
    /// # Errors
    /// [`EmbeddingSourceError`] if the URL is bad, or the endpoint does not answer with a vector.
    pub async fn connect(config: OpenAiConfig) -> Result<Self, EmbeddingSourceError> {
        let id = EmbedderId(config.model.clone());
        // remote weights cannot be hashed; what can be said is where they are and what they are called
        let weights_hash = Hash256::of(format!("{}\n{}", config.base_url, config.model).as_bytes());
        let endpoint = Endpoint::new(config)?;
        let info = EmbedderInfo {
            id,
            weights_hash,
            dimensions: 0,
            calibration: None,
        };
        let mut source = Self { endpoint, info };
        let probe = source.embed_batch(&["probe".to_owned()]).await?;
        source.info.dimensions = probe
            .first()
            .and_then(Option::as_ref)
            .map(Embedding::dimensions)
            .ok_or(ModelError::Protocol(ProtocolFault::BadEmbeddings))?;
        Ok(source)
    }

    async fn embed_some(
        &self,
        texts: &[&String],
    ) -> Result<Vec<Option<Embedding>>, EmbeddingSourceError> {
        let body = json!({"model": self.info.id, "input": texts});
        let reply: Reply = self.endpoint.post("embeddings", &body).await?;
        let vectors = wire::read_embeddings(reply, texts.len()).await?;
        let right = |v: &Option<Embedding>| {
            v.as_ref()
                .is_none_or(|v| self.info.dimensions == 0 || v.dimensions() == self.info.dimensions)
        };
        if vectors.iter().all(right) {
            Ok(vectors)
        } else {
            Err(ModelError::Protocol(ProtocolFault::BadEmbeddings).into())
        }
    }
}

#[async_trait]
impl EmbeddingSource for OpenAiEmbeddings {
    fn info(&self) -> &EmbedderInfo {
        &self.info
    }

    async fn embed_batch(
        &self,
        texts: &[String],
    ) -> Result<Vec<Option<Embedding>>, EmbeddingSourceError> {
        let mut all = vec![None; texts.len()];
        let wanted: Vec<usize> = (0..texts.len())
            .filter(|at| !texts[*at].trim().is_empty())
            .collect();
        for batch in wanted.chunks(Self::BATCH) {
            let some: Vec<&String> = batch.iter().map(|at| &texts[*at]).collect();
            for (at, vector) in batch.iter().zip(self.embed_some(&some).await?) {
                all[*at] = vector;
            }
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lower_limit_wins_under_the_callers_name() {
        let mut body = Map::new();
        body.insert("max_completion_tokens".into(), json!(100));
        lower_limit(&mut body, 300);
        assert_eq!(body["max_completion_tokens"], 100);
        lower_limit(&mut body, 50);
        assert_eq!(body["max_completion_tokens"], 50);
        assert!(!body.contains_key("max_tokens"));
        let mut body = Map::new();
        lower_limit(&mut body, 50);
        assert_eq!(body["max_tokens"], 50);
    }

    #[test]
    fn a_secret_does_not_show() {
        let config = OpenAiConfig {
            api_key: Some(Secret::new("sk-very-secret")),
            ..OpenAiConfig::new("http://localhost:1/v1", "m")
        };
        assert!(!format!("{config:?}").contains("very-secret"));
        let model = OpenAiModel::new(config).unwrap();
        assert!(!format!("{model:?}").contains("very-secret"));
    }
}
