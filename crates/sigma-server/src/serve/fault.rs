//! Errors under `/v1`, in the envelope that OpenAI clients read.

use axum::{
    Json,
    body::Body,
    http::{HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use sigma_core::{
    SessionError, TurnError, model::ModelError, prompt::PromptError, store::StoreError,
};
use std::time::Duration;

/// An error of the chat API.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    status: StatusCode,
    kind: &'static str,
    code: Option<&'static str>,
    param: Option<String>,
    message: String,
    retry_after: Option<Duration>,
    /// The provider's own body and media type, told word for word.
    upstream: Option<Box<Upstream>>,
}

/// A provider's error as it came.
#[derive(Debug, Clone, PartialEq)]
struct Upstream {
    body: String,
    content_type: Option<String>,
}

const INVALID: &str = "invalid_request_error";
const SERVER: &str = "server_error";
const UPSTREAM: &str = "upstream_error";

impl Fault {
    fn new(status: StatusCode, kind: &'static str, message: impl Into<String>) -> Self {
        let (code, param, retry_after, upstream) = (None, None, None, None);
        Self {
            status,
            kind,
            code,
            param,
            message: message.into(),
            retry_after,
            upstream,
        }
    }

    pub(crate) fn invalid(param: impl Into<String>, message: impl Into<String>) -> Self {
        let param = Some(param.into()).filter(|param| !param.is_empty());
        Self {
            param,
            ..Self::new(StatusCode::BAD_REQUEST, INVALID, message)
        }
    }

    pub(crate) fn with_code(self, code: &'static str) -> Self {
        Self {
            code: Some(code),
            ..self
        }
    }

    pub(crate) fn unknown_model(id: &str) -> Self {
        let message =
            format!("The model {id:?} does not exist here; GET /v1/models lists those that do.");
        Self {
            param: Some("model".into()),
            ..Self::new(StatusCode::NOT_FOUND, INVALID, message).with_code("model_not_found")
        }
    }

    pub(crate) fn unauthorized() -> Self {
        let message = "Send the server's key as `Authorization: Bearer …`.";
        Self::new(StatusCode::UNAUTHORIZED, INVALID, message).with_code("invalid_api_key")
    }

    pub(crate) fn unknown_session(id: &str) -> Self {
        let message = format!("There is no session {id:?}.");
        Self {
            param: Some("id".into()),
            ..Self::new(StatusCode::NOT_FOUND, INVALID, message).with_code("session_not_found")
        }
    }

    pub(crate) fn never_on(id: &str) -> Self {
        let message =
            format!("Session {id:?} has had no turn with relational identity on; its mode is off.");
        Self::new(StatusCode::NOT_FOUND, INVALID, message).with_code("ris_off")
    }

    pub(crate) fn needs_key() -> Self {
        let message = "This is shown only to callers who hold the server's key, and the server has none: \
                       set server.api_key (SIGMA_SERVER_API_KEY).";
        Self::new(StatusCode::FORBIDDEN, INVALID, message).with_code("key_required")
    }

    pub(crate) fn too_large(limit: usize) -> Self {
        let message = format!("The request is larger than {limit} bytes.");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, INVALID, message).with_code("request_too_large")
    }

    pub(crate) fn busy() -> Self {
        let message = "Too many requests are under way; come back in a moment.";
        Self {
            retry_after: Some(Duration::from_secs(1)),
            ..Self::new(StatusCode::TOO_MANY_REQUESTS, "rate_limit_error", message)
                .with_code("server_busy")
        }
    }

    pub(crate) fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            SERVER,
            "The server failed at this turn; nothing of it was kept.",
        )
    }

    /// The envelope.
    pub(crate) fn body(&self) -> Value {
        json!({"error": {
            "message": self.message,
            "type": self.kind,
            "param": self.param,
            "code": self.code,
        }})
    }

    /// The envelope for a stream that has begun: the provider's own one where there is one.
    pub(crate) fn stream_body(&self) -> Value {
        let upstream = self
            .upstream
            .as_ref()
            .and_then(|upstream| serde_json::from_str(&upstream.body).ok());
        let envelope = |body: &Value| body.get("error").is_some();
        upstream.filter(envelope).unwrap_or_else(|| self.body())
    }
}

impl From<TurnError> for Fault {
    fn from(error: TurnError) -> Self {
        match error {
            TurnError::Model(error) => error.into(),
            TurnError::Session(error) => error.into(),
            TurnError::Store(error) => error.into(),
            TurnError::EmptyMessage => Self::invalid("messages", "The last user message is empty."),
            TurnError::NotJson => Self::invalid("", error.to_string()),
            TurnError::Prompt(error) => from_prompt(&error),
            TurnError::KeyReused { .. } => Self {
                status: StatusCode::CONFLICT,
                ..Self::invalid("", sentence(&error)).with_code("idempotency_key_reused")
            },
            TurnError::EmptyAnswer => Self::new(
                StatusCode::BAD_GATEWAY,
                UPSTREAM,
                "The model's answer was empty.",
            ),
            TurnError::Embedding(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "no embeddings");
                let message = "The embedding source failed; nothing of the turn was kept.";
                Self::new(StatusCode::BAD_GATEWAY, UPSTREAM, message)
            }
            _ => Self::internal(),
        }
    }
}

fn from_prompt(error: &PromptError) -> Fault {
    Fault::invalid(
        "messages",
        format!(
            "{} The budget is session.prompt_tokens in sigma.toml.",
            sentence(error)
        ),
    )
    .with_code("context_length_exceeded")
}

impl From<ModelError> for Fault {
    fn from(error: ModelError) -> Self {
        match error {
            ModelError::Upstream {
                status,
                body,
                content_type,
                retry_after,
            } => Self {
                retry_after,
                upstream: Some(Box::new(Upstream { body, content_type })),
                ..Self::new(
                    StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY),
                    UPSTREAM,
                    format!("The model's provider answered {status}."),
                )
            },
            ModelError::Timeout(_) => {
                Self::new(StatusCode::GATEWAY_TIMEOUT, UPSTREAM, sentence(&error))
                    .with_code("upstream_timeout")
            }
            ModelError::Unreachable { .. } => {
                Self::new(StatusCode::BAD_GATEWAY, UPSTREAM, sentence(&error))
                    .with_code("upstream_unreachable")
            }
            _ => Self::new(StatusCode::BAD_GATEWAY, UPSTREAM, sentence(&error)),
        }
    }
}

impl From<SessionError> for Fault {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::OtherEmbedder { .. } | SessionError::NewerFormat { .. } => Self {
                status: StatusCode::CONFLICT,
                ..Self::invalid("session_id", sentence(&error)).with_code("session_incompatible")
            },
            _ => {
                tracing::error!(error = &error as &dyn std::error::Error, "session unusable");
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, SERVER, sentence(&error))
            }
        }
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::KeyReused { .. } => Self {
                status: StatusCode::CONFLICT,
                ..Self::invalid("", sentence(&error)).with_code("idempotency_key_reused")
            },
            StoreError::OutOfOrder { .. } => Self {
                status: StatusCode::CONFLICT,
                ..Self::invalid(
                    "session_id",
                    "Another server wrote to this session; try again.",
                )
                .with_code("session_conflict")
            },
            _ => {
                tracing::error!(error = &error as &dyn std::error::Error, "storage failed");
                Self {
                    retry_after: Some(Duration::from_secs(2)),
                    ..Self::new(StatusCode::SERVICE_UNAVAILABLE, SERVER, sentence(&error))
                }
            }
        }
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let mut response = match &self.upstream {
            Some(upstream) if !upstream.body.is_empty() => {
                let mut response = Response::new(Body::from(upstream.body.clone()));
                let media = upstream
                    .content_type
                    .as_deref()
                    .unwrap_or("application/json");
                let media = HeaderValue::from_str(media);
                let media = media.unwrap_or(HeaderValue::from_static("application/octet-stream"));
                response.headers_mut().insert(header::CONTENT_TYPE, media);
                response
            }
            _ => Json(self.body()).into_response(),
        };
        *response.status_mut() = self.status;
        if let Some(wait) = self.retry_after {
            let seconds = HeaderValue::from(wait.as_secs().max(1));
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        if self.status == StatusCode::UNAUTHORIZED && self.upstream.is_none() {
            let scheme = HeaderValue::from_static("Bearer");
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, scheme);
        }
        response
    }
}

/// An error's message as a sentence.
fn sentence(error: &impl std::fmt::Display) -> String {
    let text = error.to_string();
    let mut chars = text.chars();
    let first = chars
        .next()
        .map(|c| c.to_uppercase().collect::<String>())
        .unwrap_or_default();
    format!("{first}{}.", chars.as_str().trim_end_matches('.'))
}

pub(crate) async fn no_route(method: Method, uri: Uri) -> Fault {
    let message = format!("There is no {method} /v1{}.", uri.path());
    Fault {
        status: StatusCode::NOT_FOUND,
        ..Fault::invalid("", message)
    }
    .with_code("not_found")
}

pub(crate) async fn no_method(method: Method, uri: Uri) -> Fault {
    let message = format!("{method} is not possible at /v1{}.", uri.path());
    let fault = Fault {
        status: StatusCode::METHOD_NOT_ALLOWED,
        ..Fault::invalid("", message)
    };
    fault.with_code("method_not_allowed")
}
