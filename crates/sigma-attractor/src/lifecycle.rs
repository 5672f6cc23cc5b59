//! The five states of an attractor and what moves it between them (`SRIP-02 §5-§6`).

use serde::{Deserialize, Serialize};
use sigma_types::{Measured, NonNegative, Unit};

use crate::rules::LifecycleRules;

/// Where an attractor stands (`SRIP-02 §4 lifecycle_state`), from the calmest to the harshest.
///
/// Exhaustive on purpose: the schema closes the set, and every projection must cover it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Lifecycle {
    /// Motifs begin to cohere.
    Forming,
    /// The subject holds.
    Stable,
    /// Drift or misalignment asks for correction.
    Reflective,
    /// Recursion is suspended and structure is restored.
    Recovery,
    /// Controlled dissolution or merge.
    Fragmenting,
}

impl Lifecycle {
    /// All five, in the order of the schema.
    pub const ALL: [Self; 5] = [
        Self::Forming,
        Self::Stable,
        Self::Reflective,
        Self::Recovery,
        Self::Fragmenting,
    ];

    /// The wire name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Forming => "forming",
            Self::Stable => "stable",
            Self::Reflective => "reflective",
            Self::Recovery => "recovery",
            Self::Fragmenting => "fragmenting",
        }
    }
}

/// What a state is decided from.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LifecycleInputs {
    /// Composite drift, unclamped: it decides (`SRIP-03 §4`).
    pub di_raw: NonNegative,
    /// Phase stability (`SRIP-08 §3.3`).
    pub psi: Measured<Unit>,
    /// Phase stability deviation in its trigger reading: zero at or above the expected PSI.
    pub psd: Measured<Unit>,
    /// The field is being reset.
    pub field_reset: bool,
    /// The runtime holds this attractor for crystallized (`SRIP-03 §6.1`).
    pub crystallized: bool,
    /// A containment lock is on (`SRIP-03 §6`).
    pub locked: bool,
}

/// Why a state was entered or kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Trigger {
    /// The field is reset.
    FieldReset,
    /// Drift over the fragmenting limit.
    DriftFragmenting,
    /// Drift at or over the recovery limit.
    DriftRecovery,
    /// PSI under the recovery floor.
    PsiRecovery,
    /// Drift at or over the reflective limit.
    DriftReflective,
    /// PSD at or over its limit.
    PsdReflective,
    /// Drift low and PSI high: the entry into stable.
    Settled,
    /// Nothing fired and the state may stay.
    Held,
    /// Nothing harsh fires any more, and stable is not yet earned.
    Eased,
    /// A containment lock keeps the state from easing.
    Locked,
}

/// The outcome of one decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Transition {
    /// Before.
    pub from: Lifecycle,
    /// After; may equal `from`.
    pub to: Lifecycle,
    /// All that fired for `to`, in order of severity. Never empty.
    pub triggers: Vec<Trigger>,
    /// PSI lies under the nominal floor (`SRIP-02 §6.1`).
    pub below_nominal: bool,
    /// Crystallized; only a stable attractor can be.
    pub crystallized: bool,
    /// Under a containment lock.
    pub locked: bool,
    /// Recursion stays suspended while this holds (`SRIP-02 §6.3`).
    pub recursion_suspended: bool,
    /// Recovery was entered just now: clear volatile deltas and restore from a PIL-safe snapshot
    /// where there is one (`SRIP-02 §6.3`).
    pub restore: bool,
}

impl Transition {
    /// Whether the state changed.
    pub fn changed(&self) -> bool {
        self.from != self.to
    }
}

/// Decides the next state (`SRIP-02 §5-§6`).
///
/// The harshest trigger that fires wins. Where none fires, `forming` and `stable` are kept
/// (enter/stay hysteresis) and the harsher three ease to `reflective`, so that a calmer reading
/// never yields a harsher state. A missing PSI fires nothing and earns nothing. A lock stops easing.
#[must_use]
pub fn next(state: Lifecycle, inputs: &LifecycleInputs, rules: &LifecycleRules) -> Transition {
    let (mut to, mut triggers) = triggered(state, inputs, rules);
    if inputs.locked && to < state {
        (to, triggers) = (state, vec![Trigger::Locked]);
    }
    let psi = inputs.psi.value().map(Unit::get);
    Transition {
        from: state,
        to,
        triggers,
        below_nominal: psi.is_some_and(|psi| psi < rules.psi_nominal),
        crystallized: inputs.crystallized && to == Lifecycle::Stable,
        locked: inputs.locked,
        recursion_suspended: to == Lifecycle::Recovery,
        restore: to == Lifecycle::Recovery && state != Lifecycle::Recovery,
    }
}

fn triggered(
    state: Lifecycle,
    inputs: &LifecycleInputs,
    rules: &LifecycleRules,
) -> (Lifecycle, Vec<Trigger>) {
    let di = inputs.di_raw.get();
    let psi = inputs.psi.value().map(Unit::get);
    let psd = inputs.psd.value().map(Unit::get);
    let fired = |pairs: [(bool, Trigger); 2]| -> Vec<Trigger> {
        pairs
            .into_iter()
            .filter_map(|(on, trigger)| on.then_some(trigger))
            .collect()
    };
    let ladder = [
        (
            Lifecycle::Fragmenting,
            fired([
                (inputs.field_reset, Trigger::FieldReset),
                (di > rules.di_fragmenting, Trigger::DriftFragmenting),
            ]),
        ),
        (
            Lifecycle::Recovery,
            fired([
                (di >= rules.di_recovery, Trigger::DriftRecovery),
                (
                    psi.is_some_and(|psi| psi < rules.psi_recovery),
                    Trigger::PsiRecovery,
                ),
            ]),
        ),
        (
            Lifecycle::Reflective,
            fired([
                (di >= rules.di_reflective, Trigger::DriftReflective),
                (
                    psd.is_some_and(|psd| psd >= rules.psd_reflective),
                    Trigger::PsdReflective,
                ),
            ]),
        ),
    ];
    for (to, triggers) in ladder {
        if !triggers.is_empty() {
            return (to, triggers);
        }
    }
    if di < rules.di_stable && psi.is_some_and(|psi| psi > rules.psi_stable) {
        return (Lifecycle::Stable, vec![Trigger::Settled]);
    }
    match state {
        Lifecycle::Forming | Lifecycle::Stable | Lifecycle::Reflective => {
            (state, vec![Trigger::Held])
        }
        Lifecycle::Recovery | Lifecycle::Fragmenting => {
            (Lifecycle::Reflective, vec![Trigger::Eased])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::SRIP_2026_04;
    use proptest::prelude::*;

    const RULES: LifecycleRules = SRIP_2026_04.lifecycle;

    fn inputs(di: f64, psi: f64) -> LifecycleInputs {
        LifecycleInputs {
            di_raw: NonNegative::new(di).unwrap(),
            psi: Measured::Value(Unit::new(psi).unwrap()),
            psd: Measured::Value(Unit::clamped(0.90 - psi)),
            field_reset: false,
            crystallized: false,
            locked: false,
        }
    }

    fn to(state: Lifecycle, di: f64, psi: f64) -> Lifecycle {
        next(state, &inputs(di, psi), &RULES).to
    }

    #[test]
    fn every_threshold_sits_on_its_printed_side() {
        use Lifecycle::*;
        let under = |x: f64| x - 1e-9;
        let over = |x: f64| x + 1e-9;
        // stable: DI < .35 and PSI > .8
        assert_eq!(to(Forming, under(0.35), over(0.8)), Stable);
        assert_eq!(to(Forming, 0.35, 0.95), Forming);
        assert_eq!(to(Forming, 0.1, 0.8), Forming);
        // reflective: DI >= .5 or PSD >= .15
        assert_eq!(to(Stable, under(0.5), 0.95), Stable);
        assert_eq!(to(Stable, 0.5, 0.95), Reflective);
        assert_eq!(to(Stable, 0.1, 0.75), Reflective);
        assert_eq!(to(Stable, 0.1, over(0.75)), Stable);
        // recovery: DI >= .6 or PSI < .6
        assert_eq!(to(Stable, under(0.6), 0.95), Reflective);
        assert_eq!(to(Stable, 0.6, 0.95), Recovery);
        assert_eq!(to(Stable, 0.1, 0.6), Reflective);
        assert_eq!(to(Stable, 0.1, under(0.6)), Recovery);
        // fragmenting: DI > .7
        assert_eq!(to(Stable, 0.7, 0.95), Recovery);
        assert_eq!(to(Stable, over(0.7), 0.95), Fragmenting);
    }

    #[test]
    fn stable_is_kept_in_the_gap_but_not_entered_there() {
        assert_eq!(to(Lifecycle::Stable, 0.45, 0.78), Lifecycle::Stable);
        assert_eq!(to(Lifecycle::Reflective, 0.45, 0.78), Lifecycle::Reflective);
        assert_eq!(to(Lifecycle::Recovery, 0.45, 0.78), Lifecycle::Reflective);
        assert_eq!(to(Lifecycle::Fragmenting, 0.2, 0.95), Lifecycle::Stable);
    }

    #[test]
    fn a_reset_fragments_and_a_lock_holds() {
        let reset = LifecycleInputs {
            field_reset: true,
            ..inputs(0.0, 1.0)
        };
        let outcome = next(Lifecycle::Stable, &reset, &RULES);
        assert_eq!(
            (outcome.to, outcome.triggers),
            (Lifecycle::Fragmenting, vec![Trigger::FieldReset])
        );
        let locked = LifecycleInputs {
            locked: true,
            ..inputs(0.0, 1.0)
        };
        let outcome = next(Lifecycle::Recovery, &locked, &RULES);
        assert_eq!(
            (outcome.to, outcome.triggers),
            (Lifecycle::Recovery, vec![Trigger::Locked])
        );
        assert!(!outcome.restore && outcome.recursion_suspended);
    }

    #[test]
    fn the_flags_follow_psi_and_the_state() {
        assert!(next(Lifecycle::Stable, &inputs(0.1, 0.749), &RULES).below_nominal);
        assert!(!next(Lifecycle::Stable, &inputs(0.1, 0.75), &RULES).below_nominal);
        let flagged = LifecycleInputs {
            crystallized: true,
            ..inputs(0.1, 0.95)
        };
        assert!(next(Lifecycle::Stable, &flagged, &RULES).crystallized);
        let moved = LifecycleInputs {
            crystallized: true,
            ..inputs(0.55, 0.95)
        };
        assert!(!next(Lifecycle::Stable, &moved, &RULES).crystallized);
        assert!(next(Lifecycle::Stable, &inputs(0.65, 0.95), &RULES).restore);
    }

    #[test]
    fn a_missing_psi_neither_settles_nor_alarms() {
        let missing = Measured::Missing(sigma_types::Missing::WindowTooShort);
        let unknown = LifecycleInputs {
            psi: missing,
            psd: missing,
            ..inputs(0.1, 1.0)
        };
        assert_eq!(
            next(Lifecycle::Forming, &unknown, &RULES).to,
            Lifecycle::Forming
        );
    }

    proptest! {
        #[test]
        fn a_calmer_reading_never_gives_a_harsher_state(
            state in 0usize..5, di in 0.0f64..1.5, less in 0.0f64..1.0, psi in 0.0f64..=1.0,
        ) {
            let state = Lifecycle::ALL[state];
            let rank = |l: Lifecycle| if l == Lifecycle::Forming { Lifecycle::Stable } else { l };
            prop_assert!(rank(to(state, di * less, psi)) <= rank(to(state, di, psi)));
        }

        #[test]
        fn every_outcome_names_its_trigger(
            state in 0usize..5, di in 0.0f64..3.0, psi in 0.0f64..=1.0, reset: bool, locked: bool,
        ) {
            let given = LifecycleInputs { field_reset: reset, locked, ..inputs(di, psi) };
            prop_assert!(!next(Lifecycle::ALL[state], &given, &RULES).triggers.is_empty());
        }
    }
}
