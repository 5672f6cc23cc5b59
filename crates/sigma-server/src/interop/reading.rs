//! What anybody may read: the registry (NUR-01), the ledger, its checkpoint, and proofs.

use crate::interop::{Interop, fault::Fault};
use axum::{
    Json, Router,
    body::Body,
    extract::{Query, State, rejection::QueryRejection},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use kiri_ioh::{
    ledger::{self, Entry},
    store::Store as _,
};
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;

type Shared = State<Arc<Interop>>;

/// Entries of one answer, where the caller does not say; and the most there are.
const USUAL: usize = 100;
const MOST: usize = 1000;

pub(crate) fn router() -> Router<Arc<Interop>> {
    Router::new()
        .route("/registry", get(registry))
        .route("/ledger", get(entries))
        .route("/ledger/key", get(key))
        .route("/ledger/checkpoint", get(checkpoint))
        .route("/ledger/proof", get(proof))
        .route("/ledger/export", get(export))
}

async fn registry(State(interop): Shared) -> Response {
    let registry = Json(&interop.gateway.settings().registry).into_response();
    ([(header::CACHE_CONTROL, "public, max-age=300")], registry).into_response()
}

async fn key(State(interop): Shared) -> Response {
    Json(json!({"keys": [interop.gateway.key().public()]})).into_response()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    #[serde(default)]
    from: u64,
    limit: Option<usize>,
}

/// Entries in their order, and where the rest begins.
async fn entries(
    State(interop): Shared,
    page: Result<Query<Page>, QueryRejection>,
) -> Result<Response, Fault> {
    let Query(Page { from, limit }) =
        page.map_err(|_| unread("`from` and `limit` are whole numbers"))?;
    let limit = limit.unwrap_or(USUAL).clamp(1, MOST);
    let answer = interop.ask(move |gateway, _| {
        let entries = gateway.store().entries(from, limit)?;
        let size = gateway.store().head()?.size;
        let next = entries.last().map(|last| last.record.seq + 1);
        let next = next.filter(|next| *next < size);
        Ok::<_, Fault>(json!({"size": size, "entries": entries, "next": next}))
    });
    Ok(Json(answer.await??).into_response())
}

async fn checkpoint(State(interop): Shared) -> Result<Response, Fault> {
    let shared = Arc::clone(&interop);
    let stated = interop.ask(move |gateway, now| {
        let tree = shared.tree()?;
        Ok::<_, Fault>(tree.checkpoint(gateway.key(), now))
    });
    Ok(Json(stated.await??).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Which {
    seq: Option<u64>,
    id: Option<String>,
}

/// One entry, that it stands in the ledger, and the checkpoint under which it does.
async fn proof(
    State(interop): Shared,
    which: Result<Query<Which>, QueryRejection>,
) -> Result<Response, Fault> {
    let shared = Arc::clone(&interop);
    let which = which.map_err(|_| unread("`seq` is a whole number"))?.0;
    let answer = interop.ask(move |gateway, now| {
        let entry = match which {
            Which {
                seq: Some(seq),
                id: None,
            } => gateway.store().entries(seq, 1)?.pop(),
            Which {
                seq: None,
                id: Some(id),
            } => gateway.store().entry(&id)?,
            _ => return Err(unread("ask for one entry, by `seq` or by `id`")),
        };
        let entry: Entry = entry.ok_or_else(no_entry)?;
        let tree = shared.tree()?;
        let proof = tree.prove(entry.record.seq).ok_or_else(no_entry)?;
        let checkpoint = tree.checkpoint(gateway.key(), now);
        Ok(json!({"entry": entry, "proof": proof, "checkpoint": checkpoint}))
    });
    Ok(Json(answer.await??).into_response())
}

async fn export(State(interop): Shared) -> Result<Response, Fault> {
    let file = interop.ask(|gateway, now| {
        let entries = gateway.store().entries(0, usize::MAX)?;
        ledger::export(&entries, gateway.key(), now).map_err(|error| Fault::internal(&error))
    });
    let media = [(header::CONTENT_TYPE, "application/x-ndjson")];
    Ok((media, Body::from(file.await??)).into_response())
}

fn unread(detail: &str) -> Fault {
    Fault::new(
        StatusCode::BAD_REQUEST,
        format!("The query cannot be read: {detail}."),
    )
}

fn no_entry() -> Fault {
    Fault::new(StatusCode::NOT_FOUND, "The ledger has no such entry.")
}
