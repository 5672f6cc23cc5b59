//! What stands behind the loop: anything that answers a prompt.

mod offline;
#[cfg(feature = "openai")]
mod openai;
mod recorded;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::time::Duration;
use tokio::sync::mpsc;

use crate::prompt::Prompt;

pub use offline::OfflineResponder;
#[cfg(feature = "openai")]
pub use openai::{EndpointError, OpenAiConfig, OpenAiEmbeddings, OpenAiModel, Retry, Secret};
pub use recorded::RecordedTranscript;

/// A chat message on its way to or from a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// `system`, `user`, `assistant` or `tool`.
    pub role: Role,
    /// The text; empty where the message carries only other fields.
    #[serde(default)]
    pub content: String,
    /// Fields that the loop does not read (`tool_calls`, `tool_call_id`, `name`, ...), kept as they
    /// came.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl Message {
    /// A message of text alone.
    pub fn new(role: Role, content: impl Into<String>) -> Self {
        Self {
            role,
            content: content.into(),
            extra: Map::new(),
        }
    }
}

/// Who a message is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Rules and context.
    System,
    /// The person.
    User,
    /// The model.
    Assistant,
    /// What a tool returned.
    Tool,
}

/// What a model is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelRequest {
    /// The bounded prompt of this cycle.
    pub prompt: Prompt,
    /// Messages of an exchange with tools that follow the user's message, passed on as they came.
    pub tail: Vec<Message>,
    /// Most tokens of the answer that the runtime allows, if a stabilisation plan limits it.
    pub max_tokens: Option<u32>,
    /// Fields of the caller's request that the loop does not read, passed on as they came.
    pub passthrough: Map<String, Value>,
    /// Turn number in the session, from 1.
    pub cycle: u64,
}

impl ModelRequest {
    /// All messages in order: the prompt's, then the tail.
    pub fn messages(&self) -> Vec<Message> {
        let mut all = self.prompt.messages();
        all.extend(self.tail.iter().cloned());
        all
    }
}

/// A piece of an answer as it arrives.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Delta {
    /// Text to append.
    pub content: String,
    /// Other fields of the delta, as they came.
    pub extra: Map<String, Value>,
}

/// Where pieces of an answer go while it is being made. A closed channel means that nobody listens
/// any more.
pub type DeltaSender = mpsc::Sender<Delta>;

/// Token counts as the model reported them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Usage {
    /// Tokens of the prompt.
    pub prompt_tokens: u64,
    /// Tokens of the answer.
    pub completion_tokens: u64,
}

/// A whole answer.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelAnswer {
    /// The text; empty if the model only called tools.
    pub text: String,
    /// Why the model stopped, in the words of the protocol: `stop`, `length`, `tool_calls`, ...
    pub finish_reason: String,
    /// Token counts, if the model reported them.
    pub usage: Option<Usage>,
    /// The model that answered, by its own name.
    pub model: String,
    /// Other fields of the answer's message (`tool_calls`, `refusal`, ...), as they came.
    pub extra: Map<String, Value>,
}

impl ModelAnswer {
    /// An answer of text alone that came to its end.
    pub fn text(text: impl Into<String>, model: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            finish_reason: "stop".into(),
            usage: None,
            model: model.into(),
            extra: Map::new(),
        }
    }

    /// The model asked for tools: the turn goes on and nothing of it is committed yet.
    pub fn wants_tools(&self) -> bool {
        self.extra
            .get("tool_calls")
            .and_then(Value::as_array)
            .is_some_and(|calls| !calls.is_empty())
            || self.extra.contains_key("function_call")
    }
}

/// A model gave no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// The provider answered with an error, told word for word.
    #[error("the model's provider answered {status}")]
    Upstream {
        /// The HTTP status.
        status: u16,
        /// The body as it came, at most 64 KiB of it.
        body: String,
        /// The body's media type.
        content_type: Option<String>,
        /// When the provider wants to be asked again.
        retry_after: Option<Duration>,
    },
    /// The provider was reached but did not answer in time.
    #[error("the model's provider did not answer within {0:?}")]
    Timeout(Duration),
    /// The provider was not reached.
    #[error("the model's provider could not be reached at {endpoint}")]
    Unreachable {
        /// Scheme, host and port.
        endpoint: String,
        /// What failed.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The provider's answer is not of the protocol.
    #[error("the model's provider sent something else than a chat completion: {0}")]
    Protocol(ProtocolFault),
    /// A recorded transcript has no answer for this turn.
    #[error("the transcript holds no answer for turn {cycle}")]
    TranscriptEnded {
        /// The turn asked for.
        cycle: u64,
    },
    /// Nobody waits for the answer any more.
    #[error("the caller went away before the answer was complete")]
    Cancelled,
}

/// How an answer broke the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProtocolFault {
    /// The body is not JSON.
    #[error("the body is not JSON")]
    NotJson,
    /// `choices[0].message` is missing.
    #[error("the body has no `choices[0].message`")]
    NoChoice,
    /// The body is larger than allowed.
    #[error("the body is larger than 16 MiB")]
    TooLarge,
    /// The stream ended before it said `[DONE]` or gave a finish reason.
    #[error("the stream broke off")]
    BrokenStream,
    /// An embedding is missing, has another size, or is no vector.
    #[error("the embeddings do not fit the texts")]
    BadEmbeddings,
}

/// Anything that answers a prompt.
#[async_trait]
pub trait Model: Send + Sync {
    /// The model's name, as clients see it.
    fn name(&self) -> &str;

    /// Whether asking again gives the same answer, as a record does.
    fn repeats_itself(&self) -> bool {
        false
    }

    /// Whether an empty text is a text, of the user or of the model, as in a record.
    fn may_be_silent(&self) -> bool {
        false
    }

    /// Answers. Sends pieces to `deltas` as they arrive, if given, and returns the whole at the end.
    ///
    /// # Errors
    /// [`ModelError`]; after an error nothing of the answer may be used.
    async fn answer(
        &self,
        request: &ModelRequest,
        deltas: Option<&DeltaSender>,
    ) -> Result<ModelAnswer, ModelError>;
}

/// Sends a whole text in pieces of a few words, for models that have it all at once.
pub(crate) async fn send_in_pieces(
    text: &str,
    deltas: Option<&DeltaSender>,
) -> Result<(), ModelError> {
    let Some(deltas) = deltas else { return Ok(()) };
    for piece in text.split_inclusive(' ') {
        let delta = Delta {
            content: piece.to_owned(),
            extra: Map::new(),
        };
        deltas
            .send(delta)
            .await
            .map_err(|_| ModelError::Cancelled)?;
    }
    Ok(())
}
