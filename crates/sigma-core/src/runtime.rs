//! Sessions, their locks and their storage around the loop: what a server or a command line uses.

mod slots;

use std::sync::Arc;

use serde_json::{Map, Value};
use sigma_aegida::LedgerEntry;
use sigma_ris::{Counters, Mode, OperationalEvent, VersionId};
use sigma_types::{Cycle, Hash256, SessionId, Timestamp, hash_canonical};
use tokio::sync::{OwnedMutexGuard, broadcast};

use self::slots::Slots;
use crate::clock::{Clock, SystemClock};
use crate::control::{self, CONTROL_RULES, CommandError, Commanded, PhaseCommand};
use crate::embedding::{EmbeddingSource, EmbeddingSourceError};
use crate::engine::{Engine, Input, Step};
use crate::model::{DeltaSender, Message, Model, ModelAnswer, ModelError};
use crate::prompt::{PROMPT_RULES, PromptError, PromptRules};
use crate::relation::{self, Modes, Relations, Speaking};
use crate::report::CycleReport;
use crate::session::{Identity, Session, SessionError, State, amendment};
use crate::store::{
    CycleCommit, Idempotency, IdempotencyKey, InMemoryStore, OperationalKind, SessionStore,
    StoreError, StoredCycle,
};
use crate::tokens::{EstimatedTokens, TokenCounter};

/// Reports that a slow listener of telemetry may fall behind by before it loses the oldest.
const TELEMETRY_BUFFER: usize = 256;
/// Operational events of a session that are looked at before a turn.
const RECENT_EVENTS: usize = 16;

/// One turn of a session, as a caller asks for it.
#[derive(Debug, Clone)]
pub struct TurnInput {
    /// The session; made if there is none.
    pub session: SessionId,
    /// What the user says.
    pub user: String,
    /// Who the assistant is. A new session takes it on; a known one keeps its own if this is `None`
    /// and is rebound if it is another.
    pub identity: Option<Identity>,
    /// Who the user is, where several take part.
    pub participant: Option<String>,
    /// When it was said; now, if `None`.
    pub at: Option<Timestamp>,
    /// The caller's name for this turn: repeating it returns the recorded cycle.
    pub key: Option<IdempotencyKey>,
    /// Facts to anchor with this turn: no recovery or reset takes them away (`SRIP-04 §3.4`).
    pub anchors: Vec<String>,
    /// Messages of an exchange with tools after the user's message, passed on as they came.
    pub tail: Vec<Message>,
    /// Fields for the model that the loop does not read, passed on as they came.
    pub passthrough: Map<String, Value>,
    /// Where it is said, and by what name.
    pub speaking: Speaking,
}

impl TurnInput {
    /// A plain turn.
    pub fn new(session: SessionId, user: impl Into<String>) -> Self {
        Self {
            session,
            user: user.into(),
            identity: None,
            participant: None,
            at: None,
            key: None,
            anchors: Vec::new(),
            tail: Vec::new(),
            passthrough: Map::new(),
            speaking: Speaking::default(),
        }
    }

    /// What makes two requests the same request.
    fn hash(&self) -> Result<Hash256, TurnError> {
        let of = (
            &self.user,
            &self.identity,
            &self.participant,
            &self.anchors,
            &self.tail,
            &self.passthrough,
        );
        hash_canonical(&of).map_err(|_| TurnError::NotJson)
    }
}

/// What became of a turn.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Turn {
    /// It was answered and committed.
    Answered {
        /// The model's answer.
        answer: ModelAnswer,
        /// What happened in the cycle.
        report: Arc<CycleReport>,
    },
    /// It had been answered before, under the same key.
    Repeated {
        /// What happened then; it holds the answer.
        report: Arc<CycleReport>,
    },
    /// The model asked for tools: nothing is committed until they have answered.
    ToolCalls {
        /// The model's message.
        answer: ModelAnswer,
    },
}

/// A turn failed. Nothing of it is in the session.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TurnError {
    /// There is nothing to answer.
    #[error("the message is empty")]
    EmptyMessage,
    /// The passed-on fields cannot be written as JSON.
    #[error("the request's extra fields have no canonical JSON form")]
    NotJson,
    /// The prompt does not fit its budget.
    #[error(transparent)]
    Prompt(#[from] PromptError),
    /// The key stands for another request.
    #[error("the idempotency key stands for another request already, at cycle {cycle}")]
    KeyReused {
        /// The cycle it stands for.
        cycle: Cycle,
    },
    /// The model gave no answer.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The model answered with neither text nor tool calls.
    #[error("the model's answer is empty")]
    EmptyAnswer,
    /// No vectors could be had.
    #[error("the embedding source failed")]
    Embedding(#[source] EmbeddingSourceError),
    /// The session cannot go on.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// Storage failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Runs sessions through the loop.
///
/// Turns of one session are taken one after another; different sessions run side by side.
pub struct Runtime {
    engine: Engine,
    store: Arc<dyn SessionStore>,
    clock: Arc<dyn Clock>,
    slots: Slots<Session>,
    telemetry: broadcast::Sender<Arc<CycleReport>>,
    started: Timestamp,
}

/// Puts a [`Runtime`] together; everything but the embeddings has a default.
pub struct RuntimeBuilder {
    embeddings: Arc<dyn EmbeddingSource>,
    store: Arc<dyn SessionStore>,
    clock: Arc<dyn Clock>,
    tokens: Arc<dyn TokenCounter>,
    prompt: PromptRules,
    sessions: usize,
    relations: Mode,
}

impl RuntimeBuilder {
    /// Stabilizes relational identity in this mode, unless an agent or a session has its own
    /// (`SRIP-13 §XII`). Off without it.
    #[must_use]
    pub fn relations(mut self, mode: Mode) -> Self {
        self.relations = mode;
        self
    }

    /// Keeps sessions in `store` instead of in memory.
    #[must_use]
    pub fn store(mut self, store: Arc<dyn SessionStore>) -> Self {
        self.store = store;
        self
    }

    /// Reads time from `clock`.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Counts prompt tokens with `tokens`.
    #[must_use]
    pub fn tokens(mut self, tokens: Arc<dyn TokenCounter>) -> Self {
        self.tokens = tokens;
        self
    }

    /// Builds prompts by `rules`.
    #[must_use]
    pub fn prompt(mut self, rules: PromptRules) -> Self {
        self.prompt = rules;
        self
    }

    /// Keeps at most so many sessions loaded; the rest wait in the store.
    #[must_use]
    pub fn loaded_sessions(mut self, most: usize) -> Self {
        self.sessions = most.max(1);
        self
    }

    /// The runtime.
    pub fn build(self) -> Runtime {
        let engine = Engine::new(
            self.embeddings,
            self.tokens,
            Arc::clone(&self.clock),
            self.prompt,
            Arc::new(Relations::new(self.relations)),
        );
        let started = self.clock.now();
        let (telemetry, _) = broadcast::channel(TELEMETRY_BUFFER);
        let slots = Slots::new(self.sessions);
        Runtime {
            engine,
            store: self.store,
            clock: self.clock,
            slots,
            telemetry,
            started,
        }
    }
}

impl Runtime {
    /// Starts with embeddings, an in-memory store, the machine's clock and estimated tokens.
    pub fn builder(embeddings: Arc<dyn EmbeddingSource>) -> RuntimeBuilder {
        RuntimeBuilder {
            embeddings,
            store: Arc::new(InMemoryStore::new()),
            clock: Arc::new(SystemClock::default()),
            tokens: Arc::new(EstimatedTokens),
            prompt: PROMPT_RULES,
            sessions: 256,
            relations: Mode::Off,
        }
    }

    /// Takes one turn through the loop (`SRIP-01 §4`) and commits it. Pieces of the answer go to
    /// `deltas` as they arrive; what is committed is what this returns.
    ///
    /// Dropping the future at any moment leaves the session as it was, or with the whole turn: a commit
    /// that has begun is finished by a task of the tokio runtime that this is called in.
    ///
    /// # Errors
    /// [`TurnError`]; after an error nothing of the turn is in the session. Failures of the model
    /// leave an operational event.
    pub async fn turn(
        &self,
        input: TurnInput,
        model: &dyn Model,
        deltas: Option<&DeltaSender>,
    ) -> Result<Turn, TurnError> {
        // in a record the assistant may speak first
        if input.user.trim().is_empty() && !model.may_be_silent() {
            return Err(TurnError::EmptyMessage);
        }
        let mut place = self.slots.slot(&input.session).lock_owned().await;
        let idempotency = match &input.key {
            Some(key) => Some(Idempotency {
                key: key.clone(),
                request: input.hash()?,
            }),
            None => None,
        };
        if let Some(report) = self.repeated(&input.session, idempotency.as_ref()).await? {
            return Ok(Turn::Repeated { report });
        }
        if place.is_none() {
            *place = Some(self.open(&input).await?);
        }
        let Some(session) = place.as_ref() else {
            unreachable!("filled above")
        };
        let session_id = input.session.clone();
        let after = session.cycle();
        let mut input = Input::from(input);
        input.events = self.events(session).await?;
        let cycle = self.engine.cycle(session, input, model, deltas);
        let step = Box::pin(cycle).await;
        let done = match step {
            Ok(Step::Done(done)) => done,
            Ok(Step::Tools(answer)) => return Ok(Turn::ToolCalls { answer }),
            Err(error) => {
                self.note_failure(&session_id, after, &error).await;
                return Err(error);
            }
        };
        let Some(mut session) = place.take() else {
            unreachable!("filled above")
        };
        let commit = if self.store.keeps() {
            Some(done.commit(idempotency)?)
        } else {
            None
        };
        let (answer, report) = session.adopt(*done)?;
        if let Some(note) = &report.relation {
            self.engine.relations().count(&note.evidence);
        }
        Box::pin(self.committed(commit, &report, place, session)).await?;
        Ok(Turn::Answered { answer, report })
    }

    /// Commits a cycle and puts the session back into its place. It goes on to its end although the
    /// caller may go away: until the store has answered nobody else may take the place, or the same
    /// turn asked again would find neither the cycle nor its key and be answered twice.
    async fn committed(
        &self,
        commit: Option<CycleCommit>,
        report: &Arc<CycleReport>,
        mut place: OwnedMutexGuard<Option<Session>>,
        session: Session,
    ) -> Result<(), StoreError> {
        let (store, telemetry) = (Arc::clone(&self.store), self.telemetry.clone());
        let report = Arc::clone(report);
        let task = tokio::spawn(async move {
            // the place is empty meanwhile: after an error whoever comes next reads what was committed
            if let Some(commit) = commit {
                store.commit(commit).await?;
            }
            *place = Some(session);
            // nobody listening is no error
            let _ = telemetry.send(report);
            Ok(())
        });
        task.await
            .unwrap_or_else(|error| Err(StoreError::Backend(error.into())))
    }

    /// Lets a phase command into a session between two cycles (`SRIP-08 §5`): it waits for the turn under
    /// way, and is in the session, in its integrity ledger and in the store when this returns. The same
    /// command sent again enters once.
    ///
    /// # Errors
    /// [`CommandError`]; after an error the session is as it was.
    pub async fn command(
        &self,
        session: &SessionId,
        command: PhaseCommand,
    ) -> Result<Commanded, CommandError> {
        let mut place = self.slots.slot(session).lock_owned().await;
        if place.is_none() {
            *place = self.load::<CommandError>(session).await?;
        }
        let held = place.as_ref().ok_or(CommandError::NoSession)?;
        let mut state = Box::new(held.state.clone());
        let at = self.clock.now().max(state.updated_at);
        let (done, entries) = control::enter(&mut state, command, at, &CONTROL_RULES)?;
        if entries.is_empty() {
            return Ok(done);
        }
        self.amend::<CommandError>(place, state, &entries).await?;
        Ok(done)
    }

    /// Commits a change between two cycles and puts the session back into its place. It goes on to its end
    /// although the caller may go away.
    async fn amend<E: From<StoreError> + From<SessionError>>(
        &self,
        mut place: OwnedMutexGuard<Option<Session>>,
        state: Box<State>,
        entries: &[LedgerEntry],
    ) -> Result<(), E> {
        let amendment = if self.store.keeps() {
            Some(amendment(&state, entries)?)
        } else {
            None
        };
        let store = Arc::clone(&self.store);
        let task = tokio::spawn(async move {
            // the place is empty meanwhile: after an error whoever comes next reads what was committed
            let session = place.take();
            if let Some(amendment) = amendment {
                store.amend(amendment).await?;
            }
            *place = session.map(|session| Session {
                state: *state,
                ..session
            });
            Ok::<_, StoreError>(())
        });
        task.await
            .unwrap_or_else(|error| Err(StoreError::Backend(error.into())))?;
        Ok(())
    }

    /// Looks at a session as it stands; `None` if there is none.
    ///
    /// # Errors
    /// [`TurnError::Store`] or [`TurnError::Session`].
    pub async fn view<T>(
        &self,
        session: &SessionId,
        look: impl FnOnce(&Session) -> T,
    ) -> Result<Option<T>, TurnError> {
        let slot = self.slots.slot(session);
        let mut place = slot.lock().await;
        if place.is_none() {
            *place = self.load::<TurnError>(session).await?;
        }
        Ok(place.as_ref().map(look))
    }

    /// Operational events of a session since its last cycle, as relational stabilization is told of them.
    async fn events(&self, session: &Session) -> Result<Vec<OperationalEvent>, TurnError> {
        let mut events = Vec::new();
        if !self.engine.relations().looks_at(&session.state) {
            return Ok(events);
        }
        if session.cycle() > Cycle(0) && session.state.updated_at < self.started {
            events.push(OperationalEvent::Restart);
        }
        let stored = self.store.events(session.id(), RECENT_EVENTS).await?;
        events.extend(relation::events_after(&stored, session.cycle()));
        Ok(events)
    }

    /// Modes of relational stabilization that are not a session's own (`SRIP-13 §XII`). They last as long
    /// as the process.
    pub fn relation_modes(&self) -> Modes {
        self.engine.relations().modes()
    }

    /// Sets the mode of an agent version, or takes it away.
    pub fn set_agent_mode(&self, version: VersionId, mode: Option<Mode>) {
        self.engine.relations().change(|modes| match mode {
            Some(mode) => {
                modes.agents.insert(version, mode);
            }
            None => {
                modes.agents.remove(&version);
            }
        });
    }

    /// Sets the mode that holds where neither session nor agent has one.
    pub fn set_default_mode(&self, mode: Mode) {
        self.engine.relations().change(|modes| modes.default = mode);
    }

    /// Gives a session a mode of its own, or takes it away; it is stored when this returns. False if there
    /// is no such session.
    ///
    /// # Errors
    /// [`TurnError::Store`] or [`TurnError::Session`]; after an error the mode is as it was.
    pub async fn set_session_mode(
        &self,
        session: &SessionId,
        mode: Option<Mode>,
    ) -> Result<bool, TurnError> {
        let mut place = self.slots.slot(session).lock_owned().await;
        if place.is_none() {
            *place = self.load::<TurnError>(session).await?;
        }
        let Some(held) = place.as_ref() else {
            return Ok(false);
        };
        let mut state = Box::new(held.state.clone());
        relation::set_mode(&mut state, mode);
        self.amend::<TurnError>(place, state, &[]).await?;
        Ok(true)
    }

    /// Sums of relational stabilization over all sessions since the process began (`SRIP-13 §XIII`).
    pub fn relation_counters(&self) -> Counters {
        self.engine.relations().counters()
    }

    /// The telemetry stream (`SRIP-01 §6`): the report of every cycle of every session from now on, after
    /// its commit. A listener that falls too far behind is told how many it missed.
    pub fn telemetry(&self) -> broadcast::Receiver<Arc<CycleReport>> {
        self.telemetry.subscribe()
    }

    /// The store behind the runtime.
    pub fn store(&self) -> &Arc<dyn SessionStore> {
        &self.store
    }

    /// The embedding source of all sessions.
    pub fn embeddings(&self) -> &Arc<dyn EmbeddingSource> {
        self.engine.embeddings()
    }

    async fn open(&self, input: &TurnInput) -> Result<Session, TurnError> {
        if let Some(session) = self.load::<TurnError>(&input.session).await? {
            return Ok(session);
        }
        let identity = input.identity.clone().unwrap_or_default();
        self.engine
            .open(
                input.session.clone(),
                identity,
                input.at.unwrap_or(self.clock.now()),
            )
            .await
    }

    async fn load<E: From<StoreError> + From<SessionError>>(
        &self,
        id: &SessionId,
    ) -> Result<Option<Session>, E> {
        let Some(stored) = self.store.load(id).await? else {
            return Ok(None);
        };
        Ok(Some(Session::restore(
            id,
            &stored,
            self.engine.embeddings().info(),
        )?))
    }

    async fn repeated(
        &self,
        session: &SessionId,
        asked: Option<&Idempotency>,
    ) -> Result<Option<Arc<CycleReport>>, TurnError> {
        let Some(asked) = asked else { return Ok(None) };
        let Some(stored) = self.store.find_by_key(session, &asked.key).await? else {
            return Ok(None);
        };
        if stored.request != Some(asked.request) {
            return Err(TurnError::KeyReused {
                cycle: stored.cycle,
            });
        }
        Ok(Some(Arc::new(read_report(session, &stored)?)))
    }

    async fn note_failure(&self, session: &SessionId, after: Cycle, error: &TurnError) {
        let TurnError::Model(error) = error else {
            return;
        };
        let kind = match error {
            ModelError::Timeout(_) => OperationalKind::ProviderTimeout,
            ModelError::Cancelled => OperationalKind::Cancelled,
            _ => OperationalKind::ProviderError,
        };
        let event = crate::store::OperationalEvent {
            at: self.clock.now(),
            after,
            kind,
        };
        if let Err(error) = self.store.note(session, event).await {
            tracing::error!(%session, %error, "an operational event could not be stored");
        }
    }
}

/// Reads a stored report back.
///
/// # Errors
/// [`StoreError::Damaged`] if it is no report.
pub fn read_report(session: &SessionId, stored: &StoredCycle) -> Result<CycleReport, StoreError> {
    serde_json::from_slice(&stored.report).map_err(|error| StoreError::Damaged {
        session: session.clone(),
        source: error.into(),
    })
}
