//! The loop: stages, commits, the order of control, the prompt.

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::{Value, json};
use sigma_core::{
    CycleReport, Identity, Runtime, Session, Turn, TurnInput,
    clock::ManualClock,
    embedding::LocalEmbeddings,
    model::{DeltaSender, Model, ModelAnswer, ModelError, ModelRequest},
    prompt::SegmentKind,
    store::{IdempotencyKey, InMemoryStore},
};
use sigma_text::BundledEmbedder;
use sigma_types::{Cycle, NonNegative, SessionId, Timestamp};
use std::{sync::Arc, time::Duration};

use super::{Input, OpError, refused};
use crate::conformance::runner::How;

#[derive(Deserialize)]
struct Dialogue {
    #[serde(default)]
    identity: Identity,
    turns: Vec<Asked>,
}

#[derive(Deserialize)]
struct Asked {
    user: String,
    /// What the model answers; it fails where there is none.
    answer: Option<String>,
    /// The caller's name for the turn.
    #[serde(default)]
    key: Option<String>,
    /// The session, where there is more than one.
    #[serde(default = "first_session")]
    session: String,
}

fn first_session() -> String {
    "one".into()
}

/// Gives the answer of one turn.
struct Scripted(Option<String>);

#[async_trait]
impl Model for Scripted {
    fn name(&self) -> &'static str {
        "scripted"
    }

    fn repeats_itself(&self) -> bool {
        true
    }

    async fn answer(
        &self,
        _: &ModelRequest,
        _: Option<&DeltaSender>,
    ) -> Result<ModelAnswer, ModelError> {
        match &self.0 {
            Some(text) => Ok(ModelAnswer::text(text, "scripted")),
            None => Err(ModelError::Timeout(Duration::ZERO)),
        }
    }
}

fn runtime(store: &Arc<InMemoryStore>) -> Runtime {
    let embeddings = LocalEmbeddings::new(Arc::new(BundledEmbedder::new()));
    Runtime::builder(Arc::new(embeddings))
        .store(Arc::<InMemoryStore>::clone(store))
        .clock(Arc::new(ManualClock::at(Timestamp::EPOCH)))
        .build()
}

pub(super) fn run(input: &Input<'_>) -> Result<Value, OpError> {
    let given: Dialogue = input.given()?;
    let waiting = tokio::runtime::Builder::new_current_thread()
        .build()
        .map_err(refused)?;
    waiting.block_on(take(input.how, given))
}

/// In a reloaded run every turn meets a runtime that was just started on the same store.
async fn take(how: How, given: Dialogue) -> Result<Value, OpError> {
    let store = Arc::new(InMemoryStore::new());
    let mut runtime_now = runtime(&store);
    let mut told = Vec::new();
    for asked in given.turns {
        if how == How::Reloaded {
            runtime_now = runtime(&store);
        }
        let mut turn = TurnInput::new(SessionId::new(asked.session).map_err(refused)?, asked.user);
        turn.identity = Some(given.identity.clone());
        turn.key = asked
            .key
            .map(IdempotencyKey::new)
            .transpose()
            .map_err(refused)?;
        let model = Scripted(asked.answer);
        told.push(match Box::pin(runtime_now.turn(turn, &model, None)).await {
            Ok(Turn::Answered { report, .. }) => tell("answered", &report),
            Ok(Turn::Repeated { report }) => tell("repeated", &report),
            Ok(_) => json!({"outcome": "tools"}),
            Err(_) => json!({"outcome": "failed"}),
        });
    }
    let one = SessionId::new(first_session()).map_err(refused)?;
    let committed = runtime_now
        .view(&one, Session::cycle)
        .await
        .map_err(refused)?;
    Ok(json!({"turns": told, "committed": committed.unwrap_or(Cycle(0))}))
}

/// The place of a part of the prompt (`ONB-R8`).
fn place(kind: SegmentKind) -> Option<usize> {
    use SegmentKind::{Constraints, Correction, Cues, Identity, Memory, Recent, Rules, User};
    [
        Rules,
        Identity,
        Constraints,
        Memory,
        Cues,
        Correction,
        Recent,
        User,
    ]
    .iter()
    .position(|other| *other == kind)
}

fn tell(outcome: &str, report: &CycleReport) -> Value {
    let recorded = |id| report.attractors.iter().any(|entry| entry.attractor == id);
    let nominal = NonNegative::new(0.45).is_ok_and(|limit| report.drift.grounded.di_raw < limit);
    json!({
        "outcome": outcome,
        "cycle": report.cycle,
        "answer": report.answer,
        "stages": report.stages.iter().map(|time| time.stage).collect::<Vec<_>>(),
        "frames": report.memory.frames,
        "posture": report.drift.posture,
        "controlled_by": report.applied.posture,
        "nominal": nominal,
        "attractor_recorded": report.active.as_ref().is_none_or(|active| recorded(active.id)),
        "examined": report.safety.cycle == report.cycle && !report.safety.verdicts.is_empty(),
        "segments_in_order": report.prompt.segments.is_sorted_by_key(|part| place(part.kind)),
        "segments": report.prompt.segments.iter().map(|part| part.kind).collect::<Vec<_>>(),
        "within_budget": report.prompt.tokens <= report.prompt.budget,
    })
}
