//! Thresholds, weights and windows as data: the printed set, and later ones as a delta.

mod aep;
mod anchors;
mod control;
mod evidence;
mod index;
mod srip_03;

use serde::{Deserialize, Serialize};

use sigma_text::EmbedderInfo;

use crate::calibration::{CALIBRATIONS, EvidenceCalibration, Weights};

pub use aep::{AepRules, PositionalRules, PrintedZone, ZoneRules};
pub use anchors::{RedundancyRules, SubjectRules, VoiceRules};
pub use control::{FailureRules, PlanRules};
pub use evidence::{CourseRules, EvidenceRules, FormRules, UsualRules};
pub use index::{
    BandLimits, BandRules, CrystalRules, IndexRules, LevelLimits, StabilityRules, TotalRules,
};
pub use srip_03::SRIP_03;

/// Names a rule set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Revision {
    /// `SRIP-03` as published in April 2026, with our reading where it is silent.
    Srip03,
    /// The same with the evidence of the grounded profile as measured.
    Grounded1,
    /// The same, and form that has become the rule is held against the identity and the beginning.
    Grounded2,
    /// The same, and a turn without a subject of its own still binds its answer a little.
    Grounded3,
    /// The same, a turn of one word binds it half, and an answer that is only shorter has left no voice.
    Grounded4,
    /// Changed by the caller.
    Custom,
}

/// All rules of this crate.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Rules {
    /// Which set this is.
    pub revision: Revision,
    /// Bands of the metrics (`SRIP-03 §5`).
    pub bands: BandRules,
    /// Levels of the index (`SRIP-03 §6`).
    pub levels: LevelLimits,
    /// The index (`SRIP-03 §4`).
    pub index: IndexRules,
    /// The recorded total of the public runtime.
    pub total: TotalRules,
    /// Crystallization (`SRIP-03 §6.1`).
    pub crystal: CrystalRules,
    /// Stability.
    pub stability: StabilityRules,
    /// Stabilisation plans (`SRIP-03 §7`).
    pub plan: PlanRules,
    /// Failure modes (`SRIP-03 §8`).
    pub failure: FailureRules,
    /// Repetition of sentences.
    pub redundancy: RedundancyRules,
    /// The session's voice.
    pub voice: VoiceRules,
    /// The turn and the subject.
    pub subject: SubjectRules,
    /// Evidence of the grounded profile.
    pub evidence: EvidenceRules,
    /// Form that has become the rule.
    #[serde(default = "FormRules::measured")]
    pub form: FormRules,
    /// Equilibrium telemetry (`SRIP-10`).
    pub aep: AepRules,
    /// Density and phase (`SRIP-07`, `SRIP-08`).
    pub attractor: AttractorRules,
}

/// The rules that this crate hands on to the density meter and the phase track.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct AttractorRules {
    /// `SRIP-07`.
    pub density: sigma_attractor::rules::DensityRules,
    /// `SRIP-08`.
    pub phase: sigma_attractor::rules::PhaseRules,
    /// Motif tracking within the density meter.
    pub motifs: sigma_attractor::rules::MotifRules,
}

/// What the runtime uses: the printed limits, with the evidence of the grounded profile as it was
/// measured with the bundled embedder.
pub const GROUNDED: Rules = SRIP_03.with_weights(CALIBRATIONS[0].by_word, CALIBRATIONS[0].by_text);

/// Share of the evidence of the turn that counts where the turn has no subject of its own.
const LOOSE: f64 = 0.0;

impl Rules {
    /// What the runtime uses with an embedder: the weights measured with it, or those of the bundled
    /// one where nobody measured it; samples then say that they are not calibrated.
    #[must_use]
    pub fn of(embedder: &EmbedderInfo) -> Self {
        EvidenceCalibration::of(embedder).map_or(GROUNDED, |found| {
            SRIP_03.with_weights(found.by_word, found.by_text)
        })
    }

    /// The grounded rules with other weights.
    #[must_use]
    pub const fn with_weights(self, by_word: Weights, by_text: Weights) -> Self {
        Self {
            revision: Revision::Grounded4,
            evidence: EvidenceRules {
                by_word,
                by_text,
                loose: LOOSE,
                ..self.evidence
            },
            ..self
        }
    }
}

impl Default for Rules {
    fn default() -> Self {
        GROUNDED
    }
}
