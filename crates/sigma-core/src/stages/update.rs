//! Stage 7, Field Update: the answer is measured and folded into the field, and all of it is made
//! ready to be committed at once (`SRIP-01 §4`, `SRIP-04 §3`).

mod fold;
mod keep;
mod telemetry;

use sigma_aegida::{Level, OutputHandling, RecursionReading};
use sigma_text::Utterance;

use self::fold::Folded;
use super::Generated;
use crate::directives::directive_lines;
use crate::embedding::utterance;
use crate::engine::Done;
use crate::model::Model;
use crate::runtime::TurnError;

impl Generated<'_> {
    /// Measures the answer; asks once more where the kernel wants that and nobody has read the first
    /// answer yet.
    pub(crate) async fn update(self, model: &dyn Model, streamed: bool) -> Result<Done, TurnError> {
        let answer = self.read_answer().await?;
        let mut limiter = self.state().kernel.limiter();
        let mut reading = limiter.reading();
        if let Ok(mut first) = limiter.enter(Level::Pass) {
            // whether another pass would be let in; the guard counts it, so it is only taken if needed
            reading.depth = first.depth();
            let folded = self.fold(&answer, reading);
            let again = folded.safety.output == OutputHandling::Regenerate
                && !streamed
                && !model.repeats_itself();
            if !again || first.enter(Level::Pass).is_err() {
                return self.keep(folded, &answer, false);
            }
            return Box::pin(self.ask_again(folded, answer, model, reading)).await;
        }
        let folded = self.fold(&answer, limiter.reading());
        self.keep(folded, &answer, false)
    }

    /// The kernel's answer to a first answer over a limit: one more call with the correction in the
    /// prompt. If that is not possible the first answer stands, marked.
    async fn ask_again(
        mut self,
        folded: Folded,
        answer: Utterance,
        model: &dyn Model,
        mut reading: RecursionReading,
    ) -> Result<Done, TurnError> {
        let prompt = self.before.prompt(&directive_lines(&folded.drift.plan))?;
        let (second, outgoing) = match self.before.answer(&prompt, model, None).await {
            Ok((second, outgoing)) if !second.wants_tools() => (second, outgoing),
            _ => return self.keep(folded, &answer, false),
        };
        reading.depth += 1;
        let discarded = self.state_mut().kernel.note_discarded(&folded.safety);
        self.shown = self.before.shown(&prompt);
        self.prompt = prompt;
        self.answer = second;
        self.outgoing = outgoing;
        let answer = self.read_answer().await?;
        let mut folded = self.fold(&answer, reading);
        folded.discarded = discarded;
        self.keep(folded, &answer, true)
    }

    async fn read_answer(&self) -> Result<Utterance, TurnError> {
        let source = self.before.before.before.before.base.engine.embeddings();
        utterance(&self.answer.text, &**source)
            .await
            .map_err(TurnError::Embedding)
    }
}
