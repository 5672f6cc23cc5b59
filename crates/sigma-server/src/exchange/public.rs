//! What anybody may ask: the handshake, the manifest, the context, and how safe the runtime is.

use crate::exchange::{
    Exchange,
    access::Asker,
    fault::Fault,
    peers::{self, Grant},
    reading::Chosen,
    speak::{self, Accepted, Read, Shared},
};
use axum::{
    Router,
    extract::{FromRequestParts as _, Request, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::{Value, json};
use sigma_interop::{
    Capabilities, Format, Handshake, HandshakeReply, Header, Message, NegotiationRecord, Open,
    Outcome, TokenAlgorithm, Verifier, negotiate, wire,
};
use std::sync::Arc;

/// Says in the answer to a handshake whether the asker is a peer.
const KNOWN: &str = "x-sigma-peer";

pub(crate) fn router() -> Router<Arc<Exchange>> {
    Router::new()
        .route("/runtime/handshake", post(handshake))
        .route("/runtime/capabilities", get(capabilities))
        .route("/runtime/runtime_capabilities.yml", get(manifest))
        .route(wire::CONTEXT_PATH, get(context))
        .route("/aegida/safety", get(safety))
}

impl Exchange {
    /// What this runtime can do (`SRIP-05 §5`).
    pub fn capabilities(&self) -> Capabilities {
        let keys = vec![self.identity.published()];
        let mut all = Capabilities::of_this_crate(self.us(), keys, &self.rules);
        // peers are known here by their public keys
        all.tokens = vec![Open::Known(TokenAlgorithm::Ed25519)];
        all
    }
}

/// Settles versions with whoever shows the key that its manifest publishes. That makes nobody a peer.
async fn handshake(
    State(exchange): Shared,
    _asker: Asker,
    Accepted(form): Accepted,
    request: Request,
) -> Result<Response, Fault> {
    let body = Read::of(&exchange, request, exchange.rules.packet.bytes).await?;
    let message = body.message::<Handshake>(&exchange)?;
    let claimed = message.claimed().header.source_runtime_id;
    let known = exchange
        .ask(move |store| peers::find(store, claimed))
        .await?;
    let ring = match &known {
        Some(peer) => peers::ring(claimed, peer.key_id.clone(), peer.public_key),
        None => ring_of(&message.claimed().payload.capabilities),
    };
    let verifier = Verifier::new(exchange.us(), &ring, exchange.rules.clock);
    let verified = {
        let mut replays = match &known {
            Some(_) => exchange.replays(),
            None => exchange.strangers(),
        };
        verifier.verify(message, exchange.clock.now(), &mut replays)
    };
    let theirs = verified
        .map_err(|error| speak::unverified(&error))?
        .into_message()
        .payload;
    let ours = exchange.capabilities();
    let negotiation = negotiate(&ours, claimed, &theirs.capabilities);
    let now = exchange.clock.now();
    let record = negotiation.record(now, claimed, &ours, &theirs.capabilities);
    log(&record, known.is_some());
    if known.is_some() {
        let record = serde_json::to_string(&record).map_err(|error| Fault::internal(&error))?;
        let id = claimed.to_string();
        exchange
            .ask(move |store| Ok(store.met(&id, &record)?))
            .await?;
    }
    let reply = Message::new(
        Header::new(exchange.us(), claimed, now),
        HandshakeReply {
            negotiation,
            capabilities: ours,
            nonce: theirs.nonce,
        },
    );
    let rejected = reply.payload.negotiation.outcome == Outcome::Rejected;
    let sealed = exchange.sealer.seal_stateless(reply);
    let sealed = sealed.map_err(|error| Fault::internal(&error))?;
    let mut response = speak::sealed(&sealed, form);
    if rejected {
        // said by the status as well, for those that cannot read our form
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    let word = if known.is_some() { "known" } else { "unknown" };
    let name = speak::header_of(KNOWN);
    response
        .headers_mut()
        .insert(name, HeaderValue::from_static(word));
    Ok(response)
}

/// One line a handshake (`SRIP-05 §7`); what was refused stands out.
fn log(record: &NegotiationRecord, known: bool) {
    let NegotiationRecord {
        peer,
        ours,
        theirs,
        negotiation,
        ..
    } = record;
    let (outcome, reasons) = (negotiation.outcome, &negotiation.reasons);
    if outcome == Outcome::Rejected {
        tracing::warn!(%peer, known, ?outcome, ?reasons, ?ours, ?theirs, "a handshake was rejected");
    } else {
        tracing::info!(%peer, known, ?outcome, ?reasons, ?ours, ?theirs, "a handshake was answered");
    }
}

/// The keys that a manifest publishes, for a stranger to show that they are its own.
fn ring_of(theirs: &Capabilities) -> sigma_interop::Keyring {
    let mut ring = sigma_interop::Keyring::new();
    for key in &theirs.keys {
        let public = sigma_interop::PeerKey::Ed25519(key.public_key);
        ring.trust(theirs.runtime_id, key.key_id.clone(), public);
    }
    ring
}

async fn capabilities(
    State(exchange): Shared,
    _asker: Asker,
    Accepted(form): Accepted,
) -> Response {
    speak::bytes(exchange.capabilities().to_bytes(form), form)
}

/// The manifest under its own name (`SRIP-05 §5`).
async fn manifest(State(exchange): Shared, _asker: Asker) -> Response {
    let form = Format::Yaml;
    speak::bytes(exchange.capabilities().to_bytes(form), form)
}

async fn context() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/ld+json"),
        (header::CACHE_CONTROL, "public, max-age=86400"),
        // readers of graphs in browsers fetch it from other pages
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    (headers, wire::CONTEXT).into_response()
}

/// Safety and the fail-safe envelope (`SRIP-05 §4`). Strangers are told the one word that every packet
/// has; peers the limits and how the gate stands.
async fn safety(
    State(exchange): Shared,
    asker: Asker,
    Accepted(form): Accepted,
    request: Request,
) -> Result<Response, Fault> {
    if asker.may(Grant::State).is_err() {
        let newest = exchange.newest().await;
        let status = match newest {
            Ok(chosen) => exchange
                .look(&chosen.session)
                .await
                .ok()
                .map(|look| look.reading.safety),
            Err(_) => None,
        };
        let word = json!(status.unwrap_or(sigma_aegida::SafetyStatus::Nominal));
        return speak::plain(&json!({"aegida_status": word}), form);
    }
    let (mut parts, _) = request.into_parts();
    let chosen = Chosen::from_request_parts(&mut parts, &exchange).await?;
    let seen = exchange.look_with(&chosen.session, |session| envelope(session.safety_rules()));
    let (look, envelope) = seen.await?;
    let decision = exchange.gates.decision(&look);
    let told = json!({
        "aegida_status": look.reading.safety,
        "phase_lock": look.reading.phase_lock,
        "recenter_active": look.reading.safety == sigma_aegida::SafetyStatus::RecenterPending,
        "posture": look.reading.posture,
        "cycle": look.cycle,
        "transmission": decision,
        "envelope": envelope,
        "gate": {
            "caution": exchange.rules.gate.caution,
            "block": exchange.rules.gate.block,
            "isolate": exchange.rules.gate.isolate,
            "reopen_below": exchange.rules.gate.caution,
        },
    });
    let mut response = speak::plain(&told, form)?;
    chosen.told(&mut response);
    Ok(response)
}

/// The limits of the fail-safe envelope (`SRIP-06 §3`).
fn envelope(rules: &sigma_aegida::Rules) -> Value {
    json!({
        "max_recursion_depth": rules.max_recursion_depth,
        "max_introspection_levels": rules.max_introspection_levels,
        "phase_lock_timeout": rules.phase_lock_timeout,
        "drift_limit": rules.drift_limit,
        "entropy_threshold": rules.entropy_threshold,
    })
}
