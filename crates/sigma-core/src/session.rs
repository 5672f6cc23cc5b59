//! One session: a bounded state that is copied for each cycle, and a memory that only grows.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sigma_aegida::{Kernel, LedgerEntry};
use sigma_attractor::Registry;
use sigma_drift::{DriftSample, Monitor, StabilizationPlan};
use sigma_memory::{Memory, Pil, SRIP_04, Snapshot, Tombstone};
use sigma_ris::RisState;
use sigma_text::{EmbedderId, EmbedderInfo};
use sigma_types::{Cycle, Hash256, SessionId, Timestamp, Unit};

use crate::control::Control;
use crate::engine::{Containment, Done};
use crate::model::ModelAnswer;
use crate::prompt::Exchange;
use crate::report::CycleReport;
use crate::store::{Amendment, CycleCommit, Idempotency, Record, StoredSession};

/// Who the assistant is and what it must keep to, in the operator's words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The identity text, such as a system prompt.
    #[serde(default)]
    pub text: String,
    /// Constraints in plain words, one an entry.
    #[serde(default)]
    pub constraints: Vec<String>,
}

impl Identity {
    /// An identity without further constraints.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            constraints: Vec::new(),
        }
    }
}

/// A session cannot be opened or go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SessionError {
    /// The session's vectors are of another model: the two never mix.
    #[error(
        "the session was made with the embedding model {stored} and the runtime uses {given}; start the runtime with {stored} or open another session"
    )]
    OtherEmbedder {
        /// The model of the session's vectors.
        stored: EmbedderId,
        /// The model of the runtime.
        given: EmbedderId,
    },
    /// Written by a newer version of this software.
    #[error(
        "the session's state has format {found} and this version reads up to {known}; use a newer version"
    )]
    NewerFormat {
        /// The format found.
        found: u32,
        /// The newest format that is known here.
        known: u32,
    },
    /// The stored state cannot be read.
    #[error("the stored state of session {session} cannot be read")]
    BadState {
        /// Whose state.
        session: SessionId,
        /// What was wrong.
        #[source]
        source: serde_json::Error,
    },
    /// A fact cannot be anchored.
    #[error("the fact cannot be anchored")]
    Anchor(#[source] sigma_memory::AnchorError),
    /// The state cannot be written as JSON.
    #[error("the session's state cannot be written")]
    Unwritable(#[source] serde_json::Error),
    /// The stored frames do not make a memory.
    #[error("the stored memory of session {session} is damaged")]
    BadMemory {
        /// Whose memory.
        session: SessionId,
        /// What was wrong.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// What repeats among the answers at hand. Bounded by them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Echoes {
    /// Cosine of an answer and the one before it.
    pub(crate) likeness: BTreeMap<Cycle, Unit>,
    /// Answers that are left out of the prompt.
    pub(crate) pruned: BTreeSet<Cycle>,
}

impl Echoes {
    /// Forgets what is at hand no longer.
    pub(crate) fn since(&mut self, oldest: Cycle) {
        self.likeness.retain(|cycle, _| *cycle >= oldest);
        self.pruned.retain(|cycle| *cycle >= oldest);
    }
}

/// All of a session that is copied and committed each cycle. Its size does not grow with the dialogue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct State {
    pub(crate) format: u32,
    pub(crate) session: SessionId,
    pub(crate) cycle: Cycle,
    pub(crate) opened_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    pub(crate) embedder: EmbedderId,
    pub(crate) weights_hash: Hash256,
    pub(crate) identity: Identity,
    pub(crate) registry: Registry,
    pub(crate) monitor: Monitor,
    pub(crate) kernel: Kernel,
    pub(crate) pil: Pil,
    /// What a recovery goes back to, taken in a calm cycle.
    pub(crate) snapshot: Option<Snapshot>,
    /// Answers that were kept out of the field: not brought back into a prompt.
    pub(crate) set_aside: BTreeSet<Cycle>,
    pub(crate) recent: VecDeque<Exchange>,
    /// What repeats among them.
    #[serde(default)]
    pub(crate) echoes: Echoes,
    pub(crate) plan: StabilizationPlan,
    pub(crate) containment: Containment,
    /// The last answer as measured.
    pub(crate) last: Option<DriftSample>,
    /// Commands that entered between cycles.
    #[serde(default)]
    pub(crate) control: Control,
    /// Relational identity (`SRIP-13 §VIII`); none before the layer was first on.
    #[serde(default)]
    pub(crate) ris: Option<RisState>,
}

impl State {
    /// The format that this version writes.
    pub(crate) const FORMAT: u32 = 1;

    /// Motifs that no reset or dissolution takes away.
    pub(crate) fn protected(&self) -> BTreeSet<String> {
        self.pil.core_motifs().clone()
    }
}

/// A dialogue with everything the runtime knows of it.
#[derive(Debug)]
pub struct Session {
    pub(crate) state: State,
    pub(crate) memory: Memory,
}

impl Session {
    /// The last committed cycle; 0 before the first.
    pub fn cycle(&self) -> Cycle {
        self.state.cycle
    }

    /// Its id.
    pub fn id(&self) -> &SessionId {
        &self.state.session
    }

    /// Who the assistant is.
    pub fn identity(&self) -> &Identity {
        &self.state.identity
    }

    /// Carries a cycle out on the session. The caller commits it before anybody sees the session again.
    pub(crate) fn adopt(
        &mut self,
        done: Done,
    ) -> Result<(ModelAnswer, Arc<CycleReport>), SessionError> {
        if let Some(plan) = done.recovery {
            self.memory
                .recover(plan)
                .map_err(|error| self.bad_memory(error))?;
        }
        for frame in done.frames {
            self.memory
                .append(frame)
                .map_err(|error| self.bad_memory(error))?;
        }
        self.memory.anchor(&done.state.pil);
        self.state = done.state;
        Ok((done.answer, Arc::new(done.report)))
    }

    /// A session as it was committed.
    pub(crate) fn restore(
        id: &SessionId,
        stored: &StoredSession,
        embedder: &EmbedderInfo,
    ) -> Result<Self, SessionError> {
        let state = read_state(id, &stored.state)?;
        if state.embedder != embedder.id || state.weights_hash != embedder.weights_hash {
            return Err(SessionError::OtherEmbedder {
                stored: state.embedder,
                given: embedder.id.clone(),
            });
        }
        let frames = read_all(id, &stored.frames)?;
        let tombstones: Vec<Tombstone> = read_all(id, &stored.tombstones)?;
        let (memory, found) =
            Memory::load(id.clone(), state.pil.clone(), SRIP_04, frames, tombstones)
                .map_err(|error| bad_memory(id, error))?;
        if !found.orphans.is_empty() || found.refused > 0 {
            tracing::warn!(session = %id, ?found, "some of the stored memory does not verify");
        }
        Ok(Self { state, memory })
    }

    fn bad_memory(&self, error: impl std::error::Error + Send + Sync + 'static) -> SessionError {
        bad_memory(&self.state.session, error)
    }
}

fn bad_memory(
    session: &SessionId,
    error: impl std::error::Error + Send + Sync + 'static,
) -> SessionError {
    SessionError::BadMemory {
        session: session.clone(),
        source: error.into(),
    }
}

impl Done {
    /// What is to be committed of the cycle.
    pub(crate) fn commit(
        &self,
        idempotency: Option<Idempotency>,
    ) -> Result<CycleCommit, SessionError> {
        let tombstone = self
            .recovery
            .as_ref()
            .map(|plan| tombstone_record(plan.tombstone()));
        Ok(CycleCommit {
            session: self.state.session.clone(),
            cycle: self.state.cycle,
            at: self.state.updated_at,
            state: json(&self.state)?,
            frames: self
                .frames
                .iter()
                .map(|f| record(f.id.0, f.cycle, f.hash(), f))
                .collect::<Result<_, _>>()?,
            tombstones: tombstone.transpose()?.into_iter().collect(),
            ledger: self
                .ledger
                .iter()
                .map(|e| record(e.seq, e.cycle, e.hash, e))
                .collect::<Result<_, _>>()?,
            report: json(&self.report)?,
            idempotency,
        })
    }
}

/// What is to be stored of a change between two cycles.
pub(crate) fn amendment(state: &State, entries: &[LedgerEntry]) -> Result<Amendment, SessionError> {
    let ledger = entries.iter().map(|e| record(e.seq, e.cycle, e.hash, e));
    Ok(Amendment {
        session: state.session.clone(),
        cycle: state.cycle,
        at: state.updated_at,
        state: json(state)?,
        ledger: ledger.collect::<Result<_, _>>()?,
    })
}

fn json(value: &impl Serialize) -> Result<Vec<u8>, SessionError> {
    serde_json::to_vec(value).map_err(SessionError::Unwritable)
}

fn record(
    seq: u64,
    cycle: Cycle,
    hash: Hash256,
    value: &impl Serialize,
) -> Result<Record, SessionError> {
    Ok(Record {
        seq,
        cycle,
        hash,
        body: json(value)?,
    })
}

fn tombstone_record(tombstone: &Tombstone) -> Result<Record, SessionError> {
    record(tombstone.seq, tombstone.cycle, tombstone.hash, tombstone)
}

fn read_state(session: &SessionId, bytes: &[u8]) -> Result<State, SessionError> {
    #[derive(Deserialize)]
    struct Format {
        format: u32,
    }
    let bad = |source| SessionError::BadState {
        session: session.clone(),
        source,
    };
    let Format { format } = serde_json::from_slice(bytes).map_err(bad)?;
    if format > State::FORMAT {
        return Err(SessionError::NewerFormat {
            found: format,
            known: State::FORMAT,
        });
    }
    serde_json::from_slice(bytes).map_err(bad)
}

fn read_all<T: serde::de::DeserializeOwned>(
    session: &SessionId,
    records: &[Record],
) -> Result<Vec<T>, SessionError> {
    records
        .iter()
        .map(|r| serde_json::from_slice(&r.body).map_err(|error| bad_memory(session, error)))
        .collect()
}
