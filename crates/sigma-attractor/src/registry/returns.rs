//! Finding a left subject again.

use sigma_types::{AttractorId, Cycle};
use std::collections::BTreeSet;

use super::Registry;
use crate::{Attractor, CausalRecord, Change, MotifSet, gist::Gist, merge, rules::SubjectRules};
use sigma_text::Embedding;

/// What is compared with attractors.
struct Probe<'a> {
    vector: Option<&'a Embedding>,
    /// Motif keys with their weights.
    keys: Vec<(&'a str, f64)>,
}

impl<'a> Probe<'a> {
    fn of_gist(gist: &'a Gist) -> Self {
        let keys = gist
            .phrases
            .iter()
            .map(|p| (p.key.as_str(), p.weight))
            .collect();
        Self {
            vector: gist.vector.as_ref(),
            keys,
        }
    }

    fn of_attractor(attractor: &'a Attractor) -> Self {
        let keys = attractor
            .motifs
            .iter()
            .map(|m| (m.key.as_str(), m.weight.get()))
            .collect();
        Self {
            vector: attractor.centroid.as_ref(),
            keys,
        }
    }

    /// Half nearness in meaning, half the share of telling words that are motifs there; `0..=1`.
    fn nearness(&self, attractor: &Attractor, rules: &SubjectRules) -> f64 {
        let meaning = rules
            .cosine(self.vector, attractor.centroid.as_ref())
            .max(0.0);
        f64::midpoint(meaning, self.shared(&attractor.motifs))
    }

    fn shared(&self, motifs: &MotifSet) -> f64 {
        let stems: BTreeSet<&str> = motifs.iter().flat_map(|m| m.key.split(' ')).collect();
        let (mut found, mut all) = (0.0, 0.0);
        for (key, weight) in &self.keys {
            let words = key.split(' ').count() as f64;
            let known = key.split(' ').filter(|stem| stems.contains(stem)).count() as f64;
            all += weight;
            found += weight * known / words;
        }
        if all > 0.0 { found / all } else { 0.0 }
    }
}

impl Registry {
    /// The left attractor that an utterance takes up again, if one is near enough and clearly
    /// nearer than the subject it leaves.
    pub(super) fn find_again(&self, gist: &Gist) -> Option<AttractorId> {
        self.nearest(&Probe::of_gist(gist), self.active)
    }

    /// Recognises a forming attractor as one that was left: the first utterances of a return
    /// often say too little. It becomes part of the one that was left.
    pub(super) fn recognise(&mut self, records: &mut Vec<CausalRecord>) -> Option<Cycle> {
        let id = self.active.filter(|id| self.is_forming(*id))?;
        let forming = self.live.get(&id)?;
        // what whole exchanges said outweighs its first utterances
        let settled = self.pending.iter().any(|p| p.settled && p.id == id);
        if settled || !(2..=self.rules.subject.recognise_until).contains(&forming.utterances) {
            return None;
        }
        let parent = forming.parent_id;
        let found = self.nearest(&Probe::of_attractor(forming), Some(id))?;
        if Some(found) == parent {
            return None;
        }
        let forming = self.live.remove(&id)?;
        let left = self.live.get_mut(&found)?;
        let from_cycle = left.last_cycle;
        merge::rejoin(left, &forming, self.now, &self.rules);
        self.active = Some(found);
        self.forget_pending(id);
        self.profiles.merge(id, found, &self.rules.exchange);
        let at = forming.updated_at;
        let change = Change::Merged { into: found };
        records.push(
            self.chain
                .record(self.now, at, id, forming.parent_id, change),
        );
        let change = Change::Returned { from_cycle };
        records.push(
            self.chain
                .record(self.now, at, found, forming.parent_id, change),
        );
        Some(from_cycle)
    }

    fn nearest(&self, probe: &Probe<'_>, current: Option<AttractorId>) -> Option<AttractorId> {
        let rules = &self.rules.subject;
        let held = self
            .active
            .filter(|id| Some(*id) == current)
            .and_then(|id| self.live.get(&id));
        let floor = held
            .filter(|a| a.utterances > 0)
            .map_or(0.0, |a| probe.nearness(a, rules));
        self.live
            .values()
            .filter(|a| Some(a.id) != current)
            .map(|a| (probe.nearness(a, rules), a.id))
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)))
            .filter(|(near, _)| {
                *near >= rules.return_nearness && *near >= floor + rules.return_margin
            })
            .map(|(_, id)| id)
    }
}
