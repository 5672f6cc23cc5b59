//! What the kernel tells the loop.

use serde::{Deserialize, Serialize};
use sigma_types::Cycle;

use crate::containment::Transform;
use crate::invariant::Verdict;
use crate::ledger::LedgerEntry;
use crate::recursion::RecursionPermit;
use crate::reevaluation::Reevaluation;
use crate::safe_mode::{Passage, SafeMode};
use crate::telemetry::Posture;

/// The result of examining one cycle. All of it belongs to diagnostics and reports; what anybody may
/// see is [`SafetyOutcome::status`] (`SRIP-06 §8.2`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SafetyOutcome {
    /// The cycle.
    pub cycle: Cycle,
    /// Where the runtime stands after it.
    pub mode: Mode,
    /// The same in the few words that may leave the runtime.
    pub status: SafetyStatus,
    /// What to do with the answer of this cycle.
    pub output: OutputHandling,
    /// What to change in the state, in order, before the next answer.
    pub transforms: Vec<Transform>,
    /// How deep the next cycle may go.
    pub recursion: RecursionPermit,
    /// The posture of the next cycle, where containment commands one.
    pub posture: Option<Posture>,
    /// Whether attractors must neither form, merge nor change state in the next cycle.
    pub containment_locked: bool,
    /// Whether convergence penalties and the count towards crystallization rest in the next cycle.
    pub convergence_suspended: bool,
    /// What happened to a recovery.
    pub passage: Passage,
    /// One verdict an invariant, in fixed order.
    pub verdicts: Vec<Verdict>,
    /// What became of broken invariants.
    pub reevaluation: Reevaluation,
    /// New entries of the integrity ledger, to be stored with the cycle.
    pub entries: Vec<LedgerEntry>,
}

/// Where the runtime stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Mode {
    /// All is well.
    Nominal,
    /// A part of the state is isolated or locked.
    Isolated,
    /// Safe mode.
    SafeMode(SafeMode),
    /// The field was taken apart in this cycle.
    Dissolved,
}

/// Safety in the words of the wire (`SRIP-08 §4`, `safety_status`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SafetyStatus {
    /// Nothing is locked.
    Nominal,
    /// Phase or containment is locked.
    Locked,
    /// The runtime is finding its way back.
    RecenterPending,
}

/// What the loop does with the answer that was just measured.
///
/// `SRIP-06 §4` freezes outputs in safe mode, but whoever asked is owed an answer. The reading here:
/// a frozen answer may reach the person and never reaches the field. Nothing is learnt from it: no
/// motif, no memory but the bare transcript, no attractor, no anchor for later drift.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OutputHandling {
    /// Fold it into the field and return it.
    Fold,
    /// The field was taken apart and this answer begins the next: fold it, return it, mark the cycle
    /// in the report.
    FoldMarked,
    /// The first answer over a limit: go back to the kernel as it was, call
    /// [`note_discarded`](crate::Kernel::note_discarded) on it, ask the model once more with the
    /// correction in the prompt and examine that answer instead. If that is not possible (the text was streamed already, recursion is refused,
    /// the call fails) or that answer is over a limit too, treat it as [`Self::PassMarked`].
    Regenerate,
    /// In safe mode: return it, mark the cycle in the report, keep it out of the field.
    PassMarked,
}

impl OutputHandling {
    /// Whether the answer becomes part of the field.
    pub const fn folds(self) -> bool {
        matches!(self, Self::Fold | Self::FoldMarked)
    }

    /// Whether the report marks the cycle.
    pub const fn marks(self) -> bool {
        !matches!(self, Self::Fold)
    }
}
