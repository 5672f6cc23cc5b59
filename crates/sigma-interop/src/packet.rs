//! The packet and its lesser sister (`SRIP-05 §3`, `§5`).

use serde::{Deserialize, Serialize};
use sigma_aegida::SafetyStatus;
use sigma_attractor::{AttractorKind, InteropPhase};
use sigma_types::{Measured, Missing, Unit};

use crate::{
    Label, Message, Open,
    gate::Claims,
    message::{Discloses, Payload, SealedPayload, order},
};

/// The minimal transferable state unit (`SRIP-05 §3`): header, payload and, once sealed, signature.
pub type SigmaPacket = Message<FieldState>;

/// What is left to runtimes that do not match: state and drift only (`SRIP-05 §5`).
pub type MinimalExchange = Message<MinimalState>;

/// The payload of a packet (`SRIP-05 §3`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FieldState {
    /// The subject that holds the dialogue.
    pub attractor_state: AttractorState,
    /// How far the dialogue has drifted.
    pub drift_metrics: DriftMetrics,
    /// What memory stands behind it.
    pub memory_snapshot: MemoryReference,
    /// How safe the runtime holds itself for.
    pub safety_flags: SafetyFlags,
}

/// The payload of a minimal exchange (`SRIP-05 §5`): state and drift only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MinimalState {
    /// The subject that holds the dialogue.
    pub attractor_state: AttractorState,
    /// How far the dialogue has drifted.
    pub drift_metrics: DriftMetrics,
}

impl From<FieldState> for MinimalState {
    fn from(state: FieldState) -> Self {
        Self {
            attractor_state: state.attractor_state,
            drift_metrics: state.drift_metrics,
        }
    }
}

/// The attractor of a packet (`SRIP-05 §3`, `§6`; structure by `SRIP-02 §4`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AttractorState {
    /// Its id; a UUID where we write it.
    pub id: Label,
    /// `type`.
    #[serde(rename = "type")]
    pub kind: Open<AttractorKind>,
    /// Phase stability (PSI), `0..=1`, higher is better.
    pub stability: Unit,
    /// Its lifecycle state.
    pub phase: Open<InteropPhase>,
    /// Meaning per token (SCR), `0..=1`, higher is better.
    pub scr: Unit,
}

/// Drift as it travels: brought to `0..=1`, lower is better (`SRIP-05 §6`).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DriftMetrics {
    /// Semantic drift.
    pub sdi: Unit,
    /// Symbolic variance.
    pub sv: Unit,
    /// Posture drift.
    pub pd: Unit,
    /// The composite index, cut off at one.
    pub di: Unit,
}

/// Which memory stands behind a state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MemoryReference {
    /// Hash of the last cycle's summary.
    pub summary_hash: Label,
    /// Share of motifs that can still be recalled (RI), `0..=1`.
    pub retention_index: Unit,
}

/// How safe the runtime holds itself for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SafetyFlags {
    /// The safety layer's word.
    pub aegida_status: Open<SafetyStatus>,
    /// Whether the phase is locked.
    pub phase_lock: bool,
    /// Whether the centre is being restored.
    pub recenter_active: bool,
}

/// A figure of the packet was not measured. The schema has no word for that, and zero is none: there
/// is nothing to send yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{field} was not measured ({why:?}), and a packet has no word for that")]
pub struct Unmeasured {
    /// The field of the packet.
    pub field: &'static str,
    /// Why there is none.
    pub why: Missing,
}

/// The figure of a field.
///
/// # Errors
/// [`Unmeasured`].
pub fn measured<T>(field: &'static str, figure: Measured<T>) -> Result<T, Unmeasured> {
    match figure {
        Measured::Value(value) => Ok(value),
        Measured::Missing(why) => Err(Unmeasured { field, why }),
    }
}

impl AttractorState {
    fn newer_word(&self) -> Option<(&'static str, String)> {
        let kind = self.kind.other().map(|word| ("attractor_state/type", word));
        let phase = || {
            self.phase
                .other()
                .map(|word| ("attractor_state/phase", word))
        };
        kind.or_else(phase)
            .map(|(field, word)| (field, word.to_string()))
    }
}

impl SealedPayload for FieldState {}
impl Payload for FieldState {
    const PURPOSE: &'static str = "sigma-interop/packet/v1";
    const DISCLOSES: Discloses = Discloses::State;
    const LINKED: bool = true;
    const ORDER: &'static [&'static str] = order![
        "attractor_state",
        "drift_metrics",
        "memory_snapshot",
        "safety_flags",
        "id",
        "type",
        "stability",
        "phase",
        "scr",
        "sdi",
        "sv",
        "pd",
        "di",
        "summary_hash",
        "retention_index",
        "aegida_status",
        "phase_lock",
        "recenter_active",
    ];

    fn newer_word(&self) -> Option<(&'static str, String)> {
        let status = || {
            let word = self.safety_flags.aegida_status.other()?;
            Some(("safety_flags/aegida_status", word.to_string()))
        };
        self.attractor_state.newer_word().or_else(status)
    }

    fn claims(&self) -> Claims {
        Claims {
            di: Some(self.drift_metrics.di),
            phase: self.attractor_state.phase.known().copied(),
            safety: self.safety_flags.aegida_status.known().copied(),
            phase_lock: Some(self.safety_flags.phase_lock),
        }
    }
}

impl SealedPayload for MinimalState {}
impl Payload for MinimalState {
    const PURPOSE: &'static str = "sigma-interop/minimal/v1";
    const DISCLOSES: Discloses = Discloses::State;
    const LINKED: bool = true;
    const ORDER: &'static [&'static str] = FieldState::ORDER;

    fn newer_word(&self) -> Option<(&'static str, String)> {
        self.attractor_state.newer_word()
    }

    fn claims(&self) -> Claims {
        Claims {
            di: Some(self.drift_metrics.di),
            phase: self.attractor_state.phase.known().copied(),
            ..Claims::default()
        }
    }
}
