//! Memory: commits, the guaranteed figures, recall, recovery and the form that is exchanged.

use serde::Deserialize;
use serde_json::{Value, json};
use sigma_memory::{
    Appended, Field, Frame, Invariants, Lifecycle, Measures, Memory, Pil, Query, RecoveryPermit,
    SRIP_04, Spoken, SummaryOf, summary_hash,
};
use sigma_text::{EmbedError, Embedder, EmbedderId, EmbedderInfo, Embedding, Utterance};
use sigma_types::{AttractorId, Cycle, Hash256, Measured, NonNegative, SessionId, Timestamp, Unit};
use std::collections::BTreeMap;

use super::{Input, OpError, refused};
use crate::conformance::runner::How;

/// A dialogue as a fixture gives it.
#[derive(Deserialize)]
struct Dialogue {
    #[serde(default = "some_session")]
    session: SessionId,
    cycles: Vec<Said>,
    #[serde(default)]
    core_motifs: Vec<String>,
}

/// One cycle of it.
#[derive(Deserialize)]
struct Said {
    user: String,
    answer: String,
    /// The answer's vector; the text has none where it is absent.
    #[serde(default)]
    vector: Option<Vec<f32>>,
    #[serde(default)]
    phase_vector: Option<[f64; 3]>,
    #[serde(default)]
    motifs: Vec<String>,
    #[serde(default)]
    di: Option<NonNegative>,
    #[serde(default)]
    scr: Option<Unit>,
}

fn some_session() -> SessionId {
    const NAME: &str = "session";
    SessionId::new(NAME).unwrap_or_else(|_| unreachable!("{NAME} is a session id"))
}

/// Knows the vectors that the fixture gives and no others.
struct Given {
    info: EmbedderInfo,
    vectors: BTreeMap<String, Embedding>,
}

impl Given {
    fn of(cycles: &[Said]) -> Result<Self, OpError> {
        let mut vectors = BTreeMap::new();
        for said in cycles {
            if let Some(vector) = &said.vector {
                let vector = Embedding::new(vector.clone()).map_err(refused)?;
                vectors.insert(said.answer.clone(), vector);
            }
        }
        let dimensions = vectors.values().next().map_or(0, Embedding::dimensions);
        let id = EmbedderId("fixture".into());
        let info = EmbedderInfo {
            id,
            weights_hash: Hash256::ZERO,
            dimensions,
            calibration: None,
        };
        Ok(Self { info, vectors })
    }
}

impl Embedder for Given {
    fn info(&self) -> &EmbedderInfo {
        &self.info
    }
    fn embed(&self, text: &str) -> Result<Embedding, EmbedError> {
        self.vectors.get(text).cloned().ok_or(EmbedError::Empty)
    }
}

/// A memory and the frames it was made of.
struct Kept {
    memory: Memory,
    frames: Vec<Frame>,
    embedder: Given,
}

fn at(cycle: u64) -> Result<Timestamp, OpError> {
    Timestamp::from_millis(1_800_000_000_000 + cycle.cast_signed() * 60_000).map_err(refused)
}

fn pil(core_motifs: &[String]) -> Result<Pil, OpError> {
    let mut pil = Pil::new();
    for motif in core_motifs {
        pil.anchor_motif(motif, &SRIP_04.bounds).map_err(refused)?;
    }
    Ok(pil)
}

/// Commits the cycles; in a reloaded run memory is built anew from its frames after each.
fn keep(input: &Input<'_>, dialogue: &Dialogue) -> Result<Kept, OpError> {
    let embedder = Given::of(&dialogue.cycles)?;
    let pil = pil(&dialogue.core_motifs)?;
    let mut memory = Memory::new(dialogue.session.clone(), pil.clone(), SRIP_04);
    let mut frames: Vec<Frame> = Vec::new();
    for (number, said) in dialogue.cycles.iter().enumerate() {
        let made = compose(&memory, &embedder, number as u64 + 1, said)?;
        for frame in &made {
            memory.append(frame.clone()).map_err(refused)?;
        }
        frames.extend(made);
        if input.how == How::Reloaded {
            let text = serde_json::to_string(&frames)?;
            let read: Vec<Frame> = serde_json::from_str(&text)?;
            let session = dialogue.session.clone();
            (memory, _) = Memory::load(session, pil.clone(), SRIP_04, read, []).map_err(refused)?;
        }
    }
    Ok(Kept {
        memory,
        frames,
        embedder,
    })
}

fn compose(
    memory: &Memory,
    embedder: &Given,
    number: u64,
    said: &Said,
) -> Result<Vec<Frame>, OpError> {
    let unmeasured = Measures::default();
    let field = Field {
        phase_vector: said.phase_vector,
        motifs: said.motifs.clone(),
        measures: Measures {
            di: said.di.map_or(unmeasured.di, Measured::Value),
            scr: said.scr.map_or(unmeasured.scr, Measured::Value),
            ..unmeasured
        },
        ..Field::unmeasured(Cycle(number), at(number)?)
    };
    let user = Utterance::new(&said.user, embedder);
    let answer = Utterance::new(&said.answer, embedder);
    let spoken = [Spoken::by_user(&user), Spoken::by_model(&answer, [])];
    memory
        .compose(&field, embedder.info(), &spoken)
        .map_err(refused)
}

pub(super) fn session(input: &Input<'_>) -> Result<Value, OpError> {
    let dialogue: Dialogue = input.given()?;
    let kept = keep(input, &dialogue)?;
    let invariants = kept.memory.invariants();
    let deltas: Vec<_> = kept
        .frames
        .iter()
        .filter_map(|frame| frame.record.as_ref())
        .map(|record| json!({"delta_di": record.delta_di, "delta_scr": record.delta_scr}))
        .collect();
    Ok(json!({
        "frames": kept.memory.len(),
        "ci": invariants.ci, "ri": invariants.ri, "er": invariants.er, "cc": invariants.cc,
        "breaches": invariants.breaches(&SRIP_04.invariants),
        "cycles": deltas,
    }))
}

pub(super) fn layer(input: &Input<'_>) -> Result<Value, OpError> {
    let dialogue: Dialogue = input.given()?;
    Ok(serde_json::to_value(
        keep(input, &dialogue)?.memory.layer(),
    )?)
}

pub(super) fn breaches(input: &Input<'_>) -> Result<Value, OpError> {
    let invariants: Invariants = input.given()?;
    Ok(json!({
        "breaches": invariants.breaches(&SRIP_04.invariants),
        "demands_recovery": invariants.demands_recovery(&SRIP_04.invariants),
    }))
}

#[derive(Deserialize)]
struct Presented {
    /// Positions of frames in the order in which they are presented to another memory.
    present: Vec<usize>,
    /// The session of that memory, where it is another.
    #[serde(default)]
    to_session: Option<SessionId>,
}

pub(super) fn append(input: &Input<'_>) -> Result<Value, OpError> {
    let dialogue: Dialogue = input.given()?;
    let presented: Presented = input.arguments()?;
    let kept = keep(input, &dialogue)?;
    let session = presented.to_session.unwrap_or(dialogue.session);
    let mut other = Memory::new(session, Pil::new(), SRIP_04);
    let mut outcomes = Vec::new();
    for position in presented.present {
        let before = other.head();
        let word = match other.append(kept.frames[position].clone()) {
            Ok(Appended::New) => "new",
            Ok(Appended::AlreadyThere) => "already_there",
            Err(_) => "refused",
        };
        outcomes.push(json!({"outcome": word, "changed": other.head() != before}));
    }
    Ok(json!({"frames": other.len(), "appended": outcomes}))
}

#[derive(Deserialize)]
struct Asked {
    question: String,
    #[serde(default)]
    limit: Option<usize>,
}

pub(super) fn recall(input: &Input<'_>) -> Result<Value, OpError> {
    let dialogue: Dialogue = input.given()?;
    let asked: Asked = input.arguments()?;
    let kept = keep(input, &dialogue)?;
    let now = kept.memory.cycle().next();
    let question = Utterance::new(&asked.question, &kept.embedder);
    let query = Query::new(&question, now, at(now.0)?).embedder(&kept.embedder);
    let found = kept.memory.recall(&query.limit(asked.limit.unwrap_or(1)));
    let told: Vec<_> = found
        .iter()
        .map(|item| {
            json!({
                "cycle": item.provenance.cycle, "speaker": item.provenance.speaker,
                "text": item.text, "has_reasons": !item.reasons.is_empty()
            })
        })
        .collect();
    Ok(json!({"recalled": told}))
}

#[derive(Deserialize)]
struct Restored {
    /// The cycle whose snapshot is restored.
    snapshot_after: usize,
}

pub(super) fn recover(input: &Input<'_>) -> Result<Value, OpError> {
    let mut dialogue: Dialogue = input.given()?;
    let restored: Restored = input.arguments()?;
    let whole = keep(input, &dialogue)?;
    dialogue.cycles.truncate(restored.snapshot_after);
    let snapshot = keep(input, &dialogue)?.memory.snapshot(at(0)?);
    let mut memory = whole.memory;
    let before = memory.invariants();
    let anchored = memory.pil().clone();
    let Some(permit) = RecoveryPermit::by_entropy(&memory, &before) else {
        return Ok(json!({"permitted": false, "er_before": before.er}));
    };
    let plan = memory
        .plan_recovery(permit, snapshot, at(9_999)?)
        .map_err(refused)?;
    let recovery = memory.recover(plan).map_err(refused)?;
    Ok(json!({
        "permitted": true,
        "er_before": before.er,
        "er_after": recovery.after.er,
        "pruned": recovery.pruned.iter().map(|pruned| pruned.frame).collect::<Vec<_>>(),
        "frames_kept": memory.len(),
        "anchors_kept": memory.pil().contains(&anchored),
        "stable_again": recovery.stable().is_some(),
    }))
}

#[derive(Deserialize)]
struct Summarised {
    cycle: Cycle,
    phase: Option<Lifecycle>,
    attractor: Option<AttractorId>,
    summary: String,
    core_motifs: Vec<String>,
    drift: Option<f64>,
    parent: Hash256,
}

pub(super) fn hash(input: &Input<'_>) -> Result<Value, OpError> {
    let given: Summarised = input.given()?;
    let hash = summary_hash(&SummaryOf {
        schema: SRIP_04.schema,
        cycle: given.cycle,
        phase: given.phase,
        attractor: given.attractor,
        summary: &given.summary,
        core_motifs: &given.core_motifs,
        drift: given.drift,
        parent: given.parent,
    });
    Ok(json!({"hash": hash}))
}
