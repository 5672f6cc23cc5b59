//! A transcript as a model: it says again what was said.

use async_trait::async_trait;

use super::{DeltaSender, Model, ModelAnswer, ModelError, ModelRequest, send_in_pieces};

/// Answers turn `n` with the `n`th recorded answer: how a log is replayed without any model.
#[derive(Debug, Clone)]
pub struct RecordedTranscript {
    name: String,
    answers: Vec<String>,
}

impl RecordedTranscript {
    /// A model that gives these answers, in order.
    pub fn new(name: impl Into<String>, answers: Vec<String>) -> Self {
        Self {
            name: name.into(),
            answers,
        }
    }
}

#[async_trait]
impl Model for RecordedTranscript {
    fn name(&self) -> &str {
        &self.name
    }

    fn repeats_itself(&self) -> bool {
        true
    }

    fn may_be_silent(&self) -> bool {
        true
    }

    async fn answer(
        &self,
        request: &ModelRequest,
        deltas: Option<&DeltaSender>,
    ) -> Result<ModelAnswer, ModelError> {
        let at = usize::try_from(request.cycle.saturating_sub(1)).unwrap_or(usize::MAX);
        let text = self.answers.get(at).ok_or(ModelError::TranscriptEnded {
            cycle: request.cycle,
        })?;
        send_in_pieces(text, deltas).await?;
        Ok(ModelAnswer::text(text, &self.name))
    }
}
