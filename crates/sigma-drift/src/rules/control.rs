//! Stabilisation plans and failure modes (`SRIP-03 §7`, `§8`).

use serde::{Deserialize, Serialize};
use sigma_types::Unit;

use crate::{bands::Band, posture::ControlPosture};

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
