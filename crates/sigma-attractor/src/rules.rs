//! Thresholds, weights and windows: one rule set a revision, the next a delta on the one before.

use serde::{Deserialize, Serialize};

use sigma_text::{EmbedderInfo, Embedding};

use crate::subject::SubjectModelId;

/// Names a rule set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Revision {
    /// The printed values of the drafts of April 2026, with our reading where they are silent.
    Srip202604,
    /// The same, with what we measured on labelled dialogue.
    Calibrated202611,
    /// Changed by the caller.
    Custom,
}

/// All rules of this crate.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Rules {
    /// Which set this is.
    pub revision: Revision,
    /// `SRIP-02 §5-§6`.
    pub lifecycle: LifecycleRules,
    /// `SRIP-07`.
    pub density: DensityRules,
    /// `SRIP-08`.
    pub phase: PhaseRules,
    /// Motif tracking.
    pub motifs: MotifRules,
    /// What makes the `type` of an attractor.
    pub kind: KindRules,
    /// `SRIP-02 §6.4`.
    pub merge: MergeRules,
    /// Taking up subjects.
    pub subject: SubjectRules,
    /// Placing whole exchanges.
    #[serde(default = "ExchangeRules::off")]
    pub exchange: ExchangeRules,
    /// Bounds of the registry.
    pub registry: RegistryRules,
}

/// Limits of the lifecycle states (`SRIP-02 §5-§6`).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LifecycleRules {
    /// Stable is entered under this DI ...
    pub di_stable: f64,
    /// ... and over this PSI.
    pub psi_stable: f64,
    /// Under this PSI an attractor is below nominal.
    pub psi_nominal: f64,
    /// Reflective from this DI ...
    pub di_reflective: f64,
    /// ... or from this PSD.
    pub psd_reflective: f64,
    /// Recovery from this DI ...
    pub di_recovery: f64,
    /// ... or under this PSI.
    pub psi_recovery: f64,
    /// Fragmenting over this DI.
    pub di_fragmenting: f64,
}

/// Windows and bounds of symbolic density (`SRIP-07 §3-§5`).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DensityRules {
    /// Answers that the envelope reaches back.
    pub window: u64,
    /// Weight of a word that was last seen `n` answers ago: this to the power of `n`.
    pub recency: f64,
    /// Answers that the variance is taken over.
    pub variance_window: usize,
    /// Letters that a content word has at least.
    pub min_letters: usize,
    /// Content words that an answer has at least to be measured.
    pub min_terms: usize,
    /// Distinct content words kept an answer.
    pub max_terms: usize,
    /// Under this density is low.
    pub low: f64,
    /// The goal band begins here ...
    pub goal_low: f64,
    /// ... and ends here.
    pub goal_high: f64,
    /// Over this density is high.
    pub high: f64,
    /// Typical density deltas stay within this on either side.
    pub delta_alert: f64,
}

impl DensityRules {
    /// The middle of the goal band.
    pub fn goal_middle(&self) -> f64 {
        f64::midpoint(self.goal_low, self.goal_high)
    }
}

/// Memberships and windows of the phase model (`SRIP-08 §3`).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PhaseRules {
    /// Membership in stable ends at this drift, having fallen from one over `ramp`.
    pub stable_until: f64,
    /// Membership in recenter begins at this drift and rises to one over `ramp`.
    pub recenter_from: f64,
    /// Length of both slopes.
    pub ramp: f64,
    /// Share of the commanded axis in the expected vector; the rest is the stable axis.
    pub command_weight: f64,
    /// Cycles that PSI is averaged over.
    pub psi_window: usize,
    /// The PSI that is expected.
    pub psi_expected: f64,
    /// The greatest drift there can be without posture drift.
    pub d0_ceiling: f64,
}

/// Bounds of motif tracking.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct MotifRules {
    /// Motifs kept in a set.
    pub capacity: usize,
    /// Key phrases taken from an utterance.
    pub per_utterance: usize,
    /// Bytes of a key or surface at most.
    pub max_key: usize,
    /// Factor on a weight for each cycle without the motif.
    pub decay: f64,
}

/// Floors and weights of the leanings that make a `type` (our decision).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct KindRules {
    /// Words of an utterance that are looked at.
    pub max_words: usize,
    /// Least weight of the newest utterance in the running rates.
    pub newest: f64,
    /// Weight of the share of sentences that begin with a verb.
    pub imperatives: f64,
    /// Weight of first person and hedges.
    pub voice: f64,
    /// Floor of the adversarial rate.
    pub adversarial: f64,
    /// Floor of the generative rate.
    pub generative: f64,
    /// Floor of the reflective rate.
    pub reflective: f64,
}

/// When two attractors are one (`SRIP-02 §6.4`).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct MergeRules {
    /// Overlap coefficient from which two are merged.
    pub overlap: f64,
    /// Cosine from which two motifs are one.
    pub motif_cosine: f64,
    /// The weightiest motifs of each that are compared.
    pub motifs: usize,
    /// Motifs that the smaller one needs for an overlap to mean anything.
    pub min_motifs: usize,
    /// Cosine of the centroids under which motif vectors are not asked for.
    pub centroid_gate: f64,
}

/// Taking up, leaving and finding subjects again.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SubjectRules {
    /// The weights of the decision.
    pub model: SubjectModelId,
    /// Probability of a new subject from which an utterance starts one.
    pub threshold: f64,
    /// The same for the decision that looks back on an utterance.
    pub hindsight_threshold: f64,
    /// Utterances after which a decision is looked at again, 0 to 2.
    pub hindsight: usize,
    /// Nearness to a dormant attractor from which a left subject counts as found again.
    pub return_nearness: f64,
    /// By how much it must be nearer than the subject that is left.
    pub return_margin: f64,
    /// Utterances up to which a forming attractor may be recognised as a left one.
    pub recognise_until: u64,
    /// Cosines are read as `cosine_offset + cosine_scale * cosine`, on the scale of the embedder
    /// that the weights were fitted with.
    pub cosine_offset: f64,
    /// See `cosine_offset`.
    pub cosine_scale: f64,
    /// Weight of the newest utterance in a centroid.
    pub centroid_newest: f64,
    /// Utterances of different content that a decision looks back on.
    pub window: usize,
    /// Distinct content words kept an utterance.
    pub max_terms: usize,
}

/// Placing a whole exchange, the user's turn and the answer, by what it says.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ExchangeRules {
    /// Distinct content words that the answer has at least for the exchange to be placed by them; shorter
    /// ones stay where the decisions on their utterances put them.
    pub min_words: usize,
    /// Distinct content words that answers have here on average for an exchange to be placed as a whole: where
    /// answers are short as a rule, a long one is still judged by its utterances.
    #[serde(default)]
    pub usual_words: f64,
    /// Least weight of the newest answer in that average, `0..=1`; 0 is the plain mean.
    #[serde(default)]
    pub usual_newest: f64,
    /// Nearness to an attractor from which the exchange belongs to it.
    pub threshold: f64,
    /// Share of meaning in nearness, `0..=1`; the rest are telling words.
    pub meaning: f64,
    /// What speaks for the subject at hand from the start.
    pub stay: f64,
    /// What speaks for it besides: this times the share of the user's words that were in the exchange before.
    pub local: f64,
    /// What speaks against it: this times the probability that the user's turn starts another subject.
    pub boundary: f64,
    /// The mean of the whole dialogue counts as `n / (n + common_prior)` after `n` exchanges.
    pub common_prior: f64,
    /// Words kept of an attractor.
    pub max_words: usize,
}

impl ExchangeRules {
    /// No exchange is ever placed as a whole.
    pub const fn off() -> Self {
        Self {
            min_words: usize::MAX,
            usual_words: 0.0,
            usual_newest: 0.05,
            threshold: 0.25,
            meaning: 0.5,
            stay: 0.15,
            local: 0.2,
            boundary: 0.2,
            common_prior: 5.0,
            max_words: 128,
        }
    }
}

/// Cosines of the embedder that the subject weights were fitted with
/// (`minilm-static-256-int8`): of unrelated utterances, and of a question and its answer.
const FITTED_UNRELATED: f64 = 0.432;
const FITTED_ANSWER: f64 = 0.524;

impl SubjectRules {
    /// The same rules for another embedder: its cosines are moved onto the scale that the weights
    /// were fitted on. Nothing changes for an embedder without calibration.
    #[must_use]
    pub fn for_embedder(self, embedder: &EmbedderInfo) -> Self {
        let known = embedder.calibration.as_ref();
        let Some(known) = known.filter(|c| c.answer_mean - c.unrelated_mean > 0.01) else {
            return self;
        };
        let scale = (FITTED_ANSWER - FITTED_UNRELATED) / (known.answer_mean - known.unrelated_mean);
        let offset = FITTED_UNRELATED - scale * known.unrelated_mean;
        Self {
            cosine_offset: offset,
            cosine_scale: scale,
            ..self
        }
    }

    /// Nearness of two texts on the scale of the weights; neither near nor far where a vector
    /// is missing.
    pub(crate) fn cosine(&self, a: Option<&Embedding>, b: Option<&Embedding>) -> f64 {
        match (a, b) {
            (Some(a), Some(b)) => {
                (self.cosine_offset + self.cosine_scale * a.cosine(b)).clamp(-1.0, 1.0)
            }
            _ => f64::midpoint(FITTED_UNRELATED, FITTED_ANSWER),
        }
    }
}

/// Bounds of the registry.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RegistryRules {
    /// Attractors that live at a time.
    pub max_live: usize,
    /// Settlements in a row that an attractor fragments before it is dissolved.
    pub fragmenting_dwell: u32,
    /// Cycles back to which a field reset reaches: an attractor that was left before that is not in the
    /// field any more.
    pub reset_reach: u64,
    /// Motifs in a name.
    pub name_motifs: usize,
    /// Bytes of a name at most.
    pub max_name: usize,
}

/// Printed values of the drafts of April 2026; what they leave open, as the calibration below
/// began.
pub const SRIP_2026_04: Rules = Rules {
    revision: Revision::Srip202604,
    lifecycle: LifecycleRules {
        di_stable: 0.35,
        psi_stable: 0.8,
        psi_nominal: 0.75,
        di_reflective: 0.5,
        psd_reflective: 0.15,
        di_recovery: 0.6,
        psi_recovery: 0.6,
        di_fragmenting: 0.7,
    },
    density: DensityRules {
        window: 10,
        recency: 0.98,
        variance_window: 5,
        min_letters: 4,
        min_terms: 3,
        max_terms: 512,
        low: 0.45,
        goal_low: 0.5,
        goal_high: 0.8,
        high: 0.85,
        delta_alert: 0.2,
    },
    phase: PhaseRules {
        stable_until: 0.65,
        recenter_from: 0.50,
        ramp: 0.30,
        command_weight: 0.5,
        psi_window: 8,
        psi_expected: 0.90,
        d0_ceiling: 20.0,
    },
    motifs: MotifRules {
        capacity: 24,
        per_utterance: 12,
        max_key: 96,
        decay: 0.98,
    },
    kind: KindRules {
        max_words: 2000,
        newest: 0.2,
        imperatives: 0.1,
        voice: 0.3,
        adversarial: 0.04,
        generative: 0.05,
        reflective: 0.07,
    },
    merge: MergeRules {
        overlap: 0.60,
        motif_cosine: 0.85,
        motifs: 12,
        min_motifs: 3,
        centroid_gate: 0.5,
    },
    subject: SubjectRules {
        model: SubjectModelId::Plain,
        threshold: 0.5,
        hindsight_threshold: 0.5,
        hindsight: 0,
        return_nearness: 0.5,
        return_margin: 0.1,
        recognise_until: 4,
        cosine_offset: 0.0,
        cosine_scale: 1.0,
        centroid_newest: 0.3,
        window: 8,
        max_terms: 64,
    },
    exchange: ExchangeRules::off(),
    registry: RegistryRules {
        max_live: 32,
        fragmenting_dwell: 2,
        reset_reach: 8,
        name_motifs: 2,
        max_name: 80,
    },
};

/// What the runtime uses: the printed limits with subjects taken up as measured.
pub const CALIBRATED: Rules = Rules {
    revision: Revision::Calibrated202611,
    subject: SubjectRules {
        model: SubjectModelId::Fitted202611,
        threshold: 0.36,
        hindsight_threshold: 0.38,
        hindsight: 2,
        ..SRIP_2026_04.subject
    },
    exchange: ExchangeRules {
        min_words: 10,
        usual_words: 12.0,
        ..ExchangeRules::off()
    },
    ..SRIP_2026_04
};

impl Default for Rules {
    fn default() -> Self {
        CALIBRATED
    }
}
