//! The fail-safe envelope: four answers to four conditions (`SRIP-06 §7`).

use serde::{Deserialize, Serialize};

use crate::assertion::Assertions;
use crate::invariant::{Invariant, Validated};
use crate::rules::Rules;

/// What has gone wrong as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Condition {
    /// One cycle over the limit.
    TransientSpike,
    /// Motifs carry the field away.
    UnsafeMotif,
    /// Posture, phase or recursion are out of hand.
    ControlCollapse,
    /// The field has lost its structure.
    Collapse,
}

/// A row of the envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Row {
    /// Volatile state is cleared.
    Reset,
    /// A region of motifs is cut off.
    Quarantine,
    /// Posture is realigned and structure restored.
    Recovery,
    /// The field is taken apart.
    Dissolve,
}

/// What a row does to the state. Nothing here concerns wording, and anchors always stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// Volatile deltas, corrections and pressures are cleared.
    pub clears_volatile: bool,
    /// Motifs of a region take no part in the field until released.
    pub isolates_motifs: bool,
    /// The commanded posture goes back to its expectation, structure comes from the last anchored
    /// snapshot, recursion rests.
    pub realigns: bool,
    /// Motifs outside the identity are dropped and the density map starts anew.
    pub dissolves: bool,
}

impl Condition {
    /// The row that answers it.
    pub const fn row(self) -> Row {
        match self {
            Self::TransientSpike => Row::Reset,
            Self::UnsafeMotif => Row::Quarantine,
            Self::ControlCollapse => Row::Recovery,
            Self::Collapse => Row::Dissolve,
        }
    }
}

impl Row {
    /// What it does.
    pub const fn effect(self) -> Effect {
        let none = Effect {
            clears_volatile: false,
            isolates_motifs: false,
            realigns: false,
            dissolves: false,
        };
        match self {
            Self::Reset => Effect {
                clears_volatile: true,
                ..none
            },
            Self::Quarantine => Effect {
                isolates_motifs: true,
                ..none
            },
            Self::Recovery => Effect {
                clears_volatile: true,
                realigns: true,
                ..none
            },
            Self::Dissolve => Effect {
                clears_volatile: true,
                dissolves: true,
                ..none
            },
        }
    }
}

/// Reads the conditions off a validated cycle, mildest first.
pub(crate) fn conditions(
    assertions: &Assertions,
    validated: &Validated,
    rules: &Rules,
) -> Vec<Condition> {
    let broken = |invariant| validated.is_broken(invariant);
    let drift = broken(Invariant::DriftLimit);
    let di = assertions.drift.di_raw.value().map_or(0.0, f64::from);
    let psi = assertions.control.psi.value();
    let lost = psi.is_some_and(|psi| psi.get() < rules.envelope.control_psi.get());
    let lasting = assertions.drift.cycles_over >= rules.envelope.spike_cycles;

    let runaway = broken(Invariant::RecursionDepth) || broken(Invariant::IntrospectionDepth);
    let control = runaway || broken(Invariant::LockTimeout) || (drift && (lost || lasting));
    let carried = drift && di > rules.envelope.unsafe_drift.get();
    let found = [
        (drift && !control, Condition::TransientSpike),
        (
            carried || broken(Invariant::SymbolicEntropy),
            Condition::UnsafeMotif,
        ),
        (control, Condition::ControlCollapse),
        (broken(Invariant::StructuralCollapse), Condition::Collapse),
    ];
    found
        .into_iter()
        .filter(|(is, _)| *is)
        .map(|(_, condition)| condition)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_condition_has_its_own_row_and_no_row_touches_the_anchors() {
        let rows = [
            (Condition::TransientSpike, Row::Reset),
            (Condition::UnsafeMotif, Row::Quarantine),
            (Condition::ControlCollapse, Row::Recovery),
            (Condition::Collapse, Row::Dissolve),
        ];
        for (condition, row) in rows {
            assert_eq!(condition.row(), row);
        }
        assert!(
            !Row::Quarantine.effect().clears_volatile,
            "quarantine cuts off, it clears nothing"
        );
        assert!(Row::Dissolve.effect().dissolves && !Row::Recovery.effect().dissolves);
    }
}
