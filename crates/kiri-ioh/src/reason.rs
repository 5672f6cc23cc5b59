//! Phases, invariants and the reasons for which a phase is refused (`IOH-01 §43.4`).

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident { $($(#[$item:meta])* $variant:ident = $wire:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$item])* #[serde(rename = $wire)] $variant,)+
        }

        impl $name {
            /// All of them, in the order of the document.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The name as it travels.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $wire,)+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

vocabulary! {
    /// The five steps of the contract, in their only order (`IOH-01 §43.2`). The document fixes five, so
    /// the list is exhaustive.
    Phase {
        /// An outside system names itself.
        Announce = "announce",
        /// Translations, invariants and the binding offer are laid down.
        Negotiate = "negotiate",
        /// The peer signs the offer and the binding comes to be.
        Bind = "bind",
        /// Messages pass.
        Operate = "operate",
        /// The binding is sealed for good.
        Dissolve = "dissolve",
    }
}

vocabulary! {
    /// What both parties hold to (`IOH-01 §43.3`). The document fixes three, so the list is exhaustive.
    Invariant {
        /// Neither party rewrites the other's canonical identifiers.
        AntiAbsorption = "anti_absorption",
        /// Every bound message carries an explicit schema version.
        SchemaVersioned = "schema_versioned",
        /// The namespace answers HTTP GET with a machine-readable schema descriptor.
        NamespaceResolvable = "namespace_resolvable",
    }
}

vocabulary! {
    /// Why a phase was refused with status 422 (`IOH-01 §43.4`; the codes are our own).
    #[non_exhaustive]
    ReasonCode {
        /// The namespace has no descriptor that can be fetched and that names the schema.
        NamespaceUnresolvable = "namespace_unresolvable",
        /// A message, an announcement or a descriptor says no schema version.
        SchemaVersionMissing = "schema_version_missing",
        /// One party's canonical identifier would be rewritten by the other.
        IdentifierRewrite = "identifier_rewrite",
        /// The phase before has not been passed, or a later one already has.
        PhaseOutOfOrder = "phase_out_of_order",
        /// There is no such negotiation.
        NegotiationUnknown = "negotiation_unknown",
        /// The negotiation was not bound in its time.
        NegotiationExpired = "negotiation_expired",
        /// A signature is missing, malformed, or not the pinned key's.
        SignatureInvalid = "signature_invalid",
        /// What was offered is not what would be bound: the descriptor has changed.
        OfferMismatch = "offer_mismatch",
        /// No agreed translation leads from the message's schema and version.
        NoTranslation = "no_translation",
        /// The binding is a treaty and no ratified counter-signature is there.
        TreatyNotRatified = "treaty_not_ratified",
        /// There is no such binding.
        BindingUnknown = "binding_unknown",
        /// The binding was dissolved. Only a new ANNOUNCE starts again.
        BindingSealed = "binding_sealed",
    }
}

impl ReasonCode {
    /// The invariant that is broken, where it is one.
    #[must_use]
    pub const fn invariant(self) -> Option<Invariant> {
        match self {
            Self::NamespaceUnresolvable | Self::OfferMismatch => {
                Some(Invariant::NamespaceResolvable)
            }
            Self::SchemaVersionMissing => Some(Invariant::SchemaVersioned),
            Self::IdentifierRewrite => Some(Invariant::AntiAbsorption),
            _ => None,
        }
    }

    /// One sentence for people.
    #[must_use]
    pub const fn explanation(self) -> &'static str {
        match self {
            Self::NamespaceUnresolvable => {
                "The namespace does not answer with a descriptor that names the announced schema."
            }
            Self::SchemaVersionMissing => "The schema version is not stated.",
            Self::IdentifierRewrite => {
                "A canonical identifier of one party would be taken over by the other."
            }
            Self::PhaseOutOfOrder => "The phases have one order, and this is not the next.",
            Self::NegotiationUnknown => "There is no such negotiation.",
            Self::NegotiationExpired => "The negotiation has run out. Announce again.",
            Self::SignatureInvalid => "The signature is missing or is not that of the pinned key.",
            Self::OfferMismatch => "The descriptor is no longer the one that was offered on.",
            Self::NoTranslation => "No translation is agreed for this schema and version.",
            Self::TreatyNotRatified => "The binding is a treaty, and it has not been ratified.",
            Self::BindingUnknown => "There is no such binding.",
            Self::BindingSealed => "The binding was dissolved for good. Announce again.",
        }
    }
}

/// A phase was refused; nothing has changed (`IOH-01 §43.4`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{phase} refused: {reason_code}")]
pub struct Refusal {
    /// Why.
    pub reason_code: ReasonCode,
    /// Which phase.
    pub phase: Phase,
    /// The invariant that was broken, where it is one.
    pub invariant: Option<Invariant>,
}

impl Refusal {
    /// A refusal with the invariant that the reason implies.
    #[must_use]
    pub const fn new(phase: Phase, reason_code: ReasonCode) -> Self {
        Self {
            reason_code,
            phase,
            invariant: reason_code.invariant(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_snake_case_and_survive_a_round_trip() {
        for code in ReasonCode::ALL {
            let json = serde_json::to_string(code).unwrap();
            assert_eq!(json, format!("\"{code}\""));
            assert_eq!(serde_json::from_str::<ReasonCode>(&json).unwrap(), *code);
            assert!(
                code.as_str()
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b == b'_')
            );
            assert!(code.explanation().ends_with('.'));
        }
    }
}
