//! Equilibrium telemetry (`SRIP-10`).

use serde::{Deserialize, Serialize};

use crate::zone::InterventionKind;

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
