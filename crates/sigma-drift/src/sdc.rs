//! Semantic drift coefficient (`SRIP-10 §2.2`): mean half cosine distance of adjacent answers over the
//! last ten steps. The published telemetry halves the printed formula, and so does this.

use serde::{Deserialize, Serialize};
use sigma_types::{Measured, Missing, Unit};

use crate::{
    rules::AepRules,
    stats::{Window, mean},
};

/// The last steps between answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct SdcTrack {
    steps: Window<f64>,
}

impl SdcTrack {
    /// Starts without a past.
    pub(crate) fn new(rules: &AepRules) -> Self {
        Self {
            steps: Window::new(rules.sdc_window),
        }
    }

    /// Takes in the half distance to the answer before, where there is one; a missing step carries the
    /// last value forward.
    pub(crate) fn observe(&mut self, step: Option<f64>) -> Measured<Unit> {
        if let Some(step) = step {
            self.steps.push(step);
        }
        Measured::from_option(
            mean(self.steps.iter().copied()).map(Unit::clamped),
            Missing::NoPreviousAnswer,
        )
    }
}
