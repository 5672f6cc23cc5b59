//! Outside systems bind without being absorbed: IOH-01 over HTTP.
//!
//! | | |
//! |---|---|
//! | `POST /api/public/handshake/{announce,negotiate,bind,operate,dissolve}` | the five phases |
//! | `GET /api/public/registry` | the namespace registry (NUR-01) |
//! | `GET /api/public/ledger?from=&limit=` | ledger entries, in their order |
//! | `GET /api/public/ledger/key` | the key that signs the ledger, as a JWK set |
//! | `GET /api/public/ledger/checkpoint` | size and root of the ledger, signed |
//! | `GET /api/public/ledger/proof?seq=` or `?id=` | an entry and its inclusion proof |
//! | `GET /api/public/ledger/export` | all of it, as `sigma ledger verify` reads it |
//!
//! Errors are `application/problem+json` with `reason_code`, `phase` and `invariant`. Nothing is kept
//! between two requests but what the ledger's file holds.

mod checked;
pub mod client;
pub(crate) mod dial;
mod draw;
mod fault;
pub mod fetch;
mod governance;
mod guard;
mod key;
pub(crate) mod limits;
mod open;
mod phases;
mod reading;
mod request;
pub mod signals;

pub use checked::receiver;
pub use governance::FileGovernance;
pub use guard::ENTRY_HEADER;
pub use key::{KeyFile, KeyFileError};
pub use open::{OpenInteropError, ledger_key, ledger_path, open};

use crate::interop::{fault::Fault, fetch::Namespaces, limits::PerMinute};
use axum::{Router, middleware};
use kiri_ioh::{gateway::Gateway, ledger::Tree, moment::Moment, store::Store as _};
use sigma_core::clock::Clock;
use sigma_store::SqliteLedger;
use std::{
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::{sync::Semaphore, task::spawn_blocking};

/// The gateway over a file.
pub type Handshakes = Gateway<SqliteLedger, FileGovernance>;

/// How peers reach this server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// `https` or `http`.
    pub scheme: String,
    /// Host, and port where it is not the scheme's own.
    pub authority: String,
}

/// What a deployment decides beside the gateway's own settings.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// How peers reach this server; without it, over plain http by the name in `host`.
    pub public: Option<Origin>,
    /// Requests a minute from one source; 0 for any number.
    pub requests_per_minute: u32,
    /// Fetches a minute from one host; 0 for any number.
    pub fetches_per_minute: u32,
    /// The most bytes of a guarded request's body.
    pub guarded_body: usize,
}

/// The interoperability gateway of a server.
pub struct Interop {
    gateway: Arc<Handshakes>,
    namespaces: Arc<dyn Namespaces>,
    clock: Arc<dyn Clock>,
    public: Option<Origin>,
    guarded_body: usize,
    sources: PerMinute<IpAddr>,
    targets: PerMinute<String>,
    desks: Arc<Semaphore>,
    /// One export of the whole ledger at a time.
    exports: Arc<Semaphore>,
    /// Guarded requests whose bodies are being read.
    bodies: Semaphore,
    /// A copy of the ledger's tree, caught up before each use.
    tree: Mutex<Tree>,
}

/// Calls to the ledger at once; one of them writes.
const DESKS: usize = 8;
/// Bodies of guarded requests that are read at once.
const BODIES: usize = 32;
/// Entries that are read at once.
const PAGE: usize = 1000;

impl Interop {
    /// A gateway, ready to be served.
    pub fn new(
        gateway: Handshakes,
        namespaces: Arc<dyn Namespaces>,
        clock: Arc<dyn Clock>,
        options: Options,
    ) -> Self {
        Self {
            gateway: Arc::new(gateway),
            namespaces,
            clock,
            public: options.public,
            guarded_body: options.guarded_body,
            sources: PerMinute::new(options.requests_per_minute),
            targets: PerMinute::new(options.fetches_per_minute),
            desks: Arc::new(Semaphore::new(DESKS)),
            exports: Arc::new(Semaphore::new(1)),
            bodies: Semaphore::new(BODIES),
            tree: Mutex::new(Tree::default()),
        }
    }

    /// The gateway.
    pub fn gateway(&self) -> &Arc<Handshakes> {
        &self.gateway
    }

    /// Asks the gateway, whose calls block, on a thread of its own.
    async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Handshakes, Moment) -> T + Send + 'static,
    ) -> Result<T, Fault> {
        let desk = Arc::clone(&self.desks).acquire_owned().await;
        let desk = desk.map_err(|error| Fault::internal(&error))?;
        let millis = self.clock.now().millis();
        let now = Moment::from_millis(millis).map_err(|error| Fault::internal(&error))?;
        let gateway = Arc::clone(&self.gateway);
        let done = spawn_blocking(move || {
            let _desk = desk;
            work(&gateway, now)
        });
        done.await.map_err(|error| Fault::internal(&error))
    }

    /// The tree of the whole ledger, as it is now. Blocks.
    fn tree(&self) -> Result<MutexGuard<'_, Tree>, Fault> {
        let mut tree = self.tree.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let entries = self.gateway.store().entries(tree.head().size, PAGE)?;
            for entry in &entries {
                let pushed = tree.push(&entry.record);
                pushed.map_err(|error| Fault::internal(&error))?;
            }
            if entries.len() < PAGE {
                return Ok(tree);
            }
        }
    }
}

/// The routes under `/api/public`.
pub fn router(interop: &Arc<Interop>) -> Router {
    let reading = reading::router().route_layer(middleware::from_fn_with_state(
        Arc::clone(interop),
        guard::check,
    ));
    let routes = Router::new()
        .nest("/handshake", phases::router())
        .merge(reading)
        .layer(middleware::from_fn_with_state(
            Arc::clone(interop),
            limits::check,
        ));
    Router::new()
        .nest("/api/public", routes)
        .with_state(Arc::clone(interop))
}

/// Puts the guard before other routes: a request that claims to be from a bound system passes only with
/// the proof of it.
pub fn guard<S: Clone + Send + Sync + 'static>(
    routes: Router<S>,
    interop: &Arc<Interop>,
) -> Router<S> {
    routes.layer(middleware::from_fn_with_state(
        Arc::clone(interop),
        guard::check,
    ))
}
