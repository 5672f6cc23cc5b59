//! A recorded dialogue through the loop: what the invariants were, and the frames it left.

use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;
use sigma_core::embedding::LocalEmbeddings;
use sigma_core::model::RecordedTranscript;
use sigma_core::store::{InMemoryStore, SessionStore as _};
use sigma_core::{Identity, Runtime, Turn, TurnInput};
use sigma_memory::{Frame, Invariants};
use sigma_text::BundledEmbedder;
use sigma_types::SessionId;

/// A dialogue as it was recorded.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Transcript {
    identity: Option<String>,
    cycles: Vec<Exchange>,
}

#[derive(Debug, Clone, Deserialize)]
struct Exchange {
    user_input: String,
    response: String,
}

/// What one replay showed.
pub(super) struct Seen {
    /// After each cycle.
    pub(super) invariants: Vec<Invariants>,
    pub(super) recoveries: usize,
    pub(super) frames: Vec<Frame>,
}

/// The session that every replay runs in.
pub(super) const SESSION: &str = "replay";

impl Transcript {
    /// The same dialogue with a model that was caught in a loop: for `cycles` cycles up to the middle it
    /// says what it said before them.
    pub(super) fn caught_in_a_loop(&self, cycles: usize) -> Self {
        let mut caught = self.clone();
        let middle = caught.cycles.len() / 2;
        let from = middle.saturating_sub(cycles).max(1);
        if let Some(said) = self.cycles.get(from - 1) {
            for exchange in caught.cycles.iter_mut().take(middle).skip(from) {
                exchange.response.clone_from(&said.response);
            }
        }
        caught
    }

    pub(super) fn read(path: &Path) -> Result<Self, Box<dyn std::error::Error>> {
        let text = std::fs::read(path)
            .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        serde_json::from_slice(&text).map_err(|error| {
            let form = "{identity, cycles: [{user_input, response}]}";
            format!(
                "{} is no transcript of the form {form}: {error}",
                path.display()
            )
            .into()
        })
    }
}

pub(super) async fn replay(transcript: &Transcript) -> Result<Seen, Box<dyn std::error::Error>> {
    let answers = transcript.cycles.iter().map(|c| c.response.clone());
    let model = RecordedTranscript::new("record", answers.collect());
    let store = Arc::new(InMemoryStore::new());
    let embeddings = LocalEmbeddings::new(Arc::new(BundledEmbedder::new()));
    let runtime = Runtime::builder(Arc::new(embeddings))
        .store(store.clone())
        .build();
    let session = SessionId::new(SESSION)?;
    let (mut invariants, mut recoveries) = (Vec::new(), 0);
    for exchange in &transcript.cycles {
        let mut input = TurnInput::new(session.clone(), exchange.user_input.clone());
        input.identity = transcript.identity.as_deref().map(Identity::new);
        let Turn::Answered { report, .. } = runtime.turn(input, &model, None).await? else {
            return Err("a recorded turn was not answered".into());
        };
        recoveries += usize::from(report.memory.recovery.is_some());
        let now = runtime.view(&session, |s| s.memory().invariants()).await?;
        invariants.push(now.ok_or("the session is gone")?);
    }
    let kept = store.load(&session).await?.ok_or("the session is gone")?;
    let frames = kept.frames.iter();
    Ok(Seen {
        invariants,
        recoveries,
        frames: frames
            .map(|frame| serde_json::from_slice(&frame.body))
            .collect::<Result<_, _>>()?,
    })
}
