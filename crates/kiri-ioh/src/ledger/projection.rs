//! The state of every handshake, from the ledger alone.

use std::collections::BTreeMap;

use super::{Apart, Entry, Erasure, Payload, entry_id};
use crate::{
    handshake::Stored,
    ids::{BindToken, NegotiationId},
};

/// What the records so far amount to. Tables beside the ledger are copies of this.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Projection {
    handshakes: BTreeMap<NegotiationId, Stored>,
    messages: BTreeMap<BindToken, u64>,
    tokens: BTreeMap<BindToken, NegotiationId>,
}

/// A record does not follow from those before it: the handshake would skip a phase or come back to life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the record does not follow from those before it")]
pub struct OutOfOrder;

impl Projection {
    /// Of no records.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds what the next record says.
    ///
    /// # Errors
    /// [`OutOfOrder`]; nothing is changed.
    pub fn apply(&mut self, entry: &Entry) -> Result<(), OutOfOrder> {
        let Entry { payload, record } = entry;
        let named = entry_id(&record.negotiation_id, record.bind_token.as_ref(), payload);
        if record.kind != payload.kind() || record.entry_id != named {
            return Err(OutOfOrder);
        }
        let id = &record.negotiation_id;
        if let Payload::Announced(opening) = payload {
            let new = opening.negotiation_id == *id
                && record.bind_token.is_none()
                && !self.handshakes.contains_key(id);
            let opening = opening.clone();
            let stored = Stored {
                opening,
                terms: None,
                binding: None,
                sealing: None,
            };
            return new
                .then(|| _ = self.handshakes.insert(id.clone(), stored))
                .ok_or(OutOfOrder);
        }
        let stored = self.handshakes.get(id).ok_or(OutOfOrder)?;
        // The record that makes the binding names it already.
        let about = match payload {
            Payload::Bound(binding) => Some(&binding.bind_token),
            _ => stored.bind_token(),
        };
        if record.bind_token.as_ref() != about {
            return Err(OutOfOrder);
        }
        let next = self.step(stored, payload)?;
        if let Payload::Bound(binding) = payload {
            self.tokens.insert(binding.bind_token.clone(), id.clone());
        }
        if let (Payload::Operated(delivery), Some(token)) = (payload, &record.bind_token) {
            self.messages.insert(token.clone(), delivery.number);
        }
        self.handshakes.insert(id.clone(), next);
        Ok(())
    }

    fn step(&self, stored: &Stored, payload: &Payload) -> Result<Stored, OutOfOrder> {
        let Stored {
            terms,
            binding,
            sealing,
            ..
        } = stored;
        let mut next = stored.clone();
        let fits = match payload {
            Payload::Announced(_) => false,
            Payload::Negotiated(new) => {
                next.terms = Some(new.clone());
                terms.is_none()
            }
            Payload::Treaty(seal) => {
                binding.is_none()
                    && terms
                        .as_ref()
                        .is_some_and(|t| t.binding_offer_hash == seal.binding_offer_hash)
            }
            Payload::Bound(new) => {
                next.binding = Some(new.clone());
                terms.is_some() && binding.is_none() && !self.tokens.contains_key(&new.bind_token)
            }
            Payload::Operated(delivery) => {
                binding
                    .as_ref()
                    .is_some_and(|b| delivery.number == self.messages(&b.bind_token) + 1)
                    && sealing.is_none()
            }
            Payload::Sealed(new) => {
                next.sealing = Some(new.clone());
                binding.is_some() && sealing.is_none()
            }
            Payload::Erased(Erasure {
                what: Apart::Contact,
                commitment,
            }) => *commitment == stored.opening.contact,
            Payload::Erased(Erasure {
                what: Apart::Reason,
                commitment,
            }) => sealing
                .as_ref()
                .is_some_and(|sealing| *commitment == sealing.reason),
        };
        fits.then_some(next).ok_or(OutOfOrder)
    }

    /// Every handshake.
    #[must_use]
    pub const fn handshakes(&self) -> &BTreeMap<NegotiationId, Stored> {
        &self.handshakes
    }

    /// How many messages a binding has let pass.
    #[must_use]
    pub fn messages(&self, token: &BindToken) -> u64 {
        self.messages.get(token).copied().unwrap_or_default()
    }
}
