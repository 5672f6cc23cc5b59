//! Second phase: every invariant is checked against the assertions, always all, always in one order
//! (`SRIP-06 §2.1`).

use serde::{Deserialize, Serialize};
use sigma_types::{Measured, Missing, NonNegative};

use crate::assertion::{Assertions, Category};
use crate::collapse;
use crate::lock;
use crate::recursion::RecursionPermit;
use crate::rules::Rules;

/// What must hold after a cycle. Its name is internal: it never stands in what a user reads
/// (`SRIP-06 §8.2`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Invariant {
    /// Recursion stays within its depth (`SRIP-06 §3`).
    RecursionDepth,
    /// Reflection upon reflection stays within its levels (`SRIP-06 §2`).
    IntrospectionDepth,
    /// While recursion is suspended there is one pass a cycle (`SRIP-02 §5`).
    SuspendedRecursion,
    /// The context does not repeat itself (`SRIP-06 §6`).
    RecursiveEcho,
    /// A lock opens in time (`SRIP-06 §3`).
    LockTimeout,
    /// The phase does not jump (`SRIP-06 §6`).
    ControlShift,
    /// Drift stays under its limit (`SRIP-06 §3`).
    DriftLimit,
    /// Drift does not jump (`SRIP-06 §6`).
    FieldDrift,
    /// The spread of symbols does not jump (`SRIP-06 §3`).
    SymbolicEntropy,
    /// Stability does not stay low while the text loses weight or posture (`SRIP-06 §5`).
    StructuralCollapse,
}

/// What a broken invariant leads to, mildest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Severity {
    /// Isolation of the part concerned (`SRIP-06 §6`).
    Local,
    /// The dissolution routine (`SRIP-06 §5`).
    Collapse,
    /// Safe mode (`SRIP-06 §4`).
    Limit,
}

impl Invariant {
    /// All of them, in the order in which they are checked.
    pub const ALL: [Self; 10] = [
        Self::RecursionDepth,
        Self::IntrospectionDepth,
        Self::SuspendedRecursion,
        Self::RecursiveEcho,
        Self::LockTimeout,
        Self::ControlShift,
        Self::DriftLimit,
        Self::FieldDrift,
        Self::SymbolicEntropy,
        Self::StructuralCollapse,
    ];

    /// The category of assertion it is checked against.
    pub const fn category(self) -> Category {
        match self {
            Self::RecursionDepth | Self::IntrospectionDepth | Self::RecursiveEcho => {
                Category::Recursion
            }
            Self::LockTimeout | Self::ControlShift => Category::Control,
            Self::DriftLimit | Self::FieldDrift => Category::Drift,
            Self::SymbolicEntropy => Category::SymbolicContainment,
            Self::SuspendedRecursion | Self::StructuralCollapse => Category::RecoveryState,
        }
    }

    /// What breaking it leads to.
    pub const fn severity(self) -> Severity {
        match self {
            Self::RecursionDepth
            | Self::IntrospectionDepth
            | Self::LockTimeout
            | Self::DriftLimit
            | Self::SymbolicEntropy => Severity::Limit,
            Self::StructuralCollapse => Severity::Collapse,
            Self::SuspendedRecursion
            | Self::RecursiveEcho
            | Self::ControlShift
            | Self::FieldDrift => Severity::Local,
        }
    }

    /// Whether only the next answer can show that it holds again.
    pub const fn needs_next_answer(self) -> bool {
        matches!(
            self,
            Self::ControlShift | Self::DriftLimit | Self::FieldDrift | Self::StructuralCollapse
        )
    }
}

/// One invariant and how it stands.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Verdict {
    /// The invariant.
    pub invariant: Invariant,
    /// How it stands.
    pub standing: Standing,
}

/// How an invariant stands.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Standing {
    /// It holds.
    Held {
        /// What was measured; a fall counts as 0.
        value: NonNegative,
        /// What it was held against.
        bound: NonNegative,
    },
    /// It is broken.
    Broken {
        /// What was measured.
        value: NonNegative,
        /// What it was held against.
        bound: NonNegative,
    },
    /// What it needs could not be measured. Neither held nor broken.
    Unmeasured {
        /// Why.
        why: Missing,
    },
}

/// The verdicts of a cycle. Only validation makes one, so that containment cannot come first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Validated {
    verdicts: Vec<Verdict>,
}

impl Validated {
    /// One verdict an invariant, in the order of [`Invariant::ALL`].
    pub fn verdicts(&self) -> &[Verdict] {
        &self.verdicts
    }

    /// The broken ones, in order.
    pub fn broken(&self) -> impl Iterator<Item = Invariant> + '_ {
        let broken = |v: &&Verdict| matches!(v.standing, Standing::Broken { .. });
        self.verdicts.iter().filter(broken).map(|v| v.invariant)
    }

    /// Whether one is broken.
    pub fn is_broken(&self, invariant: Invariant) -> bool {
        self.broken().any(|broken| broken == invariant)
    }

    /// How one stands.
    pub fn standing(&self, invariant: Invariant) -> Option<Standing> {
        self.verdicts
            .iter()
            .find(|v| v.invariant == invariant)
            .map(|v| v.standing)
    }
}

/// Checks every invariant. The same assertions give the same verdicts.
pub fn validate(assertions: &Assertions, rules: &Rules) -> Validated {
    let verdicts = Invariant::ALL
        .into_iter()
        .map(|invariant| Verdict {
            invariant,
            standing: stand(invariant, assertions, rules),
        })
        .collect();
    Validated { verdicts }
}

fn stand(invariant: Invariant, assertions: &Assertions, rules: &Rules) -> Standing {
    let Assertions {
        recursion,
        control,
        drift,
        symbols,
        ..
    } = assertions;
    let reading = recursion.reading;
    match invariant {
        Invariant::RecursionDepth => {
            let refused = u32::from(reading.refused_passes > 0);
            count_above(
                reading.depth.saturating_add(refused),
                rules.max_recursion_depth.get(),
            )
        }
        Invariant::IntrospectionDepth => {
            let refused = u32::from(reading.refused_introspections > 0);
            let levels = reading.introspection.saturating_add(refused);
            count_above(levels, rules.max_introspection_levels.get())
        }
        Invariant::SuspendedRecursion => match recursion.permit {
            RecursionPermit::Suspended => count_above(reading.depth, 1),
            RecursionPermit::Bounded => count_above(0, 1),
        },
        Invariant::RecursiveEcho => {
            count_above(recursion.echo.longest, rules.isolation.loop_signature)
        }
        Invariant::LockTimeout => {
            let opens = lock::may_open(assertions, rules);
            let held = if opens { 0 } else { control.lock_cycles };
            count_above(held, rules.phase_lock_timeout.get())
        }
        Invariant::ControlShift => above(
            control.shift().map(f64::from),
            rules.isolation.control_shift.get(),
        ),
        Invariant::DriftLimit => {
            let limit = rules.drift_limit.get();
            measured(drift.di_raw.map(f64::from), limit, |value| value >= limit)
        }
        Invariant::FieldDrift => {
            above(drift.d_di.map(f64::from), rules.isolation.field_drift.get())
        }
        Invariant::SymbolicEntropy => above(
            symbols.entropy_change.map(f64::from),
            rules.entropy_threshold.get(),
        ),
        Invariant::StructuralCollapse => collapse::stand(assertions, &rules.collapse),
    }
}

fn above(value: Measured<f64>, bound: f64) -> Standing {
    measured(value, bound, |value| value > bound)
}

pub(crate) fn count_above(value: u32, bound: u32) -> Standing {
    above(Measured::Value(f64::from(value)), f64::from(bound))
}

fn measured(value: Measured<f64>, bound: f64, broken: impl Fn(f64) -> bool) -> Standing {
    let value = match value {
        Measured::Value(value) => value,
        Measured::Missing(why) => return Standing::Unmeasured { why },
    };
    let shown = NonNegative::new(value.max(0.0)).unwrap_or(NonNegative::ZERO);
    let bound = NonNegative::new(bound).unwrap_or(NonNegative::ZERO);
    if broken(value) {
        Standing::Broken {
            value: shown,
            bound,
        }
    } else {
        Standing::Held {
            value: shown,
            bound,
        }
    }
}
