//! Stage 6, Output Generation: one bounded prompt, one call (`SRIP-01 §4`).

use sigma_memory::Recalled;

use super::{Aligned, Ingested, Stage};
use crate::model::{DeltaSender, Model, ModelAnswer, ModelRequest};
use crate::prompt::{Exchange, Insert, Material, Prompt, PromptBuilder};
use crate::relation::{self, Opened, Outgoing};
use crate::runtime::TurnError;
use sigma_ris::{Channel, Mode, Participants};

/// The turn with the model's answer.
pub(crate) struct Generated<'a> {
    pub(crate) before: Aligned<'a>,
    pub(crate) prompt: Prompt,
    /// Recalled items that stood in the prompt.
    pub(crate) shown: Vec<Recalled>,
    pub(crate) answer: ModelAnswer,
    /// What relational stabilization made of it; `None` while that is off.
    pub(crate) outgoing: Option<Outgoing>,
}

impl<'a> Aligned<'a> {
    pub(crate) async fn generate(
        mut self,
        model: &dyn Model,
        deltas: Option<&DeltaSender>,
    ) -> Result<Generated<'a>, TurnError> {
        let prompt = self.prompt(&self.before.before.directives)?;
        let (answer, outgoing) = self.answer(&prompt, model, deltas).await?;
        let shown = self.shown(&prompt);
        self.before.before.before.base.watch.lap(Stage::Generate);
        Ok(Generated {
            before: self,
            prompt,
            shown,
            answer,
            outgoing,
        })
    }

    /// One call, and what is said of its answer.
    pub(crate) async fn answer(
        &self,
        prompt: &Prompt,
        model: &dyn Model,
        deltas: Option<&DeltaSender>,
    ) -> Result<(ModelAnswer, Option<Outgoing>), TurnError> {
        let relation = self.before.before.relation.as_ref();
        let enforced = relation.filter(|opened| opened.plan.mode == Mode::Enforce);
        if let (Some(opened), Some(deltas)) = (enforced, deltas) {
            let clock = self.before.before.before.base.engine.clock();
            let ask = async |pieces: &DeltaSender| self.ask(prompt, model, Some(pieces)).await;
            let (answer, outgoing) =
                Box::pin(relation::in_pieces(opened, clock, deltas, ask)).await?;
            return Ok((answer, Some(outgoing)));
        }
        let mut answer = self.ask(prompt, model, deltas).await?;
        let outgoing = relation::whole(relation, &mut answer);
        Ok((answer, outgoing))
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
        let names = Names::of(base, stabilized.relation.as_ref());
        let memory = self.before.recalled.iter().map(|item| names.insert(item));
        let memory: Vec<Insert> = memory.collect();
        let kept = base.state.recent.len()
            - usize::from(stabilized.suspended).min(base.state.recent.len());
        let recent: Vec<Exchange> = base
            .state
            .recent
            .iter()
            .take(kept)
            .filter(|turn| !base.state.echoes.pruned.contains(&turn.cycle))
            .map(|turn| names.exchange(turn))
            .collect();
        let user = names.current(base);
        let mut constraints = base.state.identity.constraints.clone();
        constraints.extend(base.state.pil.facts().iter().map(|fact| fact.text.clone()));
        let mut correction = directives.to_vec();
        let relation = stabilized.relation.as_ref();
        correction.extend(
            relation
                .iter()
                .flat_map(|opened| opened.plan.guidance.iter().cloned()),
        );
        let material = Material {
            identity: &base.state.identity.text,
            constraints: &constraints,
            memory: &memory,
            cues: &self.cues,
            correction: &correction,
            recent: &recent,
            user: &user,
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

/// Names of those who take part, where several do; nobody is named in a talk of two.
struct Names<'a>(Option<&'a Participants>);

impl<'a> Names<'a> {
    fn of(base: &'a Ingested<'_>, relation: Option<&Opened>) -> Self {
        let group = relation.filter(|opened| opened.turn.channel == Channel::Group);
        Self(
            group
                .and(base.state.ris.as_ref())
                .map(|ris| ris.scope().participants()),
        )
    }

    /// The name of a participant on one line.
    fn name(&self, id: Option<&str>) -> Option<String> {
        let id = id?;
        let name = self
            .0?
            .find(id)
            .map_or(id, |participant| participant.name.as_str());
        Some(name.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    fn insert(&self, item: &Recalled) -> Insert {
        let name = self.name(item.provenance.participant.as_deref());
        Insert {
            cycle: item.provenance.cycle,
            speaker: item.provenance.speaker,
            text: said_by(name, &item.text),
            score: item.score,
        }
    }

    fn exchange(&self, turn: &Exchange) -> Exchange {
        Exchange {
            participant: self.name(turn.participant.as_deref()),
            ..turn.clone()
        }
    }

    fn current(&self, base: &Ingested<'_>) -> String {
        said_by(
            self.name(base.input.participant.as_deref()),
            &base.input.user,
        )
    }
}

fn said_by(name: Option<String>, text: &str) -> String {
    name.map_or_else(|| text.to_owned(), |name| format!("{name}: {text}"))
}
