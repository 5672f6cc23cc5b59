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
    store::{Store, StoreError},
};
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;

type Shared = State<Arc<Interop>>;

/// Entries of one answer, where the caller does not say; and the most there are.
const USUAL: usize = 100;
const MOST: usize = 1000;
/// When to ask again for an export while there is another.
const EXPORT_SECONDS: u64 = 5;

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
    // the whole ledger lies in memory meanwhile
    let turn = Arc::clone(&interop.exports).try_acquire_owned();
    let turn = turn.map_err(|_| Fault::too_many("for exports", EXPORT_SECONDS))?;
    let file = interop.ask(move |gateway, now| {
        let _turn = turn;
        let entries = all(gateway.store(), MOST)?;
        ledger::export(&entries, gateway.key(), now).map_err(|error| Fault::internal(&error))
    });
    let media = [(header::CONTENT_TYPE, "application/x-ndjson")];
    Ok((media, Body::from(file.await??)).into_response())
}

/// Every entry, read by pages: others read between two of them.
fn all(store: &impl Store, page: usize) -> Result<Vec<Entry>, StoreError> {
    let mut entries: Vec<Entry> = Vec::new();
    loop {
        let more = store.entries(entries.len() as u64, page)?;
        let last = more.len() < page;
        entries.extend(more);
        if last {
            return Ok(entries);
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{interop, settings::Settings};
    use axum::http::Request;
    use kiri_ioh::wire::AnnounceRequest;
    use sigma_core::clock::SystemClock;
    use tempfile::TempDir;
    use tower::ServiceExt as _;

    fn opened() -> (TempDir, Arc<Interop>) {
        let folder = TempDir::new().unwrap();
        let mut settings = Settings::default();
        settings.store.path = folder.path().join("sigma.db").display().to_string();
        let interop = interop::open(&settings, Arc::new(SystemClock::default()));
        (folder, Arc::new(interop.unwrap().unwrap()))
    }

    #[tokio::test]
    async fn one_export_at_a_time() {
        let (_folder, interop) = opened();
        let get = async || {
            let request = Request::get("/api/public/ledger/export").body(Body::empty());
            let answer = interop::router(&interop).oneshot(request.unwrap()).await;
            answer.unwrap()
        };
        let other = interop.exports.try_acquire().unwrap();
        let refused = get().await;
        assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
        assert!(refused.headers().contains_key(header::RETRY_AFTER));
        drop(other);
        assert_eq!(get().await.status(), StatusCode::OK);
        assert_eq!(
            get().await.status(),
            StatusCode::OK,
            "the turn is given back"
        );
    }

    #[test]
    fn pages_make_the_whole() {
        let (_folder, interop) = opened();
        let request = AnnounceRequest {
            schema_id: "ext:foo/v2".parse().unwrap(),
            namespace_uri: "https://foo.example/ns".into(),
            version: "2".parse().unwrap(),
            contact: "ops@foo.example".into(),
        };
        let now = "2026-11-20T10:00:00Z".parse().unwrap();
        for n in 0..5 {
            interop
                .gateway
                .announce(&request, now, &[n; 20], &[n; 20])
                .unwrap();
        }
        for page in [1, 2, 5, 6] {
            let entries = all(interop.gateway.store(), page).unwrap();
            let places: Vec<u64> = entries.iter().map(|entry| entry.record.seq).collect();
            assert_eq!(places, [0, 1, 2, 3, 4], "{page}");
        }
    }
}
