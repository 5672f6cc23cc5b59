//! The containment lock: closed by a phase shift, opened by calm, never held for ever
//! (`SRIP-06 §3`, `§6`).

use serde::{Deserialize, Serialize};
use sigma_types::Measured;

use crate::assertion::Assertions;
use crate::rules::Rules;

/// Whether containment is locked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Lock {
    /// It is not.
    #[default]
    Open,
    /// It is.
    Held {
        /// Cycles since it closed, the first one included.
        cycles: u32,
    },
}

impl Lock {
    /// A lock that closes in this cycle.
    pub(crate) const fn closed() -> Self {
        Self::Held { cycles: 1 }
    }

    /// Cycles that it will have been held with this one.
    pub(crate) const fn cycles_now(self) -> u32 {
        match self {
            Self::Open => 0,
            Self::Held { cycles } => cycles.saturating_add(1),
        }
    }

    /// One cycle further.
    pub(crate) const fn aged(self) -> Self {
        match self {
            Self::Open => Self::Open,
            Self::Held { .. } => Self::Held {
                cycles: self.cycles_now(),
            },
        }
    }

    /// Whether it is closed.
    pub const fn is_held(self) -> bool {
        matches!(self, Self::Held { .. })
    }
}

/// Whether a closed lock may open: no shift, stability at rest, text that carries weight. Something
/// that could not be measured does not open a lock.
pub(crate) fn may_open(assertions: &Assertions, rules: &Rules) -> bool {
    let control = &assertions.control;
    let calm = |value: Measured<f64>, test: &dyn Fn(f64) -> bool| value.value().is_some_and(test);
    calm(control.shift().map(f64::from), &|shift| {
        shift <= rules.isolation.control_shift.get()
    }) && calm(control.stability_change.map(f64::from), &|change| {
        change.abs() < rules.unlock.stability_change.get()
    }) && calm(assertions.drift.scr.map(f64::from), &|scr| {
        scr > rules.unlock.scr.get()
    })
}
