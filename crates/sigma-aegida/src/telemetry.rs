//! What the kernel is told about a cycle (`SRIP-06 §8`).

use serde::{Deserialize, Serialize};
use sigma_types::{Cycle, Measured, NonNegative, OutOfRange, Timestamp, Unit};
use std::collections::{BTreeMap, BTreeSet};

use crate::loop_signature::ContextSegment;
use crate::recursion::RecursionReading;

/// A finite, signed change of a score from one cycle to the next.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Change(f64);

impl Change {
    /// No change.
    pub const NONE: Self = Self(0.0);

    /// Accepts any finite number.
    ///
    /// # Errors
    /// [`OutOfRange`] for a NaN or an infinity.
    pub fn new(value: f64) -> Result<Self, OutOfRange> {
        if value.is_finite() {
            Ok(Self(value + 0.0))
        } else {
            Err(OutOfRange {
                value,
                range: "finite",
            })
        }
    }

    /// The change from `before` to `after`.
    ///
    /// # Errors
    /// As [`Change::new`].
    pub fn between(before: impl Into<f64>, after: impl Into<f64>) -> Result<Self, OutOfRange> {
        Self::new(after.into() - before.into())
    }

    /// The plain number.
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl TryFrom<f64> for Change {
    type Error = OutOfRange;
    fn try_from(value: f64) -> Result<Self, OutOfRange> {
        Self::new(value)
    }
}

impl From<Change> for f64 {
    fn from(change: Change) -> Self {
        change.0
    }
}

/// The runtime's control posture as the kernel sees it (`SRIP-03 §6`), calmest first.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Posture {
    /// Equilibrium.
    #[default]
    Stable,
    /// Introspective correction.
    Reflective,
    /// Damping and re-anchoring.
    Damping,
    /// Recursion suspended, structure restored.
    Recovery,
    /// Containment lock and field reset.
    Critical,
}

/// Everything the kernel looks at, measured on the answer of one cycle. Plain values: the kernel
/// knows no text and no embedding.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SafetyTelemetry {
    /// The cycle.
    pub cycle: Cycle,
    /// When it was measured.
    pub at: Timestamp,
    /// Composite drift index, unclamped.
    pub di_raw: Measured<NonNegative>,
    /// Its change against the cycle before.
    pub d_di: Measured<Change>,
    /// Symbol-to-content ratio.
    pub scr: Measured<Unit>,
    /// Semantic drift.
    pub sdi: Measured<Unit>,
    /// Symbolic variance.
    pub sv: Measured<Unit>,
    /// Control posture drift.
    pub pd: Measured<Unit>,
    /// Phase stability.
    pub psi: Measured<Unit>,
    /// Phase deviation, lower is better.
    pub psd: Measured<Unit>,
    /// Resonance of this answer's phase with the one commanded (PRS): the term that PSI is the mean of.
    #[serde(default = "unmeasured")]
    pub prs: Measured<Unit>,
    /// Size of the phase shift against the cycle before.
    pub ps_delta: Measured<Unit>,
    /// The same with its sign: below zero the phase comes nearer to the one expected.
    #[serde(default = "unmeasured")]
    pub ps_delta_signed: Measured<Change>,
    /// Phase stability less penalties.
    pub stability: Measured<Unit>,
    /// The posture the loop is in.
    pub posture: Posture,
    /// What the recursion limiter counted in this cycle.
    pub recursion: RecursionReading,
    /// The segments of context that the model was given, in order.
    pub segments: Vec<ContextSegment>,
    /// How often each motif stands in the field.
    pub motifs: BTreeMap<String, u64>,
    /// Motifs of the identity: no transform touches them.
    pub protected: BTreeSet<String>,
}

impl SafetyTelemetry {
    /// Telemetry of a cycle in which nothing could be measured yet.
    pub fn unmeasured(cycle: Cycle, at: Timestamp) -> Self {
        use sigma_types::Missing::NothingYet;
        Self {
            cycle,
            at,
            di_raw: Measured::Missing(NothingYet),
            d_di: Measured::Missing(NothingYet),
            scr: Measured::Missing(NothingYet),
            sdi: Measured::Missing(NothingYet),
            sv: Measured::Missing(NothingYet),
            pd: Measured::Missing(NothingYet),
            psi: Measured::Missing(NothingYet),
            psd: Measured::Missing(NothingYet),
            prs: Measured::Missing(NothingYet),
            ps_delta: Measured::Missing(NothingYet),
            ps_delta_signed: Measured::Missing(NothingYet),
            stability: Measured::Missing(NothingYet),
            posture: Posture::Stable,
            recursion: RecursionReading::default(),
            segments: Vec::new(),
            motifs: BTreeMap::new(),
            protected: BTreeSet::new(),
        }
    }
}

const fn unmeasured<T>() -> Measured<T> {
    Measured::Missing(sigma_types::Missing::NothingYet)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_finite_and_signed() {
        assert_eq!(Change::between(Unit::ONE, Unit::ZERO).unwrap().get(), -1.0);
        assert!(Change::new(f64::NAN).is_err());
        assert!(Change::new(f64::NEG_INFINITY).is_err());
    }

    #[test]
    fn telemetry_survives_json() {
        let mut telemetry = SafetyTelemetry::unmeasured(Cycle(3), Timestamp::EPOCH);
        telemetry.di_raw = Measured::Value(NonNegative::new(1.25).unwrap());
        telemetry.d_di = Measured::Value(Change::new(-0.5).unwrap());
        telemetry.motifs.insert("rollout".into(), 4);
        let text = serde_json::to_string(&telemetry).unwrap();
        assert_eq!(
            serde_json::from_str::<SafetyTelemetry>(&text).unwrap(),
            telemetry
        );
    }
}
