//! Runtimes exchange state: SRIP-05 and the phase API of SRIP-08 over HTTP (their dated v1.0 model).
//!
//! | | who | |
//! |---|---|---|
//! | `GET /field/state` | peers | the sealed packet of a session |
//! | `POST /field/state` | peers | takes a peer's packet: told, never obeyed |
//! | `GET /field/attractors/{id}` | peers | one attractor |
//! | `GET`, `PUT /memory/snapshot` | peers with `memory` | the memory layer, sealed; what is pushed is quarantined |
//! | `GET /phase/telemetry` | peers | frames as they come: WebSocket or event stream |
//! | `POST /phase/telemetry` | peers | takes a peer's frame |
//! | `GET /phase/state` | peers | the last frame |
//! | `POST /phase/sync`, `lock`, `recenter` | peers with `control` | signed commands for the next two cycles |
//! | `GET /metrics/phase` | operator, peers | figures for Prometheus |
//! | `GET /aegida/safety` | anybody | safety, in full for peers |
//! | `POST /runtime/handshake` | anybody | versions and capabilities |
//! | `GET /runtime/capabilities` | anybody | the manifest |
//! | `GET /contexts/sigma-packet-v1.jsonld` | anybody | the JSON-LD context |
//!
//! Nothing of a session's state leaves without passing its gate; what is written needs the gate's proof.

mod access;
mod bodies;
pub mod client;
mod encoding;
mod fault;
pub mod federation;
mod field;
mod gates;
mod hub;
mod identity;
mod look;
mod memory;
mod metrics;
mod negotiate;
mod open;
pub mod peers;
mod phase;
pub mod proof;
mod public;
mod reading;
mod speak;
mod telemetry;
pub mod trace;

pub use field::Told;
pub use identity::{Identity, IdentityError, key_path, store_path};
pub use open::{OpenExchangeError, open};

use crate::{
    exchange::{
        access::Nonces,
        bodies::Bodies,
        client::Outgoing,
        fault::Fault,
        federation::Round,
        gates::Gates,
        hub::Hub,
        metrics::Metrics,
        peers::{PeerError, Standing},
    },
    interop::limits::PerMinute,
    settings::Hidden,
};
use axum::{Router, middleware};
use sigma_core::{Runtime, clock::Clock};
use sigma_interop::{ReplayCache, RuntimeId, Sealer, rules::Rules};
use sigma_store::SqliteExchange;
use sigma_types::SessionId;
use std::{
    collections::BTreeMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{
    sync::{Mutex as AsyncMutex, Semaphore},
    task::spawn_blocking,
};
use tower_http::compression::CompressionLayer;

/// What a deployment decides.
#[derive(Debug, Clone)]
pub struct Options {
    /// Limits, windows and rates of the protocol.
    pub rules: Rules,
    /// A key whose holder is the operator; empty for none.
    pub operator_key: Hidden,
    /// Requests a minute from one peer; 0 for any number.
    pub peer_requests_per_minute: u32,
    /// Requests a minute from one address; 0 for any number.
    pub requests_per_minute: u32,
    /// Listeners to telemetry at once.
    pub listeners: usize,
    /// Events of a session that a listener who comes back finds.
    pub kept_events: usize,
    /// Between two signs of life on a quiet stream.
    pub heartbeat: Duration,
    /// Whether loopback addresses are asked.
    pub loopback: bool,
}

/// The exchange of one runtime.
pub struct Exchange {
    runtime: Arc<Runtime>,
    identity: Identity,
    sealer: Sealer,
    store: Arc<SqliteExchange>,
    clock: Arc<dyn Clock>,
    rules: Rules,
    heartbeat: Duration,
    operator_key: Hidden,
    gates: Gates,
    hub: Hub,
    metrics: Metrics,
    replays: Mutex<ReplayCache>,
    /// Handshakes of strangers: they take no room from peers.
    strangers: Mutex<ReplayCache>,
    nonces: Mutex<Nonces>,
    sources: PerMinute<IpAddr>,
    askers: PerMinute<RuntimeId>,
    desks: Arc<Semaphore>,
    /// Bodies that are being read.
    bodies: Bodies,
    /// Who may listen, as it stood a moment ago.
    listening: AsyncMutex<Option<Standing>>,
    outgoing: Outgoing,
    round: Mutex<Round>,
    /// Commands of one session enter one after another.
    commanding: Mutex<BTreeMap<SessionId, Arc<AsyncMutex<()>>>>,
}

/// Calls to the file of peers at once.
const DESKS: usize = 4;
/// Bodies that are read at once.
const BODIES: usize = 64;
/// Of these from one address.
const BODIES_OF_ONE: usize = 8;
/// Sessions whose events are kept.
const TOLD_SESSIONS: usize = 256;
/// Events that a listener may be behind.
const BEHIND: usize = 64;
/// Proofs of one runtime that are remembered.
const NONCES: usize = 4096;

impl Exchange {
    /// An exchange, ready to be served. [`federation::attend`] has to run beside it.
    ///
    /// # Errors
    /// No secured connections can be made.
    pub fn new(
        runtime: Arc<Runtime>,
        identity: Identity,
        store: SqliteExchange,
        clock: Arc<dyn Clock>,
        options: Options,
    ) -> Result<Self, String> {
        let begun = clock.now();
        let rules = options.rules;
        Ok(Self {
            runtime,
            sealer: identity.sealer(),
            identity,
            store: Arc::new(store),
            rules,
            heartbeat: options.heartbeat,
            operator_key: options.operator_key,
            gates: Gates::new(rules.gate),
            hub: Hub::new(hub::HubLimits {
                ring: options.kept_events.max(1),
                behind: BEHIND,
                sessions: TOLD_SESSIONS,
                listeners: options.listeners,
            }),
            metrics: Metrics::new(),
            replays: Mutex::new(ReplayCache::restarted(rules.replay, begun)),
            strangers: Mutex::new(ReplayCache::restarted(rules.replay, begun)),
            nonces: Mutex::new(Nonces::new(begun, NONCES)),
            sources: PerMinute::new(options.requests_per_minute),
            askers: PerMinute::new(options.peer_requests_per_minute),
            desks: Arc::new(Semaphore::new(DESKS)),
            bodies: Bodies::new(BODIES, BODIES_OF_ONE),
            listening: AsyncMutex::default(),
            outgoing: Outgoing::new(options.loopback)?,
            round: Mutex::default(),
            commanding: Mutex::default(),
            clock,
        })
    }

    /// Who this runtime is.
    pub const fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The peers and what came from them.
    pub fn store(&self) -> &SqliteExchange {
        &self.store
    }

    pub(crate) fn us(&self) -> RuntimeId {
        self.identity.runtime_id()
    }

    /// Asks the file of peers, whose calls block, on a thread of its own.
    async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&SqliteExchange) -> Result<T, PeerError> + Send + 'static,
    ) -> Result<T, Fault> {
        let desk = Arc::clone(&self.desks).acquire_owned().await;
        let desk = desk.map_err(|error| Fault::internal(&error))?;
        let store = Arc::clone(&self.store);
        let done = spawn_blocking(move || {
            let _desk = desk;
            work(&store)
        });
        let done = done.await.map_err(|error| Fault::internal(&error))?;
        done.map_err(|error| Fault::internal(&error))
    }

    /// The turn of a session's commands.
    fn commanding(&self, session: &SessionId) -> Arc<AsyncMutex<()>> {
        let all = self.commanding.lock();
        let mut all = all.unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, turn| Arc::strong_count(turn) > 1);
        Arc::clone(all.entry(session.clone()).or_default())
    }

    fn replays(&self) -> MutexGuard<'_, ReplayCache> {
        self.replays.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn strangers(&self) -> MutexGuard<'_, ReplayCache> {
        self.strangers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn nonces(&self) -> MutexGuard<'_, Nonces> {
        self.nonces.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn round(&self) -> MutexGuard<'_, Round> {
        self.round.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The gate's proof for a word that an operator says at the command line, without a session behind it: a
/// signal, which a resting field lets pass.
///
/// # Errors
/// The message is not a signal.
pub fn word_of_the_operator<P: sigma_interop::Payload>(
    message: sigma_interop::Message<P>,
) -> Result<sigma_interop::Cleared<sigma_interop::Message<P>>, String> {
    if P::DISCLOSES == sigma_interop::Discloses::State {
        return Err("state passes the gate of its session".into());
    }
    let resting = sigma_interop::Reading {
        posture: sigma_drift::ControlPosture::Nominal,
        lifecycle: sigma_attractor::Lifecycle::Stable,
        di_raw: sigma_types::Measured::Value(sigma_types::NonNegative::ZERO),
        safety: sigma_aegida::SafetyStatus::Nominal,
        phase_lock: false,
    };
    let mut gate = sigma_interop::Gate::new(sigma_interop::rules::SRIP_05.gate);
    gate.clear(&resting, message)
        .map_err(|withheld| withheld.to_string())
}

/// The routes.
pub fn router(exchange: &Arc<Exchange>) -> Router {
    let whole = Router::new()
        .merge(field::router())
        .merge(memory::router())
        .merge(phase::router())
        .merge(public::router())
        .merge(metrics::router())
        // streams are not compressed: each event has to leave when it comes
        .layer(CompressionLayer::new().gzip(true).zstd(true))
        .layer(middleware::map_response(speak::vary));
    Router::new()
        .merge(whole)
        .merge(telemetry::router())
        .layer(middleware::from_fn_with_state(
            Arc::clone(exchange),
            access::limit,
        ))
        .with_state(Arc::clone(exchange))
}
