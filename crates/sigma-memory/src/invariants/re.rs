//! Recall efficiency (RE): do the summaries that recall hands out still say what was said?

use sigma_types::{Measured, Missing, Unit};

use crate::{Memory, Recalled};

/// Share of the recalled items whose summary stays close to the words it stands for; reported, not
/// guaranteed.
pub fn efficiency(memory: &Memory, items: &[Recalled]) -> Measured<Unit> {
    let fidelities: Vec<f64> = items
        .iter()
        .filter_map(|i| u32::try_from(i.provenance.frame.0).ok())
        .filter(|frame| (*frame as usize) < memory.len())
        .filter_map(|frame| memory.bodies.body(frame).fidelity.value())
        .map(Unit::get)
        .collect();
    if fidelities.is_empty() {
        return Measured::Missing(Missing::NothingYet);
    }
    let kept = fidelities
        .iter()
        .filter(|f| **f >= memory.rules.invariants.re_min)
        .count();
    Measured::Value(Unit::clamped(kept as f64 / fidelities.len() as f64))
}
