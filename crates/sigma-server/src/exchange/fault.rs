//! What an asker is told instead of an answer: RFC 9457, with the reason in a member of its own.

use crate::serve::problem;
use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// A request that was not answered with what it asked for.
#[derive(Debug)]
pub(crate) struct Fault(Box<Told>);

#[derive(Debug)]
struct Told {
    status: StatusCode,
    detail: String,
    members: Map<String, Value>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Fault {
    pub(crate) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self(Box::new(Told {
            status,
            detail: detail.into(),
            members: Map::new(),
            headers: Vec::new(),
        }))
    }

    /// Adds a member; by `reason_code` programs tell reasons apart.
    pub(crate) fn with(mut self, name: &str, value: impl Serialize) -> Self {
        self.0.members.insert(name.into(), json!(value));
        self
    }

    pub(crate) fn because(self, code: &str) -> Self {
        self.with("reason_code", code)
    }

    pub(crate) fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.push((name, value));
        self
    }

    pub(crate) fn after(self, seconds: u64) -> Self {
        self.with_header(header::RETRY_AFTER, HeaderValue::from(seconds.max(1)))
    }

    pub(crate) fn too_many(what: &str, seconds: u64) -> Self {
        let detail = format!("Too many requests {what}; come back in a moment.");
        Self::new(StatusCode::TOO_MANY_REQUESTS, detail)
            .because("too_many_requests")
            .after(seconds)
    }

    pub(crate) fn internal(error: &(dyn std::error::Error + 'static)) -> Self {
        tracing::error!(error, "exchange failed");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "The server failed at this request; nothing of it was kept.",
        )
    }

    #[cfg(test)]
    pub(crate) fn status(&self) -> StatusCode {
        self.0.status
    }

    pub(crate) fn detail(&self) -> &str {
        &self.0.detail
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let Told {
            status,
            detail,
            members,
            headers,
        } = *self.0;
        let mut response = problem::with(status, &detail, members);
        response.headers_mut().extend(headers);
        response
    }
}
