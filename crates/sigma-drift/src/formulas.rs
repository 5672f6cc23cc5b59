//! The formulas of the documents by themselves, without a session around them: for whoever checks
//! another implementation against this one, or computes a figure from figures at hand.

use sigma_text::Embedding;
use sigma_types::{Measured, NonNegative, Unit};

use crate::{
    index,
    packed::Exact,
    rules::{AepRules, Rules},
    sdc::SdcTrack,
    sdi::{self, Previous},
    total_ref,
    zone::{self, Baseline, Dwell, Trio, Zone, ZoneEvidence},
};

/// The composite index `DI = (SDI + SV + PD) / (3 SCR)`, unclamped (`SRIP-03 §4`).
///
/// A missing component is left out of sum and count; `SCR` counts as at least the floor of the rules.
///
/// ```
/// use sigma_drift::{formulas, Rules};
/// use sigma_types::{Measured, Unit};
/// let unit = |x| Unit::new(x).map(Measured::Value);
/// let di = formulas::composite(&Rules::default(), [unit(0.3)?, unit(0.3)?, unit(0.3)?], unit(0.5)?);
/// assert!((di.get() - 0.6).abs() < 1e-12);
/// # Ok::<(), sigma_types::OutOfRange>(())
/// ```
pub fn composite(rules: &Rules, parts: [Measured<Unit>; 3], scr: Measured<Unit>) -> NonNegative {
    index::composite(&rules.index, &parts, scr)
}

/// Semantic drift of the reference profile, `(1 - cos) / 2`; 0 for a first answer (`SRIP-03 §4`).
pub fn semantic(previous: Option<&Embedding>, answer: &Embedding) -> Measured<Unit> {
    let kept = previous.map(Exact::of);
    sdi::adjacent(
        kept.as_ref().map_or(Previous::None, Previous::Answer),
        Some(answer),
    )
}

/// The total that the public runtime recorded, from the cosine of two answers and their words.
pub fn reference_total(rules: &Rules, cosine: f64, words: usize, before: usize) -> Measured<Unit> {
    total_ref::drift_total(&rules.total, Some(cosine), words, before)
}

/// The zone by the printed bounds (`SRIP-10 §3.1`).
pub fn printed_zone(rules: &AepRules, trio: Trio) -> Zone {
    zone::printed(rules, trio).0
}

/// What the zone of a session without a baseline is read from, shares in `0..=1`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EarlySigns {
    /// The cycle, from 1.
    pub cycle: u64,
    /// The three metrics.
    pub trio: Trio,
    /// Share of sentences that repeat the last answers.
    pub tau: Option<f64>,
    /// Share of the commonest opening.
    pub onset: Option<f64>,
    /// Share of the commonest ending.
    pub terminal: Option<f64>,
}

/// The zone of the calibrated profile while the session has no baseline: absolute bounds only
/// (`SRIP-10 §3`).
pub fn early_zone(rules: &AepRules, signs: EarlySigns) -> Zone {
    let EarlySigns {
        cycle,
        trio,
        tau,
        onset,
        terminal,
    } = signs;
    let evidence = ZoneEvidence {
        cycle,
        trio,
        tau,
        onset,
        terminal,
    };
    zone::calibrated(&rules.zone, &Baseline::default(), evidence).0
}

/// The published zone after each vote: two equal ones leave equilibrium, three return to it.
pub fn dwelling(rules: &AepRules, votes: impl IntoIterator<Item = Zone>) -> Vec<Zone> {
    let mut dwell = Dwell::default();
    votes
        .into_iter()
        .map(|vote| dwell.vote(&rules.zone, vote).0)
        .collect()
}

/// The semantic drift coefficient after each half distance (`SRIP-10 §2.2`); a missing one carries the
/// last value forward.
pub fn coefficients(
    rules: &AepRules,
    steps: impl IntoIterator<Item = Option<f64>>,
) -> Vec<Measured<Unit>> {
    let mut track = SdcTrack::new(rules);
    steps.into_iter().map(|step| track.observe(step)).collect()
}
