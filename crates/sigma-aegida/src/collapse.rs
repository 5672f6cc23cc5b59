//! Collapse detection and the dissolution routine (`SRIP-06 §5`).

use serde::{Deserialize, Serialize};
use sigma_types::{Measured, Unit};

use crate::assertion::Assertions;
use crate::invariant::{Standing, count_above};
use crate::rules::CollapseRules;

/// Counts the cycles in a row with low stability.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CollapseWatch {
    low: u32,
}

impl CollapseWatch {
    /// Cycles in a row with low stability, counting one with this reading. A cycle in which stability
    /// could not be measured neither ends the row nor lengthens it.
    pub(crate) fn with(self, stability: Measured<Unit>, rules: &CollapseRules) -> Self {
        match stability {
            Measured::Missing(_) => self,
            Measured::Value(stability) if stability.get() < rules.stability.get() => Self {
                low: self.low.saturating_add(1),
            },
            Measured::Value(_) => Self::default(),
        }
    }

    /// Cycles in a row.
    pub const fn low(self) -> u32 {
        self.low
    }
}

/// A field has collapsed when stability has been low for too long and the text has lost its weight or
/// the runtime its posture.
pub(crate) fn stand(assertions: &Assertions, rules: &CollapseRules) -> Standing {
    let run = count_above(assertions.recovery.low_stability, rules.cycles);
    let Standing::Broken { value, bound } = run else {
        return run;
    };
    let (scr, pd) = (assertions.drift.scr, assertions.drift.pd);
    let thin = scr.map(|scr| scr.get() < rules.scr.get());
    let adrift = pd.map(|pd| pd.get() > rules.posture_drift.get());
    match (thin, adrift) {
        (Measured::Value(true), _) | (_, Measured::Value(true)) => run,
        (Measured::Missing(why), _) | (_, Measured::Missing(why)) => Standing::Unmeasured { why },
        (Measured::Value(false), Measured::Value(false)) => Standing::Held { value, bound },
    }
}

/// What the dissolution routine does, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DissolutionStep {
    /// Pending corrections and pressures on the attractor are let go.
    ReleaseTension,
    /// Motifs that are not part of the identity are dropped from the field, by tombstone.
    DropUnstableMotifs,
    /// Identity anchors and the chain of causes are carried over.
    KeepAnchors,
    /// The density map starts anew.
    ReinitialiseDensity,
}

impl DissolutionStep {
    /// The routine.
    pub const ROUTINE: [Self; 4] = [
        Self::ReleaseTension,
        Self::DropUnstableMotifs,
        Self::KeepAnchors,
        Self::ReinitialiseDensity,
    ];
}
