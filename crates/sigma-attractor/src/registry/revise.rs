//! Overturning a decision two utterances later, while the attractor is still forming.

use serde::{Deserialize, Serialize};
use sigma_types::{AttractorId, Speaker, Unit};

use super::{Aim, Arrival, Registry, Revision, RevisionKind};
use crate::{
    Attractor, CausalRecord, Change,
    attractor::{Content, DATED_BACK},
    gist::Gist,
};

/// A recent utterance and how to undo its placing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Pending {
    pub(super) utterance: u64,
    pub(super) speaker: Speaker,
    /// Probability, from the past alone, that it starts another subject.
    pub(super) boundary: Unit,
    pub(super) gist: Gist,
    pub(super) starts: bool,
    /// The attractor that was active before.
    pub(super) was: Option<AttractorId>,
    /// The attractor that took it in.
    pub(super) id: AttractorId,
    /// That attractor before; `None` if the utterance formed it.
    pub(super) saved: Option<Content>,
    /// The exchange it belongs to was placed as a whole: not to be revised.
    pub(super) settled: bool,
}

impl Registry {
    /// Looks back on the oldest pending utterance and sets right what two more utterances tell.
    pub(super) fn revise(&mut self, records: &mut Vec<CausalRecord>) -> Option<Revision> {
        if self.rules.subject.hindsight < crate::LOOKAHEAD {
            return None;
        }
        let seen = self.tracker.look_back()?;
        let oldest = self
            .pending
            .front()
            .filter(|_| self.pending.len() == seen.back + 1)?;
        let opened = oldest.was.is_none();
        if opened
            || oldest.settled
            || oldest.starts == seen.new_subject
            || !self.may_revise(seen.new_subject)
        {
            return None;
        }
        let (utterance, cycle) = (oldest.utterance, oldest.gist.cycle);
        let (attractor, kind, instead_of) = if seen.new_subject {
            let (attractor, instead_of) = self.date_back(records)?;
            (attractor, RevisionKind::DatedBack, instead_of)
        } else {
            (self.withdraw(records)?, RevisionKind::Withdrawn, None)
        };
        Some(Revision {
            utterance,
            cycle,
            kind,
            score: seen.score,
            attractor,
            instead_of,
        })
    }

    /// Only a forming attractor is moved or withdrawn.
    fn may_revise(&self, dates_back: bool) -> bool {
        let formed = |p: &&Pending| p.starts && p.saved.is_none();
        if dates_back {
            let later = self.pending.iter().skip(1).find(formed);
            later.is_none_or(|p| self.is_forming(p.id))
        } else {
            self.pending
                .front()
                .is_some_and(|p| p.saved.is_some() || self.is_forming(p.id))
        }
    }

    /// Lets a subject begin at the oldest pending utterance: the attractor that formed after it is
    /// moved there, or one is formed.
    fn date_back(&mut self, records: &mut Vec<CausalRecord>) -> Option<(AttractorId, Option<u64>)> {
        let mut undone = self.undo();
        let at = undone
            .iter()
            .skip(1)
            .position(|u| u.pending.starts)
            .map(|at| at + 1);
        undone.first_mut()?.pending.starts = true;
        let (mut moved, mut instead_of) = (None, None);
        if let Some(at) = at {
            undone[at].pending.starts = false;
            moved = undone[at].formed.take();
            instead_of = Some(undone[at].pending.utterance);
        }
        let back = at.unwrap_or(undone.len() - 1) as u64;
        let first = &mut undone[0];
        if let Some(mut attractor) = moved {
            attractor.origin_cycle = first.pending.gist.cycle;
            attractor.created_at = first.pending.gist.at;
            attractor.parent_id = first.pending.was;
            first.formed = Some(attractor);
        }
        let id = self.replay(undone, records)?;
        if let Some(attractor) = self.live.get_mut(&id) {
            attractor.tags.insert(DATED_BACK.to_owned());
            let parent = attractor.parent_id;
            let change = Change::DatedBack { utterances: back };
            let (cycle, time) = (self.now, attractor.updated_at);
            records.push(self.chain.record(cycle, time, id, parent, change));
        }
        Some((id, instead_of))
    }

    /// Gives the oldest pending utterance back to the subject before it.
    fn withdraw(&mut self, records: &mut Vec<CausalRecord>) -> Option<AttractorId> {
        let mut undone = self.undo();
        let first = undone.first_mut()?;
        first.pending.starts = false;
        first.formed = None;
        let (id, at) = (first.pending.id, first.pending.gist.at);
        let parent = first.pending.was;
        records.push(
            self.chain
                .record(self.now, at, id, parent, Change::Withdrawn),
        );
        self.replay(undone, records)
    }

    /// Takes the pending utterances back out, the oldest first in the result.
    fn undo(&mut self) -> Vec<Undone> {
        let mut undone = Vec::new();
        while let Some(mut pending) = self.pending.pop_back() {
            let formed = match pending.saved.take() {
                Some(content) => {
                    if let Some(attractor) = self.live.get_mut(&pending.id) {
                        attractor.restore(content);
                    }
                    None
                }
                None => self.live.remove(&pending.id),
            };
            self.active = pending.was;
            undone.push(Undone { pending, formed });
        }
        undone.reverse();
        undone
    }

    /// Places them again; gives the attractor of the first.
    fn replay(
        &mut self,
        undone: Vec<Undone>,
        records: &mut Vec<CausalRecord>,
    ) -> Option<AttractorId> {
        let mut first = None;
        for Undone { pending: p, formed } in undone {
            let id = match formed.filter(|_| p.starts) {
                Some(attractor) => self.place_formed(p, attractor, records),
                None if p.starts && p.was != Some(p.id) && self.live.contains_key(&p.id) => {
                    self.place_returned(p)
                }
                None => {
                    let aim = if p.starts { Aim::Start } else { Aim::Onward };
                    let arrival = Arrival {
                        utterance: p.utterance,
                        speaker: p.speaker,
                        boundary: p.boundary,
                        gist: p.gist,
                    };
                    self.place(arrival, aim, records);
                    self.active
                }
            };
            first = first.or(id);
        }
        first
    }

    fn place_formed(
        &mut self,
        mut p: Pending,
        mut attractor: Attractor,
        records: &mut Vec<CausalRecord>,
    ) -> Option<AttractorId> {
        let id = attractor.id;
        let tags = std::mem::take(&mut attractor.tags);
        attractor.restore(Attractor::forming(id, None, p.gist.cycle, p.gist.at).content());
        attractor.tags = tags;
        if attractor.parent_id != self.active {
            attractor.parent_id = self.active;
            let change = Change::Reparented;
            records.push(
                self.chain
                    .record(self.now, p.gist.at, id, self.active, change),
            );
        }
        attractor.absorb(&p.gist, &self.rules);
        self.live.insert(id, attractor);
        (p.was, p.id, p.saved) = (self.active, id, None);
        self.active = Some(id);
        self.pending.push_back(p);
        self.active
    }

    fn place_returned(&mut self, mut p: Pending) -> Option<AttractorId> {
        let attractor = self.live.get_mut(&p.id)?;
        p.saved = Some(attractor.content());
        attractor.absorb(&p.gist, &self.rules);
        p.was = self.active;
        self.active = Some(p.id);
        self.pending.push_back(p);
        self.active
    }
}

/// A pending utterance taken out, with the attractor that it had formed.
struct Undone {
    pending: Pending,
    formed: Option<Attractor>,
}
