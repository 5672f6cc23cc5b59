//! Stage 6, Output Generation: one bounded prompt, one call (`SRIP-01 §4`).

use sigma_memory::Recalled;

use super::{Aligned, Stage};
use crate::model::{DeltaSender, Model, ModelAnswer, ModelRequest};
use crate::prompt::{Exchange, Insert, Material, Prompt, PromptBuilder};
use crate::runtime::TurnError;

/// The turn with the model's answer.
pub(crate) struct Generated<'a> {
    pub(crate) before: Aligned<'a>,
    pub(crate) prompt: Prompt,
    /// Recalled items that stood in the prompt.
    pub(crate) shown: Vec<Recalled>,
    pub(crate) answer: ModelAnswer,
}

impl<'a> Aligned<'a> {
    pub(crate) async fn generate(
        mut self,
        model: &dyn Model,
        deltas: Option<&DeltaSender>,
    ) -> Result<Generated<'a>, TurnError> {
        let prompt = self.prompt(&self.before.before.directives)?;
        let answer = self.ask(&prompt, model, deltas).await?;
        let shown = self.shown(&prompt);
        self.before.before.before.base.watch.lap(Stage::Generate);
        Ok(Generated {
            before: self,
            prompt,
            shown,
            answer,
        })
    }

    pub(crate) async fn ask(
        &self,
        prompt: &Prompt,
        model: &dyn Model,
        deltas: Option<&DeltaSender>,
    ) -> Result<ModelAnswer, TurnError> {
        let stabilized = &self.before.before;
        let base = &stabilized.before.base;
        let request = ModelRequest {
            prompt: prompt.clone(),
            tail: base.input.tail.clone(),
            max_tokens: stabilized.plan.token_limit,
            passthrough: base.input.passthrough.clone(),
            cycle: base.cycle.0,
        };
        let answer = model.answer(&request, deltas).await?;
        // a recorded answer may be empty: that is what was said
        if answer.text.is_empty() && !answer.wants_tools() && !model.may_be_silent() {
            return Err(TurnError::EmptyAnswer);
        }
        Ok(answer)
    }

    pub(crate) fn prompt(&self, directives: &[String]) -> Result<Prompt, TurnError> {
        let stabilized = &self.before.before;
        let base = &stabilized.before.base;
        let memory: Vec<Insert> = self.before.recalled.iter().map(insert).collect();
        let kept = base.state.recent.len()
            - usize::from(stabilized.suspended).min(base.state.recent.len());
        let recent: Vec<Exchange> = base
            .state
            .recent
            .iter()
            .take(kept)
            .filter(|turn| !base.state.echoes.pruned.contains(&turn.cycle))
            .cloned()
            .collect();
        let mut constraints = base.state.identity.constraints.clone();
        constraints.extend(base.state.pil.facts().iter().map(|fact| fact.text.clone()));
        let material = Material {
            identity: &base.state.identity.text,
            constraints: &constraints,
            memory: &memory,
            cues: &self.cues,
            correction: directives,
            recent: &recent,
            user: &base.input.user,
        };
        let engine = base.engine;
        Ok(PromptBuilder::new(engine.prompt_rules(), engine.tokens()).build(&material)?)
    }

    pub(crate) fn shown(&self, prompt: &Prompt) -> Vec<Recalled> {
        let stood = |item: &&Recalled| {
            prompt.inserts.iter().any(|insert| {
                insert.cycle == item.provenance.cycle && insert.speaker == item.provenance.speaker
            })
        };
        self.before.recalled.iter().filter(stood).cloned().collect()
    }
}

fn insert(item: &Recalled) -> Insert {
    Insert {
        cycle: item.provenance.cycle,
        speaker: item.provenance.speaker,
        text: item.text.clone(),
        score: item.score,
    }
}
