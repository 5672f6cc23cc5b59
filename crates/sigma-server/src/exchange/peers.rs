//! The runtimes that an operator knows, and what each may do.

use crate::exchange::Exchange;
use serde::{Deserialize, Serialize};
use sigma_interop::{
    KeyId, Keyring, NegotiationRecord, Outcome, PeerKey, PublicKey, RuntimeId, seal::KeyError,
};
use sigma_store::{PeerRow, SqliteExchange, StoreFault};
use sigma_types::Timestamp;
use std::{
    collections::BTreeSet,
    fmt,
    str::FromStr,
    time::{Duration, Instant},
};

/// Something that a peer may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Grant {
    /// Read state and telemetry, and tell its own.
    State,
    /// Read memory snapshots, which hold what was said, and push its own into quarantine.
    Memory,
    /// Send phase commands.
    Control,
}

impl Grant {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::State, Self::Memory, Self::Control];

    /// The name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Memory => "memory",
            Self::Control => "control",
        }
    }
}

impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Grant {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|grant| grant.name() == text);
        found.ok_or_else(|| format!("{text:?} is none of state, memory, control"))
    }
}

/// Another runtime that the operator knows.
#[derive(Debug, Clone, PartialEq)]
pub struct Peer {
    /// Its UUID.
    pub runtime_id: RuntimeId,
    /// The name of its key.
    pub key_id: KeyId,
    /// Its key.
    pub public_key: PublicKey,
    /// Where it is reached; without one it is never asked.
    pub url: Option<String>,
    /// What it may do.
    pub grants: BTreeSet<Grant>,
    /// When it was added.
    pub added_at: Timestamp,
    /// What the last handshake came to.
    pub met: Option<NegotiationRecord>,
}

/// A peer cannot be kept or found.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PeerError {
    /// The file fails.
    #[error("the peers: {0}")]
    Store(#[from] StoreFault),
    /// What is kept of a peer cannot be read.
    #[error("what is kept of the peer {0} cannot be read: remove it and add it anew")]
    Damaged(String),
    /// The key is none.
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl Peer {
    /// Whether it may do something.
    pub fn may(&self, grant: Grant) -> bool {
        self.grants.contains(&grant)
    }

    /// How far the last handshake matched.
    pub fn outcome(&self) -> Option<Outcome> {
        self.met.as_ref().map(|met| met.negotiation.outcome)
    }

    fn read(row: PeerRow) -> Result<Self, PeerError> {
        let damaged = || PeerError::Damaged(row.runtime_id.clone());
        let met = row.met.as_deref().map(serde_json::from_str).transpose();
        Ok(Self {
            runtime_id: row.runtime_id.parse().map_err(|_| damaged())?,
            key_id: row.kid.parse().map_err(|_| damaged())?,
            public_key: row.public_key.parse().map_err(|_| damaged())?,
            grants: serde_json::from_str(&row.grants).map_err(|_| damaged())?,
            added_at: Timestamp::from_millis(row.added_at).map_err(|_| damaged())?,
            met: met.map_err(|_| damaged())?,
            url: row.url,
        })
    }
}

/// Adds a peer, or changes it.
///
/// # Errors
/// [`PeerError`].
pub fn put(store: &SqliteExchange, peer: &Peer) -> Result<(), PeerError> {
    let written = |error| PeerError::Damaged(format!("{}: {error}", peer.runtime_id));
    let met = peer.met.as_ref().map(serde_json::to_string).transpose();
    store.put_peer(&PeerRow {
        runtime_id: peer.runtime_id.to_string(),
        kid: peer.key_id.to_string(),
        public_key: peer.public_key.to_string(),
        url: peer.url.clone(),
        grants: serde_json::to_string(&peer.grants).map_err(written)?,
        added_at: peer.added_at.millis(),
        met: met.map_err(written)?,
    })?;
    Ok(())
}

/// The peer of a UUID.
///
/// # Errors
/// [`PeerError`].
pub fn find(store: &SqliteExchange, id: RuntimeId) -> Result<Option<Peer>, PeerError> {
    store.peer(&id.to_string())?.map(Peer::read).transpose()
}

/// All peers.
///
/// # Errors
/// [`PeerError`].
pub fn all(store: &SqliteExchange) -> Result<Vec<Peer>, PeerError> {
    store.peers()?.into_iter().map(Peer::read).collect()
}

/// The peers with the grant `state`, as they stood at a time.
#[derive(Debug)]
pub(crate) struct Standing {
    at: Instant,
    peers: BTreeSet<RuntimeId>,
}

/// How long it holds.
const FRESH: Duration = Duration::from_secs(1);

impl Exchange {
    /// Whether a peer may still hear state. The file of peers is looked at once a second at most, for all who
    /// listen. Where it cannot be read nobody hears anything.
    pub(crate) async fn may_still_hear(&self, peer: RuntimeId) -> bool {
        let mut standing = self.listening.lock().await;
        if standing
            .as_ref()
            .is_none_or(|known| known.at.elapsed() > FRESH)
        {
            *standing = match Box::pin(self.ask(all)).await {
                Ok(all) => Some(Standing {
                    at: Instant::now(),
                    peers: all
                        .into_iter()
                        .filter(|peer| peer.may(Grant::State))
                        .map(|peer| peer.runtime_id)
                        .collect(),
                }),
                Err(_) => None,
            };
        }
        standing
            .as_ref()
            .is_some_and(|known| known.peers.contains(&peer))
    }
}

/// A ring with the one key that may vouch for a message.
pub(crate) fn ring(owner: RuntimeId, key_id: KeyId, key: PublicKey) -> Keyring {
    let mut ring = Keyring::new();
    ring.trust(owner, key_id, PeerKey::Ed25519(key));
    ring
}
