//! The exchange that the settings describe.

use crate::{
    exchange::{Exchange, Identity, IdentityError, Options, key_path, store_path},
    settings::Settings,
};
use sigma_core::{Runtime, clock::Clock};
use sigma_interop::rules::{ReadLimits, Rules, SRIP_05};
use sigma_store::{OpenError, SqliteExchange};
use std::{sync::Arc, time::Duration};

/// No exchange can be put together.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenExchangeError {
    /// The file of peers cannot be opened.
    #[error("the peers: {0}")]
    Store(#[from] OpenError),
    /// There is no identity.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// A setting has a value that cannot be used.
    #[error("`exchange.{key}` is {value}, and has to be {wanted}")]
    Value {
        /// The setting.
        key: &'static str,
        /// Its value.
        value: u64,
        /// What it should be.
        wanted: &'static str,
    },
    /// No secured connections can be made.
    #[error("no secured connections can be made: {0}")]
    Tls(String),
}

/// Opens the exchange that the settings describe; `None` where there is none.
///
/// # Errors
/// [`OpenExchangeError`].
pub fn open(
    settings: &Settings,
    runtime: Arc<Runtime>,
    clock: Arc<dyn Clock>,
) -> Result<Option<Exchange>, OpenExchangeError> {
    let Some(path) = store_path(settings) else {
        return Ok(None);
    };
    let options = options(settings)?;
    let store = SqliteExchange::open(&path)?;
    let identity = Identity::open_or_make(&key_path(settings, &path))?;
    if options.loopback {
        tracing::error!(
            "DANGEROUS: exchange.dangerously_allow_loopback is on: peers may have addresses of this machine; never \
             use it outside development"
        );
    }
    Exchange::new(runtime, identity, store, clock, options)
        .map(Some)
        .map_err(OpenExchangeError::Tls)
}

fn options(settings: &Settings) -> Result<Options, OpenExchangeError> {
    let exchange = &settings.exchange;
    let at_least = |key, value: u64, least: u64, wanted| {
        (value >= least)
            .then_some(value)
            .ok_or(OpenExchangeError::Value { key, value, wanted })
    };
    at_least(
        "snapshot_bytes",
        exchange.snapshot_bytes as u64,
        SRIP_05.packet.bytes as u64,
        "65536 at least",
    )?;
    at_least("kept_events", exchange.kept_events as u64, 1, "1 at least")?;
    at_least(
        "heartbeat_seconds",
        exchange.heartbeat_seconds,
        1,
        "1 at least",
    )?;
    at_least("stalled_seconds", exchange.stalled_seconds, 1, "1 at least")?;
    Ok(Options {
        rules: rules(exchange.snapshot_bytes, exchange.federate_cycles),
        operator_key: settings.server.api_key.clone(),
        peer_requests_per_minute: exchange.peer_requests_per_minute,
        requests_per_minute: exchange.requests_per_minute,
        listeners: exchange.listeners,
        kept_events: exchange.kept_events,
        heartbeat: Duration::from_secs(exchange.heartbeat_seconds),
        loopback: exchange.dangerously_allow_loopback,
    })
}

/// The rules of the document with what a deployment sets.
fn rules(snapshot_bytes: usize, emit_every: u64) -> Rules {
    let mut rules = SRIP_05;
    rules.snapshot = ReadLimits {
        bytes: snapshot_bytes,
        ..rules.snapshot
    };
    rules.federation.emit_every = emit_every;
    rules
}
