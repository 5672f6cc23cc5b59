//! The frame in which phase is told to others (`SRIP-08 §4`, historical lineage model).

use serde::{Deserialize, Serialize};
use sigma_types::{Measured, NonNegative, Timestamp, Unit};
use uuid::Uuid;

use crate::{PhaseAxis, PhaseReading};

/// How safe the runtime holds itself for (`SRIP-08 §4 safety_status`).
///
/// Exhaustive on purpose: the schema closes the set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SafetyStatus {
    /// Nothing is amiss.
    Nominal,
    /// A containment lock is on.
    Locked,
    /// The centre is about to be restored.
    RecenterPending,
}

/// `PhaseTelemetryFrame` v1.1, with the field names of `SRIP-08 §4` on the wire.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PhaseTelemetryFrame {
    /// The runtime that sends it.
    #[cfg_attr(feature = "schema", schemars(with = "String", extend("format" = "uuid")))]
    pub runtime_id: Uuid,
    /// When it was measured.
    pub timestamp: Timestamp,
    /// Membership in stable, reflective and recenter; a unit vector.
    pub phase_vector: [f64; 3],
    /// The vector that the commanded posture expects.
    pub phase_expected: [f64; 3],
    /// The strongest membership.
    pub phase_state: PhaseAxis,
    /// Phase stability.
    pub psi: Unit,
    /// Phase stability deviation as printed, on either side of the expected value.
    pub psd: Unit,
    /// Composite drift, clamped.
    pub drift_index: Unit,
    /// Semantic compression ratio, the stabilizing denominator.
    pub scr: Measured<Unit>,
    /// Symbolic density.
    pub symbolic_density: Measured<Unit>,
    /// Depth of recursion.
    pub recursion_depth: u32,
    /// How safe the runtime holds itself for.
    pub safety_status: SafetyStatus,
}

/// What a frame tells besides the phase.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FrameContext {
    /// The runtime that sends it.
    pub runtime_id: Uuid,
    /// When it was measured.
    pub timestamp: Timestamp,
    /// Composite drift, unclamped.
    pub di_raw: NonNegative,
    /// Semantic compression ratio.
    pub scr: Measured<Unit>,
    /// Symbolic density.
    pub symbolic_density: Measured<Unit>,
    /// Depth of recursion.
    pub recursion_depth: u32,
    /// How safe the runtime holds itself for.
    pub safety_status: SafetyStatus,
}

impl PhaseTelemetryFrame {
    /// Puts a reading into a frame.
    #[must_use]
    pub fn new(reading: &PhaseReading, context: &FrameContext) -> Self {
        Self {
            runtime_id: context.runtime_id,
            timestamp: context.timestamp,
            phase_vector: reading.vector,
            phase_expected: reading.expected,
            phase_state: reading.state,
            psi: reading.psi,
            psd: reading.psd_literal,
            drift_index: context.di_raw.to_unit(),
            scr: context.scr,
            symbolic_density: context.symbolic_density,
            recursion_depth: context.recursion_depth,
            safety_status: context.safety_status,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{PhaseTrack, rules::SRIP_2026_04};
    use sigma_types::Missing;

    #[test]
    fn the_wire_names_are_those_of_the_schema() {
        let reading = PhaseTrack::new(SRIP_2026_04.phase).measure(0.6, PhaseAxis::Stable);
        let context = FrameContext {
            runtime_id: Uuid::nil(),
            timestamp: Timestamp::EPOCH,
            di_raw: NonNegative::new(1.4).unwrap(),
            scr: Measured::Missing(Missing::TooShort),
            symbolic_density: Measured::Value(Unit::ONE),
            recursion_depth: 2,
            safety_status: SafetyStatus::RecenterPending,
        };
        let frame = PhaseTelemetryFrame::new(&reading, &context);
        let json = serde_json::to_value(&frame).unwrap();
        let names: Vec<&str> = json
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(
            names,
            [
                "drift_index",
                "phase_expected",
                "phase_state",
                "phase_vector",
                "psd",
                "psi",
                "recursion_depth",
                "runtime_id",
                "safety_status",
                "scr",
                "symbolic_density",
                "timestamp",
            ]
        );
        assert_eq!(
            (json["safety_status"].as_str(), frame.drift_index),
            (Some("recenter_pending"), Unit::ONE)
        );
        assert_eq!(json["phase_state"], "reflective");
        assert_eq!(
            serde_json::from_value::<PhaseTelemetryFrame>(json).unwrap(),
            frame
        );
    }
}
