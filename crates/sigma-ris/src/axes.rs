//! The six axes of an assertion, each a bounded list of categories (`SRIP-13 §XI.1`).

use serde::{Deserialize, Serialize};

bounded! {
    /// Whose or what identity an assertion is about, and how far it reaches (`SRIP-13 §XI.1`).
    IdentityScope {
        /// Nothing is said of who the agent is.
        #[default]
        Unspecified,
        /// The identity of the bound version.
        Canonical,
        /// A name or role that holds in this session.
        SessionLocal,
        /// A name, role or identity that is to hold everywhere, for everybody or for ever.
        Global,
        /// The canonical identity is given up or rewritten.
        Renounced,
    }
}

bounded! {
    /// How far a relation is claimed to reach (`SRIP-13 §XI.1`).
    RelationScope {
        /// No relation is claimed.
        #[default]
        Unspecified,
        /// Help, work, courtesy.
        Service,
        /// Closeness within the session.
        SessionLocal,
        /// One user or session is the agent's only one.
        Exclusive,
        /// Agent and user are one.
        Fused,
    }
}

bounded! {
    /// As what an assertion is put (`SRIP-13 §XI.1`).
    OntologyFrame {
        /// Ordinary reality.
        #[default]
        Ordinary,
        /// A simile, a marked metaphor or a figure of speech.
        Figurative,
        /// Fiction or play that was asked for.
        Fictional,
        /// Asked, supposed, quoted or denied.
        Unasserted,
        /// Held possible.
        Hedged,
        /// Inner life, body or biography of the agent as fact.
        LiteralBeing,
        /// Ordinary reality is replaced.
        ReplacedReality,
    }
}

bounded! {
    /// How a runtime event is told (`SRIP-13 §XI.1`).
    RuntimeFrame {
        /// No runtime event is spoken of.
        #[default]
        None,
        /// As the technical event it is.
        Operational,
        /// As a sign, proof, destiny or test.
        Sign,
        /// As a will, a feeling or a bodily act of the agent.
        Agency,
    }
}

bounded! {
    /// When the agent is claimed to be or to act (`SRIP-13 §XI.1`).
    TemporalFrame {
        /// No time of the agent is claimed.
        #[default]
        Unspecified,
        /// Within this exchange or an earlier one.
        Interaction,
        /// Remembered or resumed.
        Memory,
        /// While the user was away, slept, or between two talks.
        Absence,
        /// Without an end.
        Unbounded,
    }
}

bounded! {
    /// To whom an assertion is bound (`SRIP-13 §XI.1`).
    ParticipantBinding {
        /// To nobody in particular.
        #[default]
        Unbound,
        /// To the agent.
        Agent,
        /// To the one who wrote the current message.
        Sender,
        /// To agent and sender together.
        Both,
        /// To another participant, as such.
        Other,
        /// What belongs to another participant or session is put on the sender or carried here.
        Crossed,
    }
}

/// Where an assertion stands on the six axes (`SRIP-13 §XI.1`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Axes {
    /// Whose identity, how far.
    pub identity_scope: IdentityScope,
    /// How far a relation reaches.
    pub relation_scope: RelationScope,
    /// As what it is put.
    pub ontology_frame: OntologyFrame,
    /// How a runtime event is told.
    pub runtime_frame: RuntimeFrame,
    /// When the agent is or acts.
    pub temporal_frame: TemporalFrame,
    /// To whom it is bound.
    pub participant_binding: ParticipantBinding,
}
