//! Fourth phase: whether the chosen transforms answer what was broken (`SRIP-06 §2.1`).

use serde::{Deserialize, Serialize};
use sigma_types::{Measured, Missing};

use crate::assertion::Assertions;
use crate::containment::{Containment, Transform};
use crate::entropy::{Distribution, EntropyMeter};
use crate::invariant::{Invariant, Validated, validate};
use crate::recursion::RecursionReading;
use crate::rules::Rules;

/// What became of the broken invariants of a cycle.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Reevaluation {
    /// Broken, and holding again once the transforms are carried out.
    pub settled: Vec<Invariant>,
    /// Broken, and only the next answer can show whether the transforms were right.
    pub awaiting: Vec<Invariant>,
    /// Whether the first choice of transforms was not enough and volatile state is cleared as well.
    pub escalated: bool,
    /// What earlier transforms were for, and holds again.
    pub verified: Vec<Invariant>,
    /// What earlier transforms were for, and is still broken.
    pub failed: Vec<Invariant>,
}

/// What the effects of transforms are reckoned with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field<'a> {
    pub(crate) meter: &'a EntropyMeter,
    pub(crate) now: &'a Distribution,
}

impl Reevaluation {
    /// Checks the transforms and adds a reset where they are not enough.
    pub(crate) fn of(
        assertions: &Assertions,
        validated: &Validated,
        containment: &mut Containment,
        field: Field<'_>,
        rules: &Rules,
    ) -> Self {
        let (awaiting, at_once): (Vec<_>, Vec<_>) = validated
            .broken()
            .partition(|invariant| invariant.needs_next_answer());
        let open = |containment: &Containment| {
            let after = validate(&effects(assertions, containment, field, rules), rules);
            at_once.iter().any(|invariant| after.is_broken(*invariant))
        };
        let escalated = open(containment);
        if escalated {
            containment.add([Transform::SuspendRecursion, Transform::Reset]);
        }
        Self {
            settled: at_once,
            awaiting,
            escalated,
            ..Self::default()
        }
    }

    /// Judges the transforms of earlier cycles by this one, and returns what still waits.
    pub(crate) fn judge(&mut self, awaited: &[Invariant], validated: &Validated) -> Vec<Invariant> {
        use crate::invariant::Standing::{Broken, Held, Unmeasured};
        let mut waiting = self.awaiting.clone();
        for invariant in awaited.iter().copied() {
            match validated.standing(invariant) {
                Some(Held { .. }) => self.verified.push(invariant),
                Some(Broken { .. }) => self.failed.push(invariant),
                Some(Unmeasured { .. }) | None => waiting.push(invariant),
            }
        }
        waiting.sort_unstable();
        waiting.dedup();
        waiting
    }
}

/// The assertions as they are once the transforms are carried out.
fn effects(
    assertions: &Assertions,
    containment: &Containment,
    field: Field<'_>,
    rules: &Rules,
) -> Assertions {
    let mut after = assertions.clone();
    let has = |wanted: &dyn Fn(&Transform) -> bool| containment.transforms.iter().any(wanted);
    if has(&|t| matches!(t, Transform::PruneContext { .. })) {
        after.recursion.echo.longest = after.recursion.echo.pruned(rules.isolation.loop_signature);
    }
    let suspended = has(&|t| {
        matches!(
            t,
            Transform::SuspendRecursion | Transform::LockPosture | Transform::Recovery { .. }
        )
    });
    if suspended {
        after.recursion.reading = RecursionReading {
            depth: 1,
            ..RecursionReading::default()
        };
    }
    if has(&|t| matches!(t, Transform::LockPosture | Transform::Recovery { .. })) {
        after.control.lock_cycles = 0;
    }
    if containment.clears_volatile() {
        after.symbols.entropy_change = Measured::Missing(Missing::NothingYet);
    } else {
        let cut_off = containment.cut_off();
        if !cut_off.is_empty() {
            let kept = field.now.without(&cut_off);
            after.symbols.entropy_change = field.meter.change(&kept, rules.entropy);
        }
    }
    after
}
