//! The HTTP server: the OpenAI chat API over the runtime.
//!
//! | | |
//! |---|---|
//! | `POST /v1/chat/completions` | one turn of a session, whole or streamed |
//! | `GET /v1/models`, `GET /v1/models/{id}` | the model behind the runtime |
//! | `GET`, `PATCH /v1/sessions/{id}/ris`, `/v1/ris` | relational identity, for operators: [`relation`] |
//! | `GET /healthz` | whether the server runs |
//!
//! # Which session a request belongs to
//! 1. The body's `session_id`, else the header `x-session-id`.
//! 2. Else the session whose dialogue the request's `messages` repeat and continue, where the same
//!    caller had it from this process: clients that send the whole history need nothing more.
//! 3. Else a new one (UUIDv7).
//!
//! The id is in the answer's `x-session-id`. A session that is new to the server first takes in the
//! history that the request carries. In a known session only the last user message and what
//! follows it count; the rest is what the session already knows.
//!
//! Who speaks is the body's `sender` (an id, or `{"id", "name"}`), else the `name` of the last user message.
//! `channel` is `direct` or `group`, or `{"type", "class"}`; messages of several names make a group.
//!
//! Turns of one session are taken one after another. A repeated `idempotency-key` returns the
//! recorded answer. Fields that the server does not know are passed on to the model.

mod answer;
mod authorize;
mod chat;
mod continuity;
mod fault;
pub(crate) mod problem;
mod relation;
mod request;
mod speaker;
mod stalled;
mod stream;
mod turn;

pub(crate) use authorize::bearer;
pub use fault::Fault;

use crate::{
    exchange::{self, Exchange},
    interop::{self, Interop},
    settings::{Hidden, ServerSettings},
};
use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Path, Request, State},
    http::HeaderValue,
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use continuity::Continuity;
use serde_json::json;
use sigma_core::{Runtime, clock::Clock, model::Model};
use stalled::{Patient, Remote};
use std::{
    future::Future,
    io,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{net::TcpListener, sync::Semaphore};
use tower_http::timeout::RequestBodyTimeoutLayer;

/// The longest wait for a further piece of a request's body.
const SLOWEST_PIECE: Duration = Duration::from_secs(30);

/// How long a connection may take nothing.
const STALLED: Duration = Duration::from_secs(30);

/// What the server serves.
pub struct Service {
    /// The sessions.
    pub runtime: Arc<Runtime>,
    /// Who answers.
    pub model: Arc<dyn Model>,
    /// Who the assistant is, where the caller does not say.
    pub identity: String,
    /// Whether the model of a request is passed on, or replaced by the configured one.
    pub fixed_model: bool,
    /// Time for `created`.
    pub clock: Arc<dyn Clock>,
}

struct Shared {
    service: Service,
    continuity: Continuity,
    permits: Arc<Semaphore>,
    api_key: Hidden,
    body_limit: usize,
}

/// The routes of the chat API alone.
pub fn router(service: Service, settings: &ServerSettings) -> Router {
    router_with(service, settings, None)
}

/// The routes, with those of the interoperability handshake where there is a gateway. It also guards all
/// other routes: a request that claims to be from a bound system has to show it, beside the server's key.
pub fn router_with(
    service: Service,
    settings: &ServerSettings,
    gateway: Option<&Arc<Interop>>,
) -> Router {
    router_of(service, settings, gateway, None)
}

/// The routes, with those of the handshake and of the exchange between runtimes where there are such.
pub fn router_of(
    service: Service,
    settings: &ServerSettings,
    gateway: Option<&Arc<Interop>>,
    exchange: Option<&Arc<Exchange>>,
) -> Router {
    let shared = Arc::new(Shared {
        service,
        continuity: Continuity::default(),
        permits: Arc::new(Semaphore::new(settings.requests.max(1))),
        api_key: settings.api_key.clone(),
        body_limit: settings.body_limit,
    });
    let api = Router::new()
        .route("/chat/completions", post(chat::completions))
        .route("/models", get(models))
        .route("/models/{*id}", get(model))
        .route("/ris", get(relation::overview).patch(relation::set_modes))
        .route(
            "/sessions/{id}/ris",
            get(relation::session).patch(relation::set_session),
        )
        .fallback(fault::no_route)
        .method_not_allowed_fallback(fault::no_method);
    // within the check of the key: the ledger records only requests that pass
    let api = guarded(api, gateway);
    let api = api.layer(middleware::from_fn_with_state(
        Arc::clone(&shared),
        authorize::check,
    ));
    Router::new()
        .nest("/v1", api)
        .merge(guarded(
            Router::new().route("/healthz", get(health)),
            gateway,
        ))
        .merge(gateway.map_or_else(Router::new, |gateway| {
            interop::router(gateway).with_state(())
        }))
        .merge(exchange.map_or_else(Router::new, |exchange| {
            exchange::router(exchange).with_state(())
        }))
        .fallback(problem::no_route)
        .method_not_allowed_fallback(problem::no_method)
        .layer(DefaultBodyLimit::max(settings.body_limit))
        .layer(RequestBodyTimeoutLayer::new(SLOWEST_PIECE))
        .layer(middleware::map_response(harden))
        .layer(middleware::from_fn(log))
        .with_state(shared)
}

/// Routes with the guard before them, where there is a gateway.
fn guarded(routes: Router<Arc<Shared>>, gateway: Option<&Arc<Interop>>) -> Router<Arc<Shared>> {
    match gateway {
        Some(gateway) => interop::guard(routes, gateway),
        None => routes,
    }
}

/// Serves until `stop` resolves, then finishes what is under way.
///
/// # Errors
/// What the listener says.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    serve_for(listener, router, STALLED, stop).await
}

/// As [`serve`], ending connections whose other side has taken nothing for `stalled`.
///
/// # Errors
/// What the listener says.
pub async fn serve_for(
    listener: TcpListener,
    router: Router,
    stalled: Duration,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let router = router.layer(middleware::map_request(stalled::tell_remote));
    let service = router.into_make_service_with_connect_info::<Remote>();
    axum::serve(Patient::new(listener, stalled), service)
        .with_graceful_shutdown(stop)
        .await
}

async fn health() -> Response {
    Json(json!({"status": "ok", "version": env!("CARGO_PKG_VERSION")})).into_response()
}

async fn models(State(shared): State<Arc<Shared>>) -> Response {
    Json(json!({"object": "list", "data": [model_object(shared.service.model.name())]}))
        .into_response()
}

async fn model(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Response {
    if id == shared.service.model.name() {
        return Json(model_object(&id)).into_response();
    }
    Fault::unknown_model(&id).into_response()
}

fn model_object(id: &str) -> serde_json::Value {
    // a model has no date of its own here; clients want a number
    json!({"id": id, "object": "model", "created": 0, "owned_by": "sigma"})
}

/// One line a request at level `info`: never what was said.
async fn log(request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let begun = Instant::now();
    let response = next.run(request).await;
    let (status, took) = (response.status().as_u16(), begun.elapsed());
    tracing::info!(%method, path, status, ?took, "request");
    response
}

async fn harden(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(
        "x-content-type-options",
        HeaderValue::from_static("nosniff"),
    );
    headers
        .entry("cache-control")
        .or_insert(HeaderValue::from_static("no-store"));
    response
}
