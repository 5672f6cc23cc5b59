//! The four surfaces of a session (`SRIP-01 §6`): field, memory and attractors as they stand, and
//! telemetry as it comes.

use serde::{Deserialize, Serialize};
use sigma_aegida::{Ledger, Rules, SafetyStatus};
use sigma_attractor::{Attractor, MotifSet, RelationalPhase, project};
use sigma_drift::{ControlPosture, DriftSample};
use sigma_memory::{Footprint, FrameId, Invariants, MemoryLayer, Pil, Query, Recalled};
use sigma_text::{EmbedderId, Utterance};
use sigma_types::{AttractorId, Cycle, Hash256, SessionId, Timestamp};

use crate::control::PhaseNote;
use crate::session::Session;

/// The Field API: state, drift indices and phase of a session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FieldState {
    /// The session.
    pub session: SessionId,
    /// The last committed cycle.
    pub cycle: Cycle,
    /// When it ended.
    pub updated_at: Timestamp,
    /// The posture that control is in.
    pub posture: ControlPosture,
    /// Phase in the vocabulary of `SRIP-13 §VIII.3`, of the active attractor.
    pub phase: Option<RelationalPhase>,
    /// The last cycle's measurement; `None` before the first.
    pub drift: Option<DriftSample>,
    /// The active attractor.
    pub active: Option<AttractorId>,
    /// Safety in the words of the wire.
    pub safety_status: SafetyStatus,
    /// The model behind all vectors.
    pub embedder: EmbedderId,
    /// Its weights.
    pub weights_hash: Hash256,
}

/// The Memory API, reading side. What is written is written by turns, with their commit.
#[derive(Clone, Copy)]
pub struct MemorySurface<'a>(&'a Session);

/// The Attractor API: attractors are registered, aligned and dissolved by cycles, never from outside;
/// here they are seen.
#[derive(Clone, Copy)]
pub struct AttractorSurface<'a>(&'a Session);

impl Session {
    /// The field as it stands.
    pub fn field(&self) -> FieldState {
        let state = &self.state;
        let active = state.registry.active();
        FieldState {
            session: state.session.clone(),
            cycle: state.cycle,
            updated_at: state.updated_at,
            posture: state
                .last
                .as_ref()
                .map_or(ControlPosture::Nominal, |last| last.posture),
            phase: active.map(|a| project(a.lifecycle_state, a.crystallized, a.locked).relational),
            drift: state.last.clone(),
            active: active.map(|a| a.id),
            safety_status: self.safety_status(),
            embedder: state.embedder.clone(),
            weights_hash: state.weights_hash,
        }
    }

    /// Safety in the words of the wire, with the commands that hold in the next cycle.
    pub fn safety_status(&self) -> SafetyStatus {
        let state = &self.state;
        let holding = state.control.in_force(state.cycle.next());
        holding.over(state.kernel.status())
    }

    /// Whether attractors neither form, merge nor change state in the next cycle.
    pub fn is_locked(&self) -> bool {
        let state = &self.state;
        state.kernel.is_locked() || state.control.in_force(state.cycle.next()).locked
    }

    /// How often the loop went over its last answer.
    pub fn recursion_depth(&self) -> u32 {
        u32::from(self.state.last.is_some()) + u32::from(self.state.regenerated)
    }

    /// The phase commands that are remembered, the newest last.
    pub fn phase_commands(&self) -> impl Iterator<Item = &PhaseNote> {
        self.state.control.notes()
    }

    /// The head of the integrity ledger: entries so far, and the hash of the last.
    pub fn ledger(&self) -> Ledger {
        self.state.kernel.ledger()
    }

    /// The limits that the safety kernel holds to.
    pub fn safety_rules(&self) -> &Rules {
        self.state.kernel.rules()
    }

    /// Relational identity for authorised callers (`SRIP-13 §XIII`); `None` before it was first on.
    pub fn relation(&self) -> Option<sigma_ris::Diagnostics> {
        let ris = self.state.ris.as_ref()?;
        Some(ris.diagnostics(&sigma_ris::SRIP_13))
    }

    /// Memory as it stands.
    pub fn memory(&self) -> MemorySurface<'_> {
        MemorySurface(self)
    }

    /// Attractors as they stand.
    pub fn attractors(&self) -> AttractorSurface<'_> {
        AttractorSurface(self)
    }
}

impl MemorySurface<'_> {
    /// The layers in the form of `SRIP-04 §5`; bounded.
    pub fn layer(&self) -> MemoryLayer {
        self.0.memory.layer()
    }

    /// CI, RI, ER and CC (`SRIP-04 §7`).
    pub fn invariants(&self) -> Invariants {
        self.0.memory.invariants()
    }

    /// The identity invariants.
    pub fn pil(&self) -> &Pil {
        self.0.memory.pil()
    }

    /// Frames held, pruned ones among them.
    pub fn frames(&self) -> usize {
        self.0.memory.len()
    }

    /// Bytes held.
    pub fn footprint(&self) -> Footprint {
        self.0.memory.footprint()
    }

    /// The newest frames, oldest first: id, cycle and one line each.
    pub fn recent(&self) -> Vec<(FrameId, Cycle, String)> {
        self.0
            .memory
            .recent()
            .map(|f| (f.id, f.cycle, f.summary.clone()))
            .collect()
    }

    /// What memory would bring back for these words now.
    pub fn recall(&self, words: &Utterance, limit: usize) -> Vec<Recalled> {
        let state = &self.0.state;
        let mut query = Query::new(words, state.cycle.next(), state.updated_at);
        query.limit = limit;
        self.0.memory.recall(&query)
    }
}

impl<'a> AttractorSurface<'a> {
    /// All live attractors, by id.
    pub fn all(&self) -> impl Iterator<Item = &'a Attractor> + use<'a> {
        self.0.state.registry.iter()
    }

    /// One of them.
    pub fn find(&self, id: AttractorId) -> Option<&'a Attractor> {
        self.0.state.registry.find(id)
    }

    /// The active one.
    pub fn active(&self) -> Option<&'a Attractor> {
        self.0.state.registry.active()
    }

    /// The active one's motifs, the weightiest first.
    pub fn motifs(&self) -> Option<&'a MotifSet> {
        self.active().map(|attractor| &attractor.motifs)
    }
}
