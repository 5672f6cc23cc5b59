//! The field: packets out, packets in, one attractor (`SRIP-05 §3`, `§4`).

use crate::exchange::{
    Exchange,
    access::{Asker, MinimalReader, Reader},
    fault::Fault,
    look::Look,
    peers::{Grant, Peer},
    reading::{Chosen, closed, withheld},
    speak::{self, Accepted, Read, Receipt, Shared},
};
use axum::{
    Router,
    extract::{Path, Request, State},
    http::{HeaderValue, StatusCode},
    response::Response,
    routing::get,
};
use serde_json::json;
use sigma_interop::{
    ChecksumAlgorithm, Cleared, FieldState, Format, Header, Message, MinimalExchange, MinimalState,
    Outcome, Passage, Payload, RuntimeId, Sealed, Sealer, SigmaPacket, Unmeasured, Verified,
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
    MinimalReader { asker, settled }: MinimalReader,
    Accepted(form): Accepted,
    chosen: Chosen,
) -> Result<Response, Fault> {
    let look = exchange.look(&chosen.session).await?;
    exchange.closed(&look)?;
    let target = asker.target(exchange.us());
    let mut response = exchange.told_in(&look, target, settled)?.respond(form);
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

    /// For what is no part of the minimal exchange, which is state and drift only (`SRIP-05 §7`).
    pub(crate) fn whole(self) -> Result<Self, Fault> {
        if self.outcome == Outcome::Full {
            return Ok(self);
        }
        let detail = "Your handshake settled on state and drift only; this is not part of that.";
        Err(Fault::new(StatusCode::FORBIDDEN, detail).because("minimal_exchange"))
    }

    /// What was settled with a peer.
    pub(crate) fn by(peer: &Peer) -> Result<Self, Fault> {
        let refused =
            |detail: &str, code: &str| Err(Fault::new(StatusCode::FORBIDDEN, detail).because(code));
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
                checksum: met
                    .negotiation
                    .checksum
                    .unwrap_or(ChecksumAlgorithm::Blake3),
            }),
        }
    }
}

/// What a session's state is told in.
pub enum Told {
    /// A whole packet.
    Packet(Box<Sealed<SigmaPacket>>),
    /// State and drift only.
    Minimal(Box<Sealed<MinimalExchange>>),
}

impl Told {
    /// Writes it.
    pub fn to_bytes(&self, form: Format) -> Vec<u8> {
        match self {
            Self::Packet(sealed) => sealed.to_bytes(form),
            Self::Minimal(sealed) => sealed.to_bytes(form),
        }
    }

    fn respond(&self, form: Format) -> Response {
        let (mut response, exchange) = match self {
            Self::Packet(sealed) => (speak::sealed(sealed, form), "full"),
            Self::Minimal(sealed) => (speak::sealed(sealed, form), "minimal"),
        };
        let name = speak::header_of("x-sigma-exchange");
        let value = HeaderValue::from_static(exchange);
        response.headers_mut().insert(name, value);
        response
    }
}

impl Exchange {
    /// The sealed state of a session for one target: a packet where the two match and memory could be
    /// measured, state and drift otherwise.
    fn told_in(&self, look: &Look, target: RuntimeId, settled: Settled) -> Result<Told, Fault> {
        let header = || Header::new(self.us(), target, self.clock.now());
        if let (Outcome::Full, Ok(state)) = (settled.outcome, &look.state) {
            let cleared = self.clear(look, Message::new(header(), state.clone()))?;
            let sealed = self.sealed(look, cleared, settled)?;
            return Ok(Told::Packet(Box::new(sealed)));
        }
        let state = measured(look, &look.minimal)?;
        let cleared = self.clear(look, Message::new(header(), state))?;
        let sealed = self.sealed(look, cleared, settled)?;
        Ok(Told::Minimal(Box::new(sealed)))
    }

    /// The sealed state of a session for a peer, as an operator sends it.
    ///
    /// # Errors
    /// Why there is none, in words.
    pub async fn state_for(
        &self,
        session: Option<&SessionId>,
        peer: &Peer,
    ) -> Result<Told, String> {
        let told = async {
            let settled = Settled::by(peer)?;
            let look = self.look(&self.named(session).await?).await?;
            self.closed(&look)?;
            self.told_in(&look, peer.runtime_id, settled)
        };
        told.await.map_err(|fault: Fault| fault.detail().to_owned())
    }

    /// The gate's proof that a session's state may leave for a target.
    pub(crate) fn cleared(
        &self,
        look: &Look,
        target: RuntimeId,
    ) -> Result<Cleared<MinimalExchange>, Fault> {
        self.closed(look)?;
        let header = Header::new(self.us(), target, self.clock.now());
        self.clear(look, Message::new(header, measured(look, &look.minimal)?))
    }

    /// Whether the gate keeps everything back. Asked first: a closed gate tells no more than that.
    pub(crate) fn closed(&self, look: &Look) -> Result<(), Fault> {
        let decision = self.gates.decision(look);
        if decision.passage < Passage::Blocked {
            return Ok(());
        }
        self.metrics.withheld(decision.passage);
        Err(closed(&look.session, &decision))
    }

    fn clear<P: Payload>(
        &self,
        look: &Look,
        message: Message<P>,
    ) -> Result<Cleared<Message<P>>, Fault> {
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
        settled: Settled,
    ) -> Result<Sealed<Message<P>>, Fault> {
        let target = cleared.message().header.target_runtime_id;
        let sealer: Sealer = self.sealer.clone().with_checksum(settled.checksum);
        let sealed = sealer
            .seal(cleared)
            .map_err(|error| Fault::internal(&error))?;
        tracing::info!(session = %look.session, %target, "state passed the gate");
        self.metrics.sent();
        Ok(sealed)
    }
}

fn measured<T: Clone>(look: &Look, state: &Result<T, Unmeasured>) -> Result<T, Fault> {
    state.clone().map_err(|error| {
        let detail = format!(
            "The session {} has no state to tell: {error}. More turns mend it.",
            look.session
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
    let body = Read::of(&exchange, request, exchange.rules.packet.bytes).await?;
    match body.message::<FieldState>(&exchange) {
        Ok(message) => {
            let (verified, _) = exchange.shown_by_peer(message, Grant::State).await?;
            exchange.keep("state", &verified, form).await
        }
        Err(refused) => {
            // a peer that does not match tells state and drift only
            let Ok(message) = body.message::<MinimalState>(&exchange) else {
                return Err(refused);
            };
            let (verified, _) = exchange.shown_by_peer(message, Grant::State).await?;
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
        form: Format,
    ) -> Result<Response, Fault> {
        let from = verified.message().header.source_runtime_id;
        let text = String::from_utf8(verified.to_bytes(Format::Json));
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
    Reader { asker, .. }: Reader,
    Accepted(form): Accepted,
    chosen: Chosen,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let unknown = || {
        let detail = format!(
            "The session {} has no attractor {id:?} now.",
            chosen.session
        );
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
