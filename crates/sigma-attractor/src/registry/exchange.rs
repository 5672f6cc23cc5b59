//! Placing a whole exchange by what it says, once the answer is there.
//!
//! A user's turn alone often says too little: "And the other one?" opens nothing, although no word of it was
//! said before. With the answer there is enough to tell which subject both belong to.

use sigma_types::{AttractorId, Cycle, Speaker, Unit};

use super::{Aim, Arrival, Registry, Revision, RevisionKind, UptakeEvent, revise::Pending};
use crate::{CausalRecord, Change, profile::Exchange, rules::ExchangeRules};

/// What became of an exchange.
pub(super) struct Placed {
    /// What it did to the subject; `None` if it said too little to decide.
    pub(super) event: Option<UptakeEvent>,
    /// Set where the decision on the user's turn was overturned.
    pub(super) revision: Option<Revision>,
}

impl Registry {
    /// Decides where the exchange that was just completed belongs, and puts it there. `None` if the last two
    /// utterances are no exchange of this cycle.
    pub(super) fn place_exchange(&mut self, records: &mut Vec<CausalRecord>) -> Option<Placed> {
        let exchange = self.completed_exchange()?;
        let rules = self.rules.exchange;
        let mut placed = Placed {
            event: None,
            revision: None,
        };
        if self.said_enough(&rules) {
            placed = self.decide(&exchange, records)?;
            self.pending.iter_mut().for_each(|p| p.settled = true);
        }
        if let Some(id) = self.active {
            self.profiles.take_in(id, exchange, &rules);
        }
        let live = &self.live;
        self.profiles.retain(|id| live.contains_key(id));
        Some(placed)
    }

    fn completed_exchange(&self) -> Option<Exchange> {
        let answer = self.pending.back()?;
        let user = self.pending.iter().rev().nth(1)?;
        let one = user.speaker == Speaker::User
            && answer.speaker == Speaker::Assistant
            && user.gist.cycle == answer.gist.cycle;
        one.then(|| Exchange::of(&user.gist, &answer.gist))
    }

    /// Whether the answer, and answers here as a rule, say enough to be placed by their words.
    fn said_enough(&mut self, rules: &ExchangeRules) -> bool {
        let words = self.pending.back().map_or(0, |p| p.gist.terms.len());
        let usual = self.profiles.usual_words(words, rules);
        words >= rules.min_words && usual >= rules.usual_words
    }

    fn decide(&mut self, exchange: &Exchange, records: &mut Vec<CausalRecord>) -> Option<Placed> {
        let user = self.pending.iter().rev().nth(1)?;
        let (utterance, cycle, before) = (user.utterance, user.gist.cycle, user.was);
        let (started, was_at) = (user.starts, user.id);
        let boundary = user.boundary.get();
        let target = self.nearest_profile(exchange, before, boundary);
        let from_cycle = target.and_then(|id| self.last_cycle_before(id));
        let id = self.move_exchange(target, records)?;
        let event = match target {
            None if before.is_none() => UptakeEvent::Opening,
            None => UptakeEvent::Formed,
            Some(id) if Some(id) == before => UptakeEvent::Continued,
            Some(_) => UptakeEvent::Returned {
                from_cycle: from_cycle.unwrap_or(cycle),
            },
        };
        let starts = event.changes_subject();
        let kind = if starts {
            RevisionKind::DatedBack
        } else {
            RevisionKind::Withdrawn
        };
        let revision = (starts != started || (starts && id != was_at)).then_some(Revision {
            utterance,
            cycle,
            kind,
            score: Unit::clamped(boundary),
            attractor: id,
            instead_of: None,
        });
        Some(Placed {
            event: Some(event),
            revision,
        })
    }

    /// The attractor that an exchange is nearest to, if near enough.
    fn nearest_profile(
        &self,
        exchange: &Exchange,
        current: Option<AttractorId>,
        boundary: f64,
    ) -> Option<AttractorId> {
        self.profiles
            .nearness(exchange, current, boundary, &self.rules.exchange)
            .into_iter()
            .filter(|(near, id)| {
                *near >= self.rules.exchange.threshold && self.live.contains_key(id)
            })
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)))
            .map(|(_, id)| id)
    }

    /// The cycle in which an attractor was taken up last, this exchange apart.
    fn last_cycle_before(&self, id: AttractorId) -> Option<Cycle> {
        let here = self.pending.iter().rev().take(2).rev();
        let saved = here.filter(|p| p.id == id).find_map(|p| p.saved.as_ref());
        saved
            .map(crate::attractor::Content::last_cycle)
            .or_else(|| self.live.get(&id).map(|a| a.last_cycle))
    }

    /// Takes the exchange out and puts both its utterances to `target`, or to an attractor of their own.
    fn move_exchange(
        &mut self,
        target: Option<AttractorId>,
        records: &mut Vec<CausalRecord>,
    ) -> Option<AttractorId> {
        let answer = self.pending.back()?;
        let user = self.pending.iter().rev().nth(1)?;
        let own = user.starts && user.saved.is_none();
        let stands = match target {
            Some(id) => user.id == id && answer.id == id,
            None => own && answer.id == user.id,
        };
        if stands {
            return Some(user.id);
        }
        let (answer, formed_by_answer) = self.take_back()?;
        let (user, formed) = self.take_back()?;
        for id in [formed_by_answer, formed.filter(|_| target.is_some())]
            .into_iter()
            .flatten()
        {
            let change = Change::Withdrawn;
            let record = self
                .chain
                .record(self.now, answer.gist.at, id, user.was, change);
            records.push(record);
        }
        let aim = match (target, formed) {
            (Some(id), _) => Aim::To(id),
            (None, Some(id)) => Aim::Again(id),
            (None, None) => Aim::Form,
        };
        self.place(arrival(user), aim, records);
        self.place(arrival(answer), Aim::Onward, records);
        self.active
    }

    /// Takes the latest utterance out; with it goes the attractor that it had formed.
    fn take_back(&mut self) -> Option<(Pending, Option<AttractorId>)> {
        let mut last = self.pending.pop_back()?;
        let formed = match last.saved.take() {
            Some(content) => {
                if let Some(attractor) = self.live.get_mut(&last.id) {
                    attractor.restore(content);
                }
                None
            }
            None => self.live.remove(&last.id).map(|a| a.id),
        };
        self.active = last.was;
        Some((last, formed))
    }
}

fn arrival(pending: Pending) -> Arrival {
    Arrival {
        utterance: pending.utterance,
        speaker: pending.speaker,
        boundary: pending.boundary,
        gist: pending.gist,
    }
}
