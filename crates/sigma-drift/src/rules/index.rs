//! The index, its bands and what follows from it over time (`SRIP-03 §4` to `§6`).

use serde::{Deserialize, Serialize};

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
