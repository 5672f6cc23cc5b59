//! `POST /v1/chat/completions`.

use crate::serve::{
    Fault, Shared,
    answer::{self, Envelope},
    request, stream,
    turn::Prepared,
};
use axum::{
    Json,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use std::sync::Arc;

pub(crate) async fn completions(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Fault> {
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Fault::too_large(shared.body_limit),
        _ => Fault::invalid("", "The body could not be read."),
    })?;
    let permit = Arc::clone(&shared.permits)
        .try_acquire_owned()
        .map_err(|_| Fault::busy())?;
    let request = request::read(&body)?;
    drop(body);
    let (streamed, counted) = (request.stream, request.include_usage);
    let prepared = Prepared::new(&shared, &headers, request)?;
    let envelope = Envelope::new(&shared);
    let session = prepared.session.clone();
    if streamed {
        let events = stream::events(Arc::clone(&shared), prepared, envelope, counted, permit);
        let response = events.await.unwrap_or_else(IntoResponse::into_response);
        return Ok((answer::headers(&session, None), response).into_response());
    }
    // in a task of its own: a caller who goes away must not stop a commit half-way
    let turn = tokio::spawn(async move {
        let outcome = Box::pin(prepared.take(&shared, None)).await;
        drop(permit);
        outcome
    });
    let outcome = turn.await.map_err(|_| Fault::internal())?;
    Ok(match outcome {
        Ok(outcome) => {
            let headers = answer::headers(&session, Some(&outcome));
            (headers, Json(envelope.completion(&outcome))).into_response()
        }
        Err(fault) => (answer::headers(&session, None), fault).into_response(),
    })
}
