//! A handshake between two phases: what a store keeps, and how it becomes a handshake again.

use serde::{Deserialize, Serialize};

use super::{Announced, Binding, Bound, Handshake, Negotiated, Opening, Sealed, Sealing, Terms};
use crate::{ids::BindToken, reason::Phase};

/// What a store keeps of a handshake: what each passed phase laid down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stored {
    /// By ANNOUNCE.
    pub opening: Opening,
    /// By NEGOTIATE.
    pub terms: Option<Terms>,
    /// By BIND.
    pub binding: Option<Binding>,
    /// By DISSOLVE.
    pub sealing: Option<Sealing>,
}

/// What is stored skips a phase: it was not written by this crate, or was damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the stored handshake skips a phase")]
pub struct Inconsistent;

/// A handshake in whatever phase it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnyHandshake {
    /// After ANNOUNCE.
    Announced(Handshake<Announced>),
    /// After NEGOTIATE.
    Negotiated(Handshake<Negotiated>),
    /// After BIND.
    Bound(Handshake<Bound>),
    /// After DISSOLVE.
    Sealed(Handshake<Sealed>),
}

impl AnyHandshake {
    /// Takes up a handshake where the store left it. This is the one way to a phase without its proof: it
    /// trusts the store, whose ledger shows each step and its proof.
    ///
    /// # Errors
    /// [`Inconsistent`].
    pub fn take_up(stored: Stored) -> Result<Self, Inconsistent> {
        let Stored {
            opening,
            terms,
            binding,
            sealing,
        } = stored;
        match (terms, binding, sealing) {
            (None, None, None) => Ok(Self::Announced(Handshake {
                opening,
                phase: Announced(()),
            })),
            (Some(terms), None, None) => Ok(Self::Negotiated(Handshake {
                opening,
                phase: Negotiated { terms },
            })),
            (Some(terms), Some(binding), None) => Ok(Self::Bound(Handshake {
                opening,
                phase: Bound { terms, binding },
            })),
            (Some(terms), Some(binding), Some(sealing)) => {
                let phase = Sealed {
                    terms,
                    binding,
                    sealing,
                };
                Ok(Self::Sealed(Handshake { opening, phase }))
            }
            _ => Err(Inconsistent),
        }
    }

    /// The last phase that was passed.
    #[must_use]
    pub const fn passed(&self) -> Phase {
        match self {
            Self::Announced(_) => Phase::Announce,
            Self::Negotiated(_) => Phase::Negotiate,
            Self::Bound(_) => Phase::Bind,
            Self::Sealed(_) => Phase::Dissolve,
        }
    }
}

impl Stored {
    /// The binding's name, once there is one.
    #[must_use]
    pub fn bind_token(&self) -> Option<&BindToken> {
        self.binding.as_ref().map(|binding| &binding.bind_token)
    }
}

impl From<Handshake<Announced>> for Stored {
    fn from(handshake: Handshake<Announced>) -> Self {
        Self {
            opening: handshake.opening,
            terms: None,
            binding: None,
            sealing: None,
        }
    }
}

impl From<Handshake<Negotiated>> for Stored {
    fn from(handshake: Handshake<Negotiated>) -> Self {
        let Handshake {
            opening,
            phase: Negotiated { terms },
        } = handshake;
        Self {
            opening,
            terms: Some(terms),
            binding: None,
            sealing: None,
        }
    }
}

impl From<Handshake<Bound>> for Stored {
    fn from(handshake: Handshake<Bound>) -> Self {
        let Handshake {
            opening,
            phase: Bound { terms, binding },
        } = handshake;
        Self {
            opening,
            terms: Some(terms),
            binding: Some(binding),
            sealing: None,
        }
    }
}

impl From<Handshake<Sealed>> for Stored {
    fn from(handshake: Handshake<Sealed>) -> Self {
        let Handshake {
            opening,
            phase:
                Sealed {
                    terms,
                    binding,
                    sealing,
                },
        } = handshake;
        Self {
            opening,
            terms: Some(terms),
            binding: Some(binding),
            sealing: Some(sealing),
        }
    }
}
