//! The loop itself: takes a session and an input, and tells what would change.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sigma_aegida::{Kernel, LedgerEntry, Posture, RecursionPermit, SafetyOutcome, Transform};
use sigma_attractor::Registry;
use sigma_drift::{Anchors, Monitor};
use sigma_memory::{Frame, Memory, Pil, RecoveryPlan};
use sigma_ris::OperationalEvent;
use sigma_types::{Cycle, Hash256, SessionId, Timestamp};

use crate::clock::Clock;
use crate::embedding::{EmbeddingSource, utterance};
use crate::model::{DeltaSender, Message, Model, ModelAnswer};
use crate::prompt::PromptRules;
use crate::relation::{Relations, Speaking};
use crate::report::CycleReport;
use crate::runtime::{TurnError, TurnInput};
use crate::session::{Echoes, Identity, Session, State};
use crate::stages::Ingested;
use crate::tokens::TokenCounter;

/// What a cycle is given, without what is the storage's business.
#[derive(Debug, Clone)]
pub(crate) struct Input {
    pub(crate) user: String,
    pub(crate) identity: Option<Identity>,
    pub(crate) participant: Option<String>,
    pub(crate) at: Option<Timestamp>,
    pub(crate) anchors: Vec<String>,
    pub(crate) tail: Vec<Message>,
    pub(crate) passthrough: Map<String, Value>,
    pub(crate) speaking: Speaking,
    /// Operational events since the last turn.
    pub(crate) events: Vec<OperationalEvent>,
}

impl From<TurnInput> for Input {
    fn from(turn: TurnInput) -> Self {
        Self {
            user: turn.user,
            identity: turn.identity,
            participant: turn.participant,
            at: turn.at,
            anchors: turn.anchors,
            tail: turn.tail,
            passthrough: turn.passthrough,
            speaking: turn.speaking,
            events: Vec::new(),
        }
    }
}

/// What became of a cycle.
pub(crate) enum Step {
    /// It is complete and waits to be committed.
    Done(Box<Done>),
    /// The model asked for tools.
    Tools(ModelAnswer),
}

/// A complete cycle that changed nothing yet.
pub(crate) struct Done {
    pub(crate) state: State,
    pub(crate) frames: Vec<Frame>,
    pub(crate) recovery: Option<RecoveryPlan>,
    pub(crate) ledger: Vec<LedgerEntry>,
    pub(crate) report: CycleReport,
    pub(crate) answer: ModelAnswer,
}

/// What containment left in force for the next cycle.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Containment {
    pub(crate) transforms: Vec<Transform>,
    pub(crate) recursion: RecursionPermit,
    pub(crate) posture: Option<Posture>,
    pub(crate) locked: bool,
    pub(crate) convergence_suspended: bool,
    isolated: BTreeSet<String>,
    quarantined: BTreeSet<String>,
}

/// Most motifs that stay cut off at once.
const MOST_CUT_OFF: usize = 64;

impl Containment {
    /// What holds after an outcome.
    pub(crate) fn after(&self, outcome: &SafetyOutcome) -> Self {
        let mut next = Self {
            transforms: outcome.transforms.clone(),
            recursion: outcome.recursion,
            posture: outcome.posture,
            locked: outcome.containment_locked,
            convergence_suspended: outcome.convergence_suspended,
            isolated: BTreeSet::new(),
            quarantined: self.quarantined.clone(),
        };
        for transform in &outcome.transforms {
            match transform {
                Transform::IsolateMotifs { motifs } => next.isolated.extend(motifs.iter().cloned()),
                Transform::Quarantine { motifs } => next.quarantined.extend(motifs.iter().cloned()),
                Transform::ReleaseMotifs => next.quarantined.clear(),
                _ => {}
            }
        }
        while next.quarantined.len() > MOST_CUT_OFF {
            next.quarantined.pop_first();
        }
        next
    }

    /// Whether a motif takes no part in the field.
    pub(crate) fn cut_off(&self, key: &str) -> bool {
        self.isolated.contains(key) || self.quarantined.contains(key)
    }
}

/// The loop with what it needs from outside.
pub(crate) struct Engine {
    embeddings: Arc<dyn EmbeddingSource>,
    tokens: Arc<dyn TokenCounter>,
    clock: Arc<dyn Clock>,
    prompt: PromptRules,
    relations: Arc<Relations>,
}

impl Engine {
    pub(crate) fn new(
        embeddings: Arc<dyn EmbeddingSource>,
        tokens: Arc<dyn TokenCounter>,
        clock: Arc<dyn Clock>,
        prompt: PromptRules,
        relations: Arc<Relations>,
    ) -> Self {
        Self {
            embeddings,
            tokens,
            clock,
            prompt,
            relations,
        }
    }

    pub(crate) fn embeddings(&self) -> &Arc<dyn EmbeddingSource> {
        &self.embeddings
    }

    pub(crate) fn tokens(&self) -> &dyn TokenCounter {
        &*self.tokens
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    pub(crate) fn relations(&self) -> &Relations {
        &self.relations
    }

    pub(crate) fn prompt_rules(&self) -> &PromptRules {
        &self.prompt
    }

    /// A session before its first cycle.
    pub(crate) async fn open(
        &self,
        session: SessionId,
        identity: Identity,
        at: Timestamp,
    ) -> Result<Session, TurnError> {
        let seed = Hash256::of(session.as_str().as_bytes());
        let info = self.embeddings.info();
        let mut state = State {
            format: State::FORMAT,
            cycle: Cycle(0),
            opened_at: at,
            updated_at: at,
            embedder: info.id.clone(),
            weights_hash: info.weights_hash,
            identity: Identity::default(),
            registry: Registry::new(seed, sigma_attractor::Rules::default()),
            monitor: Monitor::new(Anchors::default(), sigma_drift::Rules::default()),
            kernel: Kernel::seeded(sigma_aegida::Rules::default(), seed),
            pil: Pil::new(),
            snapshot: None,
            recent: std::collections::VecDeque::new(),
            echoes: Echoes::default(),
            set_aside: BTreeSet::new(),
            plan: sigma_drift::StabilizationPlan::default(),
            containment: Containment::default(),
            last: None,
            control: crate::control::Control::default(),
            ris: None,
            session,
        };
        self.rebind(&mut state, identity).await?;
        let memory = Memory::new(
            state.session.clone(),
            state.pil.clone(),
            sigma_memory::SRIP_04,
        );
        Ok(Session { state, memory })
    }

    /// Gives a session its identity, or another one. What is anchored already stays anchored.
    pub(crate) async fn rebind(
        &self,
        state: &mut State,
        identity: Identity,
    ) -> Result<(), TurnError> {
        let text = identity.text.trim();
        let read = if text.is_empty() {
            None
        } else {
            Some(
                utterance(text, &*self.embeddings)
                    .await
                    .map_err(TurnError::Embedding)?,
            )
        };
        crate::anchoring::anchor(state, read.as_ref(), &identity, self.embeddings.info());
        state
            .monitor
            .rebind(Anchors::new(read, identity.constraints.clone()));
        state.identity = identity;
        Ok(())
    }

    /// Runs the seven stages in order.
    pub(crate) async fn cycle(
        &self,
        session: &Session,
        input: Input,
        model: &dyn Model,
        deltas: Option<&DeltaSender>,
    ) -> Result<Step, TurnError> {
        let ingested = Ingested::new(self, session, input).await?;
        let aligned = ingested.interpret().stabilize().integrate().align();
        // a cycle's state is large; boxed, it is not moved about on the stack of whoever waits
        let generated = Box::pin(aligned.generate(model, deltas)).await?;
        if generated.answer.wants_tools() {
            return Ok(Step::Tools(generated.answer));
        }
        let done = Box::pin(generated.update(model, deltas.is_some())).await?;
        Ok(Step::Done(Box::new(done)))
    }
}
