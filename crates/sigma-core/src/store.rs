//! Where sessions are kept: the trait that storage adapters implement, and one in memory.
//!
//! A cycle reaches the store as one [`CycleCommit`] and is written whole or not at all
//! (`SRIP-01 §7`, `SRIP-04 §3`). The store sees opaque bytes: it knows no metric and no model.

mod forgetful;
mod in_memory;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use sigma_types::{Cycle, Hash256, SessionId, Timestamp};

pub use forgetful::ForgetfulStore;
pub use in_memory::InMemoryStore;

/// A caller's name for one turn: repeating it returns the recorded cycle. 1 to 255 bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct IdempotencyKey(String);

/// An idempotency key was empty or longer than 255 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an idempotency key has 1 to 255 bytes, this one has {0}")]
pub struct IdempotencyKeyError(usize);

impl IdempotencyKey {
    /// Checks and wraps a key.
    ///
    /// # Errors
    /// [`IdempotencyKeyError`] for an empty key and for one of more than 255 bytes.
    pub fn new(text: impl Into<String>) -> Result<Self, IdempotencyKeyError> {
        let text = text.into();
        if (1..=255).contains(&text.len()) {
            Ok(Self(text))
        } else {
            Err(IdempotencyKeyError(text.len()))
        }
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for IdempotencyKey {
    type Error = IdempotencyKeyError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::new(text)
    }
}

impl From<IdempotencyKey> for String {
    fn from(key: IdempotencyKey) -> Self {
        key.0
    }
}

/// One append-only record of a session: a memory frame, a tombstone or a ledger entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Position among the session's records of its kind, from 0, without gaps.
    pub seq: u64,
    /// The cycle that wrote it.
    pub cycle: Cycle,
    /// Hash of the record, as its own chain defines it.
    pub hash: Hash256,
    /// The record as JSON.
    pub body: Vec<u8>,
}

/// Something that happened outside the content of the dialogue: a failed model call, a restart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OperationalEvent {
    /// When.
    pub at: Timestamp,
    /// The last committed cycle at that time.
    pub after: Cycle,
    /// What happened.
    pub kind: OperationalKind,
}

/// Kinds of operational event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OperationalKind {
    /// The model's provider answered with an error.
    ProviderError,
    /// The model's provider did not answer in time.
    ProviderTimeout,
    /// The provider refused to answer for reasons of content.
    BlockedReply,
    /// A call was repeated after a failure.
    Retry,
    /// The caller went away before the answer was complete.
    Cancelled,
    /// The session was loaded from its store after a restart.
    Restart,
}

/// All that one cycle changes, written in one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CycleCommit {
    /// The session.
    pub session: SessionId,
    /// The cycle; the session must stand at the one before it.
    pub cycle: Cycle,
    /// When the cycle ended.
    pub at: Timestamp,
    /// The session's bounded state after the cycle, as JSON; replaces the one before.
    pub state: Vec<u8>,
    /// New memory frames.
    pub frames: Vec<Record>,
    /// New tombstones: frames that a recovery pruned (`SRIP-04 §3.3`).
    pub tombstones: Vec<Record>,
    /// New entries of the integrity ledger (`SRIP-06 §8`).
    pub ledger: Vec<Record>,
    /// The cycle's report, as JSON.
    pub report: Vec<u8>,
    /// The caller's key, if it gave one.
    pub idempotency: Option<Idempotency>,
}

/// What changes a session between two cycles: its state and its integrity ledger, nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amendment {
    /// The session.
    pub session: SessionId,
    /// The cycle that the session stands at, and goes on to stand at.
    pub cycle: Cycle,
    /// When.
    pub at: Timestamp,
    /// The session's bounded state, as JSON; replaces the one before.
    pub state: Vec<u8>,
    /// New entries of the integrity ledger.
    pub ledger: Vec<Record>,
}

/// A caller's key together with what it asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idempotency {
    /// The key.
    pub key: IdempotencyKey,
    /// Hash of the request: the same key with another request is a conflict.
    pub request: Hash256,
}

/// A session as it was committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSession {
    /// The last committed cycle.
    pub cycle: Cycle,
    /// The state after it.
    pub state: Vec<u8>,
    /// All memory frames in order.
    pub frames: Vec<Record>,
    /// All tombstones in order.
    pub tombstones: Vec<Record>,
}

/// One committed cycle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCycle {
    /// Its number.
    pub cycle: Cycle,
    /// When it ended.
    pub at: Timestamp,
    /// Its report, as JSON.
    pub report: Vec<u8>,
    /// The request it answered, where the caller gave a key.
    pub request: Option<Hash256>,
}

/// One line of the list of sessions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionSummary {
    /// The session.
    pub session: SessionId,
    /// Its last committed cycle.
    pub cycle: Cycle,
    /// When that was.
    pub updated_at: Timestamp,
}

/// A store could not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Another writer got there first, or a cycle was left out.
    #[error("cycle {given} does not follow the session's last committed cycle {found}")]
    OutOfOrder {
        /// The cycle that was to be committed.
        given: Cycle,
        /// The last one the store holds.
        found: Cycle,
    },
    /// The key stands for another request already.
    #[error("the idempotency key was used for another request, at cycle {cycle}")]
    KeyReused {
        /// The cycle it stands for.
        cycle: Cycle,
    },
    /// The medium failed: the source says how.
    #[error("the session store failed")]
    Backend(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// What is stored cannot be read back.
    #[error("stored data of session {session} is damaged")]
    Damaged {
        /// Whose data.
        session: SessionId,
        /// What was found.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// Keeps sessions. Every method is atomic; two writers of one session never both succeed.
#[async_trait]
pub trait SessionStore: Send + Sync {
    /// Whether what is committed can be had back. A store that keeps nothing is not asked to commit, and
    /// the runtime does not write down what nobody reads.
    fn keeps(&self) -> bool {
        true
    }

    /// The session as last committed, or `None` if there is none.
    ///
    /// # Errors
    /// [`StoreError::Backend`] or [`StoreError::Damaged`].
    async fn load(&self, session: &SessionId) -> Result<Option<StoredSession>, StoreError>;

    /// Writes a cycle whole. When this returns `Ok`, the cycle survives a crash of the process.
    ///
    /// # Errors
    /// [`StoreError::OutOfOrder`] unless the session stands at the cycle before;
    /// [`StoreError::KeyReused`] if the key is taken; [`StoreError::Backend`] otherwise.
    /// After an error nothing of the cycle is in the store.
    async fn commit(&self, commit: CycleCommit) -> Result<(), StoreError>;

    /// Writes a change between two cycles whole.
    ///
    /// # Errors
    /// [`StoreError::OutOfOrder`] unless the session stands at the amendment's cycle, 1 or later, and no
    /// entry of the ledger is left out; [`StoreError::Backend`] otherwise. After an error nothing of it is
    /// in the store.
    async fn amend(&self, amendment: Amendment) -> Result<(), StoreError>;

    /// The cycle that a key stands for, if any.
    ///
    /// # Errors
    /// [`StoreError::Backend`].
    async fn find_by_key(
        &self,
        session: &SessionId,
        key: &IdempotencyKey,
    ) -> Result<Option<StoredCycle>, StoreError>;

    /// Up to `limit` committed cycles from `from` on, in order.
    ///
    /// # Errors
    /// [`StoreError::Backend`].
    async fn cycles(
        &self,
        session: &SessionId,
        from: Cycle,
        limit: usize,
    ) -> Result<Vec<StoredCycle>, StoreError>;

    /// Up to `limit` entries of the integrity ledger from position `from` on, in order.
    ///
    /// # Errors
    /// [`StoreError::Backend`].
    async fn ledger(
        &self,
        session: &SessionId,
        from: u64,
        limit: usize,
    ) -> Result<Vec<Record>, StoreError>;

    /// Adds an operational event. Events never become content.
    ///
    /// # Errors
    /// [`StoreError::Backend`].
    async fn note(&self, session: &SessionId, event: OperationalEvent) -> Result<(), StoreError>;

    /// The newest `limit` operational events, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Backend`].
    async fn events(
        &self,
        session: &SessionId,
        limit: usize,
    ) -> Result<Vec<OperationalEvent>, StoreError>;

    /// Up to `limit` sessions, the last changed first.
    ///
    /// # Errors
    /// [`StoreError::Backend`].
    async fn sessions(&self, limit: usize) -> Result<Vec<SessionSummary>, StoreError>;
}
