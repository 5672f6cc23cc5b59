//! What happened in a cycle: the whole of it.

use serde::{Deserialize, Serialize};
use sigma_aegida::SafetyOutcome;
use sigma_attractor::{
    AttractorKind, Dissolution, Lifecycle, LifecycleChange, Merge, RegistryEntry, UptakeEvent,
};
use sigma_drift::{DriftSample, StabilizationPlan};
use sigma_memory::{FrameId, Invariants};
use sigma_text::EmbedderId;
use sigma_types::{AttractorId, Cycle, Hash256, SessionId, Speaker, Timestamp, Unit};

use crate::control::PhaseNote;
use crate::model::Usage;
use crate::prompt::Segment;
use crate::relation::RelationNote;
use crate::stages::StageTime;

/// Everything that happened in one cycle, as it is stored (`SRIP-01 §6`, `§8`).
///
/// The report is for the operator. It is never shown to the model, and a server shows it only to whoever
/// may see the session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CycleReport {
    /// The session.
    pub session: SessionId,
    /// The cycle, from 1.
    pub cycle: Cycle,
    /// When the turn came in.
    pub at: Timestamp,
    /// What the user said.
    pub user: String,
    /// What was answered.
    pub answer: String,
    /// Who answered.
    pub model: ModelNote,
    /// The model behind all vectors.
    pub embedder: EmbedderId,
    /// Its weights.
    pub weights_hash: Hash256,
    /// The seven stages in order, with their times.
    pub stages: Vec<StageTime>,
    /// What the turn did to the subject.
    pub subject: SubjectNote,
    /// Stage 3: what was to be done about the answer before.
    pub applied: StabilizationPlan,
    /// Stage 3: the same as it stood in the prompt.
    pub directives: Vec<String>,
    /// Stage 4: what was recalled.
    pub recalled: Vec<RecallNote>,
    /// Stage 6: the prompt's parts and their tokens.
    pub prompt: PromptNote,
    /// Stage 7: the answer as measured, both profiles.
    pub drift: DriftSample,
    /// Stage 7: the attractors that the cycle touched (`SRIP-02 §6.6`).
    pub attractors: Vec<RegistryEntry>,
    /// The attractor that is active now.
    pub active: Option<ActiveNote>,
    /// Changes of lifecycle state.
    pub transitions: Vec<LifecycleChange>,
    /// Merges.
    pub merges: Vec<Merge>,
    /// Dissolutions, a field reset among them.
    pub dissolutions: Vec<Dissolution>,
    /// The strongest motifs of the field, as written.
    pub motifs: Vec<String>,
    /// Memory after the cycle.
    pub memory: MemoryNote,
    /// What the safety kernel found and did (`SRIP-06 §2.1`).
    pub safety: SafetyOutcome,
    /// An answer was discarded before this one.
    pub regenerated: bool,
    /// What relational stabilization did; absent while it is off (`SRIP-13 §XIII`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relation: Option<RelationNote>,
    /// Phase commands that held in the cycle or changed just before it (`SRIP-08 §5`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub commands: Vec<PhaseNote>,
}

/// Who answered, and at what cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ModelNote {
    /// The model by its own name.
    pub name: String,
    /// Why it stopped.
    pub finish_reason: String,
    /// Tokens as it counted them.
    pub usage: Option<Usage>,
}

/// What a turn did to the subject.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SubjectNote {
    /// What the user's part did.
    pub user: UptakeEvent,
    /// Probability that the user's part started another subject.
    pub boundary: Unit,
    /// What the answer did; `None` if it was kept out of the field.
    pub answer: Option<UptakeEvent>,
    /// What both did together, where they said enough to be placed as a whole.
    #[serde(default)]
    pub exchange: Option<UptakeEvent>,
}

impl SubjectNote {
    /// What the cycle did to the subject, as far as its end can tell: the exchange outweighs the user's part.
    pub fn event(&self) -> UptakeEvent {
        self.exchange.unwrap_or(self.user)
    }
}

/// One recalled item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RecallNote {
    /// The frame.
    pub frame: FrameId,
    /// The cycle that said it.
    pub cycle: Cycle,
    /// Who said it.
    pub speaker: Speaker,
    /// In one line.
    pub summary: String,
    /// Its score.
    pub score: f64,
    /// The kinds of evidence for it with what each gave, the weightiest first.
    pub reasons: Vec<sigma_memory::Reason>,
    /// Whether it stood in the prompt.
    pub shown: bool,
}

/// The prompt in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PromptNote {
    /// The parts in order.
    pub segments: Vec<Segment>,
    /// Their sum.
    pub tokens: usize,
    /// The budget.
    pub budget: usize,
}

/// The active attractor in a few words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ActiveNote {
    /// Its id.
    pub id: AttractorId,
    /// Its name.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: AttractorKind,
    /// Its state.
    pub lifecycle: Lifecycle,
    /// The cycle it began in.
    pub origin: Cycle,
}

/// Memory after a cycle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MemoryNote {
    /// Frames written.
    pub frames: Vec<FrameId>,
    /// CI, RI, ER and CC as they stood before the cycle (`SRIP-04 §7`).
    pub invariants: Invariants,
    /// A recovery restored state from the bounded snapshot; so many frames were pruned.
    pub recovery: Option<usize>,
    /// The answer was kept out of the field and of later prompts.
    pub set_aside: bool,
}
