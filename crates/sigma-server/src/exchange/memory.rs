//! Memory between runtimes (`SRIP-05 §4`): a session's layers out, sealed; what is pushed goes into
//! quarantine, from which no function leads into a memory.

use crate::exchange::{
    Exchange,
    access::{Reader, unknown_peer},
    fault::Fault,
    field::Settled,
    peers::{Grant, Peer},
    reading::{Chosen, withheld},
    speak::{self, Accepted, Read, Receipt, Shared},
};
use axum::{
    Router,
    extract::{Request, State},
    http::StatusCode,
    response::Response,
    routing::get,
};
use sigma_interop::{Header, MemoryShare, MemorySnapshot, Message, Quarantined, RuntimeId, Sealed};
use sigma_memory::EmbedderTag;
use sigma_types::SessionId;
use std::sync::Arc;

/// Snapshots of one peer that are kept in quarantine.
const KEPT: usize = 4;

pub(crate) fn router() -> Router<Arc<Exchange>> {
    Router::new().route("/memory/snapshot", get(share).put(quarantine))
}

async fn share(
    State(exchange): Shared,
    Reader { asker, settled }: Reader<true>,
    Accepted(form): Accepted,
    chosen: Chosen,
) -> Result<Response, Fault> {
    let target = asker.target(exchange.us());
    let sealed = exchange.memory(&chosen.session, target, settled).await?;
    let mut response = speak::sealed(&sealed, form);
    chosen.told(&mut response);
    Ok(response)
}

impl Exchange {
    /// The sealed memory of a session, for one target.
    async fn memory(
        &self,
        session: &SessionId,
        target: RuntimeId,
        settled: Settled,
    ) -> Result<Sealed<MemorySnapshot>, Fault> {
        let seen = self.look_with(session, |session| session.memory().layer());
        let (look, memory_layer) = seen.await?;
        self.closed(&look)?;
        let share = MemoryShare {
            cycle: look.cycle,
            embedder: Some(EmbedderTag::from(self.runtime.embeddings().info())),
            memory_layer,
        };
        let header = Header::new(self.us(), target, self.clock.now());
        let cleared = self
            .gates
            .clear(session, &look.reading, Message::new(header, share))
            .map_err(|why| withheld(session, &why))?;
        let sealer = self.sealer.clone().with_checksum(settled.checksum);
        tracing::info!(%session, %target, "a memory snapshot passed the gate");
        sealer
            .seal(cleared)
            .map_err(|error| Fault::internal(&error))
    }

    /// The sealed memory of a session for a peer, as an operator sends it.
    ///
    /// # Errors
    /// Why there is none, in words.
    pub async fn memory_for(
        &self,
        session: Option<&SessionId>,
        peer: &Peer,
    ) -> Result<Sealed<MemorySnapshot>, String> {
        let sealed = async {
            let settled = Settled::by(peer)?;
            let session = self.named(session).await?;
            self.memory(&session, peer.runtime_id, settled).await
        };
        sealed
            .await
            .map_err(|fault: Fault| fault.detail().to_owned())
    }
}

/// Takes a peer's memory, and puts it where nothing recalls it.
async fn quarantine(
    State(exchange): Shared,
    Accepted(form): Accepted,
    request: Request,
) -> Result<Response, Fault> {
    exchange.receives().await?;
    let body = Read::of(&exchange, request, exchange.rules.snapshot.bytes).await?;
    let message = body.message::<MemoryShare>(&exchange)?;
    let (verified, _) = exchange.shown_by_peer(message, Grant::Memory).await?;
    let foreign = Quarantined::receive(verified, exchange.clock.now());
    let text = serde_json::to_string(&foreign).map_err(|error| Fault::internal(&error))?;
    let (from, at) = (foreign.source(), foreign.at().millis());
    let checksum = foreign.checksum().to_owned();
    let kept = exchange.ask(move |store| {
        let from = from.to_string();
        Ok(store.quarantine(&from, at, (&checksum, &text), KEPT)?)
    });
    if !kept.await? {
        return Err(unknown_peer(from));
    }
    tracing::info!(peer = %from, checksum = foreign.checksum(), "a foreign memory is in quarantine");
    exchange.metrics.received();
    let receipt = Receipt {
        received: "quarantined",
        from: from.to_string(),
        checksum: foreign.checksum(),
    };
    let mut response = speak::plain(&receipt, form)?;
    *response.status_mut() = StatusCode::ACCEPTED;
    Ok(response)
}
