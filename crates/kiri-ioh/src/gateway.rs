//! The five phases over a store: what is refused, what is repeated, what is recorded (`IOH-01 §43.2`).
//!
//! Nothing is kept between two calls but what the store holds, so any runtime on the same store can answer
//! the next one.

mod bound;
mod opening;

use serde::{Deserialize, Serialize};

use crate::{
    address::{Address, Reach},
    handshake::{AnyHandshake, Inconsistent, Stored},
    ids::BindToken,
    json::JsonError,
    ledger::{Draft, Entry, LedgerKey, Payload},
    message::{Freshness, SignatureError, Unsigned},
    moment::Moment,
    reason::{Phase, ReasonCode, Refusal},
    registry::{Registry, Reserved},
    signal::Signal,
    store::{Kept, Store, StoreError, Transaction},
    translation::Translations,
    treaty::{Governance, TreatyPolicy},
    wire::BodyError,
};

pub use bound::{Accepted, Guarded, SCHEMA_VERSION_HEADER};

/// What a deployment decides.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What we can read.
    pub translations: Translations,
    /// Through which references resolve.
    pub registry: Registry,
    /// What is kept beyond the reserved prefixes and their hosts.
    pub reserved: Reserved,
    /// Which bindings are treaties.
    pub treaties: TreatyPolicy,
    /// How long a negotiation lives, in milliseconds.
    pub lifetime: u64,
    /// Which addresses may be announced.
    pub reach: Reach,
    /// How old a signature may be.
    pub freshness: Freshness,
    /// Where set, requests of bound systems need no signature.
    pub unsigned: Option<Unsigned>,
}

impl Settings {
    /// Fifteen minutes.
    pub const LIFETIME: u64 = 15 * 60 * 1000;
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            translations: Translations::default(),
            registry: Registry::reserved(),
            reserved: Reserved::default(),
            treaties: TreatyPolicy::default(),
            lifetime: Self::LIFETIME,
            reach: Reach::Public,
            freshness: Freshness::STANDARD,
            unsigned: None,
        }
    }
}

/// What has to be done before a phase can be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next<T> {
    /// Nothing: it was answered before, and this is the answer.
    Answered(T),
    /// The namespace has to be fetched.
    Fetch(Address),
}

/// A phase was not passed. Nothing has changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Denied {
    /// Status 422.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Status 422, with `signature_invalid`: how the request fails to show whose it is.
    #[error("{0}: {1}")]
    Unproven(Refusal, SignatureError),
    /// The same phase, or the same message, with other content: status 409.
    #[error("{0} was already answered for other content")]
    ConflictingReplay(Phase),
    /// Status 400 or 413; refusals within are 422.
    #[error(transparent)]
    Body(BodyError),
    /// Status 503.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What is stored skips a phase: status 500.
    #[error(transparent)]
    Inconsistent(#[from] Inconsistent),
    /// A record has no canonical form: status 500.
    #[error(transparent)]
    Unwritable(#[from] JsonError),
}

impl From<BodyError> for Denied {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::Refused(refusal) => Self::Refused(refusal),
            other => Self::Body(other),
        }
    }
}

/// The interoperability gateway, IOP-01.
#[derive(Debug)]
pub struct Gateway<S, G> {
    store: S,
    governance: G,
    settings: Settings,
    key: LedgerKey,
}

/// How the ledger names the runtime as the one who acts.
pub(crate) const RUNTIME: &str = "kiri:system/interop";

impl<S: Store, G: Governance> Gateway<S, G> {
    /// A gateway over a store.
    #[must_use]
    pub const fn new(store: S, governance: G, settings: Settings, key: LedgerKey) -> Self {
        Self {
            store,
            governance,
            settings,
            key,
        }
    }

    /// The store.
    #[must_use]
    pub const fn store(&self) -> &S {
        &self.store
    }

    /// What the deployment decided.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The key with which the ledger is signed.
    #[must_use]
    pub const fn key(&self) -> &LedgerKey {
        &self.key
    }

    /// Records one thing: an entry, and the signal that it sends.
    fn record(&self, tx: &mut dyn Transaction, draft: Draft) -> Result<Entry, Denied> {
        let entry = draft.after(tx.head()?, &self.key)?;
        tx.append(&entry)?;
        if let Some(signal) = Signal::of(&entry) {
            tx.emit(&signal)?;
        }
        Ok(entry)
    }
}

/// A handshake that a phase needs.
fn known(kept: Option<Kept>, phase: Phase) -> Result<(u64, AnyHandshake), Denied> {
    let Kept { revision, stored } = kept.ok_or_else(|| unknown(phase))?;
    Ok((revision, AnyHandshake::take_up(stored)?))
}

fn unknown(phase: Phase) -> Refusal {
    let reason = match phase {
        Phase::Announce | Phase::Negotiate | Phase::Bind => ReasonCode::NegotiationUnknown,
        Phase::Operate | Phase::Dissolve => ReasonCode::BindingUnknown,
    };
    Refusal::new(phase, reason)
}

fn unproven(phase: Phase, why: SignatureError) -> Denied {
    Denied::Unproven(Refusal::new(phase, ReasonCode::SignatureInvalid), why)
}

fn refused<T>(phase: Phase, reason: ReasonCode) -> Result<T, Denied> {
    Err(Refusal::new(phase, reason).into())
}

/// A draft about a handshake as it is stored.
fn draft(stored: &Stored, actor: &str, at: Moment, payload: Payload) -> Draft {
    Draft {
        negotiation_id: stored.opening.negotiation_id.clone(),
        bind_token: stored.bind_token().cloned(),
        at,
        actor: actor.to_owned(),
        payload,
    }
}

fn binding_entry(token: &BindToken) -> String {
    format!("kiri:interop/{token}")
}

/// A text that is stored apart, of a handshake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Erased {
    /// It was there, and is gone.
    Now,
    /// It was gone already, or never was.
    Before,
}
