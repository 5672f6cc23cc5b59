//! What a peer offers and is offered.

use crate::interop::KeyFile;
use kiri_ioh::{
    digest::Digest,
    json::JsonError,
    keys::KeyError,
    offer::{BindingOffer, SPEC},
    registry::Registry,
    wire::{AnnounceRequest, AnnounceResponse, NegotiateResponse},
};
use serde_json::{Value, json};

/// The offer as the peer knows it, to be compared with `binding_offer_hash` before it is signed
/// (`IOH-01 §43.2`, NEGOTIATE).
///
/// # Errors
/// [`JsonError`] where a part has no canonical form.
pub fn rebuild_offer(
    announced: &AnnounceRequest,
    opened: &AnnounceResponse,
    offered: &NegotiateResponse,
    registry: &Registry,
    descriptor: &[u8],
) -> Result<Digest, JsonError> {
    BindingOffer {
        spec: SPEC.into(),
        negotiation_id: opened.negotiation_id.clone(),
        schema_id: announced.schema_id.clone(),
        namespace_uri: announced.namespace_uri.clone(),
        version: announced.version.clone(),
        contact: announced.contact.clone(),
        expires_at: opened.expires_at,
        supported_translations: offered.supported_translations.clone(),
        required_invariants: offered.required_invariants.clone(),
        registry_version: registry.version(),
        descriptor_digest: Digest::of(descriptor),
    }
    .hash()
}

/// The descriptor that a peer with this key serves for its schema.
///
/// # Errors
/// [`KeyError`] for a key that cannot be one.
pub fn descriptor(announced: &AnnounceRequest, key: &KeyFile) -> Result<Value, KeyError> {
    Ok(json!({
        "@context": "https://schema.org",
        "@id": announced.schema_id,
        "version": announced.version,
        "jwks": {"keys": [key.public()?]},
    }))
}
