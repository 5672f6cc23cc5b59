//! The guard of routes that are not the handshake's: who claims to be a bound system, shows it
//! (`IOH-01 §43.2`, OPERATE).

use crate::interop::{
    Interop,
    fault::{self, Fault},
    request::Received,
};
use axum::{
    body::{Body, to_bytes},
    extract::{OriginalUri, Request, State},
    http::HeaderValue,
    middleware::Next,
    response::{IntoResponse, Response},
};
use kiri_ioh::{gateway::Guarded, message::BIND_HEADER, reason::Phase};
use std::sync::Arc;

/// The header of an answer that names the ledger's record of the request.
pub const ENTRY_HEADER: &str = "x-kiri-ledger-entry";

/// Lets a request pass that claims nothing, or shows what it claims. The proof stands in the request's
/// extensions as [`Guarded`].
pub(crate) async fn check(
    State(interop): State<Arc<Interop>>,
    request: Request,
    next: Next,
) -> Response {
    if !request.headers().contains_key(BIND_HEADER) {
        return next.run(request).await;
    }
    match pass(&interop, request).await {
        Ok((guarded, request)) => {
            let mut response = next.run(request).await;
            if let Ok(entry) = HeaderValue::try_from(guarded.ledger_entry) {
                response.headers_mut().insert(ENTRY_HEADER, entry);
            }
            response
        }
        Err(fault) => fault.into_response(),
    }
}

async fn pass(interop: &Arc<Interop>, request: Request) -> Result<(Guarded, Request), Fault> {
    let (mut parts, body) = request.into_parts();
    let limit = interop.guarded_body;
    // a body that breaks off ends here too
    let body = to_bytes(body, limit)
        .await
        .map_err(|_| fault::too_long(limit).at(Phase::Operate))?;
    let whole = parts.extensions.get::<OriginalUri>();
    let uri = whole.map_or_else(|| parts.uri.clone(), |uri| uri.0.clone());
    let received = Received::new(&parts, &uri, interop.public.as_ref(), body.clone());
    let guarded = interop
        .ask(move |gateway, now| gateway.guard(&received.view(), now))
        .await??;
    parts.extensions.insert(guarded.clone());
    Ok((guarded, Request::from_parts(parts, Body::from(body))))
}
