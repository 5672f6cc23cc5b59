//! Weights of the evidence, one table an embedder, each with where it comes from.

use serde::{Deserialize, Serialize};
use sigma_text::EmbedderInfo;

use crate::{clue::Clue, feature::Feature};

/// What was measured with one embedder.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EvidenceCalibration {
    /// The embedder.
    pub embedder: &'static str,
    /// Hash of its weights and vocabulary, as [`EmbedderInfo`] has it.
    pub weights_hash: &'static str,
    /// What the intrusions were planted into.
    pub data: &'static str,
    /// The first seed of planting and how many.
    pub seeds: (u64, u64),
    /// When, as the maker said.
    pub date: &'static str,
    /// The command that made it.
    pub command: &'static str,
    /// Where single words can be looked up.
    pub by_word: Weights,
    /// Where only whole texts have vectors.
    pub by_text: Weights,
}

/// Weights of the evidence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Weights {
    /// Weight of each clue, in the order of [`Clue::ALL`].
    #[serde(with = "crate::padded")]
    pub weights: [f64; Clue::COUNT],
    /// What each clue is in calm answers on average.
    #[serde(with = "crate::padded")]
    pub neutral: [f64; Clue::COUNT],
    /// Weight of each feature within its facet, in the order of [`Feature::ALL`].
    #[serde(with = "crate::padded")]
    pub features: [f64; Feature::COUNT],
    /// Log odds of the subject side where all clues are neutral.
    pub subject_bias: f64,
    /// Log odds of the voice side where all clues are neutral.
    pub voice_bias: f64,
    /// What the subject side usually is, before a session has shown its own.
    pub subject_usual: Prior,
    /// What the voice side usually is.
    pub voice_usual: Prior,
    /// Place at which semantic drift is one half.
    pub subject_shift: f64,
    /// Steepness of semantic drift.
    pub subject_gain: f64,
    /// Place at which symbolic variance is one half.
    pub voice_shift: f64,
    /// Steepness of symbolic variance.
    pub voice_gain: f64,
}

/// What is usual before a session has shown it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Prior {
    /// Middle of the log odds of calm answers.
    pub centre: f64,
    /// Their spread.
    pub spread: f64,
    /// Calm answers that count as much as the prior.
    pub answers: f64,
}

/// No weight at all: nothing is said about an answer but what its constraints and claims say.
pub const UNMEASURED: Weights = Weights {
    weights: [0.0; Clue::COUNT],
    neutral: [0.0; Clue::COUNT],
    features: [0.0; Feature::COUNT],
    subject_bias: -3.0,
    voice_bias: -3.0,
    subject_usual: Prior {
        centre: -2.0,
        spread: 2.0,
        answers: 16.0,
    },
    voice_usual: Prior {
        centre: -2.0,
        spread: 1.2,
        answers: 8.0,
    },
    subject_shift: 2.8,
    subject_gain: 1.7,
    voice_shift: 3.0,
    voice_gain: 0.9,
};

/// Every embedder that was measured. Written by `cargo xtask calibrate`.
#[allow(
    clippy::approx_constant,
    reason = "a weight that was fitted may come near one"
)]
pub const CALIBRATIONS: &[EvidenceCalibration] = &include!("calibration/all.in");

impl EvidenceCalibration {
    /// The calibration of an embedder; `None` for one that nobody measured, or whose weights are others
    /// than those that were.
    #[must_use]
    pub fn of(embedder: &EmbedderInfo) -> Option<&'static Self> {
        let hash = embedder.weights_hash.to_string();
        CALIBRATIONS
            .iter()
            .find(|one| one.embedder == embedder.id.0 && one.weights_hash == hash)
    }
}
