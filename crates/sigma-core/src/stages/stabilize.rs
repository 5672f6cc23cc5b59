//! Stage 3, Stabilization Pass: what the last answer's drift and containment call for, carried out
//! before anything is generated (`SRIP-01 §4`, `SRIP-03 §7`, `SRIP-06 §7`).

use sigma_aegida::{DissolveCause, RecursionPermit};
use sigma_attractor::Settlement;
use sigma_drift::{Recursion, StabilizationPlan};

use super::{Ingested, Interpreted, Stage};
use crate::directives::directive_lines;
use crate::relation::{self, Arriving, Opened};

/// The field after control, with what the prompt is to be told.
pub(crate) struct Stabilized<'a> {
    pub(crate) before: Interpreted<'a>,
    pub(crate) plan: StabilizationPlan,
    pub(crate) directives: Vec<String>,
    /// The last answer stays out of the prompt.
    pub(crate) suspended: bool,
    /// What a reset did to the attractors.
    pub(crate) reset: Settlement,
    /// State is to be restored from the bounded snapshot.
    pub(crate) restore: bool,
    /// The message as relational stabilization read it; `None` while that is off.
    pub(crate) relation: Option<Opened>,
}

impl<'a> Interpreted<'a> {
    pub(crate) fn stabilize(mut self) -> Stabilized<'a> {
        let base = &mut self.base;
        let plan = std::mem::take(&mut base.state.plan);
        let commanded = base.state.control.in_force(base.cycle);
        let mut directives = directive_lines(&plan);
        let vector = base.state.last.as_ref().map(|last| last.phase.vector);
        for line in commanded.directives(vector) {
            if !directives.contains(&line) {
                directives.push(line);
            }
        }
        let suspended = plan.recursion == Recursion::Suspended
            || base.state.containment.recursion == RecursionPermit::Suspended
            || commanded.recenter;
        let mut reset = Settlement::default();
        if resets_field(&plan, &base.state.containment) {
            let protected = base.state.protected();
            reset = base
                .state
                .registry
                .reset_field(base.cycle, base.at, &protected);
            // the subject that the user just took up goes on in the empty field
            self.uptake = base.state.registry.take_up(&sigma_attractor::Turn {
                cycle: base.cycle,
                at: base.at,
                speaker: sigma_types::Speaker::User,
                utterance: &base.user,
            });
        }
        let restore = restores(&plan, &base.state.containment);
        let relation = open_relation(base);
        base.watch.lap(Stage::Stabilize);
        Stabilized {
            before: self,
            plan,
            directives,
            suspended,
            reset,
            restore,
            relation,
        }
    }
}

fn open_relation(base: &mut Ingested<'_>) -> Option<Opened> {
    let arriving = Arriving {
        text: &base.input.user,
        participant: base.input.participant.as_deref(),
        speaking: &base.input.speaking,
        events: &base.input.events,
        at: base.at,
        cycle: base.cycle,
    };
    relation::begin(&mut base.state, base.engine.relations(), &arriving)
}

fn resets_field(plan: &StabilizationPlan, containment: &crate::engine::Containment) -> bool {
    use sigma_aegida::Transform as Safety;
    use sigma_drift::Transform as Drift;
    plan.transforms.contains(&Drift::ResetField)
        || containment.transforms.iter().any(|transform| {
            matches!(
                transform,
                Safety::Dissolve {
                    cause: DissolveCause::Collapse | DissolveCause::FailedRecovery
                }
            )
        })
}

fn restores(plan: &StabilizationPlan, containment: &crate::engine::Containment) -> bool {
    use sigma_aegida::Transform as Safety;
    use sigma_drift::Transform as Drift;
    plan.transforms.contains(&Drift::RestoreFromInvariants)
        || containment.transforms.iter().any(|transform| {
            matches!(
                transform,
                Safety::Recovery { .. } | Safety::Reset | Safety::Dissolve { .. }
            )
        })
}
