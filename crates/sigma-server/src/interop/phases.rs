//! The endpoints of the five phases (`IOH-01 §43.2`).

use crate::interop::{Interop, draw::entropy, fault::Fault, fetch::FetchError, request::Received};
use axum::{
    Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, OriginalUri, State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, header, request::Parts},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::post,
};
use kiri_ioh::{
    address::Address,
    descriptor::{Fetched, Unfetched},
    gateway::Next as Then,
    reason::Phase,
    wire::{self, LONGEST_BODY},
};
use std::sync::Arc;

type Body = Result<Bytes, BytesRejection>;
type Shared = State<Arc<Interop>>;

pub(crate) fn router() -> Router<Arc<Interop>> {
    Router::new()
        .route("/announce", post(announce))
        .route("/negotiate", post(negotiate))
        .route("/bind", post(bind))
        .route("/operate", post(operate))
        .route("/dissolve", post(dissolve))
        .layer(middleware::from_fn(json_only))
        .layer(DefaultBodyLimit::max(LONGEST_BODY))
}

async fn announce(State(interop): Shared, body: Body) -> Result<Response, Fault> {
    let fault = |fault: Fault| fault.at(Phase::Announce);
    let request =
        wire::announce_request(&read(body).map_err(fault)?).map_err(|e| fault(e.into()))?;
    let (id, salt) = (entropy()?, entropy()?);
    let answer = interop
        .ask(move |gateway, now| gateway.announce(&request, now, &id, &salt))
        .await??;
    Ok(Json(answer).into_response())
}

async fn negotiate(State(interop): Shared, body: Body) -> Result<Response, Fault> {
    let fault = |fault: Fault| fault.at(Phase::Negotiate);
    let request =
        wire::negotiate_request(&read(body).map_err(fault)?).map_err(|e| fault(e.into()))?;
    let asked = request.clone();
    let then = interop
        .ask(move |gateway, now| gateway.before_negotiate(&asked, now))
        .await??;
    let answer = match then {
        Then::Answered(answer) => answer,
        Then::Fetch(address) => {
            let fetched = fetch(&interop, &address).await.map_err(fault)?;
            interop
                .ask(move |gateway, now| {
                    gateway.negotiate(&request, fetched.as_ref().map_err(|e| *e), now)
                })
                .await??
        }
    };
    Ok(Json(answer).into_response())
}

async fn bind(State(interop): Shared, body: Body) -> Result<Response, Fault> {
    let fault = |fault: Fault| fault.at(Phase::Bind);
    let request = wire::bind_request(&read(body).map_err(fault)?).map_err(|e| fault(e.into()))?;
    let asked = request.clone();
    let then = interop
        .ask(move |gateway, now| gateway.before_bind(&asked, now))
        .await??;
    let answer = match then {
        Then::Answered(answer) => answer,
        Then::Fetch(address) => {
            let fetched = fetch(&interop, &address).await.map_err(fault)?;
            let token = entropy()?;
            interop
                .ask(move |gateway, now| {
                    gateway.bind(&request, fetched.as_ref().map_err(|e| *e), now, &token)
                })
                .await??
        }
    };
    Ok(Json(answer).into_response())
}

async fn operate(
    State(interop): Shared,
    OriginalUri(uri): OriginalUri,
    parts: Parts,
    body: Body,
) -> Result<Response, Fault> {
    let body = read(body).map_err(|fault| fault.at(Phase::Operate))?;
    let received = Received::new(&parts, &uri, interop.public.as_ref(), body);
    let accepted = interop
        .ask(move |gateway, now| gateway.operate(&received.view(), now))
        .await?
        .map_err(|denied| Fault::from(denied).at(Phase::Operate))?;
    Ok(Json(accepted.response).into_response())
}

async fn dissolve(
    State(interop): Shared,
    OriginalUri(uri): OriginalUri,
    parts: Parts,
    body: Body,
) -> Result<Response, Fault> {
    let body = read(body).map_err(|fault| fault.at(Phase::Dissolve))?;
    let received = Received::new(&parts, &uri, interop.public.as_ref(), body);
    let salt = entropy()?;
    let sealed = interop
        .ask(move |gateway, now| gateway.dissolve(&received.view(), now, &salt))
        .await?
        .map_err(|denied| Fault::from(denied).at(Phase::Dissolve))?;
    Ok(Json(sealed).into_response())
}

fn read(body: Body) -> Result<Bytes, Fault> {
    body.map_err(|rejection| Fault::unreadable(&rejection))
}

/// What the namespace answers, or that nothing that may be looked at came; why is for our own log.
async fn fetch(interop: &Interop, address: &Address) -> Result<Result<Fetched, Unfetched>, Fault> {
    let host = address.host().to_ascii_lowercase();
    let room = interop.targets.count(&host);
    room.map_err(|seconds| Fault::too_many("to this namespace's host", seconds))?;
    match interop.namespaces.fetch(address).await {
        Ok(fetched) => Ok(Ok(fetched)),
        Err(FetchError::Busy) => Err(Fault::too_many("to namespaces", 1)),
        Err(error) => {
            tracing::warn!(host, %error, "descriptor not fetched");
            Ok(Err(Unfetched))
        }
    }
}

/// Bodies are JSON and say so.
async fn json_only(headers: HeaderMap, request: axum::extract::Request, next: Next) -> Response {
    let media = headers.get(header::CONTENT_TYPE);
    let media = media
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = media.split(';').next().unwrap_or_default().trim();
    if request.method() != axum::http::Method::POST
        || essence.eq_ignore_ascii_case("application/json")
    {
        return next.run(request).await;
    }
    let detail = "Send `content-type: application/json`.";
    Fault::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail).into_response()
}
