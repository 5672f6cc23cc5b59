//! The field: packets out, packets in, one attractor (`SRIP-05 §3`, `§4`).

use crate::exchange::{
    Exchange,
    access::Asker,
    fault::Fault,
    look::Look,
    peers::{Grant, Peer},
    reading::{Chosen, closed, withheld},
    speak::{self, Accepted, Read, Receipt, Shared},
};
use axum::{
    Router,
    extract::{Path, Request, State},
    http::StatusCode,
    response::Response,
    routing::get,
};
use serde_json::json;
use sigma_interop::{
    ChecksumAlgorithm, Cleared, FieldState, Header, Message, MinimalExchange, MinimalState,
    Outcome, Payload, RuntimeId, Sealed, Sealer, SigmaPacket, Unmeasured, Verified,
};
use sigma_types::{AttractorId, SessionId};
use std::sync::Arc;

pub(crate) fn router() -> Router<Arc<Exchange>> {
    Router::new()
        .route("/field/state", get(state).post(told))
        .route("/field/attractors/{id}", get(attractor))
}

async fn state(
    State(exchange): Shared,
    asker: Asker,
    Accepted(form): Accepted,
    chosen: Chosen,
) -> Result<Response, Fault> {
    asker.may(Grant::State)?;
    let settled = Settled::with(&asker)?;
    let look = exchange.look(&chosen.session).await?;
    let target = asker.target(exchange.us());
    let mut response = match settled.outcome {
        Outcome::Minimal => {
            let sealed = exchange.minimal(&look, target, &settled)?;
            speak::sealed(&sealed, form)
        }
        _ => {
            let sealed = exchange.packet(&look, target, &settled)?;
            speak::sealed(&sealed, form)
        }
    };
    chosen.told(&mut response);
    Ok(response)
}

/// What a handshake settled (`SRIP-05 §5`).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Settled {
    pub(crate) outcome: Outcome,
    pub(crate) checksum: ChecksumAlgorithm,
}

impl Settled {
    /// Everything, as with ourselves.
    pub(crate) const FULL: Self = Self {
        outcome: Outcome::Full,
        checksum: ChecksumAlgorithm::Blake3,
    };

    /// What was settled with whoever asks. A peer shakes hands before anything else.
    pub(crate) fn with(asker: &Asker) -> Result<Self, Fault> {
        match asker {
            Asker::Peer(peer) => Self::by(peer),
            _ => Ok(Self::FULL),
        }
    }

    /// What was settled with a peer.
    pub(crate) fn by(peer: &Peer) -> Result<Self, Fault> {
        let refused = |detail: &str, code: &str| {
            Err(Fault::new(StatusCode::FORBIDDEN, detail).because(code))
        };
        match &peer.met {
            None => refused(
                "Versions are settled first: POST /runtime/handshake.",
                "handshake_required",
            ),
            Some(met) if met.negotiation.outcome == Outcome::Rejected => refused(
                "The last handshake was rejected; shake hands anew once both sides match.",
                "handshake_rejected",
            ),
            Some(met) => Ok(Self {
                outcome: met.negotiation.outcome,
                checksum: met.negotiation.checksum.unwrap_or(ChecksumAlgorithm::Blake3),
            }),
        }
    }
}

impl Exchange {
    /// The sealed packet of a session, for one target.
    pub(crate) fn packet(
        &self,
        look: &Look,
        target: RuntimeId,
        settled: &Settled,
    ) -> Result<Sealed<SigmaPacket>, Fault> {
        self.sealed(look, self.cleared(look, target)?, settled)
    }

    /// The sealed packet of a session for a peer, as an operator sends it.
    ///
    /// # Errors
    /// Why there is none, in words.
    pub async fn packet_for(
        &self,
        session: Option<&SessionId>,
        peer: &Peer,
    ) -> Result<Sealed<SigmaPacket>, String> {
        let sealed = async {
            let settled = Settled::by(peer)?;
            let look = self.look(&self.named(session).await?).await?;
            self.packet(&look, peer.runtime_id, &settled)
        };
        sealed.await.map_err(|fault: Fault| fault.detail().to_owned())
    }

    /// The same of state and drift only.
    ///
    /// # Errors
    /// As [`Exchange::packet_for`].
    pub async fn minimal_for(
        &self,
        session: Option<&SessionId>,
        peer: &Peer,
    ) -> Result<Sealed<MinimalExchange>, String> {
        let sealed = async {
            let settled = Settled::by(peer)?;
            let look = self.look(&self.named(session).await?).await?;
            self.minimal(&look, peer.runtime_id, &settled)
        };
        sealed.await.map_err(|fault: Fault| fault.detail().to_owned())
    }

    fn minimal(
        &self,
        look: &Look,
        target: RuntimeId,
        settled: &Settled,
    ) -> Result<Sealed<MinimalExchange>, Fault> {
        let state = MinimalState::from(measured(look)?);
        let header = Header::new(self.us(), target, self.clock.now());
        let cleared = self
            .gates
            .clear(&look.session, &look.reading, Message::new(header, state));
        let cleared = cleared.map_err(|why| withheld(&look.session, &why))?;
        self.sealed(look, cleared, settled)
    }

    /// The gate's proof that a session's state may leave for a target.
    pub(crate) fn cleared(
        &self,
        look: &Look,
        target: RuntimeId,
    ) -> Result<Cleared<SigmaPacket>, Fault> {
        let decision = self.gates.decision(look);
        if decision.passage >= sigma_interop::Passage::Blocked {
            self.metrics.withheld(decision.passage);
            return Err(closed(&look.session, &decision));
        }
        let header = Header::new(self.us(), target, self.clock.now());
        let message = Message::new(header, measured(look)?);
        let cleared = self.gates.clear(&look.session, &look.reading, message);
        cleared.map_err(|why| {
            self.metrics.withheld(why.decision.passage);
            withheld(&look.session, &why)
        })
    }

    fn sealed<P: Payload>(
        &self,
        look: &Look,
        cleared: Cleared<Message<P>>,
        settled: &Settled,
    ) -> Result<Sealed<Message<P>>, Fault> {
        let target = cleared.message().header.target_runtime_id;
        let sealer: Sealer = self.sealer.clone().with_checksum(settled.checksum);
        let sealed = sealer.seal(cleared).map_err(|error| Fault::internal(&error))?;
        tracing::info!(session = %look.session, %target, "state passed the gate");
        self.metrics.sent();
        Ok(sealed)
    }
}

fn measured(look: &Look) -> Result<FieldState, Fault> {
    look.state.clone().map_err(|error: Unmeasured| {
        let detail = format!(
            "There is no packet to send: {error}. A few more turns, or an identity for the session, mend it."
        );
        Fault::new(StatusCode::CONFLICT, detail)
            .because("unmeasured")
            .with("field", error.field)
    })
}

/// Takes a peer's state. It is told and kept; nothing here follows it.
async fn told(
    State(exchange): Shared,
    Accepted(form): Accepted,
    request: Request,
) -> Result<Response, Fault> {
    exchange.receives().await?;
    let body = Read::of(request, exchange.rules.packet.bytes).await?;
    match body.message::<FieldState>(&exchange) {
        Ok(message) => {
            let (verified, _) = exchange.from_peer(message, Grant::State).await?;
            exchange.keep("state", &verified, form).await
        }
        Err(refused) => {
            // a peer that does not match tells state and drift only
            let Ok(message) = body.message::<MinimalState>(&exchange) else {
                return Err(refused);
            };
            let (verified, _) = exchange.from_peer(message, Grant::State).await?;
            exchange.keep("minimal", &verified, form).await
        }
    }
}

impl Exchange {
    /// Whether anything of a peer is taken now: in isolation nothing is (`SRIP-05 §8`).
    pub(crate) async fn receives(&self) -> Result<(), Fault> {
        let Ok(chosen) = self.newest().await else {
            return Ok(());
        };
        // a session whose turn is under way stands as it stood
        let Ok(look) = self.look(&chosen.session).await else {
            return Ok(());
        };
        let decision = self.gates.decision(&look);
        if decision.passage.receives() {
            Ok(())
        } else {
            Err(closed(&look.session, &decision))
        }
    }

    /// Keeps what a peer told in the place of what it told before.
    pub(crate) async fn keep<P: Payload>(
        &self,
        kind: &'static str,
        verified: &Verified<Message<P>>,
        form: sigma_interop::Format,
    ) -> Result<Response, Fault> {
        let from = verified.message().header.source_runtime_id;
        let text = String::from_utf8(verified.to_bytes(sigma_interop::Format::Json));
        let text = text.map_err(|error| Fault::internal(&error))?;
        let at = self.clock.now().millis();
        let kept = self.ask(move |store| Ok(store.tell(&from.to_string(), kind, at, &text)?));
        if !kept.await? {
            return Err(crate::exchange::access::unknown_peer(from));
        }
        tracing::info!(peer = %from, kind, "a peer told its state");
        self.metrics.received();
        let receipt = Receipt {
            received: kind,
            from: from.to_string(),
            checksum: &verified.signature().checksum,
        };
        let mut response = speak::plain(&receipt, form)?;
        *response.status_mut() = StatusCode::ACCEPTED;
        Ok(response)
    }
}

/// One attractor. Its words are those of the dialogue, and go only to who may read memory.
async fn attractor(
    State(exchange): Shared,
    asker: Asker,
    Accepted(form): Accepted,
    chosen: Chosen,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    asker.may(Grant::State)?;
    Settled::with(&asker)?;
    let unknown = || {
        let detail = format!("The session {} has no attractor {id:?} now.", chosen.session);
        Fault::new(StatusCode::NOT_FOUND, detail).because("unknown_attractor")
    };
    let wanted: AttractorId = serde_json::from_value(json!(id)).map_err(|_| unknown())?;
    let found = exchange.look_with(&chosen.session, |session| {
        session.attractors().find(wanted).cloned()
    });
    let (look, found) = found.await?;
    let proof = exchange.cleared(&look, asker.target(exchange.us()))?;
    let found = found.ok_or_else(unknown)?;
    let mut shown = serde_json::to_value(&found).map_err(|error| Fault::internal(&error))?;
    if let Some(fields) = shown.as_object_mut()
        && asker.may(Grant::Memory).is_err()
    {
        for words in ["name", "motifs", "tags", "centroid"] {
            fields.remove(words);
        }
    }
    let mut response = speak::cleared(&proof, &shown, form)?;
    chosen.told(&mut response);
    Ok(response)
}
