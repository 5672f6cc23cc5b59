//! Safe mode: five steps in, one way out (`SRIP-06 §4`).
//!
//! The steps are types: each is made by the one before it, so that another order does not compile.
//!
//! ```
//! # use sigma_aegida::{Invariant, safe_mode::freeze};
//! # use sigma_types::{Cycle, Hash256};
//! let frozen = freeze(Cycle(7), vec![Invariant::DriftLimit]);
//! let (mode, entered) =
//!     frozen.lock_posture().snapshot(Hash256::of(b"assertions")).purge().begin_recovery();
//! assert!(mode.is_on() && entered.steps.len() == 5);
//! ```
//! ```compile_fail
//! # use sigma_aegida::{Invariant, safe_mode::freeze};
//! # use sigma_types::Cycle;
//! let frozen = freeze(Cycle(7), vec![Invariant::DriftLimit]);
//! frozen.purge(); // neither locked nor recorded
//! ```

use serde::{Deserialize, Serialize};
use sigma_types::{Cycle, Hash256, Measured, Unit};

use crate::invariant::Invariant;
use crate::rules::{Rules, Threshold};

/// A step into safe mode, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Step {
    /// The unstable answer is kept out of the field.
    OutputsFrozen,
    /// The posture is locked to reflective recovery.
    PostureLocked,
    /// What was asserted is recorded.
    SnapshotTaken,
    /// Volatile segments of the attractors are purged, by tombstone; anchors stay.
    VolatilePurged,
    /// The loop goes on under controlled recovery.
    RecoveryBegun,
}

/// Evidence of one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepEvidence {
    /// The step.
    pub step: Step,
    /// Hash of the evidence up to and including this step.
    pub trace: Hash256,
}

/// Outputs are frozen: step 1.
#[derive(Debug)]
#[must_use = "an entry that is begun has to be finished"]
pub struct Frozen(Trace);
/// The posture is locked: step 2.
#[derive(Debug)]
#[must_use = "an entry that is begun has to be finished"]
pub struct PostureLocked(Trace);
/// The snapshot is taken: step 3.
#[derive(Debug)]
#[must_use = "an entry that is begun has to be finished"]
pub struct Snapshotted(Trace);
/// Volatile segments are purged: step 4.
#[derive(Debug)]
#[must_use = "an entry that is begun has to be finished"]
pub struct Purged(Trace);

/// All five steps are done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entered {
    /// Which limits led here.
    pub causes: Vec<Invariant>,
    /// Evidence of the five steps, in order.
    pub steps: Vec<StepEvidence>,
}

#[derive(Debug)]
struct Trace {
    causes: Vec<Invariant>,
    steps: Vec<StepEvidence>,
    last: Hash256,
}

impl Trace {
    fn mark(mut self, step: Step, with: &[u8]) -> Self {
        let mut bytes = self.last.as_bytes().to_vec();
        bytes.push(step as u8);
        bytes.extend_from_slice(with);
        self.last = Hash256::of(&bytes);
        self.steps.push(StepEvidence {
            step,
            trace: self.last,
        });
        self
    }
}

/// Step 1: freezes the outputs of a cycle in which limits were broken.
pub fn freeze(cycle: Cycle, causes: Vec<Invariant>) -> Frozen {
    let trace = Trace {
        causes,
        steps: Vec::with_capacity(5),
        last: Hash256::ZERO,
    };
    Frozen(trace.mark(Step::OutputsFrozen, &cycle.0.to_be_bytes()))
}

impl Frozen {
    /// Step 2: locks the posture to reflective recovery.
    pub fn lock_posture(self) -> PostureLocked {
        PostureLocked(self.0.mark(Step::PostureLocked, &[]))
    }
}

impl PostureLocked {
    /// Step 3: records what was asserted, by its hash.
    pub fn snapshot(self, assertions: Hash256) -> Snapshotted {
        Snapshotted(self.0.mark(Step::SnapshotTaken, assertions.as_bytes()))
    }
}

impl Snapshotted {
    /// Step 4: purges volatile segments.
    pub fn purge(self) -> Purged {
        Purged(self.0.mark(Step::VolatilePurged, &[]))
    }
}

impl Purged {
    /// Step 5: goes on under controlled recovery.
    pub fn begin_recovery(self) -> (SafeMode, Entered) {
        let trace = self.0.mark(Step::RecoveryBegun, &[]);
        let entered = Entered {
            causes: trace.causes,
            steps: trace.steps,
        };
        (
            SafeMode::Recovering {
                attempt: 1,
                dwell: 0,
            },
            entered,
        )
    }
}

/// Where the runtime stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SafeMode {
    /// Outside safe mode.
    Off {
        /// Cycles for which convergence penalties stay suspended.
        cooldown: u32,
    },
    /// Under controlled recovery.
    Recovering {
        /// The attempt, from 1.
        attempt: u32,
        /// Cycles that it has lasted.
        dwell: u32,
    },
}

impl Default for SafeMode {
    fn default() -> Self {
        Self::Off { cooldown: 0 }
    }
}

/// What happened to a recovery in a cycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Passage {
    /// Nothing.
    Unchanged,
    /// The phase is steady again: safe mode is left.
    Resumed {
        /// Cycles of the last attempt.
        after: u32,
    },
    /// An attempt lasted too long: posture and structure are forced back, and another begins.
    Forced {
        /// The attempt that begins.
        attempt: u32,
    },
    /// The last attempt failed: the field is given up and a new one begins.
    GivenUp {
        /// How many attempts failed.
        attempts: u32,
    },
}

/// What decides over the way out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RecoverySignal {
    /// Phase stability.
    pub psi: Measured<Unit>,
    /// Phase deviation.
    pub psd: Measured<Unit>,
    /// Mean resonance of the last answers alone.
    pub equilibrium: Measured<Unit>,
    /// Whether every limit was seen to hold in this very cycle.
    pub limits_hold: bool,
}

impl SafeMode {
    /// Whether safe mode is on.
    pub const fn is_on(self) -> bool {
        matches!(self, Self::Recovering { .. })
    }

    /// Whether convergence penalties and the count towards crystallization are suspended, so that
    /// they cannot hold stability under what the way out asks for.
    pub const fn suspends_convergence(self) -> bool {
        match self {
            Self::Off { cooldown } => cooldown > 0,
            Self::Recovering { .. } => true,
        }
    }

    /// Attempt and dwell with this cycle counted; zeros outside safe mode.
    pub(crate) const fn counted(self) -> (u32, u32) {
        match self {
            Self::Off { .. } => (0, 0),
            Self::Recovering { attempt, dwell } => (attempt, dwell.saturating_add(1)),
        }
    }

    /// One cycle further. The way in is [`freeze`].
    #[must_use]
    pub fn advance(self, signal: RecoverySignal, rules: &Rules) -> (Self, Passage) {
        let (attempt, dwell) = match self {
            Self::Off { cooldown } => {
                return (
                    Self::Off {
                        cooldown: cooldown.saturating_sub(1),
                    },
                    Passage::Unchanged,
                );
            }
            Self::Recovering { .. } => self.counted(),
        };
        let left = Self::Off {
            cooldown: rules.resume.cooldown,
        };
        if signal.is_steady(rules) {
            (left, Passage::Resumed { after: dwell })
        } else if dwell < rules.phase_lock_timeout.get() {
            (Self::Recovering { attempt, dwell }, Passage::Unchanged)
        } else if attempt < rules.resume.attempts {
            let attempt = attempt + 1;
            (
                Self::Recovering { attempt, dwell: 0 },
                Passage::Forced { attempt },
            )
        } else {
            (left, Passage::GivenUp { attempts: attempt })
        }
    }
}

impl RecoverySignal {
    /// Steady over the whole window of PSI, or over the last answers: the one bad answer that led here
    /// stands in the window for longer than an attempt may last.
    fn is_steady(self, rules: &Rules) -> bool {
        let over = |value: Measured<Unit>, bound: Threshold| {
            value.value().is_some_and(|value| value.get() > bound.get())
        };
        let calm = self
            .psd
            .value()
            .is_some_and(|psd| psd.get() <= rules.resume.psd.get());
        let by_window = over(self.psi, rules.resume.psi) && calm;
        self.limits_hold && (by_window || over(self.equilibrium, rules.resume.equilibrium))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use sigma_types::Missing;

    const RULES: Rules = Rules::DEFAULT;

    fn signal(psi: f64, psd: f64, limits_hold: bool) -> RecoverySignal {
        let unit = |x| Measured::Value(Unit::new(x).unwrap());
        RecoverySignal {
            psi: unit(psi),
            psd: unit(psd),
            equilibrium: Measured::Missing(Missing::WindowTooShort),
            limits_hold,
        }
    }

    fn entered() -> (SafeMode, Entered) {
        freeze(Cycle(7), vec![Invariant::DriftLimit])
            .lock_posture()
            .snapshot(Hash256::of(b"assertions"))
            .purge()
            .begin_recovery()
    }

    #[test]
    fn the_five_steps_leave_evidence_in_order() {
        let (mode, entered) = entered();
        assert_eq!(
            mode,
            SafeMode::Recovering {
                attempt: 1,
                dwell: 0
            }
        );
        let steps: Vec<Step> = entered.steps.iter().map(|s| s.step).collect();
        assert_eq!(
            steps,
            [
                Step::OutputsFrozen,
                Step::PostureLocked,
                Step::SnapshotTaken,
                Step::VolatilePurged,
                Step::RecoveryBegun
            ]
        );
        let traces: std::collections::BTreeSet<_> = entered.steps.iter().map(|s| s.trace).collect();
        assert_eq!(traces.len(), 5);
    }

    #[test]
    fn the_way_out_is_strict_on_psi_and_inclusive_on_psd() {
        let out = |psi, psd| {
            !entered()
                .0
                .advance(signal(psi, psd, true), &RULES)
                .0
                .is_on()
        };
        assert!(out(0.901, 0.1));
        assert!(!out(0.9, 0.1), "psi has to exceed 0.9");
        assert!(!out(0.95, 0.101));
        assert!(
            entered()
                .0
                .advance(signal(1.0, 0.0, false), &RULES)
                .0
                .is_on()
        );
        let missing = RecoverySignal {
            psi: Measured::Missing(Missing::WindowTooShort),
            ..signal(1.0, 0.0, true)
        };
        assert!(entered().0.advance(missing, &RULES).0.is_on());
    }

    #[test]
    fn the_last_answers_lead_out_while_the_bad_one_is_still_in_the_window() {
        let out = |equilibrium: f64, limits_hold| {
            let told = RecoverySignal {
                equilibrium: Measured::Value(Unit::new(equilibrium).unwrap()),
                ..signal(0.8, 0.1, limits_hold)
            };
            !entered().0.advance(told, &RULES).0.is_on()
        };
        assert!(out(0.901, true));
        assert!(!out(0.9, true), "it has to exceed 0.9");
        assert!(!out(1.0, false));
    }

    #[test]
    fn two_failed_attempts_end_in_giving_the_field_up() {
        let mut mode = entered().0;
        let mut passages = Vec::new();
        for cycle in 1..=16 {
            let (next, passage) = mode.advance(signal(0.5, 0.4, true), &RULES);
            if passage != Passage::Unchanged {
                passages.push((cycle, passage));
            }
            mode = next;
        }
        assert_eq!(
            passages,
            [
                (8, Passage::Forced { attempt: 2 }),
                (16, Passage::GivenUp { attempts: 2 })
            ]
        );
        assert_eq!(mode, SafeMode::Off { cooldown: 5 });
    }

    #[test]
    fn convergence_stays_suspended_for_five_cycles_after() {
        let (mut mode, _) = entered().0.advance(signal(0.95, 0.0, true), &RULES);
        let mut cycles = 0;
        while mode.suspends_convergence() {
            mode = mode.advance(signal(0.95, 0.0, true), &RULES).0;
            cycles += 1;
        }
        assert_eq!(cycles, 5);
    }

    proptest! {
        #[test]
        fn safe_mode_always_ends(
            signals in proptest::collection::vec((0.0f64..=1.0, 0.0f64..=1.0, any::<bool>()), 16),
        ) {
            let mut mode = entered().0;
            let mut left = false;
            for (psi, psd, hold) in signals {
                mode = mode.advance(signal(psi, psd, hold), &RULES).0;
                left |= !mode.is_on();
            }
            prop_assert!(left);
        }
    }
}
