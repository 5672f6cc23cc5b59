//! Stage 1, State Ingestion: the user's text and the field as it stands (`SRIP-01 §4`).

use sigma_text::Utterance;
use sigma_types::{Cycle, Timestamp};

use super::{Stage, Stopwatch};
use crate::embedding::utterance;
use crate::engine::{Engine, Input};
use crate::runtime::TurnError;
use crate::session::{Session, State};

/// The user's turn, read and embedded, beside a copy of the field that the cycle may change.
pub(crate) struct Ingested<'a> {
    pub(crate) engine: &'a Engine,
    pub(crate) session: &'a Session,
    pub(crate) state: State,
    pub(crate) input: Input,
    pub(crate) cycle: Cycle,
    pub(crate) at: Timestamp,
    pub(crate) user: Utterance,
    pub(crate) watch: Stopwatch<'a>,
}

impl<'a> Ingested<'a> {
    pub(crate) async fn new(
        engine: &'a Engine,
        session: &'a Session,
        input: Input,
    ) -> Result<Self, TurnError> {
        let mut watch = Stopwatch::start(engine.clock());
        let mut state = session.state.clone();
        if let Some(identity) = input
            .identity
            .as_ref()
            .filter(|new| **new != state.identity)
        {
            engine.rebind(&mut state, identity.clone()).await?;
        }
        let user = utterance(&input.user, &**engine.embeddings())
            .await
            .map_err(TurnError::Embedding)?;
        // a clock that was set back must not make the dialogue run backwards
        let at = input
            .at
            .unwrap_or_else(|| engine.clock().now())
            .max(state.updated_at);
        let cycle = state.cycle.next();
        for fact in &input.anchors {
            crate::anchoring::anchor_fact(&mut state, fact, cycle)?;
        }
        watch.lap(Stage::Ingest);
        Ok(Self {
            engine,
            session,
            state,
            input,
            cycle,
            at,
            user,
            watch,
        })
    }
}
