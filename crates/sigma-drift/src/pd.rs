//! Control-posture drift (`SRIP-03 §4`): `1 - P · P_exp`, where the phase vector `P` follows the drift
//! before posture and `P_exp` the posture that was commanded.

use sigma_attractor::{PhaseAxis, PhaseReading, PhaseTrack};
use sigma_types::{Measured, NonNegative, Unit};

use crate::bands::Level;

/// Moves one profile's phase by a cycle and reads its posture drift.
pub(crate) fn measure(
    track: &mut PhaseTrack,
    d0: NonNegative,
    commanded: Level,
) -> (PhaseReading, Measured<Unit>) {
    let reading = track.measure(d0.get(), axis(commanded));
    let pd = Measured::Value(reading.pd);
    (reading, pd)
}

/// The axis that a level commands for the next cycle.
pub(crate) fn axis(level: Level) -> PhaseAxis {
    match level {
        Level::Nominal => PhaseAxis::Stable,
        Level::Caution | Level::Reflective => PhaseAxis::Reflective,
        Level::Recovery | Level::Critical | Level::Collapse => PhaseAxis::Recenter,
    }
}
