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
use bytes::Bytes;
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
    let whole = parts.extensions.get::<OriginalUri>();
    let uri = whole.map_or_else(|| parts.uri.clone(), |uri| uri.0.clone());
    // nothing is kept of a stranger's body
    let head = Received::new(&parts, &uri, interop.public.as_ref(), Bytes::new());
    interop
        .ask(move |gateway, now| gateway.admit(&head.view(), now))
        .await??;
    let room = interop.bodies.try_acquire();
    let _room = room.map_err(|_| Fault::too_many("with bodies that are not here yet", 1))?;
    let limit = interop.guarded_body;
    // a body that breaks off ends here too
    let body = to_bytes(body, limit)
        .await
        .map_err(|_| fault::too_long(limit).at(Phase::Operate))?;
    let received = Received::new(&parts, &uri, interop.public.as_ref(), body.clone());
    let guarded = interop
        .ask(move |gateway, now| gateway.guard(&received.view(), now))
        .await??;
    parts.extensions.insert(guarded.clone());
    Ok((guarded, Request::from_parts(parts, Body::from(body))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{interop::open, settings::Settings};
    use axum::{Router, http::StatusCode, routing::post};
    use kiri_ioh::ids::BindToken;
    use sigma_core::clock::SystemClock;
    use std::{
        io,
        sync::atomic::{AtomicBool, Ordering},
        task::Poll,
    };
    use tower::ServiceExt as _;

    #[tokio::test]
    async fn the_body_of_a_stranger_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings::default();
        settings.store.path = folder.path().join("sigma.db").display().to_string();
        let interop = open(&settings, Arc::new(SystemClock::default())).unwrap();
        let interop = Arc::new(interop.unwrap());
        let read = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&read);
        let body = futures_util::stream::poll_fn(move |_| {
            seen.store(true, Ordering::SeqCst);
            Poll::Ready(None::<io::Result<Bytes>>)
        });
        let token = BindToken::from_entropy(&[7; 20]).to_string();
        let request = Request::post("/x").header(BIND_HEADER, token);
        let request = request.body(Body::from_stream(body)).unwrap();
        let routes = Router::new().route("/x", post(async || "in"));
        let answer = crate::interop::guard(routes, &interop).oneshot(request);
        let status = answer.await.unwrap().status();
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(!read.load(Ordering::SeqCst));
    }
}
