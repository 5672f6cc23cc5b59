//! Phase frames between runtimes (`SRIP-05 §4`, `SRIP-08 §4`).

use serde::{Deserialize, Serialize};
use sigma_attractor::PhaseTelemetryFrame;

use crate::{
    Claims, Discloses, Message, Misfit,
    message::{Payload, SealedPayload, order},
    rules::Rules,
};

/// A phase frame with its header.
pub type PhaseFrame = Message<PhaseReport>;

/// A frame and its place in the stream of its runtime.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PhaseReport {
    /// Counts the frames of a runtime; a listener that missed some asks for those after it.
    pub sequence: u64,
    /// The frame of `SRIP-08 §4`.
    pub frame: PhaseTelemetryFrame,
}

impl SealedPayload for PhaseReport {}
impl Payload for PhaseReport {
    const PURPOSE: &'static str = "sigma-interop/phase-frame/v1";
    const DISCLOSES: Discloses = Discloses::State;
    const BROADCAST: bool = true;
    const ORDER: &'static [&'static str] = order![
        "sequence",
        "frame",
        "runtime_id",
        "phase_vector",
        "phase_expected",
        "phase_state",
        "psi",
        "psd",
        "drift_index",
        "scr",
        "symbolic_density",
        "recursion_depth",
        "safety_status",
    ];

    fn check(&self, rules: &Rules) -> Result<(), Misfit> {
        let tolerance = rules.federation.unit_tolerance;
        for (field, vector) in [
            ("frame/phase_vector", &self.frame.phase_vector),
            ("frame/phase_expected", &self.frame.phase_expected),
        ] {
            let length = vector.iter().map(|x| x * x).sum::<f64>().sqrt();
            let unit = (length - 1.0).abs() <= tolerance;
            if !unit || vector.iter().any(|x| *x < 0.0) {
                let rule = "is a vector of length one without negative parts (SRIP-08 §3.1)";
                return Err(Misfit::new(field, rule));
            }
        }
        Ok(())
    }

    fn claims(&self) -> Claims {
        Claims {
            di: Some(self.frame.drift_index),
            ..Claims::default()
        }
    }
}
