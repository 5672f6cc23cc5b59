//! Third phase: the transforms that answer broken invariants. They act on state, never on wording
//! (`SRIP-06 §6`, `§7`).

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

use crate::assertion::Assertions;
use crate::envelope::{Condition, Row, conditions};
use crate::invariant::{Invariant, Validated};
use crate::rules::Rules;

/// One change of state that the loop carries out before the next answer, in the order given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "transform", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Transform {
    /// One pass in the next cycle (`SRIP-06 §3`).
    SuspendRecursion,
    /// Segments of context that only repeat the one before are left out (`SRIP-06 §6`).
    PruneContext {
        /// Their positions in the context that was reported.
        segments: Vec<u32>,
    },
    /// Attractors neither form, merge nor change state (`SRIP-06 §6`).
    LockContainment,
    /// They may again.
    ReleaseContainment,
    /// Motifs that were cut off take part again.
    ReleaseMotifs,
    /// Motifs take no part in the field for the next cycle (`SRIP-06 §6`).
    IsolateMotifs {
        /// Which, the one that grew most first.
        motifs: Vec<String>,
    },
    /// The posture is locked to reflective recovery (`SRIP-06 §4`, step 2).
    LockPosture,
    /// The posture follows drift again.
    ReleasePosture,
    /// Volatile segments of attractors are purged, by tombstone (`SRIP-06 §4`, step 4).
    PurgeVolatile,
    /// Motifs take no part in the field until a recovery releases them (`SRIP-06 §7`).
    Quarantine {
        /// Which, the one that grew most first.
        motifs: Vec<String>,
    },
    /// Volatile state is cleared (`SRIP-06 §7`).
    Reset,
    /// Posture is realigned, structure restored from the last anchored snapshot (`SRIP-06 §7`).
    Recovery {
        /// Whether an attempt at recovery failed before.
        forced: bool,
    },
    /// The field is taken apart by the dissolution routine (`SRIP-06 §5`).
    Dissolve {
        /// Why.
        cause: DissolveCause,
    },
}

/// Why a field is dissolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DissolveCause {
    /// It collapsed.
    Collapse,
    /// It could not be recovered: its attractor counts as fragmenting.
    FailedRecovery,
}

impl Transform {
    /// The row of the fail-safe envelope that it carries out, if any.
    pub const fn row(&self) -> Option<Row> {
        match self {
            Self::Quarantine { .. } => Some(Row::Quarantine),
            Self::Reset => Some(Row::Reset),
            Self::Recovery { .. } => Some(Row::Recovery),
            Self::Dissolve { .. } => Some(Row::Dissolve),
            _ => None,
        }
    }

    /// Whether it isolates a part of the state without a fail-safe row.
    pub const fn is_local(&self) -> bool {
        matches!(
            self,
            Self::PruneContext { .. }
                | Self::LockContainment
                | Self::IsolateMotifs { .. }
                | Self::SuspendRecursion
        )
    }

    fn clears(&self) -> bool {
        *self == Self::PurgeVolatile || self.row().is_some_and(|row| row.effect().clears_volatile)
    }
}

/// The transforms of a cycle. Made from verdicts only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Containment {
    pub(crate) conditions: Vec<Condition>,
    pub(crate) transforms: Vec<Transform>,
}

/// What a choice of transforms depends on beside the verdicts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Situation<'a> {
    /// Motifs that grew most, protected ones left out.
    pub(crate) movers: &'a [String],
    /// Whether safe mode was on before this cycle: its attempts then govern reset and recovery.
    pub(crate) in_safe_mode: bool,
    /// Whether the containment lock is closed.
    pub(crate) locked: bool,
}

impl Containment {
    /// Chooses the transforms. The same verdicts in the same situation give the same transforms.
    pub(crate) fn choose(
        assertions: &Assertions,
        validated: &Validated,
        situation: Situation<'_>,
        rules: &Rules,
    ) -> Self {
        let conditions = conditions(assertions, validated, rules);
        let mut transforms = local(assertions, validated, situation);
        for condition in &conditions {
            let row = condition.row();
            let governed = situation.in_safe_mode && matches!(row, Row::Reset | Row::Recovery);
            if !governed {
                transforms.extend(carry_out(row, situation.movers));
            }
        }
        let mut containment = Self {
            conditions,
            transforms,
        };
        containment.settle();
        containment
    }

    /// Adds transforms and puts all into order.
    pub(crate) fn add(&mut self, transforms: impl IntoIterator<Item = Transform>) {
        self.transforms.extend(transforms);
        self.settle();
    }

    /// Orders the transforms and leaves out what a stronger one does anyway.
    fn settle(&mut self) {
        let row = |wanted| move |t: &Transform| t.row() == Some(wanted);
        let dissolves = self.transforms.iter().any(row(Row::Dissolve));
        let recovers = self.transforms.iter().any(row(Row::Recovery));
        let quarantined: BTreeSet<String> = self
            .transforms
            .iter()
            .filter_map(|t| match t {
                Transform::Quarantine { motifs } => Some(motifs.clone()),
                _ => None,
            })
            .flatten()
            .collect();
        for transform in &mut self.transforms {
            if let Transform::IsolateMotifs { motifs } = transform {
                motifs.retain(|motif| !quarantined.contains(motif));
            }
        }
        self.transforms.retain(|transform| match transform {
            Transform::Reset => !dissolves && !recovers,
            Transform::IsolateMotifs { motifs } => !dissolves && !motifs.is_empty(),
            _ => true,
        });
        self.transforms.sort_by_key(rank);
        self.transforms.dedup_by(|later, earlier| {
            std::mem::discriminant(later) == std::mem::discriminant(earlier)
        });
    }

    pub(crate) fn clears_volatile(&self) -> bool {
        self.transforms.iter().any(Transform::clears)
    }

    pub(crate) fn dissolves(&self) -> bool {
        self.transforms
            .iter()
            .any(|t| t.row() == Some(Row::Dissolve))
    }

    /// Motifs that are cut off by isolation or quarantine.
    pub(crate) fn cut_off(&self) -> BTreeSet<String> {
        let motifs = |transform: &Transform| match transform {
            Transform::IsolateMotifs { motifs } | Transform::Quarantine { motifs } => {
                motifs.clone()
            }
            _ => Vec::new(),
        };
        self.transforms.iter().flat_map(motifs).collect()
    }
}

fn local(
    assertions: &Assertions,
    validated: &Validated,
    situation: Situation<'_>,
) -> Vec<Transform> {
    let mut transforms = Vec::new();
    if validated.is_broken(Invariant::SuspendedRecursion) {
        transforms.push(Transform::SuspendRecursion);
    }
    if validated.is_broken(Invariant::RecursiveEcho) {
        let segments = assertions.recursion.echo.redundant.clone();
        transforms.push(Transform::PruneContext { segments });
    }
    let shifted = validated.is_broken(Invariant::ControlShift);
    if shifted && !situation.locked && !situation.in_safe_mode {
        transforms.push(Transform::LockContainment);
    }
    if validated.is_broken(Invariant::FieldDrift) && !situation.movers.is_empty() {
        transforms.push(Transform::IsolateMotifs {
            motifs: situation.movers.to_vec(),
        });
    }
    transforms
}

fn carry_out(row: Row, movers: &[String]) -> Option<Transform> {
    match row {
        Row::Reset => Some(Transform::Reset),
        Row::Quarantine if movers.is_empty() => None,
        Row::Quarantine => Some(Transform::Quarantine {
            motifs: movers.to_vec(),
        }),
        Row::Recovery => Some(Transform::Recovery { forced: false }),
        Row::Dissolve => Some(Transform::Dissolve {
            cause: DissolveCause::Collapse,
        }),
    }
}

/// Limits first, then locks, then what is cut off, then what is cleared, then what is released. Of two
/// transforms of one kind the stronger stands first.
fn rank(transform: &Transform) -> u8 {
    match transform {
        Transform::SuspendRecursion => 0,
        Transform::PruneContext { .. } => 1,
        Transform::LockContainment => 2,
        Transform::LockPosture => 3,
        Transform::IsolateMotifs { .. } => 4,
        Transform::Quarantine { .. } => 5,
        Transform::PurgeVolatile => 6,
        Transform::Reset => 7,
        Transform::Recovery { forced: true } => 8,
        Transform::Recovery { forced: false } => 9,
        Transform::Dissolve {
            cause: DissolveCause::FailedRecovery,
        } => 10,
        Transform::Dissolve {
            cause: DissolveCause::Collapse,
        } => 11,
        Transform::ReleaseMotifs => 12,
        Transform::ReleaseContainment => 13,
        Transform::ReleasePosture => 14,
    }
}
