//! The handshake as types: each phase can only be reached from the one before, and only with the proof
//! that it needs (`IOH-01 §43.2`).
//!
//! ```text
//! Handshake<Announced> --ResolvedNamespace--> Handshake<Negotiated>
//!     --ResolvedNamespace, VerifiedAck, Consent--> Handshake<Bound> --Authenticated--> Handshake<Sealed>
//! ```

mod stored;

use serde::{Deserialize, Serialize};

use crate::{
    ack::VerifiedAck,
    address::{Address, AddressError, Reach},
    descriptor::ResolvedNamespace,
    digest::Digest,
    ids::{BindToken, NegotiationId, SchemaId, SchemaVersion},
    keys::PublicKey,
    message::Authenticated,
    moment::Moment,
    offer::{BindingOffer, SPEC},
    reason::{Invariant, Phase, ReasonCode, Refusal},
    registry::{RegistryVersion, is_ours},
    translation::Translation,
    treaty::RatifiedTreaty,
    wire::{AnnounceRequest, Envelope},
};

pub use stored::{AnyHandshake, Inconsistent, Stored};

/// Who asks, and until when: what ANNOUNCE lays down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// The negotiation.
    pub negotiation_id: NegotiationId,
    /// The peer's schema.
    pub schema_id: SchemaId,
    /// Where its descriptor is.
    pub namespace_uri: String,
    /// The schema's version.
    pub version: SchemaVersion,
    /// The commitment to the contact, which is stored apart.
    pub contact: Digest,
    /// When it was announced.
    pub announced_at: Moment,
    /// Until when it can be bound.
    pub expires_at: Moment,
}

/// What NEGOTIATE lays down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// The translations, in their order.
    pub supported_translations: Vec<Translation>,
    /// The invariants, in their order.
    pub required_invariants: Vec<Invariant>,
    /// The registry through which references resolve.
    pub registry_version: RegistryVersion,
    /// SHA-256 of the descriptor's bytes.
    pub descriptor_digest: Digest,
    /// What the peer signs.
    pub binding_offer_hash: Digest,
}

/// What BIND lays down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Binding {
    /// The binding.
    pub bind_token: BindToken,
    /// The key that signed, pinned.
    pub key: PublicKey,
    /// The digest of the acknowledgement's text.
    pub ack: Digest,
    /// The ratified proposal, where the binding is a treaty.
    pub treaty: Option<String>,
    /// When it came to be.
    pub bound_at: Moment,
}

/// What DISSOLVE lays down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sealing {
    /// The commitment to the reason, which is stored apart.
    pub reason: Digest,
    /// When it was sealed.
    pub sealed_at: Moment,
}

/// The phase of a handshake that was announced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announced(());

/// The phase of a handshake whose offer is laid down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Negotiated {
    terms: Terms,
}

/// The phase of a handshake that is bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    terms: Terms,
    binding: Binding,
}

/// The phase of a handshake that was dissolved. Nothing leads out of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    terms: Terms,
    binding: Binding,
    sealing: Sealing,
}

/// One handshake in the phase `P`.
///
/// It cannot be read from text, which would be a way around the proofs:
///
/// ```compile_fail,E0277
/// use kiri_ioh::handshake::{Bound, Handshake};
/// let forged: Result<Handshake<Bound>, _> = serde_json::from_str("{}");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handshake<P> {
    opening: Opening,
    phase: P,
}

/// Whether binding a schema needs a treaty, and if so, the proof of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Consent {
    /// The policy does not ask for a treaty.
    NotNeeded,
    /// The treaty is ratified.
    Treaty(RatifiedTreaty),
}

impl<P> Handshake<P> {
    /// What was announced.
    #[must_use]
    pub const fn opening(&self) -> &Opening {
        &self.opening
    }

    fn check_open(&self, phase: Phase, now: Moment) -> Result<(), Refusal> {
        if now > self.opening.expires_at {
            return Err(Refusal::new(phase, ReasonCode::NegotiationExpired));
        }
        Ok(())
    }

    fn check_namespace(&self, phase: Phase, proof: &ResolvedNamespace) -> Result<(), Refusal> {
        let fits = proof.is_about(&self.opening.schema_id, &self.opening.version);
        fits.then_some(())
            .ok_or(Refusal::new(phase, ReasonCode::NamespaceUnresolvable))
    }
}

impl Handshake<Announced> {
    /// ANNOUNCE. `contact` is the commitment to the contact; the text itself is stored apart.
    ///
    /// # Errors
    /// `identifier_rewrite` for a schema under a reserved prefix or an address of ours;
    /// `namespace_unresolvable` for an address that is never asked.
    pub fn announce(
        request: &AnnounceRequest,
        negotiation_id: NegotiationId,
        contact: Digest,
        now: Moment,
        lifetime: u64,
        reach: Reach,
    ) -> Result<Self, Refusal> {
        let refused = |reason| Err(Refusal::new(Phase::Announce, reason));
        if is_ours(request.schema_id.as_str()) {
            return refused(ReasonCode::IdentifierRewrite);
        }
        match Address::parse(&request.namespace_uri, reach) {
            Ok(_) => {}
            Err(AddressError::Ours) => return refused(ReasonCode::IdentifierRewrite),
            Err(_) => return refused(ReasonCode::NamespaceUnresolvable),
        }
        let opening = Opening {
            negotiation_id,
            schema_id: request.schema_id.clone(),
            namespace_uri: request.namespace_uri.clone(),
            version: request.version.clone(),
            contact,
            announced_at: now,
            expires_at: now.after(lifetime),
        };
        Ok(Self {
            opening,
            phase: Announced(()),
        })
    }

    /// NEGOTIATE. `contact` is the text that was announced, which the offer repeats.
    ///
    /// # Errors
    /// `negotiation_expired`, `no_translation`, and `namespace_unresolvable` where the proof is about
    /// another schema.
    pub fn negotiate(
        self,
        proof: &ResolvedNamespace,
        translations: Vec<Translation>,
        contact: &str,
        now: Moment,
    ) -> Result<Handshake<Negotiated>, Refusal> {
        self.check_open(Phase::Negotiate, now)?;
        self.check_namespace(Phase::Negotiate, proof)?;
        let own = |t: &Translation| *t.original() == self.opening.schema_id;
        if translations.is_empty() || !translations.iter().all(own) {
            return Err(Refusal::new(Phase::Negotiate, ReasonCode::NoTranslation));
        }
        let offer = BindingOffer {
            spec: SPEC.into(),
            negotiation_id: self.opening.negotiation_id.clone(),
            schema_id: self.opening.schema_id.clone(),
            namespace_uri: self.opening.namespace_uri.clone(),
            version: self.opening.version.clone(),
            contact: contact.to_owned(),
            expires_at: self.opening.expires_at,
            supported_translations: translations,
            required_invariants: Invariant::ALL.to_vec(),
            registry_version: proof.registry(),
            descriptor_digest: *proof.digest(),
        };
        let unwritable = |_| Refusal::new(Phase::Negotiate, ReasonCode::OfferMismatch);
        let terms = Terms {
            binding_offer_hash: offer.hash().map_err(unwritable)?,
            supported_translations: offer.supported_translations,
            required_invariants: offer.required_invariants,
            registry_version: offer.registry_version,
            descriptor_digest: offer.descriptor_digest,
        };
        Ok(Handshake {
            opening: self.opening,
            phase: Negotiated { terms },
        })
    }
}

impl Handshake<Negotiated> {
    /// What was laid down.
    #[must_use]
    pub const fn terms(&self) -> &Terms {
        &self.phase.terms
    }

    /// BIND. The namespace is resolved once more, and must still say the same.
    ///
    /// # Errors
    /// `negotiation_expired`; `offer_mismatch` where the descriptor has changed or the acknowledgement is
    /// of another offer; `treaty_not_ratified` where the treaty is about another offer.
    pub fn bind(
        self,
        proof: &ResolvedNamespace,
        ack: &VerifiedAck,
        consent: &Consent,
        bind_token: BindToken,
        now: Moment,
    ) -> Result<Handshake<Bound>, Refusal> {
        let refused = |reason| Refusal::new(Phase::Bind, reason);
        self.check_open(Phase::Bind, now)?;
        self.check_namespace(Phase::Bind, proof)?;
        let terms = self.phase.terms;
        if *proof.digest() != terms.descriptor_digest || *ack.offer() != terms.binding_offer_hash {
            return Err(refused(ReasonCode::OfferMismatch));
        }
        let treaty = match consent {
            Consent::NotNeeded => None,
            Consent::Treaty(treaty) if *treaty.offer() == terms.binding_offer_hash => {
                Some(treaty.proposal().to_owned())
            }
            Consent::Treaty(_) => return Err(refused(ReasonCode::TreatyNotRatified)),
        };
        let binding = Binding {
            bind_token,
            key: ack.key().clone(),
            ack: *ack.signature(),
            treaty,
            bound_at: now,
        };
        Ok(Handshake {
            opening: self.opening,
            phase: Bound { terms, binding },
        })
    }
}

impl Handshake<Bound> {
    /// What was laid down by NEGOTIATE.
    #[must_use]
    pub const fn terms(&self) -> &Terms {
        &self.phase.terms
    }

    /// What was laid down by BIND.
    #[must_use]
    pub const fn binding(&self) -> &Binding {
        &self.phase.binding
    }

    /// OPERATE: lets one message pass, with the translations under which it is read.
    ///
    /// # Errors
    /// `signature_invalid` where the proof is not about this binding; `identifier_rewrite` for a message
    /// that names itself with one of our identifiers; `no_translation` for another schema or version than
    /// the bound one.
    pub fn operate(
        &self,
        proof: &Authenticated,
        envelope: &Envelope,
    ) -> Result<&[Translation], Refusal> {
        let refused = |reason| Err(Refusal::new(Phase::Operate, reason));
        if *proof.token() != self.phase.binding.bind_token {
            return refused(ReasonCode::SignatureInvalid);
        }
        if is_ours(&envelope.id) || is_ours(envelope.schema_id.as_str()) {
            return refused(ReasonCode::IdentifierRewrite);
        }
        let opening = &self.opening;
        if envelope.schema_id != opening.schema_id || envelope.version != opening.version {
            return refused(ReasonCode::NoTranslation);
        }
        Ok(&self.phase.terms.supported_translations)
    }

    /// DISSOLVE: seals the binding for good. `reason` is the commitment to the reason.
    ///
    /// # Errors
    /// `signature_invalid` where the proof is not about this binding.
    pub fn dissolve(
        self,
        proof: &Authenticated,
        reason: Digest,
        now: Moment,
    ) -> Result<Handshake<Sealed>, Refusal> {
        let Bound { terms, binding } = self.phase;
        if *proof.token() != binding.bind_token {
            return Err(Refusal::new(Phase::Dissolve, ReasonCode::SignatureInvalid));
        }
        let sealing = Sealing {
            reason,
            sealed_at: now,
        };
        Ok(Handshake {
            opening: self.opening,
            phase: Sealed {
                terms,
                binding,
                sealing,
            },
        })
    }
}

impl Handshake<Sealed> {
    /// What was laid down by BIND.
    #[must_use]
    pub const fn binding(&self) -> &Binding {
        &self.phase.binding
    }

    /// What was laid down by DISSOLVE.
    #[must_use]
    pub const fn sealing(&self) -> &Sealing {
        &self.phase.sealing
    }
}
