//! One internal state, read in the vocabulary of each document.

use serde::{Deserialize, Serialize};

use crate::{Lifecycle, PhaseAxis};

/// The posture of the whole runtime (`SRIP-03 §6`), as an attractor's state shows it.
///
/// Exhaustive on purpose: the table of `SRIP-03 §6` is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum MacroPosture {
    /// Equilibrium.
    Stable,
    /// Held too firmly: convergent.
    Crystallization,
    /// Correction under way.
    Reflective,
    /// Restoration under way.
    Recovery,
    /// Containment.
    Critical,
}

/// The phase word of an `attractor_state` (`SRIP-05 §3`).
///
/// Exhaustive on purpose: it mirrors the five lifecycle states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum InteropPhase {
    Forming,
    Stable,
    Reflective,
    Recovery,
    Fragmenting,
}

/// The phase word of a rib point (`SRIP-11`).
///
/// Exhaustive on purpose: the recall matrix of that document is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum RecallPhase {
    Forming,
    Stable,
    Reflection,
    Fragmenting,
}

/// The phase word that relational stabilization takes in (`SRIP-13 §VIII.3`).
///
/// Exhaustive on purpose: the vocabulary is normative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum RelationalPhase {
    Forming,
    Stable,
    Reflection,
    Fragmenting,
    Crystallization,
}

/// A state in every vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Projection {
    /// `SRIP-03 §6`; `SRIP-02 §5` calls it the macro posture.
    pub posture: MacroPosture,
    /// `SRIP-08 §4 phase_state`.
    pub axis: PhaseAxis,
    /// `SRIP-05 §3 phase`.
    pub interop: InteropPhase,
    /// `SRIP-11`.
    pub recall: RecallPhase,
    /// `SRIP-13 §VIII.3`.
    pub relational: RelationalPhase,
    /// The recovery-state marker that stands beside it (`SRIP-13 §VIII`).
    pub recovery_marker: bool,
}

const TABLE: [Projection; 7] = [
    Projection {
        posture: MacroPosture::Stable,
        axis: PhaseAxis::Stable,
        interop: InteropPhase::Forming,
        recall: RecallPhase::Forming,
        relational: RelationalPhase::Forming,
        recovery_marker: false,
    },
    Projection {
        posture: MacroPosture::Stable,
        axis: PhaseAxis::Stable,
        interop: InteropPhase::Stable,
        recall: RecallPhase::Stable,
        relational: RelationalPhase::Stable,
        recovery_marker: false,
    },
    Projection {
        posture: MacroPosture::Crystallization,
        axis: PhaseAxis::Stable,
        interop: InteropPhase::Stable,
        recall: RecallPhase::Stable,
        relational: RelationalPhase::Crystallization,
        recovery_marker: false,
    },
    Projection {
        posture: MacroPosture::Reflective,
        axis: PhaseAxis::Reflective,
        interop: InteropPhase::Reflective,
        recall: RecallPhase::Reflection,
        relational: RelationalPhase::Reflection,
        recovery_marker: false,
    },
    Projection {
        posture: MacroPosture::Recovery,
        axis: PhaseAxis::Recenter,
        interop: InteropPhase::Recovery,
        recall: RecallPhase::Fragmenting,
        relational: RelationalPhase::Fragmenting,
        recovery_marker: true,
    },
    Projection {
        posture: MacroPosture::Recovery,
        axis: PhaseAxis::Recenter,
        interop: InteropPhase::Fragmenting,
        recall: RecallPhase::Fragmenting,
        relational: RelationalPhase::Fragmenting,
        recovery_marker: false,
    },
    Projection {
        posture: MacroPosture::Critical,
        axis: PhaseAxis::Recenter,
        interop: InteropPhase::Fragmenting,
        recall: RecallPhase::Fragmenting,
        relational: RelationalPhase::Fragmenting,
        recovery_marker: false,
    },
];

/// Reads a state in every vocabulary. `crystallized` counts only while stable; `locked` outranks
/// the state, except that a recovery under lock keeps its marker.
#[must_use]
pub fn project(lifecycle: Lifecycle, crystallized: bool, locked: bool) -> Projection {
    if locked {
        return Projection {
            recovery_marker: lifecycle == Lifecycle::Recovery,
            ..TABLE[6]
        };
    }
    TABLE[match (lifecycle, crystallized) {
        (Lifecycle::Forming, _) => 0,
        (Lifecycle::Stable, false) => 1,
        (Lifecycle::Stable, true) => 2,
        (Lifecycle::Reflective, _) => 3,
        (Lifecycle::Recovery, _) => 4,
        (Lifecycle::Fragmenting, _) => 5,
    }]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn macro_postures_group_the_five_states() {
        let posture = |l| project(l, false, false).posture;
        assert_eq!(posture(Lifecycle::Forming), MacroPosture::Stable);
        assert_eq!(posture(Lifecycle::Stable), MacroPosture::Stable);
        assert_eq!(posture(Lifecycle::Reflective), MacroPosture::Reflective);
        assert_eq!(posture(Lifecycle::Recovery), MacroPosture::Recovery);
        assert_eq!(posture(Lifecycle::Fragmenting), MacroPosture::Recovery);
    }

    #[test]
    fn crystallization_shows_only_where_the_vocabulary_has_it() {
        let seen = project(Lifecycle::Stable, true, false);
        assert_eq!(seen.relational, RelationalPhase::Crystallization);
        assert_eq!(
            (seen.recall, seen.axis),
            (RecallPhase::Stable, PhaseAxis::Stable)
        );
        let other = project(Lifecycle::Reflective, true, false);
        assert_eq!(other.relational, RelationalPhase::Reflection);
    }

    #[test]
    fn a_lock_reads_as_fragmenting_and_recovery_keeps_its_marker() {
        for state in Lifecycle::ALL {
            let seen = project(state, false, true);
            assert_eq!(seen.relational, RelationalPhase::Fragmenting);
            assert_eq!(seen.posture, MacroPosture::Critical);
            assert_eq!(seen.recovery_marker, state == Lifecycle::Recovery);
        }
        assert!(project(Lifecycle::Recovery, false, false).recovery_marker);
    }
}
