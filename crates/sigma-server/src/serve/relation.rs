//! Relational identity for operators (`SRIP-13 §XII`, `§XIII`): modes and diagnostics.
//!
//! | | |
//! |---|---|
//! | `GET /v1/sessions/{id}/ris` | a session's diagnostics |
//! | `PATCH /v1/sessions/{id}/ris` | its own mode: `{"mode": "enforce"}`, or `null` for none |
//! | `GET /v1/ris` | the modes of the process, and sums over all sessions |
//! | `PATCH /v1/ris` | `{"mode": "shadow", "agents": {"<version>": "enforce"}}`; `null` takes one away |
//!
//! They answer only where the server has a key, to callers who send it.

use crate::serve::{Fault, Shared, request::session_id};
use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use sigma_core::Modes;
use sigma_ris::{Counters, Diagnostics, Mode, VersionId};
use std::sync::Arc;

/// Modes and sums of the process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Overview {
    /// The modes that are not a session's own.
    #[serde(flatten)]
    modes: Modes,
    /// The version of the document.
    spec_version: &'static str,
    /// Sums over all sessions since the process began.
    counters: Counters,
}

pub(super) async fn session(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    authorised(&shared)?;
    let told = diagnostics(&shared, &id).await?;
    Ok(Json(told).into_response())
}

pub(super) async fn set_session(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, Fault> {
    authorised(&shared)?;
    let mut fields = object(&body)?;
    let mode = match fields.remove("mode") {
        Some(value) => read::<Option<Mode>>("mode", value)?,
        None => {
            return Err(Fault::invalid(
                "mode",
                "`mode` must be off, shadow, enforce or null.",
            ));
        }
    };
    no_more(&fields, "mode")?;
    let session = session_id("id", id.clone())?;
    let runtime = &shared.service.runtime;
    if !runtime.set_session_mode(&session, mode).await? {
        return Err(Fault::unknown_session(&id));
    }
    let told = diagnostics(&shared, &id).await?;
    Ok(Json(told).into_response())
}

pub(super) async fn overview(State(shared): State<Arc<Shared>>) -> Result<Response, Fault> {
    authorised(&shared)?;
    Ok(Json(told(&shared)).into_response())
}

pub(super) async fn set_modes(
    State(shared): State<Arc<Shared>>,
    body: Bytes,
) -> Result<Response, Fault> {
    authorised(&shared)?;
    let mut fields = object(&body)?;
    let default = fields
        .remove("mode")
        .map(|value| read::<Mode>("mode", value))
        .transpose()?;
    let agents = match fields.remove("agents") {
        None => Map::new(),
        Some(Value::Object(agents)) => agents,
        Some(_) => {
            return Err(Fault::invalid(
                "agents",
                "`agents` must be an object of modes by version.",
            ));
        }
    };
    no_more(&fields, "mode and agents")?;
    // all of it is read before any of it holds
    let mut changes = Vec::new();
    for (version, mode) in agents {
        let at = format!("agents.{version}");
        let id: VersionId = read(&at, Value::String(version))?;
        changes.push((id, read::<Option<Mode>>(&at, mode)?));
    }
    let runtime = &shared.service.runtime;
    if let Some(mode) = default {
        runtime.set_default_mode(mode);
    }
    for (version, mode) in changes {
        runtime.set_agent_mode(version, mode);
    }
    Ok(Json(told(&shared)).into_response())
}

/// Without a key nobody can show that they may look.
fn authorised(shared: &Shared) -> Result<(), Fault> {
    if shared.api_key.is_empty() {
        return Err(Fault::needs_key());
    }
    Ok(())
}

async fn diagnostics(shared: &Shared, id: &str) -> Result<Diagnostics, Fault> {
    let session = session_id("id", id.to_owned())?;
    let seen = shared
        .service
        .runtime
        .view(&session, sigma_core::Session::relation)
        .await?;
    match seen {
        None => Err(Fault::unknown_session(id)),
        Some(None) => Err(Fault::never_on(id)),
        Some(Some(told)) => Ok(told),
    }
}

fn told(shared: &Shared) -> Overview {
    let runtime = &shared.service.runtime;
    Overview {
        modes: runtime.relation_modes(),
        spec_version: sigma_ris::SRIP_13.revision.spec_version(),
        counters: runtime.relation_counters(),
    }
}

fn object(body: &[u8]) -> Result<Map<String, Value>, Fault> {
    let value: Value = serde_json::from_slice(body)
        .map_err(|error| Fault::invalid("", format!("The body is not valid JSON: {error}.")))?;
    match value {
        Value::Object(fields) => Ok(fields),
        _ => Err(Fault::invalid("", "The body must be a JSON object.")),
    }
}

fn read<T: DeserializeOwned>(field: &str, value: Value) -> Result<T, Fault> {
    serde_json::from_value(value)
        .map_err(|error| Fault::invalid(field, format!("`{field}`: {error}.")))
}

fn no_more(fields: &Map<String, Value>, known: &str) -> Result<(), Fault> {
    match fields.keys().next() {
        None => Ok(()),
        Some(field) => Err(Fault::invalid(
            field.as_str(),
            format!("There is no field `{field}` here, only {known}."),
        )),
    }
}
