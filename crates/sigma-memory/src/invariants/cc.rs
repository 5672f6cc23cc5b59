//! Control carry-over (CC): does control now resemble control a window ago?

use sigma_types::{Measured, Missing, Unit};

use crate::Memory;

/// Cosine of the mean phase vectors of the last two windows (`SRIP-04 §7`; at least 0.75).
pub fn measure(memory: &Memory) -> Measured<Unit> {
    let window = memory.rules.invariants.cc_window;
    let Some(points) = memory.trail.newest(window * 2) else {
        return Measured::Missing(Missing::WindowTooShort);
    };
    let vectors: Option<Vec<[f64; 3]>> = points.map(|p| p.phase_vector).collect();
    let Some(vectors) = vectors else {
        return Measured::Missing(Missing::NothingYet);
    };
    let (before, now) = vectors.split_at(window);
    match (direction(before), direction(now)) {
        (Some(a), Some(b)) => {
            let cosine: f64 = a.iter().zip(b).map(|(x, y)| x * y).sum();
            Measured::Value(Unit::clamped(cosine))
        }
        _ => Measured::Missing(Missing::NothingYet),
    }
}

/// The unit vector of a sum; `None` if it has no length.
fn direction(vectors: &[[f64; 3]]) -> Option<[f64; 3]> {
    let mut sum = [0.0; 3];
    for vector in vectors {
        sum.iter_mut().zip(vector).for_each(|(s, x)| *s += x);
    }
    let norm = sum.iter().map(|x| x * x).sum::<f64>().sqrt();
    (norm > 1e-9).then(|| sum.map(|x| x / norm))
}
