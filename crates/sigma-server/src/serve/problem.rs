//! Errors outside `/v1`, as `application/problem+json` (RFC 9457).

use axum::{
    http::{HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value};

fn problem(status: StatusCode, detail: &str) -> Response {
    with(status, detail, Map::new())
}

/// A problem with members of its own.
pub(crate) fn with(status: StatusCode, detail: &str, mut members: Map<String, Value>) -> Response {
    // `about:blank`: the status says all there is to the type (RFC 9457 §4.2.1)
    members.insert("type".into(), "about:blank".into());
    let title = status.canonical_reason().unwrap_or("Error");
    members.insert("title".into(), title.into());
    members.insert("status".into(), status.as_u16().into());
    members.insert("detail".into(), detail.into());
    let body = Value::Object(members).to_string();
    let mut response = (status, body).into_response();
    let media = HeaderValue::from_static("application/problem+json");
    response.headers_mut().insert(header::CONTENT_TYPE, media);
    response
}

pub(crate) async fn no_route(method: Method, uri: Uri) -> Response {
    let detail = format!(
        "There is no {method} {}; the chat API is under /v1.",
        uri.path()
    );
    problem(StatusCode::NOT_FOUND, &detail)
}

pub(crate) async fn no_method(method: Method, uri: Uri) -> Response {
    problem(
        StatusCode::METHOD_NOT_ALLOWED,
        &format!("{method} is not possible at {}.", uri.path()),
    )
}
