//! Takes a recorded dialogue through the loop and reports on it.

mod embeddings;
mod rows;

pub use embeddings::{EmbeddingsError, embeddings};
pub use rows::row;
pub(crate) use rows::wire_name;

use crate::{
    import::{Dialogue, Turn},
    report::{About, Report, Row, Texts},
};
use sigma_core::store::ForgetfulStore;
use sigma_core::{
    CycleReport, Identity, Runtime, TurnError, TurnInput,
    embedding::EmbeddingSource,
    model::RecordedTranscript,
    prompt::{PROMPT_RULES, PromptRules},
    tokens::{EstimatedTokens, TokenCounter as _},
};
use sigma_types::{IdError, SessionId, Timestamp};
use std::{ffi::OsStr, path::Path, sync::Arc};

/// Seconds that are taken to lie between two turns where the file tells no time.
const STEP_MILLIS: i64 = 60_000;

/// Replays dialogues; each is a session of its own that is forgotten afterwards.
pub struct Replayer {
    embeddings: Arc<dyn EmbeddingSource>,
}

/// A dialogue could not be replayed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReplayError {
    /// A turn failed.
    #[error("turn {turn} ({place}): {source}")]
    Turn {
        /// Counts from 1.
        turn: usize,
        /// Where it stands in the file.
        place: crate::import::Location,
        /// What went wrong.
        source: Box<TurnError>,
    },
    /// The session's name was refused.
    #[error(transparent)]
    Session(#[from] IdError),
}

impl Replayer {
    /// Replays with vectors from `embeddings`.
    pub fn new(embeddings: Arc<dyn EmbeddingSource>) -> Self {
        Self { embeddings }
    }

    /// Takes every turn through the loop, with the recorded answers in the place of a model.
    ///
    /// `identity` goes before what the dialogue itself says. `progress` is called after each turn.
    ///
    /// # Errors
    /// [`ReplayError::Turn`] names the turn and its place in the file.
    pub async fn replay(
        &self,
        file: &str,
        dialogue: &Dialogue,
        identity: Option<&str>,
        mut progress: impl FnMut(),
    ) -> Result<Report, ReplayError> {
        let text = identity.or(dialogue.identity.as_deref());
        let identity = Identity {
            text: text.unwrap_or_default().into(),
            constraints: dialogue.constraints.clone(),
        };
        let answers = dialogue
            .turns
            .iter()
            .map(|turn| turn.assistant.clone())
            .collect();
        let model = RecordedTranscript::new("recorded", answers);
        let runtime = Runtime::builder(Arc::clone(&self.embeddings))
            .store(Arc::new(ForgetfulStore))
            .prompt(room_for(dialogue, &identity))
            .build();
        let session = SessionId::new("replay")?;
        let mut rows: Vec<Row> = Vec::with_capacity(dialogue.turns.len());
        for turn in &dialogue.turns {
            let mut input = TurnInput::new(session.clone(), turn.user.as_str());
            input.identity = Some(identity.clone());
            input.at = Some(time_of(turn));
            let failed = |source| ReplayError::Turn {
                turn: turn.index,
                place: turn.source.clone(),
                source: Box::new(source),
            };
            let cycle = report_of(
                Box::pin(runtime.turn(input, &model, None))
                    .await
                    .map_err(failed)?,
            );
            if let (Some(before), Some(cycle)) = (rows.last_mut(), &cycle) {
                before.steering.clone_from(&cycle.directives);
            }
            rows.extend(cycle.as_deref().map(|cycle| Row {
                recorded: turn.recorded.clone(),
                ..row(cycle)
            }));
            progress();
        }
        Ok(Report {
            about: self.about(file, dialogue, &identity),
            rows,
            texts: texts(dialogue),
        })
    }

    fn about(&self, file: &str, dialogue: &Dialogue, identity: &Identity) -> About {
        let info = self.embeddings.info();
        let calibrated = if sigma_drift::is_calibrated(info) {
            ""
        } else {
            ", NOT CALIBRATED: the weights are those of another embedder"
        };
        About {
            title: title(file, dialogue),
            file: name_of(file).into(),
            identity: described(identity),
            measured_with: format!("grounded profile, embeddings {}{calibrated}", info.id),
            notes: dialogue.notes.iter().map(ToString::to_string).collect(),
            made_at: None,
        }
    }
}

/// The dialogue's own title, or the file's name where that says more than a first "hello".
fn title(file: &str, dialogue: &Dialogue) -> String {
    let stem = Path::new(file).file_stem().and_then(OsStr::to_str);
    let alone = stem.filter(|_| dialogue.title.is_none() && dialogue.id == "1");
    alone.map_or_else(|| dialogue.heading(), Into::into)
}

/// The file's name without the folders, which are nobody's business in a report.
fn name_of(file: &str) -> &str {
    Path::new(file)
        .file_name()
        .and_then(OsStr::to_str)
        .unwrap_or(file)
}

/// Identity and constraints as a reader sees them; `None` if there are neither.
fn described(identity: &Identity) -> Option<String> {
    let text = Some(identity.text.trim())
        .filter(|text| !text.is_empty())
        .map(String::from);
    let constraints = identity
        .constraints
        .iter()
        .map(|constraint| format!("• {constraint}"));
    let all: Vec<_> = text.into_iter().chain(constraints).collect();
    (!all.is_empty()).then(|| all.join("\n"))
}

fn report_of(turn: sigma_core::Turn) -> Option<Arc<CycleReport>> {
    match turn {
        sigma_core::Turn::Answered { report, .. } | sigma_core::Turn::Repeated { report } => {
            Some(report)
        }
        // a recorded answer is text and asks for nothing
        _ => None,
    }
}

fn time_of(turn: &Turn) -> Timestamp {
    let counted = i64::try_from(turn.index)
        .unwrap_or(i64::MAX)
        .saturating_mul(STEP_MILLIS);
    turn.at
        .or_else(|| Timestamp::from_millis(counted).ok())
        .unwrap_or(Timestamp::EPOCH)
}

fn texts(dialogue: &Dialogue) -> Vec<Texts> {
    let of = |turn: &Turn| Texts {
        user: turn.user.clone(),
        assistant: turn.assistant.clone(),
    };
    dialogue.turns.iter().map(of).collect()
}

/// No model reads the prompts of a replay: a pasted log that no budget would hold is measured all the same.
fn room_for(dialogue: &Dialogue, identity: &Identity) -> PromptRules {
    let tokens = |text: &str| EstimatedTokens.count(text);
    let constraints: usize = identity.constraints.iter().map(|c| tokens(c) + 8).sum();
    let longest = dialogue.turns.iter().map(|turn| tokens(&turn.user)).max();
    let needed = tokens(&identity.text) + constraints + longest.unwrap_or(0);
    PromptRules {
        budget: if needed > PROMPT_RULES.budget / 2 {
            needed.saturating_add(PROMPT_RULES.budget)
        } else {
            PROMPT_RULES.budget
        },
        ..PROMPT_RULES
    }
}
