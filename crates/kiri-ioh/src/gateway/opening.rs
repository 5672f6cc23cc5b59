//! ANNOUNCE, NEGOTIATE and BIND: how a binding comes to be.

use super::{Denied, Gateway, Next, binding_entry, draft, known, refused};
use crate::{
    ack,
    address::Address,
    descriptor::{self, Fetched, ResolvedNamespace, Unfetched},
    digest::Digest,
    handshake::{AnyHandshake, Bound, Consent, Handshake, Negotiated, Opening, Stored, Terms},
    ids::{BindToken, Entropy, NegotiationId},
    ledger::{Draft, Payload, PrivateText, TreatySeal},
    moment::Moment,
    reason::{Phase, ReasonCode, Refusal},
    store::{Store, Transaction},
    treaty::{self, Governance},
    wire::{
        AnnounceRequest, AnnounceResponse, BindRequest, BindResponse, NegotiateRequest,
        NegotiateResponse,
    },
};

impl<S: Store, G: Governance> Gateway<S, G> {
    /// ANNOUNCE (`IOH-01 §43.2`). Each one opens a negotiation of its own.
    ///
    /// # Errors
    /// [`Denied`].
    pub fn announce(
        &self,
        request: &AnnounceRequest,
        now: Moment,
        id: &Entropy,
        salt: &Entropy,
    ) -> Result<AnnounceResponse, Denied> {
        let reserved = &self.settings.reserved;
        if reserved.covers_id(request.schema_id.as_str())
            || reserved.covers_address(&request.namespace_uri)
        {
            return refused(Phase::Announce, ReasonCode::IdentifierRewrite);
        }
        let contact = PrivateText::new(&request.contact, salt);
        let commitment = contact.commitment()?;
        let handshake = Handshake::announce(
            request,
            NegotiationId::from_entropy(id),
            commitment,
            now,
            self.settings.lifetime,
            self.settings.reach,
        )?;
        let opening = handshake.opening().clone();
        let stored = Stored::from(handshake);
        let payload = Payload::Announced(opening.clone());
        self.store.transact(|tx| {
            tx.put(None, &stored)?;
            tx.keep_text(&commitment, &contact)?;
            self.record(tx, draft(&stored, opening.schema_id.as_str(), now, payload))?;
            Ok(AnnounceResponse {
                negotiation_id: opening.negotiation_id.clone(),
                expires_at: opening.expires_at,
            })
        })
    }

    /// What NEGOTIATE needs first.
    ///
    /// # Errors
    /// [`Denied`].
    pub fn before_negotiate(
        &self,
        request: &NegotiateRequest,
        now: Moment,
    ) -> Result<Next<NegotiateResponse>, Denied> {
        let stored = self.store.handshake(&request.negotiation_id)?;
        match at_negotiate(stored, now)? {
            AtNegotiate::Again(terms) => Ok(Next::Answered(offered(&terms))),
            AtNegotiate::First(handshake) => self
                .address(handshake.opening(), Phase::Negotiate)
                .map(Next::Fetch),
        }
    }

    /// NEGOTIATE (`IOH-01 §43.2`), with what the namespace answered. A retry gets the same answer.
    ///
    /// # Errors
    /// [`Denied`].
    pub fn negotiate(
        &self,
        request: &NegotiateRequest,
        fetched: Result<&Fetched, Unfetched>,
        now: Moment,
    ) -> Result<NegotiateResponse, Denied> {
        self.store.transact(|tx| {
            let kept = tx.handshake(&request.negotiation_id)?;
            let revision = kept.as_ref().map(|kept| kept.revision);
            let handshake = match at_negotiate(kept.map(|kept| kept.stored), now)? {
                AtNegotiate::Again(terms) => return Ok(offered(&terms)),
                AtNegotiate::First(handshake) => handshake,
            };
            let opening = handshake.opening().clone();
            let proof = self.resolve(&opening, fetched, Phase::Negotiate)?;
            // A negotiation whose contact was erased has nothing left to offer on.
            let Some(contact) = tx.text(&opening.contact)? else {
                return refused(Phase::Negotiate, ReasonCode::NegotiationExpired);
            };
            let translations = self.settings.translations.of(&opening.schema_id);
            let handshake = handshake.negotiate(&proof, translations, contact.text(), now)?;
            let terms = handshake.terms().clone();
            let stored = Stored::from(handshake);
            tx.put(revision, &stored)?;
            let payload = Payload::Negotiated(terms.clone());
            self.record(tx, draft(&stored, opening.schema_id.as_str(), now, payload))?;
            Ok(offered(&terms))
        })
    }

    /// What BIND needs first.
    ///
    /// # Errors
    /// [`Denied`].
    pub fn before_bind(
        &self,
        request: &BindRequest,
        now: Moment,
    ) -> Result<Next<BindResponse>, Denied> {
        let stored = self.store.handshake(&request.negotiation_id)?;
        match at_bind(stored, request, now)? {
            AtBind::Again(token) => Ok(Next::Answered(bound(&token))),
            AtBind::First(handshake) => self
                .address(handshake.opening(), Phase::Bind)
                .map(Next::Fetch),
        }
    }

    /// BIND (`IOH-01 §43.2`), with what the namespace answered this time. A retry with the same
    /// acknowledgement gets the same answer; `token` is used only once.
    ///
    /// # Errors
    /// [`Denied`].
    pub fn bind(
        &self,
        request: &BindRequest,
        fetched: Result<&Fetched, Unfetched>,
        now: Moment,
        token: &Entropy,
    ) -> Result<BindResponse, Denied> {
        let stored = self.store.handshake(&request.negotiation_id)?;
        let AtBind::First(handshake) = at_bind(stored, request, now)? else {
            // Bound meanwhile by a retry: the transaction below would say the same.
            return self.bound_again(request, now);
        };
        // Governance may be slow, and signatures cost time: neither belongs into the transaction.
        let opening = handshake.opening().clone();
        let proof = self.resolve(&opening, fetched, Phase::Bind)?;
        let offer = handshake.terms().binding_offer_hash;
        if *proof.digest() != handshake.terms().descriptor_digest {
            return refused(Phase::Bind, ReasonCode::OfferMismatch);
        }
        let ack = ack::verify(&request.ack_signature, &offer, proof.keys())
            .map_err(|_| Refusal::new(Phase::Bind, ReasonCode::SignatureInvalid))?;
        let consent = self.consent(&opening, &offer)?;
        self.store.transact(|tx| {
            let kept = tx.handshake(&request.negotiation_id)?;
            let revision = kept.as_ref().map(|kept| kept.revision);
            let handshake = match at_bind(kept.map(|kept| kept.stored), request, now)? {
                AtBind::Again(token) => return Ok(bound(&token)),
                AtBind::First(handshake) => handshake,
            };
            let token = BindToken::from_entropy(token);
            let handshake = handshake.bind(&proof, &ack, &consent, token, now)?;
            self.record_treaty(tx, &opening, &consent, now)?;
            self.record_bound(tx, revision, handshake, now)
        })
    }

    fn bound_again(&self, request: &BindRequest, now: Moment) -> Result<BindResponse, Denied> {
        match at_bind(self.store.handshake(&request.negotiation_id)?, request, now)? {
            AtBind::Again(token) => Ok(bound(&token)),
            AtBind::First(_) => refused(Phase::Bind, ReasonCode::PhaseOutOfOrder),
        }
    }

    fn record_treaty(
        &self,
        tx: &mut dyn Transaction,
        opening: &Opening,
        consent: &Consent,
        now: Moment,
    ) -> Result<(), Denied> {
        let Consent::Treaty(treaty) = consent else {
            return Ok(());
        };
        let payload = Payload::Treaty(TreatySeal {
            proposal_id: treaty.proposal().to_owned(),
            binding_offer_hash: *treaty.offer(),
            signers: treaty.custody().signers().iter().cloned().collect(),
        });
        let draft = Draft {
            negotiation_id: opening.negotiation_id.clone(),
            bind_token: None,
            at: now,
            actor: GOVERNANCE.to_owned(),
            payload,
        };
        self.record(tx, draft).map(|_| ())
    }

    fn record_bound(
        &self,
        tx: &mut dyn Transaction,
        revision: Option<u64>,
        handshake: Handshake<Bound>,
        now: Moment,
    ) -> Result<BindResponse, Denied> {
        let actor = handshake.opening().schema_id.clone();
        let binding = handshake.binding().clone();
        let stored = Stored::from(handshake);
        tx.put(revision, &stored)?;
        let response = bound(&binding.bind_token);
        self.record(
            tx,
            draft(&stored, actor.as_str(), now, Payload::Bound(binding)),
        )?;
        Ok(response)
    }

    fn consent(&self, opening: &Opening, offer: &Digest) -> Result<Consent, Refusal> {
        if !self.settings.treaties.asks_for(&opening.schema_id) {
            return Ok(Consent::NotNeeded);
        }
        treaty::ratify(&self.governance, offer)
            .map(Consent::Treaty)
            .map_err(|_| Refusal::new(Phase::Bind, ReasonCode::TreatyNotRatified))
    }

    fn resolve(
        &self,
        opening: &Opening,
        fetched: Result<&Fetched, Unfetched>,
        phase: Phase,
    ) -> Result<ResolvedNamespace, Refusal> {
        let Opening {
            schema_id,
            version,
            namespace_uri,
            ..
        } = opening;
        descriptor::resolve(
            schema_id,
            version,
            namespace_uri,
            fetched,
            &self.settings.registry,
            &self.settings.reserved,
        )
        .map_err(|reason| Refusal::new(phase, reason))
    }

    fn address(&self, opening: &Opening, phase: Phase) -> Result<Address, Denied> {
        Address::parse(&opening.namespace_uri, self.settings.reach)
            .or(refused(phase, ReasonCode::NamespaceUnresolvable))
    }
}

/// How the ledger names governance as the one who acts.
const GOVERNANCE: &str = "kiri:system/governance";

enum AtNegotiate {
    First(Handshake<crate::handshake::Announced>),
    Again(Terms),
}

/// What NEGOTIATE finds. A retry of the last phase is answered again; an earlier phase is out of order.
fn at_negotiate(stored: Option<Stored>, now: Moment) -> Result<AtNegotiate, Denied> {
    let kept = stored.map(|stored| crate::store::Kept {
        revision: 0,
        stored,
    });
    let at = match known(kept, Phase::Negotiate)?.1 {
        AnyHandshake::Announced(handshake) => {
            check_time(handshake.opening(), Phase::Negotiate, now)?;
            AtNegotiate::First(handshake)
        }
        AnyHandshake::Negotiated(handshake) => {
            check_time(handshake.opening(), Phase::Negotiate, now)?;
            AtNegotiate::Again(handshake.terms().clone())
        }
        AnyHandshake::Bound(_) => return refused(Phase::Negotiate, ReasonCode::PhaseOutOfOrder),
        AnyHandshake::Sealed(_) => return refused(Phase::Negotiate, ReasonCode::BindingSealed),
    };
    Ok(at)
}

enum AtBind {
    First(Box<Handshake<Negotiated>>),
    Again(BindToken),
}

/// What BIND finds.
fn at_bind(stored: Option<Stored>, request: &BindRequest, now: Moment) -> Result<AtBind, Denied> {
    let kept = stored.map(|stored| crate::store::Kept {
        revision: 0,
        stored,
    });
    match known(kept, Phase::Bind)?.1 {
        AnyHandshake::Announced(_) => refused(Phase::Bind, ReasonCode::PhaseOutOfOrder),
        AnyHandshake::Negotiated(handshake) => {
            check_time(handshake.opening(), Phase::Bind, now)?;
            Ok(AtBind::First(Box::new(handshake)))
        }
        AnyHandshake::Bound(handshake) => {
            let binding = handshake.binding();
            if binding.ack != Digest::of(request.ack_signature.as_bytes()) {
                return Err(Denied::ConflictingReplay(Phase::Bind));
            }
            Ok(AtBind::Again(binding.bind_token.clone()))
        }
        AnyHandshake::Sealed(_) => refused(Phase::Bind, ReasonCode::BindingSealed),
    }
}

fn check_time(opening: &Opening, phase: Phase, now: Moment) -> Result<(), Denied> {
    if now > opening.expires_at {
        return refused(phase, ReasonCode::NegotiationExpired);
    }
    Ok(())
}

fn offered(terms: &Terms) -> NegotiateResponse {
    NegotiateResponse {
        supported_translations: terms.supported_translations.clone(),
        required_invariants: terms.required_invariants.clone(),
        binding_offer_hash: terms.binding_offer_hash,
    }
}

fn bound(token: &BindToken) -> BindResponse {
    BindResponse {
        bind_token: token.clone(),
        ledger_entry: binding_entry(token),
    }
}
