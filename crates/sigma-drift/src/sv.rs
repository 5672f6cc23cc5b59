//! Symbolic variance (`SRIP-03 §4`).
//!
//! In the reference profile it is the spread of symbolic density over the last answers, `2 sigma(SD)`,
//! which the density meter gives. In the grounded profile it is the evidence that the answer left the
//! voice: that of the session so far and the one that the identity asks for (see
//! [`crate::evidence`]).

use sigma_attractor::DensityReading;
use sigma_types::{Measured, Unit};

/// The reference value.
pub(crate) fn reference(density: &DensityReading) -> Measured<Unit> {
    density.sv
}
