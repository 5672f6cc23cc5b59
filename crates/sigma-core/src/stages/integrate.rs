//! Stage 4, Memory Integration: what the dialogue itself has to say about the turn
//! (`SRIP-01 §4`, `SRIP-04 §4`).

use sigma_memory::{Query, Recalled};
use sigma_types::Speaker;

use super::{Stabilized, Stage};

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
        query.limit = engine.prompt_rules().max_inserts + 2 * base.state.recent.len();
        let hidden = base.state.recent.back().filter(|_| self.suspended);
        let hidden = hidden.map(|turn| turn.cycle);
        let mut recalled = base.session.memory.recall(&query);
        recalled.retain(|item| {
            let (cycle, speaker) = (item.provenance.cycle, item.provenance.speaker);
            let at_hand = base.state.recent.iter().any(|turn| turn.cycle == cycle);
            let left_out = hidden == Some(cycle) || base.state.echoes.pruned.contains(&cycle);
            let withheld = left_out || base.state.set_aside.contains(&cycle);
            // what stands in the prompt as a recent turn is no use as an insert; of a turn that is
            // withheld the answer is, and what the user said is not lost with it
            (!at_hand || left_out) && (!withheld || speaker == Speaker::User)
        });
        recalled.truncate(engine.prompt_rules().max_inserts);
        self.before.base.watch.lap(Stage::Integrate);
        Integrated {
            before: self,
            recalled,
        }
    }
}
