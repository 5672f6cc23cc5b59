//! OPERATE and DISSOLVE: what a bound system may do, and how it ends.

use super::{Denied, Erased, Gateway, RUNTIME, binding_entry, draft, known, refused, unproven};
use crate::{
    digest::Digest,
    handshake::{AnyHandshake, Bound, Handshake, Stored},
    ids::{BindToken, Entropy, NegotiationId, SchemaId, SchemaVersion},
    keys::PublicKey,
    ledger::{Apart, Delivery, Erasure, Payload, PrivateText},
    message::{self, Authenticated, Request, SignatureError},
    moment::Moment,
    reason::{Phase, ReasonCode, Refusal},
    registry::is_ours,
    store::{Message, Store, StoreError, Transaction},
    treaty::Governance,
    wire::{self, DissolveResponse, Envelope, OperateResponse},
};

/// The header in which a bound system states its schema version on routes without an envelope.
pub const SCHEMA_VERSION_HEADER: &str = "x-kiri-schema-version";

/// A message that passed.
#[derive(Debug, Clone, PartialEq)]
pub struct Accepted {
    /// The answer.
    pub response: OperateResponse,
    /// The message, as it came.
    pub envelope: Envelope,
    /// Whether it is a repetition that was answered before.
    pub repeated: bool,
}

/// A request of a bound system on a route of its own, which may go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guarded {
    /// The binding.
    pub bind_token: BindToken,
    /// The schema, as the peer calls it.
    pub schema_id: SchemaId,
    /// The stated version.
    pub version: SchemaVersion,
    /// The record of the request.
    pub ledger_entry: String,
}

impl<S: Store, G: Governance> Gateway<S, G> {
    /// OPERATE (`IOH-01 §43.2`): one signed message. A retry gets the same answer.
    ///
    /// # Errors
    /// [`Denied`]; `ConflictingReplay` for another message of the same name.
    pub fn operate(&self, request: &Request<'_>, now: Moment) -> Result<Accepted, Denied> {
        let (token, proof) = self.authenticated(request, &[], Phase::Operate, now)?;
        let envelope = wire::envelope(request.body)?;
        if self.settings.reserved.covers_id(&envelope.id) {
            return refused(Phase::Operate, ReasonCode::IdentifierRewrite);
        }
        let body = Digest::of(request.body);
        self.store.transact(|tx| {
            let handshake = open(tx, &token)?;
            let translations = handshake.operate(&proof, &envelope)?.to_vec();
            let earlier = tx.message(&token, &envelope.id)?;
            if earlier.is_some_and(|earlier| earlier.body != body) {
                return Err(Denied::ConflictingReplay(Phase::Operate));
            }
            let repeated = earlier.is_some();
            let message = match earlier {
                Some(earlier) => earlier,
                None => self.deliver(tx, handshake, &envelope.id, body, now)?,
            };
            let response = OperateResponse {
                id: envelope.id.clone(),
                translations,
                accepted_at: message.accepted_at,
                ledger_entry: message_entry(&token, message.number),
            };
            Ok(Accepted {
                response,
                envelope: envelope.clone(),
                repeated,
            })
        })
    }

    /// Whether the body of a request for [`Gateway::guard`] is worth reading: the binding is there and lets
    /// messages pass, and the head of the request is signed with its key. The body in `request` is not
    /// looked at.
    ///
    /// # Errors
    /// [`Denied`], as [`Gateway::guard`] would say it.
    pub fn admit(&self, request: &Request<'_>, now: Moment) -> Result<(), Denied> {
        let (_, key) = self.speaker(request, Phase::Operate)?;
        let head = Request {
            body: &[],
            ..*request
        };
        let also = covered_on_guarded(request);
        let proof = match self.settings.unsigned {
            Some(_) => Ok(()),
            None => message::verify_head(&head, &key, also, now, self.settings.freshness),
        };
        proof.map_err(|why| unproven(Phase::Operate, why))
    }

    /// OPERATE on a route of its own: the request is signed, states its schema version in
    /// [`SCHEMA_VERSION_HEADER`], and carries a `nonce` that names the message and is used once.
    ///
    /// # Errors
    /// [`Denied`]; `ConflictingReplay` where the nonce was used.
    pub fn guard(&self, request: &Request<'_>, now: Moment) -> Result<Guarded, Denied> {
        let refusal = |reason| Refusal::new(Phase::Operate, reason);
        let stated: Vec<&str> = stated_versions(request).collect();
        let version = match stated.as_slice() {
            [one] => one.trim().parse::<SchemaVersion>().ok(),
            _ => None,
        };
        let also = covered_on_guarded(request);
        let (token, proof) = self.authenticated(request, also, Phase::Operate, now)?;
        let version = version.ok_or(refusal(ReasonCode::SchemaVersionMissing))?;
        let id = match (proof.nonce(), self.settings.unsigned) {
            (Some(nonce), _) if !nonce.is_empty() && nonce.len() <= LONGEST_NONCE => {
                nonce.to_owned()
            }
            _ => return Err(unproven(Phase::Operate, SignatureError::Nonce)),
        };
        if is_ours(&id) || self.settings.reserved.covers_id(&id) {
            return Err(refusal(ReasonCode::IdentifierRewrite).into());
        }
        let body = Digest::of(request.body);
        self.store.transact(|tx| {
            let handshake = open(tx, &token)?;
            let opening = handshake.opening().clone();
            if version != opening.version {
                return Err(refusal(ReasonCode::NoTranslation).into());
            }
            if tx.message(&token, &id)?.is_some() {
                return Err(Denied::ConflictingReplay(Phase::Operate));
            }
            let message = self.deliver(tx, handshake, &id, body, now)?;
            Ok(Guarded {
                bind_token: token.clone(),
                schema_id: opening.schema_id,
                version: opening.version,
                ledger_entry: message_entry(&token, message.number),
            })
        })
    }

    /// DISSOLVE (`IOH-01 §43.2`): seals the binding for good. A retry gets the same answer.
    ///
    /// # Errors
    /// [`Denied`]; `ConflictingReplay` for another reason.
    pub fn dissolve(
        &self,
        request: &Request<'_>,
        now: Moment,
        salt: &Entropy,
    ) -> Result<DissolveResponse, Denied> {
        let body = wire::dissolve_request(request.body)?;
        let (token, proof) = self.authenticated(request, &[], Phase::Dissolve, now)?;
        if token != body.bind_token {
            return refused(Phase::Dissolve, ReasonCode::SignatureInvalid);
        }
        let reason = PrivateText::new(&body.reason, salt);
        let commitment = reason.commitment()?;
        self.store.transact(|tx| {
            let kept = tx.handshake_of(&token)?;
            let handshake = match known(kept, Phase::Dissolve)? {
                (revision, AnyHandshake::Bound(handshake)) => (revision, handshake),
                (_, AnyHandshake::Sealed(handshake)) => {
                    let sealing = handshake.sealing();
                    let said = tx.text(&sealing.reason)?;
                    let said =
                        said.ok_or(Refusal::new(Phase::Dissolve, ReasonCode::BindingSealed))?;
                    if said.text() != body.reason {
                        return Err(Denied::ConflictingReplay(Phase::Dissolve));
                    }
                    return Ok(sealed(&token, sealing.sealed_at));
                }
                _ => return refused(Phase::Dissolve, ReasonCode::PhaseOutOfOrder),
            };
            let (revision, handshake) = handshake;
            let actor = handshake.opening().schema_id.clone();
            let handshake = handshake.dissolve(&proof, commitment, now)?;
            let sealing = handshake.sealing().clone();
            let stored = Stored::from(handshake);
            tx.put(Some(revision), &stored)?;
            tx.keep_text(&commitment, &reason)?;
            self.record(
                tx,
                draft(&stored, actor.as_str(), now, Payload::Sealed(sealing)),
            )?;
            Ok(sealed(&token, now))
        })
    }

    /// Erases the contact or the reason of a handshake. The ledger keeps its commitment, and records
    /// that the text is gone.
    ///
    /// # Errors
    /// [`Denied`]: `negotiation_unknown`, or `phase_out_of_order` for the reason of a binding that was
    /// not dissolved.
    pub fn erase(&self, id: &NegotiationId, what: Apart, now: Moment) -> Result<Erased, Denied> {
        self.store.transact(|tx| {
            let kept = tx.handshake(id)?;
            let stored = kept
                .ok_or(Refusal::new(
                    Phase::Negotiate,
                    ReasonCode::NegotiationUnknown,
                ))?
                .stored;
            let sealing = stored.sealing.as_ref();
            let commitment = match what {
                Apart::Contact => stored.opening.contact,
                Apart::Reason => {
                    sealing
                        .ok_or(Refusal::new(Phase::Dissolve, ReasonCode::PhaseOutOfOrder))?
                        .reason
                }
            };
            if !tx.erase_text(&commitment)? {
                return Ok(Erased::Before);
            }
            let payload = Payload::Erased(Erasure { what, commitment });
            self.record(tx, draft(&stored, RUNTIME, now, payload))?;
            Ok(Erased::Now)
        })
    }

    /// Who speaks: the binding that the request names, and the proof that it is the one.
    fn authenticated(
        &self,
        request: &Request<'_>,
        also: &[&str],
        phase: Phase,
        now: Moment,
    ) -> Result<(BindToken, Authenticated), Denied> {
        let (token, key) = self.speaker(request, phase)?;
        let proof = match self.settings.unsigned {
            Some(unsigned) => unsigned.authenticate(request, now),
            None => message::verify(request, &key, also, now, self.settings.freshness),
        };
        let proof = proof.map_err(|why| unproven(phase, why))?;
        Ok((token, proof))
    }

    /// The binding that a request names, and the key that shows it.
    fn speaker(
        &self,
        request: &Request<'_>,
        phase: Phase,
    ) -> Result<(BindToken, PublicKey), Denied> {
        let refusal = |reason| Refusal::new(phase, reason);
        let token =
            message::bind_token(request).map_err(|_| refusal(ReasonCode::BindingUnknown))?;
        let stored = self.store.handshake_of(&token)?;
        let stored = stored.ok_or(refusal(ReasonCode::BindingUnknown))?;
        if phase == Phase::Operate && stored.sealing.is_some() {
            return Err(refusal(ReasonCode::BindingSealed).into());
        }
        let key = stored
            .binding
            .map(|binding| binding.key)
            .ok_or(StoreError::Damaged)?;
        Ok((token, key))
    }

    fn deliver(
        &self,
        tx: &mut dyn Transaction,
        handshake: Handshake<Bound>,
        id: &str,
        body: Digest,
        now: Moment,
    ) -> Result<Message, Denied> {
        let opening = handshake.opening().clone();
        let token = handshake.binding().bind_token.clone();
        let number = tx.messages(&token)? + 1;
        let message = Message {
            body,
            number,
            accepted_at: now,
        };
        tx.put_message(&token, id, &message)?;
        let payload = Payload::Operated(Delivery {
            id: id.to_owned(),
            number,
            schema_id: opening.schema_id.clone(),
            version: opening.version,
            body,
        });
        let stored = Stored::from(handshake);
        self.record(tx, draft(&stored, opening.schema_id.as_str(), now, payload))?;
        Ok(message)
    }
}

fn stated_versions<'a>(request: &Request<'a>) -> impl Iterator<Item = &'a str> {
    let stated = |(name, value): &'a (String, String)| {
        (name == SCHEMA_VERSION_HEADER).then_some(value.as_str())
    };
    request.headers.iter().filter_map(stated)
}

/// What the signature of a guarded request covers beside the rest. A version that is not stated cannot be
/// covered: that it is missing is said, and not that the signature is wrong.
fn covered_on_guarded(request: &Request<'_>) -> &'static [&'static str] {
    match stated_versions(request).next() {
        Some(_) => &[SCHEMA_VERSION_HEADER],
        None => &[],
    }
}

const LONGEST_NONCE: usize = 128;

/// A binding that lets messages pass.
fn open(tx: &mut dyn Transaction, token: &BindToken) -> Result<Handshake<Bound>, Denied> {
    match known(tx.handshake_of(token)?, Phase::Operate)?.1 {
        AnyHandshake::Bound(handshake) => Ok(handshake),
        AnyHandshake::Sealed(_) => refused(Phase::Operate, ReasonCode::BindingSealed),
        _ => refused(Phase::Operate, ReasonCode::PhaseOutOfOrder),
    }
}

fn sealed(token: &BindToken, sealed_at: Moment) -> DissolveResponse {
    DissolveResponse {
        sealed_at,
        ledger_entry: format!("{}#sealed", binding_entry(token)),
    }
}

fn message_entry(token: &BindToken, number: u64) -> String {
    format!("{}#message-{number}", binding_entry(token))
}
