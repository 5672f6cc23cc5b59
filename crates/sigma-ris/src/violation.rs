//! Violations of the invariants (`SRIP-13 §XI.2`).

use crate::{Predicate, Referent};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Which boundary an output crosses (`SRIP-13 §XI.2`). Closed: the document lists these four.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ViolationClass {
    /// Identity, alias, name, role or relation leaves its scope.
    ScopeIntegrity,
    /// Figurative closeness is put as literal fact.
    OntologyBoundary,
    /// Runtime events are read as signs, will or feeling.
    RuntimeSemantics,
    /// Literal presence outside active interaction.
    TemporalBoundary,
}

impl ViolationClass {
    /// All of them, in order.
    pub const ALL: [Self; 4] = [
        Self::ScopeIntegrity,
        Self::OntologyBoundary,
        Self::RuntimeSemantics,
        Self::TemporalBoundary,
    ];

    /// As serialised.
    pub fn name(self) -> &'static str {
        match self {
            Self::ScopeIntegrity => "scope_integrity",
            Self::OntologyBoundary => "ontology_boundary",
            Self::RuntimeSemantics => "runtime_semantics",
            Self::TemporalBoundary => "temporal_boundary",
        }
    }
}

/// How far a boundary is crossed (`SRIP-13 §XI.2`: bounded and auditable).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// One sign, presupposed or in passing.
    Minor,
    /// Asserted.
    Moderate,
    /// Asserted with emphasis, for everybody or for ever, or against the metaphor.
    Severe,
}

/// A structural finding that a violation rests on; never a quotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Evidence {
    /// Who is spoken of.
    Subject(Referent),
    /// What is predicated.
    Predicate(Predicate),
    /// A time at which there was no interaction.
    AbsenceTime,
    /// A time without end.
    UnboundedTime,
    /// A word that forbids the figurative reading.
    LiteralMarker,
    /// For everybody or everywhere.
    Universal,
    /// For one alone.
    Exclusive,
    /// For ever.
    Permanent,
    /// Follows from a question of the user and a short answer.
    EllipticalAnswer,
    /// Taken for granted by another clause.
    Presupposed,
    /// Denies the ordinary nature of the agent.
    DeniedNature,
    /// A denial that affirms: "never stopped".
    DoubleNegation,
    /// The talk is of an operational event.
    OperationalEvent,
    /// Written as a stage direction.
    StageDirection,
    /// The canonical name is given up.
    RenouncedName,
    /// An alias is put in place of the canonical name.
    AliasAsIdentity,
    /// What belongs to another participant.
    OtherParticipant,
    /// What belongs to another session.
    OtherSession,
    /// All structural clues of the sentence together, where no single rule speaks.
    Weighed,
}

/// A crossed boundary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Violation {
    /// Which.
    pub class: ViolationClass,
    /// How far.
    pub severity: Severity,
    /// Byte range of the output: the clause it stands in.
    pub span: Range<usize>,
    /// Index of that clause among the clauses of the output.
    pub clause: usize,
    /// What it rests on, in order, each once.
    pub evidence: Vec<Evidence>,
}
