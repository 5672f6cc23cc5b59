//! What a cycle leaves: the next state, memory frames, ledger entries and the report.

use std::collections::BTreeMap;

use sigma_attractor::Attractor;
use sigma_drift::ControlPosture;
use sigma_memory::{
    AttractorDelta, Field, Frame, Invariants, Measures, RecoveryPermit, RecoveryPlan, Spoken,
};
use sigma_ris::{Channel, Mode, OperationalEvent};
use sigma_text::Utterance;
use sigma_types::{AttractorId, Measured, Unit};

use super::fold::Folded;
use crate::context::{likeness, pruned};
use crate::control;
use crate::engine::Done;
use crate::prompt::Exchange;
use crate::relation::RelationNote;
use crate::report::{
    ActiveNote, CycleReport, MemoryNote, ModelNote, PromptNote, RecallNote, SubjectNote,
};
use crate::runtime::TurnError;
use crate::session::{SessionError, State};
use crate::stages::{Generated, Stage};

/// Motifs that a report names and a frame's record keeps.
const MOTIFS: usize = 8;
/// Calm cycles between two snapshots.
const SNAPSHOT_EVERY: u64 = 10;
/// Cycles set aside that are still known.
const MOST_SET_ASIDE: usize = 512;

impl Generated<'_> {
    pub(super) fn keep(
        mut self,
        folded: Folded,
        answer: &Utterance,
        regenerated: bool,
    ) -> Result<Done, TurnError> {
        let session = self.before.before.before.before.base.session;
        let invariants = session.memory.invariants();
        let recovery = self.plan_recovery(&folded, &invariants);
        let frames = self.frames(&folded, answer)?;
        let set_aside = !folded.safety.output.folds();
        let active = folded.registry.active().map(note_active);
        let motifs = folded
            .registry
            .motifs(MOTIFS)
            .into_iter()
            .map(|m| m.surface)
            .collect();
        let subject = SubjectNote {
            user: self.before.before.before.before.uptake.event,
            boundary: self.before.before.before.before.uptake.boundary,
            answer: folded.uptake.as_ref().map(|uptake| uptake.event),
            exchange: folded.uptake.as_ref().and_then(|uptake| uptake.exchange),
        };
        let recalled = self.recalled();
        let relation = self.close_relation();
        let plan = folded.drift.plan.clone();
        self.advance(&folded, plan, set_aside, recovery.is_some());

        let aligned = self.before;
        let stabilized = aligned.before.before;
        let mut base = stabilized.before.base;
        base.watch.lap(Stage::Update);
        let commands = base.state.control.told(base.cycle);
        let ended = control::close(&mut base.state, base.cycle, base.at);
        let mut dissolutions = stabilized.reset.dissolutions;
        dissolutions.extend(folded.settlement.dissolutions);
        let ledger = folded
            .discarded
            .into_iter()
            .chain(folded.safety.entries.clone())
            .chain(ended)
            .collect();
        let report = CycleReport {
            session: base.state.session.clone(),
            cycle: base.cycle,
            at: base.at,
            user: base.input.user,
            answer: self.answer.text.clone(),
            model: ModelNote {
                name: self.answer.model.clone(),
                finish_reason: self.answer.finish_reason.clone(),
                usage: self.answer.usage,
            },
            embedder: base.state.embedder.clone(),
            weights_hash: base.state.weights_hash,
            stages: base.watch.times(),
            subject,
            applied: stabilized.plan,
            directives: stabilized.directives,
            recalled,
            prompt: PromptNote {
                segments: self.prompt.segments,
                tokens: self.prompt.tokens,
                budget: self.prompt.budget,
            },
            drift: folded.drift,
            attractors: folded.settlement.entries,
            active,
            transitions: folded.settlement.transitions,
            merges: folded.settlement.merges,
            dissolutions,
            motifs,
            memory: MemoryNote {
                frames: frames.iter().map(|frame| frame.id).collect(),
                invariants,
                recovery: recovery.as_ref().map(|plan| plan.tombstone().pruned.len()),
                set_aside,
            },
            safety: folded.safety,
            regenerated,
            commands,
            relation,
        };
        Ok(Done {
            state: base.state,
            frames,
            recovery,
            ledger,
            report,
            answer: self.answer,
        })
    }

    /// What relational stabilization did, folded into the state.
    fn close_relation(&mut self) -> Option<RelationNote> {
        let outgoing = self.outgoing.take()?;
        let opened = self.before.before.before.relation.clone()?;
        let base = &mut self.before.before.before.before.base;
        let slow = base.watch.took(Stage::Generate);
        let rules = base.engine.relations().rules;
        let ris = base.state.ris.as_mut()?;
        let evidence = ris.end(base.cycle, &outgoing.made, &outgoing.released, &rules);
        if slow > rules.slow_answer_micros {
            ris.expect(OperationalEvent::Latency);
        }
        if self.answer.finish_reason == "content_filter" {
            ris.expect(OperationalEvent::BlockedReply);
        }
        let shadowed = opened.plan.mode == Mode::Shadow && evidence.altered;
        Some(RelationNote {
            spec_version: rules.revision.spec_version().into(),
            turn: opened.turn,
            planned: opened.plan.action,
            guidance: opened.plan.guidance.len(),
            evidence,
            proposed: shadowed.then_some(outgoing.released.text),
            first_wait_micros: outgoing.first_wait_micros,
        })
    }

    /// A recovery is due where control or containment calls for one, or noise has grown over its limit
    /// (Rule 9.1). Without a snapshot there is nothing to go back to yet.
    fn plan_recovery(&self, folded: &Folded, invariants: &Invariants) -> Option<RecoveryPlan> {
        let stabilized = &self.before.before.before;
        let base = &stabilized.before.base;
        let memory = &base.session.memory;
        let snapshot = base.state.snapshot.clone()?;
        let permit = if stabilized.restore {
            RecoveryPermit::by_containment(memory, folded.kernel.ledger().head())
        } else {
            RecoveryPermit::by_entropy(memory, invariants)
        }?;
        match memory.plan_recovery(permit, snapshot, base.at) {
            Ok(plan) => Some(plan),
            Err(error) => {
                tracing::warn!(session = %base.state.session, %error, "recovery was not possible");
                None
            }
        }
    }

    fn frames(&self, folded: &Folded, answer: &Utterance) -> Result<Vec<Frame>, TurnError> {
        let base = &self.before.before.before.before.base;
        let mut user = Spoken::by_user(&base.user);
        if let Some(name) = &base.input.participant {
            user = user.named(name);
        }
        let mut spoken = vec![user];
        if !answer.reading.words.is_empty() {
            spoken.push(Spoken::by_model(answer, &self.shown));
        }
        let field = self.field(folded);
        let info = base.engine.embeddings().info();
        base.session
            .memory
            .compose(&field, info, &spoken)
            .map_err(|error| {
                SessionError::BadMemory {
                    session: base.state.session.clone(),
                    source: error.into(),
                }
                .into()
            })
    }

    fn field(&self, folded: &Folded) -> Field {
        let base = &self.before.before.before.before.base;
        let active = folded.registry.active();
        let sample = &folded.drift.grounded;
        let mut field = Field::unmeasured(base.cycle, base.at);
        field.phase = active.map(|attractor| attractor.lifecycle_state);
        field.attractor = active.map(|attractor| attractor.id);
        field.measures = Measures {
            sdi: sample.sdi,
            sv: sample.sv,
            pd: sample.pd,
            scr: sample.scr,
            di: Measured::Value(sample.di_raw),
            psi: Measured::Value(folded.drift.phase.psi),
            density: folded.drift.density.sd,
        };
        field.phase_vector = Some(folded.drift.phase.vector);
        field.attractors = deltas(&base.session.state, folded);
        field.motifs = folded
            .registry
            .motifs(MOTIFS)
            .into_iter()
            .map(|motif| motif.key)
            .collect();
        field
    }

    fn recalled(&self) -> Vec<RecallNote> {
        let shown = |frame| self.shown.iter().any(|item| item.provenance.frame == frame);
        self.before
            .before
            .recalled
            .iter()
            .map(|item| RecallNote {
                frame: item.provenance.frame,
                cycle: item.provenance.cycle,
                speaker: item.provenance.speaker,
                summary: item.summary.clone(),
                score: item.score,
                reasons: item.reasons.clone(),
                shown: shown(item.provenance.frame),
            })
            .collect()
    }

    /// Moves the state on to the end of the cycle.
    fn advance(
        &mut self,
        folded: &Folded,
        plan: sigma_drift::StabilizationPlan,
        set_aside: bool,
        recovered: bool,
    ) {
        let answer = self.answer.text.clone();
        let base = &mut self.before.before.before.before.base;
        let most = base.engine.prompt_rules().max_recent;
        let calm = folded.drift.posture == ControlPosture::Nominal && !set_aside && !recovered;
        let state = &mut base.state;
        state.cycle = base.cycle;
        state.updated_at = base.at;
        state.registry = folded.registry.clone();
        state.monitor = folded.monitor.clone();
        state.kernel = folded.kernel.clone();
        state.containment = state.containment.after(&folded.safety);
        state.plan = plan;
        state.last = Some(folded.drift.clone());
        if set_aside {
            state.set_aside.insert(base.cycle);
            while state.set_aside.len() > MOST_SET_ASIDE {
                state.set_aside.pop_first();
            }
        }
        let drift = &folded.drift;
        let left_out = pruned(
            state,
            (base.cycle, &answer),
            drift,
            &folded.safety.transforms,
        );
        state.echoes.pruned.extend(left_out);
        let like = likeness(drift).map(|like| (base.cycle, like));
        state.echoes.likeness.extend(like);
        let user = base.input.user.clone();
        let shared = base.input.speaking.channel == Channel::Group;
        state.recent.push_back(Exchange {
            cycle: base.cycle,
            user,
            assistant: answer,
            participant: shared.then(|| base.input.participant.clone()).flatten(),
        });
        while state.recent.len() > most {
            state.recent.pop_front();
        }
        let oldest = state.recent.front().map_or(base.cycle, |turn| turn.cycle);
        state.echoes.since(oldest);
        // the memory before this cycle is a calm past if the last cycles were calm
        let due = state
            .snapshot
            .as_ref()
            .map_or(1, |snapshot| base.cycle.since(snapshot.cycle));
        if calm && due >= SNAPSHOT_EVERY || state.snapshot.is_none() && base.cycle.0 > 1 && calm {
            state.snapshot = Some(base.session.memory.snapshot(base.at));
        }
    }
}

fn note_active(attractor: &Attractor) -> ActiveNote {
    ActiveNote {
        id: attractor.id,
        name: attractor.name.clone(),
        kind: attractor.kind,
        lifecycle: attractor.lifecycle_state,
        origin: attractor.origin_cycle,
    }
}

fn deltas(before: &State, folded: &Folded) -> Vec<AttractorDelta> {
    let old: BTreeMap<AttractorId, &Attractor> =
        before.registry.iter().map(|a| (a.id, a)).collect();
    let entries = folded.settlement.entries.iter();
    entries
        .filter_map(|entry| {
            let now = folded.registry.find(entry.attractor)?;
            let then = old.get(&entry.attractor);
            let value = |m: Measured<Unit>| m.value().map_or(0.0, Unit::get);
            let change = |now, then: Option<_>| value(now) - then.map_or(0.0, value);
            Some(AttractorDelta {
                id: now.id,
                phase: now.lifecycle_state,
                stability: change(now.stability_index, then.map(|a| a.stability_index)),
                density: change(now.density, then.map(|a| a.density)),
                drift: change(now.drift_index, then.map(|a| a.drift_index)),
            })
        })
        .collect()
}
