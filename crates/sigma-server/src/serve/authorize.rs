//! The server's own key.

use crate::serve::{Fault, Shared};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use sigma_types::Hash256;
use std::sync::Arc;

/// Lets a request pass that carries the key, or any if there is none.
pub(crate) async fn check(
    State(shared): State<Arc<Shared>>,
    request: Request,
    next: Next,
) -> Response {
    if shared.api_key.is_empty() || holds_key(request.headers(), shared.api_key.expose()) {
        next.run(request).await
    } else {
        Fault::unauthorized().into_response()
    }
}

fn holds_key(headers: &HeaderMap, key: &str) -> bool {
    // comparing hashes takes the same time wherever the texts differ
    bearer(headers)
        .is_some_and(|given| Hash256::of(given.as_bytes()) == Hash256::of(key.as_bytes()))
}

/// The bearer token of a request.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
