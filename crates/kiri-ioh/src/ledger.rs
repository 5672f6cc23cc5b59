//! The interop ledger: append-only, hash-chained, signed, and verifiable without us (`IOH-01 §43.1`).

mod export;
mod private;
mod projection;
mod tree;
mod verify;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::Signer as _;
use serde::{Deserialize, Serialize};
use std::fmt;

use crate::{
    digest::Digest,
    handshake::{Binding, Opening, Sealing, Terms},
    ids::{BindToken, NegotiationId, SchemaId, SchemaVersion},
    json::JsonError,
    keys::{KeyError, PublicKey},
    moment::Moment,
};

pub use export::{ExportError, export, is_export, verify_export};
pub use private::PrivateText;
pub use projection::{OutOfOrder, Projection};
pub use tree::{Checkpoint, InclusionError, InclusionProof, Tree};
pub use verify::{Broken, Fault, Verifier, verify_entries};

/// What a record is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Kind {
    /// ANNOUNCE was accepted.
    Announced,
    /// NEGOTIATE was accepted.
    Negotiated,
    /// A treaty about the offer is ratified.
    Treaty,
    /// BIND was accepted.
    Bound,
    /// A message of a bound system was accepted.
    Operated,
    /// The binding was dissolved.
    Sealed,
    /// A contact or a reason was erased from where it is stored apart.
    Erased,
}

/// What a record says, in full. The record itself holds its hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Payload {
    /// See [`Kind::Announced`].
    Announced(Opening),
    /// See [`Kind::Negotiated`].
    Negotiated(Terms),
    /// See [`Kind::Treaty`].
    Treaty(TreatySeal),
    /// See [`Kind::Bound`].
    Bound(Binding),
    /// See [`Kind::Operated`].
    Operated(Delivery),
    /// See [`Kind::Sealed`].
    Sealed(Sealing),
    /// See [`Kind::Erased`].
    Erased(Erasure),
}

/// A treaty was ratified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TreatySeal {
    /// The proposal.
    pub proposal_id: String,
    /// The offer.
    pub binding_offer_hash: Digest,
    /// The custodians that counter-signed, in the order of their names.
    pub signers: Vec<String>,
}

/// A message passed. Its content is not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delivery {
    /// The message's own name.
    pub id: String,
    /// Which message of the binding it is, from 1.
    pub number: u64,
    /// The schema, as the peer calls it.
    pub schema_id: SchemaId,
    /// The stated version.
    pub version: SchemaVersion,
    /// SHA-256 of the body as it was received.
    pub body: Digest,
}

/// What was erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Apart {
    /// The contact of ANNOUNCE.
    Contact,
    /// The reason of DISSOLVE.
    Reason,
}

/// A text that was stored apart is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Erasure {
    /// Which.
    pub what: Apart,
    /// The commitment that still stands in the ledger.
    pub commitment: Digest,
}

/// One record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Its place, from 0.
    pub seq: u64,
    /// Its name, such as `kiri:interop/bnd_…#sealed`.
    pub entry_id: String,
    /// What it is about.
    pub kind: Kind,
    /// The negotiation.
    pub negotiation_id: NegotiationId,
    /// The binding, once there is one.
    pub bind_token: Option<BindToken>,
    /// When it happened.
    pub at: Moment,
    /// Who made it happen: the peer's schema, or `kiri:system/interop`.
    pub actor: String,
    /// SHA-256 over the canonical JSON of the payload.
    pub payload_hash: Digest,
    /// `entry_hash` of the record before; zero for the first.
    pub prev_hash: Digest,
    /// SHA-256 over the canonical JSON of this record without `entry_hash` and `sig`.
    pub entry_hash: Digest,
    /// The runtime's Ed25519 signature of [`signed_text`], as base64url.
    pub sig: String,
}

/// A record and what it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// What the record says.
    pub payload: Payload,
    /// The record.
    pub record: Record,
}

/// Where the ledger ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// How many records there are.
    pub size: u64,
    /// `entry_hash` of the last one; zero where there is none.
    pub last: Digest,
}

impl Head {
    /// Of a ledger without records.
    pub const EMPTY: Self = Self {
        size: 0,
        last: Digest::ZERO,
    };
}

/// What is to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The negotiation.
    pub negotiation_id: NegotiationId,
    /// The binding, once there is one.
    pub bind_token: Option<BindToken>,
    /// When it happens.
    pub at: Moment,
    /// Who makes it happen.
    pub actor: String,
    /// What happens.
    pub payload: Payload,
}

/// The runtime's key, with which it signs what it records.
#[derive(Clone)]
pub struct LedgerKey {
    secret: ed25519_dalek::SigningKey,
    public: PublicKey,
}

/// What is signed for a record: a line that says what it is, and the record's hash as text.
#[must_use]
pub fn signed_text(entry_hash: &Digest) -> String {
    format!("kiri-ioh ledger entry v1\n{entry_hash}")
}

impl LedgerKey {
    /// The key of a 32-byte seed, under the name that verifiers will look for.
    ///
    /// # Errors
    /// [`KeyError`] for a name that cannot be one.
    pub fn from_seed(kid: &str, seed: &[u8; 32]) -> Result<Self, KeyError> {
        let secret = ed25519_dalek::SigningKey::from_bytes(seed);
        let public = PublicKey::ed25519(kid, secret.verifying_key().as_bytes())?;
        Ok(Self { secret, public })
    }

    /// What verifiers need.
    #[must_use]
    pub const fn public(&self) -> &PublicKey {
        &self.public
    }

    pub(crate) fn sign(&self, text: &str) -> String {
        URL_SAFE_NO_PAD.encode(self.secret.sign(text.as_bytes()).to_bytes())
    }
}

impl fmt::Debug for LedgerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LedgerKey({:?})", self.public)
    }
}

impl Payload {
    /// What it is about.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Announced(_) => Kind::Announced,
            Self::Negotiated(_) => Kind::Negotiated,
            Self::Treaty(_) => Kind::Treaty,
            Self::Bound(_) => Kind::Bound,
            Self::Operated(_) => Kind::Operated,
            Self::Sealed(_) => Kind::Sealed,
            Self::Erased(_) => Kind::Erased,
        }
    }
}

impl Draft {
    /// Writes the record that follows `head`.
    ///
    /// # Errors
    /// [`JsonError`] where a number is too large for canonical JSON.
    pub fn after(self, head: Head, key: &LedgerKey) -> Result<Entry, JsonError> {
        let mut record = Record {
            seq: head.size,
            entry_id: self.entry_id(),
            kind: self.payload.kind(),
            negotiation_id: self.negotiation_id,
            bind_token: self.bind_token,
            at: self.at,
            actor: self.actor,
            payload_hash: Digest::of_canonical(&self.payload)?,
            prev_hash: head.last,
            entry_hash: Digest::ZERO,
            sig: String::new(),
        };
        record.entry_hash = record.computed_hash()?;
        record.sig = key.sign(&signed_text(&record.entry_hash));
        Ok(Entry {
            payload: self.payload,
            record,
        })
    }

    fn entry_id(&self) -> String {
        entry_id(
            &self.negotiation_id,
            self.bind_token.as_ref(),
            &self.payload,
        )
    }
}

/// The name of a record: that of the binding once it is bound, that of the negotiation before.
pub(crate) fn entry_id(
    negotiation: &NegotiationId,
    token: Option<&BindToken>,
    payload: &Payload,
) -> String {
    let subject = token.map_or(negotiation.as_str(), BindToken::as_str);
    let part = match payload {
        Payload::Announced(_) | Payload::Bound(_) => String::new(),
        Payload::Negotiated(_) => "#negotiated".into(),
        Payload::Treaty(_) => "#treaty".into(),
        Payload::Operated(delivery) => format!("#message-{}", delivery.number),
        Payload::Sealed(_) => "#sealed".into(),
        Payload::Erased(Erasure {
            what: Apart::Contact,
            ..
        }) => "#contact-erased".into(),
        Payload::Erased(Erasure {
            what: Apart::Reason,
            ..
        }) => "#reason-erased".into(),
    };
    format!("kiri:interop/{subject}{part}")
}

impl Record {
    /// What `entry_hash` must be.
    ///
    /// # Errors
    /// [`JsonError`] where a number is too large for canonical JSON.
    pub fn computed_hash(&self) -> Result<Digest, JsonError> {
        #[derive(Serialize)]
        struct Hashed<'a> {
            seq: u64,
            entry_id: &'a str,
            kind: Kind,
            negotiation_id: &'a NegotiationId,
            bind_token: Option<&'a BindToken>,
            at: Moment,
            actor: &'a str,
            payload_hash: &'a Digest,
            prev_hash: &'a Digest,
        }
        Digest::of_canonical(&Hashed {
            seq: self.seq,
            entry_id: &self.entry_id,
            kind: self.kind,
            negotiation_id: &self.negotiation_id,
            bind_token: self.bind_token.as_ref(),
            at: self.at,
            actor: &self.actor,
            payload_hash: &self.payload_hash,
            prev_hash: &self.prev_hash,
        })
    }

    /// Where the ledger ends if this is its last record.
    #[must_use]
    pub const fn head(&self) -> Head {
        Head {
            size: self.seq + 1,
            last: self.entry_hash,
        }
    }
}
