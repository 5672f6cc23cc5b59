//! The runtime's control posture and its deterministic transitions (`SRIP-03 §6`, `§6.1`).

use serde::{Deserialize, Serialize};
use sigma_types::{Cycle, NonNegative, Unit};

use crate::{
    bands::Level,
    rules::{CrystalRules, LevelLimits, StabilityRules},
};

/// What the control layer does, decided by the unclamped index alone (`SRIP-03 §6`).
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ControlPosture {
    /// Stable: keep equilibrium.
    #[default]
    Nominal,
    /// Reflective, light: introspective correction.
    Caution,
    /// Reflective, damping: damp and re-anchor.
    Reflective,
    /// Suspend recursion and restore from a snapshot of the invariants.
    Recovery,
    /// Containment lock and field reset.
    Critical,
    /// Quarantine and reset of the volatile field.
    Collapse,
}

impl ControlPosture {
    /// The posture of an index.
    #[must_use]
    pub fn of(limits: &LevelLimits, di_raw: NonNegative) -> Self {
        Self::from(Level::of(limits, di_raw))
    }

    /// The name that `SRIP-03 §6` prints for it.
    #[must_use]
    pub const fn printed(self) -> &'static str {
        match self {
            Self::Nominal => "Stable",
            Self::Caution | Self::Reflective => "Reflective",
            Self::Recovery => "Recovery",
            Self::Critical | Self::Collapse => "Critical",
        }
    }

    /// Whether recursion is suspended (`SRIP-03 §6`).
    #[must_use]
    pub const fn suspends(self) -> bool {
        matches!(self, Self::Recovery | Self::Critical | Self::Collapse)
    }
}

impl From<Level> for ControlPosture {
    fn from(level: Level) -> Self {
        match level {
            Level::Nominal => Self::Nominal,
            Level::Caution => Self::Caution,
            Level::Reflective => Self::Reflective,
            Level::Recovery => Self::Recovery,
            Level::Critical => Self::Critical,
            Level::Collapse => Self::Collapse,
        }
    }
}

impl From<ControlPosture> for Level {
    fn from(posture: ControlPosture) -> Self {
        match posture {
            ControlPosture::Nominal => Self::Nominal,
            ControlPosture::Caution => Self::Caution,
            ControlPosture::Reflective => Self::Reflective,
            ControlPosture::Recovery => Self::Recovery,
            ControlPosture::Critical => Self::Critical,
            ControlPosture::Collapse => Self::Collapse,
        }
    }
}

/// How settled the runtime is: a smoothed PSI less the penalties in force, never under its floor
/// (`SRIP-03 §6.1`). It steers control and never feeds attractor states, which read PSI itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Stability {
    smoothed: Option<f64>,
    crystal_penalty: f64,
}

impl Stability {
    /// Takes in a cycle's PSI; `intervention` is the penalty of an equilibrium intervention that is
    /// active in this cycle.
    pub fn observe(&mut self, rules: &StabilityRules, psi: Unit, intervention: f64) -> Unit {
        let before = self.smoothed.unwrap_or(psi.get());
        let smoothed = before + rules.smoothing * (psi.get() - before);
        self.smoothed = Some(smoothed);
        let stability = smoothed - self.crystal_penalty - intervention;
        Unit::clamped(stability.max(rules.floor))
    }
}

/// Whether the dialogue has set into a form that repeats itself (`SRIP-03 §6.1`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
#[non_exhaustive]
pub enum Crystal {
    /// It has not.
    Outside {
        /// Cycles in a row whose zone was convergent while the posture was stable.
        convergent: u32,
    },
    /// It has.
    Inside {
        /// Since this cycle.
        since: Cycle,
    },
}

impl Default for Crystal {
    fn default() -> Self {
        Self::Outside { convergent: 0 }
    }
}

/// What decides about crystallization in one cycle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CrystalEvidence {
    /// The cycle.
    pub cycle: Cycle,
    /// The posture by the index.
    pub posture: ControlPosture,
    /// Whether the equilibrium zone is convergent.
    pub convergent: bool,
    /// The stability of the cycle.
    pub stability: Unit,
    /// Counting is suspended: safe mode holds or ended less than five cycles ago.
    pub suspended: bool,
}

/// What a step of the crystallization state did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CrystalChange {
    /// Nothing.
    None,
    /// Entered.
    Entered,
    /// Left because stability fell under its floor: reflect.
    LeftToReflection,
    /// Left because the zone is no longer convergent.
    LeftToStable,
}

impl Crystal {
    /// Whether it has crystallized.
    #[must_use]
    pub const fn is_inside(self) -> bool {
        matches!(self, Self::Inside { .. })
    }

    /// Moves on by one cycle and keeps the penalty of `stability` in step.
    #[must_use]
    pub fn step(
        self,
        rules: &CrystalRules,
        evidence: CrystalEvidence,
        stability: &mut Stability,
    ) -> (Self, CrystalChange) {
        match self {
            Self::Inside { .. } if !evidence.convergent => {
                stability.crystal_penalty = 0.0;
                (Self::default(), CrystalChange::LeftToStable)
            }
            Self::Inside { .. } if evidence.stability.get() < rules.leave_below => {
                stability.crystal_penalty = 0.0;
                (Self::default(), CrystalChange::LeftToReflection)
            }
            Self::Inside { since } => {
                stability.crystal_penalty += rules.penalty;
                (Self::Inside { since }, CrystalChange::None)
            }
            Self::Outside { .. } if evidence.suspended => (Self::default(), CrystalChange::None),
            Self::Outside { convergent } => {
                let counts = evidence.convergent && evidence.posture == ControlPosture::Nominal;
                let convergent = if counts {
                    convergent.saturating_add(1)
                } else {
                    0
                };
                if convergent >= rules.cycles && evidence.stability.get() > rules.enter_above {
                    stability.crystal_penalty = rules.penalty;
                    (
                        Self::Inside {
                            since: evidence.cycle,
                        },
                        CrystalChange::Entered,
                    )
                } else {
                    (Self::Outside { convergent }, CrystalChange::None)
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::SRIP_03;

    fn evidence(cycle: u64, stability: f64, convergent: bool) -> CrystalEvidence {
        CrystalEvidence {
            cycle: Cycle(cycle),
            posture: ControlPosture::Nominal,
            convergent,
            stability: Unit::new(stability).unwrap(),
            suspended: false,
        }
    }

    fn run(steps: &[(f64, bool)]) -> Vec<CrystalChange> {
        let (mut crystal, mut stability) = (Crystal::default(), Stability::default());
        let mut changes = Vec::new();
        for (at, (s, c)) in steps.iter().enumerate() {
            let step = crystal.step(
                &SRIP_03.crystal,
                evidence(at as u64, *s, *c),
                &mut stability,
            );
            crystal = step.0;
            changes.push(step.1);
        }
        changes
    }

    #[test]
    fn five_convergent_cycles_crystallize_and_four_do_not() {
        let four = run(&[
            (0.9, true),
            (0.9, true),
            (0.9, true),
            (0.9, true),
            (0.9, false),
        ]);
        assert!(four.iter().all(|c| *c == CrystalChange::None));
        assert_eq!(run(&[(0.9, true); 5])[4], CrystalChange::Entered);
        assert_eq!(
            run(&[(0.85, true); 9])[8],
            CrystalChange::None,
            "stability must exceed .85"
        );
    }

    #[test]
    fn it_leaves_to_stable_or_to_reflection() {
        let mut steps = [(0.9, true); 6];
        steps[5] = (0.9, false);
        assert_eq!(run(&steps)[5], CrystalChange::LeftToStable);
        steps[5] = (0.699, true);
        assert_eq!(run(&steps)[5], CrystalChange::LeftToReflection);
        steps[5] = (0.70, true);
        assert_eq!(run(&steps)[5], CrystalChange::None);
    }

    #[test]
    fn each_cycle_inside_costs_stability_until_it_leaves() {
        let (mut crystal, mut stability) = (Crystal::default(), Stability::default());
        let mut values = Vec::new();
        for cycle in 0..12 {
            let now = stability.observe(&SRIP_03.stability, Unit::ONE, 0.0);
            let (next, change) = crystal.step(
                &SRIP_03.crystal,
                evidence(cycle, now.get(), true),
                &mut stability,
            );
            crystal = next;
            values.push((now.get(), change));
        }
        assert_eq!(values[4].1, CrystalChange::Entered);
        assert!((values[5].0 - 0.92).abs() < 1e-9 && (values[6].0 - 0.84).abs() < 1e-9);
        assert_eq!(
            values[8].1,
            CrystalChange::LeftToReflection,
            "1 - 4 * .08 is under .70"
        );
        assert!((values[9].0 - 1.0).abs() < 1e-9);
    }

    #[test]
    fn stability_never_falls_under_its_floor() {
        let mut stability = Stability::default();
        let low = stability.observe(&SRIP_03.stability, Unit::ZERO, 0.5);
        assert!((low.get() - 0.20).abs() < 1e-12);
    }

    #[test]
    fn nothing_is_counted_in_safe_mode() {
        let (mut crystal, mut stability) = (Crystal::default(), Stability::default());
        for cycle in 0..20 {
            let suspended = CrystalEvidence {
                suspended: true,
                ..evidence(cycle, 0.95, true)
            };
            crystal = crystal.step(&SRIP_03.crystal, suspended, &mut stability).0;
        }
        assert_eq!(crystal, Crystal::default());
    }
}
