//! How runtimes exchange state.

use serde::{Deserialize, Serialize};

/// How runtimes exchange state (`SRIP-05`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExchangeSettings {
    /// The SQLite file of the peers and of what came from them, `off` for no exchange; empty for one
    /// beside the session store, or none where sessions end with the process.
    pub store: String,
    /// The file of this runtime's key, from which its UUID follows; empty for one beside the store. It is
    /// made at the first start.
    pub key: String,
    /// A frame goes to every peer with an address each so many cycles, and the mean of all phases is
    /// looked at; 0 for never.
    pub federate_cycles: u64,
    /// The most bytes of a memory snapshot, uncompressed.
    pub snapshot_bytes: usize,
    /// Requests a minute from one peer; 0 for any number.
    pub peer_requests_per_minute: u32,
    /// Requests a minute from one address; 0 for any number.
    pub requests_per_minute: u32,
    /// Listeners to telemetry at once.
    pub listeners: usize,
    /// Events of a session that a listener who comes back finds.
    pub kept_events: usize,
    /// Seconds between two signs of life on a quiet stream.
    pub heartbeat_seconds: u64,
    /// Seconds after which a listener that takes nothing is let go.
    pub stalled_seconds: u64,
    /// Lets peers have loopback addresses over plain http.
    pub dangerously_allow_loopback: bool,
}

impl Default for ExchangeSettings {
    fn default() -> Self {
        Self {
            store: String::new(),
            key: String::new(),
            federate_cycles: 3,
            snapshot_bytes: 1024 * 1024,
            peer_requests_per_minute: 600,
            requests_per_minute: 1200,
            listeners: 10_000,
            kept_events: 256,
            heartbeat_seconds: 15,
            stalled_seconds: 30,
            dangerously_allow_loopback: false,
        }
    }
}
