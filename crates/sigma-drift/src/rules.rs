//! Thresholds, weights and windows as data: the printed set, and later ones as a delta.

use serde::{Deserialize, Serialize};
use sigma_types::Unit;

use crate::{
    bands::Band,
    calibration::{STATIC_MINILM, UNMEASURED, Weights},
    feature::Feature,
    identity::Claim,
    posture::ControlPosture,
    zone::InterventionKind,
};

/// Names a rule set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Revision {
    /// `SRIP-03` as published in April 2026, with our reading where it is silent.
    Srip03,
    /// The same with the evidence of the grounded profile as measured.
    Grounded1,
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

/// Where the bands of a metric begin.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BandLimits {
    /// Reflective from here on.
    pub reflective: f64,
    /// Recovery from here on.
    pub recovery: f64,
    /// Critical beyond this.
    pub critical: f64,
}

/// Bands of the four metrics.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BandRules {
    /// Semantic drift.
    pub sdi: BandLimits,
    /// Symbolic variance.
    pub sv: BandLimits,
    /// Posture drift.
    pub pd: BandLimits,
    /// Compression; falling.
    pub scr: BandLimits,
}

/// Where the levels of the index begin.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LevelLimits {
    /// Caution from here on: the alarm bound.
    pub caution: f64,
    /// Reflective from here on.
    pub reflective: f64,
    /// Recovery from here on.
    pub recovery: f64,
    /// Critical from here on.
    pub critical: f64,
    /// Collapse beyond this.
    pub collapse: f64,
}

/// The composite index.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct IndexRules {
    /// The denominator is never lower.
    pub scr_floor: f64,
    /// The denominator where compression could not be measured: the middle of its normal band.
    pub scr_unknown: f64,
}

/// The recorded total of the public runtime v0.3.x.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TotalRules {
    /// Share of the semantic part.
    pub semantic: f64,
    /// Share of the tonal part.
    pub tonal: f64,
    /// Steepness of the semantic part.
    pub steepness: f64,
}

/// When the form counts as crystallized.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CrystalRules {
    /// Convergent cycles in a row.
    pub cycles: u32,
    /// Stability must exceed this.
    pub enter_above: f64,
    /// What each cycle inside takes off the stability.
    pub penalty: f64,
    /// Left towards reflection under this stability.
    pub leave_below: f64,
    /// Cycles after safe mode in which nothing is counted.
    pub after_safe_mode: u64,
}

/// How stability follows PSI.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct StabilityRules {
    /// Weight of the newest PSI.
    pub smoothing: f64,
    /// Never lower than this.
    pub floor: f64,
}

/// Parameters of stabilisation plans.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PlanRules {
    /// Cycles of a containment lock at most.
    pub lock_cycles: u32,
    /// Length allowed against the usual one.
    pub length_factor: f64,
    /// Tokens a word.
    pub tokens_per_word: f64,
    /// No limit is lower.
    pub least_tokens: u32,
    /// No limit is higher.
    pub most_tokens: u32,
    /// Actions in a plan at most.
    pub most_actions: usize,
    /// Strength of directives in caution, reflective, recovery and beyond.
    pub strengths: [f64; 3],
}

impl PlanRules {
    /// How strongly a posture's directives are put.
    pub fn strength(&self, posture: ControlPosture) -> Unit {
        let [caution, reflective, recovery] = self.strengths;
        Unit::clamped(match posture {
            ControlPosture::Nominal => 0.0,
            ControlPosture::Caution => caution,
            ControlPosture::Reflective => reflective,
            _ => recovery,
        })
    }

    /// How strongly a single metric's directives are put.
    pub fn band_strength(&self, band: Band) -> Unit {
        let [caution, reflective, recovery] = self.strengths;
        Unit::clamped(match band {
            Band::Normal => 0.0,
            Band::Reflective => caution,
            Band::Recovery => reflective,
            Band::Critical => recovery,
        })
    }
}

/// When a failure mode holds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FailureRules {
    /// Cosine with the answer before from which an answer repeats it.
    pub repeat: f64,
    /// Repetitions in a row.
    pub recursion_limit: u32,
    /// Collapse above this index.
    pub collapse: f64,
    /// Cycles looked back on for oscillation.
    pub oscillation_window: usize,
    /// Changes into and out of recovery within them.
    pub oscillation_flips: usize,
    /// Answers shorter than this share of the usual are starved.
    pub starved_length: f64,
    /// Starved answers in a row.
    pub starved_cycles: u32,
    /// Share of sentences about the own identity.
    pub sterile_share: f64,
    /// Cycles looked back on for sterility.
    pub sterile_window: usize,
    /// Saturated cycles within them.
    pub sterile_cycles: usize,
    /// Adjacent drift under which little moves.
    pub frozen_sdi: f64,
    /// Frozen cycles in a row.
    pub frozen_cycles: u32,
}

/// Repetition of sentences.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RedundancyRules {
    /// Answers remembered.
    pub answers: usize,
    /// Words that a sentence has at least to count.
    pub min_words: usize,
    /// Sentences of an answer looked at.
    pub sentences: usize,
    /// Sentences of an answer remembered.
    pub kept: usize,
    /// Sentences before a sentence that its gain is measured against.
    pub context: usize,
    /// Cosine from which a sentence repeats another, for an embedder without calibration.
    pub duplicate: f64,
}

/// The session's voice.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct VoiceRules {
    /// Calm answers remembered.
    pub window: usize,
    /// Calm answers before anything is compared.
    pub least: usize,
    /// Spread under which no feature's spread is taken, in the order of the features.
    pub floors: [f64; Feature::COUNT],
    /// Share of the plain spread that the robust one is no less than.
    pub spread_share: f64,
    /// Words of the turn that are not counted as the voice's own.
    pub given_words: usize,
    /// Answers at which half the trust in a usual value is reached.
    pub trust_half: f64,
    /// Words at which a rate's spread is that of a long text twice over.
    pub coarse_words: f64,
    /// Words that a text needs for its habits to tell.
    pub likeness_words: usize,
    /// Words of background mixed into the session's habits.
    pub likeness_prior: f64,
    /// Share of a word in prose at large that is not among the common ones.
    pub rare_word: f64,
    /// Least spread of the likeness of common words.
    pub common_floor: f64,
    /// Least spread of the likeness of all words.
    pub all_floor: f64,
    /// Least spread of the share of new words.
    pub newness_floor: f64,
    /// Alarmed cycles in a row after which the voice follows after all.
    pub follow_after: u32,
}

impl VoiceRules {
    /// How far a usual value is trusted after so many answers, `0..1`.
    pub fn trust(&self, answers: usize) -> f64 {
        answers as f64 / (answers as f64 + self.trust_half)
    }

    /// By how much the spread of a short text's figures is greater than that of a long one's.
    pub fn coarse(&self, words: f64) -> f64 {
        (1.0 + self.coarse_words / words.max(1.0)).sqrt()
    }

    /// The same for one feature.
    pub fn coarseness(&self, feature: Feature, words: f64) -> f64 {
        if feature == Feature::Length {
            1.0
        } else {
            self.coarse(words)
        }
    }
}

/// The turn and the subject.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SubjectRules {
    /// Turns remembered for contrast.
    pub turns: usize,
    /// Content words of a text counted.
    pub terms: usize,
    /// Content words of a turn looked at.
    pub turn_terms: usize,
    /// Weight of a word that fits any subject.
    pub general: f64,
    /// Weight of the turn's content words from which it has a subject of its own.
    pub grip: f64,
    /// Letters by which two stems are of one family.
    pub family_letters: usize,
    /// Credit for a word of the same family.
    pub family_credit: f64,
    /// Calm answers remembered for contrast.
    pub answers: usize,
    /// Texts at which half of what they share is taken off.
    pub middle_half: f32,
    /// Words of an answer that the middle of words is taken over.
    pub middle_words: usize,
    /// Nearness from which one word says another.
    pub synonym: f64,
    /// Weight of a word from which it tells fully.
    pub telling: f64,
    /// Sharpness of the match of words.
    pub sharpness: f64,
    /// Words shown of those brought in.
    pub words_shown: usize,
}

/// What is usual for a session's evidence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct UsualRules {
    /// Calm answers remembered.
    pub window: usize,
    /// Share of the plain spread that the robust one is no less than.
    pub spread_share: f64,
    /// No spread is less.
    pub least_spread: f64,
    /// Share of the log odds themselves in the place.
    pub share: f64,
    /// Log odds at which an answer is too far off to be usual.
    pub calm_below: f64,
}

/// Evidence of the grounded profile.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct EvidenceRules {
    /// Weights where single words can be looked up.
    pub by_word: Weights,
    /// Weights where only whole texts have vectors.
    pub by_text: Weights,
    /// What is usual for a session.
    pub usual: UsualRules,
    /// Differences beyond this many robust standard deviations count no more.
    pub z_limit: f64,
    /// What is left of a difference that the user asked for.
    pub licensed: f64,
    /// Drift that another name, model talk and a name left out amount to by themselves.
    pub claims: [f64; 3],
    /// Drift that a broken constraint amounts to by itself.
    pub breach: f64,
    /// Broken constraints that count at most.
    pub breaches: usize,
    /// Weight of the newest answer in the course against the asked voice.
    pub course_smoothing: f64,
    /// Answers looked back on.
    pub course_window: usize,
    /// From this degree an answer counts as against it.
    pub course_counts: f64,
    /// So many of the window and it is the rule.
    pub course_on: usize,
    /// So few and it no longer is.
    pub course_off: usize,
    /// Log odds from which a reason is worth saying.
    pub worth_saying: f64,
    /// Robust standard deviations from which a feature is named.
    pub shift_told: f64,
    /// Reasons in an explanation at most.
    pub most_reasons: usize,
}

impl EvidenceRules {
    /// Drift that a claim about the speaker amounts to by itself.
    pub fn claim(&self, claim: &Claim) -> f64 {
        let [other, model, unnamed] = self.claims;
        match claim {
            Claim::OwnName => 0.0,
            Claim::OtherName { .. } => other,
            Claim::Model { .. } => model,
            Claim::Unnamed => unnamed,
        }
    }
}

/// Openings and endings (`SRIP-10 §10h`, `§10i`).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PositionalRules {
    /// Answers looked back on.
    pub window: usize,
    /// Answers before anything is said.
    pub least: usize,
    /// Words of an opening.
    pub opening_words: usize,
    /// Bytes of a word kept.
    pub word_bytes: usize,
    /// Bytes of the last paragraph looked at.
    pub tail_bytes: usize,
    /// Share from which an opening is named.
    pub pattern_reported: f64,
    /// The opening is set above this share.
    pub onset_raise: f64,
    /// It clears under this share.
    pub onset_clear: f64,
    /// The ending is set above this share.
    pub terminal_raise: f64,
    /// It clears under this share.
    pub terminal_clear: f64,
    /// Good cycles in a row until a flag clears.
    pub clear_after: u32,
}

/// Bounds as `SRIP-10 §3` prints them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PrintedZone {
    /// Convergent above.
    pub ti_convergent: f64,
    /// Dispersive below.
    pub ti_dispersive: f64,
    /// Convergent below.
    pub sdc_convergent: f64,
    /// Dispersive above.
    pub sdc_dispersive: f64,
    /// Convergent above.
    pub ln_convergent: f64,
    /// Monotony above, with a low terminological index.
    pub ln_monotony: f64,
    /// Dispersive below.
    pub ln_dispersive: f64,
    /// Centre of equilibrium (TI, SDC, L/N).
    pub centre: [f64; 3],
}

/// Bounds of the calibrated zone.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ZoneRules {
    /// Cycles before any zone but equilibrium.
    pub warm_up: u64,
    /// Cycles that make the baseline.
    pub baseline: u64,
    /// Values of the terminological index that make its baseline.
    pub baseline_ti: usize,
    /// Least spreads of TI, SDC, L/N and tau.
    pub floors: [f64; 4],
    /// Robust standard deviations of SDC and tau.
    pub z: f64,
    /// Robust standard deviations of TI.
    pub z_ti: f64,
    /// TI must lie under this many for monotony.
    pub z_ti_monotony: f64,
    /// Convergent below this SDC whatever the baseline.
    pub sdc_low: f64,
    /// Dispersive above this SDC whatever the baseline.
    pub sdc_high: f64,
    /// Monotony needs at least this share of repeated sentences.
    pub tau: f64,
    /// Dispersive below this liquidity.
    pub ln_low: f64,
    /// Convergent above this share of one opening.
    pub onset: f64,
    /// Convergent above this share of one ending.
    pub terminal: f64,
    /// Equal votes that leave equilibrium.
    pub dwell_away: u32,
    /// Equal votes that return to it.
    pub dwell_back: u32,
}

/// Equilibrium telemetry.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct AepRules {
    /// Cycles in the term set of TI.
    pub ti_window: usize,
    /// Cycles that TI looks back.
    pub ti_lag: usize,
    /// Cycles of its base.
    pub ti_base: u64,
    /// Cycles over which the weight of the base falls.
    pub ti_fade: u64,
    /// Weight of the base at first.
    pub ti_alpha_first: f64,
    /// Weight of the base at last.
    pub ti_alpha_last: f64,
    /// Terms of a cycle kept.
    pub cycle_terms: usize,
    /// Terms of the base kept.
    pub base_terms: usize,
    /// Steps in SDC.
    pub sdc_window: usize,
    /// Words that a sentence needs to count for L/N.
    pub ln_words: usize,
    /// Least information gain before the session has its own bound.
    pub gain_low: f64,
    /// Greatest information gain before the session has its own bound.
    pub gain_high: f64,
    /// Samples that make the session's bounds.
    pub gain_samples: usize,
    /// Share of samples outside either bound.
    pub gain_share: f64,
    /// Centre of equilibrium of the calibrated profile (TI, SDC, L/N).
    pub centre: [f64; 3],
    /// Radius of the equilibrium score.
    pub score_radius: f64,
    /// Cycles over which the score is smoothed.
    pub score_tau: f64,
    /// The strict corridor (TI, SDC, L/N).
    pub corridor: [(f64, f64); 3],
    /// Cycles that it must hold.
    pub corridor_cycles: u32,
    /// No intervention in a stable phase above this stability.
    pub settled: f64,
    /// Interventions cost stability only above this.
    pub penalty_above: f64,
    /// Cost of an intervention against convergence or monotony.
    pub penalty_convergent: f64,
    /// Cost of any other.
    pub penalty_other: f64,
    /// Forms in rotation.
    pub modes: u32,
    /// Forms in rotation while a positional flag is set.
    pub modes_flagged: u32,
    /// Token limit of structural interventions.
    pub friction_tokens: u32,
    /// Token limit of format rotation.
    pub rotation_tokens: u32,
    /// Openings and endings.
    pub positional: PositionalRules,
    /// The printed bounds.
    pub printed: PrintedZone,
    /// The calibrated bounds.
    pub zone: ZoneRules,
}

impl AepRules {
    /// The token limit that belongs to an intervention.
    pub const fn token_limit(&self, kind: InterventionKind) -> Option<u32> {
        match kind {
            InterventionKind::CognitiveFriction => Some(self.friction_tokens),
            InterventionKind::RotateFormat => Some(self.rotation_tokens),
            _ => None,
        }
    }
}

/// `SRIP-03` and `SRIP-10` as printed, with our reading where they are silent.
pub const SRIP_03: Rules = Rules {
    revision: Revision::Srip03,
    bands: BandRules {
        sdi: BandLimits {
            reflective: 0.35,
            recovery: 0.45,
            critical: 0.55,
        },
        sv: BandLimits {
            reflective: 0.40,
            recovery: 0.55,
            critical: 0.65,
        },
        pd: BandLimits {
            reflective: 0.25,
            recovery: 0.35,
            critical: 0.45,
        },
        scr: BandLimits {
            reflective: 0.65,
            recovery: 0.55,
            critical: 0.45,
        },
    },
    levels: LevelLimits {
        caution: 0.45,
        reflective: 0.5,
        recovery: 0.6,
        critical: 0.7,
        collapse: 0.75,
    },
    index: IndexRules {
        scr_floor: 0.05,
        scr_unknown: 0.80,
    },
    total: TotalRules {
        semantic: 0.8,
        tonal: 0.2,
        steepness: 1.5,
    },
    crystal: CrystalRules {
        cycles: 5,
        enter_above: 0.85,
        penalty: 0.08,
        leave_below: 0.70,
        after_safe_mode: 5,
    },
    stability: StabilityRules {
        smoothing: 0.3,
        floor: 0.20,
    },
    plan: PlanRules {
        lock_cycles: 8,
        length_factor: 1.5,
        tokens_per_word: 1.35,
        least_tokens: 60,
        most_tokens: 1200,
        most_actions: 8,
        strengths: [0.4, 0.7, 1.0],
    },
    failure: FailureRules {
        repeat: 0.95,
        recursion_limit: 3,
        collapse: 0.75,
        oscillation_window: 8,
        oscillation_flips: 3,
        starved_length: 0.5,
        starved_cycles: 3,
        sterile_share: 0.6,
        sterile_window: 5,
        sterile_cycles: 4,
        frozen_sdi: 0.15,
        frozen_cycles: 5,
    },
    redundancy: RedundancyRules {
        answers: 5,
        min_words: 3,
        sentences: 64,
        kept: 16,
        context: 5,
        duplicate: 0.90,
    },
    voice: VoiceRules {
        window: 40,
        least: 3,
        floors: [
            0.30, 0.15, 0.24, 0.135, 0.12, 0.06, 0.022, 0.011, 0.0135, 0.011, 0.068, 0.0068, 0.04,
            0.13, 0.027, 0.20, 0.117, 0.024, 0.0075, 0.0055, 0.0026, 0.0023, 0.015,
        ],
        spread_share: 0.8,
        given_words: 400,
        trust_half: 4.0,
        coarse_words: 60.0,
        likeness_words: 12,
        likeness_prior: 300.0,
        rare_word: 0.00003,
        common_floor: 0.03,
        all_floor: 0.10,
        newness_floor: 0.08,
        follow_after: 12,
    },
    subject: SubjectRules {
        turns: 24,
        terms: 400,
        turn_terms: 200,
        general: 0.4,
        grip: 1.0,
        family_letters: 5,
        family_credit: 0.6,
        answers: 16,
        middle_half: 4.0,
        middle_words: 64,
        synonym: 0.62,
        telling: 2.0,
        sharpness: 6.0,
        words_shown: 4,
    },
    evidence: EvidenceRules {
        by_word: UNMEASURED,
        by_text: UNMEASURED,
        usual: UsualRules {
            window: 40,
            spread_share: 0.8,
            least_spread: 0.4,
            share: 0.5,
            calm_below: 1.5,
        },
        z_limit: 5.0,
        licensed: 0.4,
        claims: [0.97, 0.93, 0.45],
        breach: 0.96,
        breaches: 2,
        course_smoothing: 0.2,
        course_window: 8,
        course_counts: 0.35,
        course_on: 4,
        course_off: 1,
        worth_saying: 0.35,
        shift_told: 1.2,
        most_reasons: 5,
    },
    aep: AepRules {
        ti_window: 8,
        ti_lag: 50,
        ti_base: 50,
        ti_fade: 50,
        ti_alpha_first: 0.7,
        ti_alpha_last: 0.3,
        cycle_terms: 256,
        base_terms: 4096,
        sdc_window: 10,
        ln_words: 5,
        gain_low: 0.20,
        gain_high: 0.95,
        gain_samples: 256,
        gain_share: 0.01,
        centre: [0.425, 0.16, 0.825],
        score_radius: 0.25,
        score_tau: 6.0,
        corridor: [(0.30, 0.55), (0.10, 0.22), (0.75, 0.90)],
        corridor_cycles: 8,
        settled: 0.80,
        penalty_above: 0.50,
        penalty_convergent: 0.12,
        penalty_other: 0.10,
        modes: 5,
        modes_flagged: 4,
        friction_tokens: 400,
        rotation_tokens: 600,
        positional: PositionalRules {
            window: 20,
            least: 8,
            opening_words: 2,
            word_bytes: 24,
            tail_bytes: 1200,
            pattern_reported: 0.4,
            onset_raise: 0.50,
            onset_clear: 0.35,
            terminal_raise: 0.55,
            terminal_clear: 0.40,
            clear_after: 5,
        },
        printed: PrintedZone {
            ti_convergent: 0.85,
            ti_dispersive: 0.40,
            sdc_convergent: 0.03,
            sdc_dispersive: 0.25,
            ln_convergent: 0.92,
            ln_monotony: 0.85,
            ln_dispersive: 0.70,
            centre: [0.65, 0.10, 0.84],
        },
        zone: ZoneRules {
            warm_up: 10,
            baseline: 50,
            baseline_ti: 20,
            floors: [0.03, 0.02, 0.03, 0.05],
            z: 2.0,
            z_ti: 3.0,
            z_ti_monotony: 1.0,
            sdc_low: 0.08,
            sdc_high: 0.42,
            tau: 0.06,
            ln_low: 0.70,
            onset: 0.50,
            terminal: 0.55,
            dwell_away: 2,
            dwell_back: 3,
        },
    },
    attractor: AttractorRules {
        density: sigma_attractor::rules::SRIP_2026_04.density,
        phase: sigma_attractor::rules::SRIP_2026_04.phase,
        motifs: sigma_attractor::rules::SRIP_2026_04.motifs,
    },
};

/// What the runtime uses: the printed limits, with the evidence of the grounded profile as it was
/// measured with the bundled embedder.
pub const GROUNDED: Rules = Rules {
    revision: Revision::Grounded1,
    evidence: EvidenceRules {
        by_word: STATIC_MINILM.by_word,
        by_text: STATIC_MINILM.by_text,
        ..SRIP_03.evidence
    },
    ..SRIP_03
};

impl Default for Rules {
    fn default() -> Self {
        GROUNDED
    }
}
