//! What the registry tells of an utterance.

use serde::{Deserialize, Serialize};
use sigma_text::Utterance;
use sigma_types::{AttractorId, Cycle, Speaker, Timestamp, Unit};

use crate::{CausalRecord, Dissolution, Reason};

/// An utterance and when it was said.
#[derive(Debug, Clone, Copy)]
pub struct Turn<'a> {
    /// The cycle it belongs to.
    pub cycle: Cycle,
    /// When.
    pub at: Timestamp,
    /// Who said it.
    pub speaker: Speaker,
    /// What was said.
    pub utterance: &'a Utterance,
}

/// What an utterance did to the subject of the dialogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "event", rename_all = "snake_case")]
#[non_exhaustive]
pub enum UptakeEvent {
    /// The first subject of the dialogue, or of a field that was reset.
    Opening,
    /// It goes on with the subject.
    Continued,
    /// It takes up a subject for the first time.
    Formed,
    /// It takes up a subject that was left before.
    Returned {
        /// The cycle that had left it.
        from_cycle: Cycle,
    },
    /// It goes on with a subject that formed a few utterances ago, and shows that this is one
    /// that was left before.
    Recognised {
        /// The cycle that had left it.
        from_cycle: Cycle,
    },
    /// It holds no words and changes nothing.
    Silent,
}

impl UptakeEvent {
    /// Whether the utterance starts another subject than the one before it.
    pub const fn changes_subject(self) -> bool {
        matches!(self, Self::Opening | Self::Formed | Self::Returned { .. })
    }
}

/// A decision about an earlier utterance that later ones overturned.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Revision {
    /// The number of the utterance, as its [`Uptake::utterance`] told.
    pub utterance: u64,
    /// Its cycle.
    pub cycle: Cycle,
    /// What it turned out to be.
    pub kind: RevisionKind,
    /// Probability that it started another subject, in hindsight.
    pub score: Unit,
    /// The attractor it belongs to now.
    pub attractor: AttractorId,
    /// The later utterance that no longer starts that attractor, where its beginning was moved.
    pub instead_of: Option<u64>,
}

/// How a decision was overturned.
///
/// Exhaustive on purpose: an utterance starts a subject or it does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevisionKind {
    /// It did start a subject: an attractor begins there.
    DatedBack,
    /// It did not: the attractor that began there is withdrawn.
    Withdrawn,
}

/// What the registry did with an utterance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Uptake {
    /// The number of the utterance in the dialogue, from zero.
    pub utterance: u64,
    /// The attractor that is active now.
    pub active: Option<AttractorId>,
    /// What the utterance did.
    #[serde(flatten)]
    pub event: UptakeEvent,
    /// Probability that it starts another subject, from the past alone.
    pub boundary: Unit,
    /// What spoke for and against that.
    pub reasons: Vec<Reason>,
    /// What the exchange that it completes did to the subject, where that said enough to be placed as a
    /// whole; it outweighs the events of its two utterances.
    pub exchange: Option<UptakeEvent>,
    /// What it told about an earlier utterance.
    pub revision: Option<Revision>,
    /// Attractors that gave way because the registry was full.
    pub dissolutions: Vec<Dissolution>,
    /// All that happened, as links of the causal chain, in order.
    pub records: Vec<CausalRecord>,
}
