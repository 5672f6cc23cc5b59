//! Measuring an answer and folding it into copies of registry, monitor and kernel.

use sigma_aegida::{Kernel, LedgerEntry, RecursionReading, SafetyOutcome};
use sigma_attractor::{Attractor, Readings, Registry, Settlement, Turn, Uptake, UptakeEvent};
use sigma_drift::{AttractorView, DriftSample, Monitor, Observation, SubjectMove};
use sigma_text::Utterance;
use sigma_types::{Measured, Speaker};

use super::telemetry::telemetry;
use crate::session::State;
use crate::stages::Generated;

/// An answer as measured, with what the field would be after it.
pub(super) struct Folded {
    pub(super) registry: Registry,
    pub(super) monitor: Monitor,
    pub(super) kernel: Kernel,
    pub(super) drift: DriftSample,
    /// What the answer did to the subject; `None` if it was kept out of the field.
    pub(super) uptake: Option<Uptake>,
    pub(super) settlement: Settlement,
    pub(super) safety: SafetyOutcome,
    pub(super) discarded: Option<LedgerEntry>,
}

impl Generated<'_> {
    pub(super) fn state(&self) -> &State {
        &self.before.before.before.before.base.state
    }

    pub(super) fn state_mut(&mut self) -> &mut State {
        &mut self.before.before.before.before.base.state
    }

    pub(super) fn fold(&self, answer: &Utterance, recursion: RecursionReading) -> Folded {
        let base = &self.before.before.before.before.base;
        let state = &base.state;
        let mut monitor = state.monitor.clone();
        let drift = monitor.measure(&self.observation(answer));

        let mut registry = state.registry.clone();
        let uptake = registry.take_up(&Turn {
            cycle: base.cycle,
            at: base.at,
            speaker: Speaker::Assistant,
            utterance: answer,
        });
        let mut kernel = state.kernel.clone();
        let safety = kernel.examine(&telemetry(base, &registry, &drift, answer, recursion));
        let folds = safety.output.folds();
        if !folds {
            registry = state.registry.clone();
        }
        let locked = safety.containment_locked || state.control.in_force(base.cycle).locked;
        let readings = readings(&drift, locked);
        let settlement = registry.settle(base.cycle, base.at, &readings, &state.protected());
        Folded {
            registry,
            monitor,
            kernel,
            drift,
            uptake: folds.then_some(uptake),
            settlement,
            safety,
            discarded: None,
        }
    }

    fn observation<'b>(&'b self, answer: &'b Utterance) -> Observation<'b> {
        let interpreted = &self.before.before.before.before;
        let base = &interpreted.base;
        let info = base.engine.embeddings().info();
        let mut seen = Observation::new(base.cycle, &base.user, answer, info);
        // the subject as the user left it: what the answer makes of it is what is measured
        seen.attractor = base.state.registry.active().map(view);
        seen.uptake = subject_move(interpreted.uptake.event);
        seen.safe_mode = base.state.containment.convergence_suspended;
        seen.lookup = base.engine.embeddings().local();
        seen
    }
}

fn view(attractor: &Attractor) -> AttractorView<'_> {
    AttractorView {
        name: &attractor.name,
        motifs: attractor
            .motifs
            .iter()
            .map(|motif| {
                (
                    motif.key.as_str(),
                    motif.surface.as_str(),
                    motif.weight.get(),
                )
            })
            .collect(),
        centroid: attractor.centroid.as_ref(),
    }
}

fn subject_move(event: UptakeEvent) -> SubjectMove {
    match event {
        UptakeEvent::Opening => SubjectMove::Opening,
        UptakeEvent::Continued | UptakeEvent::Recognised { .. } => SubjectMove::Continued,
        UptakeEvent::Formed => SubjectMove::Changed,
        UptakeEvent::Returned { .. } => SubjectMove::Returned,
        _ => SubjectMove::Unknown,
    }
}

fn readings(drift: &DriftSample, locked: bool) -> Readings {
    Readings {
        di_raw: drift.grounded.di_raw,
        semantic_drift: drift.grounded.sdi,
        psi: Measured::Value(drift.phase.psi),
        psd: Measured::Value(drift.phase.psd),
        ps_delta: drift.phase.ps_delta,
        pci: drift.phase.pci,
        density: drift.density.sd,
        crystallized: drift.crystallized,
        locked,
    }
}
