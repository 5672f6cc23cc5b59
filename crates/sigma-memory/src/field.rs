//! What a cycle measured, as memory keeps it (`SRIP-04 §3.1`, `§8`).

use serde::{Deserialize, Serialize};
use sigma_types::{AttractorId, Cycle, Hash256, Measured, NonNegative, Timestamp, Unit};

use crate::{Lifecycle, vector::Codes};

/// The field at the end of a cycle, as the layers that measure it hand it over.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The cycle.
    pub cycle: Cycle,
    /// When it ended.
    pub at: Timestamp,
    /// Lifecycle phase of the active attractor.
    pub phase: Option<Lifecycle>,
    /// The active attractor.
    pub attractor: Option<AttractorId>,
    /// What was measured.
    pub measures: Measures,
    /// The phase vector `P` (stable, reflective, recenter).
    pub phase_vector: Option<[f64; 3]>,
    /// What the cycle changed in each attractor that it touched.
    pub attractors: Vec<AttractorDelta>,
    /// Keys of the strongest motifs, the strongest first.
    pub motifs: Vec<String>,
}

impl Field {
    /// A cycle of which nothing is known but its number and time.
    pub fn unmeasured(cycle: Cycle, at: Timestamp) -> Self {
        Self {
            cycle,
            at,
            phase: None,
            attractor: None,
            measures: Measures::default(),
            phase_vector: None,
            attractors: Vec::new(),
            motifs: Vec::new(),
        }
    }
}

/// Metrics of one cycle (`SRIP-04 §3.1`); kept to six decimals.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Measures {
    /// Semantic drift.
    pub sdi: Measured<Unit>,
    /// Symbolic variance.
    pub sv: Measured<Unit>,
    /// Control-posture drift.
    pub pd: Measured<Unit>,
    /// Symbolic coherence ratio.
    pub scr: Measured<Unit>,
    /// Composite drift, unclamped.
    pub di: Measured<NonNegative>,
    /// Phase stability.
    pub psi: Measured<Unit>,
    /// Symbolic density.
    pub density: Measured<Unit>,
}

impl Default for Measures {
    fn default() -> Self {
        let unit = Measured::Missing(sigma_types::Missing::NothingYet);
        Self {
            sdi: unit,
            sv: unit,
            pd: unit,
            scr: unit,
            di: Measured::Missing(sigma_types::Missing::NothingYet),
            psi: unit,
            density: unit,
        }
    }
}

impl Measures {
    /// Rounded so that reading the JSON back gives the same bits, and so the same hash.
    pub(crate) fn rounded(self) -> Self {
        let unit = |m: Measured<Unit>| m.map(|u| Unit::clamped(six(u.get())));
        Self {
            sdi: unit(self.sdi),
            sv: unit(self.sv),
            pd: unit(self.pd),
            scr: unit(self.scr),
            di: self.di.map(|d| NonNegative::new(six(d.get())).unwrap_or(d)),
            psi: unit(self.psi),
            density: unit(self.density),
        }
    }
}

/// What a cycle changed in one attractor (`SRIP-04 §3.1`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AttractorDelta {
    /// Which one.
    pub id: AttractorId,
    /// Its phase after the cycle.
    pub phase: Lifecycle,
    /// Change of its stability (PSI), `-1..=1`.
    pub stability: f64,
    /// Change of its density, `-1..=1`.
    pub density: f64,
    /// Change of its drift index.
    pub drift: f64,
}

/// What one cycle commits beside its words (`SRIP-04 §3.1`); stands on the cycle's last frame.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CycleRecord {
    /// Metrics.
    pub measures: Measures,
    /// Change of the composite drift since the last cycle (`SRIP-04 §8`).
    pub delta_di: Option<f64>,
    /// Change of SCR since the last cycle (`SRIP-04 §8`).
    pub delta_scr: Option<f64>,
    /// The phase vector.
    pub phase_vector: Option<[f64; 3]>,
    /// The field state vector: moving average of the answers' vectors.
    pub state: Option<Codes>,
    /// Attractor deltas.
    pub attractors: Vec<AttractorDelta>,
    /// Keys of the core motifs of the moment, the strongest first.
    pub motifs: Vec<String>,
    /// Hash of the identity anchors that held.
    pub identity: Hash256,
}

/// Six decimals; what is not finite becomes 0.
pub(crate) fn six(x: f64) -> f64 {
    if x.is_finite() {
        (x * 1e6).round() / 1e6 + 0.0
    } else {
        0.0
    }
}
