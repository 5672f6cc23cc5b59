//! Closing a cycle: lifecycle, merges, dissolutions and the entry of each attractor
//! (`SRIP-02 §5-§6`).

use serde::{Deserialize, Serialize};
use sigma_types::{AttractorId, Cycle, Hash256, Measured, Missing, NonNegative, Timestamp, Unit};
use std::collections::BTreeSet;

use super::Registry;
use crate::{
    Attractor, CausalRecord, Change, Dissolution, DissolutionCause, Lifecycle, LifecycleInputs,
    Transition,
    dissolve::dissolve,
    lifecycle,
    merge::{self, MotifVectors},
};

/// What was measured in a cycle.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Readings {
    /// Composite drift, unclamped (`SRIP-03 §4`).
    pub di_raw: NonNegative,
    /// Semantic drift (wire name `sdi`).
    pub semantic_drift: Measured<Unit>,
    /// Phase stability (`SRIP-08 §3.3`).
    pub psi: Measured<Unit>,
    /// Phase stability deviation in its trigger reading.
    pub psd: Measured<Unit>,
    /// Phase shift, absolute.
    pub ps_delta: Measured<Unit>,
    /// Phase coherence.
    pub pci: Measured<Unit>,
    /// Symbolic density of the answer against the whole dialogue (`SRIP-07 §3`).
    pub density: Measured<Unit>,
    /// The runtime holds the state for crystallized (`SRIP-03 §6.1`).
    pub crystallized: bool,
    /// A containment lock is on (`SRIP-03 §6`).
    pub locked: bool,
}

/// The line of an attractor in the ledger of a cycle (`SRIP-02 §6.6`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct RegistryEntry {
    /// The cycle.
    pub cycle: Cycle,
    /// When it was closed.
    pub at: Timestamp,
    /// The attractor.
    pub attractor: AttractorId,
    /// Whether the dialogue was at it when the cycle closed.
    pub active: bool,
    /// Phase stability.
    pub psi: Measured<Unit>,
    /// Phase stability deviation in its trigger reading.
    pub psd: Measured<Unit>,
    /// Phase shift, absolute.
    pub ps_delta: Measured<Unit>,
    /// Phase coherence.
    pub pci: Measured<Unit>,
    /// Semantic drift: one reading of the document's "SDI".
    #[serde(rename = "sdi")]
    pub semantic_drift: Measured<Unit>,
    /// Symbolic density against the whole dialogue: the other reading.
    pub symbolic_density: Measured<Unit>,
    /// Symbolic density against the motifs of this attractor.
    pub density: Measured<Unit>,
    /// Composite drift, unclamped.
    pub di_raw: NonNegative,
    /// Composite drift, clamped.
    pub di: Unit,
    /// Where it stands after the cycle.
    pub lifecycle: Lifecycle,
    /// Held too firmly.
    pub crystallized: bool,
    /// Under a containment lock.
    pub locked: bool,
    /// PSI under the nominal floor.
    pub below_nominal: bool,
    /// Recursion stays suspended.
    pub recursion_suspended: bool,
    /// The end of the causal chain when the entry was made.
    pub chain: Hash256,
}

/// A change of lifecycle state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LifecycleChange {
    /// The attractor.
    pub attractor: AttractorId,
    /// The change, its triggers and what follows from it.
    #[serde(flatten)]
    pub transition: Transition,
}

/// Two attractors that became one (`SRIP-02 §6.4`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Merge {
    /// The one that goes on: the older.
    pub into: AttractorId,
    /// The one that became part of it.
    pub from: AttractorId,
    /// Their overlap.
    pub overlap: Unit,
}

/// How a cycle was closed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Settlement {
    /// One for each attractor that the cycle took up or that changed.
    pub entries: Vec<RegistryEntry>,
    /// Changes of lifecycle state.
    pub transitions: Vec<LifecycleChange>,
    /// Merges.
    pub merges: Vec<Merge>,
    /// Dissolutions.
    pub dissolutions: Vec<Dissolution>,
    /// All that happened, as links of the causal chain, in order.
    pub records: Vec<CausalRecord>,
}

impl Registry {
    /// Closes a cycle: moves the attractors it took up through the lifecycle, merges those that
    /// overlap, dissolves those that kept fragmenting, and writes the entries
    /// (`SRIP-02 §5-§6`). `protected` holds the keys of the core motifs of the identity
    /// invariants: they outlive every dissolution. Motifs are joined by their keys alone.
    pub fn settle(
        &mut self,
        cycle: Cycle,
        at: Timestamp,
        readings: &Readings,
        protected: &BTreeSet<String>,
    ) -> Settlement {
        self.settle_with(cycle, at, readings, protected, &|_| None)
    }

    /// As [`settle`](Self::settle), with motifs joined by their vectors too.
    pub fn settle_with(
        &mut self,
        cycle: Cycle,
        at: Timestamp,
        readings: &Readings,
        protected: &BTreeSet<String>,
        vectors: MotifVectors<'_>,
    ) -> Settlement {
        self.now = self.now.max(cycle);
        self.protect(protected);
        let mut done = Settlement::default();
        let touched: Vec<AttractorId> = self
            .live
            .values()
            .filter(|a| Some(a.id) == self.active || a.last_cycle >= cycle)
            .map(|a| a.id)
            .collect();
        for id in &touched {
            self.advance(*id, cycle, at, readings, &mut done);
        }
        for id in &touched {
            self.merge_overlapping(*id, cycle, at, vectors, &mut done);
        }
        self.dissolve_fragmented(cycle, at, &mut done);
        done
    }

    /// Resets the field: every attractor that was taken up of late fragments and is dissolved; those
    /// that were left before
    /// [`reset_reach`](crate::rules::RegistryRules::reset_reach), protected motifs and the causal
    /// chain stay (`SRIP-02 §5-§6.5`, `SRIP-03 §6`).
    pub fn reset_field(
        &mut self,
        cycle: Cycle,
        at: Timestamp,
        protected: &BTreeSet<String>,
    ) -> Settlement {
        self.now = self.now.max(cycle);
        self.protect(protected);
        let mut done = Settlement::default();
        let reach = self.rules.registry.reset_reach;
        let in_field =
            |a: &&Attractor| Some(a.id) == self.active || cycle.since(a.last_cycle) < reach;
        let ids: Vec<AttractorId> = self.live.values().filter(in_field).map(|a| a.id).collect();
        for id in ids {
            self.fragment_by_reset(id, cycle, at, &mut done);
            self.end(id, DissolutionCause::FieldReset, cycle, at, &mut done);
        }
        self.pending.clear();
        done
    }

    fn advance(
        &mut self,
        id: AttractorId,
        cycle: Cycle,
        at: Timestamp,
        readings: &Readings,
        done: &mut Settlement,
    ) {
        // while its beginning may still be moved, an attractor earns no state by its phase
        let open = self.rules.subject.hindsight > 0
            && self
                .pending
                .iter()
                .any(|p| p.id == id && p.starts && p.saved.is_none());
        let unproven = |value| {
            if open {
                Measured::Missing(Missing::WindowTooShort)
            } else {
                value
            }
        };
        let inputs = LifecycleInputs {
            di_raw: readings.di_raw,
            psi: unproven(readings.psi),
            psd: unproven(readings.psd),
            field_reset: false,
            crystallized: readings.crystallized,
            locked: readings.locked,
        };
        let active = self.active == Some(id);
        let Some(attractor) = self.live.get_mut(&id) else {
            return;
        };
        let transition = lifecycle::next(attractor.lifecycle_state, &inputs, &self.rules.lifecycle);
        attractor.stability_index = readings.psi;
        attractor.phase_stability_delta = readings.psd;
        attractor.phase_shift_delta = readings.ps_delta;
        attractor.phase_alignment = readings.pci;
        attractor.drift_index = Measured::Value(readings.di_raw.to_unit());
        attractor.lifecycle_state = transition.to;
        attractor.crystallized = transition.crystallized;
        attractor.locked = transition.locked;
        attractor.below_nominal = transition.below_nominal;
        attractor.updated_at = attractor.updated_at.max(at);
        attractor.fragmenting_for = match transition.to {
            Lifecycle::Fragmenting => attractor.fragmenting_for.saturating_add(1),
            _ => 0,
        };
        let density = attractor.density;
        let parent = attractor.parent_id;
        if transition.changed() {
            done.records
                .push(self.chain.record(cycle, at, id, parent, moved(&transition)));
        }
        done.entries.push(RegistryEntry {
            cycle,
            at,
            attractor: id,
            active,
            psi: readings.psi,
            psd: readings.psd,
            ps_delta: readings.ps_delta,
            pci: readings.pci,
            semantic_drift: readings.semantic_drift,
            symbolic_density: readings.density,
            density,
            di_raw: readings.di_raw,
            di: readings.di_raw.to_unit(),
            lifecycle: transition.to,
            crystallized: transition.crystallized,
            locked: transition.locked,
            below_nominal: transition.below_nominal,
            recursion_suspended: transition.recursion_suspended,
            chain: self.chain.head(),
        });
        if transition.changed() {
            done.transitions.push(LifecycleChange {
                attractor: id,
                transition,
            });
        }
    }

    fn merge_overlapping(
        &mut self,
        id: AttractorId,
        cycle: Cycle,
        at: Timestamp,
        vectors: MotifVectors<'_>,
        done: &mut Settlement,
    ) {
        let Some(this) = self.live.get(&id) else {
            return;
        };
        let best = self
            .live
            .values()
            .filter(|other| other.id != id)
            .filter_map(|other| {
                let share = merge::overlap(this, other, cycle, &self.rules, vectors).value()?;
                (share.get() >= self.rules.merge.overlap).then_some((share, other.id))
            })
            .max_by(|a, b| a.0.get().total_cmp(&b.0.get()).then(b.1.cmp(&a.1)));
        let Some((overlap, other)) = best else { return };
        let age = |id: AttractorId| {
            self.live
                .get(&id)
                .map(|a| (a.origin_cycle, a.created_at, id))
        };
        let (into, from) = if age(id) <= age(other) {
            (id, other)
        } else {
            (other, id)
        };
        let Some(part) = self.live.remove(&from) else {
            return;
        };
        let Some(keeper) = self.live.get_mut(&into) else {
            return;
        };
        merge::merge_into(keeper, &part, cycle, &self.rules);
        if self.active == Some(from) {
            self.active = Some(into);
            // a lock lies on the field: the keeper may not have been taken up in this cycle
            keeper.locked = part.locked;
        }
        self.forget_pending(from);
        self.profiles.merge(from, into, &self.rules.exchange);
        let change = Change::Merged { into };
        done.records
            .push(self.chain.record(cycle, at, from, part.parent_id, change));
        done.merges.push(Merge {
            into,
            from,
            overlap,
        });
    }

    fn dissolve_fragmented(&mut self, cycle: Cycle, at: Timestamp, done: &mut Settlement) {
        let dwell = self.rules.registry.fragmenting_dwell;
        let over = |a: &&Attractor| a.fragmenting_for >= dwell.max(1);
        let ids: Vec<AttractorId> = self.live.values().filter(over).map(|a| a.id).collect();
        for id in ids {
            self.end(id, DissolutionCause::Fragmented, cycle, at, done);
        }
    }

    fn fragment_by_reset(
        &mut self,
        id: AttractorId,
        cycle: Cycle,
        at: Timestamp,
        done: &mut Settlement,
    ) {
        let Some(attractor) = self.live.get_mut(&id) else {
            return;
        };
        let inputs = LifecycleInputs {
            di_raw: NonNegative::ZERO,
            psi: attractor.stability_index,
            psd: attractor.phase_stability_delta,
            field_reset: true,
            crystallized: false,
            locked: attractor.locked,
        };
        let transition = lifecycle::next(attractor.lifecycle_state, &inputs, &self.rules.lifecycle);
        attractor.lifecycle_state = transition.to;
        attractor.crystallized = false;
        let parent = attractor.parent_id;
        if transition.changed() {
            done.records
                .push(self.chain.record(cycle, at, id, parent, moved(&transition)));
            done.transitions.push(LifecycleChange {
                attractor: id,
                transition,
            });
        }
    }

    fn end(
        &mut self,
        id: AttractorId,
        cause: DissolutionCause,
        cycle: Cycle,
        at: Timestamp,
        done: &mut Settlement,
    ) {
        let Some(attractor) = self.live.remove(&id) else {
            return;
        };
        let dissolution = dissolve(
            attractor,
            cause,
            &self.protected,
            cycle,
            at,
            &mut self.chain,
        );
        self.remains.keep(&dissolution.kept, &self.rules.motifs);
        if self.active == Some(id) {
            (self.active, self.last_active) = (None, Some(id));
        }
        self.forget_pending(id);
        done.records.push(dissolution.record.clone());
        done.dissolutions.push(dissolution);
    }
}

fn moved(transition: &Transition) -> Change {
    Change::Moved {
        from: transition.from,
        to: transition.to,
        triggers: transition.triggers.clone(),
    }
}
