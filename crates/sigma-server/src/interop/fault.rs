//! What a peer is told when a phase is not passed: RFC 9457 with `reason_code`, `phase`, `invariant`.

use crate::serve::problem;
use axum::{
    extract::rejection::BytesRejection,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use kiri_ioh::{
    gateway::Denied,
    reason::{Invariant, Phase, ReasonCode, Refusal},
    store::StoreError,
    wire::{BodyError, LONGEST_BODY},
};
use serde_json::{Map, Value, json};

/// A request that was not answered with what it asked for.
#[derive(Debug)]
pub(crate) struct Fault {
    status: StatusCode,
    detail: String,
    reason_code: Option<ReasonCode>,
    phase: Option<Phase>,
    invariant: Option<Invariant>,
    /// Seconds.
    retry_after: Option<u64>,
}

impl Fault {
    pub(crate) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            status,
            detail: detail.into(),
            reason_code: None,
            phase: None,
            invariant: None,
            retry_after: None,
        }
    }

    pub(crate) fn at(self, phase: Phase) -> Self {
        Self {
            phase: Some(phase),
            ..self
        }
    }

    pub(crate) fn too_many(what: &str, seconds: u64) -> Self {
        Self {
            retry_after: Some(seconds.max(1)),
            ..Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                format!("Too many requests {what}; come back in a moment."),
            )
        }
    }

    pub(crate) fn internal(error: &(dyn std::error::Error + 'static)) -> Self {
        tracing::error!(error, "interop failed");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "The server failed at this request; nothing of it was kept.",
        )
    }

    pub(crate) fn unreadable(rejection: &BytesRejection) -> Self {
        match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => too_long(LONGEST_BODY),
            _ => Self::new(
                StatusCode::BAD_REQUEST,
                "The body could not be read to its end.",
            ),
        }
    }
}

pub(crate) fn too_long(limit: usize) -> Fault {
    let detail = format!("The body is longer than {limit} bytes.");
    Fault::new(StatusCode::PAYLOAD_TOO_LARGE, detail)
}

/// An address that is refused for its words alone.
const NEVER_ASKED: &str = "Such an address is never asked. Give one of https on port 443 of a public host, in its plain \
    form: no user name, fragment, dot segment or other way to write a number.";

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        let detail = match (refusal.phase, refusal.reason_code) {
            (Phase::Announce, ReasonCode::NamespaceUnresolvable) => NEVER_ASKED,
            (_, reason) => reason.explanation(),
        };
        Self {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            detail: detail.into(),
            reason_code: Some(refusal.reason_code),
            phase: Some(refusal.phase),
            invariant: refusal.invariant,
            retry_after: None,
        }
    }
}

impl From<BodyError> for Fault {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::Refused(refusal) => refusal.into(),
            BodyError::TooLong => too_long(LONGEST_BODY),
            error => Self::new(
                StatusCode::BAD_REQUEST,
                format!("The body cannot be taken: {error}."),
            ),
        }
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        if matches!(error, StoreError::Damaged) {
            return Self::internal(&error);
        }
        tracing::error!(error = &error as &dyn std::error::Error, "ledger failed");
        let detail = "The ledger cannot be written now; nothing was changed. Try again.";
        Self {
            retry_after: Some(2),
            ..Self::new(StatusCode::SERVICE_UNAVAILABLE, detail)
        }
    }
}

impl From<Denied> for Fault {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Refused(refusal) => refusal.into(),
            // the peer knows what it signed; nothing of ours stands in the words
            Denied::Unproven(refusal, why) => {
                let mut fault = Self::from(refusal);
                fault.detail += &format!(" What is wrong: {why}.");
                fault
            }
            Denied::ConflictingReplay(phase) => {
                let detail = "This phase or message was already answered for other content.";
                Self::new(StatusCode::CONFLICT, detail).at(phase)
            }
            Denied::Body(error) => error.into(),
            Denied::Store(error) => error.into(),
            other => Self::internal(&other),
        }
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let members: [(&str, Value); 3] = [
            ("reason_code", json!(self.reason_code)),
            ("phase", json!(self.phase)),
            ("invariant", json!(self.invariant)),
        ];
        let members: Map<_, _> = members
            .map(|(name, value)| (name.to_owned(), value))
            .into_iter()
            .collect();
        let mut response = problem::with(self.status, &self.detail, members);
        if let Some(seconds) = self.retry_after {
            let seconds = HeaderValue::from(seconds);
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        response
    }
}
