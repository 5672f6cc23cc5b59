//! Answers in the form that was asked for, and bodies in the form that they state.

use crate::exchange::{
    Exchange,
    access::{not_granted, source, unknown_peer},
    encoding,
    fault::Fault,
    negotiate,
    peers::{self, Grant, Peer},
};
use axum::{
    body::Body,
    extract::{FromRequestParts, Request},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use serde::Serialize;
use sigma_interop::{
    Cleared, Format, Message, MinimalExchange, Payload, ReadError, Sealed, Unverified, Verified,
    Verifier, VerifyError, seal::ReplayRefusal, wire,
};
use std::{sync::Arc, time::Duration};
use tokio::time::timeout;

/// How long a body may be on its way as a whole, however its pieces come.
const LONGEST_BODY: Duration = Duration::from_secs(30);

/// The form that the asker likes best.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Accepted(pub(crate) Format);

impl<S: Send + Sync> FromRequestParts<S> for Accepted {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Fault> {
        negotiate::accepted(&parts.headers).map(Self)
    }
}

/// Answers with a sealed message, whose seal holds the gate's proof.
pub(crate) fn sealed<P: Payload>(message: &Sealed<Message<P>>, form: Format) -> Response {
    let mut response = bytes(message.to_bytes(form), form);
    if form == Format::Json && P::LINKED {
        let link = format!(
            "<{}>; rel=\"http://www.w3.org/ns/json-ld#context\"; type=\"application/ld+json\"",
            wire::CONTEXT_PATH
        );
        if let Ok(link) = HeaderValue::try_from(link) {
            response.headers_mut().insert(header::LINK, link);
        }
    }
    response
}

/// Answers with state that has no seal of its own; the proof shows that the gate let it pass.
pub(crate) fn cleared(
    _: &Cleared<MinimalExchange>,
    value: &impl Serialize,
    form: Format,
) -> Result<Response, Fault> {
    plain(value, form)
}

/// Answers with what tells nothing of a session's state.
pub(crate) fn plain(value: &impl Serialize, form: Format) -> Result<Response, Fault> {
    let written = match form {
        Format::Yaml => serde_saphyr::to_string(value)
            .map(String::into_bytes)
            .map_err(|error| Fault::internal(&error))?,
        _ => serde_json::to_vec(value).map_err(|error| Fault::internal(&error))?,
    };
    Ok(bytes(written, form))
}

/// Answers with bytes of a form.
pub(crate) fn bytes(written: Vec<u8>, form: Format) -> Response {
    let media = HeaderValue::from_static(form.media_type());
    ([(header::CONTENT_TYPE, media)], written).into_response()
}

/// What an answer depends on.
pub(crate) async fn vary(mut response: Response) -> Response {
    let accept = HeaderValue::from_static("accept");
    response.headers_mut().append(header::VARY, accept);
    response
}

/// A body as it came, plain, with the form that it states.
pub(crate) struct Read {
    pub(crate) bytes: Bytes,
    pub(crate) form: Format,
}

impl Read {
    /// Reads the body of a request, up to `limit` bytes.
    pub(crate) async fn of(
        exchange: &Exchange,
        request: Request,
        limit: usize,
    ) -> Result<Self, Fault> {
        let room = exchange.bodies.begin(source(request.extensions()));
        let full = || Fault::too_many("with bodies that are not here yet", 1);
        let _room = room.ok_or_else(full)?;
        let (parts, body) = request.into_parts();
        let read = timeout(LONGEST_BODY, Self::from(&parts.headers, body, limit));
        read.await.unwrap_or_else(|_| {
            let seconds = LONGEST_BODY.as_secs();
            let detail = format!("The body was not here after {seconds} seconds.");
            let fault = Fault::new(StatusCode::REQUEST_TIMEOUT, detail);
            Err(fault.because("too_slow"))
        })
    }

    async fn from(headers: &HeaderMap, body: Body, limit: usize) -> Result<Self, Fault> {
        let form = negotiate::of_body(headers)?;
        let bytes = encoding::read(headers, body, limit).await?;
        Ok(Self { bytes, form })
    }

    /// Reads a message out of it.
    pub(crate) fn message<P: Payload>(
        &self,
        exchange: &Exchange,
    ) -> Result<Unverified<Message<P>>, Fault> {
        let read = Unverified::<Message<P>>::read(&self.bytes, self.form, &exchange.rules);
        read.map_err(|error| unreadable(&error))
    }
}

/// Why a text is no message.
pub(crate) fn unreadable(error: &ReadError) -> Fault {
    let (status, code) = match error {
        ReadError::Text(wire::TextError::TooLarge { .. }) => {
            (StatusCode::PAYLOAD_TOO_LARGE, "too_large")
        }
        ReadError::Text(_) => (StatusCode::BAD_REQUEST, "malformed"),
        ReadError::Version(_) => (StatusCode::UNPROCESSABLE_ENTITY, "unsupported_version"),
        ReadError::Context => (StatusCode::UNPROCESSABLE_ENTITY, "foreign_context"),
        _ => (StatusCode::UNPROCESSABLE_ENTITY, "not_the_schema"),
    };
    Fault::new(status, format!("The message is not taken: {error}.")).because(code)
}

/// Why a message is not what it claims.
pub(crate) fn unverified(error: &VerifyError) -> Fault {
    let status = match error {
        VerifyError::WrongTarget { .. } => StatusCode::MISDIRECTED_REQUEST,
        VerifyError::UnknownKey { .. }
        | VerifyError::RevokedKey { .. }
        | VerifyError::TokenMismatch => StatusCode::FORBIDDEN,
        VerifyError::Replay(ReplayRefusal::Seen) => StatusCode::CONFLICT,
        VerifyError::Replay(_) => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let fault = Fault::new(status, format!("The message is not taken: {error}."));
    let fault = fault.because(error.name());
    match error {
        VerifyError::Replay(
            ReplayRefusal::SourceFull { retry_after_ms } | ReplayRefusal::Full { retry_after_ms },
        ) => fault.after(u64::try_from(*retry_after_ms).unwrap_or(0).div_ceil(1000)),
        _ => fault,
    }
}

impl Exchange {
    /// Shows that a message is from a peer with a grant: its seal alone says so.
    pub(crate) async fn shown_by_peer<P: Payload>(
        &self,
        message: Unverified<Message<P>>,
        grant: Grant,
    ) -> Result<(Verified<Message<P>>, Peer), Fault> {
        let claimed = message.claimed().header.source_runtime_id;
        let found = self.ask(move |store| peers::find(store, claimed)).await?;
        let peer = found.ok_or_else(|| unknown_peer(claimed))?;
        self.askers
            .count(&peer.runtime_id)
            .map_err(|seconds| Fault::too_many("from this peer", seconds))?;
        let ring = peers::ring(claimed, peer.key_id.clone(), peer.public_key);
        let verifier = Verifier::new(self.us(), &ring, self.rules.clock);
        let verified = verifier.verify(message, self.clock.now(), &mut self.replays());
        let verified = verified.map_err(|error| {
            tracing::info!(peer = %claimed, reason = error.name(), "a message was refused");
            unverified(&error)
        })?;
        if peer.may(grant) {
            Ok((verified, peer))
        } else {
            Err(not_granted(claimed, grant))
        }
    }
}

/// A receipt of what was taken.
#[derive(Debug, Serialize)]
pub(crate) struct Receipt<'a> {
    pub(crate) received: &'static str,
    pub(crate) from: String,
    pub(crate) checksum: &'a str,
}

/// A header that no route has a name for yet.
pub(crate) fn header_of(name: &'static str) -> HeaderName {
    HeaderName::from_static(name)
}

/// The exchange, as routes share it.
pub(crate) type Shared = axum::extract::State<Arc<Exchange>>;
