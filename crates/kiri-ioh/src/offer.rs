//! The binding offer: everything that a BIND would agree to, in a form that the peer can rebuild.

use serde::{Deserialize, Serialize};

use crate::{
    digest::Digest,
    ids::{NegotiationId, SchemaId, SchemaVersion},
    json::JsonError,
    moment::Moment,
    reason::Invariant,
    registry::RegistryVersion,
    translation::Translation,
};

/// The identifier of the handshake's specification (`IOH-01 §43.1`).
pub const SPEC: &str = "kiri:spec/IOH-01";

/// The object whose hash is `binding_offer_hash` (`IOH-01 §43.2`, NEGOTIATE).
///
/// The hash is SHA-256 over its canonical JSON (RFC 8785), and the peer knows every member: it announced
/// four, was answered four, reads `registry_version` from the registry, and served the descriptor itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BindingOffer {
    /// [`SPEC`].
    pub spec: String,
    /// The negotiation.
    pub negotiation_id: NegotiationId,
    /// As announced.
    pub schema_id: SchemaId,
    /// As announced.
    pub namespace_uri: String,
    /// As announced.
    pub version: SchemaVersion,
    /// As announced.
    pub contact: String,
    /// Until when the offer can be taken.
    pub expires_at: Moment,
    /// The translations, in their order.
    pub supported_translations: Vec<Translation>,
    /// The invariants, in their order.
    pub required_invariants: Vec<Invariant>,
    /// The registry through which references resolve.
    pub registry_version: RegistryVersion,
    /// SHA-256 of the descriptor's bytes.
    pub descriptor_digest: Digest,
}

impl BindingOffer {
    /// `binding_offer_hash`.
    ///
    /// # Errors
    /// [`JsonError`], which no offer that was built from checked parts meets.
    pub fn hash(&self) -> Result<Digest, JsonError> {
        Digest::of_canonical(self)
    }
}
