//! Seals: a checksum over what is said, a token that says by whom (`SRIP-05 §3`, `§7`, `§8`).
//!
//! Both are texts of the form `algorithm:...`, so that a later algorithm needs no new field:
//!
//! - `checksum` is `blake3:` (or `sha-256:`) and 64 hexadecimal digits of the hash of the canonical
//!   JSON (RFC 8785) of the document without `signature` and `@context`.
//! - `integrity_token` is `ed25519:<key id>:<128 digits>`, `blake3-keyed:<key id>:<64 digits>` or
//!   `hmac-sha-256:<key id>:<64 digits>`, over these eight lines with a line feed between (none after
//!   the last): purpose, algorithm, key id, protocol version, source, target, timestamp, checksum.
//!   None of them can hold a line feed.

mod algorithm;
mod keys;
mod replay;
mod verify;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use algorithm::{ChecksumAlgorithm, TokenAlgorithm};
pub use keys::{KeyError, Keyring, PeerKey, PublicKey, SharedSecret};
pub use replay::{ReplayCache, ReplayRefusal};
pub use verify::{Fault, Verifier, VerifyError};

use crate::{
    Cleared, Discloses, Format, Header, KeyId, Message, Payload, RuntimeId, Unverified,
    message::{document, written},
};
use keys::Secret;

/// The two seals of a message, as they are written (`SRIP-05 §3`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// `algorithm:digits`.
    #[cfg_attr(
        feature = "schema",
        schemars(regex(pattern = r"^[a-z0-9-]+:[0-9a-f]+$"))
    )]
    pub checksum: String,
    /// `algorithm:key id:digits`.
    #[cfg_attr(
        feature = "schema",
        schemars(regex(pattern = r"^[a-z0-9-]+:[A-Za-z0-9._-]{1,64}:[0-9a-f]+$"))
    )]
    pub integrity_token: String,
}

impl Signature {
    pub(crate) fn to_value(&self) -> Value {
        serde_json::json!({
            "checksum": self.checksum,
            "integrity_token": self.integrity_token,
        })
    }
}

/// A message that the gate let pass and that carries its seals. It can be sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Sealed<M> {
    message: M,
    signature: Signature,
}

/// A message whose seals were checked: it is from whom it says, whole, for us, of now, and new.
#[derive(Debug, Clone, PartialEq)]
pub struct Verified<M> {
    message: M,
    received: Value,
    signature: Signature,
    key: KeyId,
    algorithm: TokenAlgorithm,
}

/// A message cannot be sealed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SealError {
    /// It names another source than the runtime whose key this is.
    #[error("the message speaks for {source_id}, and this key is that of {owner}")]
    NotOurs {
        /// The source of the message.
        source_id: RuntimeId,
        /// The owner of the key.
        owner: RuntimeId,
    },
    /// It is addressed to everybody and is not for everybody.
    #[error("a message of this kind has to name its target")]
    NoTarget,
    /// It holds a number that JSON cannot hold.
    #[error(transparent)]
    NotCanonical(#[from] sigma_types::CanonicalError),
}

/// Seals what a runtime says, with one of its keys.
#[derive(Debug, Clone)]
pub struct Sealer {
    owner: RuntimeId,
    key_id: KeyId,
    secret: Secret,
    checksum: ChecksumAlgorithm,
}

impl Sealer {
    /// Seals with an Ed25519 key from its 32 secret bytes, which the caller drew.
    #[must_use]
    pub fn ed25519(owner: RuntimeId, key_id: KeyId, seed: &[u8; 32]) -> Self {
        Self::with(owner, key_id, Secret::ed25519(seed))
    }

    /// Seals with keyed BLAKE3 for the one peer that has the same secret.
    #[must_use]
    pub fn blake3_keyed(owner: RuntimeId, key_id: KeyId, secret: SharedSecret) -> Self {
        Self::with(owner, key_id, Secret::Blake3(secret))
    }

    /// Seals with HMAC-SHA-256 for the one peer that has the same secret.
    #[must_use]
    pub fn hmac_sha_256(owner: RuntimeId, key_id: KeyId, secret: SharedSecret) -> Self {
        Self::with(owner, key_id, Secret::Hmac(secret))
    }

    const fn with(owner: RuntimeId, key_id: KeyId, secret: Secret) -> Self {
        Self {
            owner,
            key_id,
            secret,
            checksum: ChecksumAlgorithm::Blake3,
        }
    }

    /// Uses another checksum than BLAKE3.
    #[must_use]
    pub const fn with_checksum(mut self, checksum: ChecksumAlgorithm) -> Self {
        self.checksum = checksum;
        self
    }

    /// Whose key it is.
    #[must_use]
    pub const fn owner(&self) -> RuntimeId {
        self.owner
    }

    /// What the key is called.
    #[must_use]
    pub const fn key_id(&self) -> &KeyId {
        &self.key_id
    }

    /// The public key, where there is one.
    #[must_use]
    pub fn public_key(&self) -> Option<PublicKey> {
        self.secret.public_key()
    }

    /// Seals a message that the gate let pass.
    ///
    /// # Errors
    /// [`SealError`].
    pub fn seal<P: Payload>(
        &self,
        cleared: Cleared<Message<P>>,
    ) -> Result<Sealed<Message<P>>, SealError> {
        self.sealed(cleared.into_message())
    }

    /// Seals what tells nothing of the runtime's state: handshakes.
    ///
    /// # Errors
    /// [`SealError`].
    pub fn seal_stateless<P: Stateless>(
        &self,
        message: Message<P>,
    ) -> Result<Sealed<Message<P>>, SealError> {
        self.sealed(message)
    }

    fn sealed<P: Payload>(&self, message: Message<P>) -> Result<Sealed<Message<P>>, SealError> {
        let header = &message.header;
        if header.source_runtime_id != self.owner {
            return Err(SealError::NotOurs {
                source_id: header.source_runtime_id,
                owner: self.owner,
            });
        }
        if header.target_runtime_id == RuntimeId::ANY && !P::BROADCAST {
            return Err(SealError::NoTarget);
        }
        let canonical = sigma_types::canonical_json(&message)?;
        let checksum = self.checksum.of(&canonical);
        let algorithm = self.secret.algorithm();
        let signed = token_message(P::PURPOSE, algorithm, &self.key_id, header, &checksum);
        let integrity_token = algorithm.token(&self.key_id, &self.secret.token(&signed));
        Ok(Sealed {
            message,
            signature: Signature {
                checksum,
                integrity_token,
            },
        })
    }
}

/// A payload that tells nothing of the runtime's state, so that it passes by the gate.
pub trait Stateless: Payload {}

/// What a token is over.
fn token_message(
    purpose: &str,
    algorithm: TokenAlgorithm,
    key_id: &KeyId,
    header: &Header,
    checksum: &str,
) -> Vec<u8> {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(384);
    // writing to a String cannot fail
    let _ = write!(
        text,
        "{purpose}\n{}\n{key_id}\n{}\n{}\n{}\n{}\n{checksum}",
        algorithm.name(),
        header.protocol_version,
        header.source_runtime_id,
        header.target_runtime_id,
        header.timestamp,
    );
    text.into_bytes()
}

impl<M> Sealed<M> {
    /// The message.
    #[must_use]
    pub const fn message(&self) -> &M {
        &self.message
    }

    /// Its seals.
    #[must_use]
    pub const fn signature(&self) -> &Signature {
        &self.signature
    }
}

impl<P: Payload> Sealed<Message<P>> {
    /// Whether what it says is kept back while the gate is closed.
    pub const DISCLOSES: Discloses = P::DISCLOSES;

    /// Writes it.
    #[must_use]
    pub fn to_bytes(&self, format: Format) -> Vec<u8> {
        // what was canonical when it was sealed is a value
        let body = serde_json::to_value(&self.message).unwrap_or_default();
        written::<P>(document(body, &self.signature), format)
    }
}

impl<M> Verified<M> {
    /// The message.
    #[must_use]
    pub const fn message(&self) -> &M {
        &self.message
    }

    /// Takes the message out.
    #[must_use]
    pub fn into_message(self) -> M {
        self.message
    }

    /// Its seals.
    #[must_use]
    pub const fn signature(&self) -> &Signature {
        &self.signature
    }

    /// The key that vouches for it.
    #[must_use]
    pub const fn key_id(&self) -> &KeyId {
        &self.key
    }

    /// How it vouches.
    #[must_use]
    pub const fn algorithm(&self) -> TokenAlgorithm {
        self.algorithm
    }

    /// What was received, with fields and words of later versions, without the signature.
    #[must_use]
    pub const fn received(&self) -> &Value {
        &self.received
    }
}

impl<P: Payload> Verified<Message<P>> {
    /// Writes it as it was received, with all fields of later versions: the seals hold for it.
    #[must_use]
    pub fn to_bytes(&self, format: Format) -> Vec<u8> {
        written::<P>(document(self.received.clone(), &self.signature), format)
    }
}

impl<P: Payload> Unverified<Message<P>> {
    /// Writes it as it was received.
    #[must_use]
    pub fn to_bytes(&self, format: Format) -> Vec<u8> {
        written::<P>(document(self.received.clone(), &self.signature), format)
    }
}
