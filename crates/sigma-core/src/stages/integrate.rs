//! Stage 4, Memory Integration: what the dialogue itself has to say about the turn
//! (`SRIP-01 §4`, `SRIP-04 §4`).

use std::collections::{BTreeMap, BTreeSet};

use sigma_memory::{Query, Recalled};
use sigma_types::{Cycle, Speaker};

use super::{Stabilized, Stage};

/// How much further than the prompt has room the answers to recalled questions are looked for.
const ANSWERS_WITHIN: usize = 4;

/// The turn with what memory brought back for it.
pub(crate) struct Integrated<'a> {
    pub(crate) before: Stabilized<'a>,
    pub(crate) recalled: Vec<Recalled>,
}

impl<'a> Stabilized<'a> {
    pub(crate) fn integrate(mut self) -> Integrated<'a> {
        let base = &self.before.base;
        let engine = base.engine;
        let active = base.state.registry.active();
        let motifs: Vec<String> = active
            .map(|attractor| {
                attractor
                    .motifs
                    .iter()
                    .take(8)
                    .map(|m| m.key.clone())
                    .collect()
            })
            .unwrap_or_default();
        let mut query = Query::new(&base.user, base.cycle, base.at);
        query.embedder = engine.embeddings().local();
        query.attractor = active.map(|a| a.id);
        query.phase = active.map(|a| a.lifecycle_state);
        query.motifs = &motifs;
        let most = engine.prompt_rules().max_inserts;
        query.limit = ANSWERS_WITHIN * most + 2 * base.state.recent.len();
        let hidden = base.state.recent.back().filter(|_| self.suspended);
        let hidden = hidden.map(|turn| turn.cycle);
        let memory = &base.session.memory;
        let mut recalled = memory.recall(&query);
        if let Some(relation) = &self.relation {
            recalled.retain(|item| crate::relation::may_recall(item, memory, &relation.turn));
        }
        recalled.retain(|item| {
            let (cycle, speaker) = (item.provenance.cycle, item.provenance.speaker);
            let at_hand = base.state.recent.iter().any(|turn| turn.cycle == cycle);
            let left_out = hidden == Some(cycle) || base.state.echoes.pruned.contains(&cycle);
            let withheld = left_out || base.state.set_aside.contains(&cycle);
            // what stands in the prompt as a recent turn is no use as an insert; of a turn that is
            // withheld the answer is, and what the user said is not lost with it
            (!at_hand || left_out) && (!withheld || speaker == Speaker::User)
        });
        let mut recalled = with_answers(recalled, most);
        recalled.truncate(most);
        self.before.base.watch.lap(Stage::Integrate);
        Integrated {
            before: self,
            recalled,
        }
    }
}

/// Lets the answer follow a question that was recalled for itself: "read me the plan" is near to a later
/// request for the plan, and tells nothing without what was read. Only questions among the first `most`
/// bring theirs.
fn with_answers(recalled: Vec<Recalled>, most: usize) -> Vec<Recalled> {
    let questions: BTreeSet<Cycle> = recalled
        .iter()
        .take(most)
        .filter(|item| item.provenance.speaker == Speaker::User)
        .map(|item| item.provenance.cycle)
        .collect();
    let (mut answers, mut rest) = (BTreeMap::new(), Vec::with_capacity(recalled.len()));
    for (at, item) in recalled.into_iter().enumerate() {
        let cycle = item.provenance.cycle;
        let answers_one =
            item.provenance.speaker == Speaker::Assistant && questions.contains(&cycle);
        if at >= most && answers_one {
            answers.insert(cycle, item);
        } else {
            rest.push(item);
        }
    }
    let mut ordered = Vec::with_capacity(rest.len() + answers.len());
    for item in rest {
        let (cycle, speaker) = (item.provenance.cycle, item.provenance.speaker);
        ordered.push(item);
        if speaker == Speaker::User {
            ordered.extend(answers.remove(&cycle));
        }
    }
    ordered
}
