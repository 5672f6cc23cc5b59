//! Where handshakes live between two phases: one durable transaction for state, ledger, texts and outbox.

mod memory;

use serde::{Deserialize, Serialize};

use crate::{
    digest::Digest,
    handshake::Stored,
    ids::{BindToken, NegotiationId},
    ledger::{Entry, Head, PrivateText},
    moment::Moment,
    signal::Signal,
};

pub use memory::MemoryStore;

/// A handshake as it is stored, and how often it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// How often: 1 after ANNOUNCE.
    pub revision: u64,
    /// What is stored.
    pub stored: Stored,
}

/// A message that passed, by which a retry is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// SHA-256 of the body.
    pub body: Digest,
    /// Which message of the binding it is, from 1.
    pub number: u64,
    /// When it passed.
    pub accepted_at: Moment,
}

/// A store could not do what was asked. Nothing was changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Somebody else wrote first, or what is new is there already.
    #[error("somebody else wrote first")]
    Conflict,
    /// What is stored cannot be read.
    #[error("what is stored cannot be read")]
    Damaged,
    /// The store is not there, is full, or gave up.
    #[error("the store is not available")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What happens within one transaction. Reads see what was written before in it.
pub trait Transaction {
    /// A handshake by its negotiation.
    ///
    /// # Errors
    /// [`StoreError`].
    fn handshake(&mut self, id: &NegotiationId) -> Result<Option<Kept>, StoreError>;

    /// A handshake by its binding.
    ///
    /// # Errors
    /// [`StoreError`].
    fn handshake_of(&mut self, token: &BindToken) -> Result<Option<Kept>, StoreError>;

    /// Writes a handshake if it still is at the expected revision; `None` if it must be new.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] otherwise, and where another handshake has the same binding.
    fn put(&mut self, expected: Option<u64>, stored: &Stored) -> Result<(), StoreError>;

    /// Where the ledger ends.
    ///
    /// # Errors
    /// [`StoreError`].
    fn head(&mut self) -> Result<Head, StoreError>;

    /// Appends to the ledger.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the entry does not follow the head.
    fn append(&mut self, entry: &Entry) -> Result<(), StoreError>;

    /// Keeps a text under its commitment, apart from the ledger.
    ///
    /// # Errors
    /// [`StoreError`].
    fn keep_text(&mut self, commitment: &Digest, text: &PrivateText) -> Result<(), StoreError>;

    /// The text of a commitment, unless it was erased.
    ///
    /// # Errors
    /// [`StoreError`].
    fn text(&mut self, commitment: &Digest) -> Result<Option<PrivateText>, StoreError>;

    /// Erases the text of a commitment. Whether there was one.
    ///
    /// # Errors
    /// [`StoreError`].
    fn erase_text(&mut self, commitment: &Digest) -> Result<bool, StoreError>;

    /// A message of a binding by its own name.
    ///
    /// # Errors
    /// [`StoreError`].
    fn message(&mut self, token: &BindToken, id: &str) -> Result<Option<Message>, StoreError>;

    /// How many messages of a binding passed.
    ///
    /// # Errors
    /// [`StoreError`].
    fn messages(&mut self, token: &BindToken) -> Result<u64, StoreError>;

    /// Remembers a message.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the binding has one of this name.
    fn put_message(
        &mut self,
        token: &BindToken,
        id: &str,
        message: &Message,
    ) -> Result<(), StoreError>;

    /// Puts a signal into the outbox.
    ///
    /// # Errors
    /// [`StoreError`].
    fn emit(&mut self, signal: &Signal) -> Result<(), StoreError>;
}

/// A store of handshakes. Several runtimes may share one.
pub trait Store {
    /// Does all of `work`, durably, or none of it. Transactions do not overlap.
    ///
    /// # Errors
    /// Those of `work`, after which nothing has changed, and [`StoreError`].
    fn transact<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&mut dyn Transaction) -> Result<T, E>,
    ) -> Result<T, E>;

    /// A handshake by its negotiation, as last committed.
    ///
    /// # Errors
    /// [`StoreError`].
    fn handshake(&self, id: &NegotiationId) -> Result<Option<Stored>, StoreError>;

    /// A handshake by its binding, as last committed.
    ///
    /// # Errors
    /// [`StoreError`].
    fn handshake_of(&self, token: &BindToken) -> Result<Option<Stored>, StoreError>;

    /// Ledger entries from a place on, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`].
    fn entries(&self, from: u64, limit: usize) -> Result<Vec<Entry>, StoreError>;

    /// Signals that have not been delivered, oldest first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`].
    fn outbox(&self, limit: usize) -> Result<Vec<Signal>, StoreError>;

    /// Takes a delivered signal out of the outbox.
    ///
    /// # Errors
    /// [`StoreError`].
    fn delivered(&self, signal_id: &str) -> Result<(), StoreError>;
}
