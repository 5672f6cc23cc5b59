//! Contextual integrity (CI): does the field move steadily, on an unbroken lineage?

use sigma_types::{Measured, Missing, Unit};

use crate::Memory;

/// Mean cosine of neighbouring field state vectors over the window, times the share of its cycles
/// whose place in the hash chain is verified (`SRIP-04 §7`; at least 0.8).
///
/// The state vector is a moving average of the answers' vectors, so that answering different
/// questions is no breach and a jump of the whole field is.
pub fn measure(memory: &Memory) -> Measured<Unit> {
    let window = memory.rules.invariants.ci_window;
    let Some(points) = memory.trail.newest(window + 1) else {
        return Measured::Missing(Missing::WindowTooShort);
    };
    let mut cosines = Vec::with_capacity(window);
    for (before, after) in points.clone().zip(points.clone().skip(1)) {
        match (&before.state, &after.state) {
            (Some(a), Some(b)) => cosines.push(a.cosine(b)),
            _ => return Measured::Missing(Missing::NoEmbedding),
        }
    }
    let linked = points.skip(1).filter(|p| p.linked).count();
    let mean = cosines.iter().sum::<f64>() / window.max(1) as f64;
    Measured::Value(Unit::clamped(mean * linked as f64 / window.max(1) as f64))
}
