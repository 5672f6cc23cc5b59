//! Verification without us: records, payloads, and the public key is all that it takes.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use std::fmt;

use super::{Entry, Head, Projection, Record, signed_text};
use crate::{digest::Digest, keys::PublicKey};

/// What is wrong with an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// It is not an entry, or not in canonical JSON.
    Form,
    /// Its number is not the next.
    Sequence,
    /// It does not follow the entry before: `prev_hash`.
    Chain,
    /// The payload is not the one that was recorded: `payload_hash`.
    Payload,
    /// The record was changed: `entry_hash`.
    Hash,
    /// The runtime did not sign it: `sig`.
    Signature,
    /// A phase is skipped, repeated, or follows its end.
    Order,
    /// The ledger ends elsewhere than the checkpoint says, or the checkpoint is not the runtime's.
    Checkpoint,
    /// The export was made with another key than the trusted one.
    Key,
}

impl Fault {
    const fn text(self) -> &'static str {
        match self {
            Self::Form => "it is not an entry in canonical form",
            Self::Sequence => "its number is not the next",
            Self::Chain => "it does not follow the entry before it",
            Self::Payload => "its payload is not the recorded one",
            Self::Hash => "it was changed after it was recorded",
            Self::Signature => "its signature is not the runtime's",
            Self::Order => "it does not follow from what was recorded before",
            Self::Checkpoint => "the checkpoint does not fit the entries",
            Self::Key => "the export names another key than the trusted one",
        }
    }
}

/// The first broken entry of a ledger.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("entry {seq}{}: {fault}", .entry_id.as_ref().map(|id| format!(" ({id})")).unwrap_or_default())]
pub struct Broken {
    /// Its place in the ledger, from 0.
    pub seq: u64,
    /// Its name, where it still has one.
    pub entry_id: Option<String>,
    /// What is wrong with it.
    pub fault: Fault,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

/// Verifies entries one after the other.
#[derive(Debug, Clone)]
pub struct Verifier<'a> {
    key: &'a PublicKey,
    head: Head,
    projection: Projection,
}

impl<'a> Verifier<'a> {
    /// Before the first entry, trusting one key.
    #[must_use]
    pub fn new(key: &'a PublicKey) -> Self {
        Self {
            key,
            head: Head::EMPTY,
            projection: Projection::new(),
        }
    }

    /// Verifies the next entry.
    ///
    /// # Errors
    /// [`Broken`].
    pub fn next(&mut self, entry: &Entry) -> Result<(), Broken> {
        let broken = |fault| Broken {
            seq: self.head.size,
            entry_id: Some(entry.record.entry_id.clone()),
            fault,
        };
        check(entry, self.head, self.key).map_err(broken)?;
        let mut projection = std::mem::take(&mut self.projection);
        let applied = projection.apply(entry);
        self.projection = projection;
        applied.map_err(|_| broken(Fault::Order))?;
        self.head = entry.record.head();
        Ok(())
    }

    /// Where the verified entries end.
    #[must_use]
    pub const fn head(&self) -> Head {
        self.head
    }

    /// What the verified entries amount to.
    #[must_use]
    pub const fn projection(&self) -> &Projection {
        &self.projection
    }
}

/// Verifies a whole ledger, in order.
///
/// # Errors
/// [`Broken`]: the first broken entry.
pub fn verify_entries<'e>(
    entries: impl IntoIterator<Item = &'e Entry>,
    key: &PublicKey,
) -> Result<Projection, Broken> {
    let mut verifier = Verifier::new(key);
    for entry in entries {
        verifier.next(entry)?;
    }
    Ok(verifier.projection)
}

fn check(entry: &Entry, head: Head, key: &PublicKey) -> Result<(), Fault> {
    let Record {
        seq,
        prev_hash,
        payload_hash,
        entry_hash,
        sig,
        ..
    } = &entry.record;
    let holds = |truth: bool, fault| truth.then_some(()).ok_or(fault);
    holds(*seq == head.size, Fault::Sequence)?;
    holds(
        Digest::of_canonical(&entry.payload) == Ok(*payload_hash),
        Fault::Payload,
    )?;
    holds(entry.record.computed_hash() == Ok(*entry_hash), Fault::Hash)?;
    holds(*prev_hash == head.last, Fault::Chain)?;
    let sig = URL_SAFE_NO_PAD.decode(sig).map_err(|_| Fault::Signature)?;
    holds(
        key.verifies(signed_text(entry_hash).as_bytes(), &sig),
        Fault::Signature,
    )
}
